"""Levels: figures that hold until the next one, such as what is stored or how many seats there are.

Each counts by how long it held: 100 GB for ten hours and 200 GB for the rest of the month. The usage sheet shows every
time at which a level changed, and every midnight, so that each row lies within one day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from xlbill.cells import NOWHERE
from xlbill.language import Label
from xlbill.periods import Month
from xlbill.rating.bill import UsageColumn
from xlbill.rating.figures import Figure, computed, given, our

HELD = Label("持续", "Held for")
UNITS = {60: Label("分钟", "minutes"), 1: Label("秒", "seconds")}
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Levels:
    """Some columns with a level at every time, and for how long each row holds, in minutes (or seconds)."""

    columns: tuple[UsageColumn, ...]
    held: UsageColumn
    seconds: int  # in one unit of `held`

    @property
    def of_a_day(self) -> int:
        """How many units of `held` a day has."""
        return DAY_SECONDS // self.seconds


def levels_of(columns: Sequence[UsageColumn]) -> Levels:
    """The levels of some columns of figures at their times; days without a time are midnights."""
    places = {day: figure.place for column in columns for day, figure in column.days}
    changes = sorted(day for day in places if isinstance(day, datetime))
    month = Month.of(changes[0])
    midnights = {datetime.combine(day, time()) for day in month.period if day > changes[0].date()}
    moments = sorted({*changes, *midnights})
    ends = (*moments[1:], datetime.combine(month.period.end, time()))
    seconds = 60 if all(moment.second == 0 for moment in moments) else 1
    spans = ((begin, int((end - begin).total_seconds()) // seconds) for begin, end in zip(moments, ends, strict=True))
    held = tuple((begin, given("held", span, places.get(begin, NOWHERE))) for begin, span in spans)
    going_on = tuple(replace(column, days=_going_on(column, moments)) for column in columns)
    return Levels(going_on, UsageColumn(columns[0].app, HELD, UNITS[seconds], None, held), seconds)


def starts_late(column: UsageColumn, since: date) -> bool:
    """Whether nobody knows a column's level from a day on, because its first figure is of later."""
    first = next((day for day, _ in column.days if day is not None), None)
    return isinstance(first, datetime) and first > datetime.combine(since, time())


def _going_on(column: UsageColumn, moments: Sequence[datetime]) -> tuple[tuple[date | None, Figure], ...]:
    """A column with a figure at each time from its first one on: one that goes on refers to the last that was given."""
    own = dict(column.days)
    figures: list[tuple[date | None, Figure]] = []
    level = None
    for moment in moments:
        level = own.get(moment, level)
        if moment in own:
            figures.append((moment, own[moment]))
        elif level is not None:
            figures.append((moment, computed("usage", our("=earlier"), {"earlier": level}, level.place)))
    return tuple(figures)
