"""What an entry says, in the columns of the other tables: the one way in which these are ever written.

So the tables can be made anew from the entries alone, and `xlbill ledger verify` holds the two against each other.
"""

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from xlbill.ledger.chain import Entry

PROJECTED = (
    *("runs", "inputs", "bills", "taxes", "lines", "figures", "adjustments", "files", "holdings", "movements"),
    "payments",
)
"""The tables that follow from the entries."""


def project(connection: sqlite3.Connection, entry: Entry) -> None:
    """Write what an entry says into the tables; every kind may move holdings."""
    _KINDS[entry.kind](connection, entry)
    for position, movement in enumerate(entry.content.get("movements", ()), start=1):
        holding = _holding(connection, movement["holding"])
        _insert(
            connection,
            "movements",
            entry=entry.entry,
            position=position,
            holding=holding,
            date=entry.date,
            word=movement["word"],
            quantity=movement["quantity"],
            number=movement["number"],
        )


def _opened(connection: sqlite3.Connection, entry: Entry) -> None:
    """The ledger's own first entry says nothing that another table holds."""


def _run(connection: sqlite3.Connection, entry: Entry) -> None:
    content = entry.content
    _insert(connection, "runs", run=entry.entry, doing=content["doing"], at=content["at"])
    for name, sha256 in content["inputs"].items():
        _insert(connection, "inputs", run=entry.entry, name=name, sha256=sha256)


def _issued(connection: sqlite3.Connection, entry: Entry) -> None:
    _bill(connection, entry, "invoice", received=entry.content["received"], due_on=entry.content["due_on"])
    for adjustment in entry.content["adjustments"]:
        _insert(connection, "adjustments", number=entry.content["number"], **adjustment)


def _credited(connection: sqlite3.Connection, entry: Entry) -> None:
    content = entry.content
    connection.execute("UPDATE bills SET standing = 0 WHERE number = ?", (content["of"],))
    _bill(connection, entry, "credit", received="0", of=content["of"], reason=content["reason"])


def _paid(connection: sqlite3.Connection, entry: Entry) -> None:
    keys = ("run", "customer", "currency", "amount", "payer", "reference", "file", "row", "identity")
    own = {key: entry.content[key] for key in keys}
    _insert(connection, "payments", entry=entry.entry, date=entry.date, **own)


def _deducted(connection: sqlite3.Connection, entry: Entry) -> None:
    """What is deducted from a wallet is its movements."""


_KINDS: Mapping[str, Callable[[sqlite3.Connection, Entry], None]] = {
    "opened": _opened,
    "run": _run,
    "issued": _issued,
    "credited": _credited,
    "paid": _paid,
    "deducted": _deducted,
}


def _bill(connection: sqlite3.Connection, entry: Entry, kind: str, **own: Any) -> None:
    content = entry.content
    keys = ("number", "run", "series", "seq", "customer", "month", "region", "currency", "decimals")
    shared = {key: content[key] for key in (*keys, "prepaid", "due", "total")}
    standing = int(kind == "invoice")
    names = {"name_zh": content["name"]["zh"], "name_en": content["name"]["en"]}
    row = {**shared, **names, **own, "entry": entry.entry, "kind": kind, "issued": entry.date, "standing": standing}
    _insert(connection, "bills", **row)
    for position, tax in enumerate(content["taxes"], start=1):
        _insert(connection, "taxes", number=content["number"], position=position, **tax)
    for position, line in enumerate(content["lines"], start=1):
        _line(connection, content["number"], position, line)
    for name, sha256 in content["files"].items():
        _insert(connection, "files", number=content["number"], name=name, sha256=sha256)


def _line(connection: sqlite3.Connection, number: str, position: int, line: Mapping[str, Any]) -> None:
    keys = ("kind", "app", "product", "item", "pay", "first", "last", "edition", "contract", "amount")
    labels = {f"{key}_{language}": line[key][language] for key in ("group", "title") for language in ("zh", "en")}
    own = {key: line[key] for key in keys}
    _insert(connection, "lines", number=number, position=position, **own, **labels)
    for name, value in line["figures"].items():
        _insert(connection, "figures", number=number, position=position, name=name, value=value)


def _holding(connection: sqlite3.Connection, holding: Mapping[str, str]) -> int:
    """The number of a holding, which is made where it is new."""
    wanted = tuple(holding[key] for key in ("customer", "kind", "app", "of", "since"))
    sql = 'SELECT holding FROM holdings WHERE customer = ? AND kind = ? AND app = ? AND "of" = ? AND since = ?'
    if (row := connection.execute(sql, wanted).fetchone()) is not None:
        return int(row["holding"])
    return _insert(connection, "holdings", **holding)


def _insert(connection: sqlite3.Connection, table: str, **row: Any) -> int:
    columns, marks = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
    cursor = connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", tuple(row.values()))
    return int(cursor.lastrowid or 0)
