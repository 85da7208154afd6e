"""Formulas in IEEE doubles, with the corrections that Excel is known to make: what a recalculation will show.

>>> as_excel_does(parse("=INT((high-low)*10)"))(Decimal("134.6"), Decimal("126.2"))  # exactly, it is 84
Decimal('83.0')

Between formulas, and wherever a function of the registry takes it, a double is kept as the shortest decimal that spells
it, so that everything which only chooses, compares or writes is the registry's own. Nobody outside of Microsoft knows
all corrections: `docs/formulas.md` says which are documented, and which rest on observation. So there are two sets:
`EXCEL` with all of them, `PLAIN_DOUBLES` with none. A figure that comes out alike in both and exactly is safe.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from math import ceil, floor, isfinite, trunc
from typing import Any

from .arithmetic import EXACT, round_at
from .coercion import to_number
from .compile import Compiled, inputs_of, lookup_in, once, same_input
from .dialect import COMPARISONS, PLACES, ROUNDINGS, Code, Type
from .dialect import numbers_in as decimals_in
from .dialect import taken as decimal_taken
from .evaluate import Arithmetic, Lookup, evaluate, operand_of
from .functions.series import figures, sum_product
from .operators import OPERATORS, PREFIXES
from .registry import FUNCTIONS
from .tree import Binary, Expr
from .values import ZERO, ExcelError, Grid, Number, Operand, Value, is_number, single

_SMALLEST = 2.2250738585072014e-308  # below it Excel has 0
_STEPS = [Decimal((0, (1,), -place)) for place in PLACES]
_EASY = 1e20  # any place of a number below it is rounded at once; others as the registry does
_NOISE = Fraction(1, 10**9)
_FAR_BELOW = 1e-10  # relatively: a difference that is noise however it is reckoned
_CLOSE = 1e-14  # relatively: numbers that differ by more have different digits among the first fifteen


class NoNumber(ArithmeticError):
    """A computation that Excel answers with an error."""

    def __init__(self, error: ExcelError) -> None:
        self.error = error


def spelled(number: float) -> Decimal:
    """A double as the shortest decimal that stands for it: 0.1 + 0.2 is 0.30000000000000004."""
    return Decimal(repr(double(number))) if number else ZERO


def double(number: float) -> float:
    """A result within Excel's limits."""
    if not isfinite(number):
        raise NoNumber(ExcelError.NUM)
    return number if abs(number) >= _SMALLEST else 0.0


def plus(left: float, right: float) -> float:
    return double(left + right)


def minus(left: float, right: float) -> float:
    return double(left - right)


def times(left: float, right: float) -> float:
    return double(left * right)


def over(left: float, right: float) -> float:
    if not right:
        raise NoNumber(ExcelError.DIV0)
    return double(left / right)


def at_fifteen(number: float) -> float:
    """A number to the 15 significant digits that Excel shows."""
    return float(f"{number:.15g}")


def alike(left: float, right: float) -> bool:
    """Whether two numbers have the same first fifteen digits."""
    if left == right:
        return True
    return abs(left - right) <= _CLOSE * abs(left) and at_fifteen(left) == at_fifteen(right)


