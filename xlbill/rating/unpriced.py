"""What cannot be charged: usage above a quota that is not for sale, and usage that has no price at all."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from xlbill.book.objects import PriceBook
from xlbill.money import plain
from xlbill.problems import Fact, Problems
from xlbill.rating.figures import Figure
from xlbill.rating.metering import within
from xlbill.rating.scene import Scene
from xlbill.rating.usage_prices import Stage
from xlbill.usage import Series


def over_quota(app: str, stage: Stage, quantity: Figure, found: Problems) -> None:
    """Usage above the quota where it is not for sale: never charged, a warning and a remark (DESIGN, decision 4)."""
    tier, plan = stage.tiers[-1], stage.shares[-1].plan
    limit = tier.parameters.get("included")
    included = limit.value if limit is not None and isinstance(limit.value, Decimal) else Decimal(0)
    if quantity.number <= included:
        return
    used, free = (f"{Decimal(plain(number)):,f}" for number in (quantity.number, included))
    place = stage.shares[-1].scene.app.place
    facts: dict[str, Fact] = {
        "app": app,
        "item": tier.item,
        "name": tier.name,
        "plan": plan.code if plan else "",
        "found": used,
        "limit": free,
    }
    found.add("over-free-limit", place, None, **facts)


def check_all_priced(scenes: Sequence[Scene], stages: Collection[Stage], pooled: bool, found: Problems) -> None:
    """Usage that no price covers is an error, never a zero (DESIGN, decision 9)."""
    for scene in scenes:
        for series in scene.series:
            meter = scene.book.meters.get(series.meter)
            if (meter is not None and meter.pooled) == pooled:
                _check_series(scene, series, stages, found)


def _check_series(scene: Scene, series: Series, stages: Collection[Stage], found: Problems) -> None:
    covering = [
        stage
        for stage in stages
        if stage.tiers[0].meter == series.meter and stage.tiers[0].dimension in (None, series.dimension)
    ]
    covered = within(period for stage in covering for period in stage.periods)
    bare = [day for day, quantity in series.days if quantity and not (covering and covered(day))]
    if bare:
        shown = ":".join(part for part in (series.meter, series.dimension) if part)
        code = "usage-without-plan" if _is_priced(scene.book, series.meter) else "usage-not-priced"
        day, book = str(bare[0] or scene.month), scene.book.edition.code
        found.add(code, series.place, app=scene.app.code, found=shown, day=day, book=book)


def _is_priced(book: PriceBook, meter: str) -> bool:
    """Whether a meter's usage would have a price if its product were subscribed to."""
    return any(charge.meter == meter for charge in book.charges)


def check_daily_usage(scene: Scene, stages: Sequence[Stage], found: Problems) -> None:
    """A paid plan whose meter should have a figure for every day, and has none: somebody forgot a sheet."""
    meter = scene.book.meters.get(stages[0].tiers[0].meter or "")
    paid = any(stage.sold and share.plan and not share.plan.default for stage in stages for share in stage.shares)
    if meter is not None and meter.daily and paid:
        facts: dict[str, Fact] = {"app": scene.app.code, "meter": meter.name, "month": str(scene.month)}
        found.add("usage-absent", scene.app.place, None, **facts)
