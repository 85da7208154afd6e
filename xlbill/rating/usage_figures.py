"""The figures of usage, each made once: whatever measures them again takes the same figures, and the same cells.

Where one meter counts each time or record, and another the same usage by day, the day's figure is a formula over those
of its times.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from xlbill.book.objects import Charge, Meter
from xlbill.methods import EACH, METHODS
from xlbill.rating import records
from xlbill.rating.figures import Figure, computed, our
from xlbill.rating.times import of_one_time, second_of
from xlbill.sheets.values import date_of
from xlbill.usage import Series

Dated: TypeAlias = tuple[tuple[date | None, Figure], ...]
"""Figures by their days, or by moments where each counts."""


class UsageFigures:
    """The figures of some series, by the meters of their price book; `charges` are what they are measured for."""

    def __init__(self, meters: Mapping[str, Meter], series: Sequence[Series], charges: Iterable[Charge]) -> None:
        self._meters = meters
        self._shared = {meter.taken_from for meter in meters.values()}
        self._made: dict[Hashable, Dated] = {}
        self._finest: dict[Hashable, Series] = {}
        if self._shared != {None}:
            self._look_for_finest(series, tuple(charges))

    def of(self, series: Series) -> Dated:
        """The figures of a series; those of usage that is given once are the same for all meters that measure it."""
        meter = self._meters[series.meter]
        if meter.given_as not in self._shared:
            return self._kept((*_key(series, meter), series.meter), series)
        key = _key(series, meter)
        finest = self._finest.get(key)
        if finest is None or len(finest.days) <= len(series.days):
            return self._kept((key, series.days), series)
        if (key, series.days) not in self._made:
            times = self._kept((key, finest.days), finest)
            self._made[key, series.days] = tuple(_over_times(series, meter, times))
        return self._made[key, series.days]

    def _kept(self, key: Hashable, series: Series) -> Dated:
        if key not in self._made:
            self._made[key] = tuple((day, Figure("usage", amount, place=at)) for day, amount, at in series.figures())
        return self._made[key]

    def _look_for_finest(self, series: Sequence[Series], charges: Sequence[Charge]) -> None:
        """Of each usage the series with most figures that stands on the invoice: its price lists all of them there."""
        for one in series:
            meter = self._meters.get(one.meter)
            if meter is None or meter.given_as not in self._shared or not _is_listed(one, meter, series, charges):
                continue
            key = _key(one, meter)
            if key not in self._finest or len(self._finest[key].days) < len(one.days):
                self._finest[key] = one


def _key(series: Series, meter: Meter) -> tuple[Hashable, ...]:
    """What usage is known by, whichever meter measures it."""
    return series.app, meter.given_as, series.dimension, series.unit, series.times


def _is_listed(one: Series, meter: Meter, series: Sequence[Series], charges: Sequence[Charge]) -> bool:
    """Whether each figure of a series stands on the invoice: a price is for it, and its records are not too many."""
    if not any(
        c.meter is not None and c.meter.code == meter.code and c.dimension in (None, one.dimension) for c in charges
    ):
        return False
    return meter.record is None or sum(len(s.days) for s in series if s.meter == meter.code) <= records.RECORDS_SHOWN


def _over_times(series: Series, meter: Meter, times: Dated) -> Iterable[tuple[date | None, Figure]]:
    """A series' figures as formulas over those of their times; the figure of a day without times is the same one."""
    by_day: dict[date | None, list[tuple[date | None, Figure]]] = {}
    seconds = meter.by_day == EACH
    for moment, figure in times:
        by_day.setdefault(second_of(moment) if seconds else _day(moment), []).append((moment, figure))
    for day, _, place in series.figures():
        own = by_day[day]
        if [moment for moment, _ in own] == [day]:
            yield day, own[0][1]
            continue
        parts = tuple(figure for _, figure in own)
        method = METHODS["sum" if seconds or any(of_one_time(moment) for moment, _ in own) else meter.by_day]
        if method.over in ("first", "last"):
            parts = parts[:1] if method.over == "first" else parts[-1:]
        yield day, computed("usage", our(f"={method.whole.format(parts='parts')}"), {"parts": parts}, place)


def _day(moment: date | None) -> date | None:
    return None if moment is None else date_of(moment)
