"""What a month is rated from: price books, accounts, usage and the balances of the month before, loaded together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlbill.accounts import Accounts, load_accounts
from xlbill.balances import Balance, BalanceKey, read_balances
from xlbill.book.load import load_book
from xlbill.book.objects import PriceBook
from xlbill.cells import Place
from xlbill.periods import Month
from xlbill.problems import Problem, Problems, problem
from xlbill.rating.editions import edition_problems
from xlbill.rating.worked import check_cases
from xlbill.usage import MeterKind, Usage, read_usage
from xlbill.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that a month is rated from."""

    books: tuple[PriceBook, ...]
    accounts: Accounts
    usage: Usage
    balances: Mapping[BalanceKey, Balance]
    problems: tuple[Problem, ...]
    unread: bool = False  # whether a usage file could not be read: anybody's usage may be in it


def load_books(workspace: Workspace) -> tuple[tuple[PriceBook, ...], Problems]:
    """The price books of a workspace, their worked bills rated; none where one cannot be told from the others.

    A book with errors is among them, not sound: its apps must not fall to another edition.
    """
    books: list[PriceBook] = []
    found = Problems()
    unknown = False
    for path in workspace.books():
        book, problems = load_book(path, workspace.shown(path))
        found += problems
        unknown = unknown or book is None
        if book is not None:
            books.append(book)
            found += check_cases(book) if book.sound else ()  # told, but not in the way of a bill
    collisions = edition_problems(books)
    if not workspace.books():
        found.add("no-price-books", Place(workspace.shown(workspace.prices)))
    found += collisions
    return () if len(collisions) or unknown else tuple(books), found


def load_inputs(workspace: Workspace, month: Month) -> tuple[Inputs | None, Problems]:
    """All inputs of a month; None where nothing can be rated at all."""
    books, found = load_books(workspace)
    accounts, account_problems = load_accounts(workspace.accounts, workspace.shown(workspace.accounts))
    found += account_problems
    absent = [path for path in workspace.usage(month) if not path.exists()]
    found += [problem("no-usage", Place(workspace.shown(path)), month=str(month)) for path in absent]
    if accounts is None or not books or absent:
        return None, found
    apps = [app.code for app in accounts.apps]
    paths = [(path, workspace.shown(path)) for path in workspace.usage(month)]
    usage, usage_problems = read_usage(paths, month, apps, meter_kinds(books))
    previous = workspace.balances(month.plus(-1))
    balances, balance_problems = read_balances(previous, workspace.shown(previous))
    found += [*usage_problems, *balance_problems]
    unread = any(p.severity == "error" and p.place.row is None for p in usage_problems)
    return Inputs(books, accounts, usage, balances, tuple(found), unread), found


def meter_kinds(books: Sequence[PriceBook]) -> dict[str, MeterKind]:
    """The meters of all books, as the usage sheets may name them."""
    kinds: dict[str, MeterKind] = {}
    for book in books:
        for meter in book.meters.values():
            words = {word: d.code for d in meter.dimensions.values() for word in (d.code, d.name.zh, d.name.en) if word}
            units = [u for unit in (meter.unit, meter.source_unit) if unit for u in (unit.zh, unit.en) if u]
            known = kinds.get(meter.code)
            kinds[meter.code] = MeterKind(
                meter.code,
                tuple(dict.fromkeys(word for word in (meter.code, meter.name.zh, meter.name.en) if word)),
                {**(known.dimensions if known else {}), **words},
                meter.whole,
                meter.daily,
                frozenset(units),
                meter.request_limit,
            )
    return kinds
