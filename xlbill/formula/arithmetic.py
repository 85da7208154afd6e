"""Exact arithmetic within Excel's limits: 8.025 * (1/3) is 2.675, and not a hair less.

>>> multiply(Decimal("8.025"), divide(Decimal(1), Decimal(3)))
Decimal('2.675')

Results are independent of the caller's decimal context. Two bounds keep a hostile formula from filling the memory:
numbers of 1E308 and more are #NUM!, as in Excel, and beyond 1,000 significant digits a number is rounded to 1,000.
Roots and broken powers that come out even are exact (4^0.5 is 2); irrational ones have 50 digits.
"""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from fractions import Fraction
from math import isqrt

from .values import ONE, ZERO, ExcelError, Number, rounded_in

# https://support.microsoft.com/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3
MAX_EXPONENT = 308
MAX_BITS = 4_096  # of a fraction's numerator and denominator; about 1,233 digits

_TRAPS = [InvalidOperation, DivisionByZero, Overflow]
EXACT = Context(prec=1_000, Emin=-99_999, Emax=99_999, traps=_TRAPS)
APPROXIMATE = Context(prec=60, Emin=-99_999, Emax=99_999, traps=_TRAPS)
FIFTY_DIGITS = Context(prec=50, Emin=-99_999, Emax=99_999, traps=_TRAPS)

HALF_UP, UP, DOWN, FLOOR, CEILING = ROUND_HALF_UP, ROUND_UP, ROUND_DOWN, ROUND_FLOOR, ROUND_CEILING


def bounded(number: Number) -> Number | ExcelError:
    """A number within the limits: too large is #NUM!, too small is 0, a fraction that terminates is a Decimal."""
    if isinstance(number, Fraction):
        return _bounded_fraction(number)
    if not number:
        return ZERO
    magnitude = number.adjusted()
    if magnitude >= MAX_EXPONENT:
        return ExcelError.NUM
    return number if magnitude >= -MAX_EXPONENT else ZERO


