"""What cannot be charged: usage above a quota that is not for sale, and usage that has no price at all."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from xlbill.book.objects import PriceBook
from xlbill.money import plain
from xlbill.problems import Fact, Problems
from xlbill.rating.app_month import AppMonth
from xlbill.rating.figures import Figure
from xlbill.rating.levels import HELD, starts_late
from xlbill.rating.metering import Measured, within
from xlbill.rating.price_spans import PriceSpan
from xlbill.usage import Series


def over_quota(app: str, span: PriceSpan, quantity: Figure, found: Problems) -> None:
    """Usage above a quota that is not for sale: not charged, but told (docs/decisions.md, free limit)."""
    tier, plan = span.tiers[-1], span.parts[-1].plan
    limit = tier.parameters.get("included")
    included = limit.value if limit is not None and isinstance(limit.value, Decimal) else Decimal(0)
    if quantity.number <= included:
        return
    used, free = (f"{Decimal(plain(number)):,f}" for number in (quantity.number, included))
    place = span.parts[-1].app_month.app.place
    facts: dict[str, Fact] = {
        "app": app or ", ".join(dict.fromkeys(part.app_month.app.code for part in span.parts)),
        "item": tier.item,
        "name": tier.name,
        "plan": plan.code if plan else tier.product.code,
        "found": used,
        "limit": free,
    }
    found.add("over-free-limit", place, None, **facts)


def check_all_priced(
    app_months: Sequence[AppMonth], spans: Collection[PriceSpan], pooled: bool, found: Problems
) -> None:
    """Usage that no price covers is an error, never a zero (docs/decisions.md, no price)."""
    for app_month in app_months:
        given = {series.meter for series in app_month.series}
        for series in app_month.series:
            meter = app_month.book.meters.get(series.meter)
            if meter is not None and meter.taken_from in given:
                continue  # the same usage once more
            if (meter is not None and meter.pooled) == pooled:
                _check_series(app_month, series, spans, found)


def _check_series(app_month: AppMonth, series: Series, spans: Collection[PriceSpan], found: Problems) -> None:
    """Whether each day of a series has a price, by its own meter or by one that measures the same usage."""
    meter = app_month.book.meters.get(series.meter)
    given_as = series.meter if meter is None else meter.given_as
    covering = [
        span
        for span in spans
        if (tier := span.tiers[0]).meter is not None
        and tier.meter.given_as == given_as
        and tier.dimension in (None, series.dimension)
    ]
    covered = within(period for span in covering for period in span.periods)
    if covering and covered.hold(day for day, _ in series.days):
        return
    bare = [day for day, quantity in series.days if quantity and not (covering and covered(day))]
    if bare:
        shown = ":".join(part for part in (series.meter, series.dimension) if part)
        code = "usage-without-plan" if _is_priced(app_month.book, given_as) else "usage-not-priced"
        day, book = str(bare[0] or app_month.month), app_month.book.edition.code
        found.add(code, series.place, app=app_month.app.code, found=shown, day=day, book=book)


def _is_priced(book: PriceBook, given_as: str) -> bool:
    """Whether a meter's usage would have a price if its product were subscribed to."""
    return any(charge.meter is not None and charge.meter.given_as == given_as for charge in book.charges)


def check_levels(app_months: Sequence[AppMonth], measured: Measured, found: Problems) -> None:
    """A level that nobody knows at the month's beginning, or on the day that its app was opened, is no zero."""
    since = {each.app.code: max(each.month.start, each.app.opened or each.month.start) for each in app_months}
    for column in measured.columns if measured.method.over == "levels" else ():
        if column.dimension is not HELD and starts_late(column, since[column.app]):
            place, day = column.days[0][1].place, since[column.app]
            facts: dict[str, Fact] = {"app": column.app, "meter": measured.meter.name, "day": str(day)}
            found.add("level-unknown", place, None, **facts)


def check_daily_usage(app_month: AppMonth, spans: Sequence[PriceSpan], found: Problems) -> None:
    """A paid plan whose meter should have a figure for every day, and has none: somebody forgot a sheet."""
    meter = spans[0].tiers[0].meter
    paid = any(span.sold and part.plan and not part.plan.default for span in spans for part in span.parts)
    if meter is not None and meter.daily and paid:
        facts: dict[str, Fact] = {"app": app_month.app.code, "meter": meter.name, "month": str(app_month.month)}
        found.add("usage-absent", app_month.app.place, None, **facts)
