"""What the process that reads tells the one that asked: plain values, pickled, each with its length before it.

("sheet", name, hidden, about) begins a sheet, ("rows", rows, marks) are rows of it with their numbers, ("end",) is the
end. `marks` say of cells what their values do not: the position in `rows`, the position in the row, and the mark.
"""

import pickle
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

ROWS_AT_A_TIME = 2_000
BLANK = ("", None)

Format = str | int
"""The text of a number's format, or its number where the file leaves the text to the program."""
Mark = tuple[str, float | str | bool] | tuple[str, float, Format]
"""("number", figure, format), ("error", "#N/A") or ("truth", True): what a cell holds."""
Marks = dict[int, Mark]
"""The marks of a row by the position of the cell, from 0 on."""


class FailedError(Exception):
    """A file that cannot be read; its text is the code of the problem."""


@dataclass(slots=True)
class About:
    """What is hidden or merged in a sheet (rows and columns from 1 on), and how its days are counted.

    `merged` are first row, first column, last row and last column.
    """

    from_1904: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


def send(out: BinaryIO, message: tuple[object, ...]) -> None:
    """One message."""
    data = pickle.dumps(message, protocol=5)
    out.write(len(data).to_bytes(4, "little") + data)


def send_sheet(out: BinaryIO, name: str | None, hidden: bool = False, about: About | None = None) -> None:
    """A sheet begins; the one table of a parquet file has no name."""
    about = about or About()
    parts = (about.from_1904, about.hidden_rows, about.hidden_columns, about.merged)
    send(out, ("sheet", name, hidden, parts))


def send_rows(
    out: BinaryIO, rows: Iterable[Any], first: int = 1, marks_of: Callable[[int], Marks] | None = None
) -> None:
    """The rows of a sheet that hold anything, with their numbers and marks; they start in column A."""
    batch: list[tuple[int, Any]] = []
    marked: list[tuple[int, int, Mark]] = []
    for number, row in enumerate(rows, start=first):
        marks = marks_of(number) if marks_of is not None else None
        if marks or (row and (row[0] not in BLANK or any(value not in BLANK for value in row))):
            for at, mark in (marks or {}).items():
                marked.append((len(batch), at, mark))
            batch.append((number, row))
            if len(batch) == ROWS_AT_A_TIME:
                send(out, ("rows", batch, marked))
                batch, marked = [], []
    send(out, ("rows", batch, marked))
