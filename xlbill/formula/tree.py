"""A formula as a tree: `=MAX(used-included,0)*price` is a Binary of a Call and a Name.

Nodes are frozen and compare by value. Rows and columns count from 1, as Excel's do: B5 is column 2, row 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from xlbill.made_again import MadeAgain

from .values import ExcelError, Rows

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384  # XFD


@dataclass(frozen=True, slots=True)
class Num(MadeAgain):
    """A number as written: 0.05."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Text(MadeAgain):
    """A text as written: "up to"."""

    value: str


@dataclass(frozen=True, slots=True)
class Bool(MadeAgain):
    """TRUE or FALSE."""

    value: bool


@dataclass(frozen=True, slots=True)
class Err(MadeAgain):
    """An error as written: #N/A."""

    value: ExcelError


@dataclass(frozen=True, slots=True)
class Missing(MadeAgain):
    """An argument that was left out: the second of `IF(a,,b)`."""


@dataclass(frozen=True, slots=True)
class Name(MadeAgain):
    """A quantity by its name: `included`, `dau.units`, `用量`. Names are the same ignoring case."""

    name: str


@dataclass(frozen=True, slots=True)
class Ref(MadeAgain):
    """One cell: `Ref("用量", 3, 34, True, True)` is 用量!$C$34. Without a sheet it is the formula's own."""

    sheet: str | None
    column: int
    row: int
    column_absolute: bool = False
    row_absolute: bool = False


@dataclass(frozen=True, slots=True)
class Range(MadeAgain):
    """A block of cells from its upper left to its lower right; both corners carry the same sheet.

    A whole column reaches from row 1 to MAX_ROW, a whole row from column 1 to MAX_COLUMN.
    """

    first: Ref
    last: Ref


@dataclass(frozen=True, slots=True)
class Unary(MadeAgain):
    """A sign before an expression."""

    operator: str
    operand: Expr


@dataclass(frozen=True, slots=True)
class Percent(MadeAgain):
    """An expression in hundredths: 6%."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Binary(MadeAgain):
    """Two expressions and the operator between them."""

    operator: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Call(MadeAgain):
    """A function, in capitals and without Excel's `_xlfn.` prefix, and its arguments."""

    function: str
    arguments: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Array(MadeAgain):
    """Values written in place of cells, row by row: `{0,1000;0.05,0.04}`."""

    rows: Rows


@dataclass(frozen=True, slots=True)
class Local(MadeAgain):
    """A name that a LET around it has given a value; it is no quantity."""

    name: str


@dataclass(frozen=True, slots=True)
class Let(MadeAgain):
    """Values with names of their own, and the expression that uses them: `LET(over,used-included,over*price)`.

    A value may use the names before it.
    """

    bindings: tuple[tuple[str, Expr], ...]
    result: Expr


Literal: TypeAlias = Num | Text | Bool | Err | Missing | Array | Local
Expr: TypeAlias = Literal | Name | Ref | Range | Unary | Percent | Binary | Call | Let
Reference: TypeAlias = Name | Ref | Range
