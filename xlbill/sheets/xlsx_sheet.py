"""One sheet of an xlsx workbook, row by row: memory holds a row at a time, whatever its `<dimension>` claims."""

import math
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from xml.parsers import expat

from openpyxl.formula.tokenizer import TokenizerError
from openpyxl.formula.translate import Translator, TranslatorError

from xlbill.cells import Address, a1, column_number, corners
from xlbill.formula import ExcelError
from xlbill.sheets.cell import Raw, as_shown, exact
from xlbill.sheets.values import visible
from xlbill.sheets.xlsx import PLAIN, Attributes, Package, SheetPart, Style, Unreadable, local, parser, unescape

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
MAX_TEXT = 32_767
MAX_MERGED = 100_000
_EPOCH_1900, _EPOCH_1904 = datetime.fromisoformat("1899-12-30"), datetime.fromisoformat("1904-01-01")
_LAST_SERIAL = 2_958_466  # 10000-01-01, the first day that is none
_FIRST_SERIAL = 61  # 1 March 1900, from which on the 1900 system counts right
_FIGURES_REMEMBERED = 50_000
_ERRORS = {error.value: error for error in ExcelError}

SharedFormula = int
"""The number of a formula that several cells share."""


class XmlCell(NamedTuple):
    """A cell as its XML says: `formula` is the text with `=`, or the number of a shared one."""

    column: int
    value: Raw
    formula: str | SharedFormula | None
    style: Style


class XmlRow(NamedTuple):
    """A row that has cells."""

    number: int
    hidden: bool
    cells: list[XmlCell]


