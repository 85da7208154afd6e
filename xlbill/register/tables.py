"""The register of a run: who was billed what, by customer, product, app, balance and line, as neutral tables.

Money of two currencies never stands in one sheet, so that every column of amounts can be added up.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import islice
from typing import Generic, TypeVar

from xlbill.language import Label
from xlbill.money import Currency
from xlbill.periods import Month
from xlbill.problems import Problem, sort_problems
from xlbill.register.columns import (
    APP_COLUMNS,
    BALANCE_COLUMNS,
    CUSTOMER_COLUMNS,
    LINE_COLUMNS,
    PAYS,
    PROBLEM_COLUMNS,
    PRODUCT_COLUMNS,
    REVIEW_COLUMNS,
    Field,
    FieldValue,
    LineRow,
    ProblemRow,
    Registered,
    RegisterRow,
    ReviewRow,
    Sum,
    shown,
)

T = TypeVar("T")
REVIEW = "复核 Review"
LARGE = 5_000
"""Lines up to which a register is made in memory; of more, bills are read again from the disk each time."""

MOST_LINES = 1_000_000
"""Lines of one sheet; Excel's end at 1,048,576 rows, and the rest goes on in further ones."""


@dataclass(frozen=True, slots=True)
class Rows(Collection[T], Generic[T]):
    """So many rows that are made each time somebody goes over them: the lines of a large run are not held."""

    make: Callable[[], Iterator[T]]
    count: int

    def __iter__(self) -> Iterator[T]:
        return self.make()

    def __len__(self) -> int:
        return self.count

    def __contains__(self, row: object) -> bool:
        return any(row is other for other in self)

    def between(self, first: int, last: int) -> "Rows[T]":
        """Some of them, counted from 0."""
        return Rows(lambda: islice(self.make(), first, last), min(last, self.count) - first)


@dataclass(frozen=True, slots=True)
class RegisterTable:
    """A sheet: its columns, its rows, the columns by which its rows pick lines, and the currency of its money."""

    name: str
    title: Label
    columns: tuple[Field, ...]
    rows: Collection[RegisterRow]
    keys: tuple[str, ...] = ()
    currency: Currency | None = None
    chart: Label | None = None
    key: str = ""  # by which the front page finds it

    def column(self, key: str) -> Iterator[FieldValue]:
        """What stands in a column, row by row."""
        at = _at(self.columns, key)
        return (row.values[at] for row in self.rows)

    def total(self, key: str) -> Decimal:
        """What a column adds up to."""
        return sum((value for value in self.column(key) if isinstance(value, Decimal)), Decimal(0))


def _at(columns: Sequence[Field], key: str) -> int:
    return next(at for at, column in enumerate(columns) if column.key == key)


@dataclass(frozen=True, slots=True)
class Listed:
    """A bill as the register lists it: its own row, those of its lines and balances, and what it warns of."""

    currency: Currency
    row: RegisterRow
    lines: tuple[RegisterRow, ...]
    balances: tuple[RegisterRow, ...]
    warnings: tuple[Problem, ...]


def listed(entry: Registered) -> Listed:
    """A bill's rows."""
    bill, decimals = entry.bill, entry.bill.currency.decimals
    return Listed(
        bill.currency,
        shown(CUSTOMER_COLUMNS, entry, decimals),
        tuple(shown(LINE_COLUMNS, LineRow(entry, line), decimals) for line in bill.lines),
        tuple(shown(BALANCE_COLUMNS, (entry, pack)) for pack in bill.packs),
        bill.warnings,
    )


@dataclass(frozen=True, slots=True)
class Register:
    """A run's tables: all customers and all lines for csv, and the sheets, of which each has one currency.

    `head` is the head of the ledger's chain where the bills were issued.
    """

    month: Month
    customers: RegisterTable
    lines: RegisterTable
    sheets: tuple[RegisterTable, ...]
    head: str = ""
    line_sheets: tuple[RegisterTable, ...] = ()  # of `sheets` those with the lines, several where there are so many


def register_of(
    month: Month,
    entries: Collection[Listed],
    problems: Iterable[Problem] = (),
    head: str = "",
    review: Sequence[ReviewRow] = (),
) -> Register:
    """The register of a run's bills, in their order. They are gone over again and again, and need not be in memory."""
    told = tuple(ProblemRow(problem, problem.about.customer) for problem in sort_problems(problems))
    run = _summed_up(entries, _Warnings(told))
    several = len(run.currencies) > 1
    heading = Label("出账汇总表", "Register of bills")
    customers = RegisterTable("客户 Customers", heading, CUSTOMER_COLUMNS, run.bills, key="customers")
    kept = entries if run.lines > LARGE else tuple(entries)
    rows = Rows(lambda: (line for entry in kept for line in entry.lines), run.lines)
    lines = RegisterTable("明细 Lines", Label("账单明细", "Lines of all bills"), LINE_COLUMNS, rows)
    parts = tuple(
        replace(
            lines, name=f"{lines.name} {number}" if first else lines.name, rows=rows.between(first, first + MOST_LINES)
        )
        for number, first in enumerate(range(0, max(run.lines, 1), MOST_LINES), start=1)
    )
    sheets = (
        *_review_tables(review),
        *(table for currency in run.currencies for table in _money_tables(currency, customers, run, several)),
        RegisterTable("余额 Balances", Label("余额", "Balances"), BALANCE_COLUMNS, tuple(run.balances)),
        *parts,
        RegisterTable(
            "问题 Problems",
            Label("本次出账的问题", "Problems of the run"),
            PROBLEM_COLUMNS,
            tuple(shown(PROBLEM_COLUMNS, row) for row in told),
            key="problems",
        ),
    )
    return Register(month, customers, lines, sheets, head, parts)


