"""Commitments: what a customer undertakes to spend on a product over a year, or some months, trued up at its end.

A plan whose role is commitment has no fee. Its months are counted from that in which it was ordered (docs/decisions.md,
commitments); what the product's usage came to is carried through them, and the last one has a line for the rest.
"""

from collections.abc import Mapping, Sequence

from xlbill.balances import Balance, BalanceKey
from xlbill.book.objects import Plan
from xlbill.language import Label
from xlbill.problems import Problems
from xlbill.rating.app_month import AppMonth
from xlbill.rating.bill import Line
from xlbill.rating.figures import total
from xlbill.rating.minimums import top_up
from xlbill.rating.named_lines import amounts
from xlbill.rating.terms import Term
from xlbill.rating.years import MONTHS, YearCount, opening_of_year, period_of_months

COMMITTED = Label("承诺累计", "spent of the commitment")


def commitment_lines(
    app_month: AppMonth, lines: Sequence[Line], balances: Mapping[BalanceKey, Balance], found: Problems
) -> tuple[list[Line], list[YearCount]]:
    """The lines that true an app's commitments up in their last month, and what each came to so far."""
    topped: list[Line] = []
    counts: list[YearCount] = []
    for plan in app_month.book.plans:
        terms = [term for term in app_month.terms if term.item.code == plan.code]
        if plan.role != "commitment" or not terms:
            continue
        count = _count(app_month, plan, terms[0], balances, found)
        running = terms[-1].active is not None and terms[-1].active.overlap(app_month.month.period) is not None
        if count is None or not (running or count.period.end == app_month.month.period.end):
            continue
        counts.append(count)
        so_far = count.so_far
        count.used.append(total("subtotal", amounts(lines, plan.product.code)))
        if count.period.end == app_month.month.period.end:
            line = top_up(app_month, terms[-1], plan, lines, found, so_far)
            topped += [line] if line is not None else []
    return topped, counts


def _count(
    app_month: AppMonth, plan: Plan, first: Term, balances: Mapping[BalanceKey, Balance], found: Problems
) -> YearCount | None:
    month, app = app_month.month, app_month.app
    months = plan.term_months if plan.term_months > 1 else MONTHS
    period = period_of_months(first.order.start, months, month)
    key: BalanceKey = (app_month.debtor, app.code, "year", plan.code, period.start)
    place = first.order.subscription.place
    opening = opening_of_year(key, period, month, first.order.start < month.start, balances, place, found)
    title = Label(f"{plan.name.text('zh')} · {COMMITTED.zh}", f"{plan.name.text('en')} · {COMMITTED.en}")
    currency = Label(app_month.book.currency.code, app_month.book.currency.code)
    return YearCount(key, title, currency, period, opening) if opening is not None else None
