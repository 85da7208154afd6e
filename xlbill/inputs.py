"""What a month is rated from: price books, accounts, usage and the balances of the month before, loaded together."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from xlbill.account_columns import SHEETS as ACCOUNT_SHEETS
from xlbill.accounts import Accounts, adjusted_twice, load_accounts
from xlbill.adjustment_files import load_adjustments
from xlbill.balances import Balance, BalanceKey, at_home, balances_by_customer, read_balances
from xlbill.book import columns
from xlbill.book.load import load_book
from xlbill.book.objects import PriceBook
from xlbill.boundary import InternalFault, attempt
from xlbill.cells import Place
from xlbill.files import Source
from xlbill.language import Label
from xlbill.methods import EACH
from xlbill.periods import Month
from xlbill.problems import Problem, Problems, problem
from xlbill.rating.editions import edition_problems
from xlbill.rating.worked import check_cases
from xlbill.sheets import find_sheet, read_workbook
from xlbill.usage import MeterKind, Usage, read_usage
from xlbill.workspace import Workspace

_MEANT_AS_A_BOOK = re.compile(r"价|price|book|tarif|edition", re.IGNORECASE)


@dataclass(frozen=True)
class Inputs:
    """Everything that a month is rated from, and the files that it was read from."""

    books: tuple[PriceBook, ...]
    accounts: Accounts
    usage: Usage
    balances: Mapping[BalanceKey, Balance]
    sources: tuple[Source, ...]
    sheets: tuple[Source, ...]  # those with usage, and files beside them that may have some
    registers: tuple[
        Source, ...
    ]  # the accounts, and workbooks with adjustments, and files beside them that may be some

    @cached_property
    def balances_of(self) -> Mapping[str, Mapping[BalanceKey, Balance]]:
        """The balances of each customer alone."""
        return balances_by_customer(self.balances)


def load_books(workspace: Workspace) -> tuple[tuple[PriceBook, ...], Problems]:
    """The price books of a workspace; see `books_of`."""
    return books_of([workspace.source(path) for path in workspace.books()])


def books_of(sources: Sequence[Source]) -> tuple[tuple[PriceBook, ...], Problems]:
    """The price books of some files, their worked bills rated; none where one cannot be told from the others.

    A book with errors is among them, not sound: its apps must not fall to another edition.
    """
    books: list[PriceBook] = []
    found = Problems()
    unknown = False
    for source in sources:
        about = found.about(book=source.path.name)
        book, problems = load_book(source.path, source.shown)
        if book is None and _is_no_book(source, problems):
            about.add("not-a-price-book", Place(source.shown))
            continue
        about += problems
        unknown = unknown or book is None
        if book is not None:
            books.append(book)
            about += worked_bills(book, source) if book.sound else ()  # told, but not in the way of a bill
    collisions = edition_problems(books)
    found += collisions
    return () if len(collisions) or unknown else tuple(books), found


def _is_no_book(source: Source, problems: Iterable[Problem]) -> bool:
    """Whether a workbook has nothing of a price book, neither in its sheets nor in its name.

    One that cannot be read, or has a sheet that is nearly one of a book's, may be an edition that somebody needs.
    """
    if _MEANT_AS_A_BOOK.search(source.path.stem) or any(p.code == "sheet-renamed" for p in problems):
        return False
    workbook, _ = read_workbook(source.path, source.shown)
    return workbook is not None and not any(find_sheet(workbook, kind) for kind in columns.SHEETS)


def worked_bills(book: PriceBook, source: Source) -> Iterable[Problem]:
    """The worked bills of a book that do not come out; an error of ours among them is told, too."""
    checked = attempt(lambda: check_cases(book))
    if isinstance(checked, InternalFault):
        return [checked.problem(Place(source.shown))]
    return checked


def accounts_otherwise(workspace: Workspace) -> list[Problem]:
    """The problem of accounts that lie there under another name or in another format; they are not taken unasked."""
    other = workspace.accounts_otherwise
    if other is None:
        return []
    return [problem("accounts-otherwise", Place(workspace.shown(workspace.accounts)), None, found=other.name)]


def workspace_absent(workspace: Workspace) -> Problem | None:
    """The problem of a folder in which no workspace is; a command was typed in the wrong one."""
    return problem("no-workspace", Place(workspace.shown(workspace.accounts))) if workspace.is_absent else None


def load_inputs(workspace: Workspace, month: Month, processes: int = 1) -> tuple[Inputs | None, Problems]:
    """All inputs of a month; None where nothing can be rated at all."""
    if (absent := workspace_absent(workspace)) is not None:
        return None, Problems([absent])
    shelf = [workspace.source(path) for path in workspace.books()]
    books, found = books_of(shelf)
    if not books and all(p.code == "not-a-price-book" for p in found):
        found.add("no-price-books", Place(workspace.shown(workspace.prices)))
    register = workspace.source(workspace.accounts)
    accounts, account_problems = load_accounts(register.path, register.shown)
    found += accounts_otherwise(workspace) or account_problems
    sheets = [workspace.source(path) for path in workspace.usage(month)]
    unsent = [sheet for sheet in sheets if not sheet.path.exists()]
    found += [problem("no-usage", Place(sheet.shown), month=str(month)) for sheet in unsent]
    others = [workspace.source(path) for path in workspace.passed_over(month)]
    found += [problem("usage-passed-over", Place(other.shown), found=other.path.name) for other in others]
    if accounts is None or not books or unsent:
        return None, found
    more = [workspace.source(path) for path in workspace.adjustments(month)]
    accounts = _adjusted(accounts, more, found)
    unread = [workspace.source(path) for path in workspace.adjustments_passed_over(month)]
    found += [problem("adjustments-passed-over", Place(one.shown), found=one.path.name) for one in unread]
    named = [(sheet.path, sheet.shown) for sheet in sheets]
    apps = [app.code for app in accounts.apps]
    usage, usage_problems = read_usage(named, month, apps, meter_kinds(books), accounts.opened, processes)
    usage_problems = _told_once(sheets, usage_problems)
    previous = workspace.source(workspace.balances_before(month))
    balances, balance_problems = read_balances(previous.path, previous.shown)
    found += [*usage_problems, *balance_problems]
    issued, ledger_problems = _issued_before(workspace, month)
    found += ledger_problems
    if issued is None:
        return None, found
    known = {customer.casefold() for customer in issued}
    drafted = {key: balance for key, balance in balances.items() if balance.customer.casefold() not in known}
    balances = drafted | {balance.key: balance for own in issued.values() for balance in own}
    balances = at_home(balances, {app.code: app.customer for app in accounts.apps}, accounts.payers)
    sources = (*shelf, register, *more, *sheets, *([previous] if previous.path.exists() else []))
    return Inputs(books, accounts, usage, balances, sources, (*sheets, *others), (register, *more, *unread)), found


def _told_once(sheets: Sequence[Source], problems: Sequence[Problem] | Problems) -> Problems:
    """The problems of usage files; of one that is a price book or the accounts, that alone in place of its sheets'."""
    told = Problems(problems)
    for sheet in sheets:
        unread = any(p.place.file == sheet.shown and p.stops == "file" for p in told)
        what = _other_kind(sheet) if unread else None
        if what is not None:
            told = Problems(p for p in told if p.place.file != sheet.shown)
            told.add("usage-is-other-file", Place(sheet.shown), what=what)
    return told


