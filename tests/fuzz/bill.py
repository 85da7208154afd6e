"""A month of a workspace that holds anything: what must never come of it, if it did."""

import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from unittest.mock import patch

from tests.fuzz.bounded import Case
from tests.workbooks import Rows, write_workbook
from xlbill.invoice import load_template
from xlbill.periods import Month
from xlbill.run import bill_month
from xlbill.workspace import Workspace

_read_once = cache(load_template)  # the shipped template, of which no trial changes anything


def as_bytes(sheets: Mapping[str, Mapping[str, str | Rows]]) -> Mapping[str, bytes]:
    """Workbooks as files."""
    with tempfile.TemporaryDirectory() as folder:
        return {name: write_workbook(Path(folder) / name, content).read_bytes() for name, content in sheets.items()}


def fault_of(case: Case, sound: Mapping[str, bytes], root: Path) -> str | None:
    """Bill April: an exception that came out of it, or an error of ours that the boundary around a customer caught."""
    Case("sound", sound).put(root)
    case.put(root)
    try:
        with patch("xlbill.run.load_template", _read_once):
            _, found = bill_month(Workspace(root), Month(2026, 4))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return next((problem.detail for problem in found if problem.code == "internal-error"), None)
