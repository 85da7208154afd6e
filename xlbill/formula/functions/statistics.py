"""Functions of the order of numbers: LARGE, SMALL, MEDIAN, PERCENTILE, RANK.

As everywhere, texts and empty cells that are referred to do not count.
https://support.microsoft.com/office/statistical-functions-reference-624dac86-a375-4435-bc25-76d659719ffd
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from ..arithmetic import CEILING, FLOOR, bounded, whole
from ..values import ZERO, ExcelError, Grid, Number, Operand, is_number
from .series import figures

_HALF = Fraction(1, 2)


def large(series: Operand, position: Number) -> Operand:
    """LARGE(C3:C9, 2) is the second largest; a broken position counts as the next whole one, none is #NUM!."""
    return _nth(series, position, reverse=True)


def small(series: Operand, position: Number) -> Operand:
    """SMALL(C3:C9, 2) is the second smallest."""
    return _nth(series, position, reverse=False)


def _nth(series: Operand, position: Number, *, reverse: bool) -> Operand:
    numbers, place = figures((series,)), whole(position, CEILING)
    if isinstance(numbers, ExcelError):
        return numbers
    return sorted(numbers, reverse=reverse)[place - 1] if position >= 1 and place <= len(numbers) else ExcelError.NUM


def median(*series: Operand) -> Operand:
    """MEDIAN(1, 2, 4, 100) is 3: the middle one, or the mean of the two in the middle."""
    numbers = figures(series)
    if isinstance(numbers, ExcelError):
        return numbers
    return _between(sorted(numbers), _HALF * (len(numbers) - 1)) if numbers else ExcelError.NUM


def percentile_inclusive(series: Operand, share: Number) -> Operand:
    """PERCENTILE.INC({1,2,3,4}, 0.3) is 1.9: the share 0 is the smallest, 1 the largest, in between in proportion.

    https://support.microsoft.com/office/percentile-inc-function-680f9539-45eb-410b-9a5e-c1355e5fe2ed
    """
    numbers = figures((series,))
    if isinstance(numbers, ExcelError):
        return numbers
    return (
        _between(sorted(numbers), Fraction(share) * (len(numbers) - 1))
        if numbers and 0 <= share <= 1
        else ExcelError.NUM
    )


def percentile_exclusive(series: Operand, share: Number) -> Operand:
    """PERCENTILE.EXC({1,2,3,4}, 0.3) is 1.5; shares below 1/(n+1) or above n/(n+1) are #NUM!.

    https://support.microsoft.com/office/percentile-exc-function-bbaa7204-e9e1-4010-85bf-c31dc5dce4ba
    """
    numbers = figures((series,))
    if isinstance(numbers, ExcelError):
        return numbers
    place = Fraction(share) * (len(numbers) + 1)
    return _between(sorted(numbers), place - 1) if numbers and 1 <= place <= len(numbers) else ExcelError.NUM


def _between(ascending: Sequence[Number], place: Fraction) -> Operand:
    """The number at a place that counts from 0; between two, in proportion."""
    below = whole(place, FLOOR)
    share = place - below
    if not share:
        return ascending[below]
    return bounded(Fraction(ascending[below]) * (1 - share) + Fraction(ascending[below + 1]) * share)


def rank(number: Number, cells: Grid, ascending: Number = ZERO) -> Operand:
    """RANK(7, C3:C9) is 1 for the largest; equal numbers share a rank, and one that is not there is #N/A.

    https://support.microsoft.com/office/rank-eq-function-284858ce-8ef6-450e-b662-26245be04a40
    """
    numbers = [cell for cell in cells.cells if is_number(cell)]
    error = next((cell for cell in cells.cells if isinstance(cell, ExcelError)), None)
    if error is not None:
        return error
    if number not in numbers:
        return ExcelError.NA
    return Decimal(1 + sum(other < number if ascending else other > number for other in numbers))
