"""Terms: what an app's orders come to, day by day.

An order renews from its start until its end, until another order of the same thing closes it, or until the plan that
it depends on changes. The day of a change belongs to the new plan; what is cut short keeps the day on which it was
closed, so that the unused rest can be refunded (linked pages, "Subscriptions of the IM plans"). Nothing here knows a
price.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from xlbill.accounts import Subscription
from xlbill.book.objects import Extension, Item, Plan, PriceBook, Product
from xlbill.language import Label, folded
from xlbill.periods import (
    Period,
    anniversary_terms,
    billing_day_cycle,
    billing_day_terms,
    calendar_cycle,
    calendar_terms,
    months_after,
    weekly_terms,
)


@dataclass(frozen=True, slots=True)
class Order:
    """A subscription row whose item was found in the app's price book; orders of one day stand in the sheet's order."""

    item: Item
    subscription: Subscription
    billing_day: int = 1  # the customer's

    @property
    def start(self) -> date:
        return self.subscription.start


@dataclass(frozen=True, slots=True)
class Closing:
    """What ends an order on a day: another order of the same thing, a plan in place of the one that it needs.

    Without either it is the order's own end, of an item that ends with it.
    """

    day: date
    by: Item | None
    cancels: bool = False  # the plan that it was bought under became another one

    @property
    def why(self) -> Label:
        """What the bill says about it."""
        if self.by is None:
            return Label(f"订单于 {self.day} 提前结束", f"the order ended on {self.day}")
        zh, en = self.by.name.text("zh"), self.by.name.text("en")
        if self.cancels:
            return Label(f"套餐变更为{zh}，原套餐下的订阅随之取消", f"cancelled, as the plan changed to {en}")
        return Label(f"改订{zh}", f"replaced by {en}")


@dataclass(frozen=True, slots=True)
class Term:
    """One paid stretch of an order; `closing` is what ended it early."""

    order: Order
    period: Period
    closing: Closing | None = None

    @property
    def closed(self) -> date | None:
        """The day on which something ended it early."""
        return self.closing.day if self.closing is not None else None

    @property
    def item(self) -> Item:
        return self.order.item

    @property
    def cycle(self) -> Period:
        """The whole cycle that it is, or is a part of where it began in the middle of one."""
        match self.item.term:
            case "calendar":
                return calendar_cycle(self.period.start, self.item.term_months)
            case "billing day":
                return billing_day_cycle(self.period, self.order.billing_day, self.item.term_months)
        return self.period

    @property
    def ends_unpaid(self) -> bool:
        """Whether it is postpaid and ends in the month in which it began: its days are billed, and nothing refunded."""
        item, start, closed = self.item, self.period.start, self.closed
        ends = item.refund is not None or item.early_end == "days used"
        same_month = closed is not None and (closed.year, closed.month) == (start.year, start.month)
        return item.pay == "postpaid" and ends and same_month

    @property
    def active(self) -> Period | None:
        """The days on which it was in force; None where it was closed on the day it began."""
        end = min(self.period.end, self.closed or self.period.end)
        return Period(self.period.start, end) if self.period.start < end else None

    def holds_on(self, day: date) -> bool:
        """Whether it was in force on a day."""
        return day in self.period and (self.closed is None or day < self.closed)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days of a month through which a product's plan stayed the same; no plan at all is None."""

    period: Period
    plan: Plan | None


@dataclass(frozen=True, slots=True)
class Terms:
    """What an app's orders come to until a day: the terms that began, and the renewals that did not.

    A renewal lapses where no plan that it needs is in force on its first day; its order is over then, whatever plan
    comes later (docs/decisions.md, lapsed orders).
    """

    begun: tuple[Term, ...]
    lapsed: tuple[Term, ...]


def terms_of(orders: Sequence[Order], book: PriceBook, until: date) -> Terms:
    """All terms of an app's orders that begin before `until`, those that were cut short with the day of it.

    What one order needs another may give, which has lapsed itself: looked at again until nothing lapses any more.
    """
    begun = [term for number in range(len(orders)) for term in _all_terms(number, orders, until)]
    lapsed: list[Term] = []
    while over := _over(begun, book):
        lapsed += [term for term in begun if term.period.start >= over.get(term.order.subscription, date.max)]
        begun = [term for term in begun if term.period.start < over.get(term.order.subscription, date.max)]
    return Terms(tuple(begun), tuple(lapsed))


def _all_terms(number: int, orders: Sequence[Order], until: date) -> Iterator[Term]:
    """The terms of an order as if the plan that it needs went on for ever."""
    stop = min(_closings(number, orders), key=lambda closing: closing.day, default=None)
    for period in _renewals(orders[number], until, stop.day if stop is not None else None):
        yield Term(orders[number], period, stop if stop is not None and stop.day < period.end else None)


def _over(terms: Sequence[Term], book: PriceBook) -> dict[Subscription, date]:
    """The orders of which a renewal finds no plan that it needs, each with the first such day."""
    over: dict[Subscription, date] = {}
    for term in terms:
        renewed, order = term.period.start > term.order.start, term.order.subscription
        if renewed and order not in over and not is_allowed(term.item.product, book, terms, term.period.start):
            over[order] = term.period.start
    return over


