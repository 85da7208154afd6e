"""Workbooks with live formulas, computed again: what a reader's Excel shows once it has recalculated them."""

from decimal import Decimal
from pathlib import Path

from xlbill.cells import Address
from xlbill.formula import Expr, Fault, Value, parse, recalculate
from xlbill.sheets import read_workbook


def stale(path: Path) -> dict[str, tuple[object, Value]]:
    """The cells whose cached value is not what their formula comes to: both of them, by sheet and address."""
    workbook, found = read_workbook(path, path.name)
    assert workbook is not None and not found.errors
    cells: dict[Address, Value | Expr] = {}
    cached: dict[Address, object] = {}
    for sheet in workbook.sheets:
        for (row, column), cell in sheet.cells.items():
            at = Address(sheet.name, row, column)
            parsed = parse(cell.formula) if cell.formula is not None else None
            assert not isinstance(parsed, Fault), (str(cell.place), cell.formula)
            cells[at] = parsed if parsed is not None else cell.value  # type: ignore[assignment]
            if parsed is not None:
                cached[at] = cell.value
    assert cached, "nothing in it is live"
    computed = recalculate(cells)
    return {str(at): (value, computed[at]) for at, value in cached.items() if not _alike(value, computed[at])}


def _alike(cached: object, computed: Value) -> bool:
    if isinstance(cached, Decimal) and not isinstance(computed, (str, bool)) and computed is not None:
        return abs(float(cached) - float(computed)) <= 1e-9 * max(1.0, abs(float(cached)))  # type: ignore[arg-type]
    return cached == computed or (cached in (None, "") and computed in (None, ""))
