"""A row of a table, its cells read by the names of their columns; what cannot be read becomes a problem there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, partial
from typing import TypeVar

from xlbill.cells import Place
from xlbill.periods import Month
from xlbill.problems import Excerpt, Fact, Problem, Problems, problem
from xlbill.sheets.cell import Cell, Raw, as_shown
from xlbill.sheets.columns import FIGURE, Column, Limits, SheetKind
from xlbill.sheets.headings import Heading, nearest, normalised
from xlbill.sheets.values import (
    Misfit,
    as_code,
    as_date,
    as_file_name,
    as_month,
    as_number,
    as_text,
    as_yes,
    narrow,
    split_codes,
)
from xlbill.sheets.workbook import SheetCells

T = TypeVar("T")
_EXCERPT_COLUMNS = 3
_EXCERPT_TEXT = 24


@dataclass(frozen=True)
class TableForm:
    """What all rows of a table share: what the sheet is, its headings, and the sheet itself."""

    kind: SheetKind
    headings: tuple[Heading, ...]
    sheet: SheetCells
    heading_row: int

    def column(self, key: str) -> Column | None:
        """The declaration of a column, None for finance's own."""
        return self._columns.get(key)

    def heading(self, key: str) -> Heading | None:
        """The heading over a column, None where the table has no such column."""
        return self._headings.get(key)

    @cached_property
    def _columns(self) -> Mapping[str, Column]:
        return {column.key: column for column in self.kind.columns}

    @cached_property
    def _headings(self) -> Mapping[str, Heading]:
        """By their keys; of two with one key, the first."""
        return {heading.key: heading for heading in reversed(self.headings)}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `row.number("price", found)` is its price, or None and a problem more.

    `settings` are the cells of a sheet that has a setting a row; there they stand in for the columns.
    """

    form: TableForm
    position: int
    settings: Mapping[str, Cell] | None = None

    @property
    def place(self) -> Place:
        """The row as a place."""
        return self.form.sheet.place.at(self.position)

    def cell(self, key: str) -> Cell:
        """The cell under a heading: an empty one where it is blank, at the row where there is no such column."""
        if self.settings is not None:
            return self.settings.get(key) or Cell(None, self.place)
        heading = self.form.heading(key)
        return self.form.sheet.cell(self.position, heading.column) if heading else Cell(None, self.place)

    def problem(self, code: str, key: str, **facts: Fact) -> Problem:
        """A problem at a cell, with the cell's neighbourhood and what was found in it."""
        cell = self.cell(key)
        if cell.shown and "found" not in facts:
            facts["found"] = cell.shown
        column = self.form.column(key)
        facts.setdefault("column", column.heading if column else key)
        return problem(code, cell.place, self.excerpt(cell.place), **facts)

    def text(self, key: str, found: Problems) -> str | None:
        """What stands there as text."""
        return self._read(key, as_text, found)

    def file_name(self, key: str, found: Problems) -> str | None:
        """The name of a file in a folder of the workspace, never a way to another place."""
        return self._read(key, as_file_name, found)

    def code(self, key: str, found: Problems) -> str | None:
        """An identifier."""
        return self._read(key, as_code, found)

    def peek(self, key: str) -> str | None:
        """An identifier, for those who only look which row this is: what is wrong with it is told where it is read."""
        return self._read(key, as_code, Problems())

    def codes(self, key: str, found: Problems) -> tuple[str, ...]:
        """Several identifiers: separated by comma, 、, semicolon or line break."""
        return split_codes(self._read(key, as_code, found) or "")

    def number(self, key: str, found: Problems) -> Decimal | None:
        """A figure within what makes sense in its column; `10%` is one where the column says so."""
        return self._read(key, lambda raw: self.ranged(key, as_number(raw)), found)

    def ranged(self, key: str, number: Decimal | Misfit) -> Decimal | Misfit:
        """A figure that was read from a column, or why it cannot be one of it."""
        return number if isinstance(number, Misfit) else self.misfit(key, number) or number

    def misfit(self, key: str, number: Decimal | Fraction) -> Misfit | None:
        """Why a figure cannot be one of a column, None where it can."""
        bounds = self.range(key)
        if not bounds.percent and narrow(self.cell(key).shown).endswith("%"):
            return Misfit.PERCENT
        return None if number in bounds else Misfit.OUT_OF_RANGE

    def range(self, key: str) -> Limits:
        """The figures that make sense in a column."""
        column = self.form.column(key)
        return column.range if column is not None else FIGURE

    def date(self, key: str, found: Problems) -> date | None:
        """A day."""
        return self._read(key, partial(as_date, from_1904=self.form.sheet.from_1904), found)

    def month(self, key: str, found: Problems) -> Month | None:
        """A month."""
        return self._read(key, partial(as_month, from_1904=self.form.sheet.from_1904), found)

    def yes(self, key: str, found: Problems) -> bool | None:
        """Yes or no."""
        return self._read(key, as_yes, found)

    def choice(self, key: str, found: Problems) -> str | None:
        """One of the column's words, as its value in the code; an unknown word is answered with the known ones."""
        word, column = self._read(key, as_text, found), self.form.column(key)
        if word is None or column is None:
            return None
        for value, words in column.choices.items():
            if normalised(word) in {normalised(known) for known in (value, *words)}:
                return value
        words_shown = [known for words in column.choices.values() for known in words[:2]]
        hint = nearest(word, words_shown)
        facts: dict[str, Fact] = {"choices": ", ".join(words_shown)}
        if hint is None:
            found.tell(self.problem("unknown-choice", key, **facts))
        else:
            found.tell(self.problem("unknown-choice-near", key, nearest=hint, **facts))
        return None

    def _standing(self, key: str) -> Cell | None:
        """The cell under a heading, where something stands in it: most columns of most rows are blank."""
        if self.settings is not None:
            return self.settings.get(key)
        heading = self.form.heading(key)
        return self.form.sheet.cells.get((self.position, heading.column)) if heading is not None else None

    def _read(self, key: str, convert: Callable[[Raw], T | Misfit], found: Problems) -> T | None:
        cell = self._standing(key)
        if cell is not None and cell.never_calculated:
            found.tell(self.problem("never-calculated", key, found=cell.formula or ""))
            return None
        if cell is None or cell.blank:
            if (column := self.form.column(key)) is not None and column.required:
                found.tell(self.problem("cell-blank", key))
            return None
        read = convert(cell.value)
        if isinstance(read, Misfit):
            facts: dict[str, Fact] = {"range": str(self.range(key))} if read is Misfit.OUT_OF_RANGE else {}
            found.tell(self.problem(read.value, key, **facts))
            return None
        return read

    def excerpt(self, place: Place) -> Excerpt | None:
        """The headings, the row of a place and the one above, around the place's column."""
        if place.row is None or place.row <= self.form.heading_row:
            return None
        headings = self.form.headings
        at = next((i for i, heading in enumerate(headings) if heading.column == place.column), 0)
        first = max(0, min(at - 1, len(headings) - _EXCERPT_COLUMNS))
        around = headings[first : first + _EXCERPT_COLUMNS]
        rows = [
            (number, tuple(_short(self.form.sheet.cell(number, heading.column)) for heading in around))
            for number in (place.row - 1, place.row)
            if number > self.form.heading_row
        ]
        shown = tuple(row for row in rows if any(row[1]) or row[0] == place.row)
        return Excerpt(tuple(h.column for h in around), tuple(_cut(h.text) for h in around), shown)


def _short(cell: Cell) -> str:
    shown = (cell.formula or "") if cell.never_calculated else cell.shown or as_shown(cell.value)
    return _cut(shown)


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _EXCERPT_TEXT else line[: _EXCERPT_TEXT - 1] + "…"
