"""Layouts as the tests read them: cells by their address, formulas with their `=`."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl

from xlbill.cells import a1
from xlbill.invoice import Template, load_template
from xlbill.problems import has_errors, render
from xlbill.workbook import Layout
from xlbill.workbook.layout import Formula, LaidCell, Sheet

TEMPLATES = Path(__file__).parent / "templates"
"""Templates of the tests' own, whose cells they may name: those that are shipped are finance's to restyle."""

SHIPPED = Path(__file__).parent.parent.parent / "templates"
FILES = {"zh": "invoice.xlsx", "en": "invoice.en.xlsx"}


def pinned(language: str = "zh") -> Template:
    """The tests' own template of a language."""
    return _loaded(TEMPLATES / FILES[language])


def shipped(language: str = "zh") -> Template:
    """The template of a language as finance has it, of which no test may name a cell."""
    return _loaded(SHIPPED / FILES[language])


def _loaded(path: Path) -> Template:
    template, found = load_template(path)
    assert template is not None, render(found, "en")
    return template


def changed(path: Path, language: str, *changes: tuple[str, str, object]) -> Template:
    """The tests' template with some cells (sheet, address, value) changed as in Excel."""
    workbook = openpyxl.load_workbook(TEMPLATES / FILES[language])
    for sheet, address, value in changes:
        workbook[sheet][address] = value
    workbook.save(path)
    template, found = load_template(path)
    assert template is not None and not has_errors(found), render(found, "en")
    return template


def sheet_of(layout: Layout, name: str) -> Sheet:
    """A sheet by its name."""
    return next(sheet for sheet in layout.sheets if sheet.name == name)


def filled(sheet: Sheet) -> dict[str, object]:
    """What stands in a sheet's cells: texts, numbers, and formulas as text."""
    return {a1(cell.row, cell.column): said(cell) for cell in sheet.cells if cell.content is not None}


def said(cell: LaidCell) -> object:
    """A cell's content."""
    return f"={cell.content.text}" if isinstance(cell.content, Formula) else cell.content


def rows_with(sheet: Sheet, text: str) -> Iterator[dict[str, object]]:
    """The rows in which some text stands, as cells by the column's letter."""
    cells = filled(sheet)
    for address in [address for address, content in cells.items() if content == text]:
        number = address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        yield {a.removesuffix(number): c for a, c in cells.items() if a.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == number}


def row_with(sheet: Sheet, text: str) -> dict[str, object]:
    """The only row in which some text stands."""
    (row,) = rows_with(sheet, text)
    return row


def values(sheet: Sheet) -> dict[str, object]:
    """What the cells of a sheet show."""
    return {
        a1(cell.row, cell.column): cell.content.value if isinstance(cell.content, Formula) else cell.content
        for cell in sheet.cells
        if cell.content is not None
    }
