"""What disks, programs and people do to files: bytes lost, values replaced, rows repeated. Each by a die, each told."""

import csv
import io
import json
import random
import sqlite3
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import MergedCell

from tests.fuzz.any_value import TEXTS, value

Damage = Callable[[bytes, random.Random], bytes]
SPLINTERS = (
    *(b"<", b"</", b"/>", b'"', b"&", b"&#0;", b"\xff\xfe", b"-1", b"99999999999", b"1E999", b"XFE1", b"A1:XFD1048576"),
    *(b't="s"', b't="d"', b't="e"', b"<f>", b"<!--", b"<!DOCTYPE a>", b"UTF-99", b"{{ bill.total }}", b"\x1b[2J"),
)
MARKS = (
    *("{{", "}}", "{{ bill.total }}", "{{ bill.nothing }}", "{{ line.amount }}", "{{ line.title }} {{ line.amount }}"),
    *("{{ customer.PO }}", "{{ line.figures.price }}", "{{ group.name }}", "{{ page.number }}", "{{ usage.day }}"),
    *(
        "{{ line.",
        "{{ }}",
        "{{ line.amount | money }}",
        "=SUM({{ line.amount }})",
        "={{ line.amount }}*2",
        "=A1",
        "=Z99",
    ),
    *("{% for line in lines %}", "{{ 总额 }}", "{{ line.amount }}" * 50),
)
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 7, 10**30, 1e308, float("nan"), "", " ", "x" * 5_000, "é " * 3_000, "a\0b", "\ud800"),
    *("=1/0", "=A1", "=" + "(" * 500, "~0", "~-1", "~99999", "~x", "A0", "XFE1", "A1048577", "C8:A1", "A1:XFD1048576"),
    *(
        "../../../etc/passwd",
        "/etc/passwd",
        "'text",
        "'",
        "2026-13",
        "9999-12",
        "\x1b[2J",
        "NaN",
        "1E999",
        "-5",
        "1.000",
    ),
    *([], {}, [[]], {"a": {"b": []}}, ["x"] * 3, [None, None], ["a", "b"], {"A1": "=1"}, {"": ""}),
)


def in_bytes(content: bytes, dice: random.Random) -> bytes:
    """Some bytes changed, lost or put in, or the end cut off."""
    if dice.random() < 0.2:
        return content[: dice.randrange(len(content) + 1)]
    changed = bytearray(content)
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(len(changed) or 1)
        match dice.randrange(3):
            case 0:
                changed[at : at + 1] = bytes([dice.randrange(256)])
            case 1:
                del changed[at : at + dice.randint(1, 40)]
            case _:
                changed[at:at] = dice.choice((*SPLINTERS, dice.randbytes(6)))
    return bytes(changed)


def in_parts(content: bytes, dice: random.Random) -> bytes:
    """Splinters in the XML of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    names = [name for name in parts if name.endswith((".xml", ".rels"))]
    name = dice.choice([*(name for name in names if "sheet" in name), *names])
    changed = bytearray(parts[name])
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(changed))
        changed[at : at + dice.randint(0, 6)] = dice.choice(SPLINTERS)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part, text in parts.items():
            archive.writestr(part, bytes(changed) if part == name else text)
    return out.getvalue()


def in_cells(content: bytes, dice: random.Random) -> bytes:
    """Any value in some cells of a workbook, marks of templates among them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl's, of what it does not keep
        workbook = openpyxl.load_workbook(io.BytesIO(content))
    for _ in range(dice.choice((1, 1, 2, 5, 20))):
        sheet = dice.choice(workbook.worksheets)
        cell = sheet.cell(dice.randint(1, sheet.max_row + 1), dice.randint(1, sheet.max_column + 1))
        if not isinstance(cell, MergedCell):
            cell.value = dice.choice(MARKS) if dice.random() < 0.4 else value(dice)  # type: ignore[assignment]
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def in_json(content: bytes, dice: random.Random) -> bytes:
    """A JSON text with some of its values replaced, taken away or called otherwise."""
    tree: Any = json.loads(content)
    for _ in range(dice.choice((1, 1, 1, 2, 5))):
        box, key = dice.choice(_boxes(tree) or [([tree], 0)])
        match dice.randrange(4):
            case 0 if isinstance(box, dict):
                box[str(dice.choice(ODD))] = box.pop(key)
            case 1:
                del box[key]
            case _:
                box[key] = dice.choice(ODD)
    return json.dumps(tree, ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass")


def _boxes(tree: Any) -> list[tuple[Any, Any]]:
    """Every place in a tree, those near its root as likely as the many below: one of a depth chosen alike."""
    depths: list[list[tuple[Any, Any]]] = []
    level = [tree]
    while level:
        places = [(box, key) for box in level for key in (box if isinstance(box, dict) else range(len(box)))]
        depths.append(places)
        level = [box[key] for box, key in places if isinstance(box[key], (dict, list))]
    fewest = min((len(places) for places in depths if places), default=0)
    return [place for places in depths for place in places[:: max(len(places) // max(fewest, 5), 1)]]


def in_rows(content: bytes, dice: random.Random) -> bytes:
    """A csv with some of its cells replaced, and rows lost or repeated."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    for _ in range(dice.choice((1, 1, 2, 4))):
        row = dice.choice(rows)
        match dice.randrange(5):
            case 0:
                rows.insert(dice.randrange(len(rows) + 1), list(row))
            case 1 if len(rows) > 1:
                rows.remove(row)
            case 2:
                row.insert(dice.randrange(len(row) + 1), str(value(dice)))
            case _ if row:
                row[dice.randrange(len(row))] = str(dice.choice((value(dice), dice.choice(TEXTS), *ODD[:15])))
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


def in_tables(content: bytes, dice: random.Random) -> bytes:
    """A SQLite file with some of its values replaced and rows deleted, as somebody with a SQL tool does."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.sqlite")
        path.write_bytes(content)
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        known = connection.execute("SELECT type, name FROM sqlite_master").fetchall()
        for name in (name for kind, name in known if kind == "trigger"):
            connection.execute(f'DROP TRIGGER "{name}"')
        tables = [name for kind, name in known if kind == "table" and not name.startswith("sqlite_")]
        for _ in range(dice.choice((1, 1, 2, 4))):
            _in_table(connection, dice.choice(tables), dice)
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.close()
        return path.read_bytes()


def _in_table(connection: sqlite3.Connection, table: str, dice: random.Random) -> None:
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is None:
        return  # it is gone already
    columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
    (count,) = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()
    row = dice.randrange(count or 1)
    chosen = f'rowid = (SELECT rowid FROM "{table}" LIMIT 1 OFFSET {row})'
    odd = dice.choice([one for one in ODD if not isinstance(one, (list, dict)) and one not in (10**30, "\ud800")])
    try:
        if dice.random() < 0.1:
            connection.execute(f'DROP TABLE "{table}"')
        elif dice.random() < 0.2:
            connection.execute(f'DELETE FROM "{table}" WHERE {chosen}')
        else:
            connection.execute(f'UPDATE "{table}" SET "{dice.choice(columns)}" = ? WHERE {chosen}', (odd,))
    except sqlite3.Error:  # a key that stands twice, a table without row numbers: nothing is damaged
        return
