"""Logarithms and powers of e: to 50 significant digits, and exact where the result has fewer: LOG(8, 2) is 3.

https://support.microsoft.com/office/log-function-4e82f196-1ca9-4747-8fb0-6c4a3abb3280
"""

from __future__ import annotations

from decimal import Decimal

from ..arithmetic import APPROXIMATE, FIFTY_DIGITS, MAX_EXPONENT, absolute, bounded
from ..values import ONE, ZERO, ExcelError, Number, rounded_in

_TEN = Decimal(10)
_MAX_POWER_OF_E = (MAX_EXPONENT + 1) * 3  # e^3 is more than 10


def exponential(number: Number) -> Number | ExcelError:
    """EXP(1) is 2.71828182845904523536028747135266249775724709369996."""
    if absolute(number) > _MAX_POWER_OF_E:
        return ExcelError.NUM if number > 0 else ZERO
    return bounded(FIFTY_DIGITS.plus(APPROXIMATE.exp(rounded_in(number, APPROXIMATE))))


def natural(number: Number) -> Number | ExcelError:
    """LN(EXP(3)) is 3; of 0 and less it is #NUM!."""
    if number <= 0:
        return ExcelError.NUM
    return bounded(FIFTY_DIGITS.plus(APPROXIMATE.ln(rounded_in(number, APPROXIMATE))))


def logarithm(number: Number, base: Number = _TEN) -> Number | ExcelError:
    """LOG(8, 2) is 3; without a base it is 10."""
    return quotient_of_logarithms(number, base)


def decadic(number: Number) -> Number | ExcelError:
    """LOG10(1000) is 3."""
    return quotient_of_logarithms(number, _TEN)


def quotient_of_logarithms(number: Number | ExcelError, base: Number | ExcelError) -> Number | ExcelError:
    """The power to which a base is raised to give a number."""
    if isinstance(number, ExcelError) or isinstance(base, ExcelError) or number <= 0 or base <= 0:
        return ExcelError.NUM
    if base == ONE:
        return ExcelError.DIV0
    top, bottom = (APPROXIMATE.ln(rounded_in(part, APPROXIMATE)) for part in (number, base))
    return bounded(FIFTY_DIGITS.plus(APPROXIMATE.divide(top, bottom)))
