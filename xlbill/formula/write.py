"""A tree as the text of a formula, with no more brackets than it needs.

>>> write(parse("=(units*(price))"), lambda node: {"units": "C5", "price": "价目!$D$7"}[node.name])
'C5*价目!$D$7'

The text has no leading `=`; parsing it gives the same tree again.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from xlbill.cells import column_letters, quote_sheet

from .operators import PRECEDENCE
from .registry import FILE_PREFIX, LOCAL_PREFIX, PREFIXED
from .traverse import walk
from .tree import (
    MAX_COLUMN,
    MAX_ROW,
    Array,
    Binary,
    Bool,
    Call,
    Err,
    Expr,
    Let,
    Literal,
    Local,
    Missing,
    Name,
    Num,
    Percent,
    Range,
    Ref,
    Text,
    Unary,
)
from .values import Value

_PERCENT, _SIGN, _OPERAND = 6, 7, 8  # levels above those of PRECEDENCE


def write(expr: Expr, place: Callable[[Name | Ref | Range], str] | None = None, *, file: bool = False) -> str:
    """The formula's text without `=`; `place` says where each name, cell and range stands (default: as they are).

    With `file`, newer functions get the prefix under which Excel stores them, `_xlfn.IFS(...)`,
    and so do the names within a LET: `_xlfn.LET(_xlpm.over,...)`.
    """
    return _Writer(place or spell, file).text(expr, 0)


def spell(node: Name | Ref | Range) -> str:
    """A name or a reference as Excel writes it: `用量!$C$34`, `'Sheet 1'!B5:B9`, `A:A`."""
    match node:
        case Name(name):
            return name
        case Ref():
            return f"{_sheet(node)}{_cell(node)}"
        case Range(first, last):
            return f"{_sheet(first)}{_span(first, last)}"


def _sheet(ref: Ref) -> str:
    return "" if ref.sheet is None else f"{quote_sheet(ref.sheet)}!"


def _cell(ref: Ref) -> str:
    return f"{'$' * ref.column_absolute}{column_letters(ref.column)}{'$' * ref.row_absolute}{ref.row}"


def _span(first: Ref, last: Ref) -> str:
    corners = (first, last)
    if (first.row, last.row) == (1, MAX_ROW) and not (first.row_absolute or last.row_absolute):
        return ":".join(f"{'$' * ref.column_absolute}{column_letters(ref.column)}" for ref in corners)
    if (first.column, last.column) == (1, MAX_COLUMN) and not (first.column_absolute or last.column_absolute):
        return ":".join(f"{'$' * ref.row_absolute}{ref.row}" for ref in corners)
    return ":".join(map(_cell, corners))


class _Writer:
    """Writes a tree; a level is how tightly the place around an expression binds."""

    def __init__(self, place: Callable[[Name | Ref | Range], str], file: bool) -> None:
        self.place = place
        self.file = file
        self.locals: dict[str, str] = {}

    def text(self, expr: Expr, level: int) -> str:
        written, own = self.part(expr)
        return f"({written})" if own < level else written

    def part(self, expr: Expr) -> tuple[str, int]:
        """The text of an expression and its own level."""
        match expr:
            case Binary(symbol, left, right):
                level = PRECEDENCE[symbol]
                return f"{self.text(left, level)}{symbol}{self.text(right, level + 1)}", level
            case Unary(symbol, operand):
                return f"{symbol}{self.text(operand, _SIGN)}", _SIGN
            case Percent(operand):
                return f"{self.text(operand, _PERCENT)}%", _PERCENT
            case Call(name, arguments):
                prefix = FILE_PREFIX if self.file and name in PREFIXED else ""
                return f"{prefix}{name}({','.join(self.text(argument, 0) for argument in arguments)})", _OPERAND
            case Name() | Ref() | Range():
                return self.place(expr), _OPERAND
            case Let():
                return self.let(expr), _OPERAND
            case Local(name):
                return self.local(name), _OPERAND
            case _:
                return spell_literal(expr), _SIGN if isinstance(expr, Num) and expr.value < 0 else _OPERAND

    def let(self, expr: Let) -> str:
        """A LET; a name in it that is also the text of a quantity of the formula gets a `_`, to be told from it."""
        outer = dict(self.locals)
        taken = {self.place(node).casefold() for node in walk(expr) if isinstance(node, Name)}
        parts = []
        for name, value in expr.bindings:
            parts.append(self.text(value, 0))
            spelled = name
            while spelled.casefold() in taken:
                spelled += "_"
            self.locals[name.casefold()] = spelled
            parts.insert(-1, self.local(name))
        parts.append(self.text(expr.result, 0))
        self.locals = outer
        return f"{FILE_PREFIX if self.file else ''}LET({','.join(parts)})"

    def local(self, name: str) -> str:
        return (LOCAL_PREFIX if self.file else "") + self.locals.get(name.casefold(), name)


def spell_literal(node: Literal) -> str:
    """What stands for itself, as formulas write it: `"up to"`, `{0,1000;0.05,0.04}`."""
    match node:
        case Array(rows):
            return "{" + ";".join(",".join(map(_constant, row)) for row in rows) + "}"
        case Num() | Text() | Bool() | Err():
            return _constant(node.value)
        case Local(name):
            return name
        case Missing():
            return ""


def _constant(value: Value) -> str:
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return _number(value) if isinstance(value, Decimal) else str(value)


def _number(value: Decimal) -> str:
    """A number as formulas write it: without an exponent as long as it stays readable."""
    return format(value, "f") if -20 < value.adjusted() < 20 else str(value)
