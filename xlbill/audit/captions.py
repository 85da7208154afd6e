"""What a cell of a sheet is called: the heading above it and the title of its row, wherever a template puts them.

A heading is the text above a cell in a row of texts alone; headings stand in blocks, one above the other (meter,
dimension, unit), and a merged one covers all its columns. A row's title is the text or date on its left: for a table's
row the one under 项目 Item, else the first; for a label with its figure, the nearest.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice

from xlbill.formula import ExcelError
from xlbill.language import Language
from xlbill.sheets import Cell, SheetCells

_TITLES = re.compile(r"项目|名称|日期|服务|\b(item|name|date|description|service)\b", re.IGNORECASE)
_UNITS = re.compile(r"单位|units?\b", re.IGNORECASE)  # a row below the headings that says what is counted
_LONGEST_HEADING = 120  # longer ones are no pair of words, and would be searched in a time that grows with the cube
_DEEPEST = 8  # headings one above the other
_BILINGUAL = re.compile(r"([^a-zA-Z]*[\u4e00-\u9fff][^a-zA-Z]*?)\s+([A-Za-z][^\u4e00-\u9fff]*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Caption:
    """What a cell is called: `Caption("金额 Amount", "专业版")`; both are blank where nothing names it."""

    heading: str
    title: str

    def short(self, language: Language) -> str:
        """The name that stands for the cell in a formula."""
        return one_language(self.heading or self.title, language)

    def text(self, language: Language) -> str:
        """Heading and title in one line."""
        return " · ".join(part for part in (self.short(language), self.title if self.heading else "") if part)


def one_language(text: str, language: Language) -> str:
    """The half of a bilingual heading: 金额 of "金额 Amount"."""
    found = _BILINGUAL.fullmatch(text) if len(text) <= _LONGEST_HEADING else None
    return (found[1] if language == "zh" else found[2]) if found else text


@dataclass(frozen=True)
class SheetCaptions:
    """The captions of one sheet's cells."""

    sheet: SheetCells

    def caption(self, row: int, column: int) -> Caption:
        """What a cell is called."""
        labels = self._labels(row, column)
        if labels and self._has_no_figures(row):  # 出账日 2026-05-01, below 账期 2026-04-01 – 2026-04-30: no table
            return Caption("", labels[-1][1])
        pair = len(self._rows.get(row, {})) <= 2 and bool(labels)
        heading = self._heading(row, column, reaching_over_gaps=not pair)
        title = (_of_table(labels, self, row) if heading else labels[-1][1]) if labels else ""
        return Caption(heading, title)

    def texts(self, row: int) -> tuple[str, ...]:
        """All texts of a row, from left to right."""
        return tuple(_text(cell) for _, cell in sorted(self._rows.get(row, {}).items()) if _text(cell))

    @cached_property
    def _rows(self) -> Mapping[int, dict[int, Cell]]:
        """The cells in which something stands, row by row."""
        rows: dict[int, dict[int, Cell]] = {}
        for (row, column), cell in self.sheet.cells.items():
            if not cell.blank:
                rows.setdefault(row, {})[column] = cell
        return rows

    @cached_property
    def _covered(self) -> Mapping[tuple[int, int], str]:
        """The texts of merged cells, in every column that they cover."""
        covered: dict[tuple[int, int], str] = {}
        for top, left, _, right in self.sheet.merged:
            if text := _text(self.sheet.cell(top, left)):
                covered |= {(top, column): text for column in range(left, right + 1)}
        return covered

    def _labels(self, row: int, column: int) -> list[tuple[int, str]]:
        """The texts and dates on the left of a cell."""
        cells = sorted(self._rows.get(row, {}).items())
        return [(at, _text(cell)) for at, cell in cells if at < column and _text(cell)]

    def _heading(self, row: int, column: int, *, reaching_over_gaps: bool) -> str:
        """The headings above a cell, from the outermost to the innermost."""
        if column not in self._headed:
            self._headed[column] = [at for at in self._heading_rows if self._at(at, column)]
        known = self._headed[column]
        above = bisect_left(known, row) - 1
        if above < 0 or not (reaching_over_gaps or known[above] >= self._begins.get(row - 1, row)):
            return ""
        return " ".join(reversed(list(islice(self._block(known[above], column), _DEEPEST))))

    @cached_property
    def _heading_rows(self) -> tuple[int, ...]:
        return tuple(row for row in sorted(self._rows) if self._is_headings(row))

    @cached_property
    def _headed(self) -> dict[int, list[int]]:
        """The rows of headings that say something of a column, of each column that was asked for."""
        return {}

    @cached_property
    def _begins(self) -> Mapping[int, int]:
        """Of each row in which something stands the first one above it, without a gap between them."""
        begins: dict[int, int] = {}
        for row in sorted(self._rows):
            begins[row] = begins.get(row - 1, row)
        return begins

    def _block(self, row: int, column: int) -> Iterator[str]:
        """The headings of a column from a row of headings upwards, as far as there are texts alone."""
        while row in self._rows and self._all_texts(row):
            text = self._at(row, column)
            if text and not _UNITS.match(self.texts(row)[0]):
                yield text
            row -= 1

    def _is_headings(self, row: int) -> bool:
        return len(self._rows.get(row, ())) > 1 and self._all_texts(row)

    def _all_texts(self, row: int) -> bool:
        return all(isinstance(cell.value, str) and cell.formula is None for cell in self._rows[row].values())

    def _has_no_figures(self, row: int) -> bool:
        return all(_text(cell) for cell in self._rows.get(row, {}).values())

    def _at(self, row: int, column: int) -> str:
        cell = self._rows.get(row, {}).get(column)
        return _text(cell) if cell is not None else self._covered.get((row, column), "")


def _of_table(labels: list[tuple[int, str]], captions: SheetCaptions, row: int) -> str:
    """The title of a table's row: under a heading that says so, else the first."""
    named = (text for at, text in labels if _TITLES.search(captions._heading(row, at, reaching_over_gaps=True)))
    return next(named, labels[0][1])


def _text(cell: Cell) -> str:
    """A cell's text in one line; a date is one, too, a figure is none."""
    if cell.formula is not None or isinstance(cell.value, ExcelError):
        return ""
    if isinstance(cell.value, date):
        return cell.shown
    return " ".join(cell.value.split()) if isinstance(cell.value, str) else ""