def _bounded_fraction(number: Fraction) -> Number | ExcelError:
    top, bottom = number.numerator.bit_length(), number.denominator.bit_length()
    if top > MAX_BITS or bottom > MAX_BITS or abs(top - bottom) > 1_000:
        return bounded(EXACT.divide(Decimal(number.numerator), Decimal(number.denominator)))
    places = _places(number.denominator)
    if places is None:
        return number
    return bounded(EXACT.scaleb(EXACT.plus(Decimal(number.numerator * 10**places // number.denominator)), -places))


def _places(denominator: int) -> int | None:
    """How many decimals a fraction in lowest terms has: 3 for 8, and None for 3, where they never end."""
    twos = (denominator & -denominator).bit_length() - 1
    rest, fives = denominator >> twos, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def add(left: Number, right: Number) -> Number | ExcelError:
    """0.1 + 0.2 is 0.3."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return bounded(EXACT.add(left, right))
    return bounded(Fraction(left) + Fraction(right))


def subtract(left: Number, right: Number) -> Number | ExcelError:
    """1 - 0.9 is 0.1."""
    return add(left, negate(right))


def multiply(left: Number, right: Number) -> Number | ExcelError:
    """1.1 * 1.1 is 1.21."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return bounded(EXACT.multiply(left, right))
    return bounded(Fraction(left) * Fraction(right))


def divide(left: Number, right: Number) -> Number | ExcelError:
    """1 / 8 is 0.125; 1 / 3 stays a fraction; 1 / 0 is #DIV/0!."""
    if not right:
        return ExcelError.DIV0
    return bounded(Fraction(left) / Fraction(right))


def negate(number: Number) -> Number:
    """-0 is 0."""
    if isinstance(number, Decimal):
        return number.copy_negate() if number else ZERO
    return -number


def absolute(number: Number) -> Number:
    return number.copy_abs() if isinstance(number, Decimal) else abs(number)


def is_whole(number: Number) -> bool:
    return isinstance(number, Decimal) and number == number.to_integral_value(context=EXACT)


def whole(number: Number, mode: str = DOWN) -> int:
    """A number without its broken part: `whole(Decimal("-2.5"), FLOOR)` is -3."""
    if isinstance(number, Decimal):
        return int(number.to_integral_value(mode, EXACT))
    below, rest = divmod(abs(number), 1)
    negative = number < 0
    away = {
        DOWN: False,
        UP: bool(rest),
        HALF_UP: rest * 2 >= 1,
        FLOOR: negative and bool(rest),
        CEILING: not negative and bool(rest),
    }[mode]
    magnitude = below + int(away)
    return -magnitude if negative else magnitude


def round_at(number: Number, digits: int, mode: str = HALF_UP) -> Number | ExcelError:
    """A number rounded at a decimal place, or left of the point: `round_at(Decimal(1250), -2)` is 1300."""
    if digits > MAX_EXPONENT or not number:
        return number
    if digits < -MAX_EXPONENT:
        return ExcelError.NUM if mode == UP else ZERO
    if isinstance(number, Fraction):
        scaled = whole(number * Fraction(10) ** digits, mode)
        return bounded(EXACT.add(EXACT.scaleb(Decimal(scaled), -digits), ZERO))
    if number.as_tuple().exponent >= -digits:  # type: ignore[operator]  # numbers are finite
        return number
    step = ONE.scaleb(-digits, EXACT)
    # Adding 0 writes 1.2E+3 as 1200 and -0.00 as 0.00.
    return bounded(EXACT.add(number.quantize(step, mode, EXACT), ZERO))


def round_to_multiple(number: Number, step: Number, mode: str) -> Number | ExcelError:
    """A number rounded to a multiple: `round_to_multiple(Decimal(7), Decimal(5), CEILING)` is 10."""
    count = divide(number, step)
    return count if isinstance(count, ExcelError) else multiply(Decimal(whole(count, mode)), step)


def power(base: Number, exponent: Number) -> Number | ExcelError:
    """2^10 is 1024; 0^0 and (-8)^(1/3) are #NUM!, 0^-1 is #DIV/0!.

    https://support.microsoft.com/office/power-function-d3f2908b-56f4-4c3f-895a-07fb519c362a
    """
    if not base:
        if exponent > 0:
            return ZERO
        return ExcelError.DIV0 if exponent else ExcelError.NUM
    if not exponent:
        return ONE
    if absolute(base) == 1 and is_whole(exponent):
        return ONE if base == 1 or whole(exponent) % 2 == 0 else Decimal(-1)
    if base < 0 and not is_whole(exponent):
        return ExcelError.NUM
    close_base, close_exponent = rounded_in(base, APPROXIMATE), rounded_in(exponent, APPROXIMATE)
    estimate = APPROXIMATE.multiply(APPROXIMATE.log10(close_base.copy_abs()), close_exponent)
    if estimate.copy_abs() > MAX_EXPONENT + 1:
        return ExcelError.NUM if estimate > 0 else ZERO
    exact = _exact_power(Fraction(base), Fraction(exponent))
    if exact is not None:
        return bounded(exact)
    return bounded(FIFTY_DIGITS.plus(APPROXIMATE.power(close_base, close_exponent)))


def _exact_power(base: Fraction, exponent: Fraction) -> Fraction | None:
    """A power that comes out even: 32^(2/5) is the fifth root of 32, squared; None where there is none."""
    degree = exponent.denominator
    top, bottom = _exact_root(abs(base.numerator), degree), _exact_root(base.denominator, degree)
    if top is None or bottom is None:
        return None
    if max(top.bit_length(), bottom.bit_length()) * abs(exponent.numerator) > MAX_BITS:
        return None
    root = Fraction(top, bottom)
    return (root if base > 0 else -root) ** exponent.numerator


def _exact_root(number: int, degree: int) -> int | None:
    """The whole root of a whole number, if it has one: the third root of 27 is 3."""
    if degree == 1 or number == 1:
        return number
    bits = number.bit_length()
    if bits > MAX_BITS or degree > bits:
        return None
    if degree == 2:
        root = isqrt(number)
        return root if root * root == number else None
    low, high = 1, 1 << (bits // degree + 1)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if middle**degree < number else (low, middle)
    return low if low**degree == number else None