class Doubles:
    """Numbers are floats; `corrected` says whether as in Excel or as in plain IEEE arithmetic."""

    def __init__(self, *, corrected: bool) -> None:
        self.corrected = corrected
        rounding = {name: self._round(name) for name in ROUNDINGS}
        own = {name: _of_numbers(compute) for name, compute in (rounding | self._steps()).items()} | _SERIES
        functions = {
            name: replace(function, compute=own.get(name) or _nearest(function.compute))
            for name, function in FUNCTIONS.items()
        }
        symbols: dict[str, Callable[[float, float], float]] = {"+": plus, "-": minus, "*": times, "/": over}
        operators = OPERATORS | {symbol: _of_values(compute) for symbol, compute in symbols.items()}
        operators |= {"^": _nearest(OPERATORS["^"])} | {symbol: self._comparing(symbol) for symbol in COMPARISONS}
        self.arithmetic = Arithmetic(
            operators,
            PREFIXES | {"-": _of_values(lambda number: -number)},
            _of_values(lambda number: over(number, 100.0)),
            functions,
        )
        self.helpers: Mapping[str, object] = {
            "plus": plus, "minus": minus, "times": times, "over": over, "total": sum, "zero": 0.0, "one": 1.0,
            "shown": shown, "taken": lambda value: float(decimal_taken(value)), "spelled": spelled,
            "numbers": lambda cells: list(map(float, decimals_in(cells))),
            "last_plus": self.last_plus, "same": self.same, "below": self.below, "above": self.above,
            **{name.lower() + "_": rounding[name] for name in rounding},
        }  # fmt: skip

        @once
        def compiled(expr: Expr) -> Compiled:
            over = lookup_in(tuple(map(same_input, inputs_of(expr))))
            return Compiled(expr, self, lambda *values: evaluate_in_doubles(expr, over(*values), self))

        self.compiled = compiled

    # What Excel corrects

    def near(self, number: float) -> Decimal:
        """The decimal that a rounding function rounds: fifteen digits of the number in Excel, else as spelled."""
        return Decimal(f"{number:.15g}") if self.corrected else Decimal(repr(number))

    def same(self, left: float, right: float) -> bool:
        return alike(left, right) if self.corrected else left == right

    def below(self, left: float, right: float) -> bool:
        return left < right and not self.same(left, right)

    def above(self, left: float, right: float) -> bool:
        return left > right and not self.same(left, right)

    def last_plus(self, left: float, right: float) -> float:
        """The sum, or with the right side negated the difference, that ends a formula: 0 where only noise is left."""
        return 0.0 if self.corrected and alike(left, -right) else plus(left, right)

    def _round(self, name: str) -> Callable[..., float]:
        mode = ROUNDINGS[name]

        def rounded(number: float, digits: float = 0) -> float:
            near, place = self.near(number), trunc(digits)
            if place in PLACES and -_EASY < number < _EASY:
                return float(near.quantize(_STEPS[place], mode, EXACT))
            result = round_at(near, place, mode)
            if isinstance(result, ExcelError):
                raise NoNumber(result)
            return double(float(result))

        return rounded

    def _steps(self) -> dict[str, Callable[..., float]]:
        """Functions of multiples; MROUND is not corrected (Microsoft: the midpoint 6.05 of 0.1 becomes 6.0)."""

        def quotient(number: float, step: float) -> float:
            return float(self.near(over(number, step)))

        def multiple(toward: Callable[[float], int]) -> Callable[[float, float], float]:
            return lambda number, step: times(toward(quotient(number, step)), step) if step else 0.0

        def signed(toward: Callable[[float], int]) -> Callable[[float, float], float]:
            def stepped(number: float, step: float) -> float:
                if not number or (toward is ceil and not step):
                    return 0.0
                if number > 0 > step:
                    raise NoNumber(ExcelError.NUM)
                return times(toward(quotient(number, step)), step)

            return stepped

        def mathematical(toward: Callable[[float], int], away: Callable[[float], int]) -> Callable[..., float]:
            def stepped(number: float, step: float = 1.0, mode: float = 0.0) -> float:
                return multiple(away if mode and number < 0 else toward)(number, abs(step))

            return stepped

        def nearest_multiple(number: float, step: float) -> float:
            if not number or not step:
                return 0.0
            if (number < 0) != (step < 0):
                raise NoNumber(ExcelError.NUM)
            return times(floor(over(number, step) + 0.5), step)

        return {
            "CEILING": signed(ceil),
            "FLOOR": signed(floor),
            "CEILING.MATH": mathematical(ceil, floor),
            "FLOOR.MATH": mathematical(floor, ceil),
            "MROUND": nearest_multiple,
            "MOD": lambda number, divisor: minus(number, times(floor(quotient(number, divisor)), divisor)),
            "QUOTIENT": lambda number, divisor: float(trunc(quotient(number, divisor))),
        }

    def _comparing(self, symbol: str) -> Callable[[Value, Value], Value]:
        exactly = OPERATORS[symbol]

        def apply(left: Value, right: Value) -> Value:
            if is_number(left) and is_number(right):
                one, other = float(left), float(right)
                return exactly(ZERO, ZERO) if self.same(one, other) else exactly(spelled(one), spelled(other))
            return exactly(left, right)

        return apply

    # The pieces of source

    def constant(self, number: Decimal) -> object | None:
        return float(number)

    def name(self, text: str) -> str:
        return f"float({text})"

    def spelled(self, text: str) -> str:
        return f"spelled({text})"

    def settled(self, code: Code) -> str:
        return code.text

    def negative(self, code: Code) -> Code:
        return Code(f"(-{code.text})", Type.NUMBER)

    def percent(self, code: Code) -> Code:
        return Code(f"over({code.text},100.0)", Type.NUMBER)

    def binary(self, symbol: str, left: Code, right: Code, *, last: bool) -> Code:
        if last and symbol in "+-":
            return Code(f"last_plus({left.text},{'-' if symbol == '-' else ''}{right.text})", Type.NUMBER)
        name = {"+": "plus", "-": "minus", "*": "times", "/": "over"}[symbol]
        return Code(f"{name}({left.text},{right.text})", Type.NUMBER)

    def rounding(self, function: str, code: Code, digits: int) -> Code:
        return Code(f"{function.lower()}_({code.text},{digits})", Type.NUMBER)

    def comparison(self, symbol: str, left: str, right: str) -> str:
        compare = {"=": "same", "<>": "not same", "<": "below", ">=": "not below", ">": "above", "<=": "not above"}
        return f"({compare[symbol]}({left},{right}))"


