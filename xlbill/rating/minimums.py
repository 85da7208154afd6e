"""Minimums: a line that tops a product's usage up to its plan's price, so that the lines add to the higher one.

The minimum starts with the first month in which a day lies after the product's trial (docs/decisions.md, trials).
"""

from collections.abc import Sequence

from xlbill.book.objects import Plan
from xlbill.problems import Problems
from xlbill.rating.app_month import AppMonth
from xlbill.rating.bill import Line
from xlbill.rating.fees import days_of, ordered
from xlbill.rating.figures import Figure, total
from xlbill.rating.named_lines import amounts, lookup_in
from xlbill.rating.price import Supplies, Thing, price
from xlbill.rating.terms import Term
from xlbill.rating.trials import trial_days


def minimum_lines(app_month: AppMonth, lines: Sequence[Line], found: Problems) -> list[Line]:
    """The top-up lines of an app's minimum plans that are active after their trial in this month."""
    topped = []
    for plan in app_month.book.plans:
        if plan.role != "minimum":
            continue
        terms = [term for term in app_month.terms if term.item.code == plan.code and _is_due(app_month, term)]
        if terms and (line := top_up(app_month, terms[-1], plan, lines, found)) is not None:
            topped.append(line)
    return topped


def _is_due(app_month: AppMonth, term: Term) -> bool:
    """Whether a term has a day in the month that lies after the trial."""
    days = term.active.overlap(app_month.month.period) if term.active else None
    product = term.item.product.code
    trials = [trial_days(app_month, trial) for trial in app_month.book.trials if trial.product.code == product]
    ends = [trial.end for trial in trials if trial is not None]
    return days is not None and days.last >= max(ends, default=days.start)


def top_up(
    app_month: AppMonth,
    term: Term,
    plan: Plan,
    lines: Sequence[Line],
    found: Problems,
    so_far: Figure | None = None,
) -> Line | None:
    """The line that tops a product's usage up to a plan's price; `so_far` is what earlier months came to."""
    subscription, product = term.order.subscription, plan.product
    if not app_month.allowed(product, term.order.start):
        facts = {"app": app_month.app.code, "item": plan.code, "needs": ", ".join(product.needs), "found": "—"}
        found.add("needs-plan", subscription.place, None, **facts)
        return None
    thing = Thing(
        kind="minimum",
        app=app_month.app.code,
        product=product,
        item=plan.code,
        title=plan.name,
        model=plan.model,
        pay=plan.pay,
        parameters=plan.parameters,
        scope=plan.scope,
        place=subscription.place,
        row=plan.place,
        period=app_month.month.period,
        order=subscription,
    )
    own = days_of(term)
    supplies = Supplies(
        days=own.days,
        of_days=own.of_days,
        quantity=ordered(subscription) if thing.takes("quantity") else None,
        subtotal=lambda: total("subtotal", amounts(lines, product.code)),
        look_up=lookup_in(lines, (app_month,)),
        so_far=so_far,
    )
    return price(thing, app_month, app_month.month.period.last, supplies, found)
