"""How many of something are in force, counted by days: three seats, then five from the 16th, are four in a month of 30.

A price cell that takes `seat.quantity` means the seats that there were, not the orders that were made: an upgrade does
not count twice, and a yearly order counts in each of its months. Days on which there were none do not count; whether a
quota is apportioned to the days of its plan is the price row's own column.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xlbill.accounts import Subscription
from xlbill.book.objects import Item, Plan
from xlbill.periods import Period
from xlbill.rating.app_month import AppMonth
from xlbill.rating.bill import Line
from xlbill.rating.fees import days_of_month, is_included, ordered
from xlbill.rating.figures import Figure, computed, our, total


@dataclass(frozen=True, slots=True)
class _Held:
    """An order that is in force in a month: how many, and on which days."""

    quantity: Figure
    periods: tuple[Period, ...]

    @property
    def days(self) -> frozenset[object]:
        """Its days."""
        return frozenset(day for period in self.periods for day in period)


def count_by_days(of: str, app_months: Sequence[AppMonth], lines: Sequence[Line]) -> Figure | None:
    """How many of an item, a product or everything are in force, over the days on which any are; None without any."""
    held = [order for app_month in app_months for order in _held(of, app_month, lines)]
    if not held:
        return None
    days = [order.days for order in held]
    figures = tuple(order.quantity for order in held)
    if len(held) == 1 or (_apart(days) and len({figure.number for figure in figures}) == 1):
        return figures[-1]
    if all(own == days[0] for own in days):
        return total("quantity", figures)
    return _average(held)


def _held(of: str, app_month: AppMonth, lines: Sequence[Line]) -> Iterator[_Held]:
    """The orders of an app that a word means, as far as they are charged."""
    periods: dict[Subscription, list[Period]] = {}
    items: dict[Subscription, Item] = {}
    for term in app_month.terms:
        active = term.active.overlap(app_month.month.period) if term.active is not None else None
        minimum = isinstance(term.item, Plan) and term.item.role == "minimum"
        if active is None or minimum or of not in _words(term.item) or is_included(app_month, term):
            continue
        periods.setdefault(term.order.subscription, []).append(active)
        items[term.order.subscription] = term.item
    for order, own in periods.items():
        starts = {period.start for period in own}
        charged = (
            line.figures["quantity"]
            for line in lines
            if (line.kind, line.app, line.item) == ("fee", app_month.app.code, items[order].code)
            and line.period is not None
            and line.period.start in starts
            and line.figures.get("quantity") is not None
            and line.figures["quantity"].place == order.quantity_place
        )
        yield _Held(next(charged, None) or ordered(order), tuple(own))


def _words(item: Item) -> set[str]:
    return {word.casefold() for word in (item.code, item.product.code, "all")}


def _apart(days: Sequence[frozenset[object]]) -> bool:
    return sum(map(len, days)) == len(frozenset().union(*days))


def _average(held: Sequence[_Held]) -> Figure:
    """Each quantity times its days, over all days on which there was any."""
    inputs: dict[str, Figure] = {}
    for number, order in enumerate(held):
        inputs |= {f"quantity_{number}": order.quantity, f"days_{number}": days_of_month(order.periods)[0]}
    inputs["of_days"] = days_of_month([period for order in held for period in order.periods])[0]
    products = "+".join(f"quantity_{number}*days_{number}" for number in range(len(held)))
    return computed("quantity", our(f"=({products})/of_days"), inputs)
