"""The workbook of a document: drop-downs, formats, frozen headings, notes on columns, and every formula's exact value.

It is made from the declarations of the sheets alone, and reads back as the same data.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlbill.book import data
from xlbill.book.data_grid import HEADING_ROW, GridCell, SheetGrid, figure, lay_out, shown
from xlbill.book.offers import TITLE as OFFERS
from xlbill.book.offers import offered
from xlbill.cells import a1, quote_sheet
from xlbill.files import written
from xlbill.formula import ExcelError, Value, to_serial, write
from xlbill.problems import Problems
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
_FONT_SIZE = 10
_FONT = {"font_name": "微软雅黑", "font_size": _FONT_SIZE, "font_color": TEXT, "valign": "vcenter"}
_TABS = {"formulas": "#B45309", "examples": "#047857"}
_PRICES = frozenset({"price", "list_price"})
_SHARES = frozenset({"tax_rate", *(quantity.key for quantity in QUANTITIES if quantity.shape == "rate")})
_NOT_SOLD = "—"
_MODELS = ("model", "refund", "prorate", "draw", "rollover", "record", "tax_model", "discount_model")
_NAMED_IN = {
    **dict.fromkeys(_MODELS, ("formulas", "model")),
    **dict.fromkeys(("customer", "payer"), ("customers", "customer")),
    **{key: (f"{key}s", key) for key in ("product", "meter", "app")},
}
"""Columns whose cells name a row of a sheet, and the column of that which they drop down."""
_OTHER_WORDS = frozenset({("examples", "meter"), ("payments", "payer")})  # meters with dimensions, payers as banks say
_CURRENCIES = ("CNY", "USD", "EUR", "HKD", "JPY", "GBP", "SGD")
"""What a column of currencies offers; any other code may be typed."""
_SPARE_ROWS = 200  # below the last one, for which drop-downs and formats are ready
_NARROW, _WIDE = 10, 44
_PAGE = 190  # characters across that can still be read on a page
_MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - the same data gives the same bytes


def write_data(document: data.Document, path: Path, shown_as: str) -> Problems:
    """Write the workbook of a document; nothing is written where it cannot be whole."""
    grid, found = lay_out(document)
    if found.errors:
        return found
    return written(path, shown_as, lambda target: _write(document, grid, target))


def _write(document: data.Document, grid: SheetGrid, path: Path) -> None:
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(str(path), options)
    workbook.set_properties({"created": _MADE})
    workbook.set_calc_mode("auto")
    formats = _Formats(workbook)
    front = [page for page in document.pages[:1] if page.title.startswith("说明")]
    for page in front:
        _write_page(workbook, page, grid, formats)
    for key, table in document.tables.items():
        _Sheet(document, key, table, grid, formats, workbook).write()
    for page in document.pages[len(front) :]:
        _write_page(workbook, page, grid, formats)
    workbook.close()


class _Formats:
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
        elif key in _SHARES and number is not None and isinstance(content, data.NamedFormula):
            look["num_format"] = share_format(Decimal(number))
        elif kind is Kind.DATE or isinstance(content, date):
            look |= {"num_format": "yyyy-mm-dd", "align": "left"}
        elif kind in (Kind.TEXT, Kind.CODE, Kind.CODES, Kind.MONTH):
            look["num_format"] = "@"
        elif key in _PRICES:
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


@dataclass(frozen=True)
class _Sheet:
    """One table as a sheet."""

    document: data.Document
    key: str
    table: data.DataTable
    grid: SheetGrid
    formats: _Formats
    workbook: "xlsxwriter.Workbook"

    def write(self) -> None:
        sheet = self.workbook.add_worksheet(self.title)
        sheet.hide_gridlines(2)
        sheet.set_tab_color(_TABS.get(self.key, INK))
        self._set_up_page(sheet)
        lines = self.table.above if self.table.above is not None else data.usual_lines(self.table.kind)
        for row, line in enumerate(lines[: HEADING_ROW - 1]):
            look = (
                {"bold": True, "font_size": 14, "font_color": INK} if row == 0 else {"font_size": 9, "font_color": GREY}
            )
            sheet.write_string(row, 0, line, self.formats.of(**look))
        for row in range(HEADING_ROW - 1):  # the columns' formats are for entries, not for titles
            sheet.set_row(row, 24 if row == 0 else None, self.formats.of())
        sheet.set_row(HEADING_ROW - 1, 30)
        for at, key in enumerate(self.table.columns):
            self._write_column(sheet, at, key)
        for (title, row, at), cell in self.grid.cells.items():
            if title == self.title:
                key = self._setting(row) if cell.key == "value" else cell.key
                look = self.formats.cell(cell, cell.column, key, wrap=self._wraps(cell, at))
                write_cell(sheet, row, at, cell, look)
        self._fit_rows(sheet)
        self._colour_whole_figures(sheet)

    @property
    def title(self) -> str:
        return self.grid.titles[self.key]

    @cached_property
    def last(self) -> int:
        """The last row that is ready for entries."""
        return HEADING_ROW + len(self.table.rows) + _SPARE_ROWS

    def _set_up_page(self, sheet: Any) -> None:
        sheet.freeze_panes(HEADING_ROW, min(2, len(self.table.columns)))
        sheet.autofilter(HEADING_ROW - 1, 0, HEADING_ROW - 1 + max(len(self.table.rows), 1), self.across - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        across = math.ceil(sum(self.widths) / _PAGE)
        sheet.fit_to_pages(across, 0)
        if across > 1:  # each page says whose figures it has; in two columns the title stands whole there, too
            sheet.repeat_columns(0, 1)
        sheet.repeat_rows(HEADING_ROW - 1)
        sheet.set_margins(0.4, 0.4, 0.5, 0.6)
        sheet.set_footer("&L&A&R&P / &N")

    @property
    def across(self) -> int:
        return max(len(self.table.columns), 1)

    def _write_column(self, sheet: Any, at: int, key: str) -> None:
        """A column's heading with its note, its width, and what its cells drop down."""
        column, own = self.table.column(key), self.table.own.get(key)
        heading = self._heading(key)
        look: dict[str, Any] = (
            {"bg_color": TINT, "font_color": INK} if own is not None else {"bg_color": INK, "font_color": "#FFFFFF"}
        )
        if column is not None and (column.kind is Kind.NUMBER or key in _PRICES):
            look |= {"align": "right", "indent": 1}  # above its figures
        sheet.write_string(HEADING_ROW - 1, at, heading, self.formats.of(bold=True, text_wrap=True, **look))
        if column is not None and column.note is not None and own is None:
            note = f"{column.note.zh}\n{column.note.en}"
            sheet.write_comment(HEADING_ROW - 1, at, note, {"x_scale": 2, "y_scale": 1, "author": "xlbill"})
        plain_cell = self.formats.cell(None, None if own is not None else column, key) if column else None
        sheet.set_column(at, at, self.widths[at], plain_cell)
        if (source := self._choices(column)) is not None:
            sheet.data_validation(HEADING_ROW, at, self.last - 1, at, source)
        if self.key in self.document.form.settings and key == "value":
            self._drop_down_settings(sheet, at)

    def _width(self, heading: str, key: str) -> float:
        cells = (cell for (title, _, _), cell in self.grid.cells.items() if title == self.title and cell.key == key)
        longest = max((_width(data.spelled(shown(cell))) for cell in cells if cell.formula is None), default=0)
        return min(max(longest + 2, _width(heading) * 0.6 + 3, _NARROW), _WIDE * (1.4 if key == "value" else 1))

    def _setting(self, row: int) -> str:
        """The setting of a row of settings, whose value looks as it does."""
        said = self.table.rows[row - HEADING_ROW - 1].values.get("setting")
        return said if isinstance(said, str) and said in _SHARES else "value"

    def _wraps(self, cell: GridCell, at: int) -> bool:
        return isinstance(cell.content, str) and self._lines(cell, at) > 1

    def _lines(self, cell: GridCell, at: int) -> int:
        """How many lines a text takes in its column."""
        return _lines_in(cell, self.widths[at - 1])

    def _fit_rows(self, sheet: Any) -> None:
        """Rows as high as their longest text needs: no program fits them when it opens a file."""
        lines: dict[int, int] = {}
        for (title, row, at), cell in self.grid.cells.items():
            if title == self.title and isinstance(cell.content, str) and row > HEADING_ROW:
                lines[row] = max(lines.get(row, 1), self._lines(cell, at))
        for row, count in lines.items():
            if count > 1:
                sheet.set_row(row - 1, _height(count))

    @cached_property
    def widths(self) -> list[float]:
        """The widths of the columns."""
        return [self._width(self._heading(key), key) for key in self.table.columns]

    def _heading(self, key: str) -> str:
        column, own = self.table.column(key), self.table.own.get(key)
        return own if own is not None else str(column.heading if column is not None else key)

    def _choices(self, column: Column | None) -> dict[str, Any] | None:
        """What the cells of a column drop down: the words of a choice, 是 and 否, or the codes of another sheet."""
        if column is None:
            return None
        if column.kind is Kind.CHOICE:
            words = [words[0] for words in column.choices.values()]
        elif column.kind is Kind.YES:
            words = ["是", "否"]
        elif column.key == "currency":
            return {"validate": "list", "source": list(_CURRENCIES), "show_error": False}
        else:
            return self._named_elsewhere(column.key)
        said = " / ".join(f"{words[0]} {words[1]}" for words in column.choices.values()) or "是 / 否"
        return {"validate": "list", "source": words, "error_type": "warning", "error_message": said[:200]}

    def _named_elsewhere(self, key: str) -> dict[str, Any] | None:
        if (choices := offered(self.document, self.key, key)) is not None:
            column, first, last = choices
            area = f"{a1(first, column, absolute=True)}:{a1(last, column, absolute=True)}"
            return {"validate": "list", "source": f"={quote_sheet(OFFERS)}!{area}", "show_error": False}
        target, named = _NAMED_IN.get(key, ("", ""))
        table = self.document.tables.get(target)
        if table is None or (target, named) == (self.key, key) or (self.key, key) in _OTHER_WORDS:
            return None
        at = table.columns.index(named) + 1 if named in table.columns else 1
        cells = (a1(row, at, absolute=True) for row in (HEADING_ROW + 1, HEADING_ROW + len(table.rows) + _SPARE_ROWS))
        source = f"={quote_sheet(self.grid.titles[target])}!{':'.join(cells)}"
        return {"validate": "list", "source": source, "error_type": "warning"}

    def _drop_down_settings(self, sheet: Any, at: int) -> None:
        settings = self.document.form.settings[self.key]
        for row, values in enumerate(self.table.rows, start=HEADING_ROW):
            setting = values.values.get("setting")
            column = settings.get(setting) if isinstance(setting, str) else None
            if (source := self._choices(column)) is not None:
                sheet.data_validation(row, at, row, at, source)

    def _colour_whole_figures(self, sheet: Any) -> None:
        """Whole figures without a decimal point: 15,000 and not 15,000. as their format with decimals shows them."""
        for at, key in enumerate(self.table.columns, start=1):
            column = self.table.column(key)
            figures = (column is not None and column.kind is Kind.NUMBER) or key in self.table.own or key == "value"
            if figures and key not in _PRICES:
                cell = a1(HEADING_ROW + 1, at)
                rule = f'AND(ISNUMBER({cell}),{cell}=INT({cell}),{cell}<>"",ABS({cell})>1)'
                if not self._has_shares_or_days(key):
                    look = self.workbook.add_format({"num_format": "#,##0"})
                    options = {"type": "formula", "criteria": f"={rule}", "format": look}
                    sheet.conditional_format(HEADING_ROW, at - 1, self.last - 1, at - 1, options)

    def _has_shares_or_days(self, key: str) -> bool:
        cells = (row.values.get(key) for row in self.table.rows)
        return any(isinstance(cell, (data.Share, date)) for cell in cells)


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


