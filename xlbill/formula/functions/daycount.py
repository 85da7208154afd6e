"""Days and years between two dates as interest and rents count them: DAYS360, YEARFRAC.

Excel's manual leaves corners open; they follow the description in OpenFormula 1.2, section 4.11.7, which was made from
Excel's results. https://docs.oasis-open.org/office/OpenDocument/v1.3/os/part4-formula/OpenDocument-v1.3-os-part4-formula.html
"""

from __future__ import annotations

from calendar import isleap, monthrange
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from ..arithmetic import bounded, whole
from ..serial import civil
from ..values import ZERO, ExcelError, Number
from .calendar import serial_of

_Day: TypeAlias = tuple[int, int, int]  # year, month, day of the month


def days_360(start: Number, end: Number, european: bool = False) -> Number | ExcelError:
    """DAYS360("2024-01-30", "2024-03-31") is 60: in a year of twelve months of 30 days.

    A start on the last day of a month is on the 30th. An end on the 31st is on the 30th too if the start is, and else
    on the 1st of the next month; the European way takes every 31st for the 30th.
    https://support.microsoft.com/office/days360-function-b9a509fd-49ef-407e-94df-0cbda5718c2a
    """
    first, last = serial_of(start), serial_of(end)
    if isinstance(first, ExcelError):
        return first
    if isinstance(last, ExcelError):
        return last
    begins, ends = civil(first), civil(last)
    if european:
        return Decimal(_apart(_no_31st(begins), _no_31st(ends)))
    if _is_end_of_february(begins):
        begins = (*begins[:2], 30)
    begins = _no_31st(begins)
    return Decimal(_apart(begins, _no_31st(ends) if begins[2] == 30 else ends))


def year_fraction(start: Number, end: Number, basis: Number = ZERO) -> Number | ExcelError:
    """YEARFRAC("2024-01-01", "2024-07-01") is 0.5; the later date may come first.

    The basis: 0 months of 30 days (US), 1 days by the years' own lengths, 2 days/360, 3 days/365, 4 months of 30 days
    (European). The result is exact.
    https://support.microsoft.com/office/yearfrac-function-3844141e-c76d-4143-82b6-208454ddc6a8
    """
    first, last, by = serial_of(start), serial_of(end), whole(basis)
    if isinstance(first, ExcelError):
        return first
    if isinstance(last, ExcelError):
        return last
    if not 0 <= by <= 4:
        return ExcelError.NUM
    first, last = sorted((first, last))
    begins, ends = civil(first), civil(last)
    if by == 0:
        return bounded(Fraction(_american(begins, ends), 360))
    if by == 4:
        return bounded(Fraction(_apart(_no_31st(begins), _no_31st(ends)), 360))
    year = {2: Fraction(360), 3: Fraction(365)}.get(by) or _mean_year(begins, ends)
    return bounded((last - first) / year)


def _apart(first: _Day, last: _Day) -> int:
    return (last[0] - first[0]) * 360 + (last[1] - first[1]) * 30 + last[2] - first[2]


def _no_31st(day: _Day) -> _Day:
    return (day[0], day[1], min(day[2], 30))


def _is_end_of_february(day: _Day) -> bool:
    return day[1] == 2 and day[2] == monthrange(day[0], 2)[1]


def _american(first: _Day, last: _Day) -> int:
    """Days between two dates in months of 30 days, as bonds in the United States count them."""
    if _is_end_of_february(first):
        if _is_end_of_february(last):
            last = (*last[:2], 30)
        return _apart((*first[:2], 30), last)
    if first[2] >= 30:
        return _apart(_no_31st(first), _no_31st(last))
    return _apart(first, last)


def _mean_year(first: _Day, last: _Day) -> Fraction:
    """How long a year is: within one year 366 days if it has a 29 February, else the mean of all years touched."""
    years = last[0] - first[0]
    if years == 0:
        return Fraction(366 if isleap(first[0]) else 365)
    if years == 1 and first[1:] >= last[1:]:
        leap = (isleap(first[0]) and first[1:] <= (2, 29)) or (isleap(last[0]) and last[1:] >= (2, 29))
        return Fraction(366 if leap else 365)
    days = sum(366 if isleap(year) else 365 for year in range(first[0], last[0] + 1))
    return Fraction(days, years + 1)
