"""How the cells of a price book look and are written: formats made once, texts measured, each value in its own type."""

import math
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from xlbill.book import data
from xlbill.book.data_grid import GridCell, figure, shown
from xlbill.formula import ExcelError, Value, to_serial, write
from xlbill.quantities import QUANTITIES
from xlbill.sheets.columns import Column, Kind
from xlbill.workbook.layout import ColumnWidth
from xlbill.workbook.measure import (
    LINE_SPACING,
    MOST_HEIGHT,
    PADDING,
    POINTS_PER_UNIT,
    lines_of,
    points_wide,
    text_width,
)

if TYPE_CHECKING:
    import xlsxwriter

INK, TINT, LINE, GREY, TEXT = "#0F4C81", "#EAF1F8", "#D1DBE6", "#6B7280", "#1F2937"
TITLE = {"bold": True, "font_size": 14, "font_color": INK}
NOTE = {"font_size": 9, "font_color": GREY}
FONT_SIZE = 10
_FONT = {"font_name": "微软雅黑", "font_size": FONT_SIZE, "font_color": TEXT, "valign": "vcenter"}
PRICES = frozenset({"price", "list_price"})
SHARES = frozenset({"tax_rate", *(quantity.key for quantity in QUANTITIES if quantity.shape == "rate")})
_NOT_SOLD = "—"


class BookFormats:
    """The workbook's formats, each made once."""

    def __init__(self, workbook: "xlsxwriter.Workbook") -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def of(self, **look: Any) -> Any:
        """A format with these properties, besides the usual font."""
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(_FONT | look)
        return self._made[key]

    def cell(self, cell: GridCell | None, column: Column | None, key: str, *, wrap: bool = False) -> Any:
        """How a cell of a table looks."""
        look: dict[str, Any] = {"bottom": 4, "bottom_color": LINE}
        content = cell.content if cell is not None else None
        kind = column.kind if column is not None else None
        if isinstance(content, data.NamedFormula):
            look |= {"bg_color": TINT, "font_color": INK}
        number = figure(shown(cell)) if cell is not None else None
        if isinstance(content, data.Share):
            look["num_format"] = share_format(content.value)
        elif key in SHARES and number is not None and isinstance(content, data.NamedFormula):
            look["num_format"] = share_format(Decimal(number))
        elif kind is Kind.DATE or isinstance(content, date):
            look |= {"num_format": "yyyy-mm-dd", "align": "left"}
        elif kind in (Kind.TEXT, Kind.CODE, Kind.CODES, Kind.MONTH):
            look["num_format"] = "@"
        elif key in PRICES:
            look |= {"num_format": "#,##0.00######", "bold": True}
        elif kind is Kind.NUMBER or isinstance(content, (Decimal, data.NamedFormula)):
            look["num_format"] = "#,##0.########"
        computed = (
            isinstance(content, data.NamedFormula) and figure(cell.value if cell is not None else None) is not None
        )
        if number is not None or computed or content == _NOT_SOLD:
            look |= {"align": "right", "indent": 1}  # apart from the text to the right
        if wrap:
            look |= {"text_wrap": True}
        return self.of(**look)


def share_format(share: Decimal) -> str:
    """The format of a percentage with all its decimals: 6 % is 0%, 6.5 % is 0.0%."""
    exponent = (share * 100).normalize().as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return f"0.{'0' * places}%" if places else "0%"


def write_cell(sheet: Any, row: int, at: int, cell: GridCell, look: Any) -> None:
    """Write a cell, 1-based, in its own type; a formula with its exact value. Failures to write are our own."""
    content = shown(cell)
    if cell.formula is not None:
        text = "=" + write(cell.formula, file=True)
        failed = sheet.write_formula(row - 1, at - 1, text, look, cached(cell.value))
    elif isinstance(content, bool):
        failed = sheet.write_boolean(row - 1, at - 1, content, look)
    elif isinstance(content, str):
        failed = sheet.write_string(row - 1, at - 1, content, look)
    elif isinstance(content, datetime):
        failed = sheet.write_datetime(row - 1, at - 1, content, look)
    elif isinstance(content, date):
        failed = sheet.write_number(row - 1, at - 1, int(to_serial(content)), look)
    else:
        number = figure(content)
        assert number is not None, content
        failed = sheet.write_number(row - 1, at - 1, float(number), look)
    assert not failed, f"XlsxWriter refused {content!r} with {failed}"


def cached(value: Value) -> float | int | str | bool:
    """A formula's value as XlsxWriter stores it."""
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, ExcelError):
        return value.value
    number = figure(value)
    return 0 if number is None else int(number) if number == int(number) else float(number)


def lines_in(cell: GridCell, width: float) -> int:
    """How many lines the text that a cell shows takes in a column of this width."""
    return lines_of(str(shown(cell)), points_wide(ColumnWidth(width)) - PADDING, FONT_SIZE)


def height_of(lines: int) -> float:
    """The height in points of a row of so many lines."""
    return min(lines * FONT_SIZE * LINE_SPACING + PADDING, MOST_HEIGHT)


def width_of(text: str) -> int:
    """How wide a text is, in units of a column's width."""
    lines = (text_width(line, FONT_SIZE) for line in text.splitlines())
    return math.ceil(max(lines, default=0) / POINTS_PER_UNIT)
