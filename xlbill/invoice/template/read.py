"""A template workbook, read once with openpyxl and compiled; everything that is wrong in it is told with its cell."""

import re
from collections import deque
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from openpyxl.cell import Cell as OpenpyxlCell
from openpyxl.cell.cell import MergedCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from xlbill.cells import Place, column_number, corners, position
from xlbill.formula import to_serial
from xlbill.invoice.template.bounds import too_large
from xlbill.invoice.template.checks import circles, missing_parts, not_carried
from xlbill.invoice.template.compiled import (
    DEFAULT_HEIGHT,
    MAX_COLUMNS,
    MAX_ROWS,
    SheetTemplate,
    Template,
    TemplateCell,
    TemplateRow,
    blocks_of,
    row_scope,
)
from xlbill.invoice.template.conditional import read_rules
from xlbill.invoice.template.marked import Marked, TemplateContent, read_formula, read_text
from xlbill.invoice.template.pictures import Measures, read_pictures
from xlbill.invoice.template.running import check_running, is_cut, without_pictures
from xlbill.invoice.template.styles import Palette, StylesOfCells, font_of
from xlbill.language import Label
from xlbill.problems import Problems, has_errors
from xlbill.refusals import why
from xlbill.sheets.safety import BROKEN_ARCHIVE, Format, inspect
from xlbill.sheets.styled import open_styled
from xlbill.sheets.workbook import why_unreadable
from xlbill.sheets.xlsx import Package, Unreadable, open_package
from xlbill.sheets.xlsx_sheet import SheetReader
from xlbill.workbook.layout import Area, ColumnWidth, Page

_HEADER, _FOOTER = Label("页眉", "header"), Label("页脚", "footer")
_SIDES = (Label("左侧", "on the left"), Label("中部", "in the middle"), Label("右侧", "on the right"))
_UNREADABLE = (*BROKEN_ARCHIVE, ParseError, ExpatError, Unreadable, TypeError, IndexError, AttributeError)
"""What openpyxl raises for workbooks that are damaged inside."""


def load_template(path: Path, shown_as: str | None = None) -> tuple[Template | None, Problems]:
    """A template and all problems in it; None where one of them is an error."""
    shown = shown_as or str(path)
    kind, found = inspect(path, shown)
    if kind is not Format.XLSX:
        if not len(found):
            found.add("template-unreadable", Place(shown), found=str(kind and kind.name.lower()))
        return None, found
    try:
        with open_package(path) as package:
            if (large := too_large(package, shown)) is not None:
                found.tell(large)
                return None, found
            for sheet in package.sheets:  # what stands twice is refused: each program shows another of the two
                deque(SheetReader(package, sheet).rows(), maxlen=0)
            template = _template(open_styled(path, rich_text=True), package, shown, found)
    except _UNREADABLE as error:
        if isinstance(error, Unreadable) and error.at is not None:
            found.tell(why_unreadable(error, shown))
            return None, found
        found.add(
            "template-unreadable",
            Place(shown),
            found=why(error),
        )
        return None, found
    found += [*missing_parts(template), *circles(template)]
    return (None if has_errors(found) else template), found


def _template(workbook: Workbook, package: Package, shown: str, found: Problems) -> Template:
    palette = Palette(workbook.loaded_theme)
    found += not_carried(workbook, package.parts, shown)
    parts = {sheet.name: sheet.part for sheet in package.sheets}
    sheets = []
    for sheet in workbook.worksheets:
        place = Place(shown, sheet.title)
        rows, columns = _rows(sheet, palette, place, found), _columns(sheet)
        grid = Measures(columns, {row.number: row.height for row in rows}, _usual_height(sheet))
        pictures = read_pictures(package, parts[sheet.title], grid, place, found) if sheet.title in parts else ()
        view = sheet.sheet_view
        header = _running(sheet.oddHeader, _HEADER, place, found)
        footer = _running(sheet.oddFooter, _FOOTER, place, found)
        sheets.append(
            SheetTemplate(
                sheet.title,
                blocks_of(rows),
                columns,
                _merged(sheet),
                _page(sheet),
                header,
                footer,
                pictures,
                _frozen(sheet),
                view.showGridLines is not False,
                int(view.zoomScale or 100),
                palette.colour(sheet.sheet_properties.tabColor),
                read_rules(sheet, palette, place, found),
            )
        )
    return Template(shown, tuple(sheets), font_of(OpenpyxlCell(workbook.worksheets[0], 1, 1).font, palette))


# --- cells ---------------------------------------------------------------------------------------------------------


def _merged(sheet: Worksheet) -> tuple[Area, ...]:
    """The merged cells from top to bottom: openpyxl has them in an order of its own, which any new row changes."""
    ranges = sorted(sheet.merged_cells.ranges, key=lambda merged: (merged.min_row, merged.min_col))
    return tuple(Area(each.min_row, each.min_col, each.max_row, each.max_col) for each in ranges)


def _rows(sheet: Worksheet, palette: Palette, place: Place, found: Problems) -> list[TemplateRow]:
    if sheet.max_row > MAX_ROWS or sheet.max_column > MAX_COLUMNS:
        size = f"{sheet.max_row:,} × {sheet.max_column:,}"
        found.add("template-too-large", place, found=size, limit=f"{MAX_ROWS} × {MAX_COLUMNS}")
        return []
    usual, styles = _usual_height(sheet), StylesOfCells(palette)
    rows = []
    for cells in sheet.iter_rows():
        read = {int(cell.column or 0): _cell(cell, styles, place, found) for cell in cells if _matters(cell)}
        number = int(cells[0].row or 0)
        dimension = sheet.row_dimensions[number]
        row = TemplateRow(number, float(dimension.height or usual), bool(dimension.hidden), read, None, False)
        scope = row_scope(row.scopes, place.at(number), found)
        marked = bool(row.scopes or row.conditions)
        rows.append(TemplateRow(number, row.height, row.hidden, read, scope, marked))
    return rows


