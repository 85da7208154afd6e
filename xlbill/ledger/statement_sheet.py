"""Ageing lists and yearly summaries as workbooks, their sums and balances live formulas."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import count

from xlbill.cells import a1
from xlbill.language import Label
from xlbill.ledger.statement import BUCKETS, Aged, MonthSum
from xlbill.workbook.formats import ISO_DATE, with_decimals
from xlbill.workbook.layout import Area, CellContent, ColumnWidth, Formula, LaidCell, Layout, Page, Sheet
from xlbill.workbook.measure import LINE_SPACING, OTHER_FACES, PADDING, lines_of, points_wide
from xlbill.workbook.style import Alignment, Borders, CellStyle, Edge, Font

NONE = Decimal(0)
_INK, _TINT, _LINE = "1F3A4D", "EAF1F5", "B8C7D1"
_FONT = Font("Microsoft YaHei", 9)
_TEXT = CellStyle(_FONT, borders=Borders(bottom=Edge("hair", _LINE)), alignment=Alignment("left", "center"))
_PLAIN = replace(_TEXT, borders=Borders())
_TITLE = replace(_PLAIN, font=replace(_FONT, size=14, bold=True, colour=_INK))
_HEADING = replace(
    _TEXT,
    font=replace(_FONT, bold=True, colour=_INK),
    fill=_TINT,
    borders=Borders(bottom=Edge("thin", _LINE)),
    alignment=Alignment("left", "center", wrap=True),
)
_SUM = replace(_HEADING, alignment=Alignment("left", "center"))
_FIGURES_HEADING = replace(_HEADING, alignment=Alignment("right", "center", wrap=True))
_WRAPPED = replace(_TEXT, alignment=Alignment("left", "center", wrap=True))
_DATE = replace(_TEXT, number_format=ISO_DATE)
_DAYS = replace(_TEXT, number_format="0", alignment=Alignment("right", "center", indent=9))
_HEADING_HEIGHT, _ROW = 30.0, 16.0
_NAME, _PRODUCT = 34.0, 32.0  # the widths of columns whose texts are wrapped
Row = Sequence[tuple[CellContent, CellStyle]]


def lay_out_ageing(lines: Sequence[Aged], on: date) -> Layout:
    """What every customer owes on a day, by how long it is overdue: a sheet for each currency."""
    title = f"{Label('账龄表', 'Ageing')} {on}"
    currencies = sorted({line.currency for line in lines}) or [""]
    sheets = (_ageing(title, c, [line for line in lines if line.currency == c]) for c in currencies)
    return Layout(tuple(sheets), title, "", on, _FONT)


def lay_out_year(sums: Sequence[MonthSum], year: int, made: date) -> Layout:
    """The year by month and product, for each customer: a sheet for each currency."""
    title = f"{Label('年度汇总', 'Year by month and product')} {year}"
    currencies = sorted({line.currency for line in sums}) or [""]
    sheets = (_year(title, year, c, [line for line in sums if line.currency == c]) for c in currencies)
    return Layout(tuple(sheets), title, "", made, _FONT)


@dataclass
class _Rows:
    """A sheet as it grows downwards."""

    cells: list[LaidCell]
    heights: dict[int, float]
    row: int = 0

    def add(self, contents: Row, first: int = 1) -> int:
        """A row of contents with their looks; its number."""
        self.row += 1
        for column, (content, style) in enumerate(contents, start=first):
            self.cells.append(LaidCell(self.row, column, content, style))
        return self.row

    def heading(self, headings: Sequence[Label], figures: int) -> int:
        """A row of headings, of which the last so many stand over figures."""
        texts = len(headings) - figures
        row = self.add(
            [(f"{h.zh}\n{h.en}", _HEADING if n < texts else _FIGURES_HEADING) for n, h in enumerate(headings)]
        )
        self.heights[row] = _HEADING_HEIGHT
        return row


# --- ageing, the year ----------------------------------------------------------------------------------------------


def _ageing(title: str, currency: str, lines: Sequence[Aged]) -> Sheet:
    rows = _Rows([], {})
    decimals = max((line.decimals for line in lines), default=2)
    money = _money(decimals)
    rows.add([(f"{title} {currency}".rstrip(), _TITLE)])
    rows.add([])
    labels = [label for _, _, label in BUCKETS]
    last_ones = [Label("未分配款项", "Unassigned"), Label("余额", "Balance")]
    heading = rows.heading([Label("客户", "Customer"), Label("名称", "Name"), *labels, *last_ones], len(labels) + 2)
    end = len(labels) + 2  # the column of the last bucket
    for line in lines:
        row = rows.row + 1
        owed = Formula(f"SUM({a1(row, 3)}:{a1(row, end)})-{a1(row, end + 1)}", line.balance)
        figures: Row = [(amount, money) for amount in (*line.buckets, line.unassigned)]
        rows.add([(line.customer, _TEXT), (str(line.name), _WRAPPED), *figures, (owed, money)])
        rows.heights[row] = _high(str(line.name), _NAME)
    columns = [[*line.buckets, line.unassigned, line.balance] for line in lines]
    _sums(rows, heading, columns, 2, len(labels) + 2, _strong(decimals))
    return _sheet(f"账龄 Ageing {currency}".rstrip(), rows, (14, _NAME, *[14] * (len(labels) + 2)), heading, title)


def _year(title: str, year: int, currency: str, sums: Sequence[MonthSum]) -> Sheet:
    rows = _Rows([], {})
    decimals = max((line.decimals for line in sums), default=2)
    money = _money(decimals)
    rows.add([(f"{title} {currency}".rstrip(), _TITLE)])
    rows.add([])
    months = [f"{year:04d}-{number:02d}" for number in range(1, 13)]
    texts = (Label("客户", "Customer"), Label("产品", "Product"), Label("产品名称", "Product name"))
    labels = [*texts, *(Label(f"{n} 月", month) for n, month in enumerate(months, 1)), Label("全年", "Year")]
    heading = rows.heading(labels, 13)
    columns = []
    for (customer, product, name), amounts in _by_product(sums, months):
        row = rows.row + 1
        whole = Formula(f"SUM(D{row}:O{row})", sum(amounts, NONE))
        own: Row = [(customer, _TEXT), (product, _TEXT), (name, _WRAPPED)]
        rows.heights[row] = _high(name, _PRODUCT)
        rows.add([*own, *((amount or None, money) for amount in amounts), (whole, money)])
        columns.append([*amounts, sum(amounts, NONE)])
    _sums(rows, heading, columns, 3, 13, _strong(decimals))
    return _sheet(f"{year} {currency}".rstrip(), rows, (12, 12, _PRODUCT, *[12] * 12, 14), heading, title)


def _by_product(
    sums: Sequence[MonthSum], months: Sequence[str]
) -> Iterator[tuple[tuple[str, str, str], tuple[Decimal, ...]]]:
    groups: dict[tuple[str, str], list[MonthSum]] = {}
    for line in sums:
        groups.setdefault((line.customer, line.product), []).append(line)
    for (customer, product), lines in groups.items():
        amounts = {line.month: line.amount for line in lines}
        yield (customer, product, str(lines[-1].name)), tuple(amounts.get(month, NONE) for month in months)


def _sums(
    rows: _Rows, heading: int, columns: Sequence[Sequence[Decimal]], texts: int, figures: int, strong: CellStyle
) -> None:
    """A last row with the sums of all rows."""
    first, last = heading + 1, max(rows.row, heading + 1)
    rows.row = last
    labels: list[tuple[CellContent, CellStyle]] = [(str(Label("合计", "Total")), _SUM), *[(None, _SUM)] * (texts - 1)]
    values = [sum((line[n] for line in columns), NONE) for n in range(figures)]
    cells = zip(count(texts + 1), values, strict=False)
    sums = [Formula(f"SUM({a1(first, column)}:{a1(last, column)})", value) for column, value in cells]
    rows.add([*labels, *((formula, strong) for formula in sums)])


def _sheet(name: str, rows: _Rows, widths: Sequence[float], heading: int, footer: str) -> Sheet:
    columns = {number: ColumnWidth(width) for number, width in enumerate(widths, start=1)}
    page = Page(
        landscape=len(widths) > 7,
        margins=(0.5, 0.5, 0.6, 0.6),
        footer=f"&L{footer.replace('&', '&&')}&R&P / &N",
        fit=(1, 0),
        area=Area(1, 1, rows.row, len(widths)),
        titles=(heading, heading),
    )
    return Sheet(name, tuple(rows.cells), columns, rows.heights, page=page, frozen=(heading, 0))


def _high(text: str, width: float) -> float:
    """The height of a row with a wrapped text in a column of some width."""
    lines = lines_of(text, (points_wide(ColumnWidth(width)) - PADDING) / OTHER_FACES, _FONT.size)
    return max(lines * _FONT.size * LINE_SPACING + PADDING, _ROW)


def _money(decimals: int) -> CellStyle:
    form = with_decimals("#,##0", decimals)
    return replace(_TEXT, number_format=form, alignment=Alignment("right", "center"))


def _strong(decimals: int) -> CellStyle:
    return replace(_FIGURES_HEADING, number_format=with_decimals("#,##0", decimals))
