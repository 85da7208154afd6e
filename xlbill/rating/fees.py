"""Fees: the terms that begin in a month, the packs bought in it, and the refunds of what was cut short in it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeAlias

from xlbill.accounts import App, Subscription
from xlbill.book.objects import Extension, Item, Model, Offer, Pack, Parameter, Plan
from xlbill.language import Label
from xlbill.periods import Month, Period
from xlbill.problems import Fact, Problem, Problems, problem
from xlbill.rating.app_month import AppMonth, needed_plan
from xlbill.rating.bill import Line
from xlbill.rating.figures import Figure, computed, given, our, total
from xlbill.rating.orders import Purchase
from xlbill.rating.price import Supplies, Thing, price
from xlbill.rating.terms import Term

DAYS = our("=end-start+1")
DAYS_LEFT = our("=end-changed+1")
DAYS_OF_MONTH = our("=DAY(EOMONTH(start,0))")


Earlier: TypeAlias = Callable[[App, Month], AppMonth | None]
"""An app as it stood in an earlier month, under the prices of then."""


def fee_lines(app_month: AppMonth, earlier: Earlier, found: Problems) -> tuple[list[Line], list[Label]]:
    """The lines of an app's plans, extensions and packs, and remarks on what its plan includes."""
    lines: list[Line] = []
    remarks: list[Label] = []
    for term in app_month.lapsed:
        facts = {"app": app_month.app.code, "item": term.item.code, "day": str(term.period.start)}
        found.add("order-lapsed", term.order.subscription.place, None, **facts)
    for term in app_month.terms:
        if isinstance(term.item, Plan) and term.item.role != "fee":
            continue
        if term.period.start in app_month.month.period:
            if is_included(app_month, term):
                remarks.append(_included_remark(app_month, term))
                continue
            lines += _some(_days_used(app_month, term, found) if term.ends_unpaid else _fee(app_month, term, found))
        if term.closed is not None and term.closed in app_month.month.period and not term.ends_unpaid:
            lines += _some(_refund(app_month, term, earlier, found))
        found += _running_on(app_month, term)
    for purchase in app_month.purchases:
        if purchase.subscription.start in app_month.month.period:
            lines += _some(pack_line(app_month, purchase, found))
    return lines, remarks


def _running_on(app_month: AppMonth, term: Term) -> Iterator[Problem]:
    """Tell that an order's end lies within a term that its item lets run out, though it has a refund model."""
    order, item = term.order.subscription, term.item
    if order.end is None or order.end not in app_month.month.period or item.refund is None:
        return
    if term.period.start < order.end < term.period.end and term.closing is None:
        facts: dict[str, Fact] = {"app": app_month.app.code, "item": item.code, "found": str(order.end)}
        yield problem("end-within-term", order.end_place, None, **facts, last=str(term.period.last))


def _fee(app_month: AppMonth, term: Term, found: Problems, paid: Period | None = None) -> Line | None:
    """The fee of one term, or of the days of it that are paid: what its plan or option costs on the day it begins."""
    item, start = term.item, term.period.start
    parameters = _parameters(app_month, term, found)
    if parameters is None:
        return None
    price_cell = parameters.get("price")
    free = price_cell is not None and price_cell.value == 0
    if not free and not app_month.allowed(item.product, start):
        needs_plan(app_month, item, term.order.subscription, start, found)
        return None
    own = days_of(term, paid)
    part = own.days.number != own.of_days.number
    thing = replace(
        _ordered_thing(app_month, item, term.order.subscription),
        parameters=parameters,
        period=paid or term.period,
        remark=_part(own) if item.by_days and part else None,
        reason=term.closing.why if paid is not None and term.closing is not None else None,
    )
    return price(thing, app_month, start, own.supplies(ordered(term.order.subscription)), found)


def _days_used(app_month: AppMonth, term: Term, found: Problems) -> Line | None:
    """A postpaid term that ended in the month in which it began: the days used, in one line.

    Its own model charges them, or its refund model turned round where the own one knows no days. Nothing is billed of a
    term that was closed on the day on which it began.
    """
    used, item = term.active, term.item
    if used is None:
        return None
    if item.by_days:
        return _fee(app_month, term, found, used)
    billed = _fee(app_month, term, found)
    if billed is None or item.refund is None:
        return billed
    own = days_of(term, used)
    thing = replace(
        _of_billed(_ordered_thing(app_month, item, term.order.subscription), item.refund, billed),
        period=used,
        remark=_part(own),
        reason=term.closing.why if term.closing is not None else None,
    )
    turned = price(thing, app_month, term.period.start, own.supplies(billed.figures.get("quantity")), found)
    if turned is None:
        return None
    amount = computed("amount", our("=-refund"), {"refund": turned.amount})
    return replace(turned, figures={**turned.figures, "amount": amount}, contracts=billed.contracts)


