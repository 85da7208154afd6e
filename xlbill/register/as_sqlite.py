"""The register as a database: `results.sqlite`, which SQL, pandas, DuckDB and polars read without a workbook.

Columns are called by the keys of the register's. Figures are decimals as text, exact to the last digit (`CAST(amount AS
REAL)` adds them up roughly); dates are 2026-04-30. Rows come one by one, however many there are.
"""

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path

from xlbill.databases import refusal_of_sqlite
from xlbill.money import plain, round_half_up
from xlbill.register.columns import Field, FieldValue, Holds, RegisterRow
from xlbill.register.tables import Register

AT_ONCE = 500
"""So many rows are handed to SQLite at once."""

_LIBRARY_VERSION = 96  # where the header says which SQLite wrote the file: of that alone bytes would differ


def write_sqlite(register: Register, path: Path) -> None:
    """The tables `bills` and `lines` of a run into a new file; the same rows give the same bytes.

    What the disk refuses is an OSError, as it is of any other file.
    """
    path.unlink(missing_ok=True)
    try:
        _write(register, path)
    except sqlite3.OperationalError as error:
        raise refusal_of_sqlite(error, str(path)) or error from error
    with path.open("r+b") as file:
        file.seek(_LIBRARY_VERSION)
        file.write(bytes(4))


def _write(register: Register, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = OFF")  # the file is moved into its place when it is whole
        database.execute("PRAGMA synchronous = OFF")
        database.execute("BEGIN")
        _fill(database, "bills", register.customers.columns, register.customers.rows)
        _fill(database, "lines", register.lines.columns, register.lines.rows)
        database.execute("CREATE INDEX lines_of_customer ON lines (customer)")
        database.execute("COMMIT")


def _fill(database: sqlite3.Connection, table: str, columns: Collection[Field], rows: Collection[RegisterRow]) -> None:
    named = ", ".join(f'"{column.key}" TEXT' for column in columns)
    database.execute(f"CREATE TABLE {table} ({named})")
    insert = f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})"
    values = _values(columns, rows)
    while some := list(islice(values, AT_ONCE)):
        database.executemany(insert, some)


def _values(columns: Collection[Field], rows: Collection[RegisterRow]) -> Iterator[list[str | None]]:
    for row in rows:
        yield [
            _stored(value, row.decimals if column.kind is Holds.MONEY else None)
            for column, value in zip(columns, row.values, strict=True)
        ]


def _stored(value: FieldValue, decimals: int | None) -> str | None:
    """A value as text without loss; nothing is NULL, and a text stays as it is: a database executes none."""
    if isinstance(value, Decimal):
        return plain(value) if decimals is None else f"{round_half_up(value, decimals):f}"
    if isinstance(value, date):
        return value.isoformat()
    return value or None
