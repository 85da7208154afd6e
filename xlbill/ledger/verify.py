"""Is the ledger as it was written? The chain, the tables against the entries, the numbers, the balances, the files."""

from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal

from xlbill.cells import Place
from xlbill.ledger.chain import entries, first_break
from xlbill.ledger.project import PROJECTED, project
from xlbill.ledger.publish import sha256_of
from xlbill.ledger.store import Ledger, broken_problem, connected, prepare
from xlbill.problems import Problem, problem


def verify_ledger(ledger: Ledger) -> list[Problem]:
    """Everything that is wrong with a ledger; of a chain that is broken the first broken link alone."""
    broken = first_break(ledger.connection)
    if broken is not None:
        return [broken_problem(ledger.shown, *broken)]
    return [*_tables(ledger), *_numbers(ledger), *_balances(ledger), *_files(ledger), *_unfinished(ledger)]


def _tables(ledger: Ledger) -> Iterator[Problem]:
    """The first row of each table that is not what the entries say."""
    with closing(connected(":memory:")) as anew:
        prepare(anew)
        for entry in entries(ledger.connection):
            anew.execute(
                "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)",
                (entry.entry, entry.kind, entry.date, entry.text, entry.previous, entry.sha256),
            )
            project(anew, entry)
        for foreign in ledger.rows("PRAGMA foreign_key_check"):
            yield problem("ledger-differs", ledger.place, table=foreign["table"], found=f"row {foreign['rowid']}")
        for table in PROJECTED:
            said = [tuple(row) for row in anew.execute(f"SELECT * FROM {table} ORDER BY rowid")]
            there = [tuple(row) for row in ledger.rows(f"SELECT * FROM {table} ORDER BY rowid")]
            if said != there:
                yield problem("ledger-differs", ledger.place, table=table, found=_first_difference(said, there))


def _first_difference(said: list[tuple[object, ...]], there: list[tuple[object, ...]]) -> str:
    """The first row that differs, as it stands there; one that is missing as it should be."""
    pair = next(((one, other) for one, other in zip(said, there, strict=False) if one != other), None)
    row = pair[1] if pair else (there[len(said)] if len(there) > len(said) else said[len(there)])
    return ", ".join(str(value) for value in row if value is not None)[:120]


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


def _files(ledger: Ledger) -> Iterator[Problem]:
    """Every file that was issued lies where it was put, byte for byte."""
    sql = "SELECT name, sha256, number FROM files WHERE name NOT IN (SELECT name FROM staged) ORDER BY name"
    for row in ledger.rows(sql):
        file, place = ledger.file_of(row["name"]), Place(row["name"])
        try:
            if sha256_of(file) != row["sha256"]:
                yield problem("ledger-file-changed", place, number=row["number"])
        except OSError:
            yield problem("ledger-file-missing", place, number=row["number"])


def _unfinished(ledger: Ledger) -> Iterator[Problem]:
    """Files of a batch that was interrupted: issued, and not yet under their names."""
    for row in ledger.rows("SELECT name FROM staged ORDER BY name"):
        yield problem("issue-unfinished", Place(row["name"]), found="—")
