"""Conditions written as values: `">=100"`, `"<>paid"`, `"审核*"`; COUNTIF, SUMIFS, MAXIFS and the like.

https://support.microsoft.com/office/sumif-function-169b8c99-c05c-4483-a712-1697a653039b
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from ..arithmetic import add
from ..coercion import number_of
from ..comparison import compare, rank
from ..values import ZERO, ExcelError, Grid, Number, Operand, Value, is_number
from .series import Figures, fold, mean

MAX_PATTERN = 255  # characters of a condition in Excel; a longer one is compared without wildcards
Test = Callable[[Value], bool]

_CONDITION = re.compile(r"(<>|<=|>=|=|<|>)?(.*)", re.DOTALL)
_WILDCARDS = re.compile(r"[*?~]")
_ORDERS: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def criterion(value: Value) -> Test:
    """A test of cells: `criterion(">=100")` holds for 100, not for 99, and not for a text."""
    if not isinstance(value, str):
        return _equal_to(ZERO if value is None else value)
    found = _CONDITION.fullmatch(value)
    symbol, text = (found[1], found[2]) if found else (None, value)
    if symbol in _ORDERS:
        return _ordered(_ORDERS[symbol], _meant(text))
    if not text:
        return _blank(symbol)
    same = _equal_to(_meant(text))
    return (lambda cell: not same(cell)) if symbol == "<>" else same


def plain_text(value: Value) -> str | None:
    """The text, ignoring case, that alone meets a condition; None where it means more (">=100", "1*", a number).

    >>> plain_text("Paid"), plain_text("=Paid"), plain_text("p*"), plain_text("7")
    ('paid', 'paid', None, None)
    """
    found = _CONDITION.fullmatch(value) if isinstance(value, str) else None
    if found is None or found[1] not in (None, "=") or not found[2] or _WILDCARDS.search(found[2]):
        return None
    meant = _meant(found[2])
    return meant.casefold() if isinstance(meant, str) else None


def _meant(text: str) -> Value:
    """A condition's text as the value that it stands for."""
    number = number_of(text)
    if not isinstance(number, ExcelError):
        return number
    special: dict[str, Value] = {"TRUE": True, "FALSE": False} | {error.value: error for error in ExcelError}
    return special.get(text.upper(), text)


def _blank(symbol: str | None) -> Test:
    if symbol == "=":
        return lambda cell: cell is None
    if symbol == "<>":
        return lambda cell: cell is not None
    return lambda cell: cell is None or cell == ""


def _equal_to(wanted: Value) -> Test:
    if isinstance(wanted, str):
        return lambda cell: isinstance(cell, str) and wildcard_match(wanted, cell)
    if is_number(wanted):
        return lambda cell: cell == wanted if is_number(cell) else isinstance(cell, str) and number_of(cell) == wanted
    return lambda cell: cell is wanted


def _ordered(holds: Callable[[int, int], bool], bound: Value) -> Test:
    def test(cell: Value) -> bool:
        if cell is None or isinstance(cell, ExcelError) or isinstance(bound, ExcelError):
            return False
        return rank(cell) == rank(bound) and holds(compare(cell, bound), 0)

    return test


def wildcard_match(pattern: str, text: str) -> bool:
    """Whether a text fits a pattern, ignoring case: * is any text, ? one character, ~* a real asterisk."""
    signs, text = _signs(pattern.casefold()), text.casefold()
    if len(signs) > MAX_PATTERN:
        return pattern.casefold() == text
    at = sign = 0
    star, resume = -1, 0
    while at < len(text):
        if sign < len(signs) and signs[sign] == "**":
            star, resume, sign = sign, at, sign + 1
        elif sign < len(signs) and signs[sign] in ("??", text[at]):
            at, sign = at + 1, sign + 1
        elif star >= 0:  # let the last * take one character more
            resume += 1
            at, sign = resume, star + 1
        else:
            return False
    return all(rest == "**" for rest in signs[sign:])


