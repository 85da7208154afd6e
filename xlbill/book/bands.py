"""Time bands: which dimension a moment's usage belongs to, by hour, weekday, holiday and month (峰平谷).

| schedule | dimension | from  | to    | days     | months |
|----------|-----------|-------|-------|----------|--------|
| tou      | peak      | 08:00 | 22:00 | workdays |        |
| tou      | valley    | 22:00 | 08:00 | workdays |        |
| tou      | valley    |       |       | weekends, holidays |  |

A band is from its beginning up to, not including, its end. Every moment lies in one band of its schedule: what no row
covers, and what two do, are problems of the book.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from xlbill.cells import Place
from xlbill.problems import Problem, Problems, problem
from xlbill.sheets import Row
from xlbill.sheets.cell import Raw
from xlbill.sheets.values import narrow, visible

DayKind: TypeAlias = int
"""A weekday from 0, Monday; or HOLIDAY."""

HOLIDAY, MINUTES = 7, 24 * 60
ALL_KINDS, ALL_MONTHS = frozenset(range(8)), frozenset(range(1, 13))
_WEEKDAYS = {
    word: number
    for number, words in enumerate(
        (
            ("周一", "星期一", "mon", "monday"),
            ("周二", "星期二", "tue", "tuesday"),
            ("周三", "星期三", "wed", "wednesday"),
            ("周四", "星期四", "thu", "thursday"),
            ("周五", "星期五", "fri", "friday"),
            ("周六", "星期六", "sat", "saturday"),
            ("周日", "星期日", "周天", "sun", "sunday"),
        )
    )
    for word in words
}
_GROUPS: Mapping[str, frozenset[DayKind]] = {
    **{word: frozenset(range(5)) for word in ("工作日", "workdays", "weekdays", "workday")},
    **{word: frozenset({5, 6}) for word in ("周末", "weekends", "weekend")},
    **{word: frozenset({HOLIDAY}) for word in ("节假日", "holidays", "holiday")},
    **dict.fromkeys(("每天", "every day", "all", "*"), ALL_KINDS),
}
KIND_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "holidays")
_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?(?::00)?")
_SPAN = re.compile(r"\s*(?:至|到|~|-)\s*")


@dataclass(frozen=True, slots=True)
class Band:
    """A row: its dimension, from which minute of the day to which, on which kinds of days and in which months.

    A band that ends before it begins goes over midnight: it has the end and the beginning of each of its days.
    """

    dimension: str
    start: int
    end: int
    kinds: frozenset[DayKind]
    months: frozenset[int]
    place: Place

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Its minutes of a day."""
        if self.start < self.end:
            return ((self.start, self.end),)
        return tuple(span for span in ((self.start, MINUTES), (0, self.end)) if span[0] < span[1])

    def holds(self, minute: int, kind: DayKind, month: int) -> bool:
        """Whether a minute of a day lies in it."""
        within = any(start <= minute < end for start, end in self.spans)
        return within and kind in self.kinds and month in self.months


@dataclass(frozen=True, slots=True)
class Schedule:
    """The bands of one name, and the days that are holidays, or working days though they lie on a weekend."""

    code: str
    bands: tuple[Band, ...]
    holidays: Mapping[date, bool] = field(default_factory=dict)  # True: a holiday; False: worked instead of another

    @property
    def place(self) -> Place:
        """Its first row."""
        return self.bands[0].place

    @property
    def knows_holidays(self) -> bool:
        """Whether holidays are another kind of day to it."""
        return any(HOLIDAY in band.kinds and band.kinds != ALL_KINDS for band in self.bands)

    def lists(self, year: int) -> bool:
        """Whether the holidays of a year are listed, where it must know them."""
        return not self.knows_holidays or any(day.year == year for day in self.holidays)

    def kind_of(self, day: date) -> DayKind:
        """What kind of day a day is; one that is worked instead of another counts as a Monday."""
        listed = self.holidays.get(day)
        if listed is None or (listed and not self.knows_holidays):
            return day.weekday()
        return HOLIDAY if listed else 0

    def dimension(self, moment: datetime) -> str:
        """The dimension of a moment."""
        minute, kind = moment.hour * 60 + moment.minute, self.kind_of(moment.date())
        return next(band.dimension for band in self.bands if band.holds(minute, kind, moment.month))

    def problems(self) -> Iterator[Problem]:
        """The first stretch of a day that no row covers, and the first that two do."""
        kinds = sorted(ALL_KINDS if self.knows_holidays else ALL_KINDS - {HOLIDAY})
        told: set[str] = set()
        for month in sorted(ALL_MONTHS):
            for kind in kinds:
                for found in self._on(kind, month):
                    if found.code not in told:
                        told.add(found.code)
                        yield found

    def _on(self, kind: DayKind, month: int) -> Iterator[Problem]:
        own = [
            (*span, band) for band in self.bands if kind in band.kinds and month in band.months for span in band.spans
        ]
        facts = {"schedule": self.code, "day": KIND_NAMES[kind], "month": str(month)}
        reached, before = 0, self.bands[0]
        for start, end, band in sorted(own, key=lambda span: span[:2]):
            if start > reached:
                yield problem("band-gap", band.place, None, found=_clock(reached), end=_clock(start), **facts)
            elif start < reached:
                row = str(before.place.row)
                yield problem("band-overlap", band.place, None, found=_clock(start), row=row, **facts)
            reached, before = max(reached, end), band
        if reached < MINUTES:
            yield problem("band-gap", before.place, None, found=_clock(reached), end=_clock(MINUTES), **facts)