def _write_page(workbook: "xlsxwriter.Workbook", page: data.OwnSheet, grid: SheetGrid, formats: _Formats) -> None:
    """A sheet of finance's own: its cells where they stood."""
    sheet = workbook.add_worksheet(page.title)
    sheet.hide_gridlines(2)
    sheet.set_tab_color("#9CA3AF")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    cells = {(row, at): cell for (title, row, at), cell in grid.cells.items() if title == page.title}
    head = _head_lines(cells)
    widths = dict(_page_widths({place: cell for place, cell in cells.items() if place[0] not in head}))
    for at, width in widths.items():
        sheet.set_column(at - 1, at - 1, width)
    lines: dict[int, int] = {}
    for number, ((row, at), cell) in enumerate(cells.items()):
        title = number == 0 and isinstance(cell.content, str)
        first = {"bold": True, "font_size": 14, "font_color": INK}
        if title or row in head:
            look = formats.of(**(first if title else {"font_size": 9, "font_color": GREY}))
        else:
            look = formats.cell(cell, None, "", wrap=isinstance(cell.content, str))
        write_cell(sheet, row, at, cell, look)
        if isinstance(cell.content, str) and row not in head:
            lines[row] = max(lines.get(row, 1), _lines_in(cell, widths[at]))
    for row, count in lines.items():
        if count > 1:
            sheet.set_row(row - 1, _height(count))


