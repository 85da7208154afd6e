"""A layout written as an xlsx file: the one module that knows XlsxWriter.

Every cell is written with its own type, so that text which begins with = + - @ stays text; every formula carries its
value, so that viewers which do not recalculate show the right figures; and nothing depends on the clock.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, time
from decimal import Decimal
from functools import lru_cache
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.image import Image
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings
from xlsxwriter.worksheet import Worksheet

from xlbill.formula import ExcelError, Value, as_decimal
from xlbill.formula.values import MAX_TEXT
from xlbill.workbook.charts import add_charts
from xlbill.workbook.conditions import rule_of
from xlbill.workbook.layout import (
    ColumnWidth,
    Formula,
    LaidCell,
    Layout,
    Page,
    Picture,
    Sheet,
)
from xlbill.workbook.package import entry_of, package
from xlbill.workbook.rows import write_rows
from xlbill.workbook.style import CellStyle, Edge, Font
from xlbill.workbook.worksheet import QuickWorksheet

NOT_PRINTED = "xlbill not printed"
"""The document property that names the sheets which PDF files leave out."""

_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,  # no temporary files: an invoice is small
}
_ROW_BY_ROW = {"in_memory": False, "constant_memory": True}
_LINES = {
    name: number
    for number, name in enumerate(
        (
            *("none", "thin", "medium", "dashed", "dotted", "thick", "double", "hair", "mediumDashed", "dashDot"),
            *("mediumDashDot", "dashDotDot", "mediumDashDotDot", "slantDashDot"),
        )
    )
}
_UNDERLINES = {"single": 1, "double": 2, "singleAccounting": 33, "doubleAccounting": 34}
_VERTICAL = {
    "top": "top",
    "center": "vcenter",
    "bottom": "bottom",
    "justify": "vjustify",
    "distributed": "vdistributed",
}
_ACROSS = {"centerContinuous": "center_across"}
_POINTS_PER_PIXEL = 0.75
_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_XML = SharedStrings()


def write_layout(layout: Layout, path: Path) -> None:
    """Write a layout to a file; one with sheets that are too large to be held goes there row by row."""
    if any(sheet.more is not None for sheet in layout.sheets):
        _fill(xlsxwriter.Workbook(str(path), {**_OPTIONS, **_ROW_BY_ROW, **_plain(layout)}), layout)
    else:
        path.write_bytes(layout_bytes(layout))


def layout_bytes(layout: Layout) -> bytes:
    """The xlsx file of a layout; the same layout always gives the same bytes."""
    return package(entry_of(name, content) for name, content in layout_parts(layout).items())


def layout_parts(layout: Layout) -> dict[str, bytes]:
    """The parts of a layout's xlsx file by their names, as XlsxWriter makes them."""
    workbook = _Parts(BytesIO(), {**_OPTIONS, **_plain(layout)})
    _fill(workbook, layout)
    return workbook.packager.parts


def _plain(layout: Layout) -> dict[str, Any]:
    """The option that gives the look of cells without any."""
    return {"default_format_properties": {"font_name": layout.font.name, "font_size": layout.font.size}}


def _fill(workbook: xlsxwriter.Workbook, layout: Layout) -> None:
    """Write a layout into a workbook, and close it."""
    workbook.set_properties(
        {"title": layout.title, "author": layout.author, "created": datetime.combine(layout.created, time())}
    )
    if kept := [sheet.name for sheet in layout.sheets if not sheet.printed]:
        workbook.set_custom_property(NOT_PRINTED, "/".join(kept), "text")  # no sheet's name has a slash
    workbook.set_calc_mode("auto")
    formats = _Formats(workbook)
    sheets = [(sheet, workbook.add_worksheet(sheet.name, QuickWorksheet)) for sheet in layout.sheets]
    for sheet, written in sheets:
        _write_sheet(sheet, written, formats)
        add_charts(workbook, written, sheet)
    for name, target in layout.names.items():
        _done(workbook.define_name(name, f"={target}"))
    workbook.close()


