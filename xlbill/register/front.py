"""The first sheet of the register: what a month comes to, who moved most against the month before, what is open.

Its figures are formulas over the other sheets. What it needs of these it finds by their tables.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from xlbill.formula import Value
from xlbill.language import Label
from xlbill.register.columns import SEVERITIES, FieldValue
from xlbill.register.looks import FONT, HEADING, TEXT, TITLE, TOTAL, WRAPPED, figure_look
from xlbill.register.print_setup import page_of
from xlbill.register.tables import RegisterTable
from xlbill.workbook.layout import CellContent, ColumnWidth, Formula, LaidCell, Sheet
from xlbill.workbook.measure import LINE_SPACING, OTHER_FACES, PADDING, lines_of, points_wide
from xlbill.workbook.style import Alignment, CellStyle

NAME = "概览 Overview"
MOST_MOVED, MOST_PROBLEMS = 10, 12
WIDTHS = (14.0, 52.0, 16.0, 16.0, 16.0, 16.0, 16.0, 16.0, 16.0)
_WIDE = (points_wide(ColumnWidth(WIDTHS[1])) - 14) / OTHER_FACES
_RIGHT = Alignment("right", "center", wrap=True)
_SHARE = replace(figure_look(0), number_format="0.0%")


@dataclass(frozen=True, slots=True)
class TableOnSheet:
    """A table and where its rows begin and end, for formulas that look at it: `cells("total")` is a range."""

    table: RegisterTable
    heading: int
    ranges: dict[str, str]  # by the key of a column, with the sheet's name

    def sum(self, key: str) -> Formula:
        """What a column adds up to."""
        return Formula(f"SUM({self.ranges[key]})", self.table.total(key))


def front_page(tables: Sequence[TableOnSheet], problems: TableOnSheet, title: str) -> Sheet:
    """The first sheet."""
    page = _Front()
    page.add(28, (1, title, TITLE))
    page.add(10)
    for customers in tables:
        if customers.table.key == "customers":
            reviews = (t for t in tables if t.table.key == "review" and t.table.currency == customers.table.currency)
            _sums(page, customers, next(reviews, None))
    _problems(page, problems)
    columns = {number: ColumnWidth(width) for number, width in enumerate(WIDTHS, start=1)}
    return Sheet(NAME, tuple(page.cells), columns, page.heights, page=page_of(columns.values(), title))


class _Front:
    """Collects rows."""

    def __init__(self) -> None:
        self.cells: list[LaidCell] = []
        self.heights: dict[int, float] = {}

    def add(self, height: float, *cells: tuple[int, CellContent, CellStyle]) -> int:
        """Add a row; its number."""
        row = len(self.heights) + 1
        self.heights[row] = height
        self.cells += [LaidCell(row, column, content, style) for column, content, style in cells]
        return row

    def heading(self, *labels: Label | None) -> None:
        """Add a row of headings; figures have theirs at the right."""
        looks = [replace(HEADING, alignment=TEXT.alignment if n < 2 else _RIGHT) for n in range(len(labels))]
        told = [(n, f"{label.zh}\n{label.en}" if label else None) for n, label in enumerate(labels)]
        self.add(30, *((n + 1, text, looks[n]) for n, text in told))


def _sums(page: _Front, customers: TableOnSheet, review: TableOnSheet | None) -> None:
    """A currency: what all bills come to, against the month before, and who moved most."""
    currency = customers.table.currency
    assert currency is not None
    names = (("币种", "Currency"), ("账单数", "Bills"), ("预付费费用", "Prepaid"), ("本期应收", "Due"), ("税额", "Tax"))
    moved = (("价税合计", "Total"), ("上期价税合计", "Last month"), ("变动", "Moved by"), ("变动比例", "in per cent"))
    page.heading(*(Label(*name) for name in (*names, *(moved if review is not None else moved[:1]))))
    row = len(page.heights) + 1
    money = figure_look(currency.decimals, strong=True)
    count = Formula(f"COUNTA({customers.ranges['customer']})", Decimal(len(customers.table.rows)))
    total = customers.sum("total")
    cells: list[tuple[int, CellContent, CellStyle]] = [
        (1, currency.code, replace(TEXT, font=TOTAL.font)),
        (2, count, replace(figure_look(0, strong=True), alignment=Alignment("left", "center", indent=1))),
        *((n, customers.sum(key), money) for n, key in enumerate(("prepaid", "due", "tax"), start=3)),
        (6, total, money),
    ]
    if review is not None:
        last = review.sum("last")
        change = _number(total.value) - _number(last.value)
        share = change / _number(last.value) if _number(last.value) else None
        ratio = Formula(f'IF(G{row}=0,"",H{row}/G{row})', "" if share is None else share)
        cells += [(7, last, money), (8, Formula(f"F{row}-G{row}", change), money), (9, ratio, _SHARE)]
    page.add(20, *cells)
    page.add(12)
    if review is not None:
        _movers(page, review, currency.decimals)


def _number(value: Value | FieldValue) -> Decimal:
    assert isinstance(value, Decimal)
    return value


def _movers(page: _Front, review: TableOnSheet, decimals: int) -> None:
    """The customers whose totals moved most against the month before, each cell a reference to the review."""
    rows = [(values, number) for number, values in enumerate(_by_key(review.table)) if values["change"]]
    rows.sort(key=lambda entry: (-abs(_number(entry[0]["change"])), str(entry[0]["customer"])))
    if not rows:
        return
    page.add(18, (1, "变动最大的客户 Moved most", TOTAL))
    page.heading(
        Label("客户", "Customer"),
        Label("名称", "Name"),
        Label("本期", "This month"),
        Label("上期", "Last month"),
        Label("变动", "Moved by"),
    )
    money = figure_look(decimals)
    looks = {"customer": TEXT, "name": WRAPPED, "total": money, "last": money, "change": money}
    for values, number in rows[:MOST_MOVED]:
        cells = (
            (n, Formula(_cell_of(review.ranges[key], number), _text_or_number(values[key])), look)
            for n, (key, look) in enumerate(looks.items(), start=1)
        )
        page.add(_high(str(values["name"])), *cells)
    page.add(12)


def _by_key(table: RegisterTable) -> Iterator[dict[str, FieldValue]]:
    """The rows of a table by the keys of their columns."""
    keys = [column.key for column in table.columns]
    return (dict(zip(keys, row.values, strict=True)) for row in table.rows)


def _text_or_number(value: FieldValue) -> str | Decimal:
    return value if isinstance(value, Decimal) else str(value)


def _high(text: str) -> float:
    """The height of a row with a text in the second column."""
    return max(lines_of(text, _WIDE, FONT.size) * FONT.size * LINE_SPACING + PADDING, 18.0)


def _cell_of(cells: str, number: int) -> str:
    """One cell of a column's range: `'复核 Review'!$C$6:$C$14` and 2 give `'复核 Review'!$C$8`."""
    sheet, _, area = cells.rpartition("!")
    _, letters, first = area.partition(":")[0].split("$")
    return f"{sheet}!${letters}${int(first) + number}"


