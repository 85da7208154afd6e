"""A model that comes to no figure stops its customer, and is told where it was named (the tax at its own row)."""

from pathlib import Path

import pytest

from tests.small_book import ACCOUNTS, BOOK
from tests.workbooks import write_workbook
from xlbill.periods import Month
from xlbill.run import bill_month
from xlbill.workspace import Workspace

ORDERS = """
    | app | item | option | quantity | start | end |
    | a1 | im.free | | | 2026-03-01 | |
    | a1 | im.pro | | | 2026-04-11 | |
    | a1 | store | 30 | | 2026-04-11 | |
    | a1 | talk_30 | | | 2026-04-11 | |
    | a1 | check.standard | | | 2026-04-11 | |
    | a1 | store | 90 | | 2026-04-21 | |
    """
USAGE = """
    | app | date | meter | dimension | quantity |
    | a1 | 2026-04-12 | dau | | 15 |
    | a1 | 2026-04-12 | minutes | | 95 |
    | a1 | 2026-04-12 | images | porn | 44 |
    """
CONTRACTS = "| customer | item | discount % | start |\n| C1 | im.pro | 20% | 2026-01-01 |"
CHARGES = BOOK["Charges"].replace("| blocks | 10 | | 10 | 7 |", "| blocks | 10 | quota | 10 | 7 |")

FAILING = {  # in the formula of the model, a division by nothing for the figures of this month alone
    "fee": ("=ROUND(B2*H2,2)", "=ROUND(B2*H2/IF(H2=50,0,1),2)", "Subscriptions!B4"),
    "refund": ("=-ROUND(H3*L3/M3,2)", "=-ROUND(H3*L3/M3/IF(L3=20,0,1),2)", "Subscriptions!B4"),
    "blocks": ("=ROUND(X4*H4,2)", "=ROUND(X4*H4/IF(B4=95,0,1),2)", "Usage!E3"),
    "minimum": ("=ROUND(MAX(H6-K6,0),2)", "=ROUND(MAX(H6-K6,0)/IF(K6=3,0,1),2)", "Subscriptions!B6"),
    "quota": ("=ROUNDUP(N7*L7/M7,0)", "=ROUNDUP(N7*L7/M7,0)/IF(L7=20,0,1)", "Charges!C3"),
    "draw": ("=MIN(O8,MAX(B8-C8-P8,0))", "=MIN(O8,MAX(B8-C8-P8,0))/IF(B8=95,0,1)", "Packs!B2"),
    "trial": ("=MIN(B9,N9)", "=MIN(B9,N9)/IF(B9=44,0,1)", "Trials!D2"),
    "discount": ("=I10*(1-J10)", "=I10*(1-J10)/IF(J10=0.2,0,1)", "Contracts!C2"),
    "tax": ("=ROUND(Q11/(1+R11)*R11,2)", "=ROUND(Q11/(1+R11)*R11/IF(Q11=106,1,0),2)", "Formulas!A11"),
}


def told(root: Path, formulas: str) -> list[tuple[str, str]]:
    book = {**BOOK, "Formulas": formulas, "Charges": CHARGES}
    accounts = {**ACCOUNTS, "Subscriptions": ORDERS, "Contracts": CONTRACTS}
    write_workbook(root / "price_tables" / "small.xlsx", book)
    write_workbook(root / "accounts.xlsx", accounts)
    write_workbook(root / "usage" / "2026-04" / "usage.xlsx", {"Usage": USAGE})
    result, found = bill_month(Workspace(root), Month(2026, 4))
    assert result is not None
    assert [each.bill.customer.code for each in result.billed] == ([] if "IF(" in formulas else ["C1"])
    return [(p.code, f"{p.place.sheet}!{p.place.cell}") for p in found if p.severity == "error"]


@pytest.mark.parametrize("model", FAILING)
def test_a_failing_model_is_told_where_it_was_named(model: str, tmp_path: Path) -> None:
    sound, failing, place = FAILING[model]
    assert sound in BOOK["Formulas"]
    assert ("line-not-computed", place) in told(tmp_path, BOOK["Formulas"].replace(sound, failing))


def test_the_same_month_is_billed_where_no_model_fails(tmp_path: Path) -> None:
    assert told(tmp_path, BOOK["Formulas"]) == []
