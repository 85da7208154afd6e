"""Headings and sheets that are nearly known ones: told, unless they say of themselves that they are notes.

Each case is a slip that was made: what is changed in sound accounts or in a sound price book, and what is told.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.small_book import ACCOUNTS, BOOK
from tests.workbooks import write_workbook
from xlbill.accounts import load_accounts
from xlbill.book.load import load_book
from xlbill.problems import Problem
from xlbill.sheets.strangers import is_note

Change = tuple[str, str, str]
"""A sheet's title, what stands in it, and what is written instead; a title alone is renamed."""

ORDERS = "| app | item | quantity | start | end |\n| a1 | im.pro | 3 | 2026-03-20 | 2026-06-20 |"
AGREED = "| customer | item | price | included | start | to |\n| C1 | im.pro | 90 | 20 | 2026-01-01 | 2026-12-31 |"
GIVEN = "| customer | date | text | amount |\n| C1 | 2026-04-02 | goodwill | -10 |"
SOUND = {**ACCOUNTS, "Subscriptions": ORDERS, "Contracts": AGREED, "Adjustments": GIVEN}

ACCOUNT_SLIPS: dict[str, tuple[Change, set[tuple[str, str]]]] = {
    "the number of things under another word": (
        ("Subscriptions", "quantity", "份数"), {("column-unknown-near", "C1")}),
    "the end under another word": (("Subscriptions", "end", "结束日期"), {("column-unknown-near", "E1")}),
    "figures under a word that is like none": (("Subscriptions", "quantity", "licences"), {("column-unknown", "C1")}),
    "a contract's quota": (("Contracts", "included", "赠送"), {("column-unknown", "D1")}),
    "a contract's last day": (("Contracts", "| to |", "| 到期 |"), {("column-unknown-near", "F1")}),
    "a heading that was deleted": (("Subscriptions", "| quantity |", "| |"), {("column-without-heading", "C2")}),
    "an app's region given with its order": (
        ("Subscriptions", ORDERS, ORDERS.replace("end |", "end | region |").replace("06-20 |", "06-20 | cn |")),
        {("column-elsewhere", "F1")}),
    "half a heading": (("Contracts", "| price |", "| 旧价 price |"), {("column-unknown-near", "C1")}),
    "a sheet that says more than its name": (("Contracts", "", "合同台账"), {("sheet-renamed", "")}),
    "a sheet known by its headings alone": (("Adjustments", "", "2026 Q2"), {("sheet-renamed", "")}),
    "contracts of last year beside": (("合同2025", AGREED, ""), {("sheet-besides", "")}),
    "two sheets for one thing": (("合同", AGREED, ""), {("sheet-ambiguous", "")}),
    "our own word for adjustments is one": (("Adjustments", "", "调账"), set()),
    "a note by its mark": (("Subscriptions", "| quantity |", "| # seats last year |"), set()),
    "a note by its word": (("Subscriptions", "| quantity |", "| 备注（席位） |"), set()),
    "a marked note that ends in a known word is not that column": (
        ("Subscriptions", "| quantity |", "| # quantity |"), set()),
    "a note by where it stands and what it holds": (
        ("Subscriptions", ORDERS, ORDERS.replace("end |", "end | sold by |").replace("06-20 |", "06-20 | Ms Wu |")),
        set()),
    "text among the known columns": (
        ("Subscriptions", ORDERS, ORDERS.replace("| app", "| sold by | app").replace("| a1", "| Ms Wu | a1")),
        {("column-unknown", "A1")}),
    "a known code to the right": (
        ("Subscriptions", ORDERS, ORDERS.replace("end |", "end | paid by |").replace("06-20 |", "06-20 | C1 |")),
        {("column-unknown", "F1")}),
    "a sheet of notes": (("说明 read me", AGREED, ""), set()),
    "a sheet that is like none": (("Phone numbers", "| who | phone |\n| Ms Wu | 123 |", ""), set()),
    "what is listed as our own": (("Seller", "| item | Chinese |\n| 自有列 | 份数、合同台账 |", ""), set()),
}  # fmt: skip


