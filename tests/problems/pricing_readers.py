"""Readers for the problems of price books, accounts, rating and runs: a culprit's sheets in place of a sound book's."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.invoice.culprits import read_template
from tests.invoice.own_field import with_field, with_row
from tests.problems.readers import Reader
from tests.small_book import ACCOUNTS, BOOK, complete
from tests.workbooks import store, write_workbook
from xlbill.accounts import load_accounts
from xlbill.book.load import load_book
from xlbill.check import check
from xlbill.periods import Month
from xlbill.problems import Problem, Problems
from xlbill.processes import Lost
from xlbill.rating.worked import check_cases
from xlbill.run import bill_month
from xlbill.usage import Usage, read_usage
from xlbill.workspace import SHIPPED, Workspace

APRIL = Month(2026, 4)


def read_book(files: list[Path]) -> list[Problem]:
    """A price book: the culprit's sheets, the rest from the small sound one."""
    path = complete(files[0], BOOK)
    book, found = load_book(path, "workbook.xlsx")
    return [p for p in (*found, *(check_cases(book) if book and book.sound else ())) if p.code != NOT_CALCULATED]


NOT_CALCULATED = "example-not-calculated"  # no culprit's formulas were ever calculated


def read_uncalculated_book(files: list[Path]) -> list[Problem]:
    """A price book as a program that does not calculate saves it."""
    return load_book(complete(files[0], BOOK), "workbook.xlsx")[1]


def read_accounts(files: list[Path]) -> list[Problem]:
    """Accounts: the culprit's sheets, the rest from the small sound ones."""
    return load_accounts(complete(files[0], ACCOUNTS), "accounts.xlsx")[1]


def read_month(files: list[Path]) -> list[Problem]:
    """A workspace: the culprit's sheets go into the price book, the accounts or the usage, and April is billed."""
    return _billed(_workspace(files))


def _workspace(files: list[Path], root: Path | None = None) -> Workspace:
    culprit = files[0] if files else None
    root = root or (culprit.parent / "workspace" if culprit else Path())
    sheets = {"price_tables/small.xlsx": BOOK, "accounts.xlsx": ACCOUNTS, "usage/2026-04/usage.xlsx": USAGE}
    for name, base in sheets.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if culprit is not None:
            shutil.copyfile(culprit, path)
        complete(path, base, (*base, *OPTIONAL.get(name.partition("/")[0], ())))
    return Workspace(root)


OPTIONAL = {
    "price_tables": ("Time bands", "Holidays", "Rates", "Taxes"),
    "accounts.xlsx": ("Contract charges",),
}
"""Sheets that a price book and accounts may have, and the small ones have not."""

USAGE = {"Usage": "| app | date | meter | dimension | quantity |"}


def _billed(workspace: Workspace, *customers: str) -> list[Problem]:
    _, found = bill_month(workspace, APRIL, customers)
    return [p for p in found if p.code != NOT_CALCULATED]


def _in_folder(work: Callable[[Path], list[Problem]]) -> Reader:
    """A reader for what is wrong with a workspace and not with a sheet; its culprit is one empty cell."""
    return lambda files: work(files[0].parent / "workspace")


def _without_books(root: Path) -> list[Problem]:
    workspace = _workspace([], root)
    (root / "price_tables" / "small.xlsx").unlink()
    return _billed(workspace)


def _without_usage(root: Path) -> list[Problem]:
    workspace = _workspace([], root)
    shutil.rmtree(root / "usage")
    return _billed(workspace)


def _without_accounts(root: Path) -> list[Problem]:
    root.mkdir()
    (root / "usage.csv").write_text("app,date,meter,quantity\n", encoding="utf-8")
    found = check([root / "usage.csv"], Workspace(root, SHIPPED / "price_tables"), APRIL).problems
    return [p for p in found if p.code == "no-accounts"]


def _accounts_as_xls(root: Path) -> list[Problem]:
    """The accounts of a month saved in the older format."""
    workspace = _workspace([], root)
    workspace.accounts.rename(root / "accounts.xls")
    return _billed(workspace)


def _elsewhere(root: Path) -> list[Problem]:
    """A month billed in a folder that is no workspace."""
    root.mkdir()
    return _billed(Workspace(root))


