"""A month of a workspace that holds anything: what must never come of it, if it did."""

from functools import cache
from pathlib import Path
from unittest.mock import patch

from xlbill.invoice import load_template
from xlbill.periods import Month
from xlbill.run import bill_month
from xlbill.workspace import Workspace

_read_once = cache(load_template)  # the shipped template, of which no trial changes anything


def fault_of(root: Path) -> str | None:
    """Bill April: an exception that came out of it, or an error of ours that the boundary around a customer caught."""
    try:
        with patch("xlbill.run.load_template", _read_once):
            _, found = bill_month(Workspace(root), Month(2026, 4))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return next((problem.detail for problem in found if problem.code == "internal-error"), None)
