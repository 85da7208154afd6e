"""A large text file as columns, some hundred thousand rows at a time: read by polars (extra `bulk`), as the csv module
would read it.

A block of lines is plain where each line is a row and each quoted value is quoted as a whole, without separators, line
breaks or quotes in it. From the first block on that has other quotes the csv module reads, for only it knows where a
row ends; a block that is unlike in another way (more values than headings, a lone carriage return) it reads alone.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from pathlib import Path
from typing import BinaryIO

import polars as pl

from xlbill.sheets.text import TextForm

BLOCK_BYTES, ROWS_AT_A_TIME = 16 * 2**20, 200_000
_QUOTE = '"'


@dataclass(frozen=True, slots=True)
class ColumnBlock:
    """Some rows as columns of text, named by their positions from 0 on; what is blank is null or ''.

    `first` is the number of the first row. `long` are rows, by their position, that have more values than the sheet has
    columns.
    """

    first: int
    frame: pl.DataFrame
    long: Mapping[int, Sequence[str]] = field(default_factory=dict)

    def rows(self, positions: Sequence[int]) -> Iterator[tuple[int, Sequence[str | None]]]:
        """Some of the rows, each with its number."""
        for position, values in zip(positions, self.frame[positions].iter_rows(), strict=True):
            yield self.first + position, self.long.get(position, values)


def column_blocks(path: Path, form: TextForm, after: int) -> Iterator[ColumnBlock]:
    """The rows behind the row of the headings, whose number is `after`; csv.Error where a value is too long."""
    with path.open("rb") as file:
        at, number, width = 0, 1, 0
        if form.encoding.startswith("utf-8"):
            file.seek(3 if form.encoding == "utf-8-sig" else 0)
            if (head := _width(file, after, form.separator)) is not None:
                at, number, width = file.tell(), after + 1, head
        while width and (data := file.read(BLOCK_BYTES)):
            data += file.readline()
            frame = _frame(data, form.separator, width)
            if frame is None and b'"' in data:
                break
            if frame is not None:
                yield ColumnBlock(number, frame)
                number += frame.height
            else:
                text = io.StringIO(data.decode("utf-8"), newline="")
                for block in _from_csv(text, form.separator, number, width):
                    yield block
                    number = block.first + block.frame.height
            at = file.tell()
        else:
            if width:
                return
        file.seek(at)
        with io.TextIOWrapper(file, encoding="utf-8" if at else form.encoding, newline="") as text_file:
            yield from _behind(_from_csv(text_file, form.separator, number, width), after)


def _behind(blocks: Iterator[ColumnBlock], after: int) -> Iterator[ColumnBlock]:
    """The blocks without the rows up to the one of the headings."""
    for block in blocks:
        skipped = max(after + 1 - block.first, 0)
        if not skipped:
            yield block
        elif skipped < block.frame.height:
            long = {position - skipped: row for position, row in block.long.items() if position >= skipped}
            yield ColumnBlock(block.first + skipped, block.frame.slice(skipped), long)


def _width(file: BinaryIO, after: int, separator: str) -> int | None:
    """The number of columns in the first rows, which are read; None where a line is not a row."""
    width = 0
    for _ in range(after):
        try:
            row = next(csv.reader([file.readline().decode("utf-8")], delimiter=separator), [])
        except csv.Error:  # a lone carriage return ends a row, too
            return None
        if any("\n" in value or "\r" in value for value in row):
            return None  # a quoted value goes on in the next line
        width = max(width, len(row))
    return width


def _frame(data: bytes, separator: str, width: int) -> pl.DataFrame | None:
    """The columns of some lines; None where they are not plain."""
    if data.count(b"\r") != data.count(b"\r\n") or _has_long_line(data):
        return None
    data = data.replace(b"\r\n", b"\n")
    lines = data.count(b"\n") + (not data.endswith(b"\n"))
    names = [str(at) for at in range(width)]
    full_line = separator.encode() * (width - 1) + b"\n"  # the first line says how many columns there are
    try:
        frame = pl.read_csv(
            full_line + data,
            has_header=False,
            schema=dict.fromkeys(names, pl.String),
            infer_schema=False,
            separator=separator,
            quote_char=None,
        )
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None
    if frame.height != lines + 1:
        return None
    frame = frame.slice(1)
    return _unquoted(frame) if b'"' in data else frame


def _has_long_line(data: bytes) -> bool:
    """Whether there may be a value that the csv module refuses for its length."""
    at, most = 0, csv.field_size_limit()
    while len(data) - at > most:
        end = data.rfind(b"\n", at, at + most)
        if end < 0:
            return True
        at = end + 1
    return False


def _unquoted(frame: pl.DataFrame) -> pl.DataFrame | None:
    """The values without the quotes around them; None where quotes stand in any other way."""
    every = pl.all()
    whole = every.str.starts_with(_QUOTE) & every.str.ends_with(_QUOTE)
    whole &= every.str.count_matches(_QUOTE, literal=True) == 2
    plain = every.is_null() | ~every.str.contains(_QUOTE, literal=True) | whole
    if not all(frame.select(plain.all()).row(0)):
        return None
    return frame.with_columns(every.str.strip_chars(_QUOTE))


def _from_csv(file: io.TextIOBase, separator: str, first: int, width: int) -> Iterator[ColumnBlock]:
    """The rows of a text as the csv module reads them."""
    reader = csv.reader(file, delimiter=separator)
    while batch := list(islice(reader, ROWS_AT_A_TIME)):
        width = width or max(map(len, batch))
        columns = [*islice(zip_longest(*batch), width)]
        columns += [(None,) * len(batch)] * (width - len(columns))
        frame = pl.DataFrame({str(at): pl.Series(column, dtype=pl.String) for at, column in enumerate(columns)})
        long = {position: row for position, row in enumerate(batch) if len(row) > width}
        yield ColumnBlock(first, frame, long)
        first += len(batch)
