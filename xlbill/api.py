"""The front door: price books that can be asked what something costs, workspaces whose months can be billed.

>>> import xlbill
>>> book = xlbill.open_book("price_tables/easemob-im-2026.xlsx")
>>> bill = book.quote("im.pro", usage={"dau": 31_000}, month="2026-04")
>>> print(bill.total, bill.line("dau").amount)
4299.00 3000.00

Nothing here raises for what stands in somebody's sheet: that is in `problems`. `Refused` says that there is no bill.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from xlbill.accounts import Customer
from xlbill.book.objects import PriceBook
from xlbill.boundary import InternalFault, attempt
from xlbill.files import written
from xlbill.foresight.quoting import QUOTED, nobody, quoted
from xlbill.foresight.quoting import QuotedOrder as Order
from xlbill.formula.write import write
from xlbill.inputs import books_of
from xlbill.invoice import lay_out, load_template
from xlbill.language import Label, counted
from xlbill.money import Currency, plain
from xlbill.periods import Month
from xlbill.problems import Problem, Subject, render, sort_problems
from xlbill.rating.bill import Bill as RatedBill
from xlbill.rating.bill import Line as RatedLine
from xlbill.rating.figures import Figure
from xlbill.run import Prepared, Result, bill_month, prepare, template_name
from xlbill.workbook import write_layout
from xlbill.workspace import Workspace as Folders

if TYPE_CHECKING:
    from xlbill.check import Checked

Number: TypeAlias = int | Decimal | str | float
Days: TypeAlias = Number | Mapping[date, Number]
"""A month's usage: one figure for all of it, or a figure for each day."""


class Refused(Exception):
    """There can be no bill: `problems` say why, each with its place and how to mend it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(render(problems, "en"))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure of a bill that can say how it came about."""

    figure: Figure
    currency: Currency

    @property
    def number(self) -> Decimal:
        """The exact figure."""
        return self.figure.number

    def explain(self) -> str:
        """The formula behind the figure, then those behind its inputs, down to the cells that were read."""
        return "\n".join(_explained(self.figure, 0, set()))

    def __str__(self) -> str:
        return self.currency.text(self.number)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bill: what for, and how much."""

    rated: RatedLine
    currency: Currency

    @property
    def item(self) -> str:
        """The code of what was charged."""
        return self.rated.item

    @property
    def app(self) -> str:
        """The app that it was charged for; blank for what belongs to the customer as a whole."""
        return self.rated.app

    @property
    def title(self) -> Label:
        """What the invoice calls it, in both languages."""
        return self.rated.title

    @property
    def amount(self) -> Amount:
        """What it costs; negative for a refund."""
        return Amount(self.rated.amount, self.currency)

    def figure(self, name: str) -> Decimal | None:
        """Another figure of the line: quantity, included, units, price ...; None where it has no such figure."""
        return self.rated.number(name)


@dataclass(frozen=True, slots=True)
class Bill:
    """A customer's bill for a month."""

    rated: RatedBill
    problems: tuple[Problem, ...]
    template: Path
    file_name: str

    @property
    def customer(self) -> str:
        """The customer's code."""
        return self.rated.customer.code

    @property
    def month(self) -> Month:
        """The month that is billed."""
        return self.rated.month

    @property
    def currency(self) -> str:
        """The code of its currency."""
        return self.rated.currency.code

    @property
    def total(self) -> Amount:
        """The sum of all lines: what was prepaid and what is due; what comes back is taken off."""
        return Amount(self.rated.total, self.rated.currency)

    @property
    def prepaid(self) -> Amount:
        """What was paid when it was bought."""
        return Amount(self.rated.prepaid, self.rated.currency)

    @property
    def refunded(self) -> Amount | None:
        """What comes back of prepaid money; None where nothing does."""
        return Amount(self.rated.refunded, self.rated.currency) if self.rated.refunded is not None else None

    @property
    def credit(self) -> Amount | None:
        """The credit that is carried to the next bill; None where the customer has none, and had none."""
        credit = self.rated.credit
        return Amount(credit.closing, self.rated.currency) if credit is not None else None

    @property
    def due(self) -> Amount:
        """What is to be paid now."""
        return Amount(self.rated.due, self.rated.currency)

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines, in the invoice's order."""
        return tuple(Line(line, self.rated.currency) for line in self.rated.lines)

    def line(self, item: str) -> Line:
        """The line of an item; LookupError, with those that there are, where it has none or several."""
        found = [line for line in self.lines if line.item == item]
        if len(found) != 1:
            items = ", ".join(dict.fromkeys(line.item for line in self.lines))
            raise LookupError(
                f"the bill has {counted(len(found), 'line|lines')} of {item}; it has lines of {items or 'nothing'}"
            )
        return found[0]

    def save(self, folder: str | Path) -> Path:
        """Write the invoice into a folder; Refused where the template or the disk does not let it."""
        template, found = load_template(self.template)
        path = Path(folder) / self.file_name
        if template is not None:
            found += written(path, str(path), partial(write_layout, lay_out(self.rated, template)))
        if found.errors:
            raise Refused(sort_problems(found))
        return path


