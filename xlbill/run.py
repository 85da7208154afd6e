"""A month for many customers: load, rate, write. One customer's error never stops the others.

Files are written beside their place and moved into it when they are whole, so that a run that is interrupted leaves
either the old file or the new one.
"""

import os
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xlbill.accounts import Accounts, Customer, by_customer, load_accounts
from xlbill.balances import Balance, BalanceKey, balances_text, merged, read_balances
from xlbill.book.load import load_book
from xlbill.book.objects import PriceBook
from xlbill.cells import Place
from xlbill.invoice import Template, lay_out, load_template, write_invoice
from xlbill.periods import Month
from xlbill.problems import Problem, problem, sort_problems
from xlbill.rating.bill import Bill
from xlbill.rating.rate import Outcome, rate
from xlbill.rating.scene import edition_problems
from xlbill.rating.worked import check_cases
from xlbill.sheets import nearest, safe_file_name
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


@dataclass(frozen=True, slots=True)
class Billed:
    """A customer's bill and the file that it was written to."""

    bill: Bill
    file: Path


@dataclass(frozen=True, slots=True)
class Result:
    """A run: what was billed, who was left out, and every problem on the way."""

    month: Month
    billed: tuple[Billed, ...]
    left_out: tuple[str, ...]
    problems: tuple[Problem, ...]


def load_books(workspace: Workspace) -> tuple[tuple[PriceBook, ...], list[Problem]]:
    """The price books of a workspace, their worked bills rated; none where one cannot be told from the others.

    A book with errors is among them, not sound: its apps must not fall to another edition.
    """
    books: list[PriceBook] = []
    found: list[Problem] = []
    unknown = False
    for path in workspace.books():
        book, problems = load_book(path, workspace.shown(path))
        found += problems
        unknown = unknown or book is None
        if book is not None:
            books.append(book)
            found += check_cases(book) if book.sound else []  # told, but not in the way of a bill
    collisions = edition_problems(books)
    if not workspace.books():
        found.append(problem("no-price-books", Place(workspace.shown(workspace.prices))))
    return () if collisions or unknown else tuple(books), found + collisions


def load_inputs(workspace: Workspace, month: Month) -> tuple[Inputs | None, list[Problem]]:
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
    return Inputs(books, accounts, usage, balances, tuple(found)), found


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


def bill_month(
    workspace: Workspace, month: Month, customers: Collection[str] = ()
) -> tuple[Result | None, tuple[Problem, ...]]:
    """Rate and write a month for all customers, or for those named; None where nothing could be done."""
    inputs, found = load_inputs(workspace, month)
    if inputs is None:
        return None, sort_problems(found)
    chosen = _chosen(inputs.accounts, customers, found)
    templates = _Templates(workspace, found)
    left_out = _spoiled(inputs)
    own = by_customer(inputs.accounts)
    outcomes: list[Outcome] = []
    billed: list[Billed] = []
    taken: set[str] = set()
    for customer in chosen:
        template = templates.of(customer)
        if customer.code in left_out or template is None:
            left_out.add(customer.code)
            continue
        outcome = rate(customer, own[customer.code], inputs.books, inputs.usage, inputs.balances, month)
        found += outcome.problems
        if outcome.bill is None:
            left_out.add(customer.code)
            continue
        outcomes.append(outcome)
        file = workspace.invoices(month) / f"{_file_name(customer.code, month, taken)}.xlsx"
        write_atomically(file, lambda path, b=outcome.bill, t=template: write_invoice(lay_out(b, t), path))  # type: ignore[misc]
        billed.append(Billed(outcome.bill, file))
    _carry_on(workspace, month, outcomes, found)
    wanted = tuple(customer.code for customer in chosen if customer.code in left_out)
    if not chosen:
        return None, sort_problems(found)
    return Result(month, tuple(billed), wanted, sort_problems(found)), sort_problems(found)


def _chosen(accounts: Accounts, codes: Collection[str], found: list[Problem]) -> tuple[Customer, ...]:
    """The customers to bill; a code that is not there is a problem."""
    if not codes:
        return accounts.customers
    known = {customer.code.casefold(): customer for customer in accounts.customers}
    for code in codes:
        if code.casefold() not in known:
            names = [customer.code for customer in accounts.customers]
            found.append(problem("no-such-customer", found=code, nearest=nearest(code, names) or ", ".join(names[:12])))
    return tuple(known[code.casefold()] for code in dict.fromkeys(codes) if code.casefold() in known)


def _spoiled(inputs: Inputs) -> set[str]:
    """The customers whose accounts or usage have an error: a bill without it would be a guess."""
    owner = {app.code: app.customer for app in inputs.accounts.apps}
    apps = {str(dict(p.facts).get("app", "")) for p in inputs.problems if p.severity == "error"}
    return set(inputs.accounts.broken) | {owner[app] for app in apps if app in owner}


class _Templates:
    """The invoice templates of a workspace, each read once when the first customer asks for it."""

    def __init__(self, workspace: Workspace, found: list[Problem]) -> None:
        self._workspace, self._found = workspace, found
        self._read: dict[str, Template | None] = {}

    def of(self, customer: Customer) -> Template | None:
        """A customer's template: the one that its row names, else its language's."""
        name = customer.template or {"zh": "invoice.xlsx", "en": "invoice.en.xlsx"}[customer.language]
        if name not in self._read:
            path = self._workspace.templates / name
            if path.parent != self._workspace.templates or not path.is_file():
                self._found.append(problem("template-missing", customer.place, customer=customer.code, found=name))
                self._read[name] = None
            else:
                self._read[name], problems = load_template(path, self._workspace.shown(path))
                self._found += problems
        return self._read[name]


def _carry_on(workspace: Workspace, month: Month, outcomes: Sequence[Outcome], found: list[Problem]) -> None:
    """Write the month's closing balances; those of customers who were not billed in this run stay as they were."""
    path = workspace.balances(month)
    old, problems = read_balances(path, workspace.shown(path))
    found += problems
    carried = [balance for outcome in outcomes for balance in outcome.carried]
    kept: tuple[Balance, ...] = merged(old.values(), carried, {outcome.customer for outcome in outcomes})
    if kept or path.exists():
        write_atomically(path, lambda target: target.write_text(balances_text(kept), encoding="utf-8"))


def _file_name(code: str, month: Month, taken: set[str]) -> str:
    """A file name with the customer's code in it, safe on every system, no two alike."""
    name = base = safe_file_name(f"{code}-{month}")
    number = 1
    while name.casefold() in taken:
        number += 1
        name = f"{base}-{number}"
    taken.add(name.casefold())
    return name


def write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Let a function write a file beside its place, then move it there: never half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".xlbill-", suffix=path.suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
