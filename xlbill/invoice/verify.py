"""Verification: an invoice recomputed from its own formulas.

Every formula of a workbook is evaluated with the exact engine, from the inputs that stand in it, and compared with the
value that the file shows. Whoever changed an input, a formula or a value without recalculating is found at the cell;
the total in words is a formula, too, and says so when the total is no longer what it spells.
"""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from xlbill.book.models import agree, shown
from xlbill.formula import Expr, Fault, Value, parse, recalculate, to_serial
from xlbill.problems import Problem, problem
from xlbill.sheets import Cell, Workbook, read_workbook

Key = tuple[str, int, int]  # sheet, row, column


@dataclass(frozen=True, slots=True)
class Verified:
    """What a file's formulas come to: how many there are, and every one that does not show what it computes."""

    formulas: int
    problems: tuple[Problem, ...]


def verify(path: Path, shown_as: str | None = None) -> Verified | tuple[Problem, ...]:
    """Recompute a workbook; only problems where it cannot be read at all."""
    workbook, found = read_workbook(path, shown_as)
    if workbook is None:
        return tuple(found)
    cells: dict[Key, Value | Expr] = {}
    formulas: dict[Key, Cell] = {}
    for key, cell in _cells(workbook):
        parsed = parse(cell.formula) if cell.formula is not None else None
        if isinstance(parsed, Fault):
            found.append(
                problem("verify-formula-unknown", cell.place, None, found=cell.formula or "", fault=parsed.found)
            )
            cells[key] = _value(cell)
        elif parsed is not None:
            cells[key], formulas[key] = parsed, cell
        else:
            cells[key] = _value(cell)
    exact = recalculate(cells)
    found += [p for key, cell in formulas.items() if (p := _difference(cell, exact[key])) is not None]
    return Verified(len(formulas), tuple(found))


def _difference(cell: Cell, exact: Value) -> Problem | None:
    """What is wrong with the value that a formula's cell shows."""
    if cell.never_calculated:
        return problem("verify-not-calculated", cell.place, None, found=cell.formula or "", value=shown(exact))
    if agree(exact, _value(cell)):
        return None
    return problem("verify-differs", cell.place, None, found=shown(_value(cell)), value=shown(exact))


def _cells(workbook: Workbook) -> list[tuple[Key, Cell]]:
    return [((s.name, row, column), cell) for s in workbook.sheets for (row, column), cell in s.cells.items()]


def _value(cell: Cell) -> Value:
    """A cell's value as formulas see it; a date is its serial number."""
    value = cell.value
    if isinstance(value, datetime):
        value = value.date()
    return to_serial(value) if isinstance(value, date) else value
