"""A formula as people read it aloud: `ROUND(份数 × 单价, 2)`, with room around its signs."""

from collections.abc import Callable
from decimal import Decimal

from xlbill.formula import (
    Binary,
    Bool,
    Call,
    Err,
    Expr,
    Let,
    Missing,
    Name,
    Num,
    Percent,
    Range,
    Ref,
    Text,
    Unary,
)
from xlbill.formula.operators import PRECEDENCE
from xlbill.formula.write import spell_literal

_SIGNS = {"*": "×", "/": "÷", "<=": "≤", ">=": "≥", "<>": "≠"}
_TIGHTEST = max(PRECEDENCE.values()) + 1


def readable(expr: Expr, said: Callable[[Name | Ref | Range], str], binding: int = 0) -> str:
    """A formula's text with `said` in place of each reference.

    >>> readable(parse("=ROUND(MAX(B5-C5,0)*1000,2)"), lambda cell: ["used", "included"][cell.column - 2])
    'ROUND(MAX(used - included, 0) × 1,000, 2)'
    """
    match expr:
        case Name() | Ref() | Range():
            return said(expr)
        case Binary(symbol, left, right):
            level = PRECEDENCE[symbol]
            text = f"{readable(left, said, level)} {_SIGNS.get(symbol, symbol)} {readable(right, said, level + 1)}"
            return f"({text})" if level < binding else text
        case Unary(symbol, operand):
            return f"{symbol}{readable(operand, said, _TIGHTEST)}"
        case Percent(operand):
            return f"{readable(operand, said, _TIGHTEST)}%"
        case Call(name, arguments):
            return f"{name}({', '.join(readable(argument, said) for argument in arguments)})"
        case Num(value):
            return grouped(value)
        case Text(value):
            return f"“{value}”"
        case Bool(value):
            return str(value).upper()
        case Err(error):
            return error.value
        case Missing():
            return ""
        case Let(bindings, result):
            bound = "".join(f"{name}, {readable(value, said)}, " for name, value in bindings)
            return f"LET({bound}{readable(result, said)})"
        case _:
            return spell_literal(expr)


def grouped(number: Decimal, decimals: int = 0) -> str:
    """A figure with separators, at least so many decimals and all that it has: 1,000.00, 0.007."""
    text = f"{number:,f}"
    whole, _, places = text.partition(".")
    places = places.rstrip("0").ljust(decimals, "0")
    return f"{whole}.{places}" if places else whole