# A function over doubles as one over the values of cells, and results that were computed exactly as doubles


def shown(value: Value) -> Value:
    """What a formula comes to: a double, and 0 for an empty cell."""
    return ZERO if value is None else _to_nearest(value) if is_number(value) else value


def _of_values(compute: Callable[..., float]) -> Callable[..., Value]:
    """An operator: the first value that is no number, from the left, is the result."""
    on_numbers = _of_numbers(compute)

    def apply(*values: Value) -> Value:
        numbers = [to_number(value) for value in values]
        error = next((number for number in numbers if isinstance(number, ExcelError)), None)
        return on_numbers(*numbers) if error is None else error

    return apply


def _of_numbers(compute: Callable[..., float]) -> Callable[..., Value]:
    def apply(*numbers: Number) -> Value:
        try:
            return spelled(compute(*map(float, numbers)))
        except NoNumber as stopped:
            return stopped.error

    return apply


def _to_nearest(number: Number) -> Value:
    return _of_numbers(double)(number)


def _nearest(compute: Callable[..., Any]) -> Callable[..., Any]:
    """A function of the registry, its result as the nearest double."""

    def apply(*arguments: Any) -> Any:
        result = compute(*arguments)
        return _to_nearest(result) if is_number(result) else result

    return apply


def _series(compute: Callable[[list[float]], float]) -> Callable[..., Operand]:
    def apply(*operands: Operand) -> Operand:
        found = figures(operands)
        return found if isinstance(found, ExcelError) else _of_numbers(lambda *numbers: compute(list(numbers)))(*found)

    return apply


def _product(numbers: Sequence[float]) -> float:
    return reduce(times, numbers, 1.0) if numbers else 0.0


def _sum_product(*grids: Grid) -> Operand:
    """SUMPRODUCT's rules are those of the registry, which is asked for errors; the figures are summed in doubles."""
    exactly = sum_product(*grids)
    if isinstance(exactly, ExcelError):
        return exactly
    rows = zip(*(grid.cells for grid in grids), strict=True)
    products = (reduce(times, [float(cell) if is_number(cell) else 0.0 for cell in row], 1.0) for row in rows)
    try:
        return spelled(sum(products))
    except NoNumber as stopped:
        return stopped.error


_SERIES: dict[str, Callable[..., Operand]] = {
    "SUM": _series(lambda numbers: double(sum(numbers))),
    "AVERAGE": _series(lambda numbers: over(sum(numbers), len(numbers))),
    "PRODUCT": _series(_product),
    "SUMPRODUCT": _sum_product,
}

EXCEL = Doubles(corrected=True)
PLAIN_DOUBLES = Doubles(corrected=False)


def as_excel_does(expr: Expr, doubles: Doubles = EXCEL) -> Compiled:
    """The function of a formula in doubles, made once; it takes and gives values as `compiled` does."""
    return doubles.compiled(expr)


def evaluate_in_doubles(expr: Expr, lookup: Lookup, doubles: Doubles = EXCEL) -> Value:
    """What `as_excel_does` means: the walk over the tree, with doubles for numbers."""
    if isinstance(expr, Binary) and expr.operator in ("+", "-"):
        left, right = (single(operand_of(side, lookup, False, doubles.arithmetic)) for side in (expr.left, expr.right))
        sign = 1 if expr.operator == "+" else -1
        return _of_values(lambda one, other: doubles.last_plus(one, sign * other))(left, right)
    return shown(evaluate(expr, lookup, doubles.arithmetic))


def differs(exact: Value, double: Value, decimals: int | None = None) -> bool:
    """Whether a cell would show another value: to its decimals, or in General but for the noise behind nine digits."""
    if not is_number(exact) or not is_number(double) or exact == double:
        return exact != double
    if decimals is None and isinstance(exact, Decimal):
        number = float(double)
        if abs(float(exact) - number) <= _FAR_BELOW * abs(number):
            return False
    if decimals is None:
        meant, shown = Fraction(exact), Fraction(double)
        return abs(meant - shown) > _NOISE * max(abs(meant), Fraction(1))
    return round_at(exact, decimals) != round_at(Decimal(f"{float(double):.15g}"), decimals)
