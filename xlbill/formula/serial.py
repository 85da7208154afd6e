"""Dates as Excel counts them: day 1 is 1 January 1900, and 1 March 1900 is day 61.

>>> to_serial(date(2024, 1, 31))
Decimal('45322')

Excel took over from Lotus 1-2-3 a 29 February 1900 that never was: day 60. From 61 on the count is right.
https://learn.microsoft.com/office/troubleshoot/excel/wrongly-assumes-1900-is-leap-year
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from .arithmetic import FLOOR, whole
from .values import Number

_EPOCH = date(1899, 12, 30)  # right from day 61 on
_FICTITIOUS = 60
_PLACES = 10  # of a time: with the five digits of a day the 15 that Excel keeps
LAST_SERIAL = 2_958_465  # 31 December 9999


def to_serial(day: date) -> Decimal:
    """The serial number of a date (of 1900 or later): `to_serial(date(1900, 3, 1))` is 61; a time is a part of 1."""
    moment = day if isinstance(day, datetime) else None
    serial = ((moment.date() if moment else day) - _EPOCH).days
    whole_days = Decimal(serial if serial > _FICTITIOUS else serial - 1)
    if moment is None:
        return whole_days
    return whole_days + round(Decimal(moment.hour * 3600 + moment.minute * 60 + moment.second) / 86_400, _PLACES)


def from_serial(number: Number) -> date:
    """The date of a serial number, its time of day dropped; day 60 is taken as 28 February 1900.

    Raises ValueError outside 1 January 1900 to 31 December 9999.
    """
    serial = whole(number, FLOOR)
    if not 1 <= serial <= LAST_SERIAL:
        raise ValueError(f"no date has the serial number {serial}")
    return _EPOCH + timedelta(days=serial if serial >= _FICTITIOUS + 1 else min(serial, _FICTITIOUS - 1) + 1)


def civil(serial: int) -> tuple[int, int, int]:
    """Year, month and day as Excel shows them: day 60 is 1900-02-29 and day 0 is 1900-01-00."""
    if serial == 0:
        return 1900, 1, 0
    if serial == _FICTITIOUS:
        return 1900, 2, 29
    day = from_serial(Decimal(serial))
    return day.year, day.month, day.day
