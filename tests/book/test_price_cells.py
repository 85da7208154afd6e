"""What a price cell may hold, and what becomes of it: a figure, a formula over names, a word, or a problem there."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.book.books import read, told
from tests.small_book import BOOK
from xlbill.book.objects import Offer, Parameter
from xlbill.formula import evaluate, write

# the price of im.pro as somebody types it, and the figure
FIGURES = {
    "0": "0",
    "1299": "1299",
    "1,299": "1299",
    "1,299.00": "1299",
    "１２９９": "1299",
    "1 299": "1299",
    "￥1299": "1299",
    "¥ 1,299.50": "1299.50",
    "0.004": "0.004",
    "=1000+299": "1299",
    "=ROUND(1299*0.9,0)": "1169",
}


@pytest.mark.parametrize("typed", FIGURES)
def test_a_figure_is_read_as_it_is_meant(tmp_path: Path, typed: str) -> None:
    book, found = read(tmp_path, {"Plans": ("| Pro | 100 |", f"| Pro | {typed} |")})
    (price,) = [plan.parameters["price"] for plan in book.plans if plan.code == "im.pro"]
    assert priced(price) == FIGURES[typed]
    assert book.sound and not told(found)


def priced(parameter: Parameter) -> str:
    """The figure, or what the formula comes to."""
    if parameter.formula is not None:
        return str(evaluate(parameter.formula, lambda node: None))
    return str(parameter.value)


# what stands in the price of a usage charge, and which problem is told at its cell (None: it is a price)
CELLS = {
    "7": None,
    "dau.units * 2": None,
    "IF(dau.quantity>100,1,2)": None,
    "-7": "negative-figure",
    "一千三": "not-a-figure",
    "seven": "not-a-figure",
    "7 yuan or so": "not-a-figure",
    "dau.unit * 2": "unknown-name",
    "dua.units * 2": "unknown-name",
    "SUM(": "not-a-figure",
    "1E+30": "number-out-of-range",
}


@pytest.mark.parametrize("typed", CELLS)
def test_what_is_no_price_is_told_at_its_cell(tmp_path: Path, typed: str) -> None:
    _, found = read(tmp_path, {"Charges": ("| blocks | 20 | | 10 | 2 |", f"| blocks | 20 | | 10 | {typed} |")})
    assert told(found) == ([(CELLS[typed], "Charges!I5")] if CELLS[typed] else [])


OFFERS = {
    "50": Decimal(50),
    "—": Offer.NOT_SOLD,
    "-": Offer.NOT_SOLD,
    "不提供": Offer.NOT_SOLD,
    "已包含": Offer.INCLUDED,
    "Included": Offer.INCLUDED,
}


@pytest.mark.parametrize("typed", OFFERS)
def test_an_extension_has_a_price_under_each_plan_or_a_word(tmp_path: Path, typed: str) -> None:
    book, found = read(tmp_path, {"Extensions": ("| refund | — | 50 |", f"| refund | — | {typed} |")})
    (price,) = [e.prices["im.pro"] for e in book.extensions if e.option == "30"]
    assert (price.value if isinstance(price, Parameter) else price) == OFFERS[typed]
    assert [code for code, _ in told(found)] == ([] if isinstance(price, Parameter) else ["extension-never-sold"])


def test_a_price_over_names_keeps_its_formula_and_its_cell(tmp_path: Path) -> None:
    book, _ = read(tmp_path, {"Charges": ("| blocks | 20 | | 10 | 2 |", "| blocks | 20 | | 10 | dau.units*2 |")})
    (price,) = [charge.parameters["price"] for charge in book.charges if charge.item == "minutes"]
    assert price.formula is not None and write(price.formula) == "dau.units*2"
    assert str(price.place) == "small.xlsx › Charges!I5"


@pytest.mark.parametrize(("model", "lacking"), [("fee", "price"), ("refund", "price, days, of_days")])
def test_a_record_model_takes_nothing_that_the_meter_s_row_does_not_give(
    tmp_path: Path, model: str, lacking: str
) -> None:
    """A usage price may leave its price to a contract, and has days; a record has neither, and would cost nothing."""
    meters = f"| meter | name | month | record model |\n| dau | Users | peak | |\n| minutes | Minutes | sum | {model} |"
    more = "\n| images | Images | sum | |\n| words | Words | sum | |"
    _, found = read(tmp_path, {"Meters": (BOOK["Meters"], meters + more)})
    assert told(found) == [("parameter-blank", "Meters!D3")]
    (blank,) = [dict(problem.facts)["blank"] for problem in found if problem.code == "parameter-blank"]
    assert blank == lacking