def changed(sheets: Mapping[str, str], change: Change) -> dict[str, str]:
    title, old, new = change
    if title not in sheets:
        return {**sheets, title: old}
    if not old:
        return {new if name == title else name: rows for name, rows in sheets.items()}
    assert sheets[title].count(old) == 1
    return {**sheets, title: sheets[title].replace(old, new)}


def errors(found: list[Problem]) -> set[tuple[str, str]]:
    return {(p.code, p.place.cell or "") for p in found if p.severity == "error"}


@pytest.mark.parametrize(("change", "told"), ACCOUNT_SLIPS.values(), ids=ACCOUNT_SLIPS)
def test_accounts(tmp_path: Path, change: Change, told: set[tuple[str, str]]) -> None:
    accounts, found = load_accounts(write_workbook(tmp_path / "accounts.xlsx", changed(SOUND, change)))
    assert errors(list(found)) == told
    assert accounts is not None
    assert found.stopped(accounts.owners()) == ({"C1"} if told else set())


def test_what_is_listed_as_our_own_may_hold_anything(tmp_path: Path) -> None:
    sheets = {**SOUND, "Seller": "| item | Chinese |\n| 自有列 | 份数、合同台账 |", "合同台账": AGREED}
    sheets["Subscriptions"] = ORDERS.replace("quantity", "份数")
    assert errors(list(load_accounts(write_workbook(tmp_path / "accounts.xlsx", sheets))[1])) == set()


def test_a_column_is_about_those_who_have_something_in_it(tmp_path: Path) -> None:
    sheets = {
        "Customers": "| code | name |\n| C1 | One |\n| C2 | Two |",
        "Apps": "| app | customer | region |\n| a1 | C1 | cn |\n| a2 | C2 | cn |",
        "Subscriptions": "| app | item | start | 份数 |\n| a1 | im.pro | 2026-03-20 | 3 |"
        "\n| a2 | im.pro | 2026-03-20 | |",
    }
    accounts, found = load_accounts(write_workbook(tmp_path / "accounts.xlsx", sheets))
    assert accounts is not None
    assert found.stopped(accounts.owners()) == {"C1"}


BOOK_SLIPS: dict[str, tuple[Change, set[str]]] = {
    "a quota under another word": (("Charges", "| included |", "| 赠送量 |"), {"column-unknown"}),
    "a refund's model": (("Plans", "| default | refund |", "| default | 退订规则 |"), {"column-unknown"}),
    "a refund's model, misspelt": (
        ("Plans", "| default | refund |", "| default | 退款模形 |"), {"column-unknown-near"}),
    "how a meter is pooled": (("Meters", "| pooled by |", "| pool |"), {"column-unknown-near"}),
    "another sheet's column": (
        ("Extensions", "| refund | free |", "| role | free |"), {"column-elsewhere"}),
    "a model's input given in a sheet whose model takes none": (
        ("Trials", "| quota | model |", "| quota | block |"), {"column-missing"}),
    "a plan that is not sold": (("Extensions", "| free | pro |", "| free | prp |"), {"column-unknown"}),
    "plans and more in one sheet": (("Plans", "", "Plans & fees"), {"sheet-renamed"}),
    "trials under another name, known by their headings": (("Trials", "", "Freebies"), {"sheet-renamed"}),
    "a note of finance's own": (("Charges", "| included by days |", "| # cost |"), set()),
}  # fmt: skip


@pytest.mark.parametrize(("change", "told"), BOOK_SLIPS.values(), ids=BOOK_SLIPS)
def test_books(tmp_path: Path, change: Change, told: set[str]) -> None:
    path = write_workbook(tmp_path / "book.xlsx", changed(BOOK, change))
    codes = {code for code, _ in errors(list(load_book(path)[1])) if code.startswith(("column-", "sheet-"))}
    assert codes == told


NOTES = {
    "备注": True, "备注 remarks": True, "说明 Read me": True, "# price": True, "notes on price": True,
    "来源 source": True,     "source unit": False, "price": False, "notebook": False, "价格说明": False,
}  # fmt: skip


@pytest.mark.parametrize(("heading", "note"), NOTES.items())
def test_marks_of_notes(heading: str, note: bool) -> None:
    assert is_note(heading) == note