def is_allowed(product: Product, book: PriceBook, terms: Sequence[Term], day: date) -> bool:
    """Whether one of the plans that a product needs is in force on a day."""
    needed = folded(product.needs)
    return not product.needs or any(plan.code.casefold() in needed for plan in plans_on(book, terms, day))


def plans_on(book: PriceBook, terms: Sequence[Term], day: date) -> tuple[Plan, ...]:
    """The plans in force on a day, one of a product."""
    of_plans = [term for term in terms if isinstance(term.item, Plan)]
    plans = (plan_at(book, product, of_plans, day) for product in book.products if product in book.with_plans)
    return tuple(plan for plan in plans if plan is not None)


def plan_stretches(book: PriceBook, product: str, terms: Sequence[Term], month: Period) -> tuple[Stretch, ...]:
    """The plans of a product through a month, without gaps: where nothing is subscribed, its default plan or none."""
    default = book.default_plans.get(product)
    subscribed = [
        (overlap, term.item)
        for term in terms
        if isinstance(term.item, Plan) and term.item.product.code == product and term.active is not None
        if (overlap := term.active.overlap(month)) is not None
    ]
    stretches: list[Stretch] = []
    day = month.start
    for period, plan in sorted(subscribed, key=lambda pair: pair[0]):
        if day < period.start:
            stretches.append(Stretch(Period(day, period.start), default))
        stretches.append(Stretch(period, plan))
        day = period.end
    if day < month.end:
        stretches.append(Stretch(Period(day, month.end), default))
    return _merged(stretches)


def plan_at(book: PriceBook, product: str, terms: Sequence[Term], day: date) -> Plan | None:
    """The plan of a product in force on a day, now or long ago: what is subscribed, else its default plan or none."""
    for term in terms:
        if isinstance(term.item, Plan) and term.item.product.code == product and term.holds_on(day):
            return term.item
    return book.default_plans.get(product)


def _renewals(order: Order, until: date, stop: date | None) -> Iterator[Period]:
    """The terms that begin before its end, its closing and `until`; the first one begins in any case."""
    subscription = order.subscription
    renewed_until = min(day for day in (until, subscription.end, stop) if day is not None)
    for number, period in enumerate(_term_periods(order, until)):
        if number and (period.start >= renewed_until or not subscription.renew):
            return
        yield period


def _term_periods(order: Order, until: date) -> Iterator[Period]:
    match order.item.term:
        case "calendar":
            return calendar_terms(order.start, until, order.item.term_months)
        case "billing day":
            return billing_day_terms(order.start, until, order.billing_day, order.item.term_months)
        case "weekly":
            return weekly_terms(order.start, until)
        case "anniversary":
            return anniversary_terms(order.start, until, order.item.term_months)
        case "once":
            month = Period(order.start, months_after(order.start, 1))
            return iter((month,) if order.start < until else ())


def _closings(number: int, orders: Sequence[Order]) -> Iterator[Closing]:
    """What ends an order: the next order of the same thing, a change of the plan it needs, its own end."""
    order = orders[number]
    if order.item.early_end != "run out" and order.subscription.end is not None:
        yield Closing(order.subscription.end, None)
    group = _exclusive_group(order.item)
    for other_number, other in enumerate(orders):
        later = (other.start, other_number) > (order.start, number)
        if later and group is not None and group == _exclusive_group(other.item):
            yield Closing(other.start, other.item)
    product = order.item.product
    if product.cancelled_on_change:
        changes = plan_changes(product.needs, orders)
        yield from (Closing(to.start, to.item, cancels=True) for to in changes if to.start > order.start)


def plan_changes(needs: Sequence[str], orders: Sequence[Order]) -> Iterator[Order]:
    """The orders by which an app's plan became another one, among the products that the needed plans belong to."""
    products = {need.partition(".")[0].casefold() for need in needs}
    plans = [
        order for order in orders if isinstance(order.item, Plan) and order.item.product.code.casefold() in products
    ]
    plans.sort(key=lambda order: order.start)
    for before, after in pairwise(plans):
        if before.item.product.code == after.item.product.code and before.item.code != after.item.code:
            yield after


def _exclusive_group(item: Item) -> tuple[str, str] | None:
    """What an item can stand only once in: a product has one plan, an extension one option, unless it stacks."""
    if isinstance(item, Plan):
        return ("plan", item.product.code)
    if isinstance(item, Extension) and not item.stackable:
        return ("extension", item.extension)
    return None


def _merged(stretches: Sequence[Stretch]) -> tuple[Stretch, ...]:
    merged: list[Stretch] = []
    for stretch in stretches:
        if merged and merged[-1].plan == stretch.plan:
            merged[-1] = Stretch(Period(merged[-1].period.start, stretch.period.end), stretch.plan)
        else:
            merged.append(stretch)
    return tuple(merged)
