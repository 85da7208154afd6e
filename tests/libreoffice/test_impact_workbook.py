"""LibreOffice arrives at every sum of impact's workbook, over months and currencies."""

from pathlib import Path

import openpyxl
import pytest
from soffice import recalculate, requires_soffice
from test_invoices import same, values

from tests.foresight.test_impact import run, two_currencies

pytestmark = [pytest.mark.libreoffice, requires_soffice]


def test_the_sums_of_an_impact_recalculate_to_their_cached_values(tmp_path: Path) -> None:
    workspace, path = two_currencies(tmp_path / "workspace"), tmp_path / "impact.xlsx"
    change = ("--what-if", "im.pro.price=110", "--book", "small")
    ran = run(workspace, *change, "-o", str(path), months=("2026-04", "2026-05"))
    assert ran.exit_code == 0, ran.output
    cached, recalculated = values(path), values(recalculate([path], tmp_path / "out")[0])
    groups = {row[0] for row in openpyxl.load_workbook(path)["Summary"].iter_rows(values_only=True)}
    assert {"repriced (CNY)", "keeps edition (USD)"} <= groups and len(cached) > 50
    assert {key: (v, recalculated.get(key)) for key, v in cached.items() if not same(v, recalculated.get(key))} == {}
