"""A table of a price book or of accounts as a sheet: drop-downs, notes on headings, widths, heights and print setup."""

import math
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from xlbill.book import data
from xlbill.book.data_grid import HEADING_ROW, GridCell, SheetGrid, shown
from xlbill.book.offers import TITLE as OFFERS
from xlbill.book.offers import offered
from xlbill.book.workbook_looks import (
    INK,
    NOTE,
    PRICES,
    SHARES,
    TINT,
    TITLE,
    BookFormats,
    height_of,
    lines_in,
    width_of,
    write_cell,
)
from xlbill.cells import a1, quote_sheet
from xlbill.sheets.columns import Column, Kind

if TYPE_CHECKING:
    import xlsxwriter

_TABS = {"formulas": "#B45309", "examples": "#047857"}
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
REPEATED = 2  # columns that stand on each of several pages across
_PAGE = 190  # characters across that can still be read on a page


@dataclass(frozen=True)
class TableSheet:
    """One table as a sheet."""

    document: data.Document
    key: str
    table: data.DataTable
    grid: SheetGrid
    formats: BookFormats
    workbook: "xlsxwriter.Workbook"

    def write(self) -> None:
        sheet = self.workbook.add_worksheet(self.title)
        sheet.hide_gridlines(2)
        sheet.set_tab_color(_TABS.get(self.key, INK))
        self._set_up_page(sheet)
        lines = self.table.above if self.table.above is not None else data.usual_lines(self.table.kind)
        for row, line in enumerate(lines[: HEADING_ROW - 1]):
            # on further pages the repeated columns would cut a note; in the column after them it stands on the first
            at = REPEATED if row > 0 and self.pages_across > 1 else 0
            sheet.write_string(row, at, line, self.formats.of(**(NOTE if row else TITLE)))
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
        sheet.fit_to_pages(self.pages_across, 0)
        if self.pages_across > 1:  # each page says whose figures it has; the title stands whole in two columns, too
            sheet.repeat_columns(0, REPEATED - 1)
        sheet.repeat_rows(HEADING_ROW - 1)
        sheet.set_margins(0.4, 0.4, 0.5, 0.6)
        sheet.set_footer("&L&A&R&P / &N")

    @cached_property
    def pages_across(self) -> int:
        """How many pages its columns take, side by side."""
        return math.ceil(sum(self.widths) / _PAGE)

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
        if column is not None and (column.kind is Kind.NUMBER or key in PRICES):
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
        longest = max((width_of(data.spelled(shown(cell))) for cell in cells if cell.formula is None), default=0)
        return min(max(longest + 2, width_of(heading) * 0.6 + 3, _NARROW), _WIDE * (1.4 if key == "value" else 1))

    def _setting(self, row: int) -> str:
        """The setting of a row of settings, whose value looks as it does."""
        said = self.table.rows[row - HEADING_ROW - 1].values.get("setting")
        return said if isinstance(said, str) and said in SHARES else "value"

    def _wraps(self, cell: GridCell, at: int) -> bool:
        return isinstance(cell.content, str) and self._lines(cell, at) > 1

    def _lines(self, cell: GridCell, at: int) -> int:
        """How many lines a text takes in its column."""
        return lines_in(cell, self.widths[at - 1])

    def _fit_rows(self, sheet: Any) -> None:
        """Rows as high as their longest text needs: no program fits them when it opens a file."""
        lines: dict[int, int] = {}
        for (title, row, at), cell in self.grid.cells.items():
            if title == self.title and isinstance(cell.content, str) and row > HEADING_ROW:
                lines[row] = max(lines.get(row, 1), self._lines(cell, at))
        for row, count in lines.items():
            if count > 1:
                sheet.set_row(row - 1, height_of(count))

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
            if figures and key not in PRICES:
                cell = a1(HEADING_ROW + 1, at)
                rule = f'AND(ISNUMBER({cell}),{cell}=INT({cell}),{cell}<>"",ABS({cell})>1)'
                if not self._has_shares_or_days(key):
                    look = self.workbook.add_format({"num_format": "#,##0"})
                    options = {"type": "formula", "criteria": f"={rule}", "format": look}
                    sheet.conditional_format(HEADING_ROW, at - 1, self.last - 1, at - 1, options)

    def _has_shares_or_days(self, key: str) -> bool:
        cells = (row.values.get(key) for row in self.table.rows)
        return any(isinstance(cell, (data.Share, date)) for cell in cells)
