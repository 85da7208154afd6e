"""An xlsx workbook, read straight from its XML: values, formulas and their cached results in one pass.

Why not openpyxl: it takes a strict workbook for one without sheets, pads rows to a wrong `<dimension>`, and needs two
loads for formulas and values. Names are compared without namespace and prefix, so that strict, transitional and oddly
prefixed workbooks are one; only cells that exist cost memory; a DOCTYPE is refused where it begins.
"""

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from xlbill.cells import Address
from xlbill.sheets.parts import SMALL, read_part
from xlbill.sheets.safety import part_name

Attributes = dict[str, str]
T = TypeVar("T")
CHUNK = 2**18
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LITERAL = re.compile(r'"[^"]*"|\\.')  # what stands in a format as itself, and makes nothing of the number
_MULTIPLE = re.compile(
    r"\s*(?:[十百千]*[万亿]|千(?:人|次|元|条|个|张|分)|(?:k|thousand|million|billion)s?\b)", re.IGNORECASE
)
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_SCALED = re.compile(r"[0#?],+(?![0#?])|!")  # 0.0, shows thousands, and 0!.0000 a point before the last digits
_PLAIN_TEXT = r'<t(?: xml:space="preserve")?>([^<>&\x00-\x08\x0b-\x1f\ufffe\uffff]*)</t></si>'
_PLAIN_STRING = re.compile(_PLAIN_TEXT)
_PLAIN_STRINGS = re.compile(rf"{_PLAIN_TEXT}(?:<si>{_PLAIN_TEXT})*</sst>\s*")
_PLAIN_HEAD = re.compile(
    r'<\?xml version="1\.0" encoding="UTF-8"(?: standalone="yes")?\?>\s*'
    r'<sst xmlns="[a-z0-9:/.]+"(?: count="[0-9]+")?(?: uniqueCount="[0-9]+")?>'
)
_BUILTIN_DATES = frozenset([*range(14, 23), *range(27, 37), *range(50, 59)])


class Unreadable(Exception):
    """A workbook that cannot be read; its text is the code of the problem. Raised and caught within this package.

    `at` is the sheet, the row and the column (0: the row as a whole) of the cell that is why, where one is.
    """

    def __init__(self, code: str, at: Address | None = None) -> None:
        super().__init__(code)
        self.at = at


@dataclass(frozen=True, slots=True)
class Style:
    """What a cell's number format makes of its number."""

    date: bool = False
    grouped: bool = False
    percent: bool = False
    elapsed: bool = False
    multiple: str = ""  # words behind a number that make it another one: 0"万" shows 25 as 25万


PLAIN = Style()


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet's name, the archive's part that holds it, and whether it is hidden."""

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True)
class Package:
    """An open workbook: its sheets, and what their cells refer to, the texts read when the first cell asks for them."""

    archive: zipfile.ZipFile
    parts: Mapping[str, zipfile.ZipInfo]
    sheets: tuple[SheetPart, ...]
    from_1904: bool
    strings_part: str
    styles: tuple[Style, ...]
    book: str
    styles_part: str

    @cached_property
    def strings(self) -> tuple[str, ...]:
        """The texts that cells refer to by number."""
        entry = self.parts.get(self.strings_part)
        return _strings(self.archive, entry) if entry is not None else ()

    def size(self, sheet: SheetPart) -> int:
        """How large a sheet's XML is."""
        return self.parts[sheet.part].file_size

    def chunks(self, sheet: SheetPart) -> Iterator[bytes]:
        """The XML of a sheet, piece by piece."""
        yield from _chunks(self.archive, self.parts[sheet.part])


