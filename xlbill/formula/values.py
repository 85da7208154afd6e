"""What a cell can hold: an exact number, a text, a logical value, an error, or nothing.

>>> as_decimal(Fraction(1, 3))
Decimal('0.3333333333333333333333333333')

Numbers are `Decimal` wherever the result is one, and `Fraction` where a division never ends (1/3), so that
nothing is rounded except where a formula says ROUND. There is no float here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import Enum
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias, TypeGuard

MAX_TEXT = 32_767  # characters in one cell, as in Excel
MAX_CELLS = 1_000_000  # of one range; Excel knows larger ones, bills do not
ZERO = Decimal(0)
ONE = Decimal(1)

_SHOWN = Context(prec=28, rounding=ROUND_HALF_UP)


class ExcelError(Enum):
    """An error as a cell shows it: `ExcelError("#DIV/0!") is ExcelError.DIV0`.

    https://support.microsoft.com/office/error-type-function-10958677-7c8d-44f7-ae77-b9a9ee6eefaa
    """

    NULL = "#NULL!"
    DIV0 = "#DIV/0!"
    VALUE = "#VALUE!"
    REF = "#REF!"
    NAME = "#NAME?"
    NUM = "#NUM!"
    NA = "#N/A"
    CIRCULAR = "#CIRCULAR!"  # not Excel's: it shows a warning and 0, which would pass for a figure

    def __str__(self) -> str:
        return self.value


Number: TypeAlias = Decimal | Fraction
Value: TypeAlias = Decimal | Fraction | str | bool | ExcelError | None
Rows: TypeAlias = tuple[tuple[Value, ...], ...]


@dataclass(frozen=True)
class Grid:
    """The cells behind a reference, row by row: `Grid(((Decimal(1), None),))` is A1:B1 with an empty B1.

    A reference to one cell is a grid of one, because SUM, MAX and AND pass over the texts and blanks that they
    are *referred* to, and not over those that they are *given*.

    An array was written in the formula, or computed from one that was: operators work on it cell by cell.
    """

    rows: Rows
    is_array: bool = False

    @staticmethod
    def of(found: Value | Rows | Grid) -> Grid:
        """The cells that a lookup found: one value, or rows of values; no cells are one empty cell."""
        if isinstance(found, Grid):
            return found
        if not isinstance(found, tuple):
            return Grid(((found,),))
        return Grid(found) if found and found[0] else Grid(((None,),))

    @property
    def height(self) -> int:
        return len(self.rows)

    @property
    def width(self) -> int:
        return len(self.rows[0])

    @property
    def is_single(self) -> bool:
        return self.height == 1 and self.width == 1

    @cached_property
    def cells(self) -> tuple[Value, ...]:
        """All cells, row after row."""
        return tuple(cell for row in self.rows for cell in row)

    @cached_property
    def texts(self) -> Mapping[str, Sequence[int]]:
        """Where among the cells each text stands, ignoring case: asked for often, a long column is read once."""
        found: dict[str, list[int]] = {}
        for number, cell in enumerate(self.cells):
            if isinstance(cell, str):
                found.setdefault(cell.casefold(), []).append(number)
        return found

    @property
    def columns(self) -> Rows:
        """The same cells, column by column."""
        return tuple(zip(*self.rows, strict=True))


Operand: TypeAlias = Value | Grid
Thunk: TypeAlias = Callable[[], Operand]


def is_number(value: object) -> TypeGuard[Number]:
    """Whether a value is a number; TRUE and "3" are not."""
    return isinstance(value, (Decimal, Fraction))


def single(operand: Operand) -> Value:
    """The one value of an operand; a range of several cells has none (`=A1:A3+1` is #VALUE!)."""
    if not isinstance(operand, Grid):
        return operand
    return operand.rows[0][0] if operand.is_single else ExcelError.VALUE


def as_decimal(number: Number) -> Decimal:
    """A number to 28 significant digits, for showing and storing: `as_decimal(Fraction(2, 3))` ends in 7."""
    return rounded_in(number, _SHOWN)


def rounded_in(number: Number, context: Context) -> Decimal:
    """A number to the digits of a context."""
    if isinstance(number, Decimal):  # asked first: nearly all are
        return context.plus(number)
    return context.divide(Decimal(number.numerator), Decimal(number.denominator))
