"""Which usage prices hold on which days: a month of plans cut into stages that are priced alike.

A product's plan may change within a month, and what may be sold depends on another product's plan. Days that are
priced alike (same model, same figures but for the included quantity) form one stage.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from xlbill.book.lookup import charges_for
from xlbill.book.objects import Charge, Plan
from xlbill.periods import Period
from xlbill.rating.scene import Scene


@dataclass(frozen=True, slots=True)
class Share:
    """A stretch of days of one app under one plan, and the prices (tiers) that it gives."""

    scene: Scene
    period: Period
    plan: Plan | None
    tiers: tuple[Charge, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """The days of a month on which an item is priced alike; unsold, its usage above the quota is never charged."""

    item: str
    sold: bool
    shares: tuple[Share, ...]  # in order of their days

    @property
    def tiers(self) -> tuple[Charge, ...]:
        """The prices, as its last days have them."""
        return self.shares[-1].tiers

    @property
    def periods(self) -> tuple[Period, ...]:
        """Its days."""
        return tuple(share.period for share in self.shares)

    def share_on(self, app: str, day: date | None) -> Share:
        """The share of an app on a day, or its last one."""
        own = [share for share in self.shares if share.scene.app.code == app]
        return next((share for share in own if day is not None and day in share.period), own[-1])


def stages_of(scenes: Sequence[Scene], product: str) -> tuple[Stage, ...]:
    """The stages of a product's items in a month, over the apps whose usage is charged together."""
    by_kind: dict[tuple[object, ...], list[Share]] = {}
    for scene in scenes:
        for period, plan, sold in _days_of(scene, product):
            for item, tiers in charges_for(scene.book, product, plan).items():
                kind = (item, sold and all(tier.sold for tier in tiers), *map(_signature, tiers))
                by_kind.setdefault(kind, []).append(Share(scene, period, plan, tiers))
    stages = [
        Stage(str(kind[0]), bool(kind[1]), tuple(sorted(shares, key=lambda share: share.period)))
        for kind, shares in by_kind.items()
    ]
    return tuple(sorted(stages, key=lambda stage: stage.shares[-1].period.end))


def _days_of(scene: Scene, product: str) -> list[tuple[Period, Plan | None, bool]]:
    """A month in pieces of one plan each, cut again where another product's plan decides whether it may be sold."""
    pieces: list[tuple[Period, Plan | None, bool]] = []
    sold_in_plans = any(plan.product == product for plan in scene.book.plans)
    changes = sorted({stretch.period.start for stretches in scene.stretches.values() for stretch in stretches})
    for stretch in scene.stretches[product]:
        if stretch.plan is None and sold_in_plans:
            continue
        inside = [day for day in changes if stretch.period.start < day < stretch.period.end]
        for start, end in pairwise((stretch.period.start, *inside, stretch.period.end)):
            sold = scene.allowed(product, start)
            if pieces and pieces[-1][1:] == (stretch.plan, sold) and pieces[-1][0].end == start:
                start = pieces.pop()[0].start
            pieces.append((Period(start, end), stretch.plan, sold))
    return pieces


def _signature(charge: Charge) -> tuple[object, ...]:
    """What makes two plans' prices of an item alike: everything but what they include."""
    figures = tuple((name, p.value, p.formula) for name, p in charge.parameters.items() if name != "included")
    return (charge.model, charge.meter, charge.dimension, charge.pay, figures)
