"""Times of a day as a price book counts them: into bands of its schedule, and summed up to days where it says so.

Usage keeps each time that any price book asks for. What an app's own book makes of it is decided here: a time without a
dimension gets that of its band, and the times of a day come to one figure unless each of them counts.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from xlbill.book.objects import Meter, PriceBook
from xlbill.methods import EACH, METHODS
from xlbill.periods import Month
from xlbill.problems import Problems
from xlbill.sheets.values import date_of
from xlbill.usage import Series
from xlbill.usage.objects import Cells

_Entry: TypeAlias = tuple[date | None, Decimal, int]
"""A day or a moment, its figure, and which of its series' figures that is."""


def as_counted(series: Sequence[Series], book: PriceBook, month: Month, found: Problems) -> tuple[Series, ...]:
    """The series of an app as its price book counts them."""
    counted: list[Series] = []
    for one in _with_taken(series, book, found):
        meter = book.meters.get(one.meter)
        if meter is None or not (meter.bands or meter.record or _has_times(one)):
            counted.append(one)
            continue
        if meter.record is not None and any(day is None for day, _ in one.days):
            found.add("usage-not-by-record", one.place, app=one.app, subject=meter.code, model=meter.record.code)
            continue
        banded = _by_band(one, meter, month, found) if meter.bands and one.dimension is None else [one]
        counted += [_by_day(each, meter) for each in banded]
    return tuple(counted)


def of_one_time(moment: date | None) -> bool:
    """Whether a figure is a request or a record of its own: they are told apart by microseconds."""
    return isinstance(moment, datetime) and moment.microsecond > 0


def _with_taken(series: Sequence[Series], book: PriceBook, found: Problems) -> Sequence[Series]:
    """The series, and those of meters that measure the same usage once more.

    Usage that is given under such a meter would count twice, which is told. A worked bill or a quotation, which has no
    times, may say what the meter comes to: that takes the place of what would be measured.
    """
    if not book.takers:
        return series
    own = {one.meter for one in series}
    for one in series:
        meter = book.meters.get(one.meter)
        if meter is not None and meter.taken_from is not None:
            found.add("usage-of-taken-meter", one.place, app=one.app, subject=meter.code, other=meter.taken_from)
    taken: list[Series] = []
    for one in series:
        for meter in (taker for taker in book.takers.get(one.meter, ()) if taker.code not in own):
            whole = any(day is None for day, _ in one.days)
            if whole and meter.record is None and meter.month != book.meters[one.meter].month:
                found.add("usage-not-by-day", one.place, app=one.app, subject=one.meter, taker=meter.code)
            else:
                taken.append(replace(one, meter=meter.code))
    return [*series, *taken]


def _has_times(series: Series) -> bool:
    return bool(series.days) and isinstance(series.days[-1][0], datetime)


def _by_band(series: Series, meter: Meter, month: Month, found: Problems) -> list[Series]:
    """A series for each dimension of a schedule that its times fall into."""
    schedule = meter.bands
    assert schedule is not None
    if not schedule.lists(month.year):
        found.add("holidays-unlisted", schedule.place, schedule=schedule.code, year=str(month.year))
        return []
    bands: dict[str, list[_Entry]] = {}
    for number, (moment, figure) in enumerate(series.days):
        if not isinstance(moment, datetime):
            found.add("usage-without-time", series.place, app=series.app, subject=meter.code, day=str(moment or month))
            return []
        bands.setdefault(schedule.dimension(moment), []).append((moment, figure, number))
    in_order = dict.fromkeys(band.dimension for band in schedule.bands)
    return [_made(series, dimension, bands[dimension]) for dimension in in_order if dimension in bands]


def _by_day(series: Series, meter: Meter) -> Series:
    """A series by day, where the meter's row does not count each time; single requests of one time add up."""
    if meter.record is not None or not _has_times(series):
        return series
    requests = any(of_one_time(moment) for moment, _ in series.days)
    if meter.by_day == EACH and not requests:
        return series
    of_times = METHODS["sum" if requests else meter.by_day].of_times
    assert of_times is not None, f"{meter.by_day} sums up no times"
    days: dict[date | None, list[_Entry]] = {}
    for number, (moment, figure) in enumerate(series.days):
        day = second_of(moment) if meter.by_day == EACH else None if moment is None else date_of(moment)
        days.setdefault(day, []).append((moment, figure, number))
    entries: list[_Entry] = []
    for day, times in days.items():
        figure, chosen = of_times([figure for _, figure, _ in times])
        entries.append((day, figure, times[chosen][2]))
    return _made(series, series.dimension, entries)


def second_of(moment: date | None) -> date | None:
    """The time of a figure, without what tells it from others of the same second."""
    return moment.replace(microsecond=0) if isinstance(moment, datetime) else moment


def _made(series: Series, dimension: str | None, entries: Iterable[_Entry]) -> Series:
    """Some figures of a series as one of their own, with their cells."""
    chosen = tuple(entries)
    cells = series.cells
    if cells is not None:
        numbers = [number for _, _, number in chosen]
        columns = array("I", (cells.column_of[number] for number in numbers))
        cells = Cells(cells.columns, columns, array("Q", (cells.row_of[number] for number in numbers)))
    days = tuple((day, figure) for day, figure, _ in chosen)
    return replace(series, dimension=dimension, days=days, cells=cells)
