"""Spreadsheets that no one here wrote, normal and hostile: cells or problems, within time and memory.

They are not part of the project: the folder is that of XLBILL_CORPUS, or shared/corpus beside the repository.
"""

import os
import time
from pathlib import Path

import pytest

from tests.problems.readers import APPS, METERS
from xlbill.periods import Month
from xlbill.sheets import read_workbook
from xlbill.usage import read_usage

CORPUS = Path(os.environ.get("XLBILL_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")
ENDINGS = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv"}


FILES = [path for path in sorted(CORPUS.rglob("*")) if path.suffix.lower() in ENDINGS and path.parent != CORPUS]


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no foreign spreadsheets in {CORPUS}")
def test_there_are_foreign_spreadsheets() -> None:
    assert FILES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_foreign_spreadsheet(path: Path) -> None:
    start = time.monotonic()
    workbook, found = read_workbook(path, path.name)
    assert workbook is not None or found
    read_usage([(path, path.name)], Month(2026, 4), APPS, METERS)
    assert time.monotonic() - start < 20
