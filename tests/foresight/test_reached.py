"""Whom a change reaches: those who are not rated twice come to the same as when everybody is."""

import random
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from tests.cases import cases
from tests.small_book import BOOK, complete
from tests.test_example_month import EXAMPLES
from xlbill.accounts import Customer
from xlbill.book.load import book_in, load_book
from xlbill.book.objects import PriceBook
from xlbill.foresight.book_files import BookFile, book_files
from xlbill.foresight.impact import CustomerImpact, Weigher, weigher
from xlbill.foresight.price_cells import PriceCell, price_cells, with_cells
from xlbill.foresight.reached import reached
from xlbill.foresight.what_if import suppose
from xlbill.inputs import Inputs, load_inputs
from xlbill.periods import Month
from xlbill.workspace import SHIPPED, Workspace

MONTH, PLACE = Month(2026, 4), Workspace(EXAMPLES)


@cache
def inputs() -> Inputs:
    read, _ = load_inputs(PLACE, MONTH)
    assert read is not None
    return read


@cache
def file() -> BookFile:
    (read,), _ = book_files([SHIPPED / "price_tables" / "easemob-im-2026.xlsx"], PLACE)
    return read


def changed(*words: str) -> PriceBook:
    book, _, _ = suppose(file(), words)
    assert book is not None
    return book


def raised(cells: Sequence[PriceCell]) -> PriceBook:
    """The book with some of its figures a tenth higher."""
    figures = {cell.at: cell.value * 11 / 10 for cell in cells if cell.value is not None}
    book, _ = book_in(with_cells(file().workbook, figures), "")
    assert book is not None
    return book


def plainly(weigh: Weigher, customer: Customer) -> CustomerImpact:
    """Rated under both sets of books, whatever is known of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Weigher, "stays", lambda own, customer: False)
        patch.setattr(Weigher, "_repriced", lambda own, books, customer, bill: None)
        return weigh(customer)


def test_any_figures_of_the_book_changed_reach_nobody_unseen() -> None:
    """Of a plan, an extension, a quota, a coefficient, a pack: some or many of them."""
    cells = [cell for cell in price_cells(file().book, file().workbook) if cell.value]
    figures, stay = random.Random(14), 0
    for _ in range(cases(3, 400)):
        chosen = figures.sample(cells, figures.choice((1, 1, 1, 3)))
        weigh = weigher(inputs(), MONTH, raised(chosen))
        for customer in figures.sample(inputs().accounts.customers, 4):
            stays = weigh.stays(customer)
            stay += stays
            assert weigh(customer) == plainly(weigh, customer), (chosen, customer.code)
    assert stay


@pytest.mark.parametrize(
    ("words", "twice"),
    [
        (("im.pro.price=+8%",), {"C001", "C002", "C003", "C004", "C006", "C009", "C010"}),
        (("im.ultimate.price=+8%",), {"C004", "C006"}),
        (("rtc.premium.price=+8%",), {"C006"}),
    ],
)
def test_those_who_ordered_what_changes_are_rated_twice(words: tuple[str, ...], twice: set[str]) -> None:
    """C006 has a contract: what it names may be anything."""
    weigh = weigher(inputs(), MONTH, changed(*words))
    customers = inputs().accounts.customers
    assert {customer.code for customer in customers if not weigh.stays(customer)} == twice
    assert all(weigh(customer) == plainly(weigh, customer) for customer in customers)


def test_who_keeps_an_edition_is_not_rated_under_the_books_beside_it() -> None:
    book = changed("im.*.price=+8%")
    later = weigher(inputs(), MONTH, replace(book, edition=replace(book.edition, code="later")))
    stay = [customer for customer in inputs().accounts.customers if later.stays(customer)]
    assert len(stay) == 7 and all(later(customer) == plainly(later, customer) for customer in stay)


@pytest.mark.parametrize("everyone", [False, True])
def test_a_new_edition_with_other_fees_comes_to_what_rating_gives(everyone: bool) -> None:
    """Those of today's edition are repriced, as who keeps theirs is shown as if moved; others are rated."""
    book = changed("im.pro.price=+8%", "storage.*.price=-10%")
    later = replace(book, edition=replace(book.edition, code="later", effective=MONTH.plus(9).start))
    weigh = weigher(inputs(), MONTH, later, everyone=everyone)
    assert set(weigh.fees) == {"easemob-im-2026"}
    customers = inputs().accounts.customers
    assert all(weigh(customer) == plainly(weigh, customer) for customer in customers)
    bills = {customer: weigh._rate(customer, weigh.old).bill for customer in customers}
    repriced = [c.code for c, bill in bills.items() if bill is not None and weigh._repriced(weigh.moved, c, bill)]
    assert {"C001", "C002", "C009", "C010"} <= set(repriced) and not {"C004", "C005", "C006"} & set(repriced)


def small(path: Path, sheet: str = "", old: str = "", new: str = "") -> PriceBook:
    """The small book, with something else in a sheet."""
    rows = {**BOOK, sheet: BOOK[sheet].replace(old, new)} if sheet else BOOK
    assert not sheet or rows[sheet] != BOOK[sheet], old
    book, problems = load_book(complete(path, rows))
    assert book is not None and book.sound, problems
    return book


REACHED: tuple[tuple[str, str, str, set[str] | None], ...] = (
    ("", "", "", set()),  # another file
    ("Plans", "Free | 0 |", "Free | 1 |", None),  # the plan of those who order none
    ("Plans", "Pro | 100 |", "Pro | 108 |", {"im.pro"}),
    ("Plans", "minimum | 500 |", "minimum | 600 |", {"check.standard"}),
    ("Plans", "| im | pro | Pro |", "| im | pro | Professional |", None),  # orders may be worded so
    ("Charges", "| im | pro | dau | | blocks | 10 |", "| im | pro | dau | | blocks | 20 |", {"im.pro"}),
    ("Charges", "| im | free | dau | | blocks | 5 |", "| im | free | dau | | blocks | 6 |", None),
    ("Charges", "| talk | | minutes | | blocks | 20 |", "| talk | | minutes | | blocks | 30 |", None),  # of all plans
    ("Extensions", "| refund | 80 | 80 |", "| refund | 80 | 90 |", {"store.90"}),
    ("Packs", "| 30 | 5 | 12 |", "| 30 | 6 | 12 |", None),
    ("Meters", "| Users | peak |", "| Users | sum |", None),
    ("Coefficients", "| image | 1 |", "| image | 2 |", None),
    ("Trials", "| 20 | trial |", "| 30 | trial |", None),
    ("Book", "0.06", "0.07", None),
    ("Formulas", "=ROUND(B2*H2,2)", "=ROUND(B2*H2,1)", None),
)


@pytest.mark.parametrize(("sheet", "old", "new", "codes"), REACHED)
def test_what_must_be_ordered_for_a_change_to_be_seen(
    tmp_path: Path, sheet: str, old: str, new: str, codes: set[str] | None
) -> None:
    assert reached(small(tmp_path / "today.xlsx"), small(tmp_path / "new.xlsx", sheet, old, new)) == codes
