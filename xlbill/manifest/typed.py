"""Cells as somebody would type them: `=A1*2`, `'text`, 1299, TRUE, 2026-04-01.

>>> typed_value(Decimal("1299.00")), typed_value("=A1"), untyped("'12")
('1299.00', "'=A1", '12')
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from xlbill.cells import a1
from xlbill.formula import ExcelError
from xlbill.formula.values import MAX_TEXT
from xlbill.manifest.record import CellsOf
from xlbill.sheets import Cell, Raw, Workbook
from xlbill.sheets.cell import exact
from xlbill.sheets.values import visible
from xlbill.sheets.xlsx_sheet import day_of_serial
from xlbill.workbook.formats import is_date_format
from xlbill.workbook.layout import CellContent, Formula, LaidCell, Layout

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_WORDS: Mapping[str, Raw] = {"": None, "TRUE": True, "FALSE": False, **{error.value: error for error in ExcelError}}


def cells_of(workbook: Workbook) -> CellsOf:
    """Every cell of a workbook that was read."""
    return {
        sheet.name: {a1(*at): typed(cell) for at, cell in sorted(sheet.cells.items()) if cell.filled}
        for sheet in workbook.sheets
    }


def cells_written(layout: Layout) -> CellsOf:
    """Every cell of a workbook as it is written, without reading the file: what `cells_of` would find there."""
    return {
        sheet.name: {
            a1(cell.row, cell.column): text
            for cell in sorted(sheet.cells, key=lambda cell: (cell.row, cell.column))
            if (text := _typed_by_us(cell))
        }
        for sheet in layout.sheets
    }


def _typed_by_us(cell: LaidCell) -> str:
    """A neutral cell as it is read again: dates where the format shows one."""
    return typed_content(cell.content, dated=is_date_format(cell.style.number_format))


def typed_content(content: CellContent, *, dated: bool) -> str:
    """What a neutral cell holds as it is read again: floats of 16 digits."""
    match content:
        case Formula(text, _):
            return f"={text}"
        case Decimal() as number:
            digits = f"{float(number):.16G}"
            if digits.isdecimal() and not dated:
                return digits  # which is what the rest comes to, in a fraction of the time
            as_read = exact(float(digits))
            return typed_value(day_of_serial(as_read, from_1904=False) if dated else as_read)
        case str() as text:
            return typed_value(text[:MAX_TEXT]) if visible(text) else ""
        case _:
            return typed_value(content)


def typed(cell: Cell) -> str:
    """A cell that was read as somebody would type it."""
    return cell.formula if cell.formula is not None else typed_value(cell.value)


def typed_value(value: Raw) -> str:
    """A value as it is typed; a text begins with an apostrophe, so that it is nothing else."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case Decimal():
            return f"{value:f}"
        case str():
            return f"'{value}"
        case ExcelError():
            return value.value
    return value.isoformat()


def untyped(text: str) -> Raw:
    """The value that was typed, the reverse of `typed_value`."""
    if text.startswith("'"):
        return text[1:]
    if text in _WORDS:
        return _WORDS[text]
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:  # nothing that `typed_value` gives: somebody edited the manifest
        return text
