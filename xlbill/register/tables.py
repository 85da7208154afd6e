"""The register of a run: who was billed what, by customer, product, app, balance and line, as neutral tables.

Money of two currencies never stands in one sheet, so that every column of amounts can be added up.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

from xlbill.accounts import NO_SELLER
from xlbill.language import Label
from xlbill.money import Currency
from xlbill.periods import Month
from xlbill.problems import Problem, sort_problems
from xlbill.register.columns import (
    APP_COLUMNS,
    BALANCE_COLUMNS,
    CUSTOMER_COLUMNS,
    LINE_COLUMNS,
    PROBLEM_COLUMNS,
    PRODUCT_COLUMNS,
    REVIEW_COLUMNS,
    BalanceRow,
    Field,
    FieldValue,
    LineRow,
    ProblemRow,
    Registered,
    ReviewRow,
    Sum,
)
from xlbill.spool import Spool, packed

REVIEW = "复核 Review"
MOST_LINES = 1_000_000
"""Lines of one sheet; Excel's end at 1,048,576 rows, and the rest goes on in further ones."""
AT_ONCE = 500
"""So many lines are put on disk, and read again, together."""


@dataclass(frozen=True, slots=True)
class Rows:
    """So many rows that are read each time somebody goes over them: the lines of a large run are not held."""

    make: Callable[[], Iterator[Any]]
    count: int

    def __iter__(self) -> Iterator[Any]:
        return self.make()

    def __len__(self) -> int:
        return self.count

    def __contains__(self, row: object) -> bool:
        return any(row is other for other in self)

    def between(self, first: int, last: int) -> "Rows":
        """Some of them, counted from 0."""
        return Rows(lambda: islice(self.make(), first, last), min(last, self.count) - first)


@dataclass(frozen=True, slots=True)
class RegisterTable:
    """A sheet: its columns, its rows, the columns by which its rows pick lines, and the currency of its money."""

    name: str
    title: Label
    columns: tuple[Field, ...]
    rows: Collection[Any]
    keys: tuple[str, ...] = ()
    currency: Currency | None = None
    chart: Label | None = None
    key: str = ""  # by which the front page finds it


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
    entries: Iterable[Registered],
    problems: Iterable[Problem] = (),
    head: str = "",
    review: Sequence[ReviewRow] = (),
    folder: Path | None = None,
) -> Register:
    """The register of a run's bills, in their order. They are gone over once, and need not be in memory.

    What their lines show lies in a file without a name in `folder` where it is much.
    """
    told = tuple(ProblemRow(problem, problem.about.customer) for problem in sort_problems(problems))
    counted = _Warnings(told)
    run = _summed_up(map(counted.of, entries), folder)
    several = len(run.currencies) > 1
    heading = Label("出账汇总表", "Register of bills")
    customers = RegisterTable("客户 Customers", heading, CUSTOMER_COLUMNS, run.bills, key="customers")
    rows = Rows(lambda: chain.from_iterable(run.shown), run.lines)
    columns = tuple(replace(column, get=_shown_in(at)) for at, column in enumerate(LINE_COLUMNS))
    lines = RegisterTable("明细 Lines", Label("账单明细", "Lines of all bills"), columns, rows)
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
            "问题 Problems", Label("本次出账的问题", "Problems of the run"), PROBLEM_COLUMNS, told, key="problems"
        ),
    )
    return Register(month, customers, lines, sheets, head, parts)


class ShownLine(NamedTuple):
    """A line as it stands in the columns of the register, in their order."""

    decimals: int  # to which its money is rounded
    values: tuple[FieldValue, ...]


def _shown_in(at: int) -> Callable[[ShownLine], FieldValue]:
    return lambda row: row.values[at]


@dataclass(slots=True)
class _Run:
    """What one walk over all bills finds: each without its lines, what the lines show, and what they come to."""

    shown: Spool[list[ShownLine]]
    bills: list[Registered] = field(default_factory=list)
    currencies: list[Currency] = field(default_factory=list)
    balances: list[BalanceRow] = field(default_factory=list)
    lines: int = 0
    by_product: dict[tuple[str, ...], Sum] = field(default_factory=dict)
    by_app: dict[tuple[str, ...], Sum] = field(default_factory=dict)


def _summed_up(entries: Iterable[Registered], folder: Path | None) -> _Run:
    run = _Run(Spool(folder))
    shown: list[ShownLine] = []
    for entry in entries:
        bill = entry.bill
        alone = replace(
            entry, bill=replace(bill, seller=NO_SELLER, editions=(), lines=(), usage=(), packs=(), warnings=())
        )
        run.bills.append(alone)
        run.balances += [(alone, pack) for pack in bill.packs]
        run.lines += len(bill.lines)
        for line in bill.lines:
            row, amount = LineRow(entry, line), line.amount.number
            of_product = _sum(run.by_product, row, ("product", "currency"), str(line.group))
            of_app = _sum(run.by_app, row, ("customer", "app", "currency"), str(bill.customer.name))
            for total in (of_product, of_app):
                total.amounts[line.pay] = total.amounts.get(line.pay, Decimal(0)) + amount
            shown.append(ShownLine(row.decimals, tuple(column.get(row) for column in LINE_COLUMNS)))
        if len(shown) >= AT_ONCE:
            run.shown.append(packed(shown))
            shown = []
    run.shown.append(packed(shown))
    run.currencies = _currencies(entry.bill.currency for entry in run.bills)
    return run


_KEYS = {column.key: column for column in LINE_COLUMNS}


def _sum(sums: dict[tuple[str, ...], Sum], row: LineRow, keys: tuple[str, ...], name: str) -> Sum:
    """The sum that a line belongs to by some of its columns, called after its first line."""
    values = tuple(str(_KEYS[key].get(row)) for key in keys)
    if values not in sums:
        sums[values] = Sum(dict(zip(keys, values, strict=True)), name, row.decimals)
    return sums[values]


class _Warnings:
    """Counts a bill's warnings: its own, and those of the run about its customer."""

    def __init__(self, told: Iterable[ProblemRow]) -> None:
        self._about: dict[str, set[Problem]] = {}
        for row in told:
            self._about.setdefault(row.customer, set()).add(row.problem)

    def of(self, entry: Registered) -> Registered:
        """The bill with their number."""
        about = self._about.get(entry.bill.customer.code, set())
        return replace(entry, warnings=len(about.union(entry.bill.warnings)))


def _review_tables(rows: Sequence[ReviewRow]) -> Iterable[RegisterTable]:
    """The review before the issue, a sheet for each currency; none where there is nothing to review."""
    currencies = _currencies(row.currency for row in rows)
    for currency in currencies:
        ending = f" {currency.code}" if len(currencies) > 1 else ""
        own = tuple(row for row in rows if row.currency.code == currency.code)
        title = Label("出账前复核", "Review before issue")
        yield RegisterTable(f"{REVIEW}{ending}", title, REVIEW_COLUMNS, own, (), currency, key="review")


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
    return (
        replace(
            customers,
            name=customers.name + ending,
            rows=tuple(entry for entry in run.bills if entry.bill.currency.code == currency.code),
            currency=currency,
        ),
        RegisterTable(
            f"产品 Products{ending}",
            Label("按产品", "By product"),
            PRODUCT_COLUMNS,
            by_product,
            ("product", "currency"),
            currency,
            Label("各产品收入", "Revenue by product"),
        ),
        RegisterTable(
            f"应用 Apps{ending}",
            Label("按应用", "By app"),
            APP_COLUMNS,
            by_app,
            ("customer", "app", "currency"),
            currency,
        ),
    )
