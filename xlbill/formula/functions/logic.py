"""Conditions and choices; a branch that is not taken is not computed.

https://support.microsoft.com/office/logical-functions-reference-e093c192-278b-43f6-8c3a-b6ce299931f5
"""

from __future__ import annotations

from collections.abc import Callable

from ..arithmetic import whole
from ..coercion import to_logical
from ..comparison import compare
from ..values import ExcelError, Grid, Number, Operand, Thunk, Value, is_number, single


def _otherwise_false() -> Operand:
    return False


def if_(condition: bool, then: Thunk, otherwise: Thunk = _otherwise_false) -> Operand:
    """IF(days>0, price, 0)."""
    return then() if condition else otherwise()


def ifs(*branches: Thunk) -> Operand:
    """IFS(n<=1000, 0.05, n<=5000, 0.04, TRUE, 0.03): the first that holds; none is #N/A."""
    for condition, result in zip(branches[::2], branches[1::2], strict=True):
        holds = to_logical(single(condition()))
        if isinstance(holds, ExcelError):
            return holds
        if holds:
            return result()
    return ExcelError.NA


def switch(value: Value, *branches: Thunk) -> Operand:
    """SWITCH(plan, "pro", 1, "max", 2, 0): a last argument without a partner is the default; none is #N/A."""
    for case, result in zip(branches[::2], branches[1::2], strict=False):
        candidate = single(case())
        if isinstance(candidate, ExcelError):
            return candidate
        if compare(value, candidate) == 0:
            return result()
    return branches[-1]() if len(branches) % 2 else ExcelError.NA


def choose(index: Number, *choices: Thunk) -> Operand:
    """CHOOSE(2, "a", "b") is "b"."""
    position = whole(index)
    return choices[position - 1]() if 1 <= position <= len(choices) else ExcelError.VALUE


def if_error(attempt: Thunk, otherwise: Thunk) -> Operand:
    """IFERROR(amount/units, 0)."""
    result = attempt()
    return otherwise() if isinstance(single(result), ExcelError) else result


def if_na(attempt: Thunk, otherwise: Thunk) -> Operand:
    """IFNA(VLOOKUP(...), 0): only for #N/A."""
    result = attempt()
    return otherwise() if single(result) is ExcelError.NA else result


def _over_conditions(decide: Callable[[list[bool]], bool]) -> Callable[..., Operand]:
    """A function of conditions; texts and blanks that are referred to do not count, and without any it is #VALUE!."""

    def apply(*operands: Operand) -> Operand:
        found: list[bool] = []
        for operand in operands:
            for value in operand.cells if isinstance(operand, Grid) else (operand,):
                if isinstance(operand, Grid) and (value is None or isinstance(value, str)):
                    continue
                condition = to_logical(value)
                if isinstance(condition, ExcelError):
                    return condition
                found.append(condition)
        return decide(found) if found else ExcelError.VALUE

    return apply


and_ = _over_conditions(all)
or_ = _over_conditions(any)
xor = _over_conditions(lambda conditions: sum(conditions) % 2 == 1)


def not_(condition: bool) -> bool:
    """NOT(TRUE) is FALSE."""
    return not condition


def true() -> bool:
    """TRUE()."""
    return True


def false() -> bool:
    """FALSE()."""
    return False


def is_blank(value: Value) -> bool:
    """ISBLANK: an empty cell; "" is not one."""
    return value is None


def is_numeric(value: Value) -> bool:
    """ISNUMBER: "3" is not a number."""
    return is_number(value)


def is_text(value: Value) -> bool:
    """ISTEXT."""
    return isinstance(value, str)


def is_na(value: Value) -> bool:
    """ISNA: #N/A and no other error."""
    return value is ExcelError.NA


def na() -> ExcelError:
    """NA() is #N/A."""
    return ExcelError.NA


def is_error(value: Value) -> bool:
    """ISERROR: any error."""
    return isinstance(value, ExcelError)