@contextmanager
def open_package(path: Path) -> Iterator[Package]:
    """The workbook behind a path, open within the block; raises what `zipfile` and expat raise, and `Unreadable`."""
    with path.open("rb") as file, zipfile.ZipFile(file) as archive:  # a ZipFile's own stays open while a part is
        parts = {part_name(entry.filename): entry for entry in archive.infolist()}
        targets = relations(archive, parts, "")
        book = next((t for kind, t in targets.values() if kind == "officedocument"), "xl/workbook.xml")
        if book not in parts:
            raise Unreadable("file-damaged")
        own = relations(archive, parts, book)
        sheets, from_1904 = _sheets(archive, parts, book, own)
        strings = next((t for kind, t in own.values() if kind == "sharedstrings"), "")
        styles = next((t for kind, t in own.values() if kind == "styles"), "")
        formats = _read(archive, parts[styles], _styles) if styles in parts else ()
        yield Package(archive, parts, sheets, from_1904, strings, formats, book, styles)


def parser(
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> expat.XMLParserType:
    """An XML parser that refuses document types, with which entity bombs begin."""
    made = expat.ParserCreate()
    made.buffer_text = True
    made.StartDoctypeDeclHandler = _refuse_doctype
    made.StartElementHandler = start
    made.EndElementHandler = end
    made.CharacterDataHandler = text
    return made


def _refuse_doctype(*_: object) -> None:
    raise Unreadable("file-has-doctype")


def local(name: str) -> str:
    """The name of an element or attribute without its prefix."""
    return name[name.rfind(":") + 1 :]


def unescape(text: str) -> str:
    """The characters that XML cannot hold, which Excel writes as `_x000D_`."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _walk(content: Iterable[bytes], start: Callable[[str, Attributes], None]) -> None:
    """Call back for each element of a part, prefixes left off."""

    def each(name: str, attributes: Attributes) -> None:
        start(local(name), {local(key): value for key, value in attributes.items()})

    made = parser(each)
    for chunk in content:
        made.Parse(chunk, False)
    made.Parse(b"", True)


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part's bytes, piece by piece."""
    if entry.file_size <= SMALL:
        yield read_part(archive, entry)
        return
    with archive.open(entry) as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, parse: Callable[[Iterable[bytes]], T]) -> T:
    """What a part says. That of a small one is kept by its bytes: a program writes the same into all its workbooks."""
    if entry.file_size > SMALL:
        return parse(_chunks(archive, entry))
    found: T = _said_in(parse, read_part(archive, entry))
    return found


@lru_cache(256)
def _said_in(parse: Callable[[Iterable[bytes]], Any], content: bytes) -> Any:
    return parse((content,))


def relations(archive: zipfile.ZipFile, parts: Mapping[str, zipfile.ZipInfo], part: str) -> dict[str, tuple[str, str]]:
    """What a part refers to: id -> (kind, part), the kind being the last word of the relation's type."""
    folder, name = posixpath.split(part)
    entry = parts.get(part_name(posixpath.join(folder, "_rels", f"{name}.rels")))
    found: dict[str, tuple[str, str]] = {}
    for identity, kind, target in _read(archive, entry, _relations) if entry is not None else ():
        if identity in found:
            raise Unreadable("file-damaged")
        found[identity] = (kind, part_name(posixpath.normpath(posixpath.join("/", folder, target))))
    return found


def _relations(content: Iterable[bytes]) -> tuple[tuple[str, str, str], ...]:
    """Id, kind and target of what stands in the same file."""
    found: list[tuple[str, str, str]] = []

    def each(element: str, a: Attributes) -> None:
        if element == "Relationship" and a.get("TargetMode") != "External":
            found.append((a.get("Id", ""), a.get("Type", "").rpartition("/")[2].lower(), a.get("Target", "")))

    _walk(content, each)
    return tuple(found)


def _sheets(
    archive: zipfile.ZipFile,
    parts: Mapping[str, zipfile.ZipInfo],
    book: str,
    own: Mapping[str, tuple[str, str]],
) -> tuple[tuple[SheetPart, ...], bool]:
    found: list[SheetPart] = []
    listed, from_1904 = _read(archive, parts[book], _book)
    for name, identity, state in listed:
        kind, part = own.get(identity, ("", ""))
        if any(sheet.name.casefold() == name.casefold() for sheet in found):
            raise Unreadable("sheet-twice")
        if kind == "worksheet" and part in parts:
            found.append(SheetPart(unescape(name), part, state != "visible"))
    return tuple(found), from_1904