class _Packager(Packager):  # type: ignore[misc]
    """XlsxWriter's packager, which keeps the parts instead of handing them on to be zipped."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: dict[str, bytes] = {}

    def _create_package(self) -> list[Any]:
        for content, name, is_binary in super()._create_package():
            self.parts[name] = content.getvalue() if is_binary else content.getvalue().encode("utf-8")
        return []


class _Parts(xlsxwriter.Workbook):  # type: ignore[misc]
    """A workbook of which we want the parts."""

    def _get_packager(self) -> _Packager:
        self.packager = _Packager()
        return self.packager


# --- what is written without XlsxWriter must look as if it had been -------------------------------------------------


def shared_strings(texts: Iterable[str], count: int) -> str:
    """The part that holds the texts of all cells, each once; `count` is how many cells hold them."""
    texts = tuple(texts)
    head = f'<sst xmlns="{_SPREADSHEET}" count="{count}" uniqueCount="{len(texts)}">'
    return f"{_DECLARATION}{head}{''.join(map(_shared_string, texts))}</sst>"


@lru_cache(16_384)
def _shared_string(text: str) -> str:
    part = SharedStrings()
    part._set_filehandle(StringIO())
    part._write_si(text)
    written: str = part.fh.getvalue()
    return written


def in_element(text: str) -> str:
    """A text as it stands in an element of XML: in a title, in a header."""
    escaped: str = _XML._escape_control_characters(_XML._escape_data(text))
    return escaped


def in_formula(text: str) -> str:
    """A formula, or the text that is its value, as it stands in a cell's XML."""
    escaped: str = _XML._escape_data(text)
    return escaped


class _Formats:
    """XlsxWriter's formats, one for each look."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._workbook = workbook
        self._made: dict[CellStyle, Format] = {}
        self._known: dict[int, Format] = {}  # by identity, which costs less than comparing; the layout keeps them

    def of(self, style: CellStyle) -> Format:
        if id(style) not in self._known:
            if style not in self._made:
                self._made[style] = self._workbook.add_format(_properties(style))
            self._known[id(style)] = self._made[style]
        return self._known[id(style)]

    def number_of(self, style: CellStyle) -> int:
        """The number by which cells call a look."""
        number: int = self.of(style)._get_xf_index()
        return number

    def change(self, style: CellStyle) -> Format:
        """A look for a conditional format: only what differs from a plain cell."""
        wanted = {"bold": style.font.bold, "font_color": _hex(style.font.colour), "bg_color": _hex(style.fill)}
        return self._workbook.add_format({key: value for key, value in wanted.items() if value})


def _properties(style: CellStyle) -> dict[str, Any]:
    alignment, borders = style.alignment, style.borders
    wanted = {
        **_font(style.font),
        "bg_color": _hex(style.fill),
        "align": _ACROSS.get(alignment.horizontal or "", alignment.horizontal),
        "valign": _VERTICAL.get(alignment.vertical or ""),
        "text_wrap": alignment.wrap,
        "shrink": alignment.shrink,
        "indent": alignment.indent,
        "rotation": _rotation(alignment.rotation),
        "num_format": style.number_format,
    }
    for side in ("left", "right", "top", "bottom"):
        wanted |= _edge(side, getattr(borders, side))
    return {key: value for key, value in wanted.items() if value}


def _font(font: Font) -> dict[str, Any]:
    return {
        "font_name": font.name,
        "font_size": font.size,
        "bold": font.bold,
        "italic": font.italic,
        "underline": _UNDERLINES.get(font.underline or ""),
        "font_strikeout": font.strike,
        "font_color": _hex(font.colour),
    }


def _edge(side: str, edge: Edge | None) -> dict[str, Any]:
    if edge is None:
        return {}
    return {side: _LINES.get(edge.line, 1), f"{side}_color": _hex(edge.colour) or "#000000"}


def _rotation(degrees: int) -> int:
    """Excel keeps downward text as 91 to 180, upright letters as 255."""
    return 270 if degrees == 255 else 90 - degrees if degrees > 90 else degrees


def _hex(colour: str | None) -> str | None:
    return f"#{colour}" if colour else None


# --- a sheet -------------------------------------------------------------------------------------------------------


def _write_sheet(sheet: Sheet, written: Worksheet, formats: _Formats) -> None:
    for number, column in sheet.columns.items():
        _done(written.set_column(number - 1, number - 1, _width(column), None, {"hidden": column.hidden}))
    for row, height in sheet.heights.items():
        _done(written.set_row(row - 1, height, None, {"hidden": row in sheet.hidden_rows}))
    for area in sheet.merges:
        _done(written.merge_range(area.top - 1, area.left - 1, area.bottom - 1, area.right - 1, ""))
    for cell in sheet.cells:
        _done(_writer(cell, written)(cell.row - 1, cell.column - 1, formats.of(cell.style)))
    if sheet.more is not None:
        write_rows(sheet.more, written, formats.number_of, in_element)
    for light in sheet.highlights:
        areas = " ".join(map(str, light.areas))
        where = areas.partition(" ")[0]
        _done(written.conditional_format(where, {**rule_of(light, formats.change), "multi_range": areas}))
    for picture in sheet.pictures:
        _insert(picture, written)
    _set_page(sheet.page, written)
    if any(sheet.frozen):
        written.freeze_panes(*sheet.frozen)
    if (rows := sheet.filtered) is not None:
        _done(written.autofilter(rows.top - 1, rows.left - 1, rows.bottom - 1, rows.right - 1))
    written.hide_gridlines(1 if sheet.gridlines else 2)  # never in print
    written.set_zoom(sheet.zoom)
    if sheet.tab_colour:
        written.set_tab_color(f"#{sheet.tab_colour}")


def _writer(cell: LaidCell, written: Worksheet) -> Callable[[int, int, Format], int]:
    """How a cell's content is written: each type by its own method, never by guessing from a text."""
    content = cell.content
    match content:
        case None:
            return lambda row, column, look: written.write_blank(row, column, None, look)
        case bool():
            return lambda row, column, look: written.write_boolean(row, column, content, look)
        case str() if cell.file is not None:
            target = f"external:{_as_target(cell.file)}"
            return lambda row, column, look: written.write_url(row, column, target, look, content)
        case str():
            return lambda row, column, look: written.write_string(row, column, content[:MAX_TEXT], look)
        case Decimal():
            return lambda row, column, look: written.write_number(row, column, float(content), look)
        case Formula(text, value):
            return lambda row, column, look: written.write_formula(row, column, f"={text}", look, _cached(value))


