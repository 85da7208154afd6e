"""The ledger's file: one SQLite database in the workspace, looked at when it is opened, never half changed.

Write-ahead log, foreign keys, full synchronisation: a transaction that has been committed survives a power cut. The
schema is numbered SQL files; a newer ledger than this program knows is left alone. At opening the database itself is
checked (SQLite's own integrity check), that its last entries are whole and chained, and that none is missing.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

from xlbill.cells import Place
from xlbill.language import Label
from xlbill.ledger import chain
from xlbill.ledger.project import project
from xlbill.ledger.records import Head
from xlbill.money import plain
from xlbill.problems import Problem, problem

NAME = "ledger.sqlite"
APPLICATION = 0x786C626C  # "xlbl": what kind of SQLite database this is
LOOKED_AT = 100  # entries at the end of the chain that every opening looks at; `ledger verify` looks at all


@dataclass(frozen=True, slots=True)
class Ledger:
    """An open ledger. Names of files in it begin at its own folder."""

    connection: sqlite3.Connection
    path: Path
    shown: str

    @property
    def place(self) -> Place:
        """The ledger as a place of problems."""
        return Place(self.shown)

    @property
    def head(self) -> Head:
        """The last entry of the chain."""
        return chain.head(self.connection)

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """The rows of a query."""
        return self.connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> sqlite3.Row | None:
        """The first row of a query."""
        found: sqlite3.Row | None = self.connection.execute(sql, values).fetchone()
        return found

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside, or nothing of it."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def append(self, kind: str, day: date, content: Mapping[str, Any]) -> chain.Entry:
        """Add an entry to the chain, and what it says to the other tables; inside a transaction."""
        entry = chain.next_entry(self.head, kind, day, content)
        self.connection.execute(
            "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)",
            (entry.entry, entry.kind, entry.date, entry.text, entry.previous, entry.sha256),
        )
        project(self.connection, entry)
        return entry

    def name_of(self, path: Path) -> str:
        """A file's name from the ledger's folder on; an absolute one where it lies elsewhere."""
        folder, file = self.path.parent.resolve(), path.resolve()
        return file.relative_to(folder).as_posix() if file.is_relative_to(folder) else file.as_posix()

    def file_of(self, name: str) -> Path:
        """The file of a name, the reverse of `name_of`."""
        return self.path.parent / name


def connected(path: Path | str) -> sqlite3.Connection:
    """A connection with the ledger's own settings, which can add decimals exactly: `decimal_sum(quantity)`."""
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.create_aggregate("decimal_sum", 1, _DecimalSum)  # type: ignore[arg-type]
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


@contextmanager
def empty() -> Iterator[Ledger]:
    """A ledger in which nothing has happened yet, in memory."""
    with closing(connected(":memory:")) as connection:
        prepare(connection)
        yield Ledger(connection, Path(NAME), NAME)


def prepare(connection: sqlite3.Connection) -> None:
    """Bring an empty or older database to the newest schema, each version in one transaction."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for number, script in enumerate(schemas()[version:], start=version + 1):
        connection.executescript(
            f"BEGIN;\n{script}\nPRAGMA application_id = {APPLICATION};\nPRAGMA user_version = {number};\nCOMMIT;"
        )


def schemas() -> list[str]:
    """The numbered SQL files that make up the schema, in their order."""
    folder = files("xlbill").joinpath("ledger/schema")
    return [file.read_text(encoding="utf-8") for file in sorted(folder.iterdir(), key=lambda file: file.name)]


def backed_up(ledger: Ledger, target: Path) -> None:
    """Copy a ledger, also while it is in use, with SQLite's own backup; the copy is checked and then moved in place."""
    temporary = target.with_name(f".{target.name}.part")
    temporary.unlink(missing_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(temporary)) as copy:
        ledger.connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        (said,) = copy.execute("PRAGMA integrity_check").fetchone()
        assert said == "ok", f"the copy is damaged: {said}"
    temporary.replace(target)


def behind(ledger: Ledger, kept: Head) -> Problem | None:
    """Whether a ledger is an older copy, or another one, than that whose head somebody kept (on a register)."""
    row = ledger.row("SELECT sha256 FROM entries WHERE entry = ?", kept.entry)
    if row is None:
        there = str(ledger.head.entry)
        return problem("ledger-older", ledger.place, found=there, kept=str(kept.entry))
    if row["sha256"] != kept.sha256:
        return problem("ledger-other", ledger.place, found=row["sha256"][:16], kept=kept.sha256[:16], entry=kept.entry)
    return None


def ready(connection: sqlite3.Connection, shown: str, create: datetime | None) -> list[Problem]:
    """Check a database, make or renew its schema where it may be written; what is in the way."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if (tables and application != APPLICATION) or (not tables and create is None):
        return [problem("ledger-damaged", Place(shown), found="not a ledger of xlbill")]
    if version > len(schemas()):
        return [problem("ledger-newer", Place(shown), found=str(version), known=str(len(schemas())))]
    if create is not None:
        connection.execute("PRAGMA journal_mode = WAL")
        prepare(connection)
    check = "integrity_check" if create is not None else "quick_check"
    (said,) = connection.execute(f"PRAGMA {check}(1)").fetchone()
    if said != "ok":
        return [problem("ledger-damaged", Place(shown), found=said)]
    if create is not None and chain.head(connection).entry == 0:
        ledger = Ledger(connection, Path(shown), shown)
        with ledger.transaction():
            ledger.append("opened", create.date(), {"at": create.isoformat(timespec="seconds"), "schema": 1})
    return _end_of_chain(connection, shown)


def _end_of_chain(connection: sqlite3.Connection, shown: str) -> list[Problem]:
    """Whether the last entries are chained, and none is missing before them."""
    last = chain.head(connection).entry
    (count,) = connection.execute("SELECT count(*) FROM entries").fetchone()
    broken = chain.first_break(connection, 1 if count != last else max(last - LOOKED_AT, 1))
    return [] if broken is None else [broken_problem(shown, *broken)]


def broken_problem(shown: str, entry: int, why: Label) -> Problem:
    """The problem of a chain that is broken at an entry."""
    return problem("ledger-chain-broken", Place(shown), entry=entry, found=why)


class _DecimalSum:
    """The sum of decimal texts, exact, as a decimal text."""

    def __init__(self) -> None:
        self.sum = Decimal(0)

    def step(self, text: str | None) -> None:
        self.sum += Decimal(text or 0)

    def finalize(self) -> str:
        return plain(self.sum)
