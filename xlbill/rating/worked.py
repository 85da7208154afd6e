"""Worked bills: the cases of a book's Examples sheet, rated as any customer is, against finance's own totals."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from xlbill.accounts import NO_SELLER, Accounts, App, Customer, Subscription
from xlbill.book.objects import Case, CaseRow, PriceBook
from xlbill.language import Label
from xlbill.problems import Problem, Problems, has_errors, problem
from xlbill.rating.rate import rate
from xlbill.usage import Series, Usage

APP = "example"


def check_cases(book: PriceBook) -> Problems:
    """Each worked bill of a book that does not come to its total, told at the cell of the total."""
    return Problems(found for case in book.cases for found in _check(case, book))


def _check(case: Case, book: PriceBook) -> Iterator[Problem]:
    customer = Customer(case.code, Label(case.code, case.code), "", "", "", "", "zh", None, case.place)
    app = App(APP, case.code, book.regions[0], None, book.edition.code, *3 * (case.place,))
    orders = tuple(_subscription(row, case) for row in case.rows if row.item is not None)
    accounts = Accounts(NO_SELLER, (customer,), (app,), orders, (), ())
    outcome = rate(customer, accounts, [book], Usage(_series(case)), {}, case.month, "worked-bills")
    if outcome.bill is None or has_errors(outcome.problems):
        for found in (p for p in outcome.problems if p.severity == "error"):
            reason = Label(found.message("zh"), found.message("en"))
            yield problem("case-fails", found.place, case=case.code, reason=reason)
        return
    if outcome.bill.total.number != case.total:
        value, expected = book.currency.text(outcome.bill.total.number), f"{case.total:f}"
        yield problem("case-differs", case.place, case=case.code, found=expected, value=value)


def _subscription(row: CaseRow, case: Case) -> Subscription:
    assert row.item is not None
    count = Decimal(1) if row.count is None else row.count
    return Subscription(
        APP, row.item, row.option, count, row.start or case.month.start, None, True, row.place, row.place
    )


def _series(case: Case) -> tuple[Series, ...]:
    """The usage of a case: rows of one meter and dimension together, by day or for the month."""
    days: dict[str, list[tuple[date | None, Decimal]]] = {}
    for row in case.rows:
        if row.meter is not None and row.quantity is not None:
            days.setdefault(row.meter, []).append((row.day, row.quantity))
    series = []
    for name, figures in days.items():
        meter, _, dimension = name.partition(":")
        place = next(row.place for row in case.rows if row.meter == name)
        ordered = sorted(figures, key=lambda pair: (pair[0] is not None, pair[0] or date.min))
        series.append(Series(APP, meter, dimension or None, None, 1, tuple(ordered), place))
    return tuple(series)
