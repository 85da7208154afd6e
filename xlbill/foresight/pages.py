"""Answers as workbooks: pages with a title, a table with live sums, and charts beside it.

A thin layer over XlsxWriter for tables that finance reads and filters; invoices have a writer of their own, with
templates.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from xlbill.cells import a1
from xlbill.formula import to_serial

if TYPE_CHECKING:
    pass

INK, GREY, LINE = "#0F4C81", "#6B7280", "#D1DBE6"
RISEN, FALLEN = "#B42318", "#067647"
COLOURS = ("#0F4C81", "#E07A1F", "#3A8F6B", "#8E5BA6", "#B42318", "#5B7083")
TOP = 4  # the row of a page's headings
MARKED = 60  # a curve of so many points at the most shows each of them: what lies between was not computed
_MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - the same answer gives the same bytes
_FONT: dict[str, Any] = {"font_name": "微软雅黑", "font_size": 10, "valign": "vcenter"}

Shape: TypeAlias = Literal["text", "money", "change", "number", "percent", "rise", "date"]
_FORMATS: dict[Shape, dict[str, Any]] = {
    "text": {"text_wrap": True},
    "money": {"num_format": "#,##0.00"},
    "change": {"num_format": "+#,##0.00;-#,##0.00;0.00"},
    "number": {"num_format": "#,##0.########"},
    "percent": {"num_format": "0.0%"},
    "rise": {"num_format": "+0.0#%;-0.0#%;0%"},
    "date": {"num_format": "yyyy-mm-dd", "align": "right"},
}


@dataclass(frozen=True, slots=True)
class LiveFormula:
    """A live formula without its `=`, and the value that it has."""

    formula: str
    value: Decimal | str | None


Entry: TypeAlias = str | Decimal | int | date | LiveFormula | None


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a page: its heading, what it holds, and how wide it is."""

    heading: str
    shape: Shape = "text"
    width: float = 14


