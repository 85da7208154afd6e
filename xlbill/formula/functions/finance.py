"""Loans, rents and depreciation: PMT, PV, FV, NPER, RATE, NPV, SLN.

What is paid is negative, what is received is positive.

All balance one equation: pv*(1+rate)^nper + pmt*(1+rate*type)*((1+rate)^nper-1)/rate + fv = 0.
https://support.microsoft.com/office/pv-function-23879d31-0e02-4321-be01-da16e8168cbd
Powers of whole numbers of periods are exact up to about 1,200 digits, others have 50; RATE is found to 30.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Context, Decimal, DecimalException
from fractions import Fraction
from functools import wraps

from ..arithmetic import APPROXIMATE, add, bounded, divide, power
from ..values import ONE, ZERO, ExcelError, Number, Operand, rounded_in
from .logarithm import quotient_of_logarithms
from .series import figures

_TENTH = Decimal("0.1")
_ROUNDS = 100  # of Newton's method; a rate that exists needs about ten
_SMALL = Decimal("1e-35")
_FOUND = Context(prec=30)
_NEAR_ZERO = Decimal("1e-12")  # a rate so small is moved away from 0, where the equation divides by it


class _Error(Exception):
    def __init__(self, error: ExcelError) -> None:
        self.error = error


def _sure(result: Number | ExcelError) -> Fraction:
    if isinstance(result, ExcelError):
        raise _Error(result)
    return Fraction(result)


def _guarded(compute: Callable[..., Fraction]) -> Callable[..., Operand]:
    """A function of fractions as one of numbers: an error on the way is the result."""

    @wraps(compute)
    def apply(*numbers: Number) -> Operand:
        try:
            return bounded(compute(*(Fraction(number) for number in numbers)))
        except _Error as stopped:
            return stopped.error
        except ZeroDivisionError:
            return ExcelError.DIV0

    return apply


def _growth(rate: Fraction, periods: Fraction) -> Fraction:
    """What 1 becomes: (1+rate)^periods."""
    return _sure(power(_sure(bounded(1 + rate)), _sure(bounded(periods))))


def _paid(rate: Fraction, growth: Fraction, periods: Fraction, due: Fraction) -> Fraction:
    """What payments of 1 a period become; due at the beginning of each period unless `due` is 0."""
    if not rate:
        return periods
    return (1 + rate * bool(due)) * (growth - 1) / rate


_NONE = Fraction(0)


@_guarded
def payment(
    rate: Fraction, periods: Fraction, present: Fraction, future: Fraction = _NONE, due: Fraction = _NONE
) -> Fraction:
    """PMT(0.05/12, 36, 100000) is -2997.09 or so: the equal payment of each period."""
    if not periods:
        raise _Error(ExcelError.NUM)
    growth = _growth(rate, periods)
    return -(present * growth + future) / _paid(rate, growth, periods, due)


@_guarded
def present_value(
    rate: Fraction, periods: Fraction, payment: Fraction, future: Fraction = _NONE, due: Fraction = _NONE
) -> Fraction:
    """PV(0.05, 10, -1000): what payments to come are worth now."""
    growth = _growth(rate, periods)
    return -(future + payment * _paid(rate, growth, periods, due)) / growth


@_guarded
def future_value(
    rate: Fraction, periods: Fraction, payment: Fraction, present: Fraction = _NONE, due: Fraction = _NONE
) -> Fraction:
    """FV(0.05, 10, -1000): what payments become by the end."""
    growth = _growth(rate, periods)
    return -(present * growth + payment * _paid(rate, growth, periods, due))


@_guarded
def periods(
    rate: Fraction, payment: Fraction, present: Fraction, future: Fraction = _NONE, due: Fraction = _NONE
) -> Fraction:
    """NPER(0.01, -100, 1000): how many payments it takes."""
    if not rate:
        return -(present + future) / payment
    each = payment * (1 + rate * bool(due)) / rate
    if each + present == 0 or rate <= -1 or (each - future) / (each + present) <= 0:
        raise _Error(ExcelError.NUM)
    return _sure(quotient_of_logarithms(bounded((each - future) / (each + present)), bounded(1 + rate)))


def rate(
    periods: Number, payment: Number, present: Number, future: Number = ZERO, due: Number = ZERO, guess: Number = _TENTH
) -> Operand:
    """RATE(36, -300, 10000): the interest of one period, sought from a guess on; none that is found is #NUM!.

    https://support.microsoft.com/office/rate-function-9f665657-4a7e-4bb7-a030-83fc59e748ce
    """
    if periods <= 0 or guess <= -1:
        return ExcelError.NUM
    if not Fraction(periods) * Fraction(payment) + Fraction(present) + Fraction(future):
        return ZERO
    parts = [rounded_in(number, APPROXIMATE) for number in (periods, payment, present, future, ONE if due else ZERO)]
    begin = rounded_in(guess, APPROXIMATE)
    # As of the beginning the equation is bent less, as of the end it leads back from far above: either may be needed.
    found = _sought(begin, parts, discounted=True)
    return _sought(begin, parts, discounted=False) if found is ExcelError.NUM else found


def _sought(found: Decimal, parts: Sequence[Decimal], *, discounted: bool) -> Operand:
    """The rate to which Newton's method leads, or #NUM!."""
    at = APPROXIMATE
    try:
        for _ in range(_ROUNDS):
            step = _newton(found, *parts, discounted=discounted)
            found = max(at.subtract(found, step), at.divide(at.subtract(found, ONE), Decimal(2)))
            if step.copy_abs() <= at.multiply(_SMALL, max(ONE, found.copy_abs())):
                return bounded(_FOUND.plus(found))
    except DecimalException:
        return ExcelError.NUM
    return ExcelError.NUM


def _newton(
    rate: Decimal,
    periods: Decimal,
    payment: Decimal,
    present: Decimal,
    future: Decimal,
    due: Decimal,
    *,
    discounted: bool,
) -> Decimal:
    """How far Newton's method moves a rate: the equation's value through its slope."""
    if rate.copy_abs() < _NEAR_ZERO:
        rate = _NEAR_ZERO
    at = APPROXIMATE
    growth = at.power(at.add(rate, ONE), periods)
    slope = at.divide(at.multiply(periods, growth), at.add(rate, ONE))  # of the growth
    early = at.add(ONE, at.multiply(rate, due))
    gained = at.divide(at.subtract(growth, ONE), rate)
    gained_slope = at.divide(at.subtract(slope, gained), rate)
    value = at.fma(present, growth, at.fma(payment, at.multiply(early, gained), future))
    paid_slope = at.fma(due, gained, at.multiply(early, gained_slope))
    rise = at.fma(present, slope, at.multiply(payment, paid_slope))
    bend = at.divide(at.multiply(value, slope), growth) if discounted else ZERO
    return at.divide(value, at.subtract(rise, bend))


def net_present_value(rate: Number, *operands: Operand) -> Operand:
    """NPV(0.1, -10000, 3000, 4200, 6800): payments at the end of each period, as of the beginning of the first."""
    found = figures(operands)
    if isinstance(found, ExcelError):
        return found
    growth = add(ONE, rate)
    total: Number | ExcelError = ZERO
    for amount in reversed(found):
        if isinstance(growth, ExcelError) or isinstance(total, ExcelError):
            return ExcelError.NUM
        later = add(total, amount)
        total = later if isinstance(later, ExcelError) else divide(later, growth)
    return total


def straight_line(cost: Number, salvage: Number, life: Number) -> Operand:
    """SLN(30000, 7500, 10) is 2250: what is written off in each period."""
    return divide(Fraction(cost) - Fraction(salvage), life)
