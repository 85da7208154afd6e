"""Times, which are parts of a day: TIME(6, 0, 0) is 0.25.

https://support.microsoft.com/office/time-function-9a5aff99-8f7d-4611-845e-747d0b8d5457
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from ..arithmetic import FLOOR, HALF_UP, bounded, whole
from ..coercion import is_date, number_of
from ..values import ExcelError, Number, Value

_DAY = 86_400  # seconds
_MAX_PART = 32_767
_LAST_MOMENT = 2_958_466  # 1 January 10000


def time(hour: Number, minute: Number, second: Number) -> Number | ExcelError:
    """TIME(27, 0, 0) is TIME(3, 0, 0): parts run over, and whole days are dropped."""
    parts = [whole(part) for part in (hour, minute, second)]
    seconds = parts[0] * 3600 + parts[1] * 60 + parts[2]
    if seconds < 0 or any(part > _MAX_PART for part in parts):
        return ExcelError.NUM
    return bounded(Fraction(seconds % _DAY, _DAY))


def seconds_of(number: Number) -> int | None:
    """The seconds of a moment since its midnight, rounded; None where there is no such moment."""
    if not 0 <= number < _LAST_MOMENT:
        return None
    return whole(Fraction(number) * _DAY, HALF_UP) % _DAY


def _part(divisor: int, limit: int) -> Callable[[Number], Number | ExcelError]:
    def part(number: Number) -> Number | ExcelError:
        seconds = seconds_of(number)
        return ExcelError.NUM if seconds is None else Decimal(seconds // divisor % limit)

    return part


hour, minute, second = _part(3600, 24), _part(60, 60), _part(1, 60)


def date_value(content: Value) -> Number | ExcelError:
    """DATEVALUE("2024-01-31 12:00") is 45322: year first, as that alone means the same everywhere.

    https://support.microsoft.com/office/datevalue-function-df8b07d4-7761-4a93-bc33-b7471bbff252
    """
    number = number_of(content) if isinstance(content, str) and is_date(content) else ExcelError.VALUE
    return number if isinstance(number, ExcelError) else Decimal(whole(number, FLOOR))