def _other_kind(sheet: Source) -> Label | None:
    """What a workbook among the usage files is instead: it has all sheets that a price book or the accounts need."""
    workbook, _ = read_workbook(sheet.path, sheet.shown)
    kinds = ((columns.SHEETS, Label("价目表", "a price book")), (ACCOUNT_SHEETS, Label("客户档案", "the accounts")))
    for of, what in kinds:
        if workbook is not None and all(find_sheet(workbook, kind) for kind in of if kind.required):
            return what
    return None


def _adjusted(accounts: Accounts, sources: Sequence[Source], found: Problems) -> Accounts:
    """The accounts with the adjustments of some workbooks of their own."""
    added = list(accounts.adjustments)
    for source in sources:
        rows, problems = load_adjustments(source.path, accounts, source.shown)
        found += problems
        twice = adjusted_twice((*added, *rows))
        found += (p for p in twice if p.place.file == source.shown)
        added += rows
    return replace(accounts, adjustments=tuple(added))


def _issued_before(
    workspace: Workspace, month: Month
) -> tuple[Mapping[str, Sequence[Balance]] | None, Sequence[Problem]]:
    """What the ledger has left for each customer whose month before was issued; None where it cannot be read.

    Of others, and where there is no ledger, the balances of the drafts count.
    """
    path = workspace.ledger
    if not path.exists():
        return {}, ()
    from xlbill.ledger.entries import balances_of, standing
    from xlbill.ledger.session import opened

    with opened(path, workspace.shown(path)) as (ledger, found):
        if ledger is None:
            return None, found
        own: dict[str, list[Balance]] = {customer: [] for customer in standing(ledger, month.plus(-1))}
        for balance in balances_of(ledger, month.plus(-1)):
            own.setdefault(balance.customer, []).append(balance)
        return own, found


def meter_kinds(books: Sequence[PriceBook]) -> dict[str, MeterKind]:
    """The meters of all books, as the usage sheets may name them; where books differ, each sums up its own times."""
    kinds: dict[str, MeterKind] = {}
    for book in books:
        for meter in book.meters.values():
            words = {word: d.code for d in meter.dimensions.values() for word in (d.code, d.name.zh, d.name.en) if word}
            units = [word for unit in (meter.unit, meter.source_unit) for word in _words_of(unit)]
            known, takers = kinds.get(meter.code), book.takers.get(meter.code, ())
            apart = any(each.by_day != meter.by_day for each in (*takers, known or meter))
            kinds[meter.code] = MeterKind(
                meter.code,
                tuple(dict.fromkeys(word for word in (meter.code, meter.name.zh, meter.name.en) if word)),
                {**(known.dimensions if known else {}), **words},
                meter.whole,
                meter.daily,
                frozenset(units),
                meter.request_limit,
                frozenset(_words_of(meter.source_unit)),
                meter.per_unit,
                meter.default_unit,
                meter.month,
                EACH if meter.bands or apart else meter.by_day,
                meter.sample_minutes,
                meter.bands is not None or (known is not None and known.banded),
                any(each.record for each in (meter, *takers)) or (known is not None and known.by_record),
            )
    return kinds


def _words_of(label: Label | None) -> tuple[str, ...]:
    return tuple(word for word in (label.zh, label.en) if word) if label is not None else ()
