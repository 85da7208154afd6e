"""Functions of dates, which are serial numbers: DATE(2024, 2, 29) is 45351.

https://support.microsoft.com/office/date-and-time-functions-reference-fd1b5961-c1ae-4677-be58-074152f97b81
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from ..arithmetic import FLOOR, whole
from ..serial import LAST_SERIAL, civil, to_serial
from ..values import ONE, ExcelError, Number

_FIRST_WEEKDAYS = {1: 0, 2: 1, 11: 1, 12: 2, 13: 3, 14: 4, 15: 5, 16: 6, 17: 0}  # days after Sunday
_MAX_MONTHS = 120_000  # ten thousand years, past which no date lies


def serial_of(number: Number) -> int | ExcelError:
    """The day of a date, its time of day dropped."""
    serial = whole(number, FLOOR)
    return serial if 0 <= serial <= LAST_SERIAL else ExcelError.NUM


def date_(year: Number, month: Number, day: Number) -> Number | ExcelError:
    """DATE(2024, 14, 0) is 31 January 2025: months and days run over; years below 1900 are added to it."""
    years, months, days = whole(year), whole(month), whole(day)
    if not 0 <= years <= 9999 or abs(months) > _MAX_MONTHS or abs(days) > LAST_SERIAL:
        return ExcelError.NUM
    years += 1900 if years < 1900 else 0
    years, month_index = years + (months - 1) // 12, (months - 1) % 12
    if not 1900 <= years <= 9999:
        return ExcelError.NUM
    return _counted(date(years, month_index + 1, 1), days)


def _counted(first: date, day: int) -> Number | ExcelError:
    """The serial number of the nth day of a month; the 32nd lies in the next one."""
    serial = int(to_serial(first)) + day - 1
    return Decimal(serial) if 0 <= serial <= LAST_SERIAL else ExcelError.NUM


def _part(index: int) -> Callable[[Number], Number | ExcelError]:
    def part(number: Number) -> Number | ExcelError:
        serial = serial_of(number)
        return serial if isinstance(serial, ExcelError) else Decimal(civil(serial)[index])

    return part


year, month, day = _part(0), _part(1), _part(2)


def days(end: Number, start: Number) -> Number | ExcelError:
    """DAYS("2024-03-01", "2024-02-01") is 29."""
    last, first = serial_of(end), serial_of(start)
    if isinstance(last, ExcelError):
        return last
    return first if isinstance(first, ExcelError) else Decimal(last - first)


def _moved(start: Number, months: Number) -> tuple[int, int, int] | ExcelError:
    """The year and month some months away, and the day of the month that was left."""
    serial, distance = serial_of(start), whole(months)
    if isinstance(serial, ExcelError):
        return serial
    if abs(distance) > _MAX_MONTHS:
        return ExcelError.NUM
    from_year, from_month, from_day = civil(serial)
    count = from_year * 12 + from_month - 1 + distance
    return (count // 12, count % 12 + 1, from_day) if 1900 <= count // 12 <= 9999 else ExcelError.NUM


def edate(start: Number, months: Number) -> Number | ExcelError:
    """EDATE("2024-01-31", 1) is 29 February 2024: the same day, or the month's last."""
    moved = _moved(start, months)
    if isinstance(moved, ExcelError):
        return moved
    year, month, day = moved
    return _counted(date(year, month, 1), min(day, monthrange(year, month)[1]))


def eomonth(start: Number, months: Number) -> Number | ExcelError:
    """EOMONTH("2024-01-15", 1) is 29 February 2024: the last day of a month."""
    moved = _moved(start, months)
    if isinstance(moved, ExcelError):
        return moved
    year, month, _ = moved
    return _counted(date(year, month, 1), monthrange(year, month)[1])


def weekday(number: Number, kind: Number = ONE) -> Number | ExcelError:
    """WEEKDAY("2024-01-01", 2) is 1, a Monday; without a kind the week begins with Sunday."""
    serial, numbering = serial_of(number), whole(kind)
    if isinstance(serial, ExcelError):
        return serial
    if numbering == 3:
        return Decimal((serial - 2) % 7)
    if numbering not in _FIRST_WEEKDAYS:
        return ExcelError.NUM
    return Decimal((serial - 1 - _FIRST_WEEKDAYS[numbering]) % 7 + 1)


def datedif(start: Number, end: Number, unit: str) -> Number | ExcelError:
    """DATEDIF("2024-01-31", "2024-03-01", "m") is 1: whole years (y), months (m), days (d), or the rest (ym).

    https://support.microsoft.com/office/datedif-function-25dba1a4-2812-480b-84dd-8b32a451b35c
    ("md" and "yd" are left out: Excel's own page warns that their results may be wrong.)
    """
    first, last = serial_of(start), serial_of(end)
    if isinstance(first, ExcelError):
        return first
    if isinstance(last, ExcelError):
        return last
    if first > last:
        return ExcelError.NUM
    (y0, m0, d0), (y1, m1, d1) = civil(first), civil(last)
    months = (y1 - y0) * 12 + m1 - m0 - (d1 < d0)
    results = {"Y": months // 12, "M": months, "D": last - first, "YM": months % 12}
    return Decimal(results[unit.upper()]) if unit.upper() in results else ExcelError.NUM
