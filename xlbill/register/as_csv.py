"""The register as text: `register.csv` and `lines.csv`, which Excel opens as they are, and which execute nothing.

They are UTF-8 with a byte order mark, without which Excel takes Chinese for something else. A text that a spreadsheet
would take for a formula gets an apostrophe; a number never does.
"""

import csv
import io
from datetime import date
from decimal import Decimal

from xlbill.inert import inert
from xlbill.money import plain, round_half_up
from xlbill.register.columns import FieldValue, Holds
from xlbill.register.tables import Register, RegisterTable

BOM = "\ufeff"


def register_csv(register: Register) -> str:
    """A row for each bill, whatever its currency."""
    return _csv(register.customers)


def lines_csv(register: Register) -> str:
    """A row for each line of each bill."""
    return _csv(register.lines)


def _csv(table: RegisterTable) -> str:
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow([str(column.heading) for column in table.columns])
    for row in table.rows:
        writer.writerow([csv_value(c.get(row), row.decimals if c.kind is Holds.MONEY else None) for c in table.columns])
    return BOM + written.getvalue()


def csv_value(value: FieldValue, decimals: int | None = None) -> str:
    """A value as text that stays what it is in a spreadsheet: `=A1` becomes `'=A1`, -120.50 stays."""
    if isinstance(value, Decimal):
        return plain(value) if decimals is None else f"{round_half_up(value, decimals):f}"
    if isinstance(value, date):
        return value.isoformat()
    return inert(value) if value is not None else ""
