"""Marked copies of sheets that openpyxl cannot read or keep, and that ask for too much."""

import zipfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from tests.workbooks import edit_xml, write_workbook
from xlbill.annotate import annotate
from xlbill.cells import Place
from xlbill.cli import main
from xlbill.problems import problem
from xlbill.sheets import read_workbook

SHEET = "xl/worksheets/sheet1.xml"
HOSTILE = {
    "a number that is none": ("<v>7</v>", "<v>1E999</v>"),
    "a number in other digits": ("<v>7</v>", "<v>0x10</v>"),
    "an area of all cells": (
        "</sheetData>",
        '</sheetData><mergeCells count="1"><mergeCell ref="A4:XFD1048576"/></mergeCells>',
    ),
    "a link over all cells": (
        "</sheetData>",
        '</sheetData><hyperlinks><hyperlink ref="A4:XFD1048576" location="x"/></hyperlinks>',
    ),
    "an input rule of no kind": (
        "</sheetData>",
        '</sheetData><dataValidations count="1"><dataValidation type="x" sqref="A1"/></dataValidations>',
    ),
}


@pytest.mark.parametrize("way", HOSTILE)
def test_what_openpyxl_cannot_read_is_copied_by_its_values(tmp_path: Path, way: str) -> None:
    path = write_workbook(tmp_path / "a.xlsx", {"Usage": "| app | quantity |\n| a1 | 7 |\n| a2 | x |"})
    edit_xml(path, SHEET, *HOSTILE[way])
    found = [problem("not-a-number", Place("a.xlsx", "Usage", 3, 2), column="quantity", found="x")]
    copy, refused = annotate(path, found, tmp_path / "out", "en")
    assert not refused
    sheet = openpyxl.load_workbook(copy)["Usage"]
    assert [sheet["A2"].value, sheet["B3"].value, sheet["B3"].comment is not None] == ["a1", "x", True]


def test_signs_that_no_workbook_holds_and_names_that_no_sheet_has(tmp_path: Path) -> None:
    """A csv's text with an escape sequence; the copy's sheet is called after a file of a long name."""
    path = tmp_path / f"{'x' * 60}[1].csv"
    path.write_text("app,quantity\na1,\x1b[2J\na\tb_x0041_,=1+1\n", encoding="utf-8")
    workbook, _ = read_workbook(path)
    assert workbook is not None
    found = [
        problem("not-a-number", Place(path.name, workbook.sheets[0].name, 2, 2), column="quantity", found="\x1b[2J")
    ]
    copy, refused = annotate(path, found, tmp_path / "out", "en")
    assert not refused
    read = openpyxl.load_workbook(copy).worksheets[1]
    assert (read["B2"].comment is not None, read["B3"].data_type) == (True, "s")
    with zipfile.ZipFile(copy) as archive:
        assert not [name for name in archive.namelist() if b"\x1b" in archive.read(name)]


def test_a_copy_that_the_disk_refuses_is_told_as_json_too(tmp_path: Path) -> None:
    path = tmp_path / "usage.csv"
    path.write_text("app,date,meter,quantity\na1,2026-04-01,dau,x\n", encoding="utf-8")
    (tmp_path / "file").write_text("")
    words = ["check", str(path), "-w", str(tmp_path), "--annotate", str(tmp_path / "file" / "w"), "--json"]
    result = CliRunner().invoke(main, words)
    assert (result.exit_code, '"cannot-write"' in result.stdout) == (2, True)
