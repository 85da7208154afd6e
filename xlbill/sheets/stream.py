"""Sheets of any size, a few thousand rows at a time: what usage is read from.

An xlsx sheet of ordinary size is read here, cell by cell. A very large one that holds nothing but values goes through
calamine, in a process of its own, five times as fast; with formulas, errors, hidden or merged cells, about which
calamine is silent, it is read here, too. A large text file can be read as columns instead, `text_columns.py`.
"""

import importlib.util
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from xlbill.cells import Place
from xlbill.problems import Problems
from xlbill.sheets import text
from xlbill.sheets.cell import Raw, as_shown
from xlbill.sheets.isolated import RowsFollow, SheetBegins, read_isolated
from xlbill.sheets.plain_xml import NotPlain, plain_rows
from xlbill.sheets.safety import Format, inspect
from xlbill.sheets.workbook import CANNOT_READ, Range, why_unreadable
from xlbill.sheets.xlsx import Package, SheetPart, Unreadable, open_package
from xlbill.sheets.xlsx_sheet import SheetReader, XmlCell, XmlRow

if TYPE_CHECKING:
    from xlbill.sheets.text_columns import ColumnBlock

Rows = TypeVar("Rows")
LARGE = 8 * 2**20  # bytes of XML from which a process of its own pays
LARGE_TEXT = 4 * 2**20  # bytes of text, some 100,000 rows, from which loading polars pays
MAX_TEXT_BYTES = 1_024 * 2**20  # of a text that is read as columns; a row takes some 20 bytes of memory, others 150
ROWS_AT_A_TIME = 2_000
_NOT_PLAIN = (b"<f", b't="e"', b"t='e'", b"hidden=", b"mergeCell", b"<!", b' ht="0"')


class Unknown(Enum):
    """What stands for a value that nobody knows."""

    NEVER_CALCULATED = "never-calculated"


Values = Sequence[Any]
"""The values of a row from column A on: `Raw`, floats as they were read, '' or None for blank, or `Unknown`."""
Batch = Sequence[tuple[int, Values]]
"""Some rows, each with its number."""

Columns = Callable[[int], "Iterator[ColumnBlock]"]
"""The rows behind one, given by its number, as columns."""


@dataclass(slots=True)
class SheetRows:
    """A sheet that is being read. What is hidden is complete when the rows are exhausted.

    `columns` is how a large text file can be read instead, None where it is small or polars is not installed.
    """

    place: Place
    rows: Iterator[Batch]
    merged: Sequence[Range] = ()
    from_1904: bool = False
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    columns: Columns | None = None


def stream_sheets(
    path: Path, shown: str, found: Problems, knows: text.KnowsHeading | None = None
) -> Iterator[SheetRows]:
    """The sheets of a file one after the other, each to be consumed before the next; whatever stops it is told.

    `knows` tells known headings, for the encoding and the separator of a text file.
    """
    kind, problems = inspect(path, shown, MAX_TEXT_BYTES if _has_polars() else None)
    found += problems
    try:
        for sheet in _sheets(path, shown, kind, knows):
            sheet.rows = _told(sheet.rows, shown, found)
            if (columns := sheet.columns) is not None:
                sheet.columns = lambda after, columns=columns: _told(columns(after), shown, found)
            yield sheet
    except CANNOT_READ as error:
        found.tell(why_unreadable(error, shown))


def _sheets(path: Path, shown: str, kind: Format | None, knows: text.KnowsHeading | None) -> Iterator[SheetRows]:
    if kind is Format.XLSX:
        yield from _xlsx_sheets(path, shown)
    elif kind is Format.TEXT:
        yield _text_sheet(path, shown, knows)
    elif kind is not None:
        yield from _isolated_sheets(path, shown, kind)


def _told(rows: Iterator[Rows], shown: str, found: Problems) -> Iterator[Rows]:
    """The rows up to where the file breaks off, if it does, which is told: they are read after this module returned."""
    try:
        yield from rows
    except CANNOT_READ as error:
        found.tell(why_unreadable(error, shown))


def _xlsx_sheets(path: Path, shown: str) -> Iterator[SheetRows]:
    with open_package(path) as package:
        large = [sheet for sheet in package.sheets if package.size(sheet) >= LARGE]
        if large and all(_is_plain(package, sheet) for sheet in package.sheets):
            yield from _isolated_sheets(path, shown, Format.XLSX, package.from_1904)
        else:
            for sheet in package.sheets:
                yield _xlsx_sheet(package, sheet, Place(shown, sheet.name), sheet in large)


def _is_plain(package: Package, sheet: SheetPart) -> bool:
    """Whether a sheet is nothing but values, so that calamine reads all there is."""
    formats = [b' s="%d"' % number for number, style in enumerate(package.styles) if style.percent or style.multiple]
    seen = b""
    for number, chunk in enumerate(package.chunks(sheet)):
        text = seen + chunk
        if any(mark in text for mark in (*_NOT_PLAIN, *formats)) or (number == 0 and b"<worksheet" not in text):
            return False
        seen = chunk[-16:]
    return True