def _half_the_accounts(root: Path) -> list[Problem]:
    """Usage checked beside an accounts workbook that lacks its apps."""
    root.mkdir()
    (root / "usage.csv").write_text("app,date,meter,quantity\n", encoding="utf-8")
    write_workbook(root / "accounts.xlsx", {"Customers": ACCOUNTS["Customers"]})
    found = check([root], Workspace(root, SHIPPED / "price_tables"), APRIL).problems
    return [p for p in found if p.place.file == "accounts.xlsx"]


def _editions(root: Path) -> list[Problem]:
    workspace = _workspace([], root)
    shutil.copyfile(root / "price_tables" / "small.xlsx", root / "price_tables" / "twin.xlsx")
    return _billed(workspace)


def _balances(text: str | bytes) -> Reader:
    def read(root: Path) -> list[Problem]:
        workspace = _workspace([], root)
        path = root / "invoices" / "2026-03" / "balances-2026-03.csv"
        path.parent.mkdir(parents=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return _billed(workspace)

    return _in_folder(read)


_HEAD = "customer,app,kind,of,since,expires,opening,drawn,closing\n"
_ROW = "C1,a1,pack,talk_30,2026-03-01,2027-03-31,30,10,20\n"


def _currencies(root: Path) -> list[Problem]:
    """A customer with an app in each of two regions, whose books count in different money."""
    return _two_regions(root, BOOK, "USD")


def _customer_charges(root: Path) -> list[Problem]:
    """A customer with an app in each of two regions, whose books of one day both have charges of the customer."""
    charges = BOOK["Charges"].replace("| pay |", "| pay | item | charged by |")
    care = "| im | | | | minimum | | | | 0 | postpaid | care | customer |\n"
    return _two_regions(root, {**BOOK, "Charges": charges.rstrip(" ") + care}, "CNY")


def _payer_currency(root: Path) -> list[Problem]:
    """A customer that is paid for by one in another region, whose book counts in other money."""
    return _two_regions(root, BOOK, "USD", paid_for=True)


PAID_FOR = "| code | name | payer |\n| C1 | One | |\n| C2 | Two | C1 |"


def _paid_for(root: Path) -> list[Problem]:
    """The bill of a customer that is paid for by another one is asked for by itself."""
    workspace = _workspace([], root)
    write_workbook(root / "accounts.xlsx", {**ACCOUNTS, "Customers": PAID_FOR})
    return _billed(workspace, "C2")


def _two_regions(root: Path, book: Mapping[str, str], currency: str, *, paid_for: bool = False) -> list[Problem]:
    apps = "| app | customer | region |\n| a1 | C1 | cn |\n| a2 | C1 | us |"
    customers = ACCOUNTS["Customers"]
    if paid_for:
        apps, customers = apps.replace("| a2 | C1 |", "| a2 | C2 |"), PAID_FOR
    orders = "| app | item | start |\n| a1 | im.pro | 2026-03-20 |\n| a2 | im.pro | 2026-03-20 |"
    workspace = _workspace([], root)
    write_workbook(root / "accounts.xlsx", {**ACCOUNTS, "Customers": customers, "Apps": apps, "Subscriptions": orders})
    settings = book["Book"].replace("| small |", "| other |").replace("CNY", currency).replace("| cn |", "| us |")
    write_workbook(root / "price_tables" / "small.xlsx", book)
    write_workbook(root / "price_tables" / "other.xlsx", {**book, "Book": settings})
    return _billed(workspace)


def read_stale_book(files: list[Path]) -> list[Problem]:
    """A book whose stored results are not what its formulas give: a model's example, and a price of finance's own."""
    path = complete(files[0], BOOK)
    workbook = openpyxl.load_workbook(path)
    workbook["Plans"]["D3"] = "=D2+100"
    workbook.save(path)
    store(path, "Formulas", "Y2", "99")
    store(path, "Plans", "D3", "98")
    return [p for p in load_book(path, "workbook.xlsx")[1] if p.code != NOT_CALCULATED]


def read_sheetless_book(files: list[Path]) -> list[Problem]:
    """A workbook that has nothing of a book but the culprit's sheets."""
    return load_book(files[0], "workbook.xlsx")[1]


def _no_such_customer(root: Path) -> list[Problem]:
    return _billed(_workspace([], root), "C9")


def _without_room(root: Path) -> list[Problem]:
    """A month whose invoice cannot be written: a folder has its name."""
    workspace = _workspace([], root)
    (workspace.invoices(APRIL) / "C1-2026-04.xlsx").mkdir(parents=True)
    return _billed(workspace)


def _with_a_packed_file(root: Path) -> list[Problem]:
    """A month with a usage file that somebody packed."""
    workspace = _workspace([], root)
    (root / "usage" / "2026-04" / "dau.csv.gz").write_bytes(b"\x1f\x8b not really")
    return _billed(workspace)


def _with_adjustments_as_csv(root: Path) -> list[Problem]:
    """A month whose adjustments somebody wrote as csv."""
    workspace = _workspace([], root)
    (root / "adjustments").mkdir()
    (root / "adjustments" / "2026-04.csv").write_text("customer,date,text,amount\n", encoding="utf-8")
    return _billed(workspace)


def _with_a_book_among_the_usage(root: Path) -> list[Problem]:
    """A month in whose usage folder somebody put the price book."""
    workspace = _workspace([], root)
    shutil.copyfile(root / "price_tables" / "small.xlsx", root / "usage" / "2026-04" / "prices.xlsx")
    return _billed(workspace)


def _with_a_field_in_the_template(root: Path) -> list[Problem]:
    """A month whose template names columns of customers, apps and subscriptions that nobody has added."""
    workspace = _workspace([], root)
    with_field(root, "{{ customer.PO number }}")
    with_row(root, ("{{ app.cost centre }}", "{{ subscription.order no. }}", "{{ line.title }}"))
    return _billed(workspace)


def _with_an_unreadable_file(root: Path) -> list[Problem]:
    """A month with a usage file that is no spreadsheet."""
    workspace = _workspace([], root)
    (root / "usage" / "2026-04" / "dau.xlsx").write_bytes(b"PK\x03\x04 not really")
    return _billed(workspace)


def _with_a_misspelt_app(root: Path) -> list[Problem]:
    """A month whose usage sheet has one row under a code that is nobody's, and is like a1."""
    workspace = _workspace([], root)
    usage = "| app | date | meter | quantity |\n| al | 2026-04-02 | dau | 9 |\n| a1 | 2026-04-01 | dau | 7 |"
    write_workbook(root / "usage" / "2026-04" / "usage.xlsx", {"Usage": usage})
    return _billed(workspace)


def _with_a_killed_process(root: Path) -> list[Problem]:
    """A month in which the system ends every process that bills."""
    workspace = _workspace([], root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("xlbill.run.mapped", lambda work, jobs, processes: map(Lost, jobs))
        return _billed(workspace)


def _again(
    change: Callable[[Path], object], *codes: str, month: Month = APRIL, customers: tuple[str, ...] = ()
) -> Reader:
    """A month that is billed, and billed again after something changed."""

    def read(root: Path) -> list[Problem]:
        workspace = _workspace([], root)
        (root / "usage" / "2026-05").mkdir()
        for billed in (APRIL, APRIL.plus(1)):
            bill_month(workspace, billed)
        change(root)
        return [p for p in bill_month(workspace, month, customers)[1] if p.code in codes]

    return _in_folder(read)


def _adjust(root: Path) -> None:
    adjustments = "| customer | date | text | amount |\n| C1 | 2026-04-05 | a gift | -5 |"
    write_workbook(root / "accounts.xlsx", {**ACCOUNTS, "Adjustments": adjustments})


def _sell_a_pack(root: Path) -> None:
    orders = ACCOUNTS["Subscriptions"] + "| a1 | talk_30 | | 1 | 2026-04-05 | |"
    write_workbook(root / "accounts.xlsx", {**ACCOUNTS, "Subscriptions": orders})


def _raise_a_price(root: Path) -> None:
    write_workbook(
        root / "price_tables" / "small.xlsx", {**BOOK, "Plans": BOOK["Plans"].replace("| Pro | 100 |", "| Pro | 101 |")}
    )


def _with_a_stray_workbook(root: Path) -> list[Problem]:
    """A month with a workbook among the price books that has nothing of one."""
    workspace = _workspace([], root)
    write_workbook(root / "price_tables" / "team.xlsx", {"Team": "| name | desk |\n| Wu | 1 |"})
    return _billed(workspace)


def _with_a_fault_of_ours(root: Path) -> list[Problem]:
    """A month in which the rating of its customer fails inside."""
    workspace = _workspace([], root)

    def fail(*_: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("xlbill.run.rate", fail)
        return _billed(workspace)


def _changed_while_it_is_read(root: Path) -> list[Problem]:
    """A month whose accounts somebody saves while the run reads its usage."""
    workspace = _workspace([], root)

    def saved_meanwhile(*arguments: Any) -> tuple[Usage, Problems]:
        (root / "accounts.xlsx").touch()
        return read_usage(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("xlbill.inputs.read_usage", saved_meanwhile)
        return _billed(workspace)


def _in_an_empty_folder(root: Path) -> list[Problem]:
    root.mkdir()
    return list(check([], Workspace(root), APRIL).problems)


def _after_an_earlier_run(root: Path) -> list[Problem]:
    """A month billed for a customer who is gone when it is billed again."""
    workspace = _workspace([], root)
    _billed(workspace)
    renamed = {name: rows.replace("| C1 |", "| C2 |") for name, rows in ACCOUNTS.items()}
    write_workbook(root / "accounts.xlsx", renamed)
    return [p for p in _billed(workspace) if p.code == "earlier-file"]


PRICING_READERS: dict[str, Reader] = {
    "month-with-a-field-in-the-template": _in_folder(_with_a_field_in_the_template),
    "month-with-a-book-among-the-usage": _in_folder(_with_a_book_among_the_usage),
    "template": read_template,
    "book": read_book,
    "uncalculated-book": read_uncalculated_book,
    "accounts": read_accounts,
    "month": read_month,
    "stale-book": read_stale_book,
    "sheetless-book": read_sheetless_book,
    "two-currencies": _in_folder(_currencies),
    "payer-of-other-money": _in_folder(_payer_currency),
    "customer-paid-for-named": _in_folder(_paid_for),
    "two-books-of-the-customer": _in_folder(_customer_charges),
    "month-without-books": _in_folder(_without_books),
    "month-without-usage": _in_folder(_without_usage),
    "accounts-as-xls": _in_folder(_accounts_as_xls),
    "month-in-another-folder": _in_folder(_elsewhere),
    "usage-without-accounts": _in_folder(_without_accounts),
    "check-with-half-the-accounts": _in_folder(_half_the_accounts),
    "two-editions-of-one-day": _in_folder(_editions),
    "unknown-customer-named": _in_folder(_no_such_customer),
    "month-that-cannot-be-written": _in_folder(_without_room),
    "month-with-an-unreadable-file": _in_folder(_with_an_unreadable_file),
    "month-with-a-packed-file": _in_folder(_with_a_packed_file),
    "month-with-adjustments-as-csv": _in_folder(_with_adjustments_as_csv),
    "month-with-a-misspelt-app": _in_folder(_with_a_misspelt_app),
    "month-with-a-killed-process": _in_folder(_with_a_killed_process),
    "month-billed-otherwise": _again(_adjust, "bills-replaced"),
    "customer-billed-otherwise": _again(_adjust, "register-stale", customers=("C1",)),
    "month-before-billed-otherwise": _again(_sell_a_pack, "balances-changed"),
    "book-changed-afterwards": _again(_raise_a_price, "book-changed", month=APRIL.plus(1)),
    "month-with-a-stray-workbook": _in_folder(_with_a_stray_workbook),
    "month-with-a-fault-of-ours": _in_folder(_with_a_fault_of_ours),
    "month-with-a-file-that-changes": _in_folder(_changed_while_it_is_read),
    "check-of-an-empty-folder": _in_folder(_in_an_empty_folder),
    "month-after-an-earlier-run": _in_folder(_after_an_earlier_run),
    "balances-in-utf-16": _balances((_HEAD + _ROW).encode("utf-16")),
    "balances-that-do-not-add-up": _balances(_HEAD + _ROW.replace("20\n", "25\n")),
    "balances-with-a-row-twice": _balances(_HEAD + _ROW + _ROW),
}
