"""The manual and the docstrings say what is so: docs/formulas.md lists the functions that there are."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from formula_cases import parsed, value_of

from xlbill import formula
from xlbill.formula import FUNCTIONS, VOLATILE, Compiled, Expr, as_excel_does, compiled, differs
from xlbill.formula.doubles import PLAIN_DOUBLES
from xlbill.formula.functions.formats import SUPPORTED, is_supported

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {name: (DOCS / name).read_text(encoding="utf-8") for name in ("formulas.md", "formulas.zh.md")}
both = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)


@both
def test_the_table_is_the_registry(page: str) -> None:
    table = page.partition("<!-- generated: functions -->")[2].partition("<!-- end -->")[0]
    assert re.findall(r"^\| `(.+?)` \|", table, re.MULTILINE) == [function.usage for function in FUNCTIONS.values()]


@both
def test_every_format_and_refused_function_is_named(page: str) -> None:
    assert all(f"`{name}`" in page for name in (*SUPPORTED, *VOLATILE))
    assert all(map(is_supported, SUPPORTED))


@both
def test_the_examples_come_out(page: str) -> None:
    examples = re.findall(r"^\| `=(.+?)` \| `(.+?)` \|", page, re.MULTILINE)
    assert len(examples) > 10
    for text, expected in examples:
        assert str(value_of(text.replace("\\|", "|"))).upper() == expected, text


@both
def test_the_figures_on_steps_come_out(page: str) -> None:
    """Exactly, in Excel's doubles and in plain ones; and written as the manual says, the same in all three."""
    rows = re.findall(r"^\| `=(.+?)` \| `(.+?)` \| `(.+?)` \| `(.+?)` \| `=(.+?)` \|$", page, re.MULTILINE)
    assert len(rows) > 5
    for text, *expected, mended in rows:
        for number, compute in zip(expected, (compiled, as_excel_does, uncorrected), strict=True):
            assert not differs(compute(parsed(text))(), Decimal(number)), text
            assert not differs(compute(parsed(mended))(), Decimal(expected[0])), mended


def uncorrected(expr: Expr) -> Compiled:
    return as_excel_does(expr, PLAIN_DOUBLES)


MODULES = [module.name for module in pkgutil.walk_packages(formula.__path__, "xlbill.formula.")]
COMMON = {name: getattr(formula, name) for name in formula.__all__}
COMMON |= {"date": date, "Decimal": Decimal, "Fraction": Fraction}


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_come_out(name: str) -> None:
    module = importlib.import_module(name)
    results = doctest.testmod(module, extraglobs=COMMON, optionflags=doctest.ELLIPSIS)
    assert results.failed == 0
