"""The pieces of source that a compiled formula is made of, in exact numbers.

A `Code` is a Python expression and what is known of its result. Within a hundred digits sums and products of decimals
are simply exact: `PLAIN` traps everything else, and the formula is then left to the walk (see `compile`). A quotient is
not computed where it stands but carried along as numerator and denominator, until something rounds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import (
    ROUND_05UP,
    Context,
    Decimal,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
    Subnormal,
)
from enum import Enum
from fractions import Fraction
from typing import Protocol

from .arithmetic import DOWN, FLOOR, HALF_UP, UP
from .evaluate import EXACTLY, Arithmetic
from .values import ONE, ZERO, ExcelError, Grid, Value, single

_LIMITS = [InvalidOperation, DivisionByZero, Overflow, Subnormal]
PLAIN = Context(prec=100, Emin=-100, Emax=100, traps=[*_LIMITS, Inexact])
# Sixty digits, and a mark that more would follow (ROUND_05UP), are rounded to fifty as the whole quotient would be.
_QUOTIENT = Context(prec=60, rounding=ROUND_05UP, traps=_LIMITS)
_ROUNDING = Context(prec=50, traps=_LIMITS)
_HUNDREDTH = Decimal("0.01")

PLACES = range(13)  # decimals that a formula rounds to as fast as it can; others go through the registry
MAX_SOURCE = 4_000  # characters: quotients that are added to quotients repeat their denominators

ROUNDINGS = {"ROUND": HALF_UP, "ROUNDUP": UP, "ROUNDDOWN": DOWN, "TRUNC": DOWN, "INT": FLOOR}
_NOT_TAKEN, _DECIMAL = {ExcelError, Fraction}, {Decimal}
COMPARISONS = {"=": "==", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


class Left(ArithmeticError):
    """Raised by compiled code where a value is not what it was written for: the formula is left to the walk."""


class Type(Enum):
    """What is known of a result before it is computed."""

    NUMBER = "a number of the dialect"
    LOGICAL = "True or False"
    EMPTY = "an empty cell"
    OPERAND = "whatever the walk gives: any value, an error, or cells"


@dataclass(frozen=True, slots=True)
class Code:
    """An expression: `Code("mul(v0,v1)", Type.NUMBER)`; `over` is the denominator of a number that is a quotient.

    `cells` is the same as the walk would give it (a name as the cell that it refers to), where that differs.
    `small` says that PLAIN has seen the number, which is therefore neither too long nor too large.
    """

    text: str
    type: Type
    over: str | None = None
    cells: str | None = None
    small: bool = False


class Dialect(Protocol):
    """How numbers are written: exact decimals here, doubles in `doubles`. Texts given and returned bind tightly."""

    arithmetic: Arithmetic
    helpers: Mapping[str, object]

    def constant(self, number: Decimal) -> object | None:
        """A literal number; None if the dialect has none for it."""

    def name(self, text: str) -> str:
        """A parameter that is known to be a Decimal, as a number."""

    def spelled(self, text: str) -> str:
        """A number as a value of a cell."""

    def settled(self, code: Code) -> str:
        """A number without a denominator."""

    def negative(self, code: Code) -> Code: ...

    def percent(self, code: Code) -> Code: ...

    def binary(self, symbol: str, left: Code, right: Code, *, last: bool) -> Code:
        """One of + - * /; `last` says that nothing in the formula follows."""

    def rounding(self, function: str, code: Code, digits: int) -> Code:
        """One of ROUNDINGS at a fixed place."""

    def comparison(self, symbol: str, left: str, right: str) -> str: ...


def taken(value: object) -> Decimal:
    """A value as arithmetic takes it, if it is the usual: a decimal, nothing, a logical value."""
    if isinstance(value, Decimal):
        return value
    if value is None or value is False:
        return ZERO
    if value is True:
        return ONE
    if isinstance(value, (Grid, tuple)):
        return taken(single(Grid.of(value)))
    raise Left


def shown(value: Value) -> Value:
    """A formula that comes to an empty cell shows 0."""
    return ZERO if value is None else value


def numbers_in(cells: object) -> list[Decimal]:
    """The numbers among cells that are referred to; texts, logical and empty cells are passed over."""
    rows = cells if isinstance(cells, tuple) else (Grid.of(cells).cells,)  # type: ignore[arg-type]  # what a lookup gave
    values = [value for row in rows for value in row]
    types = set(map(type, values))
    if not types.isdisjoint(_NOT_TAKEN):
        raise Left
    return values if types == _DECIMAL else [value for value in values if isinstance(value, Decimal)]


def added(numbers: list[Decimal]) -> Decimal:
    """SUM: exact, or left to the walk."""
    total = ZERO
    for number in numbers:
        total = PLAIN.add(total, number)
    return total


class Exact:
    """Numbers are Decimals within PLAIN's limits."""

    arithmetic = EXACTLY
    helpers: Mapping[str, object] = {
        "add": PLAIN.add, "sub": PLAIN.subtract, "mul": PLAIN.multiply, "neg": PLAIN.minus, "plus": PLAIN.plus,
        "exactly": PLAIN.divide, "quotient": _QUOTIENT.divide, "rounding": _ROUNDING, "percent": _HUNDREDTH,
        "total": added, "numbers": numbers_in, "taken": taken, "shown": shown, "zero": ZERO, "one": ONE,
    } | {f"step{digits}": Decimal((0, (1,), -digits)) for digits in PLACES}  # fmt: skip

    def constant(self, number: Decimal) -> object | None:
        fits = len(number.as_tuple().digits) <= PLAIN.prec and PLAIN.Emin <= number.adjusted() <= PLAIN.Emax
        return number if fits else None

    def name(self, text: str) -> str:
        return text

    def spelled(self, text: str) -> str:
        return f"({text} or Z)"  # neither 0.00 nor -0

    def settled(self, code: Code) -> str:
        return f"exactly({code.text},{code.over})" if code.over else code.text

    def negative(self, code: Code) -> Code:
        return _small(f"neg({code.text})", code.over)

    def percent(self, code: Code) -> Code:
        return _small(f"mul({code.text},percent)", code.over)

    def binary(self, symbol: str, left: Code, right: Code, *, last: bool) -> Code:
        match symbol:
            case "*":
                return _small(_times(left.text, right.text), _both(left.over, right.over))
            case "/":
                return self._divided(left, right)
        one, other = left.text, right.text
        if left.over != right.over:  # on one denominator
            one, other = _times(one, right.over), _times(other, left.over)
        over = left.over if left.over == right.over else _both(left.over, right.over)
        return _small(f"{'add' if symbol == '+' else 'sub'}({one},{other})", over)

    def _divided(self, left: Code, right: Code) -> Code:
        if right.over:  # settled here, as a/(b/0) must not become a*0/b
            right = Code(self.settled(right), Type.NUMBER, small=True)
        top, bottom = (code.text if code.small else f"plus({code.text})" for code in (left, right))
        return _small(top, _both(left.over, bottom))

    def rounding(self, function: str, code: Code, digits: int) -> Code:
        number = f"quotient({code.text},{code.over})" if code.over else code.text
        return _small(f"({number}.quantize(step{digits},{ROUNDINGS[function]!r},rounding) or Z)")

    def comparison(self, symbol: str, left: str, right: str) -> str:
        return f"({left}{COMPARISONS[symbol]}{right})"


def _small(text: str, over: str | None = None) -> Code:
    if len(text) + len(over or "") > MAX_SOURCE:
        raise Left
    return Code(text, Type.NUMBER, over, small=True)


def _times(text: str, factor: str | None) -> str:
    return f"mul({text},{factor})" if factor else text


def _both(one: str | None, other: str | None) -> str | None:
    return f"mul({one},{other})" if one and other else one or other
