"""OpenDocument spreadsheets: values through python-calamine, and from their XML what it is silent about.

That is percentages, spans of time, yes and no, errors, and what is hidden or merged: OpenDocument 1.3 part 3, sections
9 and 19.385 (`office:value-type`); errors are LibreOffice's `calcext:value-type`.
"""

import re
import zipfile
from bisect import bisect_right
from collections.abc import Callable
from typing import BinaryIO
from xml.parsers import expat

from xlbill.apart import bulk
from xlbill.apart.messages import About, Mark, Marks

_CHUNK = 2**18
_SPAN = re.compile(r"(-?)P(?:(\d{1,9})D)?T?(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:[.,]\d{1,12})?)S)?")
_PERCENT, _ELAPSED = "0%", "[h]:mm:ss"
_MOST_COLUMNS = 16_384
_EMPTY: Marks = {}

Attributes = dict[str, str]


def read(path: str, out: BinaryIO) -> None:
    """The worksheets of a workbook."""
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as part:
        content = _Content()
        while chunk := part.read(_CHUNK):
            content.parser.Parse(chunk, False)
        content.parser.Parse(b"", True)
    bulk.read(path, out, content.details)


class _Sheet:
    """What was found in one sheet: marks of rows that are repeated stand once, with the first and the last of them."""

    def __init__(self) -> None:
        self.about = About()
        self.firsts: list[int] = []
        self.rows: list[tuple[int, Marks]] = []

    def marks(self, number: int) -> Marks:
        """The marks of a row."""
        at = bisect_right(self.firsts, number) - 1
        if at < 0:
            return _EMPTY
        last, marks = self.rows[at]
        return marks if number <= last else _EMPTY


class _Content:
    """Follows the elements of the document; keeps of an error cell its text."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.parser.CharacterDataHandler = self._text
        self._sheets: dict[str, _Sheet] = {}
        self._sheet = _Sheet()
        self._row = self._column = self._tables = 0
        self._rows, self._filled, self._hidden = 1, False, False
        self._marks: Marks = {}
        self._error: tuple[int, int, list[str]] | None = None  # position, how often, what stands there

    def details(self, name: str) -> tuple[About, Callable[[int], Marks]]:
        """What is hidden and merged in a sheet, and the marks of its rows."""
        sheet = self._sheets.get(name) or _Sheet()
        return sheet.about, sheet.marks

    def _start(self, name: str, a: Attributes) -> None:
        if name == "table:table":
            self._tables += 1
            if self._tables == 1:
                self._sheet = self._sheets.setdefault(a.get("table:name", ""), _Sheet())
                self._row = self._column = 0
        elif self._tables != 1:
            return  # a table within a cell is no row of the sheet
        elif name == "table:table-column":
            repeated = _count(a, "table:number-columns-repeated")
            if a.get("table:visibility") in ("collapse", "filter"):
                last = min(self._column + repeated, _MOST_COLUMNS)
                self._sheet.about.hidden_columns.update(range(self._column + 1, last + 1))
            self._column += repeated
        elif name == "table:table-row":
            self._rows, self._filled, self._marks = _count(a, "table:number-rows-repeated"), False, {}
            self._hidden = a.get("table:visibility") in ("collapse", "filter")
            self._column = 0
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._cell(a, _count(a, "table:number-columns-repeated"))

    def _cell(self, a: Attributes, repeated: int) -> None:
        kind = a.get("calcext:value-type") if a.get("calcext:value-type") == "error" else a.get("office:value-type")
        if kind == "error":
            self._error = (self._column, repeated, [])
        elif kind is not None:
            self._filled = True
            if (mark := _mark(kind, a)) is not None:
                self._put(mark, self._column, repeated)
        down, right = _count(a, "table:number-rows-spanned"), _count(a, "table:number-columns-spanned")
        if down > 1 or right > 1:
            top, left = self._row + 1, self._column + 1
            self._sheet.about.merged.append((top, left, top + down - 1, left + right - 1))
        self._column += repeated

    def _put(self, mark: Mark, first: int, repeated: int) -> None:
        for at in range(first, min(first + repeated, _MOST_COLUMNS)):
            self._marks[at] = mark

    def _text(self, data: str) -> None:
        if self._error is not None:
            self._error[2].append(data)

    def _end(self, name: str) -> None:
        if name == "table:table":
            self._tables -= 1
        elif self._tables != 1:
            return
        elif name in ("table:table-cell", "table:covered-table-cell"):
            if self._error is not None:
                first, repeated, text = self._error
                self._filled, self._error = True, None
                self._put(("error", "".join(text).strip()[:20]), first, repeated)
        elif name == "table:table-row":
            sheet = self._sheet
            if self._marks:
                sheet.firsts.append(self._row + 1)
                sheet.rows.append((self._row + self._rows, self._marks))
            if self._hidden and self._filled:
                sheet.about.hidden_rows.update(range(self._row + 1, self._row + self._rows + 1))
            self._row += self._rows


def _mark(kind: str, a: Attributes) -> Mark | None:
    """The mark of a cell whose value calamine does not give as it is meant."""
    if kind == "percentage":
        return ("number", float(a.get("office:value", "nan")), _PERCENT)
    if kind == "boolean":
        return ("truth", a.get("office:boolean-value") == "true")
    span = _SPAN.fullmatch(a.get("office:time-value", "")) if kind == "time" else None
    if span is None:
        return None
    days, hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in span.groups()[1:])
    whole = days + hours / 24 + minutes / 1_440 + seconds / 86_400
    return ("number", -whole if span[1] else whole, _ELAPSED)


def _count(a: Attributes, name: str) -> int:
    text = a.get(name, "1")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 10 else 1
