"""A row of the Formulas sheet is a pricing model and its own worked example."""

from pathlib import Path

import pytest

from tests.book.books import read, told
from xlbill.formula import write


def test_references_become_the_names_of_their_columns(tmp_path: Path) -> None:
    book, _ = read(tmp_path, {})
    blocks = book.models["blocks"]
    assert [(name, write(formula)) for name, formula in blocks.formulas] == [
        ("billable", "MAX(quantity-included-drawn,0)"),
        ("units", "ROUNDUP(billable/block,0)"),
        ("amount", "ROUND(units*price,2)"),
    ]
    assert blocks.inputs == ("quantity", "included", "drawn", "block", "price")
    assert blocks.outputs == ("billable", "units", "amount")


def test_formulas_stand_in_the_order_of_their_dependence(tmp_path: Path) -> None:
    """The tax model takes its net from a tax that stands to the right of it."""
    book, _ = read(tmp_path, {})
    assert [name for name, _ in book.models["tax"].formulas] == ["tax", "gross", "net"]


FEE = "=ROUND(B2*H2,2)"
# the formula of the model `fee` as it was changed, and what is told at its cell Y2
FORMULAS = {
    "=ROUND(B2*H2,0)": None,
    "=ROUND(SUM(B2)*H2,2)": None,
    "=ROUND(B3*H2,2)": "formula-outside-row",
    "=ROUND(B2*$H$2,2)": None,
    "=ROUND(B2*Plans!D2,2)": "formula-outside-row",
    "=ROUND(B2*H2": "formula-syntax",
    "=ROUNDED(B2*H2,2)": "formula-unknown-function",
    "=INDIRECT(B2)": "formula-volatile-function",
    "=ROUND(B2*H2)": "formula-arity",
    "=ROUND（B2*H2,2）": "formula-full-width",
    "=Y2+1": "formula-circular",
    "=ROUND(B2/0,2)": "example-error",
    "100": "result-not-formula",
}


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_model_that_cannot_be_used_is_told_at_its_formula(tmp_path: Path, formula: str) -> None:
    book, found = read(tmp_path, {"Formulas": (FEE, formula)})
    expected = FORMULAS[formula]
    at_fee = [code for code, cell in told(found) if cell.startswith("Formulas!") and cell.endswith("2")]
    assert at_fee == ([expected] if expected else [])
    assert book.sound == (expected is None)