class Pages:
    """A workbook of such pages, written when the block ends."""

    def __init__(self, path: Path) -> None:
        import xlsxwriter

        self.workbook: xlsxwriter.Workbook = xlsxwriter.Workbook(
            str(path), {"strings_to_formulas": False, "strings_to_urls": False}
        )
        self.workbook.set_properties({"created": _MADE})
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __enter__(self) -> "Pages":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        if kind is None:
            self.workbook.close()

    def look(self, **looks: Any) -> Any:
        """A format, made once."""
        whole = _FONT | looks
        key = tuple(sorted(whole.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(whole)
        return self._formats[key]

    def page(self, name: str, title: str, words: str, columns: Sequence[TableColumn]) -> "TablePage":
        """A new page with its title, a line below it, and the headings of its table."""
        sheet = self.workbook.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, title, self.look(bold=True, font_size=14, font_color=INK))
        sheet.write_string(1, 0, words, self.look(font_color=GREY))
        for at, column in enumerate(columns):
            side = "left" if column.shape == "text" else "right"
            white = {"bold": True, "bg_color": INK, "font_color": "#FFFFFF", "text_wrap": True, "align": side}
            head = self.look(**{**white, **_apart(at, column)})
            sheet.write_string(TOP - 1, at, column.heading, head)
            sheet.set_column(at, at, column.width)
        sheet.set_row(TOP - 1, 32)
        sheet.freeze_panes(TOP, 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(TOP - 1)
        sheet.set_footer("&L&A&R&P / &N")
        return TablePage(self, sheet, name, tuple(columns))


class TablePage:
    """One page while rows are added to it."""

    def __init__(self, pages: Pages, sheet: Any, name: str, columns: tuple[TableColumn, ...]) -> None:
        self.pages, self.sheet, self.name, self.columns = pages, sheet, name, columns
        self.next = TOP + 1

    def rows(self, rows: Iterable[Sequence[Entry]], **looks: Any) -> tuple[int, int]:
        """Add rows; gives the numbers of the first and the last one.

        All are made before the first is added: their formulas count from `next`.
        """
        first, made = self.next, tuple(rows)
        for row in made:
            self.row(row, **looks)
        return first, self.next - 1

    def row(self, entries: Sequence[Entry], **looks: Any) -> int:
        """Add a row, with a look of its own where one is given; gives its number."""
        for at, (entry, column) in enumerate(zip(entries, self.columns, strict=True)):
            cell = {"bottom": 4, "bottom_color": LINE, "valign": "top", **_apart(at, column)}
            style = {**cell, **_FORMATS[column.shape], **_tint(entry, column.shape), **looks}
            self._put(self.next - 1, at, entry, self.pages.look(**style))
        self.next += 1
        return self.next - 1

    def sums(self, words: str, first: int, last: int, totals: dict[int, Decimal]) -> int:
        """A row with live sums of some columns (counted from 0)."""
        entries: list[Entry] = [None] * len(self.columns)
        entries[0] = words
        for at, value in totals.items():
            entries[at] = LiveFormula(f"SUM({a1(first, at + 1)}:{a1(last, at + 1)})", value) if last >= first else value
        return self.row(entries, bold=True, top=1, top_color=INK)

    def filtered(self, first: int, last: int) -> None:
        """Let a reader filter the rows of the table."""
        self.sheet.autofilter(TOP - 1, 0, max(last, first) - 1, len(self.columns) - 1)

    def _put(self, row: int, at: int, entry: Entry, look: Any) -> None:
        match entry:
            case None | "":
                self.sheet.write_blank(row, at, None, look)
            case str():
                self.sheet.write_string(row, at, entry, look)
            case LiveFormula():
                value = float(entry.value) if isinstance(entry.value, Decimal) else entry.value or ""
                self.sheet.write_formula(row, at, f"={entry.formula}", look, value)
            case date():
                self.sheet.write_number(row, at, int(to_serial(entry)), look)
            case _:
                self.sheet.write_number(row, at, float(entry), look)

    def chart(self, kind: str, rows: tuple[int, int], names: int, values: Sequence[int], at: str, **axes: Any) -> None:
        """A chart over some rows: the column of its names, those of its values, and the cell where it stands."""
        subtype = {"subtype": "straight"} if kind == "scatter" else {}
        drawn: Any = self.pages.workbook.add_chart({"type": kind, **subtype})
        first, last = rows
        for number, column in enumerate(values):
            colour = COLOURS[number % len(COLOURS)]
            dot = {"type": "circle", "size": 4, "fill": {"color": colour}, "border": {"color": colour}}
            marker = dot if last - first < MARKED else {"type": "none"}
            line = {"line": {"color": colour, "width": 2}, "marker": marker}
            looks = line if kind == "scatter" else {"fill": {"color": colour}, "gap": 40}
            drawn.add_series(
                {
                    "name": self.columns[column].heading,
                    "categories": [self.name, first - 1, names, last - 1, names],
                    "values": [self.name, first - 1, column, last - 1, column],
                    **looks,
                }
            )
        small = {"name": "微软雅黑", "size": 9, "color": GREY, "bold": False}
        titled = {"name": axes.get("title"), "name_font": {**small, "size": 11}, "overlay": False}
        drawn.set_title(titled if "title" in axes else {"none": True})  # else one series gives the chart its name
        drawn.set_legend({"position": "top", "font": small} if len(values) > 1 else {"none": True})
        plain: dict[str, Any] = {"num_font": small, "name_font": small, "line": {"color": LINE}}
        figures = {
            "num_format": "#,##0",
            "major_gridlines": {"visible": True, "line": {"color": "#E3E3E3", "width": 0.5}},
        }
        below = {"label_position": "low"}  # where figures are negative, too
        across, up = (figures, {}) if kind == "bar" else (below, figures)  # the bars of figures lie
        drawn.set_x_axis({**plain, "name": axes.get("x", ""), **across, **axes.get("x_axis", {})})
        drawn.set_y_axis({**plain, "name": axes.get("y", ""), **up, **axes.get("y_axis", {})})
        drawn.set_size({"width": axes.get("width", 720), "height": axes.get("height", 380)})
        placed = self.sheet.insert_chart(at, drawn)
        assert placed == 0, "XlsxWriter refused a chart"


def _apart(at: int, column: TableColumn) -> dict[str, Any]:
    """A text stands apart from the figure before it."""
    return {"align": "left", "indent": 1} if at and column.shape == "text" else {}


def _tint(entry: Entry, shape: Shape) -> dict[str, Any]:
    """Higher figures in red, lower ones in green."""
    value = entry.value if isinstance(entry, LiveFormula) else entry
    if shape not in ("rise", "change") or not isinstance(value, Decimal) or not value:
        return {}
    return {"font_color": RISEN if value > 0 else FALLEN}
