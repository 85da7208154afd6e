"""The rows of a sheet as nearly every program writes them, cut out by patterns: many times as fast as by a parser.

Plain is `<row r="7"><c r="A7" s="1" t="s"><v>12</v></c></row>`: values, no formulas or errors, one cell behind the
other, in UTF-8. Whatever is written in another way is not judged here: it is `NotPlain`, for the parser to read.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

from xlbill.cells import column_letters, column_number
from xlbill.sheets.cell import as_shown, exact
from xlbill.sheets.xlsx import PLAIN, Package, SheetPart, Style, unescape
from xlbill.sheets.xlsx_sheet import MAX_COLUMN, MAX_ROW, figure_of, is_hidden, text_value

Way = Callable[[str], Any]
"""How what is written in a cell becomes its value."""

_BEGIN, _END, _ROW_END = b"<sheetData>", b"</sheetData>", b"</row>"
_LONGEST_HEAD = 2**20
_ODD_HEAD = re.compile(rb"""<!|<(?:c|row)[\s/>]|\bencoding\s*=\s*["'](?!utf-8["'])""", re.IGNORECASE)
_ROW = re.compile(r'<row r="([0-9]{1,7})"([^<>]*)>')
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})[0-9]{1,7}"([^<>]*)>'
    r"(?:<v>(-?[0-9.]{1,24}(?:[eE][-+]?[0-9]{1,2})?)</v></c>"
    r'|<is><t(?: xml:space="preserve")?>([^<>&\x00-\x08\x0b-\x1f\ufffe\uffff]*)</t></is></c>'
    r"|</c>|(?<=/>))"
)
_INLINE = ' t="inlineStr"'
_COLUMNS = [column_letters(number) for number in range(1, 101)]
_REMEMBERED = 10_000
_GROUPS = 5  # of which four are the column, the attributes, a number and a text; the first stands between cells
_ATTRIBUTE = re.compile(r' ([A-Za-z][A-Za-z0-9:.]*)="([ !#-%\'-;=?-~]*)"')


class NotPlain(Exception):
    """Something is written in another way."""


def plain_rows(
    package: Package, sheet: SheetPart, outside: Callable[[bytes], object]
) -> Iterator[tuple[int, bool, list[Any]]]:
    """The number of each row that has any value, whether it is hidden, and its values from column A on.

    Numbers are still floats, None is blank. `outside` is given all that stands before and behind the rows.
    """
    reader = _PlainReader(package)
    chunks = package.chunks(sheet)
    head, rest = _head_of(chunks)
    outside(head)
    while (end := rest.find(_END)) < 0:
        complete = rest.rfind(_ROW_END) + len(_ROW_END)
        if complete >= len(_ROW_END):
            yield from reader.rows(rest[:complete])
            rest = rest[complete:]
        if (chunk := next(chunks, None)) is None:
            raise NotPlain
        rest += chunk
    yield from reader.rows(rest[:end])
    outside(rest[end:])
    for chunk in chunks:
        outside(chunk)


def _head_of(chunks: Iterator[bytes]) -> tuple[bytes, bytes]:
    """What stands before the first row, and what was read behind it."""
    read = b""
    for chunk in chunks:
        read += chunk
        head, begin, rest = read.partition(_BEGIN)
        if begin and not _ODD_HEAD.search(head):
            return head + begin, rest
        if begin or len(read) > _LONGEST_HEAD:
            break
    raise NotPlain