def _matters(cell: Any) -> bool:
    """Whether a cell holds something or looks like something."""
    return isinstance(cell, MergedCell) or cell.value is not None or cell.has_style


def _cell(cell: Any, styles: StylesOfCells, place: Place, found: Problems) -> TemplateCell:
    content = None if isinstance(cell, MergedCell) else _content(cell, place.at(cell.row, cell.column), found)
    return TemplateCell(cell.row, cell.column, content, styles.of(cell))


def _content(cell: Any, place: Place, found: Problems) -> TemplateContent:
    """What a cell holds: text that begins with = is a formula, too (Excel refuses to take marks in a real one)."""
    match cell.value:
        case None:
            return None
        case bool(value):
            return value
        case int() | float() as value:
            return Decimal(repr(value))
        case datetime() as value:
            return to_serial(value.date())
        case date() as value:
            return to_serial(value)
        case time():
            found.add("template-not-carried", place, feature=Label("时刻", "a time of day"))
            return None
        case str(text) if cell.data_type == "f":
            return read_formula(text, place, found)
        case _ if cell.data_type == "f":
            found.add("template-not-carried", place, feature=Label("数组公式", "an array formula"))
            return None
        case text:
            if not isinstance(text, str) and _is_mixed(text):
                feature = Label("单元格内部分文字的格式", "formats of a part of a text")
                found.add("template-not-carried", place, feature=feature)
            read = read_formula if str(text).startswith("=") and "{{" in str(text) else read_text
            return read(str(text), place, found)


def _is_mixed(text: CellRichText) -> bool:
    """Whether parts of a text look different; the font's name alone changes between scripts, and does not count."""
    fonts = (part.font for part in text if isinstance(part, TextBlock))
    return len({(f.b, f.i, f.u, f.strike, f.sz, f.color and f.color.rgb) for f in fonts}) > 1 or (
        any(isinstance(part, str) for part in text) and any(isinstance(part, TextBlock) for part in text)
    )


# --- the sheet -----------------------------------------------------------------------------------------------------


def _usual_height(sheet: Worksheet) -> float:
    return float(sheet.sheet_format.defaultRowHeight or DEFAULT_HEIGHT)


def _columns(sheet: Worksheet) -> dict[int, ColumnWidth]:
    """The widths of the columns; one entry of the file may stand for several of them."""
    columns = {}
    for letters, dimension in sheet.column_dimensions.items():
        first = dimension.min or column_number(letters)
        last = min(dimension.max or first, MAX_COLUMNS)
        for number in range(first, last + 1):
            columns[number] = ColumnWidth(float(dimension.width) if dimension.width else None, bool(dimension.hidden))
    return columns


def _frozen(sheet: Worksheet) -> tuple[int, int]:
    row, column = position(sheet.freeze_panes or "A1") or (1, 1)
    return row - 1, column - 1


def _page(sheet: Worksheet) -> Page:
    setup, margins = sheet.page_setup, sheet.page_margins
    fits = sheet.sheet_properties.pageSetUpPr is not None and sheet.sheet_properties.pageSetUpPr.fitToPage
    across, down = (1 if pages is None else int(pages) for pages in (setup.fitToWidth, setup.fitToHeight))
    titles = re.findall(r"\d+", sheet.print_title_rows or "")
    return Page(
        paper=int(setup.paperSize or 9),
        landscape=setup.orientation == "landscape",
        margins=(margins.left, margins.right, margins.top, margins.bottom),
        header_margin=margins.header,
        footer_margin=margins.footer,
        centred=bool(sheet.print_options.horizontalCentered),
        scale=int(setup.scale or 100),
        fit=(across, down) if fits else None,
        area=_print_area(sheet),
        titles=(int(titles[0]), int(titles[-1])) if titles else None,
        breaks=tuple(int(brk.id) for brk in sheet.row_breaks.brk),
    )


def _print_area(sheet: Worksheet) -> Area | None:
    """The first print area of a sheet."""
    if not sheet.print_area:
        return None
    area = corners(str(sheet.print_area).split(",")[0].rpartition("!")[2])
    return Area(*area) if area is not None else None


def _running(item: Any, name: Label, place: Place, found: Problems) -> tuple[Marked, ...]:
    """The left, middle and right of a page's header or footer, in Excel's codes; they can hold text marks only."""
    parts = []
    for side, part in zip(_SIDES, (item.left, item.center, item.right), strict=True):
        text = str(part) if part and part.text else ""
        words = without_pictures(text)
        if words != text:
            feature = Label(f"{name.zh}{side.zh}的图片", f"a picture in the page's {name.en}, {side.en}")
            found.add("template-not-carried", place, feature=feature)
        if is_cut(text):
            feature = Label(f"{name.zh}{side.zh}的 &&", f"an ampersand before L, C or R in the page's {name.en}")
            found.add("template-not-carried", place, feature=feature)
        parts.append(read_text(words.rstrip("&") if is_cut(text) else words, place, found))
    check_running(parts, name, place, found)
    return tuple(parts)
