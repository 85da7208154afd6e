"""Verification: an invoice recomputed from its own formulas.

Every formula of a workbook is evaluated with the exact engine, from the inputs that stand in it, and compared with the
value that the file shows. Whoever changed an input, a formula or a value without recalculating is found at the cell;
the total in words is a formula, too, and says so when the total is no longer what it spells.
"""

from dataclasses import dataclass
from pathlib import Path

from xlbill.book.models import agree, shown
from xlbill.formula import Value
from xlbill.invoice.live import open_live, value_of
from xlbill.invoice.spelled import words_problems
from xlbill.problems import Problem, problem
from xlbill.sheets import Cell


@dataclass(frozen=True, slots=True)
class Verified:
    """What a file's formulas come to: how many there are, and every one that does not show what it computes."""

    formulas: int
    problems: tuple[Problem, ...]


def verify(path: Path, shown_as: str | None = None) -> Verified | tuple[Problem, ...]:
    """Recompute a workbook; only problems where it cannot be read at all."""
    live, found = open_live(path, shown_as)
    if live is None:
        return tuple(found)
    for key, fault in live.foreign.items():
        cell = live.cells[key]
        found.append(problem("verify-formula-unknown", cell.place, None, found=cell.formula or "", fault=fault))
    differing = (_difference(live.cells[key], live.exact[key]) for key in live.formulas)
    found += [p for p in differing if p is not None]
    found += words_problems(live)
    return Verified(len(live.formulas), tuple(found))


def _difference(cell: Cell, exact: Value) -> Problem | None:
    """What is wrong with the value that a formula's cell shows."""
    if cell.never_calculated:
        return problem("verify-not-calculated", cell.place, None, found=cell.formula or "", value=shown(exact))
    if agree(exact, value_of(cell.value)):
        return None
    return problem("verify-differs", cell.place, None, found=shown(value_of(cell.value)), value=shown(exact))