class _PlainReader:
    """Remembers how cells with some attributes become values, and which attributes the cells of a row have."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._last = 0
        self._hidden: dict[str, bool] = {}
        self._ways: dict[str, Way] = {}
        self._ways_of_rows: dict[tuple[str, ...], list[Way]] = {}

    def rows(self, data: bytes) -> Iterator[tuple[int, bool, list[Any]]]:
        """The rows in a piece of XML that has nothing but whole rows."""
        try:
            before, *found = _ROW.split(data.decode("utf-8"))
        except UnicodeDecodeError:
            raise NotPlain from None
        if before:
            raise NotPlain
        for written, attributes, body in zip(found[::3], found[1::3], found[2::3], strict=True):
            number = int(written)
            if not self._last < number <= MAX_ROW:
                raise NotPlain
            self._last = number
            hidden = self._hidden.get(attributes)
            if hidden is None:
                hidden = self._hidden[attributes] = is_hidden(_attributes(attributes.removesuffix("/")))
            if attributes.endswith("/"):
                _no_content(body)
                continue
            values = self._values(body)
            if values:
                yield number, hidden, values

    def _values(self, body: str) -> list[Any] | None:
        """The values of a row, from column A to the last that has one; None where none has."""
        parts = _CELL.split(body)
        if parts.pop() != "</row>" or any(parts[::_GROUPS]):
            raise NotPlain
        columns, attributes = parts[1::_GROUPS], tuple(parts[2::_GROUPS])
        numbers, inline = parts[3::_GROUPS], parts[4::_GROUPS]
        texts = numbers if inline.count(None) == len(inline) else _either(attributes, numbers, inline)
        ways = self._ways_of_rows.get(attributes)
        if ways is None:
            ways = self._ways_of_rows[attributes] = [self._way_of(each) for each in attributes]
        try:
            values = [None if text is None else way(text) for way, text in zip(ways, texts, strict=True)]
        except ValueError:
            raise NotPlain from None
        if columns != _COLUMNS[: len(columns)]:
            values = _placed(columns, values)
        while values and values[-1] is None:
            values.pop()
        return values

    def _way_of(self, attributes: str) -> Way:
        if attributes not in self._ways:
            self._ways[attributes] = self._make_way(attributes)
        return self._ways[attributes]

    def _make_way(self, written: str) -> Way:
        """How a cell with some attributes becomes its value."""
        attributes = _attributes(written.removesuffix("/"))
        if written.endswith("/"):
            return _no_content
        kind, style = attributes.get("t", "n"), self._style(attributes.get("s", ""))
        if kind == "inlineStr":
            return lambda text: text_value(unescape(text))
        if kind == "n":
            as_it_is = replace(style, grouped=False) == PLAIN
            return float if as_it_is else _seen_in(style, self._package.from_1904).__getitem__
        if kind == "s":
            return _Strings(self._package).__getitem__
        if kind == "b":
            return lambda text: text == "1"
        raise NotPlain

    def _style(self, number: str) -> Style:
        """The style of a number, as it is written."""
        known = number.isascii() and number.isdecimal() and len(number) < 7
        return dict(enumerate(self._package.styles)).get(int(number), PLAIN) if known else PLAIN


def _either(attributes: tuple[str, ...], numbers: list[str | None], inline: list[str | None]) -> list[str | None]:
    """What is written in each cell, as a number or as a text of its own."""
    if any(text is not None and _INLINE not in of for of, text in zip(attributes, inline, strict=True)):
        raise NotPlain
    return [number if text is None else text for number, text in zip(numbers, inline, strict=True)]


def _placed(columns: list[str], values: list[Any]) -> list[Any]:
    """The values of cells that do not stand in all columns from A on."""
    numbers = [column_number(column) for column in columns]
    if numbers != sorted(set(numbers)) or numbers[-1] > MAX_COLUMN:
        raise NotPlain
    placed: list[Any] = [None] * numbers[-1]
    for number, value in zip(numbers, values, strict=True):
        placed[number - 1] = value
    return placed


def _attributes(written: str) -> dict[str, str]:
    """The attributes of an element behind its address."""
    found = _ATTRIBUTE.findall(written)
    attributes = dict(found)
    if len(attributes) < len(found) or "r" in attributes or _ATTRIBUTE.sub("", written):
        raise NotPlain
    return attributes


def _no_content(text: str) -> None:
    """What an element holds that is closed where it begins."""
    if text:
        raise NotPlain


class _Styled(dict[str, Any]):
    """What numbers mean to the readers of cells of one style, by how they are written."""

    def __init__(self, style: Style, from_1904: bool) -> None:
        super().__init__()
        self._style, self._from_1904 = style, from_1904

    def __missing__(self, text: str) -> Any:
        if len(self) >= _REMEMBERED:
            self.clear()
        value = figure_of(exact(float(text)), self._style, self._from_1904)
        if self._style.percent and isinstance(value, Decimal):
            value = as_shown(value, percent=True)
        self[text] = value
        return value


@cache
def _seen_in(style: Style, from_1904: bool) -> _Styled:
    """The numbers of a style, the same in all files: most are the days of one month."""
    return _Styled(style, from_1904)


class _Strings(dict[str, Any]):
    """The texts that cells refer to by number, by how it is written."""

    def __init__(self, package: Package) -> None:
        super().__init__()
        self._package = package

    def __missing__(self, text: str) -> Any:
        strings = self._package.strings
        found = self[text] = text_value(strings[int(text)]) if text.isdecimal() and int(text) < len(strings) else None
        return found
