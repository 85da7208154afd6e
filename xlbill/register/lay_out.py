"""The register as a workbook: totals that follow its filters, sums that follow its lines, a chart, print setup."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from typing import TypeAlias

from xlbill.cells import a1, quote_sheet
from xlbill.formula import to_serial
from xlbill.language import Label
from xlbill.register.columns import PAYS, Field, FieldValue, Holds, RegisterRow
from xlbill.register.front import TableOnSheet, front_page
from xlbill.register.looks import FIGURE, FONT, HEADING, INK, LOOKS, PLAIN_TEXT, TEXT, TITLE, TOTAL, figure_look
from xlbill.register.print_setup import page_of
from xlbill.register.tables import LARGE, Register, RegisterTable
from xlbill.workbook import layout
from xlbill.workbook.formats import decimals_of, with_decimals
from xlbill.workbook.layout import Area, Bars, CellContent, Formula, LaidCell, Layout, Sheet
from xlbill.workbook.measure import (
    LINE_SPACING,
    MOST_HEIGHT,
    OTHER_FACES,
    PADDING,
    POINTS_PER_UNIT,
    lines_of,
    points_wide,
    text_width,
)
from xlbill.workbook.style import CellStyle

TITLE_ROW, HEAD_ROW, TOTAL_ROW, HEADING_ROW = 1, 2, 3, 5
SHOWN = Label("合计（随筛选变化）", "Total of the rows shown")
OVERVIEW = Label("出账概览", "Overview")
HEAD = Label("台账链尾", "head of the ledger")
MAX_LINKS = 65_530  # of one sheet, in Excel
FIGURES = (Holds.MONEY, Holds.PRICE, Holds.QUANTITY)

MOST_WIDE, MOST_LINKED = 28, 44
_PLAIN_WORDS = re.compile(r"[!-~]+")
_WORDS = (Holds.NOTE, Holds.TEXT)
"""What takes as many lines as it needs."""
_LEAST_HEADING, _ROW, _BAR_HEIGHT, _PADDING = 30.0, 16.0, 28.0, 14.0


def lay_out_register(register: Register) -> Layout:
    """The register's workbook as neutral cells, a sheet for each of its tables."""
    lines = [_Placed(table, 1) for table in register.line_sheets]  # headings in the first row, for pivot tables
    of_lines = {id(one.table): one for one in lines}
    placed = [of_lines.get(id(table)) or _Placed(table, HEADING_ROW) for table in register.sheets]
    title = f"{register.customers.title} {register.month}"
    sheets = tuple(_sheet(table, lines, f"{table.table.title} {register.month}") for table in placed)
    sheets = (_front(register, placed), *sheets)
    if register.head:
        head = LaidCell(HEAD_ROW, 1, f"{HEAD} {register.head}", PLAIN_TEXT)
        first = sheets[1]  # as it was before there was a front page: programs find the head there
        sheets = (sheets[0], replace(first, cells=(first.cells[0], head, *first.cells[1:])), *sheets[2:])
    return Layout(sheets, title, "", register.month.plus(1).start, FONT)


def _front(register: Register, placed: Sequence["_Placed"]) -> Sheet:
    """The first sheet, over the others."""
    tables = [
        TableOnSheet(one.table, one.heading, {key: one.from_elsewhere(key) for key in one.columns}) for one in placed
    ]
    problems = next(table for table in tables if table.table.key == "problems")
    return front_page(tables, problems, f"{OVERVIEW} {register.month}")


