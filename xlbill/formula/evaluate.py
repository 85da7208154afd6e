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
from typing import TypeAlias

from .coercion import to_logical, to_number, to_text
from .operators import OPERATORS, PREFIXES, percent
from .registry import FUNCTIONS, Function, Kind
from .tree import Binary, Bool, Call, Err, Expr, Missing, Name, Num, Percent, Range, Ref, Text, Unary
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

_COERCIONS: dict[Kind, Callable[[Value], Value]] = {
    Kind.NUMBER: to_number,
    Kind.TEXT: to_text,
    Kind.LOGICAL: to_logical,
    Kind.VALUE: lambda value: value,
}
_ONE_VALUE = frozenset({*_COERCIONS, Kind.ANY})


def evaluate(expr: Expr, lookup: Lookup, arithmetic: Arithmetic = EXACTLY) -> Value:
    """The value of a formula; `lookup` gives a value for a name or cell, and rows of values (or a grid) for a range.

    A formula that comes to an empty cell shows 0, as `=A1` does.
    """
    value = single(operand_of(expr, lookup, False, arithmetic))
    return ZERO if value is None else value


def operand_of(node: Expr, lookup: Lookup, array: bool, arithmetic: Arithmetic = EXACTLY) -> Operand:
    """The value or cells of an expression; in an array, operators work cell by cell."""
    match node:
        case Name() | Ref() | Range():
            return Grid.of(lookup(node))
        case Num() | Text() | Bool() | Err():
            return node.value
        case Binary(symbol, left, right):
            operands = operand_of(left, lookup, array, arithmetic), operand_of(right, lookup, array, arithmetic)
            return _cell_by_cell(arithmetic.operators[symbol], operands, array)
        case Call(name, arguments):
            return _call(arithmetic.functions[name], arguments, lookup, array, arithmetic)
        case Unary(symbol, operand):
            return _cell_by_cell(arithmetic.prefixes[symbol], (operand_of(operand, lookup, array, arithmetic),), array)
        case Percent(operand):
            return _cell_by_cell(arithmetic.percent, (operand_of(operand, lookup, array, arithmetic),), array)
        case Missing():
            return None


def _call(
    function: Function, arguments: Sequence[Expr], lookup: Lookup, array: bool, arithmetic: Arithmetic
) -> Operand:
    kinds = function.kinds_of(len(arguments))
    if function.is_lazy:  # also in an array: Excel computes a condition inside SUMPRODUCT for one cell only
        later = [partial(operand_of, argument, lookup, array, arithmetic) for argument in arguments]
        return apply_function(
            function, kinds, [one if kind is Kind.LATER else one() for kind, one in zip(kinds, later, strict=True)]
        )
    operands = [
        operand_of(argument, lookup, array or kind is Kind.ARRAY, arithmetic)
        for kind, argument in zip(kinds, arguments, strict=True)
    ]
    return _spread(function, kinds, operands) if array else apply_function(function, kinds, operands)


def _spread(function: Function, kinds: Sequence[Kind], operands: Sequence[Operand]) -> Operand:
    """Call a function for each cell of the ranges that stand where it takes single values."""
    spread = [index for index, kind in enumerate(kinds) if kind in _ONE_VALUE]

    def with_values(*values: Value) -> Operand:
        chosen: dict[int, Operand] = dict(zip(spread, values, strict=True))
        return apply_function(function, kinds, [chosen.get(index, operand) for index, operand in enumerate(operands)])

    return _cell_by_cell(with_values, [operands[index] for index in spread], True)


def apply_function(function: Function, kinds: Sequence[Kind], operands: Sequence[Argument]) -> Operand:
    """Call a function with its arguments prepared; the first error that it did not ask for is the result."""
    prepared: list[Argument] = []
    for kind, operand in zip(kinds, operands, strict=True):
        argument = operand if callable(operand) else _prepared(kind, operand)
        if isinstance(argument, ExcelError) and kind not in (Kind.ANY, Kind.SERIES):
            return argument
        prepared.append(argument)
    return function.compute(*prepared)


def _prepared(kind: Kind, operand: Operand) -> Operand:
    if kind in _COERCIONS:
        return _COERCIONS[kind](single(operand))
    match kind:
        case Kind.ANY:
            return single(operand)
        case Kind.SERIES:
            return operand
        case Kind.RANGE:
            return operand if isinstance(operand, (Grid, ExcelError)) else ExcelError.VALUE
    return operand if isinstance(operand, (Grid, ExcelError)) else Grid(((operand,),))


def _cell_by_cell(function: Callable[..., Operand], operands: Sequence[Operand], array: bool) -> Operand:
    """Apply a function to single values, and in an array to each cell; a single row or column is repeated."""
    grids = [operand for operand in operands if isinstance(operand, Grid) and not operand.is_single]
    if not array or not grids:
        return function(*map(single, operands))
    height, width = max(grid.height for grid in grids), max(grid.width for grid in grids)
    if height * width > MAX_CELLS:
        return ExcelError.NUM
    return Grid(
        tuple(
            tuple(single(function(*(_cell(operand, row, column) for operand in operands))) for column in range(width))
            for row in range(height)
        )
    )


def _cell(operand: Operand, row: int, column: int) -> Value:
    if not isinstance(operand, Grid):
        return operand
    row, column = 0 if operand.height == 1 else row, 0 if operand.width == 1 else column
    inside = row < operand.height and column < operand.width
    return operand.rows[row][column] if inside else ExcelError.NA