def _problems(page: _Front, problems: TableOnSheet) -> None:
    """What is open, by kind: errors first, then what is told most."""
    rows = list(_by_key(problems.table))
    page.add(18, (1, "待处理的问题 Open problems", TOTAL))
    if not rows:
        page.add(18, (1, "没有问题 None", TEXT))
        return
    left, figure = replace(HEADING, alignment=TEXT.alignment), replace(HEADING, alignment=_RIGHT)
    heads = ((1, "级别\nSeverity"), (2, "问题\nProblem"), (4, "客户\nCustomers"))
    wrapping = replace(left, alignment=replace(TEXT.alignment, wrap=True))
    cells = [(n, text, wrapping) for n, text in heads]
    page.add(30, *cells, (3, "数量\nCount", figure), *((n, None, left) for n in range(5, 10)))
    for row, count in _kinds(rows):
        about = dict.fromkeys(str(other["customer"]) for other in rows if other["code"] == row["code"])
        codes = [customer for customer in about if customer]
        told = "、".join(codes[:6]) + (" …" if len(codes) > 6 else "")
        counted = Formula(f'COUNTIF({problems.ranges["code"]},"{row["code"]}")', Decimal(count))
        told_as = f"{row['zh']}\n{row['en']}"
        page.add(
            _high(told_as),
            (1, str(row["severity"]), TEXT),
            (2, told_as, WRAPPED),
            (3, counted, figure_look(0)),
            (4, told, TEXT),
            *((n, None, TEXT) for n in range(5, len(WIDTHS) + 1)),
        )


def _kinds(rows: Sequence[dict[str, FieldValue]]) -> Iterator[tuple[dict[str, FieldValue], int]]:
    counts = Counter(row["code"] for row in rows)
    firsts = {row["code"]: row for row in reversed(rows)}
    error = str(SEVERITIES["error"])
    order = sorted(firsts.values(), key=lambda row: (row["severity"] != error, -counts[row["code"]]))
    yield from ((row, counts[row["code"]]) for row in order[:MOST_PROBLEMS])
