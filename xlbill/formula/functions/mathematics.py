"""Functions of one or two numbers: rounding, remainders, powers.

https://support.microsoft.com/office/math-and-trigonometry-functions-reference-ee158fd6-33be-42c9-9ae5-d635c3ae8c16
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm

from ..arithmetic import (
    CEILING,
    DOWN,
    FLOOR,
    HALF_UP,
    UP,
    absolute,
    divide,
    power,
    round_at,
    round_to_multiple,
    subtract,
    whole,
)
from ..coercion import to_number
from ..values import ONE, ZERO, ExcelError, Number, Operand
from .series import flatten

_MAX_WHOLE = 2**53
_HALF = Fraction(1, 2)


def round_(number: Number, digits: Number) -> Number | ExcelError:
    """ROUND(2.675, 2) is 2.68: half away from zero."""
    return round_at(number, whole(digits), HALF_UP)


def round_up(number: Number, digits: Number) -> Number | ExcelError:
    """ROUNDUP(3.2, 0) is 4: away from zero."""
    return round_at(number, whole(digits), UP)


def round_down(number: Number, digits: Number) -> Number | ExcelError:
    """ROUNDDOWN(-3.7, 0) is -3: towards zero."""
    return round_at(number, whole(digits), DOWN)


def truncate(number: Number, digits: Number = ZERO) -> Number | ExcelError:
    """TRUNC(8.9) is 8."""
    return round_at(number, whole(digits), DOWN)


def integer(number: Number) -> Number:
    """INT(-8.9) is -9: the whole number below."""
    return Decimal(whole(number, FLOOR))


def multiple_round(number: Number, step: Number) -> Number | ExcelError:
    """MROUND(10, 3) is 9; a number and a step of different signs are #NUM!."""
    if not step or not number:
        return ZERO
    return ExcelError.NUM if (number < 0) != (step < 0) else round_to_multiple(number, step, HALF_UP)


def ceiling(number: Number, step: Number) -> Number | ExcelError:
    """CEILING(2.5, 1) is 3, CEILING(-2.5, 2) is -2, CEILING(-2.5, -2) is -4, CEILING(2.5, -2) is #NUM!."""
    if not step or not number:
        return ZERO
    return ExcelError.NUM if number > 0 > step else round_to_multiple(number, step, CEILING)


def floor(number: Number, step: Number) -> Number | ExcelError:
    """FLOOR(3.7, 2) is 2, FLOOR(-2.5, 2) is -4, FLOOR(-2.5, -2) is -2, FLOOR(2.5, -2) is #NUM!."""
    if not number:
        return ZERO
    if not step:
        return ExcelError.DIV0
    return ExcelError.NUM if number > 0 > step else round_to_multiple(number, step, FLOOR)


def ceiling_math(number: Number, step: Number = ONE, away: Number = ZERO) -> Number | ExcelError:
    """CEILING.MATH(-5.5, 2) is -4, and -6 with a third argument other than 0."""
    return _stepped(number, step, FLOOR if away and number < 0 else CEILING)


def floor_math(number: Number, step: Number = ONE, towards: Number = ZERO) -> Number | ExcelError:
    """FLOOR.MATH(-5.5, 2) is -6, and -4 with a third argument other than 0."""
    return _stepped(number, step, CEILING if towards and number < 0 else FLOOR)


def _stepped(number: Number, step: Number, mode: str) -> Number | ExcelError:
    return round_to_multiple(number, absolute(step), mode) if step else ZERO


def sign(number: Number) -> Number:
    """SIGN(-3) is -1."""
    return Decimal((number > 0) - (number < 0))


def modulo(number: Number, divisor: Number) -> Number | ExcelError:
    """MOD(-3, 2) is 1: the remainder has the sign of the divisor.

    https://support.microsoft.com/office/mod-function-9b6cd169-b6ee-406a-a97b-edf2a9dc24f3
    """
    if not divisor:
        return ExcelError.DIV0
    below = round_to_multiple(number, divisor, FLOOR)
    return below if isinstance(below, ExcelError) else subtract(number, below)


def quotient(number: Number, divisor: Number) -> Number | ExcelError:
    """QUOTIENT(-10, 3) is -3."""
    result = divide(number, divisor)
    return result if isinstance(result, ExcelError) else Decimal(whole(result, DOWN))


def even(number: Number) -> Number:
    """EVEN(3) is 4 and EVEN(-1) is -2: away from zero to an even number."""
    return Decimal(whole(Fraction(number) / 2, UP) * 2)


def odd(number: Number) -> Number:
    """ODD(2) is 3 and ODD(-2) is -3, ODD(0) is 1."""
    size = max(whole((Fraction(absolute(number)) - 1) / 2, CEILING) * 2 + 1, 1)
    return Decimal(-size if number < 0 else size)


def _over_whole(compute: Callable[..., int]) -> Callable[..., Operand]:
    """A function of whole numbers, broken parts dropped; below 0 or from 2^53 on is #NUM!, a text #VALUE!."""

    def apply(*operands: Operand) -> Operand:
        found: list[int] = []
        for value in flatten(operands):
            number = ExcelError.VALUE if isinstance(value, bool) else to_number(value)
            if isinstance(number, ExcelError):
                return number
            if not 0 <= number < _MAX_WHOLE:
                return ExcelError.NUM
            if value is not None:
                found.append(whole(number))
        return _bounded(compute, found) if found else ZERO

    return apply


def _bounded(compute: Callable[..., int], numbers: Sequence[int]) -> Operand:
    result = numbers[0]
    for number in numbers:  # one by one, so that a thousand of them grow no number of a thousand digits
        result = compute(result, number)
        if result >= _MAX_WHOLE:
            return ExcelError.NUM
    return Decimal(result)


greatest_common_divisor = _over_whole(gcd)
least_common_multiple = _over_whole(lcm)


def square_root(number: Number) -> Number | ExcelError:
    """SQRT(16) is 4; of a negative number #NUM!."""
    if number < 0:
        return ExcelError.NUM
    return power(number, _HALF)
