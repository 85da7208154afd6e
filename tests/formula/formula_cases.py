"""Formulas in tests: `value_of("units*2", units="3")`; numbers are given as text, so that no float comes in."""

from __future__ import annotations

from decimal import Decimal

from xlbill.formula import ExcelError, Expr, Fault, Name, Range, Ref, Rows, Value, evaluate, parse


def parsed(text: str) -> Expr:
    expr = parse(text)
    assert not isinstance(expr, Fault), expr
    return expr


def fault_of(text: str) -> Fault:
    fault = parse(text)
    assert isinstance(fault, Fault), fault
    return fault


def number(text: str) -> Decimal:
    return Decimal(text)


# One sheet for all tables: what `value_of` finds behind references. A1:A5 ascend, B is mixed, C holds plans.
CELLS: dict[tuple[int, int], Value] = {
    (1, 1): Decimal(0), (1, 2): Decimal(10), (1, 3): Decimal(20), (1, 4): Decimal(50), (1, 5): Decimal(100),
    (2, 1): Decimal(3), (2, 2): "2", (2, 3): None, (2, 4): True, (2, 5): Decimal("1.5"),
    (3, 1): "free", (3, 2): "pro", (3, 3): "max", (3, 4): "Pro", (3, 5): None,
    (4, 1): Decimal("0.05"), (4, 2): Decimal("0.04"), (4, 3): Decimal("0.03"), (4, 4): Decimal("0.02"),
    (4, 5): Decimal("0.01"),
    (5, 1): ExcelError.DIV0,
}  # fmt: skip
NAMES: dict[str, Value] = {
    "units": Decimal(7), "price": Decimal("0.25"), "用量": Decimal("1234.5"), "dau.units": Decimal(2),
    "empty": None, "blank": "", "word": "Pro", "digits": "3", "yes": True, "no": False, "bad": ExcelError.NA,
}  # fmt: skip


def look_up(node: Name | Ref | Range) -> Value | Rows:
    if isinstance(node, Name):
        return NAMES.get(node.name.casefold(), ExcelError.NAME)
    if isinstance(node, Ref):
        return CELLS.get((node.column, node.row))
    return tuple(
        tuple(CELLS.get((column, row)) for column in range(node.first.column, min(node.last.column, 9) + 1))
        for row in range(node.first.row, min(node.last.row, 9) + 1)
    )


def value_of(text: str) -> Value:
    return evaluate(parsed(text), look_up)