def _xlsx_sheet(package: Package, sheet: SheetPart, place: Place, large: bool) -> SheetRows:
    """One sheet read here: at once, for its merged cells stand behind its rows; a large one as it comes."""
    reader = SheetReader(package, sheet)
    made = SheetRows(place, iter(()), reader.merged, package.from_1904, sheet.hidden, set(), reader.hidden_columns)
    rows = _dense(reader.rows(), made.hidden_rows)
    made.rows = _batches(rows if large else _plain_at_once(package, sheet, reader, made.hidden_rows))
    return made


def _plain_at_once(
    package: Package, sheet: SheetPart, reader: SheetReader, hidden: set[int]
) -> Iterator[tuple[int, Values]]:
    """The rows of a sheet, read by now: cut out where all are plain, else, or if it breaks off, as the parser reads."""
    around = reader.parser()
    try:
        rows = list(plain_rows(package, sheet, around.Parse))
        around.Parse(b"", True)
    except (NotPlain, *CANNOT_READ):
        reader.merged.clear()
        return _read_at_once(_dense(reader.rows(), hidden))
    hidden.update(number for number, is_hidden, _ in rows if is_hidden)
    return iter([(number, values) for number, _, values in rows])


def _read_at_once(rows: Iterator[tuple[int, Values]]) -> Iterator[tuple[int, Values]]:
    """The same rows, read by now; if the sheet breaks off, the error still comes behind the rows before it."""
    read, broken = [], None
    try:
        for row in rows:
            read.append(row)
    except CANNOT_READ as error:
        broken = error

    def again() -> Iterator[tuple[int, Values]]:
        yield from read
        if broken is not None:
            raise broken

    return again()


def _dense(rows: Iterator[XmlRow], hidden: set[int]) -> Iterator[tuple[int, Values]]:
    for row in rows:
        if row.hidden:
            hidden.add(row.number)
        values: list[Any] = [None] * max(cell.column for cell in row.cells)
        for cell in row.cells:
            never = cell.formula is not None and cell.value is None
            values[cell.column - 1] = Unknown.NEVER_CALCULATED if never else _as_seen(cell)
        yield row.number, values


def _as_seen(cell: XmlCell) -> Raw:
    """The value of a cell; of a percentage the text that its reader sees, 10% and not 0.1."""
    percent = cell.style.percent and isinstance(cell.value, Decimal)
    return as_shown(cell.value, percent=True) if percent else cell.value


def _text_sheet(path: Path, shown: str, knows: text.KnowsHeading | None) -> SheetRows:
    form = text.detect(path, knows)
    if form is None:
        raise Unreadable("encoding-unknown")
    columns = None
    if path.stat().st_size >= LARGE_TEXT and _has_polars():
        from xlbill.sheets.text_columns import column_blocks

        columns = partial(column_blocks, path, form)
    return SheetRows(Place(shown), _batches(text.rows(path, form)), columns=columns)


@cache
def _has_polars() -> bool:
    """Whether text can be read as columns: the extra `bulk` is installed."""
    return importlib.util.find_spec("polars") is not None


def _isolated_sheets(path: Path, shown: str, kind: Format, from_1904: bool = False) -> Iterator[SheetRows]:
    messages = read_isolated(path, kind)
    try:
        message = next(messages, None)
        while isinstance(message, SheetBegins):
            sheet = SheetRows(
                Place(shown, message.name),
                iter(()),
                message.merged,
                message.from_1904 or from_1904,
                message.hidden,
                set(message.hidden_rows),
                set(message.hidden_columns),
            )
            rows = _Until(messages)
            sheet.rows = iter(rows)
            yield sheet
            message = rows.rest()
    finally:
        messages.close()


class _Until:
    """The rows of one sheet out of the messages about all, up to the message that begins the next."""

    def __init__(self, messages: Iterator[SheetBegins | RowsFollow]) -> None:
        self._messages = messages
        self._next: SheetBegins | None = None

    def __iter__(self) -> Iterator[Batch]:
        for message in self._messages:
            if isinstance(message, SheetBegins):
                self._next = message
                return
            yield _as_rows_are_seen(message)

    def rest(self) -> SheetBegins | None:
        """The next sheet, after whatever was left of this one."""
        while self._next is None and (message := next(self._messages, None)) is not None:
            self._next = message if isinstance(message, SheetBegins) else None
        return self._next


def _as_rows_are_seen(message: RowsFollow) -> Batch:
    """The rows of a message, percentages as their readers see them."""
    percents = {at for at, style in message.styles.items() if style.percent}
    if not percents:
        return message.rows

    def seen(number: int, values: list[Any]) -> list[Any]:
        numbered = enumerate(values, start=1)
        return [as_shown(value, percent=True) if (number, at) in percents else value for at, value in numbered]

    return [(number, seen(number, values)) for number, values in message.rows]


def _batches(rows: Iterator[tuple[int, Values]]) -> Iterator[Batch]:
    batch: list[tuple[int, Values]] = []
    try:
        for row in rows:
            batch.append(row)
            if len(batch) == ROWS_AT_A_TIME:
                yield batch
                batch = []
    except CANNOT_READ:
        if batch:
            yield batch  # what stands before the break counts: its apps are known to be incomplete
        raise
    yield batch
