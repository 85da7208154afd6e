"""What a formula refers to, and the same formula with other references.

>>> names(parse("=units*price"))
('units', 'price')

The price book turns the cells of a worked example into names (`G5` -> `price`); an invoice turns them back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from .registry import FUNCTIONS, ArgumentKind
from .tree import Array, Binary, Call, Expr, Let, Name, Percent, Range, Ref, Unary


def children(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly below one, from left to right."""
    match expr:
        case Binary(_, left, right):
            return left, right
        case Unary(_, operand) | Percent(operand):
            return (operand,)
        case Call(_, arguments):
            return arguments
        case Let(bindings, result):
            return *(value for _, value in bindings), result
    return ()


def walk(expr: Expr) -> Iterator[Expr]:
    """Every expression of a formula, in the order of its text, an operator before its operands."""
    waiting = [expr]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def height(expr: Expr) -> int:
    """How many levels a formula has: `1+2` has two."""
    highest, waiting = 0, [(expr, 1)]
    while waiting:
        node, level = waiting.pop()
        highest = max(highest, level)
        waiting.extend((child, level + 1) for child in children(node))
    return highest


def names(expr: Expr) -> tuple[str, ...]:
    """The names that a formula uses, once each (ignoring case), as first spelled and in order."""
    found: dict[str, str] = {}
    for node in walk(expr):
        if isinstance(node, Name):
            found.setdefault(node.name.casefold(), node.name)
    return tuple(found.values())


def references(expr: Expr) -> tuple[Ref | Range, ...]:
    """The cells and ranges that a formula refers to, once each, in order."""
    return tuple(dict.fromkeys(node for node in walk(expr) if isinstance(node, (Ref, Range))))


def substitute(expr: Expr, replacement: Callable[[Name | Ref | Range], Expr]) -> Expr:
    """The formula with each name, cell and range replaced; what the function returns is not visited again."""
    match expr:
        case Name() | Ref() | Range():
            return replacement(expr)
        case Binary(operator, left, right):
            return Binary(operator, substitute(left, replacement), substitute(right, replacement))
        case Unary(operator, operand):
            return Unary(operator, substitute(operand, replacement))
        case Percent(operand):
            return Percent(substitute(operand, replacement))
        case Call(function, arguments):
            return Call(function, tuple(substitute(argument, replacement) for argument in arguments))
        case Let(bindings, result):
            bound = tuple((name, substitute(value, replacement)) for name, value in bindings)
            return Let(bound, substitute(result, replacement))
    return expr


def spread(expr: Expr, cells: Callable[[Range], tuple[Expr, ...] | None]) -> Expr:
    """The formula with ranges taken apart into single expressions; None leaves one as it is.

    Where a function takes any number of values they follow each other: `SUM(B5:D5)` is `SUM(B5,C5,D5)`. Elsewhere they
    are an array, `LARGE(CHOOSE({1,2,3},B5,C5,D5),2)`, and a function that takes nothing but cells keeps its range.
    """
    match expr:
        case Range():
            found = cells(expr)
            if found is None or len(found) == 1:
                return expr if found is None else found[0]
            places = Array((tuple(Decimal(place) for place in range(1, len(found) + 1)),))
            return Call("CHOOSE", (places, *found))
        case Call(function, arguments):
            kinds = FUNCTIONS[function].kinds_of(len(arguments))
            inside: list[Expr] = []
            for kind, argument in zip(kinds, arguments, strict=True):
                one_by_one = (
                    kind is ArgumentKind.SERIES and FUNCTIONS[function].kinds[-1] is kind and FUNCTIONS[function].repeat
                )
                found = cells(argument) if one_by_one and isinstance(argument, Range) else None
                kept = kind is ArgumentKind.RANGE and isinstance(argument, Range)
                inside.extend(found or (argument if kept else spread(argument, cells),))
            return Call(function, tuple(inside))
        case Binary(operator, left, right):
            return Binary(operator, spread(left, cells), spread(right, cells))
        case Unary(operator, operand):
            return Unary(operator, spread(operand, cells))
        case Percent(operand):
            return Percent(spread(operand, cells))
        case Let(bindings, result):
            return Let(tuple((name, spread(value, cells)) for name, value in bindings), spread(result, cells))
    return expr


def rename(expr: Expr, spelling: Callable[[str], str]) -> Expr:
    """The formula with each name respelled: `rename(parse("=dau*2"), lambda name: f"im.{name}")` is im.dau*2."""
    return substitute(expr, lambda node: Name(spelling(node.name)) if isinstance(node, Name) else node)
