"""The lines of a run as a parquet file, for whoever computes with them: made from its `lines.csv`.

A column is called by its key (`amount`), its heading stands in the field's metadata. Figures are exact decimals, days
are days, choices their codes (`usage`, `prepaid`); a draft has no number. Money has at least four decimals and other
figures twelve, so that the files of ordinary months have one schema and can be read together.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import islice
from pathlib import Path
from typing import Any

from xlbill.cells import Place
from xlbill.inert import as_it_was
from xlbill.problems import Problem, problem
from xlbill.register.columns import DRAFT, KINDS, LINE_COLUMNS, NO_APP, PAYS, Field, Holds

DIGITS = 38  # of a decimal128
ROWS_AT_A_TIME = 20_000
_DECIMALS = {Holds.MONEY: 4, Holds.PRICE: 12, Holds.QUANTITY: 12}
_CODES: Mapping[str, Mapping[str, str | None]] = {
    "kind": {str(label): code for code, label in KINDS.items()},
    "pay": {str(label): code for code, label in PAYS.items()},
    "number": {str(DRAFT): None},
    "app": {NO_APP: None},
}

LinesFile = tuple[Path, str]
"""A file with lines, and how problems call it."""


def write_lines_parquet(files: Sequence[LinesFile], decimals: Mapping[str, int], path: Path) -> None:
    """The lines of some files as one table; `decimals` says how many each column of figures has."""
    import pyarrow
    from pyarrow import parquet

    schema = pyarrow.schema([_field(pyarrow, column, decimals) for column in LINE_COLUMNS])
    rows = (row for file, _ in files for _, row in _rows(file))
    with parquet.ParquetWriter(path, schema) as writer:
        while batch := list(islice(rows, ROWS_AT_A_TIME)):
            columns = [[_value(column, row, decimals) for row in batch] for column in LINE_COLUMNS]
            writer.write_batch(pyarrow.record_batch(columns, schema=schema))


def decimals_needed(files: Sequence[LinesFile]) -> tuple[dict[str, int], Problem | None]:
    """How many decimals each column of figures takes, and the figure that no exact column has room for, if any.

    Such a column gets as many as there is room for.
    """
    needed = {column.key: _DECIMALS[column.kind] for column in LINE_COLUMNS if column.kind in _DECIMALS}
    whole = dict.fromkeys(needed, 1)
    longest: dict[str, tuple[Place, str]] = {}
    for file, shown in files:
        for number, row in _rows(file):
            for column in LINE_COLUMNS:
                heading = str(column.heading)
                text = row.get(heading) if column.key in needed else None
                before, _, behind = (text or "").lstrip("-").partition(".")
                if not text or (len(behind) <= needed[column.key] and len(before) <= whole[column.key]):
                    continue
                place = Place(shown, None, number, [*row].index(heading) + 1)
                if len(behind) > needed[column.key]:
                    needed[column.key], longest[column.key] = len(behind), (place, text)
                whole[column.key] = max(whole[column.key], len(before))
                longest.setdefault(column.key, (place, text))
    over = next((key for key, decimals in needed.items() if decimals + whole[key] > DIGITS), None)
    if over is None:
        return needed, None
    place, text = longest[over]
    room = {key: min(decimals, DIGITS - whole[key]) for key, decimals in needed.items()}
    return room, problem("figure-beyond-parquet", place, found=text)


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a file with lines, by their headings, each with its number."""
    with file.open(encoding="utf-8-sig", newline="") as text:
        yield from enumerate(csv.DictReader(text), start=2)


def _field(pyarrow: Any, column: Field, decimals: Mapping[str, int]) -> Any:
    if column.key in decimals:
        kind = pyarrow.decimal128(DIGITS, decimals[column.key])
    else:
        kind = pyarrow.date32() if column.kind is Holds.DATE else pyarrow.string()
    return pyarrow.field(column.key, kind, metadata={"heading": str(column.heading)})


def _value(column: Field, row: Mapping[str, str], decimals: Mapping[str, int]) -> str | Decimal | date | None:
    """A value of a line: the inverse of how its csv was written."""
    text = row.get(str(column.heading)) or None
    if text is None:
        return None
    if column.key in decimals:
        with localcontext(prec=2 * DIGITS):
            return Decimal(text).quantize(Decimal(1).scaleb(-decimals[column.key]), ROUND_HALF_UP)
    if column.kind is Holds.DATE:
        return date.fromisoformat(text)
    plain = as_it_was(text)
    return _CODES.get(column.key, {}).get(plain, plain)
