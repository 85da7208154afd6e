"""The operators between single values: + - * / ^ & = <> < <= > >=, the signs before one, and % behind it.

https://support.microsoft.com/office/calculation-operators-and-precedence-in-excel-48be406d-4975-4d31-b2b8-7af9e0e2878a
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal

from .arithmetic import add, divide, multiply, negate, power, subtract
from .coercion import to_number, to_text
from .comparison import compare
from .functions.text import fitting
from .values import ExcelError, Number, Value

_HUNDRED = Decimal(100)


def _numeric(compute: Callable[[Number, Number], Number | ExcelError]) -> Callable[[Value, Value], Value]:
    def apply(left: Value, right: Value) -> Value:
        first = to_number(left)
        if isinstance(first, ExcelError):
            return first
        second = to_number(right)
        return second if isinstance(second, ExcelError) else compute(first, second)

    return apply


def _comparing(holds: Callable[[int, int], bool]) -> Callable[[Value, Value], Value]:
    def apply(left: Value, right: Value) -> Value:
        error = next((value for value in (left, right) if isinstance(value, ExcelError)), None)
        return holds(compare(left, right), 0) if error is None else error

    return apply


def _join(left: Value, right: Value) -> Value:
    first = to_text(left)
    if isinstance(first, ExcelError):
        return first
    second = to_text(right)
    return second if isinstance(second, ExcelError) else fitting(first + second)


def _negative(value: Value) -> Value:
    number = to_number(value)
    return number if isinstance(number, ExcelError) else negate(number)


def _unchanged(value: Value) -> Value:
    return value


def percent(value: Value) -> Value:
    """6% is 0.06."""
    number = to_number(value)
    return number if isinstance(number, ExcelError) else divide(number, _HUNDRED)


OPERATORS: dict[str, Callable[[Value, Value], Value]] = {
    "+": _numeric(add),
    "-": _numeric(subtract),
    "*": _numeric(multiply),
    "/": _numeric(divide),
    "^": _numeric(power),
    "&": _join,
    "=": _comparing(operator.eq),
    "<>": _comparing(operator.ne),
    "<": _comparing(operator.lt),
    "<=": _comparing(operator.le),
    ">": _comparing(operator.gt),
    ">=": _comparing(operator.ge),
}
PREFIXES: dict[str, Callable[[Value], Value]] = {"-": _negative, "+": _unchanged}

# How tightly an operator binds; all group to the left, and a sign before an operand binds tighter than any (-2^2 is 4).
PRECEDENCE = {"^": 5, "*": 4, "/": 4, "+": 3, "-": 3, "&": 2, "=": 1, "<>": 1, "<": 1, "<=": 1, ">": 1, ">=": 1}
