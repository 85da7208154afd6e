"""The register as text: `register.csv` and `lines.csv`, which Excel opens as they are, and which execute nothing.

They are UTF-8 with a byte order mark, without which Excel takes Chinese for something else. A text that a spreadsheet
would take for a formula gets an apostrophe; a number never does.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from xlbill.inert import inert
from xlbill.money import plain, round_half_up
from xlbill.register.columns import FieldValue, Holds
from xlbill.register.tables import Register, RegisterTable

BOM = "\ufeff"


def register_csv(register: Register) -> str:
    """A row for each bill, whatever its currency."""
    return "".join(csv_lines(register.customers))


def lines_csv(register: Register) -> str:
    """A row for each line of each bill."""
    return "".join(csv_lines(register.lines))


def write_csv(table: RegisterTable, path: Path) -> None:
    """A table into a file, row by row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(csv_lines(table))


def csv_lines(table: RegisterTable) -> Iterator[str]:
    """The lines of a table's file."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)

    def line(values: Iterable[str]) -> str:
        written.seek(0)
        written.truncate()
        writer.writerow(values)
        return written.getvalue()

    yield BOM + line(str(column.heading) for column in table.columns)
    for row in table.rows:
        yield line(
            csv_value(value, row.decimals if column.kind is Holds.MONEY else None)
            for column, value in zip(table.columns, row.values, strict=True)
        )


def csv_value(value: FieldValue, decimals: int | None = None) -> str:
    """A value as text that stays what it is in a spreadsheet: `=A1` becomes `'=A1`, -120.50 stays."""
    if isinstance(value, Decimal):
        return plain(value) if decimals is None else f"{round_half_up(value, decimals):f}"
    if isinstance(value, date):
        return value.isoformat()
    return inert(value) if value is not None else ""