@dataclass(slots=True)
class _Run:
    """What one walk over all bills finds: each without its lines, how many lines there are, and what they come to."""

    bills: list[RegisterRow] = field(default_factory=list)
    currencies: list[Currency] = field(default_factory=list)
    balances: list[RegisterRow] = field(default_factory=list)
    lines: int = 0
    by_product: dict[tuple[str, ...], Sum] = field(default_factory=dict)
    by_app: dict[tuple[str, ...], Sum] = field(default_factory=dict)


def _summed_up(entries: Iterable[Listed], warnings: "_Warnings") -> _Run:
    run, used = _Run(), set()
    for entry in entries:
        run.bills.append(warnings.counted(entry))
        run.balances += entry.balances
        run.lines += len(entry.lines)
        used.add(entry.currency)
        for row in entry.lines:
            pay, amount = _PAY_OF[str(_of(row, "pay"))], _of(row, "amount")
            assert isinstance(amount, Decimal)
            of_product = _sum(run.by_product, row, ("product", "currency"), "group")
            of_app = _sum(run.by_app, row, ("customer", "app", "currency"), "name")
            for total in (of_product, of_app):
                total.amounts[pay] = total.amounts.get(pay, Decimal(0)) + amount
    run.currencies = _currencies(used)
    return run


_LINE_AT = {column.key: at for at, column in enumerate(LINE_COLUMNS)}
_PAY_OF = {str(label): pay for pay, label in PAYS.items()}


def _of(line: RegisterRow, key: str) -> FieldValue:
    return line.values[_LINE_AT[key]]


def _sum(sums: dict[tuple[str, ...], Sum], line: RegisterRow, keys: tuple[str, ...], name: str) -> Sum:
    """The sum that a line belongs to by some of its columns, called as another one says of its first line."""
    values = tuple([str(_of(line, key)) for key in keys])
    if values not in sums:
        sums[values] = Sum(dict(zip(keys, values, strict=True)), str(_of(line, name)), line.decimals)
    return sums[values]


class _Warnings:
    """Counts a bill's warnings: its own, and those of the run about its customer."""

    def __init__(self, told: Iterable[ProblemRow]) -> None:
        self._about: dict[str, set[Problem]] = {}
        for row in told:
            self._about.setdefault(row.customer, set()).add(row.problem)

    def counted(self, entry: Listed) -> RegisterRow:
        """The bill's row with their number."""
        values = dict(zip(_CUSTOMER_KEYS, entry.row.values, strict=True))
        about = self._about.get(str(values["customer"]), set())
        values["warnings"] = Decimal(len(about.union(entry.warnings))) or None
        return RegisterRow(tuple(values.values()), entry.row.decimals)


_CUSTOMER_KEYS = [column.key for column in CUSTOMER_COLUMNS]


def _review_tables(rows: Sequence[ReviewRow]) -> Iterable[RegisterTable]:
    """The review before the issue, a sheet for each currency; none where there is nothing to review."""
    currencies = _currencies(row.currency for row in rows)
    for currency in currencies:
        ending = f" {currency.code}" if len(currencies) > 1 else ""
        own = [row for row in rows if row.currency.code == currency.code]
        shown_rows = tuple(shown(REVIEW_COLUMNS, row, row.currency.decimals) for row in own)
        title = Label("出账前复核", "Review before issue")
        yield RegisterTable(f"{REVIEW}{ending}", title, REVIEW_COLUMNS, shown_rows, (), currency, key="review")


def _currencies(used: Iterable[Currency]) -> list[Currency]:
    """The currencies by their codes, each with the most decimals that one of its price books counts in."""
    found: dict[str, Currency] = {}
    for currency in sorted(used, key=lambda currency: (currency.code, currency.decimals)):
        found[currency.code] = currency
    return list(found.values())


def _money_tables(
    currency: Currency, customers: RegisterTable, run: _Run, several: bool
) -> tuple[RegisterTable, RegisterTable, RegisterTable]:
    """The sheets with the money of one currency; its code is part of their names where there are several."""
    ending = f" {currency.code}" if several else ""
    by_product, by_app = (
        tuple(one for one in sums.values() if one.keys["currency"] == currency.code)
        for sums in (run.by_product, run.by_app)
    )
    by_product = tuple(sorted(by_product, key=lambda one: -one.amount()))  # the chart's bars, the longest first
    at = _CUSTOMER_KEYS.index("currency")
    return (
        replace(
            customers,
            name=customers.name + ending,
            rows=tuple(row for row in run.bills if row.values[at] == currency.code),
            currency=currency,
        ),
        RegisterTable(
            f"产品 Products{ending}",
            Label("按产品", "By product"),
            PRODUCT_COLUMNS,
            tuple(shown(PRODUCT_COLUMNS, one, one.decimals) for one in by_product),
            ("product", "currency"),
            currency,
            Label("各产品收入", "Revenue by product"),
        ),
        RegisterTable(
            f"应用 Apps{ending}",
            Label("按应用", "By app"),
            APP_COLUMNS,
            tuple(shown(APP_COLUMNS, one, one.decimals) for one in by_app),
            ("customer", "app", "currency"),
            currency,
        ),
    )
