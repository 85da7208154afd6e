"""Binary workbooks: values through python-calamine, and from their records what it is silent about.

That is the formats of numbers, errors, and what is hidden or merged. The records are those of [MS-XLSB], section 2.
"""

import struct
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from typing import IO, BinaryIO
from xml.parsers import expat

from xlbill.apart import bulk
from xlbill.apart.messages import About, Format, Mark, Marks

_ROW, _CELL_RK, _CELL_ERROR, _CELL_REAL, _FORMULA_NUMBER, _FORMULA_ERROR = 0, 2, 3, 5, 9, 11
_FORMAT, _KIND_OF_CELL, _COLUMNS, _PROPERTIES, _SHEET, _MERGED = 44, 47, 60, 153, 156, 176
_KINDS_BEGIN, _KINDS_END = 617, 618
_ROW_IS_HIDDEN, _COLUMN_IS_HIDDEN, _FROM_1904 = 0x10, 0x01, 0x01
_GENERAL = 0
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_BOOK = "xl/workbook.bin"


def read(path: str, out: BinaryIO) -> None:
    """The worksheets of a workbook."""
    with zipfile.ZipFile(path) as archive:
        book = _Book(archive)
        bulk.read(path, out, book.details)


class _Book:
    """The parts of a workbook, found by the names of sheets."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._parts = {name.lower(): name for name in archive.namelist()}
        self._from_1904 = False
        targets = self._targets()
        self._sheets: dict[str, str] = {}
        for kind, data in self._records(_BOOK):
            if kind == _SHEET:
                identity, at = _text(data, 8)
                self._sheets[_text(data, at)[0]] = targets.get(identity, "")
            elif kind == _PROPERTIES:
                self._from_1904 = bool(data[0] & _FROM_1904)
        self._formats = self._formats_of_cells()

    def details(self, sheet: str) -> tuple[About, Callable[[int], Marks]]:
        """What is hidden and merged in a sheet, and the marks of its rows."""
        about, marks, row = About(self._from_1904), dict[int, Marks](), 0
        for kind, data in self._records(self._sheets[sheet]):
            if kind == _ROW:
                row = int.from_bytes(data[:4], "little") + 1
                if data[11] & _ROW_IS_HIDDEN or data[8:10] == b"\0\0":
                    about.hidden_rows.add(row)
            elif kind in _READERS:
                if (mark := self._mark(kind, data)) is not None:
                    marks.setdefault(row, {})[int.from_bytes(data[:4], "little")] = mark
            elif kind == _COLUMNS and data[16] & _COLUMN_IS_HIDDEN:
                first, last = struct.unpack_from("<II", data)
                about.hidden_columns.update(range(first + 1, min(last, 16_383) + 2))
            elif kind == _MERGED:
                top, bottom, left, right = struct.unpack_from("<IIII", data)
                about.merged.append((top + 1, left + 1, bottom + 1, right + 1))
        return about, lambda number: marks.get(number, {})

    def _mark(self, kind: int, data: bytes) -> Mark | None:
        value = _READERS[kind](data)
        if isinstance(value, str):
            return ("error", value)
        style = int.from_bytes(data[4:7], "little")
        code = self._formats[style] if style < len(self._formats) else _GENERAL
        return None if code == _GENERAL else ("number", value, code)

    def _formats_of_cells(self) -> list[Format]:
        codes: dict[int, str] = {}
        formats: list[Format] = []
        inside = False
        for kind, data in self._records("xl/styles.bin"):
            if kind == _FORMAT:
                codes[int.from_bytes(data[:2], "little")] = _text(data, 2)[0]
            elif kind in (_KINDS_BEGIN, _KINDS_END):
                inside = kind == _KINDS_BEGIN
            elif kind == _KIND_OF_CELL and inside:
                number = int.from_bytes(data[2:4], "little")
                formats.append(codes.get(number, number))
        return formats

    def _targets(self) -> dict[str, str]:
        """The parts that the workbook refers to, by their ids."""
        found: dict[str, str] = {}

        def each(name: str, attributes: dict[str, str]) -> None:
            if name.rpartition(":")[2] == "Relationship":
                target = attributes.get("Target", "")
                found[attributes.get("Id", "")] = target[1:] if target.startswith("/") else f"xl/{target}"

        parser = expat.ParserCreate()
        parser.StartElementHandler = each
        parser.Parse(self._archive.read(self._parts["xl/_rels/workbook.bin.rels"]), True)
        return found

    def _records(self, part: str) -> Iterator[tuple[int, bytes]]:
        """The records of a part: their kind and their content."""
        name = self._parts.get(part.lower())
        if name is None:
            return
        with self._archive.open(name) as file:
            while (kind := _number(file, 2)) is not None:
                size = _number(file, 4) or 0
                yield kind, file.read(size)


def _number(file: IO[bytes], most: int) -> int | None:
    """A number in bytes of seven bits, as kinds and sizes of records are; None at the end of the part."""
    value = 0
    for at in range(most):
        byte = file.read(1)
        if not byte:
            return None
        value |= (byte[0] & 0x7F) << (7 * at)
        if byte[0] < 0x80:
            break
    return value


def _text(data: bytes, at: int) -> tuple[str, int]:
    """A text and where it ends; none is written as a length of all ones."""
    length = int.from_bytes(data[at : at + 4], "little")
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * length
    return data[at + 4 : end].decode("utf-16-le"), end


def _real(data: bytes) -> float:
    return float(struct.unpack_from("<d", data, 8)[0])


def _small(data: bytes) -> float:
    """A number in four bytes: thirty bits of a whole or a broken one, and whether it is a hundred times as much."""
    bits = int.from_bytes(data[8:12], "little")
    if bits & 2:
        number = float(int.from_bytes(data[8:12], "little", signed=True) >> 2)
    else:
        number = float(struct.unpack("<d", b"\0\0\0\0" + (bits & 0xFFFFFFFC).to_bytes(4, "little"))[0])
    return number / 100 if bits & 1 else number


@cache
def _error_of(code: int) -> str:
    return _ERRORS.get(code, "#VALUE!")


def _error(data: bytes) -> str:
    return _error_of(data[8])


_READERS: dict[int, Callable[[bytes], float | str]] = {
    _CELL_RK: _small,
    _CELL_REAL: _real,
    _FORMULA_NUMBER: _real,
    _CELL_ERROR: _error,
    _FORMULA_ERROR: _error,
}
