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


def spans_of(app_months: Sequence[AppMonth], product: str) -> tuple[PriceSpan, ...]:
    """The spans of a product's items in a month, over the apps whose usage is charged together."""
    by_kind: dict[tuple[object, ...], list[PlanSpan]] = {}
    for app_month in app_months:
        for period, plan, sold in _days_of(app_month, product):
            for item, tiers in charges_for(app_month.book, product, plan).items():
                kind = (item, sold and all(tier.sold for tier in tiers), *map(_signature, tiers))
                by_kind.setdefault(kind, []).append(PlanSpan(app_month, period, plan, tiers))
    spans = [
        PriceSpan(str(kind[0]), bool(kind[1]), tuple(sorted(parts, key=lambda part: part.period)))
        for kind, parts in by_kind.items()
    ]
    return tuple(sorted(spans, key=lambda span: span.parts[-1].period.end))


def _days_of(app_month: AppMonth, product: str) -> list[tuple[Period, Plan | None, bool]]:
    """A month in pieces of one plan each, cut again where another product's plan decides whether it may be sold."""
    pieces: list[tuple[Period, Plan | None, bool]] = []
    sold_in_plans = any(plan.product.code == product for plan in app_month.book.plans)
    changes = sorted({stretch.period.start for stretches in app_month.stretches.values() for stretch in stretches})
    for stretch in app_month.stretches[product]:
        if stretch.plan is None and sold_in_plans:
            continue
        inside = [day for day in changes if stretch.period.start < day < stretch.period.end]
        for start, end in pairwise((stretch.period.start, *inside, stretch.period.end)):
            sold = app_month.allowed(app_month.book.products[product], start)
            if pieces and pieces[-1][1:] == (stretch.plan, sold) and pieces[-1][0].end == start:
                start = pieces.pop()[0].start
            pieces.append((Period(start, end), stretch.plan, sold))
    return pieces


def _signature(charge: Charge) -> tuple[object, ...]:
    """What makes two plans' prices of an item alike: everything but what they include."""
    figures = tuple((name, p.value, p.formula) for name, p in charge.parameters.items() if name != "included")
    return (charge.model.code, charge.meter.code if charge.meter else "", charge.dimension, charge.pay, figures)
