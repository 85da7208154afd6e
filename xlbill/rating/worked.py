"""Worked bills: the cases of a book's Examples sheet, rated as any customer is, against finance's own totals."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from xlbill.accounts import NO_SELLER, Accounts, App, Customer, Subscription
from xlbill.book.objects import PriceBook
from xlbill.book.worked_bills import Case, CaseRow, Expectation
from xlbill.language import Label
from xlbill.money import plain
from xlbill.problems import Problem, Problems, problem
from xlbill.rating.bill import Bill
from xlbill.rating.rate import Outcome, rate
from xlbill.usage import Series, Usage, by_app

APP, WHOLE = "example", "bill"


def check_cases(book: PriceBook, only: str | None = None) -> Problems:
    """Each worked bill of a book that does not come out, told at the cell of what was expected; or one of them."""
    cases = [case for case in book.cases if only is None or case.code.casefold() == only.casefold()]
    return Problems(found for case in cases for found in differences(case, rate_case(case, book), book))


def rate_case(case: Case, book: PriceBook) -> Outcome:
    """The bill of a worked bill, by the code that bills customers."""
    customer = Customer(
        case.code, Label(case.code, case.code), "", "", "", "", "zh", None, case.place, tax_class=case.tax_class
    )
    app = App(APP, case.code, book.regions[0], None, book.edition.code, *3 * (case.place,))
    orders = tuple(_subscription(row, case) for row in case.rows if row.item is not None)
    accounts = Accounts(NO_SELLER, (customer,), (app,), orders, (), ())
    return rate(customer, accounts, [book], Usage(by_app(_series(case))), {}, case.month, "worked-bills")


def differences(case: Case, outcome: Outcome, book: PriceBook) -> Iterator[Problem]:
    """What does not come out as a worked bill expects it: its problems, its total, figures of its lines."""
    told = {found.code for found in outcome.problems}
    for code in case.problems:
        if code not in told:
            yield problem("case-problem-absent", case.place, case=case.code, found=code, told=", ".join(sorted(told)))
    unexpected = [p for p in outcome.problems if p.severity == "error" and p.code not in case.problems]
    if unexpected or (outcome.bill is None and not case.problems):
        for found in unexpected:
            reason = Label(found.message("zh"), found.message("en"))
            yield problem("case-fails", found.place, case=case.code, reason=reason)
        return
    bill = outcome.bill
    if case.total is not None and (bill is None or bill.total.number != case.total):
        value = book.currency.text(bill.total.number) if bill is not None else "—"
        yield problem("case-differs", case.place, case=case.code, found=f"{case.total:f}", value=value)
    for expected in case.expected:
        figures = _figures(bill, expected) if bill is not None else []
        if figures != [expected.figure]:
            facts = {"case": case.code, "line": f"{expected.item}.{expected.name}", "found": plain(expected.figure)}
            value = ", ".join(map(plain, figures)) or "—"
            yield problem("case-line-differs", expected.place, None, **facts, value=value)


def _figures(bill: Bill, expected: Expectation) -> list[Decimal]:
    """The figures that a worked bill speaks of: of a line's item (`dau.amount`), or of the whole bill (`bill.tax`)."""
    if expected.item.casefold() == WHOLE:
        sums = {name: [figure] for name, figure in bill.sums.items()}
        sums |= {"net": [t.net for t in bill.taxes], "tax": [t.tax for t in bill.taxes]}
        return [figure.number for figure in sums.get(expected.name, ())]
    all_lines = (*bill.lines, *bill.unprinted)
    lines = [line for line in all_lines if line.item.casefold() == expected.item.casefold()]
    return [number for line in lines if (number := line.number(expected.name)) is not None]


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
