"""Figures on rounding steps: wherever LibreOffice recalculates another figure than the exact one, it is told."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from soffice import computed, recalculate, requires_soffice
from test_formula import parsed, write_workbook

from xlbill.formula import as_excel_does, compiled, differs
from xlbill.formula.doubles import EXCEL, PLAIN_DOUBLES

pytestmark = [pytest.mark.libreoffice, requires_soffice]

COUNT = 4_000
STEPS = (
    "ROUND({q}*{p},0)", "ROUND({q}*{p},2)", "ROUND({q}*{p}*15/31,2)", "ROUNDUP({q}*{p},2)", "ROUNDDOWN({q}*{p},1)",
    "INT(({a}-{b})*10)", "INT({q}*{p})", "CEILING({a}-{b},0.1)", "FLOOR({a}-{b},0.1)", "MROUND({p},0.1)",
    "MOD({a},0.1)", "ROUNDUP(MAX({a}-{b},0)/0.1,0)", "IF({a}-{b}>={c},1,0)", "TRUNC({q}*{p},1)", "{a}-{b}-{c}",
)  # fmt: skip


def figures_on_steps() -> Iterator[str]:
    """Formulas whose exact values lie on a step or close to one, the same in every run."""
    chance = random.Random(20260401)
    for number in range(COUNT):
        one, other = (Decimal(chance.randrange(1, 2_000)) / 10 for _ in range(2))
        smaller, larger = sorted((one, other))
        yield STEPS[number % len(STEPS)].format(
            q=chance.randrange(1, 400),
            p=Decimal(chance.randrange(1, 40_000, 5)) / 1_000,
            a=larger,
            b=smaller,
            c=larger - smaller,
        )


def test_no_recalculation_differs_in_silence(tmp_path: Path) -> None:
    formulas = list(figures_on_steps())
    write_workbook(tmp_path / "steps.xlsx", formulas)
    (path,) = recalculate([tmp_path / "steps.xlsx"], tmp_path / "out")
    theirs = computed(path)
    silent, parted = [], 0
    for row, text in enumerate(formulas, 1):
        formula = parsed(text)
        exact, found = compiled(formula)(), Decimal(repr(theirs[f"A{row}"]))
        told = any(differs(exact, as_excel_does(formula, doubles)()) for doubles in (EXCEL, PLAIN_DOUBLES))
        parted += differs(exact, found)
        if differs(exact, found) and not told:
            silent.append(f"={text}: exactly {exact}, LibreOffice {found}")
    assert not silent, "\n".join(silent)
    assert parted  # the formulas are on steps: without that the test would prove nothing
