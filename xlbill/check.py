"""Everything that is wrong in price books, accounts, usage sheets and templates, without billing anybody."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path

from xlbill import account_columns
from xlbill.accounts import Accounts, by_customer, load_accounts
from xlbill.annotate import annotate
from xlbill.balances import at_home, read_balances
from xlbill.book import columns as book_columns
from xlbill.book.load import load_book
from xlbill.book.objects import PriceBook
from xlbill.boundary import InternalFault, attempt
from xlbill.cells import Place
from xlbill.inputs import accounts_otherwise, load_books, meter_kinds, worked_bills
from xlbill.invoice import load_template
from xlbill.issuing.paying import payment_problems
from xlbill.language import Language
from xlbill.periods import Month
from xlbill.problems import Problem, Problems, Subject, problem, sort_problems
from xlbill.rating.editions import edition_problems
from xlbill.rating.rate import rate
from xlbill.sheets import find_sheet, read_workbook
from xlbill.usage import Usage, read_usage
from xlbill.workspace import Workspace, tables_in


class Sort(Enum):
    """What a file is, by what stands in it."""

    BOOK = "price book"
    ACCOUNTS = "accounts"
    TEMPLATE = "template"
    USAGE = "usage"


@dataclass(frozen=True, slots=True)
class Checked:
    """The files that were looked at, each with what it was taken for, and all problems in them."""

    files: tuple[tuple[Path, Sort], ...]
    problems: tuple[Problem, ...]


def check(
    paths: Sequence[Path],
    workspace: Workspace,
    month: Month,
    watch: Callable[[int, int], object] = lambda done, of: None,
) -> Checked:
    """All problems of some files and folders; of the whole workspace where none is named.

    Usage is held against the workspace's accounts and price books (or those among the files), and against the month
    that its folder or name says, else against `month`.
    """
    files = [file for path in paths or _all_of(workspace) for file in tables_in(path)]
    sorts = tuple((file, sort_of(file)) for file in files)
    found = Problems()
    books = _books([file for file, sort in sorts if sort is Sort.BOOK], workspace, found)
    registers = [file for file, sort in sorts if sort is Sort.ACCOUNTS]
    accounts = _accounts(registers, workspace, found)
    if accounts is not None:
        found += [told for file in registers for told in payment_problems(file, workspace, accounts)]
    for file in (file for file, sort in sorts if sort is Sort.TEMPLATE):
        found += load_template(file, workspace.shown(file))[1]
    usage = _usage([file for file, sort in sorts if sort is Sort.USAGE], workspace, month, books, accounts, found)
    if accounts is not None and registers:
        _rate(accounts, books, usage or {month: Usage()}, workspace, watch, found)
    if not files:
        found.add("nothing-to-check", Place(workspace.shown(workspace.root)))
    return Checked(sorts, sort_problems(found))


_FOLDERS = {"usage": Sort.USAGE, "price_tables": Sort.BOOK, "templates": Sort.TEMPLATE}


def sort_of(path: Path) -> Sort:
    """What a file is: by its folder in a workspace, else by most of its sheets; a template has marks.

    A book one of whose sheets was renamed is a book all the same, and so is a damaged one in its folder: judged as a
    usage sheet it would be told to have no days.
    """
    if path.suffix.lower() in (".csv", ".tsv", ".txt", ".parquet"):
        return Sort.USAGE
    folder = next((part for part in reversed(path.parts[:-1]) if part in _FOLDERS), None)
    if folder is not None:
        return _FOLDERS[folder]
    workbook, _ = read_workbook(path)
    if workbook is None:
        return Sort.ACCOUNTS if path.name == "accounts.xlsx" else Sort.USAGE
    of_book, of_accounts = (
        sum(find_sheet(workbook, kind) is not None for kind in kinds)
        for kinds in (book_columns.SHEETS, account_columns.SHEETS)
    )
    if of_book or of_accounts:
        return Sort.BOOK if of_book > of_accounts else Sort.ACCOUNTS
    texts = (cell.value for sheet in workbook.sheets for cell in sheet.cells.values())
    return Sort.TEMPLATE if any(isinstance(text, str) and "{{" in text for text in texts) else Sort.USAGE


def _all_of(workspace: Workspace) -> list[Path]:
    """What a workspace consists of: its own books and templates, its accounts, all its usage."""
    own = [workspace.root / name for name in ("price_tables", "templates", "accounts.xlsx", "usage")]
    return [path for path in own if path.exists()]


def _books(files: Sequence[Path], workspace: Workspace, found: Problems) -> tuple[PriceBook, ...]:
    """The books among the files, all checked; where there are none, those of the workspace, their problems untold."""
    if not files:
        return load_books(workspace)[0]
    books = []
    for file in files:
        book, problems = load_book(file, workspace.shown(file))
        found += problems
        if book is not None:
            books.append(book)
            found += worked_bills(book, workspace.source(file)) if book.sound else []
    found += edition_problems(books)
    return tuple(books)


def _accounts(files: Sequence[Path], workspace: Workspace, found: Problems) -> Accounts | None:
    accounts = None
    for file in files:
        accounts, problems = load_accounts(file, workspace.shown(file))
        found += problems
    if accounts is None and workspace.accounts.is_file():
        accounts, _ = load_accounts(workspace.accounts)
    return accounts


def _usage(
    files: Sequence[Path],
    workspace: Workspace,
    month: Month,
    books: Sequence[PriceBook],
    accounts: Accounts | None,
    found: Problems,
) -> dict[Month, Usage]:
    """Each month's usage together, so that a row that stands in two files is seen."""
    by_month: dict[Month, list[Path]] = {}
    for file in files:
        by_month.setdefault(month_of(file) or month, []).append(file)
    if by_month and accounts is None:
        code = "accounts-unread" if workspace.accounts.is_file() else "no-accounts"
        found += accounts_otherwise(workspace) or [problem(code, Place(workspace.shown(workspace.accounts)))]
    apps = [app.code for app in accounts.apps] if accounts is not None else []
    opened = accounts.opened if accounts is not None else {}
    usage: dict[Month, Usage] = {}
    for of, together in sorted(by_month.items()):
        shown = [(file, workspace.shown(file)) for file in together]
        usage[of], problems = read_usage(shown, of, apps, meter_kinds(books), opened)
        found += problems
    return usage