@dataclass(frozen=True, slots=True)
class Book:
    """A price book; with errors it is not `sound`, and quotes nothing."""

    book: PriceBook | None
    problems: tuple[Problem, ...]
    templates: Path

    @property
    def sound(self) -> bool:
        """Whether it prices anything: nothing in it stops it."""
        return self.book is not None and self.book.sound

    def quote(self, *items: str | Order, usage: Mapping[str, Days] | None = None, month: str | Month) -> Bill:
        """What a month costs with some orders and some usage, by `meter` or `meter:dimension`: the bill as it would be.

        Refused where the book is not sound, or a rule of it forbids what is asked.
        """
        of, book = _month(month), self.book
        if book is None or not book.sound:
            raise Refused(self.problems)
        basis = nobody(book)
        orders = tuple(Order(item) if isinstance(item, str) else item for item in items)
        outcome = quoted(basis, orders, {word: _days(days) for word, days in (usage or {}).items()}, of)
        if outcome.bill is None:
            raise Refused(outcome.problems)
        template = self.templates / template_name(basis.customer)
        return Bill(outcome.bill, outcome.problems, template, f"{QUOTED}-{of}.xlsx")


@dataclass(frozen=True, slots=True)
class MonthOf:
    """A month of a workspace."""

    folders: Folders
    month: Month

    def bills(self, *, customers: Collection[str] = ()) -> Iterator[Bill]:
        """The bills of all customers, or of those named, one by one; who cannot be billed is left out (see `check`).

        Nothing is written. Refused where nobody can be billed.
        """
        prepared, found = prepare(self.folders, self.month, customers)
        if prepared is None:
            raise Refused(sort_problems(found))
        for job in prepared.jobs:
            outcome = attempt(partial(prepared.bench.rate, job.customer))
            if not isinstance(outcome, InternalFault) and outcome.bill is not None:
                template = self.folders.templates / job.template
                yield Bill(outcome.bill, outcome.problems, template, job.file.name)

    def check(self, *, customers: Collection[str] = ()) -> tuple[Problem, ...]:
        """Everything that a run would tell of this month, without writing anything."""
        prepared, found = prepare(self.folders, self.month, customers)
        if prepared is not None:
            for job in prepared.jobs:
                found += _told(prepared, job.customer)
        return sort_problems(found)

    def run(
        self,
        *,
        customers: Collection[str] = (),
        processes: int = 1,
        watch: Callable[[int, int], object] = lambda done, of: None,
        password: str = "",
        at: datetime | None = None,
        executor: str = "",
    ) -> tuple[Result | None, tuple[Problem, ...]]:
        """Bill the month as `xlbill bill` does: invoices, balances, register, manifest; and all problems.

        Invoices of customers without a password of their own need `password` to open, if it is not blank. `executor`
        is the address of a Dask cluster, dask://HOST:PORT, which bills in place of processes.
        """
        return bill_month(
            self.folders,
            self.month,
            customers,
            processes=processes,
            watch=watch,
            password=password,
            at=at,
            executor=executor,
        )


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder in which finance works."""

    folders: Folders

    @property
    def books(self) -> tuple[Book, ...]:
        """The price books that its customers are billed by."""
        return tuple(_book(self.folders, path) for path in self.folders.books())

    def month(self, month: str | Month) -> MonthOf:
        """A month, written 2026-04."""
        return MonthOf(self.folders, _month(month))

    def check(self, *paths: str | Path, month: str | Month) -> "Checked":
        """All problems of some files, or of the whole workspace; `month` is that of usage that does not say its own."""
        from xlbill.check import check  # knows of everything, and who bills needs little of it

        return check([Path(path) for path in paths], self.folders, _month(month))


def open_book(path: str | Path) -> Book:
    """A price book, its models and its worked bills checked."""
    file = Path(path)
    return _book(Folders(file.parent), file)


def open_workspace(
    path: str | Path = ".",
    *,
    prices: str | Path | None = None,
    accounts: str | Path | None = None,
    usage: Collection[str | Path] = (),
    out: str | Path | None = None,
) -> Workspace:
    """A workspace; what lies elsewhere is named: price books, accounts, usage sheets, the folder of the invoices."""
    prices_given, accounts_given, out_given = (
        Path(place) if place is not None else None for place in (prices, accounts, out)
    )
    return Workspace(Folders(Path(path), prices_given, accounts_given, tuple(map(Path, usage)), out_given))


def _book(folders: Folders, path: Path) -> Book:
    books, found = books_of([folders.source(path)])
    return Book(books[0] if books else None, sort_problems(found), folders.templates)


def _month(month: str | Month) -> Month:
    read = Month.parse(month) if isinstance(month, str) else month
    if read is None:
        raise ValueError(f"{month!r} is not a month; write it as 2026-04")
    return read


def _told(prepared: Prepared, customer: Customer) -> tuple[Problem, ...]:
    outcome = attempt(partial(prepared.bench.rate, customer))
    if isinstance(outcome, InternalFault):
        return (outcome.problem(customer.place, Subject(customer=customer.code)),)
    return outcome.problems


def _days(days: Days) -> dict[date | None, Decimal]:
    if isinstance(days, Mapping):
        return {day: _number(figure) for day, figure in days.items()}
    return {None: _number(days)}


def _number(figure: Number) -> Decimal:
    return Decimal(repr(figure)) if isinstance(figure, float) else Decimal(figure)


def _explained(figure: Figure, depth: int, told: set[int]) -> Iterator[str]:
    """A figure and what it comes from, each once, indented by how far it is away."""
    value = plain(figure.value) if isinstance(figure.value, Decimal) else str(figure.value or "—")
    how = f" = {write(figure.formula)}" if figure.formula is not None else ""
    where = f"  [{figure.place}]" if str(figure.place) else ""
    yield f"{'  ' * depth}{figure.name} = {value}{how}{where}"
    if id(figure) not in told:
        told.add(id(figure))
        for source in figure.sources():
            yield from _explained(source, depth + 1, told)


__all__ = [
    "Amount",
    "Bill",
    "Book",
    "Line",
    "MonthOf",
    "Order",
    "Refused",
    "Workspace",
    "open_book",
    "open_workspace",
]