def needs_plan(app_month: AppMonth, item: Item | Pack, subscription: Subscription, day: date, found: Problems) -> None:
    """Tell that something was ordered without the plan that it needs."""
    plans = ", ".join(plan.code for plan in app_month.plans_on(day)) or "—"
    needs = ", ".join(item.product.needs)
    found.add("needs-plan", subscription.place, app=app_month.app.code, item=item.code, needs=needs, found=plans)


def _refund(app_month: AppMonth, term: Term, earlier: Earlier, found: Problems) -> Line | None:
    """The unused days of a term that something ended early: days left over its days, of what was billed for it.

    A term of an earlier month was billed by the prices of then, which may be those of another edition.
    """
    place, closing = term.order.subscription.place, term.closing
    assert closing is not None
    closed = closing.day
    if term.period.start not in app_month.month.period:
        then = _as_billed(term, earlier(app_month.app, Month.of(term.period.start)))
        if then is None:
            facts = {"app": app_month.app.code, "item": term.item.code, "since": str(term.period.start)}
            found.add("refund-without-prices", place, None, **facts)
            return None
        app_month, term = then
    item = term.item
    if item.refund is None or is_included(app_month, term):
        return None
    billed = _fee(app_month, term, found)
    if billed is None or billed.amount.number <= 0:
        return None
    whole, end = days_of(term), given("end", term.period.last, place)
    changed = given("changed", closed, place)
    days = computed("days", DAYS_LEFT, {"end": end, "changed": changed})
    of_days = computed("of_days", DAYS, {"end": end, "start": whole.start})
    left, of = days.number, of_days.number
    thing = replace(
        refund_thing(app_month, item, term.order.subscription, item.refund, billed),
        period=Period(closed, term.period.end),
        remark=Label(f"剩余 {left} 天 / 共 {of} 天", f"{left} of {of} days left"),
        reason=closing.why,
    )
    return price(thing, app_month, closed, Supplies(days=days, of_days=of_days), found)


def _as_billed(term: Term, then: AppMonth | None) -> tuple[AppMonth, Term] | None:
    """The same term among those of the month in which it began."""
    if then is None:
        return None
    same = (t for t in then.terms if (t.order.subscription, t.period) == (term.order.subscription, term.period))
    return next(((then, t) for t in same), None)


def pack_line(app_month: AppMonth, purchase: Purchase, found: Problems) -> Line | None:
    """A pack, paid when it is bought."""
    pack, subscription = purchase.pack, purchase.subscription
    if not app_month.allowed(pack.product, subscription.start):
        needs_plan(app_month, pack, subscription, subscription.start, found)
        return None
    whole = _ordered_thing(app_month, pack, subscription)
    thing = replace(whole, unit=Label("个", "pack"), period=pack_validity(purchase))
    return price(thing, app_month, subscription.start, Supplies(quantity=ordered(subscription)), found)


def _ordered_thing(app_month: AppMonth, item: Item | Pack, order: Subscription) -> Thing:
    """What an order is of: a plan, an extension or a pack, with its price row."""
    return Thing(
        kind="pack" if isinstance(item, Pack) else "fee",
        app=app_month.app.code,
        product=item.product,
        item=item.code,
        title=item.name,
        model=item.model,
        pay="prepaid" if isinstance(item, Pack) else item.pay,
        parameters=item.parameters,
        scope=item.scope,
        place=order.place,
        row=item.place,
        order=order,
        list_price=item.list_price,
    )


def _of_billed(thing: Thing, model: Model, billed: Line) -> Thing:
    """A part of a thing by another model, whose price is what was billed: no contract changes it once more."""
    known = {"price": Parameter(billed.amount.value, None, thing.place)}
    return replace(thing, model=model, parameters=known, scope=None, list_price=None)


def refund_thing(app_month: AppMonth, item: Item | Pack, order: Subscription, model: Model, billed: Line) -> Thing:
    """What a refund model gives back of what was billed for an order."""
    title = Label(f"退款：{item.name.text('zh')}", f"Refund: {item.name.text('en')}")
    thing = _of_billed(_ordered_thing(app_month, item, order), model, billed)
    assert billed.period is not None, "what is bought is for some days"
    return replace(thing, kind="refund", title=title, refund_of=Month.of(billed.period.start))


