"""What the usage prices of an app's month are: found out once for all apps with the same plans on the same days.

Which prices hold on which days, whether they are sold, in what order they are taken and whether one asks something for
nothing used depend on the book and on the plans alone. Whatever else takes part (several apps, a contract, another
line, earlier months) is asked anew; tests hold what is kept and what is asked equal.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeAlias

from xlbill.book.objects import Charge, Plan, PriceBook, Product
from xlbill.periods import Period
from xlbill.rating.app_month import AppMonth
from xlbill.rating.bill import Line
from xlbill.rating.contracts import in_force, nearness
from xlbill.rating.price_order import PricedItem, UsagePrices
from xlbill.rating.price_spans import PlanSpan, PriceSpan

MOST = 20_000
"""So many answers are kept with a book at the most: those of some hundred ways to be subscribed through a month."""

_Span: TypeAlias = tuple[str, bool, tuple[tuple[Period, Plan | None, tuple[Charge, ...], Period], ...]]
_Kept: TypeAlias = tuple[tuple[Product, tuple[_Span, ...]], ...]


def standing_prices(app_months: Sequence[AppMonth], gathers: str, ask: Callable[[], UsagePrices]) -> UsagePrices:
    """The usage prices of a month; of one app those that were found out for another with the same plans.

    `gathers` says for what it is charged: its own usage, what is pooled, or the customer's charges.
    """
    if len(app_months) > 1:
        return ask()
    app_month = app_months[0]
    known, key = app_month.book.known, ("prices", gathers, _plans(app_month))
    if key not in known:
        prices = ask()
        _keep(app_month.book, key, (_kept(prices.ordered), _kept(prices.circular), prices.apart))
        return prices
    ordered, circular, apart = known[key]
    return UsagePrices(_of(app_month, ordered), _of(app_month, circular), apart)


def owed_for_nothing(span: PriceSpan, ask: Callable[[], Sequence[Line]]) -> Sequence[Line]:
    """The lines of a price for a quantity of 0, none where they come to nothing, as those of most prices do."""
    book, key = span.parts[0].app_month.book, _key(span)
    if key is not None and book.known.get(key):
        return ()
    lines = ask()
    comes_to_nothing = all(line.amount.number == 0 for line in lines)
    if key is not None:
        _keep(book, key, comes_to_nothing)
    return () if comes_to_nothing else lines


def _keep(book: PriceBook, key: Hashable, answer: Any) -> None:
    if len(book.known) >= MOST:
        book.known.clear()
    book.known[key] = answer


def _plans(app_month: AppMonth) -> Hashable:
    """The plans of each product through the month, and those in force where one changes, by which things are sold."""
    stretches = app_month.stretches.values()
    own = tuple((each.period.start, _code(each.plan)) for of_product in stretches for each in of_product)
    changes = sorted({start for start, _ in own})
    return own, tuple(plan.code for day in changes for plan in app_month.plans_on(day))


def _key(span: PriceSpan) -> Hashable | None:
    """What the lines of a price for a quantity of 0 depend on; None where it is more than the book and the plans."""
    app_month = span.parts[0].app_month
    if any(part.app_month is not app_month for part in span.parts):
        return None
    tiers = span.tiers
    if any(_takes_more(tier) for tier in tiers):
        return None
    for contract in app_month.contracts:
        reached = any(nearness(contract, tier.scope) is not None for tier in tiers)
        if reached and in_force(contract, app_month.app, app_month.month.period.last):
            return None
    parts = tuple((part.period, part.granted, _code(part.plan)) for part in span.parts)
    return "nothing", tiers[0].product.code, span.item, span.sold, parts


def _takes_more(tier: Charge) -> bool:
    """Whether other lines or earlier months go into a price."""
    earlier = tier.year is not None or tier.rollover is not None
    return bool(tier.references) or tier.of_customer or earlier or "subtotal" in tier.model.inputs


def _code(plan: Plan | None) -> str | None:
    return plan.code if plan is not None else None


def _kept(items: Sequence[PricedItem]) -> _Kept:
    """Items without the app of whose month they are."""
    return tuple((item.product, tuple(map(_without_app, item.spans))) for item in items)


def _without_app(span: PriceSpan) -> _Span:
    return span.item, span.sold, tuple((part.period, part.plan, part.tiers, part.granted) for part in span.parts)


def _of(app_month: AppMonth, items: _Kept) -> tuple[PricedItem, ...]:
    """Kept items for an app's month."""
    return tuple(
        PricedItem(
            product,
            tuple(
                PriceSpan(item, sold, tuple(PlanSpan(app_month, *part) for part in parts))
                for item, sold, parts in spans
            ),
        )
        for product, spans in items
    )
