"""The chain: entries in the order of issue, each with the hash of its own content and of the entry before it.

An entry is canonical JSON: `{"content":{...},"date":"2026-05-01","entry":7,"kind":"issued","previous":"..."}`. Its hash
is the SHA-256 of that text, and `previous` the hash of entry 6 (of the first entry: 64 zeros). So nobody can change,
insert or take away an entry without changing the hash of every later one, and the last of them stands on the register.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from xlbill.language import Label
from xlbill.ledger.canonical import canonical, sha256_of_text
from xlbill.ledger.records import Head

FIRST = "0" * 64
"""What the first entry has for the hash of the entry before it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its place in the chain, what kind of thing happened on which day, and what exactly."""

    entry: int
    kind: str
    date: str
    content: Mapping[str, Any]
    previous: str
    text: str
    sha256: str


def next_entry(before: Head, kind: str, day: date, content: Mapping[str, Any]) -> Entry:
    """The entry that follows a head."""
    whole = {
        "entry": before.entry + 1,
        "kind": kind,
        "date": day.isoformat(),
        "previous": before.sha256,
        "content": content,
    }
    text = canonical(whole)
    said = json.loads(text)["content"]  # what stands in the text, in its order
    return Entry(before.entry + 1, kind, day.isoformat(), said, before.sha256, text, sha256_of_text(text))


def head(connection: sqlite3.Connection) -> Head:
    """The head of a ledger's chain; of an empty one entry 0 and 64 zeros."""
    row = connection.execute("SELECT entry, sha256 FROM entries ORDER BY entry DESC LIMIT 1").fetchone()
    return Head(row["entry"], row["sha256"]) if row else Head(0, FIRST)


def entries(connection: sqlite3.Connection) -> Iterator[Entry]:
    """All entries in order, as they stand there; the chain was looked at before (`first_break`)."""
    for row in connection.execute("SELECT * FROM entries ORDER BY entry"):
        content = json.loads(row["text"])["content"]
        yield Entry(row["entry"], row["kind"], row["date"], content, row["previous"], row["text"], row["sha256"])


def first_break(connection: sqlite3.Connection, start: int = 1) -> tuple[int, Label] | None:
    """The first entry, from `start` on, that is not what it says or does not follow the one before it; and why."""
    before = connection.execute("SELECT entry, sha256 FROM entries WHERE entry = ?", (start - 1,)).fetchone()
    last = Head(before["entry"], before["sha256"]) if before else Head(start - 1, FIRST)
    for row in connection.execute("SELECT * FROM entries WHERE entry >= ? ORDER BY entry", (start,)):
        if (why := _break(row, last)) is not None:
            return last.entry + 1, why
        last = Head(row["entry"], row["sha256"])
    return None


def _break(row: sqlite3.Row, last: Head) -> Label | None:
    """Why an entry does not follow the head before it, None where it does."""
    if row["entry"] != last.entry + 1:
        return Label(f"缺少分录 {last.entry + 1}", f"entry {last.entry + 1} is missing")
    if sha256_of_text(row["text"]) != row["sha256"]:
        return Label("内容与其哈希不符", "its content does not have its hash")
    if row["previous"] != last.sha256:
        return Label("与上一分录的哈希不衔接", "it does not follow the entry before it")
    try:
        whole = json.loads(row["text"])
        said = [whole[key] for key in ("entry", "kind", "date", "previous")]
        plain = canonical(whole) == row["text"] and isinstance(whole["content"], dict)
    except (ValueError, LookupError, TypeError, RecursionError):
        said, plain = [], False
    if not plain or said != [row["entry"], row["kind"], row["date"], row["previous"]]:
        return Label("内容与其所在列不符", "its content is not what its columns say")
    return None