@dataclass(frozen=True)
class _Placed:
    """A table in its sheet: below which row its own rows begin."""

    table: RegisterTable
    heading: int

    @property
    def last(self) -> int:
        """Its last row; there is always room for one."""
        return self.heading + max(len(self.table.rows), 1)

    @cached_property
    def columns(self) -> dict[str, int]:
        """The number of each column."""
        return {column.key: number for number, column in enumerate(self.table.columns, start=1)}

    def cells(self, key: str) -> Area:
        """All cells of a column."""
        return Area(self.heading + 1, self.columns[key], self.last, self.columns[key])

    def from_elsewhere(self, key: str) -> str:
        """All cells of a column, for the formulas of other sheets: `'明细 Lines'!$Y$2:$Y$40`."""
        area = self.cells(key)
        first, last = (a1(row, area.left, absolute=True) for row in (area.top, area.bottom))
        return f"{quote_sheet(self.table.name)}!{first}:{last}"

    @cached_property
    def widths(self) -> dict[str, layout.ColumnWidth]:
        """The width of each column."""
        return {column.key: self._width(column) for column in self.table.columns}

    def wide(self, column: Field) -> float:
        """The room for text in a column, in points, and in whatever typeface a program has."""
        return (points_wide(self.widths[column.key]) - _PADDING) / OTHER_FACES

    def _width(self, column: Field) -> layout.ColumnWidth:
        """What the column asks for, and no word of its texts is broken either, nor a file's name: links do not wrap."""
        usual = column_width(column)
        if column.kind not in (*_WORDS, Holds.LINK) or len(self.table.rows) > LARGE:
            return usual
        texts = {str(value or "") for value in self.table.column(column.key)}
        whole = column.kind is Holds.LINK
        words = (text_width(w, FONT.size) for text in texts for w in ([text] if whole else _PLAIN_WORDS.findall(text)))
        needed = math.ceil((max(words, default=0.0) * OTHER_FACES + _PADDING) / POINTS_PER_UNIT)
        return layout.ColumnWidth(max(usual.width or 0, min(needed, MOST_LINKED if whole else MOST_WIDE)))

    @cached_property
    def unmistakable(self) -> frozenset[str]:
        """The codes of its keys that a condition of SUMIFS takes for themselves alone."""
        return unmistakable({str(code) for key in self.table.keys for code in self.table.column(key)})


def _sheet(placed: _Placed, lines: Sequence[_Placed], title: str) -> Sheet:
    table = placed.table
    across = len(table.columns)
    large = len(table.rows) > LARGE and any(placed is one for one in lines)
    heights = {placed.heading: _heading_height(placed)}
    heights |= {TOTAL_ROW: _LEAST_HEADING} if table.currency is not None else {}
    heights |= {} if large else dict(_row_heights(placed))
    charts: tuple[Bars, ...] = ()
    if table.chart is not None and table.rows:
        area = Area(placed.last + 2, 1, placed.last + 3 + len(table.rows), across)
        heights |= dict.fromkeys(range(area.top, area.bottom + 1), _BAR_HEIGHT)
        charts = (Bars(area, str(table.chart), placed.cells("name"), placed.cells("amount"), INK, FONT),)
    return Sheet(
        table.name,
        tuple(_headings(placed, title)) if large else (*_headings(placed, title), *_rows(placed, lines)),
        {number: placed.widths[column.key] for number, column in enumerate(table.columns, start=1)},
        heights,
        merges=tuple(_merged(placed)),
        charts=charts,
        page=page_of(placed.widths.values(), title, placed.heading, _named(placed.table)),
        frozen=(placed.heading, 0),
        filtered=Area(placed.heading, 1, placed.last, across),
        more=_more(placed) if large else None,
    )


def _named(table: RegisterTable) -> int:
    """How many of its first columns say whose a row is: up to the customer."""
    keys = [column.key for column in table.columns]
    return keys.index("customer") + 1 if "customer" in keys else 0


@cache
def column_width(column: Field) -> layout.ColumnWidth:
    """As wide as the column asks for, and at least as the longest word of its heading: no word is broken."""
    words = (text_width(word, FONT.size, bold=True) for word in str(column.heading).split())
    return layout.ColumnWidth(max(column.width, math.ceil((max(words) + _PADDING) / POINTS_PER_UNIT)))


