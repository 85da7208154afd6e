"""Workbooks from tables in text: what the tests' examples are written in, read by the real loaders."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.utils import get_column_letter

from xlbill.audit.live import open_live

Rows = Sequence[Sequence[object]]


def table(text: str) -> list[list[str]]:
    """The cells of a markdown table, headings first, without its dashes."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip().startswith("|")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in rows if not all(re.fullmatch(r":?-+:?", cell) for cell in row)]


def write_workbook(path: Path, sheets: Mapping[str, str | Rows]) -> Path:
    """A workbook with a sheet for each table; figures become numbers, `=` formulas, the rest stays text."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    add_sheets(workbook, sheets)
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook.save(path)
    return path


def add_sheets(workbook: openpyxl.Workbook, sheets: Mapping[str, str | Rows]) -> None:
    """A sheet more for each table, as `write_workbook` writes it."""
    for title, content in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in table(content) if isinstance(content, str) else content:
            sheet.append([_cell(value) for value in row])


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    bare = value.replace(",", "")
    if re.fullmatch(r"-?\d+", bare):
        return int(bare)
    if re.fullmatch(r"-?\d*\.\d+", bare):
        return float(bare)
    return value or None


def edit_xml(path: Path, part: str, pattern: str, replacement: str) -> None:
    """Change the text of a part of an xlsx file, once, as no program that recalculates would."""
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    text, count = re.subn(pattern, replacement, contents[part].decode(), count=1)
    assert count == 1, f"{part} has no {pattern}"
    contents[part] = text.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in contents.items():
            archive.writestr(name, data)


def store(path: Path, title: str, cell: str, value: str) -> None:
    """Give a formula's cell a stored result, as Excel would, whatever the formula says."""
    number = openpyxl.load_workbook(path).sheetnames.index(title) + 1
    pattern = rf'(<c r="{cell}"[^>]*><f>[^<]*</f>)(<v ?/>|<v></v>)'
    edit_xml(path, f"xl/worksheets/sheet{number}.xml", pattern, rf"\g<1><v>{value}</v>")


def type_into(path: Path, title: str, cell: str, figure: str) -> None:
    """Type a figure into a cell of a workbook and save it, as Excel does: every formula's result is computed anew."""
    parts = {name: f"xl/worksheets/sheet{n}.xml" for n, name in enumerate(openpyxl.load_workbook(path).sheetnames, 1)}
    edit_xml(path, parts[title], rf'(<c r="{cell}"[^>]*><v>)[^<]*', rf"\g<1>{figure}")
    live, found = open_live(path)
    assert live is not None, found
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    for (sheet, row, column), value in live.exact.items():
        at = f"{get_column_letter(column)}{row}"
        stored = rf'(<c r="{at}"[^>]*><f>[^<]*</f><v>)[^<]*'.encode()
        text = escape(str(value)).encode()
        contents[parts[sheet]] = re.sub(stored, lambda match, text=text: match[1] + text, contents[parts[sheet]])
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