def _signs(pattern: str) -> list[str]:
    """A pattern's signs: plain characters, and "**" and "??" for the two wildcards."""
    return [
        found[1] if found[1] else found[0] * 2 if found[0] in "*?" else found[0]
        for found in re.finditer(r"~([*?~])|.", pattern, re.DOTALL)
    ]


def count_ifs(*conditions: Operand) -> Operand:
    """COUNTIFS: how many rows meet all conditions."""
    chosen = _chosen(conditions)
    return chosen if isinstance(chosen, ExcelError) else Decimal(len(chosen))


def count_if(cells: Grid, condition: Value) -> Number:
    """COUNTIF: how many cells meet a condition."""
    return Decimal(sum(map(criterion(condition), cells.cells)))


def sum_if(cells: Grid, condition: Value, amounts: Grid | None = None) -> Operand:
    """SUMIF: the sum of the amounts whose cells meet a condition."""
    return sum_ifs(cells if amounts is None else amounts, cells, condition)


def sum_ifs(amounts: Grid, *conditions: Operand) -> Operand:
    """SUMIFS: the sum of the amounts for which all conditions hold; all ranges have one shape."""
    found = _amounts(amounts, conditions)
    return found if isinstance(found, ExcelError) else fold(add, ZERO, found)


def average_if(cells: Grid, condition: Value, amounts: Grid | None = None) -> Operand:
    """AVERAGEIF: the mean of the amounts whose cells meet a condition."""
    return average_ifs(cells if amounts is None else amounts, cells, condition)


def average_ifs(amounts: Grid, *conditions: Operand) -> Operand:
    """AVERAGEIFS: the mean of the amounts for which all conditions hold; of none it is #DIV/0!."""
    found = _amounts(amounts, conditions)
    return found if isinstance(found, ExcelError) else mean(found)


def max_ifs(amounts: Grid, *conditions: Operand) -> Operand:
    """MAXIFS: the largest of the amounts for which all conditions hold, 0 of none."""
    found = _amounts(amounts, conditions)
    return found if isinstance(found, ExcelError) else max(found, default=ZERO)


def min_ifs(amounts: Grid, *conditions: Operand) -> Operand:
    """MINIFS: the smallest of the amounts for which all conditions hold, 0 of none."""
    found = _amounts(amounts, conditions)
    return found if isinstance(found, ExcelError) else min(found, default=ZERO)


def _amounts(amounts: Grid, conditions: Sequence[Operand]) -> Figures | ExcelError:
    """The numbers among the amounts for which all conditions hold; an error among them is the result."""
    places = _chosen(conditions, amounts)
    if isinstance(places, ExcelError):
        return places
    chosen: Figures = []
    for number in places:
        amount = amounts.cells[number]
        if isinstance(amount, ExcelError):
            return amount
        if is_number(amount):
            chosen.append(amount)
    return chosen


def _chosen(conditions: Sequence[Operand], amounts: Grid | None = None) -> Sequence[int] | ExcelError:
    """Which cells meet all conditions; ranges of different shapes are #VALUE!."""
    ranges = [grid for grid in conditions[::2] if isinstance(grid, Grid)]
    shape = ranges[0] if amounts is None else amounts
    if any((grid.height, grid.width) != (shape.height, shape.width) for grid in ranges):
        return ExcelError.VALUE
    wanted = [condition for condition in conditions[1::2] if not isinstance(condition, Grid)]
    tests = [(grid.cells, criterion(condition)) for grid, condition in zip(ranges, wanted, strict=True)]
    candidates = _candidates(shape, ranges, wanted)
    return [number for number in candidates if all(test(cells[number]) for cells, test in tests)]


def _candidates(shape: Grid, ranges: Sequence[Grid], conditions: Sequence[Value]) -> Sequence[int]:
    """The cells that can meet all conditions: those with the rarest of the texts that are asked for, else all."""
    texts = zip(ranges, map(plain_text, conditions), strict=True)
    found = (grid.texts.get(text, ()) for grid, text in texts if text is not None)
    return min(found, key=len, default=range(shape.height * shape.width))