def _head_lines(cells: Mapping[tuple[int, int], GridCell]) -> frozenset[int]:
    """The rows above the first blank one, where each has one text alone: a title and a note, over all columns."""
    rows = [(row, isinstance(cell.content, str)) for (row, _), cell in cells.items()]
    head = list(takewhile(lambda row: [text for at, text in rows if at == row] == [True], range(1, len(rows) + 1)))
    return frozenset(head) if len(head) in (1, 2) else frozenset()


def _lines_in(cell: GridCell, width: float) -> int:
    """How many lines the text that a cell shows takes in a column of this width."""
    return lines_of(str(shown(cell)), points_wide(ColumnWidth(width)) - PADDING, _FONT_SIZE)


def _height(lines: int) -> float:
    """The height in points of a row of so many lines."""
    return min(lines * _FONT_SIZE * LINE_SPACING + PADDING, MOST_HEIGHT)


def _page_widths(cells: Mapping[tuple[int, int], GridCell]) -> Iterator[tuple[int, float]]:
    across = max((at for _, at in cells), default=0)
    measure: Callable[[GridCell], int] = lambda cell: _width(data.spelled(cell.content))  # noqa: E731
    for at in range(1, across + 1):
        longest = max((measure(cell) for (_, column), cell in cells.items() if column == at), default=0)
        yield at, min(max(longest + 2, 4), 110)


def _width(text: str) -> int:
    """How wide a text is, in units of a column's width."""
    lines = (text_width(line, _FONT_SIZE) for line in text.splitlines())
    return math.ceil(max(lines, default=0) / POINTS_PER_UNIT)