def read_schedules(bands: Sequence[Row], holidays: Sequence[Row], found: Problems) -> dict[str, Schedule]:
    """The schedules of the sheets 时段 Time bands and 节假日 Holidays, by code."""
    listed = {}
    for row in holidays:
        day, kind = row.date("date", found), row.choice("kind", found)
        if day is not None and day in listed:
            found.tell(row.problem("holiday-twice", "date"))
        elif day is not None:
            listed[day] = kind != "workday"
    by_code: dict[str, list[Band]] = {}
    for row in bands:
        code, band = row.code("schedule", found), _band(row, found)
        if code is not None and band is not None:
            by_code.setdefault(code, []).append(band)
    return {code: Schedule(code, tuple(own), listed) for code, own in by_code.items()}


def _band(row: Row, found: Problems) -> Band | None:
    dimension = row.code("dimension", found)
    start, end = _minute(row, "from", 0, found), _minute(row, "to", MINUTES, found)
    kinds = _several(row, "days", _kinds_in, ALL_KINDS, found)
    months = _several(row, "months", _months_in, ALL_MONTHS, found)
    if dimension is None or start is None or end is None or kinds is None or months is None:
        return None
    if start == end:
        found.tell(row.problem("band-time-bad", "to"))
        return None
    return Band(dimension, start, end, kinds, months, row.cell("dimension").place)


def _minute(row: Row, key: str, usual: int, found: Problems) -> int | None:
    cell = row.cell(key)
    if cell.blank:
        return usual
    minute = as_minute(cell.value)
    if minute is None:
        found.tell(row.problem("band-time-bad", key))
    return minute


def as_minute(raw: Raw) -> int | None:
    """The minute of the day of `8:00`, 8, or Excel's 0.333333; 24:00 is its end. None for anything else."""
    if isinstance(raw, Decimal):
        if raw % 1 == 0:
            return int(raw) * 60 if 0 <= raw <= 24 else None
        minute = raw * MINUTES
        whole = minute.to_integral_value()
        return int(whole) if 0 < raw < 1 and abs(minute - whole) < Decimal("0.01") else None
    match = _CLOCK.fullmatch(narrow(visible(raw))) if isinstance(raw, str) else None
    if match is None:
        return None
    minute_of_day = int(match[1]) * 60 + int(match[2] or 0)
    return minute_of_day if minute_of_day <= MINUTES and int(match[2] or 0) < 60 else None


def _several(
    row: Row, key: str, read: Callable[[str], frozenset[int] | None], usual: frozenset[int], found: Problems
) -> frozenset[int] | None:
    """What the words of a cell come to together; all where it is blank."""
    chosen: frozenset[int] = frozenset()
    for word in row.codes(key, found):
        several = read(narrow(word).casefold())
        if several is None:
            found.tell(row.problem("band-days-bad", key, found=word))
            return None
        chosen |= several
    return chosen or usual


def _kinds_in(word: str) -> frozenset[DayKind] | None:
    """The days of `workdays`, `holidays`, `sat`, `周一至周五`."""
    if word in _GROUPS:
        return _GROUPS[word]
    first, *others = (_WEEKDAYS.get(part) for part in _SPAN.split(word))
    return _from_to(first, others[0] if others else first) if len(others) < 2 else None


def _months_in(word: str) -> frozenset[int] | None:
    """The months of `7`, `7月`, `6-9`; `11-2` goes over the year's end."""
    first, *others = (int(part) if part.isdecimal() else None for part in _SPAN.split(word.replace("月", "")))
    last = others[0] if others else first
    if len(others) > 1 or first is None or last is None or not {first, last} <= ALL_MONTHS:
        return None
    if first <= last:
        return frozenset(range(first, last + 1))
    return ALL_MONTHS - frozenset(range(last + 1, first))


def _from_to(first: int | None, last: int | None) -> frozenset[int] | None:
    return frozenset(range(first, last + 1)) if first is not None and last is not None and first <= last else None


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
