"""Which usage prices hold on which days: a month of plans cut into spans that are priced alike.

A product's plan may change within a month, and what may be sold depends on another product's plan. Days that are
priced alike (same model, same figures but for the included quantity) form one span.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from xlbill.book.lookup import charges_for
from xlbill.book.objects import Charge, Plan
from xlbill.periods import Period
from xlbill.rating.app_month import AppMonth


@dataclass(frozen=True, slots=True)
class PlanSpan:
    """A stretch of days of one app under one plan, and the prices (tiers) that it gives."""

    app_month: AppMonth
    period: Period
    plan: Plan | None
    tiers: tuple[Charge, ...]
    granted: Period  # the days for which its quota counts


@dataclass(frozen=True, slots=True)
class PriceSpan:
    """The days of a month on which an item is priced alike; unsold, its usage above the quota is never charged."""

    item: str
    sold: bool
    parts: tuple[PlanSpan, ...]  # in order of their days

    @property
    def tiers(self) -> tuple[Charge, ...]:
        """The prices, as its last days have them."""
        return self.parts[-1].tiers

    @property
    def periods(self) -> tuple[Period, ...]:
        """Its days."""
        return tuple(part.period for part in self.parts)

    def part_on(self, app: str, day: date | None) -> PlanSpan:
        """The part of an app on a day, or its last one."""
        own = [part for part in self.parts if part.app_month.app.code == app]
        return next((part for part in own if day is not None and day in part.period), own[-1])


def spans_of(app_months: Sequence[AppMonth], product: str, buyers: Sequence[AppMonth] = ()) -> tuple[PriceSpan, ...]:
    """The spans of a product's items in a month, over the apps whose usage is charged together.

    It is sold on the days on which one of `buyers`, else the app itself, has a plan that it needs.
    """
    by_kind: dict[tuple[object, ...], list[PlanSpan]] = {}
    for app_month in app_months:
        for piece in _pieces(app_month, product, buyers or (app_month,)):
            for item, tiers in charges_for(app_month.book, product, piece.plan).items():
                kind = (item, piece.sold and all(tier.sold for tier in tiers), *(tier.signature for tier in tiers))
                span = PlanSpan(app_month, piece.period, piece.plan, tiers, piece.granted)
                by_kind.setdefault(kind, []).append(span)
    spans = [
        PriceSpan(str(kind[0]), bool(kind[1]), tuple(sorted(parts, key=lambda part: part.period)))
        for kind, parts in by_kind.items()
    ]
    return tuple(sorted(spans, key=lambda span: span.parts[-1].period.end))


@dataclass(frozen=True, slots=True)
class _Piece:
    """Days of a month under one plan of a product, all of them sold or none."""

    period: Period
    plan: Plan | None
    sold: bool
    granted: Period


def _pieces(app_month: AppMonth, product: str, buyers: Sequence[AppMonth]) -> list[_Piece]:
    """A month in pieces of one plan each, cut again where another product's plan decides whether it may be sold.

    What was paid for a plan does not hang on those cuts, and neither does its quota: it counts for all of the plan's
    days. The quota of a default plan, for which nothing is paid, counts for the days on which its product is sold.
    """
    pieces: list[_Piece] = []
    sold_in_plans = product in app_month.book.with_plans
    stretches = [stretch for each in buyers for of_product in each.stretches.values() for stretch in of_product]
    changes = sorted({stretch.period.start for stretch in stretches})
    for stretch in app_month.stretches[product]:
        plan = stretch.plan
        if plan is None and sold_in_plans:
            continue
        inside = [day for day in changes if stretch.period.start < day < stretch.period.end]
        for start, end in pairwise((stretch.period.start, *inside, stretch.period.end)):
            sold = any(each.allowed(each.book.products[product], start) for each in buyers)
            if pieces and (pieces[-1].plan, pieces[-1].sold) == (plan, sold) and pieces[-1].period.end == start:
                start = pieces.pop().period.start
            period = Period(start, end)
            granted = period if plan is None or plan.default else stretch.period
            pieces.append(_Piece(period, plan, sold, granted))
    return pieces
