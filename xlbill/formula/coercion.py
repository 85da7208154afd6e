"""How Excel takes a text for a number and a number for a text: "3" + 1 is 4, and 1.50 & "" is "1.5".

https://support.microsoft.com/office/value-function-257d0108-07dc-437d-ae1c-bc2d3953d8c2
"""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from .arithmetic import EXACT, add, bounded, divide
from .serial import to_serial
from .values import ONE, ZERO, ExcelError, Number, Value, rounded_in

_NUMBER = re.compile(
    r"(?P<digits>[+-]?(?:\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?)\s*(?P<percent>%?)",
    re.ASCII,
)
_DATE = r"(?P<year>\d{4})(?P<mark>[-/])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})"
_TIME = r"(?P<hour>\d{1,4}):(?P<minute>[0-5]?\d)(?::(?P<second>[0-5]?\d))?"
_MOMENT = re.compile(rf"{_DATE}(?: +{_TIME})?", re.ASCII)
_TIME_OF_DAY = re.compile(_TIME, re.ASCII)
_GENERAL = Context(prec=15, rounding=ROUND_HALF_UP)  # what Excel shows of a number
_HUNDRED = Decimal(100)


def to_number(value: Value) -> Number | ExcelError:
    """A value as arithmetic takes it: nothing is 0, TRUE is 1, "3" is 3, "abc" is #VALUE!."""
    if isinstance(value, (Decimal, Fraction, ExcelError)):
        return value
    if value is None:
        return ZERO
    if isinstance(value, bool):
        return ONE if value else ZERO
    return number_of(value)


def number_of(text: str) -> Number | ExcelError:
    """The number that a text spells: "1,234.5", " 6% ", "1e3", "2024-01-31" and "6:30" are numbers; "" is #VALUE!."""
    text = text.strip(" ")
    if found := _MOMENT.fullmatch(text):
        day = _serial_of(int(found["year"]), int(found["month"]), int(found["day"]))
        return day if isinstance(day, ExcelError) or found["hour"] is None else add(day, _part_of_day(found))
    if found := _TIME_OF_DAY.fullmatch(text):
        return bounded(_part_of_day(found))
    spelled = _NUMBER.fullmatch(text)
    if spelled is None:
        return ExcelError.VALUE
    number = bounded(EXACT.create_decimal(spelled["digits"].replace(",", "")))
    if isinstance(number, ExcelError):
        return ExcelError.VALUE
    return divide(number, _HUNDRED) if spelled["percent"] else number


def is_date(text: str) -> bool:
    """Whether a text spells a date, with or without a time: "2024-01-31 12:00"."""
    return bool(_MOMENT.fullmatch(text.strip(" ")))


def _part_of_day(found: re.Match[str]) -> Fraction:
    """The time of a match as Excel counts it: 6:00 is 0.25."""
    hours, minutes, seconds = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    return Fraction((hours * 60 + minutes) * 60 + seconds, 86_400)


def _serial_of(year: int, month: int, day: int) -> Decimal | ExcelError:
    try:
        return to_serial(date(year, month, day)) if year >= 1900 else ExcelError.VALUE
    except ValueError:  # 2023-02-29
        return ExcelError.VALUE


def to_text(value: Value) -> str | ExcelError:
    """A value as `&` takes it: nothing is "", TRUE is "TRUE", a number is written as the General format does."""
    if isinstance(value, (str, ExcelError)):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return general(value)


def general(number: Number) -> str:
    """A number in the General format, to 15 digits: 1/3 is 0.333333333333333, and 1E21 is 1E+21."""
    rounded = rounded_in(number, _GENERAL).normalize(EXACT)
    if not rounded:
        return "0"
    magnitude = rounded.adjusted()
    if -5 < magnitude < 21:
        return format(rounded, "f")
    mantissa = format(rounded.scaleb(-magnitude, EXACT), "f")
    return f"{mantissa}E{'-' if magnitude < 0 else '+'}{abs(magnitude):02d}"


def to_logical(value: Value) -> bool | ExcelError:
    """A value as a condition: any number but 0 is TRUE, "true" is TRUE, "abc" is #VALUE!."""
    if isinstance(value, (bool, ExcelError)):
        return value
    if isinstance(value, str):
        return {"TRUE": True, "FALSE": False}.get(value.upper(), ExcelError.VALUE)
    return bool(value)
