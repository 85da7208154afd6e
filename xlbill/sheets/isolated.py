"""Files that are read in a process of their own, with limits on memory and time: xls, xlsb, ods, parquet, and bulk.

xlsx is parsed here, by expat, whose memory is bounded by what it is fed. The other formats are parsed by calamine, xlrd
and pyarrow, which a hostile file can make abort. A process costs some 30 ms, and is started for each such file: nothing
is kept between files, so that nothing has to be cleaned up, and forks of the caller never share a pipe.
"""

import io
import math
import pickle
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from xlbill.apart import child
from xlbill.apart.messages import Mark
from xlbill.formula import ExcelError
from xlbill.sheets.cell import Raw, exact
from xlbill.sheets.safety import Format
from xlbill.sheets.values import visible
from xlbill.sheets.xlsx import Style, Unreadable, style_of
from xlbill.sheets.xlsx_sheet import error_of, figure_of

BASE_SECONDS, SECONDS_PER_MEBIBYTE = 8.0, 1.5  # a small file gets 8 s, a million rows (25 MiB) 45 s
SECONDS_PER_ROW, MOST_ROWS = 0.0002, 20_000_000  # of what says how long it is: bytes tell nothing of a packed table
_OURS = {("datetime", name) for name in ("date", "datetime", "time", "timedelta")} | {("decimal", "Decimal")}


@dataclass(frozen=True, slots=True)
class SheetBegins:
    """The rows that follow belong to this sheet; the one table of a parquet file has no name.

    What is hidden and merged in it is told as `SheetCells` tells it.
    """

    name: str | None
    hidden: bool
    from_1904: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: Sequence[tuple[int, int, int, int]] = ()


@dataclass(frozen=True, slots=True)
class RowsFollow:
    """Rows that hold anything, with their numbers; values from column A on, '' for blank, numbers still floats.

    Numbers with a format, and errors, are `Raw` already; `styles` are those of the formats, by row and column.
    """

    rows: list[tuple[int, list[Any]]]
    styles: Mapping[tuple[int, int], Style] = field(default_factory=dict)


def read_isolated(path: Path, kind: Format) -> Generator[SheetBegins | RowsFollow, None, None]:
    """The sheets of a workbook, a few thousand rows at a time; raises Unreadable with the code of the problem."""
    process = subprocess.Popen(
        [sys.executable, "-S", "-E", "-P", child.__file__, kind.name, str(path.absolute()), *filter(None, sys.path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    seconds = BASE_SECONDS + SECONDS_PER_MEBIBYTE * path.stat().st_size / 2**20
    allowed = TimeAllowed(process, seconds)
    try:
        yield from _messages(process.stdout, allowed)
    finally:
        allowed.timer.cancel()
        process.kill()
        process.stdout.close()
        process.wait()


class TimeAllowed:
    """The time that a process has, after which it is ended."""

    def __init__(self, process: "subprocess.Popen[bytes]", seconds: float) -> None:
        self._process, self.over = process, False
        self.timer = threading.Timer(seconds, self._end)
        self.timer.start()

    def more(self, seconds: float) -> None:
        """So many seconds from now on."""
        self.timer.cancel()
        self.timer = threading.Timer(seconds, self._end)
        self.timer.start()

    def _end(self) -> None:
        self.over = True
        self._process.kill()


def _messages(pipe: IO[bytes], allowed: TimeAllowed) -> Iterator[SheetBegins | RowsFollow]:
    from_1904 = False
    while True:
        match _receive(pipe):
            case ("length", rows):
                allowed.more(BASE_SECONDS + min(rows, MOST_ROWS) * SECONDS_PER_ROW)
            case ("sheet", name, hidden, (from_1904, rows, columns, merged)):
                yield SheetBegins(name, hidden, from_1904, frozenset(rows), frozenset(columns), merged)
            case ("rows", rows, marks):
                yield RowsFollow(rows, _marked(rows, marks, from_1904))
            case ("end",):
                return
            case ("failed", code):
                raise Unreadable(code)
            case _:  # it died without a word: killed by our timer, or by its limit on memory
                raise Unreadable("file-takes-too-long" if allowed.over else "file-takes-too-much-memory")


def _marked(
    rows: list[tuple[int, list[Any]]], marks: Sequence[tuple[int, int, Mark]], from_1904: bool
) -> Mapping[tuple[int, int], Style]:
    """Put what is said of cells in place of their values; the styles of those that are numbers with a format."""
    styles: dict[tuple[int, int], Style] = {}
    for position, at, mark in marks:
        number, values = rows[position]
        values.extend([""] * (at + 1 - len(values)))
        match mark:
            case ("number", float(figure), code):
                if math.isfinite(figure):
                    styles[number, at + 1] = style = style_of(code)
                    values[at] = figure_of(exact(figure), style, from_1904)
            case ("error", str(text)):
                values[at] = error_of(text)
            case ("truth", bool(truth)):
                values[at] = truth
    return styles


def _receive(pipe: IO[bytes]) -> Any:
    length = pipe.read(4)
    data = pipe.read(int.from_bytes(length, "little")) if len(length) == 4 else b""
    if not data:
        return None
    try:
        return _ValuesOnly(io.BytesIO(data)).load()
    except (pickle.UnpicklingError, EOFError):
        return None  # cut off when the process ended


class _ValuesOnly(pickle.Unpickler):
    """Takes plain values, dates and decimals, and nothing else, from the other process."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _OURS:
            raise pickle.UnpicklingError(f"{module}.{name}")
        return super().find_class(module, name)


def value_of(value: Any) -> Raw:
    """A value as calamine gives it, made exact; one that is exact already as it is."""
    if isinstance(value, str):
        return value if visible(value) else None
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        if isinstance(value, int):
            return Decimal(value)
        return exact(value) if math.isfinite(value) else str(value)
    if isinstance(value, datetime):
        return value if value.time() != time() else value.date()
    if isinstance(value, (time, timedelta)):
        return str(value)
    return value if isinstance(value, (date, Decimal, ExcelError)) else None
