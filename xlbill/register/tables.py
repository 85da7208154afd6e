"""The register of a run: who was billed what, by customer, product, app, pack and line, as neutral tables.

Money of two currencies never stands in one sheet, so that every column of amounts can be added up.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from xlbill.language import Label
from xlbill.money import Currency
from xlbill.periods import Month
from xlbill.problems import Problem, sort_problems
from xlbill.register.columns import (
    APP_COLUMNS,
    CUSTOMER_COLUMNS,
    LINE_COLUMNS,
    PACK_COLUMNS,
    PROBLEM_COLUMNS,
    PRODUCT_COLUMNS,
    REVIEW_COLUMNS,
    Field,
    LineRow,
    ProblemRow,
    Registered,
    ReviewRow,
    Sum,
)

REVIEW = "复核 Review"


@dataclass(frozen=True, slots=True)
class RegisterTable:
    """A sheet: its columns, its rows, the columns by which its rows pick lines, and the currency of its money."""

    name: str
    title: Label
    columns: tuple[Field, ...]
    rows: tuple[Any, ...]
    keys: tuple[str, ...] = ()
    currency: Currency | None = None
    chart: Label | None = None


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


def register_of(
    month: Month,
    entries: Iterable[Registered],
    problems: Iterable[Problem] = (),
    head: str = "",
    review: Sequence[ReviewRow] = (),
) -> Register:
    """The register of a run's bills, in their order."""
    given = tuple(entries)
    told = tuple(ProblemRow(problem, problem.about.customer) for problem in sort_problems(problems))
    known = tuple(_counted(entry, told) for entry in given)
    rows = tuple(LineRow(entry, line) for entry in known for line in entry.bill.lines)
    currencies = _currencies(entry.bill.currency for entry in known)
    customers = RegisterTable("客户 Customers", Label("出账汇总表", "Register of bills"), CUSTOMER_COLUMNS, known)
    lines = RegisterTable("明细 Lines", Label("账单明细", "Lines of all bills"), LINE_COLUMNS, rows)
    packs = tuple((entry, pack) for entry in known for pack in entry.bill.packs)
    sheets = (
        *_review_tables(review),
        *(table for currency in currencies for table in _money_tables(currency, customers, rows, len(currencies) > 1)),
        RegisterTable("加油包 Packs", Label("加油包余额", "Pack balances"), PACK_COLUMNS, packs),
        lines,
        RegisterTable("问题 Problems", Label("本次出账的问题", "Problems of the run"), PROBLEM_COLUMNS, told),
    )
    return Register(month, customers, lines, sheets, head)


def _review_tables(rows: Sequence[ReviewRow]) -> Iterable[RegisterTable]:
    """The review before the issue, a sheet for each currency; none where there is nothing to review."""
    currencies = _currencies(row.currency for row in rows)
    for currency in currencies:
        ending = f" {currency.code}" if len(currencies) > 1 else ""
        own = tuple(row for row in rows if row.currency.code == currency.code)
        title = Label("出账前复核", "Review before issue")
        yield RegisterTable(f"{REVIEW}{ending}", title, REVIEW_COLUMNS, own, (), currency)


def _currencies(used: Iterable[Currency]) -> list[Currency]:
    """The currencies by their codes, each with the most decimals that one of its price books counts in."""
    found: dict[str, Currency] = {}
    for currency in sorted(used, key=lambda currency: (currency.code, currency.decimals)):
        found[currency.code] = currency
    return list(found.values())


def _counted(entry: Registered, problems: Sequence[ProblemRow]) -> Registered:
    """A bill with the number of its warnings: its own, and those of the run about its customer."""
    about = {row.problem for row in problems if row.customer == entry.bill.customer.code}
    return replace(entry, warnings=len(about.union(entry.bill.warnings)))


def _money_tables(
    currency: Currency, customers: RegisterTable, rows: Sequence[LineRow], several: bool
) -> tuple[RegisterTable, RegisterTable, RegisterTable]:
    """The sheets with the money of one currency; its code is part of their names where there are several."""
    ending = f" {currency.code}" if several else ""
    lines = [row for row in rows if row.currency == currency.code]
    by_product = _sums(lines, ("product",), lambda row: str(row.line.group))
    by_app = _sums(lines, ("customer", "app"), lambda row: str(row.entry.bill.customer.name))
    return (
        replace(
            customers,
            name=customers.name + ending,
            rows=tuple(entry for entry in customers.rows if entry.bill.currency.code == currency.code),
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


def _sums(rows: Iterable[LineRow], keys: Sequence[str], name: Callable[[LineRow], str]) -> tuple[Sum, ...]:
    """The lines by some of their columns, each sum called after its first line."""
    columns = [column for key in (*keys, "currency") for column in LINE_COLUMNS if column.key == key]
    groups: dict[tuple[str, ...], list[LineRow]] = {}
    for row in rows:
        groups.setdefault(tuple(str(column.get(row)) for column in columns), []).append(row)
    made = {values: dict(zip((*keys, "currency"), values, strict=True)) for values in groups}
    return tuple(Sum(made[values], name(lines[0]), tuple(lines)) for values, lines in groups.items())
