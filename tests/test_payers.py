"""A month in which one customer pays for others: who gets a bill, whose balances they are, and where they go."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest

from tests.examples.run import examples, workspace
from xlbill.accounts import load_accounts
from xlbill.balances import Balance, BalanceKind, at_home, read_balances
from xlbill.issuing.paying import names_in
from xlbill.periods import Month
from xlbill.rating.bill import LineKind
from xlbill.register.columns import KINDS
from xlbill.review import REASONS
from xlbill.run import bill_month
from xlbill.unattributed import Named
from xlbill.workspace import Workspace

APRIL = Month(2026, 4)
PARENT = next(e for e in examples() if e.title.startswith("A parent pays"))


@pytest.fixture(scope="module")
def billed(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    place = workspace(PARENT, tmp_path_factory.mktemp("parent"))
    for month in (APRIL.plus(-1), APRIL):
        _, found = bill_month(place, month)
        assert [p.code for p in found if p.severity == "error"] == []
    return place


def test_every_kind_of_line_stands_in_the_register_and_has_a_reason_to_move() -> None:
    assert set(get_args(LineKind)) == set(KINDS) == set(REASONS)


def test_who_is_paid_for_has_no_bill_and_no_balances_of_its_own(billed: Workspace) -> None:
    folder = billed.invoices(APRIL)
    assert {file.name for file in folder.glob("*-2026-04.xlsx")} == {"P-2026-04.xlsx", "X-2026-04.xlsx"}
    assert (folder / "register.xlsx").exists()
    balances, _ = read_balances(billed.balances(APRIL))
    assert {(b.customer, b.app, b.of) for b in balances.values()} == {
        *(("P", "", "images"), ("P", "S1", "images"), ("P", "S2", "images"), ("P", "s2-app", "pack_1000")),
        ("X", "", "images"),
    }


def test_its_own_bill_cannot_be_asked_for(billed: Workspace) -> None:
    result, found = bill_month(billed, APRIL, ["S1"])
    assert result is None
    assert [p.code for p in found if p.severity == "error"] == ["customer-paid-for"]


def test_an_unusable_row_of_one_who_is_paid_for_stops_the_payer(tmp_path: Path) -> None:
    rows = PARENT.sheets["Subscriptions"].replace("| s2-app | pack_1000 |", "| s2-app | pack_9 |")
    usage = PARENT.sheets["Usage"].replace("| 600 |", "| -5 |")
    for sheets in ({"Subscriptions": rows}, {"Usage": usage}):
        example = type(PARENT)(PARENT.file, PARENT.title, PARENT.book, PARENT.sheets | sheets, PARENT.expected)
        place = workspace(example, tmp_path / next(iter(sheets)))
        result, _ = bill_month(place, APRIL.plus(-1))
        assert result is not None
        assert result.left_out == ("P",)


def balance(customer: str, app: str, kind: BalanceKind, closing: int) -> Balance:
    expires = None if kind == "credit" else date(2026, 12, 31)
    return Balance(customer, app, kind, "x", date(2026, 1, 1), expires, Decimal(0), Decimal(-closing), Decimal(closing))


OWNERS = {"p-app": "P", "s-app": "S"}
APART = [balance("S", "s-app", "pack", 5), balance("S", "", "year", 7), balance("S", "", "credit", 2)]
TOGETHER = [balance("P", "s-app", "pack", 5), balance("P", "S", "year", 7), balance("P", "", "credit", 2)]
OWN = [balance("P", "p-app", "pack", 3), balance("P", "", "year", 4)]


def moved(balances: list[Balance], payers: dict[str, str]) -> list[Balance]:
    return list(at_home({b.key: b for b in balances}, OWNERS, payers).values())


def test_balances_go_with_their_apps_to_the_bill_on_which_these_stand() -> None:
    assert moved([*OWN, *APART], {}) == [*OWN, *APART]
    assert moved([*OWN, *APART], {"S": "P"}) == [*OWN, *TOGETHER]
    assert moved([*OWN, *TOGETHER], {"S": "P"}) == [*OWN, *TOGETHER]
    assert moved([*OWN, *TOGETHER[:2]], {}) == [*OWN, *APART[:2]]


def test_credit_of_both_is_one_holding() -> None:
    both = [balance("P", "", "credit", 1), balance("S", "", "credit", 2)]
    assert moved(both, {"S": "P"}) == [balance("P", "", "credit", 3)]


def test_money_that_one_who_is_paid_for_sends_is_the_payer_s(billed: Workspace) -> None:
    accounts, _ = load_accounts(billed.accounts)
    assert names_in(accounts) == {"P": ["Parent", "", "Daughter", "", "S1", "Son", "", "S2"], "X": ["Stranger", ""]}


def test_usage_that_names_one_who_is_paid_for_is_on_the_payer_s_bill(billed: Workspace) -> None:
    accounts, _ = load_accounts(billed.accounts)
    assert accounts is not None
    named = Named.of(accounts)
    assert named.in_texts(["usage-S1-april"]) == named.in_texts(["s2-app"]) == {"P"}
    assert named.in_texts(["X.xlsx"]) == {"X"}


def test_the_accounts_know_who_is_billed(billed: Workspace) -> None:
    accounts, found = load_accounts(billed.accounts)
    assert accounts is not None and not found.errors
    assert [customer.code for customer in accounts.debtors] == ["P", "X"]
    assert accounts.owners()["s1-app"] == {"P"}
