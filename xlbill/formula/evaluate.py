"""What a formula comes to, exactly.

>>> evaluate(parse("=ROUND(units*price,2)"), lambda node: {"units": Decimal(3), "price": Decimal("0.335")}[node.name])
Decimal('1.01')

A name is a reference to one cell: MAX passes over a text in it, arithmetic takes an empty one as 0. Only the branch
that is taken is computed. Errors are values and travel as in Excel; nothing here raises for a formula that was parsed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias, TypeGuard

from .coercion import to_logical, to_number, to_text
from .operators import OPERATORS, PREFIXES, percent
from .registry import FUNCTIONS, ArgumentKind, Function
from .tree import (
    Array,
    Binary,
    Bool,
    Call,
    Err,
    Expr,
    Let,
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
from .values import MAX_CELLS, ZERO, ExcelError, Grid, Operand, Rows, Thunk, Value, single

Lookup: TypeAlias = Callable[[Name | Ref | Range], "Value | Rows | Grid"]
Argument: TypeAlias = "Operand | Thunk"


@dataclass(frozen=True, slots=True, eq=False)
class Arithmetic:
    """What operators and functions compute with: exact numbers here, binary doubles in `doubles`."""

    operators: Mapping[str, Callable[[Value, Value], Value]]
    prefixes: Mapping[str, Callable[[Value], Value]]
    percent: Callable[[Value], Value]
    functions: Mapping[str, Function]


EXACTLY = Arithmetic(OPERATORS, PREFIXES, percent, FUNCTIONS)

_COERCIONS: dict[ArgumentKind, Callable[[Value], Value]] = {
    ArgumentKind.NUMBER: to_number,
    ArgumentKind.TEXT: to_text,
    ArgumentKind.LOGICAL: to_logical,
    ArgumentKind.VALUE: lambda value: value,
}
_ONE_VALUE = frozenset({*_COERCIONS, ArgumentKind.ANY})


def _for_ever() -> None:
    """Nobody asks how long it takes."""


def evaluate(
    expr: Expr, lookup: Lookup, arithmetic: Arithmetic = EXACTLY, still: Callable[[], None] = _for_ever
) -> Value:
    """The value of a formula; `lookup` gives a value for a name or cell, and rows of values (or a grid) for a range.

    A formula that comes to an empty cell shows 0, as `=A1` does. `still` is called before each cell of an array: it
    may raise where that takes too long.
    """
    value = single(_operand(expr, _Scope(lookup, {}, arithmetic, still), False))
    return ZERO if value is None else value


def operand_of(node: Expr, lookup: Lookup, array: bool, arithmetic: Arithmetic = EXACTLY) -> Operand:
    """The value or cells of a part of a formula, as an argument of a function takes it."""
    return _operand(node, _Scope(lookup, {}, arithmetic, _for_ever), array)


@dataclass(frozen=True, slots=True)
class _Scope:
    """What an expression can refer to (quantities and cells, what the LETs around it have named), and computes with."""

    lookup: Lookup
    locals: Mapping[str, Operand]
    arithmetic: Arithmetic
    still: Callable[[], None]

    def within(self, name: str, operand: Operand) -> _Scope:
        return _Scope(self.lookup, {**self.locals, name.casefold(): operand}, self.arithmetic, self.still)


def _operand(node: Expr, scope: _Scope, array: bool) -> Operand:
    """The value or cells of an expression; in an array, operators work cell by cell."""
    match node:
        case Name() | Ref() | Range():
            return Grid.of(scope.lookup(node))
        case Num() | Text() | Bool() | Err():
            return node.value
        case Binary(symbol, left, right):
            operands = _operand(left, scope, array), _operand(right, scope, array)
            return _cell_by_cell(scope.arithmetic.operators[symbol], operands, array, scope.still)
        case Call(name, arguments):
            return _call(scope.arithmetic.functions[name], arguments, scope, array)
        case Unary(symbol, operand):
            return _cell_by_cell(
                scope.arithmetic.prefixes[symbol], (_operand(operand, scope, array),), array, scope.still
            )
        case Percent(operand):
            return _cell_by_cell(scope.arithmetic.percent, (_operand(operand, scope, array),), array, scope.still)
        case Array(rows):
            return Grid(rows, True)
        case Local(name):
            return scope.locals[name.casefold()]
        case Let(bindings, result):
            for name, value in bindings:
                scope = scope.within(name, _operand(value, scope, array))
            return _operand(result, scope, array)
        case Missing():
            return None


def _call(function: Function, arguments: Sequence[Expr], scope: _Scope, array: bool) -> Operand:
    kinds = function.kinds_of(len(arguments))
    if function.is_lazy:
        return _call_later(
            function, kinds, [partial(_operand, argument, scope, array) for argument in arguments], scope.still
        )
    operands = [
        _operand(argument, scope, array or kind is ArgumentKind.ARRAY)
        for kind, argument in zip(kinds, arguments, strict=True)
    ]
    if array or any(kind in _ONE_VALUE and _is_array(operand) for kind, operand in zip(kinds, operands, strict=True)):
        return _spread(function, kinds, operands, array, scope.still)
    return apply_function(function, kinds, operands)


def _call_later(
    function: Function, kinds: Sequence[ArgumentKind], arguments: Sequence[Thunk], still: Callable[[], None]
) -> Operand:
    """Call a function that computes its results only where they are needed.

    In an array, too, Excel computes a condition inside SUMPRODUCT for one cell only; over an array that is written in
    the formula it computes cell by cell: CHOOSE({1,2},a,b) is a and b.
    """
    first = arguments[0]()
    spread = [index for index, kind in enumerate(kinds) if kind is ArgumentKind.LATER or kind in _ONE_VALUE]
    operands: list[Argument] = [
        one if kind is ArgumentKind.LATER else one() for kind, one in zip(kinds[1:], arguments[1:], strict=True)
    ]
    operands.insert(0, partial(_same, first) if kinds[0] is ArgumentKind.LATER else first)
    if not _is_array(first):
        return apply_function(function, kinds, operands)

    def with_values(*values: Value) -> Operand:
        chosen = dict(zip(spread, values, strict=True))
        found = single(
            apply_function(function, kinds, [_given(kinds[i], chosen.get(i, one)) for i, one in enumerate(known)])
        )
        return ZERO if found is None else found  # an empty cell in an array is 0

    known = [one() if callable(one) else one for one in operands]
    return _cell_by_cell(with_values, [known[index] for index in spread], True, still)


def _given(kind: ArgumentKind, operand: Operand) -> Argument:
    return partial(_same, operand) if kind is ArgumentKind.LATER else operand


def _same(operand: Operand) -> Operand:
    return operand


def _is_array(operand: Operand) -> TypeGuard[Grid]:
    return isinstance(operand, Grid) and operand.is_array and not operand.is_single


def _spread(
    function: Function,
    kinds: Sequence[ArgumentKind],
    operands: Sequence[Operand],
    array: bool,
    still: Callable[[], None],
) -> Operand:
    """Call a function for each cell of the ranges that stand where it takes single values."""
    spread = [index for index, kind in enumerate(kinds) if kind in _ONE_VALUE]

    def with_values(*values: Value) -> Operand:
        chosen: dict[int, Operand] = dict(zip(spread, values, strict=True))
        return apply_function(function, kinds, [chosen.get(index, operand) for index, operand in enumerate(operands)])

    return _cell_by_cell(with_values, [operands[index] for index in spread], array, still)


def apply_function(function: Function, kinds: Sequence[ArgumentKind], operands: Sequence[Argument]) -> Operand:
    """Call a function with its arguments prepared; the first error that it did not ask for is the result."""
    prepared: list[Argument] = []
    for kind, operand in zip(kinds, operands, strict=True):
        argument = operand if callable(operand) else _prepared(kind, operand)
        if isinstance(argument, ExcelError) and kind not in (ArgumentKind.ANY, ArgumentKind.SERIES):
            return argument
        prepared.append(argument)
    return function.compute(*prepared)


def _prepared(kind: ArgumentKind, operand: Operand) -> Operand:
    if kind in _COERCIONS:
        return _COERCIONS[kind](single(operand))
    match kind:
        case ArgumentKind.ANY:
            return single(operand)
        case ArgumentKind.SERIES:
            return operand
        case ArgumentKind.RANGE:
            return operand if isinstance(operand, (Grid, ExcelError)) else ExcelError.VALUE
    return operand if isinstance(operand, (Grid, ExcelError)) else Grid(((operand,),))


def _cell_by_cell(
    function: Callable[..., Operand], operands: Sequence[Operand], array: bool, still: Callable[[], None]
) -> Operand:
    """Apply a function to single values; in an array, or to arrays, cell by cell, a single row or column repeated."""
    grids = [operand for operand in operands if isinstance(operand, Grid) and not operand.is_single]
    if not grids or not (array or all(grid.is_array for grid in grids)):
        return function(*map(single, operands))
    height, width = max(grid.height for grid in grids), max(grid.width for grid in grids)
    if height * width > MAX_CELLS:
        return ExcelError.NUM

    def at(row: int, column: int) -> Value:
        still()
        return single(function(*(_cell(operand, row, column) for operand in operands)))

    return Grid(
        tuple(tuple(at(row, column) for column in range(width)) for row in range(height)),
        any(grid.is_array for grid in grids),
    )


def _cell(operand: Operand, row: int, column: int) -> Value:
    if not isinstance(operand, Grid):
        return operand
    row, column = 0 if operand.height == 1 else row, 0 if operand.width == 1 else column
    inside = row < operand.height and column < operand.width
    return operand.rows[row][column] if inside else ExcelError.NA
