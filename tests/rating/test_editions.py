"""Prices change while terms run: each line is billed, and refunded, by the edition of its own day."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.examples.run import check_invoice
from tests.small_book import ACCOUNTS, BOOK
from tests.workbooks import write_workbook
from xlbill.inputs import load_inputs
from xlbill.periods import Month
from xlbill.rating.bill import Bill
from xlbill.rating.rate import rate
from xlbill.workspace import Workspace


def edition(code: str, since: str, price: str, tax: str = "0.06") -> dict[str, str]:
    """The small book with another price of its plan, in force from a day on for everybody."""
    settings = BOOK["Book"].replace("| code | small |", f"| code | {code} |").replace("2026-01-01", since)
    settings = settings.replace("new subscribers", "all").replace("| tax rate | 0.06 |", f"| tax rate | {tax} |")
    return {**BOOK, "Book": settings, "Plans": BOOK["Plans"].replace("| Pro | 100 |", f"| Pro | {price} |")}


def april(root: Path, orders: str, *editions: dict[str, str]) -> Bill:
    """The customer's bill of April 2026."""
    for number, book in enumerate(editions):
        write_workbook(root / "price_tables" / f"{number}.xlsx", book)
    orders = f"| app | item | option | quantity | start | end |\n{orders}"
    write_workbook(root / "accounts.xlsx", {**ACCOUNTS, "Subscriptions": orders})
    (root / "usage" / "2026-04").mkdir(parents=True)
    inputs, _ = load_inputs(Workspace(root), Month(2026, 4))
    assert inputs is not None
    (customer,) = inputs.accounts.customers
    outcome = rate(customer, inputs.accounts, inputs.books, inputs.usage, inputs.balances, Month(2026, 4))
    assert outcome.bill is not None, outcome.problems
    check_invoice(outcome.bill, root)
    return outcome.bill


OLD, NEW = edition("old", "2026-01-01", "310"), edition("new", "2026-04-01", "400")
UPGRADE = "| a1 | im.pro | | | 2026-03-20 | |\n| a1 | im.free | | | 2026-04-10 | |"


def test_a_refund_is_of_what_was_billed_then(tmp_path: Path) -> None:
    """310.00 were billed on 20 March; ten of its 31 days are left on 10 April, whatever the plan costs now."""
    bill = april(tmp_path, UPGRADE, OLD, NEW)
    (refund,) = [line for line in bill.lines if line.kind == "refund"]
    assert refund.amount.number == Decimal("-100.00")
    assert refund.edition == "old"


def test_a_term_that_begins_under_the_new_edition_costs_and_returns_its_price(tmp_path: Path) -> None:
    orders = "| a1 | im.pro | | | 2026-03-05 | |\n| a1 | im.free | | | 2026-04-20 | |"
    bill = april(tmp_path, orders, OLD, NEW)
    amounts = [(line.kind, line.edition, line.amount.number) for line in bill.lines if line.amount.number]
    assert amounts == [("fee", "new", Decimal(400)), ("refund", "new", Decimal("-200.00"))]


def test_each_line_is_taxed_as_its_own_edition_says(tmp_path: Path) -> None:
    bill = april(tmp_path, UPGRADE, OLD, edition("new", "2026-04-01", "400", tax="0.09"))
    taxes = {tax.rate.number: tax.gross.number for tax in bill.taxes}
    assert taxes == {Decimal("0.06"): Decimal(-100), Decimal("0.09"): Decimal(0)}


@pytest.mark.parametrize("codes", [("old", "new")])
def test_the_bill_names_both_editions(tmp_path: Path, codes: tuple[str, ...]) -> None:
    assert {edition.code for edition in april(tmp_path, UPGRADE, OLD, NEW).editions} == set(codes)