class SheetReader:
    """Reads one sheet once; `merged` and `hidden_columns` are complete when the rows are exhausted.

    Millions of cells pass through its handlers: they keep the open cell in attributes, not in objects of its own.
    """

    def __init__(self, package: Package, sheet: SheetPart) -> None:
        self.merged: list[tuple[int, int, int, int]] = []  # first row, first column, last row, last column
        self.hidden_columns: set[int] = set()
        self._package, self._sheet = package, sheet
        self._ready: list[XmlRow] = []
        self._number, self._hidden, self._column = 0, False, 0
        self._cells: list[XmlCell] = []
        self._in_cell, self._kind, self._style = False, "n", ""
        self._value: list[str] = []
        self._formula: list[str] | None = None
        self._share: SharedFormula | None = None
        self._sink: list[str] | None = None
        self._shared: dict[SharedFormula, tuple[str, str]] = {}
        self._figures: dict[str, Decimal] = {}
        self._columns: dict[str, int] = {}
        self._columns_seen: set[int] = set()
        self._furthest = self._last_row = 0
        self._rows_seen = bytearray(MAX_ROW // 8 + 1)
        self._styles = {str(number): style for number, style in enumerate(package.styles)}

    def rows(self) -> Iterator[XmlRow]:
        """The rows that have cells, in the order of the file."""
        made = self.parser()
        for chunk in self._package.chunks(self._sheet):
            made.Parse(chunk, False)
            yield from self._ready
            self._ready.clear()
        made.Parse(b"", True)
        yield from self._ready

    def parser(self) -> expat.XMLParserType:
        """A parser that tells this reader what a sheet says."""
        return parser(self._start, self._end, self._text)

    def formula(self, cell: XmlCell, row: int) -> str | None:
        """The text of a cell's formula; of shared ones it is known when the rows are exhausted."""
        if not isinstance(cell.formula, SharedFormula):
            return cell.formula
        text, origin = self._shared.get(cell.formula, ("", ""))
        try:
            return str(Translator(text, origin).translate_formula(a1(row, cell.column))) if text else "="
        except (TokenizerError, TranslatorError, ValueError, IndexError):
            return text

    def _start(self, name: str, a: Attributes) -> None:
        if ":" in name:
            name = local(name)
        if name == "c":
            self._open_cell(a)
        elif self._in_cell:
            if name == "v" or (name == "t" and self._sink is None):
                if name == "v" and self._value:
                    raise self._twice(self._column)
                self._sink = self._value
            elif name == "f":
                if self._formula is not None:
                    raise self._twice(self._column)
                self._formula = self._sink = []
                if a.get("t") == "shared" and a.get("si", "").isdecimal():
                    self._share = int(a["si"])
            elif name == "rPh":
                self._sink = []  # a phonetic guide is no part of the text
        elif name == "row":
            self._number = int(a["r"]) if "r" in a else self._number + 1
            self._hidden = is_hidden(a)
            self._column = 0
            if not 0 < self._number <= MAX_ROW:
                raise Unreadable("file-damaged")
            self._begin_row()
        elif name == "mergeCell":
            self._merge(a.get("ref", ""))
        elif name == "col" and a.get("hidden", "0") in ("1", "true"):
            first, last = int(a.get("min", "1")), int(a.get("max", "1"))
            self.hidden_columns.update(range(first, min(last, MAX_COLUMN) + 1))

    def _open_cell(self, a: Attributes) -> None:
        ref = a.get("r")
        if ref is None:
            self._column += 1
        else:
            letters = ref.rstrip("0123456789")
            self._column = self._columns.get(letters) or self._column_of(letters)
        if self._column <= self._furthest and self._column in self._columns_seen:
            raise self._twice(self._column)
        self._furthest = max(self._furthest, self._column)
        self._columns_seen.add(self._column)
        self._in_cell = True
        self._kind, self._style = a.get("t", "n"), a.get("s", "")
        self._value.clear()
        self._formula = self._share = self._sink = None

    def _twice(self, column: int) -> Unreadable:
        return Unreadable("cell-twice", Address(self._sheet.name, self._number, column))

    def _begin_row(self) -> None:
        """A row stands once; nearly always it is the next one, and the rows before it need not be remembered."""
        if self._number <= self._last_row and self._rows_seen[self._number >> 3] >> (self._number & 7) & 1:
            raise self._twice(0)
        self._rows_seen[self._number >> 3] |= 1 << (self._number & 7)
        self._last_row = max(self._last_row, self._number)
        self._columns_seen.clear()
        self._furthest = 0

    def _column_of(self, letters: str) -> int:
        column = self._columns[letters] = column_number(letters)
        if not 0 < column <= MAX_COLUMN:
            raise Unreadable("file-damaged")
        return column

    def _end(self, name: str) -> None:
        if ":" in name:
            name = local(name)
        if name == "c":
            self._close_cell()
        elif name == "row":
            if self._cells:
                self._ready.append(XmlRow(self._number, self._hidden, self._cells))
                self._cells = []
        elif name in ("v", "f", "t", "rPh"):
            self._sink = None

    def _text(self, data: str) -> None:
        if self._sink is not None:
            self._sink.append(data)

    def _close_cell(self) -> None:
        self._in_cell = False
        style = self._styles.get(self._style, PLAIN)
        value = self._read("".join(self._value), style)
        formula = self._formula_of_cell() if self._formula is not None else None
        if value is None and formula is not None and self._kind == "str":
            value = ""  # the formula was calculated, and gave no text
        if value is not None or formula is not None:
            self._cells.append(XmlCell(self._column, value, formula, style))

    def _formula_of_cell(self) -> str | SharedFormula:
        text = "=" + "".join(self._formula or ())
        if self._share is None:
            return text
        if text != "=":
            self._shared.setdefault(self._share, (text, a1(self._number, self._column)))
        return self._share

    def _read(self, text: str, style: Style) -> Raw:
        kind = self._kind
        if kind == "inlineStr" or kind == "str":
            return text_value(unescape(text))
        if not text:
            return None
        if kind == "n":
            return self._figure(text, style)
        if kind == "s":
            strings = self._package.strings
            return text_value(strings[int(text)]) if text.isdecimal() and int(text) < len(strings) else None
        if kind == "b":
            return text.strip() in ("1", "true")
        if kind == "e":
            return error_of(text.strip())
        return _iso_value(text.strip()) if kind == "d" else self._figure(text, style)

    def _figure(self, text: str, style: Style) -> Raw:
        figure = self._figures.get(text)
        if figure is None:
            if len(self._figures) >= _FIGURES_REMEMBERED:
                self._figures.clear()
            if "_" in text or not text.isascii():
                return text_value(text)  # numbers to Python, and to no spreadsheet program
            try:
                number = float(text)
            except ValueError:
                return text_value(text)
            if not math.isfinite(number):
                return text_value(text)  # 1E999, NaN: no number that anyone typed
            figure = self._figures[text] = exact(number)
        return figure_of(figure, style, self._package.from_1904)

    def _merge(self, ref: str) -> None:
        if (area := corners(ref)) is None:
            raise Unreadable("file-damaged")
        if len(self.merged) < MAX_MERGED:
            self.merged.append(area)


def error_of(text: str) -> ExcelError:
    """The error that a cell shows; #VALUE! for those of other programs, such as Err:502."""
    return _ERRORS.get(text, ExcelError.VALUE)


def figure_of(figure: Decimal, style: Style, from_1904: bool) -> Raw:
    """What a number means to the reader of its cell: a day, a span of time as text, or the number.

    A number that its format shows as another one (25"万") is a text, which is told where a figure is wanted.
    """
    if style.multiple:
        return f'{as_shown(figure)}"{style.multiple}"'
    if style.elapsed or (style.date and 0 < figure < 1):
        return clock(figure)
    return day_of_serial(figure, from_1904) if style.date else figure


def clock(days: Decimal) -> str | Decimal:
    """A span of time as its cell shows it, 100:00:00: a figure in days, which is not what its reader sees.

    >>> clock(Decimal("0.5")), clock(Decimal(100) / 24)
    ('12:00:00', '100:00:00')
    """
    if not 0 <= days < _LAST_SERIAL:
        return days
    minutes, seconds = divmod(round(days * 86_400), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"


def day_of_serial(number: Decimal, from_1904: bool) -> Raw:
    """The day, or moment, of a number in a cell that shows a date; the number itself where it is none."""
    if not (0 if from_1904 else _FIRST_SERIAL) <= number < _LAST_SERIAL:
        return number
    moment = (_EPOCH_1904 if from_1904 else _EPOCH_1900) + timedelta(seconds=round(number * 86_400))
    return moment if moment.time() != moment.min.time() else moment.date()


def is_hidden(row: Attributes) -> bool:
    """Whether the attributes of a row hide it."""
    return row.get("hidden", "0") in ("1", "true") or row.get("ht") in ("0", "0.0")


def text_value(text: str) -> str | None:
    """The text of a cell, None where nothing is seen of it."""
    return text[:MAX_TEXT] if visible(text) else None


def _iso_value(text: str) -> Raw:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text_value(text)
    return date(moment.year, moment.month, moment.day) if moment.time() == moment.min.time() else moment
