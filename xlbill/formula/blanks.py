"""Where in a formula an empty cell is not the same as 0.

>>> empty_is_not_zero(parse("=MAX(MIN(used,upto)-start,0)*price"))
('used', 'upto')

Arithmetic takes an empty cell as 0, and so does a function that wants a number. MIN and MAX pass over it, `upto=""` is
TRUE for it and FALSE for 0: there a formula must refer to a cell that is really empty.
"""

from __future__ import annotations

from collections.abc import Iterator

from .registry import FUNCTIONS, ArgumentKind
from .traverse import children
from .tree import Binary, Call, Expr, Name, Percent, Unary

_ARITHMETIC = frozenset("+-*/^")


def empty_is_not_zero(expr: Expr) -> tuple[str, ...]:
    """The names of a formula that stand, at least once, where an empty cell counts for something else than 0."""
    return tuple(dict.fromkeys(_strict(expr, False)))


def _strict(node: Expr, as_number: bool) -> Iterator[str]:
    match node:
        case Name(name):
            if not as_number:
                yield name
        case Call(function, arguments):
            kinds = FUNCTIONS[function].kinds_of(len(arguments))
            for argument, kind in zip(arguments, kinds, strict=True):
                yield from _strict(argument, kind is ArgumentKind.NUMBER)
        case _:
            arithmetic = isinstance(node, (Unary, Percent)) or (
                isinstance(node, Binary) and node.operator in _ARITHMETIC
            )
            for child in children(node):
                yield from _strict(child, arithmetic)
