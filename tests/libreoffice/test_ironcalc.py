"""The functions against a second engine that shares nothing with LibreOffice: ironcalc, written in Rust.

Two engines seldom err in the same place: what both say is what Excel says. Known differences are stated with both sides.
"""

from __future__ import annotations

import pytest
from formula_generator import DATA_SHEET, Generator
from test_formula import agree, data_cells, engine_values, in_file, is_formula

from xlbill.formula import Value

ironcalc = pytest.importorskip("ironcalc", reason="ironcalc comes with the extra `test`")

SEEDS = (11, 12)
FORMULAS_PER_SEED = 500


def ironcalc_values(formulas: list[str]) -> list[object]:
    """The same workbook, computed by ironcalc; an error is its text."""
    model = ironcalc.create("test", "en", "UTC", "en")
    model.rename_sheet(0, "公式")
    model.add_sheet(DATA_SHEET)
    for (_, row, column), content in data_cells().items():
        typed = str(content).upper() if isinstance(content, bool) else str(content)
        as_text = isinstance(content, str) and not is_formula(content)
        model.set_user_input(1, row, column, f"'{typed}" if as_text else typed)
    for row, text in enumerate(in_file(formulas), 1):
        model.set_user_input(0, row, 1, f"={text}")
    model.evaluate()
    return [model.get_cell_value(0, row, 1) for row in range(1, len(formulas) + 1)]


def test_generated_formulas_come_out_the_same() -> None:
    formulas = [text for seed in SEEDS for text in Generator(seed).formulas(FORMULAS_PER_SEED, depth=0)]
    rows = zip(formulas, engine_values(formulas), ironcalc_values(formulas), strict=True)
    disagreements = [f"={text}: xlbill {ours}, ironcalc {theirs!r}" for text, ours, theirs in rows if not agree(ours, theirs)]
    assert not disagreements, "\n".join(disagreements)