def _heading_height(placed: _Placed) -> float:
    """As high as the headings need: two languages, each perhaps in several lines."""
    wide = ((column, placed.wide(column)) for column in placed.table.columns)
    lines = (
        lines_of(f"{column.heading.zh}\n{column.heading.en}", width, FONT.size, bold=True) for column, width in wide
    )
    return max(_LEAST_HEADING, _height(max(lines)))


def _row_heights(placed: _Placed) -> Iterator[tuple[int, float]]:
    """The rows, as high as their texts need: nothing is cut off."""
    texts = [(at, placed.wide(column)) for at, column in enumerate(placed.table.columns) if column.kind in _WORDS]
    for number, row in enumerate(placed.table.rows, start=placed.heading + 1):
        lines = max((lines_of(str(row.values[at] or ""), wide, FONT.size) for at, wide in texts), default=1)
        yield number, max(_height(lines), _ROW)


def _height(lines: int) -> float:
    return min(lines * FONT.size * LINE_SPACING + PADDING, MOST_HEIGHT)


def _headings(placed: _Placed, title: str) -> Iterator[LaidCell]:
    """The title, the totals and the headings."""
    table = placed.table
    if placed.heading > TITLE_ROW:
        yield LaidCell(TITLE_ROW, 1, title, TITLE)
    if table.currency is not None:
        wrapped = replace(TOTAL, alignment=replace(TOTAL.alignment, wrap=True))
        yield LaidCell(TOTAL_ROW, 1, f"{SHOWN.zh}\n{SHOWN.en}", wrapped)
        for column in table.columns:
            if column.kind is Holds.MONEY:
                yield _total(placed, column, table.currency.decimals)
    for number, column in enumerate(table.columns, start=1):
        alignment = replace((FIGURE if column.kind in FIGURES else TEXT).alignment, wrap=True)
        heading = f"{column.heading.zh}\n{column.heading.en}"
        yield LaidCell(placed.heading, number, heading, replace(HEADING, alignment=alignment))


def _merged(placed: _Placed) -> Iterator[Area]:
    """The cells before the first total, in which it stands what they are totals of."""
    kinds = [column.kind for column in placed.table.columns]
    if placed.table.currency is not None and (last := kinds.index(Holds.MONEY)) > 1:
        yield Area(TOTAL_ROW, 1, TOTAL_ROW, last)


def _rows(placed: _Placed, lines: Sequence[_Placed]) -> Iterator[LaidCell]:
    """The rows below them."""
    table = placed.table
    for number, row in enumerate(table.rows, start=placed.heading + 1):
        for at, (column, value) in enumerate(zip(table.columns, row.values, strict=True), start=1):
            content = _content(placed, lines, number, row, column, value)
            file = str(value) if column.kind is Holds.LINK and number - placed.heading <= MAX_LINKS else None
            yield LaidCell(number, at, content, _look(column, row, value), file)


def _more(placed: _Placed) -> layout.MoreRows:
    """The rows of a table without formulas, of which most cells hold what others hold, too."""
    columns = placed.table.columns

    def rows() -> Iterator[tuple[int, list[_Key]]]:
        for number, row in enumerate(placed.table.rows, start=placed.heading + 1):
            yield number, [(at, value, row.decimals, _sign(value)) for at, value in enumerate(row.values)]

    def cell(key: _Key) -> tuple[CellContent, CellStyle]:
        at, value, decimals, _ = key
        assert columns[at].formula is None, f"a formula in each of a hundred thousand rows: {columns[at].key}"
        content = to_serial(value) if isinstance(value, date) else value
        return content, _look(columns[at], RegisterRow((), decimals), value)

    return layout.MoreRows(rows, cell)


_Key: TypeAlias = tuple[int, FieldValue, int, str]
"""Of a cell: the column, counted from 0, the value, the decimals of the row's money, and what else tells it apart."""


