"""Usage prices of an app whose plans stay the same all month, as in most months: found out once for all such apps.

Which prices hold, whether they are sold, in what order they are taken and whether one asks something for nothing used
depend then on the book and the plans alone. Whatever else takes part (a change of plans, a contract, another line) is
asked anew; tests hold what is kept and what is asked equal.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import TypeAlias

from xlbill.book.objects import Charge, Plan, Product
from xlbill.rating.app_month import AppMonth
from xlbill.rating.bill import Line
from xlbill.rating.contracts import in_force, nearness
from xlbill.rating.price_order import PricedItem, UsagePrices
from xlbill.rating.price_spans import PlanSpan, PriceSpan

_Kept: TypeAlias = tuple[tuple[Product, str, bool, Plan | None, tuple[Charge, ...]], ...]


def standing_prices(app_months: Sequence[AppMonth], gathers: str, ask: Callable[[], UsagePrices]) -> UsagePrices:
    """The usage prices of an app's month, where they were found out for another app with the same plans, those.

    `gathers` says for what the app is charged: its own usage, what is pooled, or the customer's charges.
    """
    app_month = app_months[0]
    plans = _plans(app_month) if len(app_months) == 1 else None
    if plans is None:
        return ask()
    known, key = app_month.book.known, ("prices", gathers, plans)
    if key not in known:
        prices = ask()
        known[key] = (_kept(prices.ordered), _kept(prices.circular), prices.apart)
        return prices
    ordered, circular, apart = known[key]
    return UsagePrices(_of(app_month, ordered), _of(app_month, circular), apart)


def owed_for_nothing(span: PriceSpan, ask: Callable[[], Sequence[Line]]) -> Sequence[Line]:
    """The lines of a price for a quantity of 0, none where they come to nothing, as those of most prices do."""
    known, key = span.parts[0].app_month.book.known, _key(span)
    if key is not None and known.get(key):
        return ()
    lines = ask()
    comes_to_nothing = all(line.amount.number == 0 for line in lines)
    if key is not None:
        known[key] = comes_to_nothing
    return () if comes_to_nothing else lines


def _plans(app_month: AppMonth) -> Hashable | None:
    """The plans of each product, and those in force on the first day, by which things are sold; None where one changes.

    Without a change what is sold on the first day is sold on all of them.
    """
    stretches = app_month.stretches.values()
    if any(len(of_product) != 1 for of_product in stretches):
        return None
    own = tuple(of_product[0].plan for of_product in stretches)
    there = app_month.plans_on(app_month.month.start)
    return tuple(plan.code if plan is not None else None for plan in own), tuple(plan.code for plan in there)


def _key(span: PriceSpan) -> Hashable | None:
    """What the lines of a price for a quantity of 0 depend on; None where it is more than the book, plan and month.

    What a year came to so far is carried by customers, and is asked anew.
    """
    part = span.parts[0]
    app_month, month = part.app_month, part.app_month.month
    if len(span.parts) > 1 or not part.period == part.granted == month.period:
        return None
    if any(_takes_more(tier) for tier in part.tiers):
        return None
    for contract in app_month.contracts:
        reached = any(nearness(contract, tier.scope) is not None for tier in part.tiers)
        if reached and in_force(contract, app_month.app, month.period.last):
            return None
    plan = part.plan.code if part.plan is not None else None
    return "nothing", month, part.tiers[0].product.code, span.item, span.sold, plan


def _takes_more(tier: Charge) -> bool:
    """Whether other lines or earlier months go into a price."""
    return bool(tier.references) or tier.of_customer or tier.year is not None or "subtotal" in tier.model.inputs


def _kept(items: Sequence[PricedItem]) -> _Kept:
    """Items without the app of whose month they are."""
    parts = ((item, span, span.parts[0]) for item in items for span in item.spans)
    return tuple((item.product, span.item, span.sold, part.plan, part.tiers) for item, span, part in parts)


def _of(app_month: AppMonth, items: _Kept) -> tuple[PricedItem, ...]:
    """Kept items for an app's month."""
    month = app_month.month.period
    return tuple(
        PricedItem(product, (PriceSpan(item, sold, (PlanSpan(app_month, month, plan, tiers, month),)),))
        for product, item, sold, plan, tiers in items
    )