def _book(content: Iterable[bytes]) -> tuple[tuple[tuple[str, str, str], ...], bool]:
    """Name, id and state of each sheet, and whether days are counted from 1904."""
    sheets: list[tuple[str, str, str]] = []
    from_1904 = [False]

    def each(element: str, a: Attributes) -> None:
        if element == "workbookPr":
            from_1904[0] = a.get("date1904", "").lower() in ("1", "true", "on")
        elif element == "sheet":
            sheets.append((a.get("name", ""), a.get("id", ""), a.get("state", "visible")))

    _walk(content, each)
    return tuple(sheets), from_1904[0]


def _strings(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> tuple[str, ...]:
    """The texts that cells refer to by number; phonetic guides (rPh) are not part of them."""
    if entry.file_size <= SMALL and (plain := _plain_strings(read_part(archive, entry))) is not None:
        return plain
    found: list[str] = []
    pieces: list[str] = []
    state = {"text": False, "phonetic": False}

    def start(name: str, _: Attributes) -> None:
        name = local(name)
        if name == "si":
            pieces.clear()
        elif name == "rPh":
            state["phonetic"] = True
        state["text"] = name == "t" and not state["phonetic"]

    def end(name: str) -> None:
        name = local(name)
        state["text"] = False
        if name == "si":
            found.append(unescape("".join(pieces)))
        elif name == "rPh":
            state["phonetic"] = False

    def text(data: str) -> None:
        if state["text"]:
            pieces.append(data)

    made = parser(start, end, text)
    for chunk in _chunks(archive, entry):
        made.Parse(chunk, False)
    made.Parse(b"", True)
    return tuple(found)


def _plain_strings(content: bytes) -> tuple[str, ...] | None:
    """The same of a part in the form that nearly all programs write, None of others."""
    try:
        head, _, body = content.decode("utf-8").partition("<si>")
    except UnicodeDecodeError:
        return None
    if _PLAIN_HEAD.fullmatch(head) is None or _PLAIN_STRINGS.fullmatch(body) is None:
        return None
    return tuple(map(unescape, _PLAIN_STRING.findall(body)))


def _styles(content: Iterable[bytes]) -> tuple[Style, ...]:
    """What each format of a cell makes of numbers."""
    formats: dict[int, str] = {}
    numbers: list[int] = []
    inside = [""]

    def each(element: str, a: Attributes) -> None:
        if element in ("cellXfs", "cellStyleXfs", "dxfs"):
            inside[0] = element
        elif element == "numFmt" and inside[0] != "dxfs":
            formats[_integer(a.get("numFmtId"))] = a.get("formatCode", "")
        elif element == "xf" and inside[0] == "cellXfs":
            numbers.append(_integer(a.get("numFmtId")))

    _walk(content, each)
    known = {number: style_of(formats.get(number, number)) for number in set(numbers)}
    return tuple(known[number] for number in numbers)


@lru_cache(1_000)
def style_of(code: str | int) -> Style:
    """What a number's format makes of it: its text, or its number, whose text the program knows."""
    if isinstance(code, int):
        if code in _BUILTIN_DATES:
            return Style(date=True)
        code = BUILTIN_FORMATS.get(code, "General")
    code = code[:255]
    elapsed = is_timedelta_format(code)
    bare = _LITERAL.sub("", code)
    words = (part.strip('"').removeprefix("\\") for part in (*_LITERAL.findall(code), *_FOREIGN.findall(bare)))
    multiple = next((word for word in words if _MULTIPLE.match(word) and not _SCALED.search(bare)), "")
    return Style(is_date_format(code) and not elapsed, "#,#" in code, "%" in bare, elapsed, multiple)


def _integer(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
