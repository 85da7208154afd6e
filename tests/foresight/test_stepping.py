"""Models stepped through: the figures of the model's own row, then those that are given."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from tests.foresight.documents import BOOKS
from tests.foresight.live import stale
from xlbill.book.load import load_book
from xlbill.cli import main
from xlbill.commands.trying import bars
from xlbill.foresight.stepping import ModelStep, curve, steps_of
from xlbill.problems import Problems

BOOK, _ = load_book(BOOKS[-1])
assert BOOK is not None
BLOCKS = BOOK.models["blocks_up"]


def computed(**given: str) -> dict[str, str]:
    steps = steps_of(BLOCKS, {name: Decimal(value) for name, value in given.items()}, Problems())
    return {step.name: step.exact for step in steps if step.formula is not None}


def test_each_column_follows_from_those_before() -> None:
    assert computed() == {"billable": "5000", "units": "1", "amount": "1000"}
    assert computed(quantity="35000", price="900.5") == {"billable": "25000", "units": "3", "amount": "2701.5"}


def test_a_value_is_shown_with_all_digits_and_as_excel_holds_it() -> None:
    third = ModelStep("units", Fraction(1, 3))
    assert (third.exact, third.excel) == ("0.3333333333333333333333333333", "0.333333333333333")
    assert ModelStep("price", Decimal("0.1")).excel == "0.1"


def test_a_curve_steps_where_a_block_begins() -> None:
    points = tuple(Decimal(n) for n in (10_000, 10_001, 20_000, 20_001))
    drawn = list(curve(BLOCKS, {}, "quantity", points, Problems()))
    assert [value for _, value in drawn] == [0, 1000, 1000, 2000]
    assert [line.count("█") for line in bars(list(drawn))] == [0, 20, 20, 40]


def test_a_name_that_the_model_does_not_take_is_told_with_the_nearest() -> None:
    found = Problems()
    assert not list(curve(BLOCKS, {}, "quantiy", (Decimal(1),), found))
    assert [dict(p.facts)["nearest"] for p in found] == ["quantity"]


def test_the_workbook_computes_each_point_by_the_model_and_draws_it(tmp_path: Path) -> None:
    words = ["try", "blocks_up", "price=900.5", "--curve", "quantity=0:50000:5000", "-o", str(tmp_path / "c.xlsx")]
    assert CliRunner().invoke(main, [*words, "--lang", "en"]).exit_code == 0
    (live,) = openpyxl.load_workbook(tmp_path / "c.xlsx").worksheets
    shown = openpyxl.load_workbook(tmp_path / "c.xlsx", data_only=True).worksheets[0]
    headings = [cell.value.split("\n")[-1] for cell in live[4]]
    assert headings == ["quantity", "included", "drawn", "block", "price", "billable", "units", "amount"]
    assert [cell.value for cell in live[9]][5:] == ["=MAX(A9-B9-C9,0)", "=ROUNDUP(F9/D9,0)", "=ROUND(G9*E9,2)"]
    points = tuple(Decimal(n) for n in range(0, 50_001, 5_000))
    by_model = [value for _, value in curve(BLOCKS, {"price": Decimal("900.5")}, "quantity", points, Problems())]
    assert [Decimal(str(row[7])) for row in shown.iter_rows(min_row=5, values_only=True)] == by_model
    assert len(live._charts) == 1 and stale(tmp_path / "c.xlsx") == {}


def test_without_a_range_the_workbook_has_the_steps_alone(tmp_path: Path) -> None:
    path = str(tmp_path / "s.xlsx")
    assert CliRunner().invoke(main, ["try", "blocks_up", "quantity=35000", "-o", path]).exit_code == 0
    (sheet,) = openpyxl.load_workbook(path, data_only=True).worksheets
    (row,) = sheet.iter_rows(min_row=5, values_only=True)
    assert (row[0], row[-1], len(sheet._charts)) == (35_000, 3_000, 0)


@pytest.mark.parametrize(
    "words",
    [
        ["try", "blocks_up", "-o"],
        ["quote", "im.pro", "-o"],
        ["impact", "--period", "2026-04", "--what-if", "im.pro.price=1", "-o"],
        ["diff", __file__, __file__, "-o"],
        ["check", "--results"],
    ],
    ids=lambda words: words[0],
)
def test_a_workbook_is_written_under_the_name_of_one(words: list[str]) -> None:
    """A program opens a file by its name: an answer called .pdf would be opened by nothing."""
    refused = CliRunner().invoke(main, [*words, "answer.pdf", "--lang", "en"])
    assert refused.exit_code == 2 and "let its name end in .xlsx" in refused.output