def _cached(value: Value) -> str | float | bool:
    """The value that a formula's cell shows until somebody recalculates."""
    match value:
        case None:
            return 0.0
        case "":
            return _EmptyText()
        case bool() | str():
            return value
        case ExcelError():
            return value.value
    return float(as_decimal(value))


class _EmptyText(str):
    """The empty text as a formula's value: it is not equal to "", which XlsxWriter takes for "never calculated"."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return 0


def _as_target(file: str) -> str:
    """A file's name as the target of a link: `a #1.xlsx` is a%20%231.xlsx; Chinese stays, as Excel writes it."""
    return "".join(quote(char) if char.isascii() else char for char in file)


def _width(column: ColumnWidth) -> float | None:
    """A column's width as people set it: without the padding that the file adds."""
    if column.width is None:
        return None
    pixels = round(column.width * 7)
    return (pixels - 5) / 7 if pixels >= 12 else pixels / 12


def _insert(picture: Picture, written: Worksheet) -> None:
    image = Image(BytesIO(picture.data))
    width, height = (pixels * 96 / dpi for pixels, dpi in ((image._width, image._x_dpi), (image._height, image._y_dpi)))
    options = {
        "image_data": BytesIO(picture.data),
        "x_offset": picture.x / _POINTS_PER_PIXEL,
        "y_offset": picture.y / _POINTS_PER_PIXEL,
        "x_scale": picture.width / _POINTS_PER_PIXEL / width,
        "y_scale": picture.height / _POINTS_PER_PIXEL / height,
        "description": picture.description,
    }
    _done(written.insert_image(picture.row - 1, picture.column - 1, "picture", options))


def _set_page(page: Page, written: Worksheet) -> None:
    written.set_paper(page.paper)
    if page.landscape:
        written.set_landscape()
    written.set_margins(*page.margins)
    if page.centred:
        written.center_horizontally()
    written.set_header("", {"margin": page.header_margin})
    written.set_footer("", {"margin": page.footer_margin})
    # Set apart: XlsxWriter takes the &&G of "P&&G" for a picture that it was not given, and leaves out the whole text.
    written.header, written.footer = page.header, page.footer
    if page.fit is not None:
        written.fit_to_pages(*page.fit)
    else:
        written.set_print_scale(page.scale)
    if page.area is not None:
        _done(written.print_area(str(page.area)))
    if page.titles is not None:
        written.repeat_rows(page.titles[0] - 1, page.titles[1] - 1)
    if page.named:
        written.repeat_columns(0, page.named - 1)
    written.set_h_pagebreaks(list(page.breaks))


def _done(result: object) -> None:
    """XlsxWriter tells failures (a cell outside of the sheet) by what it returns: here they are our own mistakes."""
    assert result in (0, None) or not isinstance(result, int), f"XlsxWriter refused a cell: {result}"
