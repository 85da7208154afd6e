"""What stands in a finished invoice, and in its file's name, is shown by verify and explain, and does nothing."""

import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from tests.test_terminal import ACTIVE
from tests.workbooks import edit_xml
from xlbill.cli import main

# What XML can hold of what acts, and what Excel escapes as _x001B_.
HOSTILE = "_x001B_[2J_x001B_]0;title_x0007_[red]\u202e\u2066\u009b2J"


@pytest.fixture
def invoice(tmp_path: Path) -> Path:
    """An invoice of two lines; its sheet, items, headings, formats and file carry what acts on a terminal."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "Sheet"
    rows = (("Item", "Quantity", "Price", "Amount"), ("EVIL", 2, 3, "=B2*C2"), ("EVIL", 4, 5, "=B3*C3"))
    for row in (*rows, ("Total EVIL", None, None, "=SUM(D2:D3)")):
        sheet.append(row)
    path = tmp_path / "a\x1b]0;title\x07\u202e.xlsx"
    workbook.save(path)
    with zipfile.ZipFile(path) as archive:
        part = next(name for name in archive.namelist() if b"EVIL" in archive.read(name))
    edit_xml(path, part, "EVIL", f"EVIL {HOSTILE}")
    edit_xml(path, "xl/workbook.xml", 'name="Sheet"', f'name="S {HOSTILE[:15]}"')
    return path


@pytest.mark.parametrize("arguments", [["verify"], ["explain"], ["verify", "--json"], ["explain", "--json"]])
@pytest.mark.parametrize("wanted", [None, "D4", "\x1b[2J"])
def test_verify_and_explain_show_it_and_nothing_acts(invoice: Path, arguments: list[str], wanted: str | None) -> None:
    command, *options = arguments
    asked = [wanted] if wanted and command == "explain" else []
    result = CliRunner().invoke(main, [command, str(invoice), *asked, *options])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.output.strip()
    assert not set(result.output) & set(ACTIVE)
    if options and result.exit_code < 2:
        json.loads(result.stdout)