def _sign(value: FieldValue) -> str:
    """-0 equals 0, and is written otherwise."""
    return "" if value else str(value)


def _total(placed: _Placed, column: Field, decimals: int) -> LaidCell:
    """Above the headings, the sum of the rows that a filter leaves."""
    formula = Formula(f"SUBTOTAL(9,{placed.cells(column.key)})", placed.table.total(column.key))
    style = replace(TOTAL, number_format=with_decimals("#,##0", decimals))
    return LaidCell(TOTAL_ROW, placed.columns[column.key], formula, style)


def _content(
    placed: _Placed, lines: Sequence[_Placed], number: int, row: RegisterRow, column: Field, value: FieldValue
) -> CellContent:
    """What stands in a cell: its formula where it has one, else its value."""
    match value:
        case None:
            return None
        case Decimal():
            formula = _formula(placed, lines, number, row, column)
            return Formula(formula, value) if formula is not None else value
        case date():
            return to_serial(value)
    return str(value)


def _look(column: Field, row: RegisterRow, value: FieldValue) -> CellStyle:
    """How a cell looks; a quantity and a price show all the decimals that they have."""
    if isinstance(value, Decimal):
        own = 0 if column.kind is Holds.MONEY else decimals_of(value)
        return figure_look(max(own, column.decimals(row)))
    return LOOKS.get(column.kind, TEXT)


# --- formulas ------------------------------------------------------------------------------------------------------


def _formula(placed: _Placed, lines: Sequence[_Placed], number: int, row: RegisterRow, column: Field) -> str | None:
    """The formula by which a cell follows from others of its row, or from the lines."""
    if column.sums is not None:
        return "+".join(_sum_of_lines(placed, part, number, row, column.sums) for part in lines)
    if column.formula is None:
        return None
    return column.formula.format_map({key: a1(number, at) for key, at in placed.columns.items()})


def _sum_of_lines(placed: _Placed, lines: _Placed, number: int, row: RegisterRow, sums: str) -> str:
    """The amounts of the lines that have what the row has in the table's keys.

    A condition of SUMIFS takes some codes (>5, a*, or 00123 beside 123) for more than themselves: these are compared
    by SUMPRODUCT as they are.
    """
    table = placed.table
    wanted = {key: a1(number, placed.columns[key]) for key in table.keys}
    if sums != "all":
        wanted["pay"] = f'"{PAYS[sums]}"'
    amounts = lines.from_elsewhere("amount")
    if all(row.values[placed.columns[key] - 1] in placed.unmistakable for key in table.keys):
        return f"SUMIFS({amounts},{','.join(f'{lines.from_elsewhere(key)},{cell}' for key, cell in wanted.items())})"
    equal = "*".join(f"({lines.from_elsewhere(key)}={cell})" for key, cell in wanted.items())
    return f"SUMPRODUCT({equal}*{amounts})"


_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_WORD = re.compile(r"[^\W\d_]|.*[#_]")  # no number, no comparison
_OTHERWISE = re.compile(rf"[*?~]|^[<>=]|^(true|false)$|^({_MONTHS})[a-z]*\W?\d", re.IGNORECASE)  # patterns, dates
_SHORT_NUMBER = re.compile(r"\d{1,15}")


def unmistakable(codes: Iterable[str]) -> frozenset[str]:
    """The codes of some that a condition of SUMIFS finds alone: no pattern, comparison or date, no other's number.

    >>> sorted(unmistakable({"shop-1", "a*", ">5", "123", "0123", "77", "may5"}))
    ['77', 'shop-1']
    """
    given = frozenset(codes)
    numbers = Counter(int(code) for code in given if code.isdecimal())
    return frozenset(
        code
        for code in given
        if (_SHORT_NUMBER.fullmatch(code) and numbers[int(code)] == 1)
        or (_WORD.match(code) and not _OTHERWISE.search(code))
    )
