"""Weeks and working days: WEEKNUM, NETWORKDAYS, WORKDAY; Saturdays and Sundays are free.

https://support.microsoft.com/office/networkdays-function-48e717bf-a7a3-495f-969e-5005e3eb18e7
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from ..arithmetic import FLOOR, whole
from ..coercion import to_number
from ..serial import LAST_SERIAL, civil, to_serial
from ..values import ONE, ExcelError, Number, Operand
from .calendar import serial_of
from .series import flatten

_FIRST_WEEKDAYS = {1: 0, 2: 1, 11: 1, 12: 2, 13: 3, 14: 4, 15: 5, 16: 6, 17: 0}  # days after Sunday
_ISO = 21


def week_number(number: Number, kind: Number = ONE) -> Number | ExcelError:
    """WEEKNUM("2024-01-07") is 2: the week with 1 January is the first, and weeks begin on Sunday.

    2 and 11 begin them on Monday, 12 to 17 on Tuesday to Sunday; 21 counts as ISO 8601 does.
    https://support.microsoft.com/office/weeknum-function-e5c43a03-b4ab-426c-b411-b18c13c75340
    """
    serial, numbering = serial_of(number), whole(kind)
    if isinstance(serial, ExcelError):
        return serial
    if numbering == _ISO:
        return iso_week_number(number)
    if numbering not in _FIRST_WEEKDAYS:
        return ExcelError.NUM
    new_year = int(to_serial(date(civil(serial)[0], 1, 1)))
    into_week = (new_year - 1 - _FIRST_WEEKDAYS[numbering]) % 7
    return Decimal((serial - new_year + into_week) // 7 + 1)


def iso_week_number(number: Number) -> Number | ExcelError:
    """ISOWEEKNUM("2024-12-30") is 1: the week of its Thursday, counted in that Thursday's year."""
    serial = serial_of(number)
    if isinstance(serial, ExcelError):
        return serial
    thursday = serial - (serial - 2) % 7 + 3
    if thursday < 0:  # of the last week of 1899
        return Decimal(52)
    if thursday > LAST_SERIAL:
        return ExcelError.NUM
    return Decimal((thursday - int(to_serial(date(civil(thursday)[0], 1, 1)))) // 7 + 1)


def working_days(start: Number, end: Number, holidays: Operand = None) -> Number | ExcelError:
    """NETWORKDAYS("2024-10-01", "2024-10-31", holidays): working days from one date to another, both counted.

    Backwards they count negatively.
    """
    first, last, free = serial_of(start), serial_of(end), _holidays(holidays)
    for found in (first, last, free):
        if isinstance(found, ExcelError):
            return found
    assert isinstance(first, int) and isinstance(last, int) and not isinstance(free, ExcelError)
    return Decimal(_counted(first, last, free) if first <= last else -_counted(last, first, free))


def working_day(start: Number, days: Number, holidays: Operand = None) -> Number | ExcelError:
    """WORKDAY("2024-09-30", 5, holidays): the date so many working days later, or earlier; 0 is the date itself.

    https://support.microsoft.com/office/workday-function-f764a5b7-05fc-4494-9486-60d494efbf33
    """
    first, distance, free = serial_of(start), whole(days), _holidays(holidays)
    if isinstance(first, ExcelError):
        return first
    if isinstance(free, ExcelError):
        return free
    if distance > 0:
        later = range(first + 1, LAST_SERIAL + 1)
        steps = bisect_left(later, distance, key=lambda day: _counted(first + 1, day, free))
        return Decimal(later[steps]) if steps < len(later) else ExcelError.NUM
    earlier = range(first - 1, -1, -1)
    steps = bisect_left(earlier, -distance, key=lambda day: _counted(day, first - 1, free)) if distance else 0
    if not distance:
        return Decimal(first)
    return Decimal(earlier[steps]) if steps < len(earlier) else ExcelError.NUM


def _counted(first: int, last: int, holidays: Sequence[int]) -> int:
    """The working days from a day to a later one, both counted."""
    free = bisect_right(holidays, last) - bisect_left(holidays, first)
    return _weekdays_before(last + 1) - _weekdays_before(first) - free


def _weekdays_before(serial: int) -> int:
    """Mondays to Fridays since day 1, which Excel takes for a Sunday, and before a day."""
    weeks, days = divmod(serial - 1, 7)
    return weeks * 5 + min(max(days - 1, 0), 5)


def _holidays(operand: Operand) -> Sequence[int] | ExcelError:
    """The holidays that are weekdays, once each, in order; empty cells are none, a text that is no date is #VALUE!."""
    found: set[int] = set()
    for value in flatten((operand,)):
        if value is None:
            continue
        number = ExcelError.VALUE if isinstance(value, bool) else to_number(value)
        if isinstance(number, ExcelError):
            return number
        serial = whole(number, FLOOR)
        if (serial - 1) % 7 not in (0, 6):
            found.add(serial)
    return sorted(found)