def _rate(
    accounts: Accounts,
    books: Sequence[PriceBook],
    usage: Mapping[Month, Usage],
    workspace: Workspace,
    watch: Callable[[int, int], object],
    found: Problems,
) -> None:
    """Rate everybody without writing anything: what would leave a customer out of a month is told before."""
    own = by_customer(accounts)
    for month, used in usage.items():
        balances, _ = read_balances(workspace.balances_before(month))
        balances = at_home(balances, {app.code: app.customer for app in accounts.apps}, accounts.payers)
        for number, customer in enumerate(accounts.debtors if books else (), start=1):
            watch(number, len(accounts.debtors))
            outcome = attempt(partial(rate, customer, own[customer.code], books, used, balances, month))
            if isinstance(outcome, InternalFault):
                found.tell(outcome.problem(customer.place, Subject(customer=customer.code)))
            else:
                found += (p for p in outcome.problems if not p.silent("check"))


def annotated(
    checked: Checked, workspace: Workspace, directory: Path, language: Language
) -> tuple[list[Path], Problems]:
    """Marked copies of the files that have problems, under the same names; gives what was written, and why not."""
    copies, found = [], Problems()
    for file, _ in checked.files:
        shown = workspace.shown(file)
        here = [p for p in checked.problems if p.place.file == shown]
        if here:
            copy, refused = annotate(file, here, directory, language)
            copies += [copy] if not refused.errors else []
            found += refused
    return copies, found


def month_of(path: Path) -> Month | None:
    """The month that a usage file's name or folder says: usage/2026-04/anything.xlsx, dau-202604.csv."""
    for part in reversed(path.parts):
        if match := re.search(r"(?<!\d)(20\d\d)[-_.年]?(0[1-9]|1[0-2])(?!\d)", part):
            return Month(int(match[1]), int(match[2]))
    return None