def pack_validity(purchase: Purchase) -> Period:
    """From the 1st of the month of purchase to the end of the month so many months later (docs/decisions.md, packs)."""
    bought = Month.of(purchase.subscription.start)
    return Period(bought.start, bought.plus(purchase.pack.months + 1).start)


def _parameters(app_month: AppMonth, term: Term, found: Problems) -> dict[str, Parameter] | None:
    """The price row of a term; an extension's price is that of the plan on the day it begins."""
    item = term.item
    if not isinstance(item, Extension):
        return dict(item.parameters)
    offer = _offer(app_month, term)
    if isinstance(offer, Parameter):
        return {**item.parameters, "price": offer}
    plan = needed_plan(app_month, item.product, term.period.start)
    code = "not-offered" if plan is not None and plan.code in item.prices else "needs-plan"
    needs = ", ".join(item.product.needs)
    found.add(
        code,
        term.order.subscription.place,
        app=app_month.app.code,
        item=item.code,
        needs=needs,
        found=plan.code if plan else "—",
    )
    return None


def _offer(app_month: AppMonth, term: Term) -> Parameter | Offer | None:
    """What an extension costs under the plan of the day on which the term begins."""
    if not isinstance(term.item, Extension):
        return None
    plans = {plan.code for plan in app_month.plans_on(term.period.start)}
    return next((offer for plan, offer in term.item.prices.items() if plan in plans), None)


@dataclass(frozen=True, slots=True)
class TermDays:
    """The days that are paid of a term: the first and the last, how many, and of how many."""

    start: Figure
    end: Figure
    days: Figure
    of_days: Figure

    def supplies(self, quantity: Figure | None) -> Supplies:
        """What a model may take of them."""
        return Supplies(quantity=quantity, start=self.start, end=self.end, days=self.days, of_days=self.of_days)


def days_of(term: Term, paid: Period | None = None) -> TermDays:
    """The days of a term that are paid for, and those of the whole: less than all in a first or last month by days."""
    item, place, period = term.item, term.order.subscription.place, paid or term.period
    start, end = given("start", period.start, place), given("end", period.last, place)
    days = computed("days", DAYS, {"start": start, "end": end})
    if item.term not in ("calendar", "billing day") or (paid is not None and not item.first_by_days):
        last = end if paid is None else given("end", term.period.last, place)
        return TermDays(start, end, days, computed("of_days", DAYS, {"start": start, "end": last}))
    if item.term == "calendar" and item.term_months == 1:
        of_days = computed("of_days", DAYS_OF_MONTH, {"start": start})
    else:
        first, last = given("start", term.cycle.start, place), given("end", term.cycle.last, place)
        of_days = computed("of_days", DAYS, {"start": first, "end": last})
    return TermDays(start, end, days if item.first_by_days else of_days, of_days)


def is_included(app_month: AppMonth, term: Term) -> bool:
    """Whether a term is of an extension that its plan includes, and has no fee."""
    return _offer(app_month, term) is Offer.INCLUDED


def days_of_month(periods: Sequence[Period]) -> tuple[Figure, Figure]:
    """The days of a month that some periods of it cover, each counted once, and all its days."""
    parts = []
    for first, last in _joined(periods):
        dates = {"start": given("start", first), "end": given("end", last - timedelta(days=1))}
        parts.append(computed("days", DAYS, dates))
    of_days = computed("of_days", DAYS_OF_MONTH, {"start": given("start", periods[0].start)})
    return parts[0] if len(parts) == 1 else total("days", tuple(parts)), of_days


def _joined(periods: Sequence[Period]) -> list[tuple[date, date]]:
    """Periods that meet or overlap as one, each with its first day and the day after its last."""
    joined: list[tuple[date, date]] = []
    for period in sorted(periods):
        if joined and period.start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], period.end))
        else:
            joined.append((period.start, period.end))
    return joined


def _part(own: TermDays) -> Label:
    """Of how many days a part of a term is."""
    return Label(
        f"{own.days.number} 天 / 共 {own.of_days.number} 天", f"{own.days.number} of {own.of_days.number} days"
    )


def _included_remark(app_month: AppMonth, term: Term) -> Label:
    plan = needed_plan(app_month, term.item.product, term.period.start)
    name, of = term.item.name, plan.name if plan else Label("", "")
    app = app_month.app.code
    return Label(
        f"{app}：{name.text('zh')}已包含在{of.text('zh')}中", f"{app}: {name.text('en')} is included in {of.text('en')}"
    )


def _some(line: Line | None) -> Iterator[Line]:
    if line is not None:
        yield line


def ordered(subscription: Subscription) -> Figure:
    """How many were ordered."""
    return given("quantity", subscription.quantity, subscription.quantity_place)
