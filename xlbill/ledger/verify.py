"""Is the ledger as it was written? The chain, the tables against the entries, the numbers, the balances, the files."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from decimal import Decimal
from functools import partial
from itertools import count, zip_longest

from xlbill.cells import Place
from xlbill.ledger.chain import entries, first_break
from xlbill.ledger.project import PROJECTED, project
from xlbill.ledger.publish import sha256_of
from xlbill.ledger.store import Ledger, broken_problem, connected, prepare
from xlbill.problems import Problem, problem
from xlbill.refusals import why

Watch = Callable[[int, int], object]


def verify_ledger(ledger: Ledger, watch: Watch = lambda done, of: None) -> list[Problem]:
    """Everything that is wrong with a ledger, causes alone: a chain that is broken stops the search, a table too.

    `watch` is told how many of all entries and files have been looked at.
    """
    done = partial(_told, watch, count(1))
    found = damage(ledger, done)
    if not found:
        each = partial(done, _to_look_at(ledger))
        found = [*_numbers(ledger), *_balances(ledger), *_files(ledger, each), *_unfinished(ledger)]
    return found


def damage(ledger: Ledger, done: Callable[[int], None] = lambda of: None) -> list[Problem]:
    """What was changed in a ledger past xlbill: its chain, or a table that no longer is what the entries say."""
    try:
        if (broken := first_break(ledger.connection)) is not None:
            return [broken_problem(ledger.shown, *broken)]
        return list(_tables(ledger, partial(done, _to_look_at(ledger))))
    except (sqlite3.Error, ValueError, TypeError, LookupError, ArithmeticError) as error:
        return [problem("ledger-damaged", ledger.place, found=why(error))]


def _to_look_at(ledger: Ledger) -> int:
    """How many entries and files there are."""
    files: int = ledger.rows("SELECT COUNT(*) FROM files")[0][0]
    return ledger.head.entry + files


def _told(watch: Watch, done: Iterator[int], of: int) -> None:
    """One more of all is done."""
    watch(next(done), of)


def _tables(ledger: Ledger, done: Callable[[], None]) -> Iterator[Problem]:
    """The first row of each table that is not what the entries say."""
    with closing(connected(":memory:")) as anew:
        prepare(anew)
        for entry in entries(ledger.connection):
            anew.execute(
                "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)",
                (entry.entry, entry.kind, entry.date, entry.text, entry.previous, entry.sha256),
            )
            project(anew, entry)
            done()
        schema = "SELECT name, sql FROM sqlite_master ORDER BY name"
        difference = _first_difference(anew.execute(schema).fetchall(), ledger.rows(schema))
        if difference is not None:  # a trigger that was dropped, a column that was renamed
            yield problem(
                "ledger-differs", ledger.place, table="sqlite_master", found=difference[0], wanted=difference[1]
            )
            return
        for foreign in ledger.rows("PRAGMA foreign_key_check"):
            yield problem(
                "ledger-differs", ledger.place, table=foreign["table"], found=f"row {foreign['rowid']}", wanted="—"
            )
        for table in PROJECTED:
            sql = f"SELECT * FROM {table} ORDER BY rowid"
            difference = _first_difference(anew.execute(sql).fetchall(), ledger.rows(sql))
            if difference is not None:
                found, wanted = difference
                yield problem("ledger-differs", ledger.place, table=table, found=found, wanted=wanted)


def _first_difference(said: list[sqlite3.Row], there: list[sqlite3.Row]) -> tuple[str, str] | None:
    """What stands first in a table that the entries do not say, and what they say; a row is called by its beginning."""
    for wanted, row in zip_longest(said, there):
        if wanted is None or row is None:
            return (_beginning(row), "—") if wanted is None else ("—", _beginning(wanted))
        for name in row.keys():  # noqa: SIM118 - a row iterates over its values
            if row[name] != wanted[name]:
                return f"{_beginning(row)} … {name} = {row[name]}", f"{name} = {wanted[name]}"
    return None


def _beginning(row: sqlite3.Row) -> str:
    return ", ".join(str(value) for value in tuple(row)[:3])


def _numbers(ledger: Ledger) -> Iterator[Problem]:
    """Each series without a gap, in the order of issue."""
    last: dict[str, int] = {}
    for row in ledger.rows("SELECT number, series, seq FROM bills ORDER BY entry"):
        if row["seq"] != last.get(row["series"], 0) + 1:
            wanted = str(last.get(row["series"], 0) + 1)
            yield problem("ledger-number-gap", ledger.place, found=row["number"], series=row["series"], wanted=wanted)
        last[row["series"]] = row["seq"]


def _balances(ledger: Ledger) -> Iterator[Problem]:
    """No pack, trial, commitment or kept prepayment was drawn below zero."""
    sql = """
        SELECT h.customer, h."of", decimal_sum(m.quantity) AS rest FROM holdings h JOIN movements m USING (holding)
        WHERE h.kind <> 'wallet' GROUP BY h.holding
    """
    for row in ledger.rows(sql):
        if Decimal(row["rest"]) < 0:
            facts = {"customer": row["customer"], "of": row["of"], "found": row["rest"]}
            yield problem("ledger-overdrawn", ledger.place, None, **facts)


def _files(ledger: Ledger, done: Callable[[], None]) -> Iterator[Problem]:
    """Every file that was issued lies where it was put, byte for byte."""
    sql = "SELECT name, sha256, number FROM files WHERE name NOT IN (SELECT name FROM staged) ORDER BY name"
    for row in ledger.rows(sql):
        file, place = ledger.file_of(row["name"]), Place(row["name"])
        try:
            if sha256_of(file) != row["sha256"]:
                yield problem("ledger-file-changed", place, number=row["number"])
        except OSError:
            yield problem("ledger-file-missing", place, number=row["number"])
        done()


def _unfinished(ledger: Ledger) -> Iterator[Problem]:
    """Files of a batch that was interrupted: issued, and not yet under their names."""
    for row in ledger.rows("SELECT name FROM staged ORDER BY name"):
        yield problem("issue-unfinished", Place(row["name"]), found="—")
