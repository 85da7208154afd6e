"""A disk without room, or that is read-only: told as that, and never as a ledger that is damaged."""

import errno
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from xlbill.databases import refusal_of_sqlite
from xlbill.ledger.session import opened, writing
from xlbill.ledger.store import NAME
from xlbill.lock import locked

NOW = datetime(2026, 5, 1, tzinfo=UTC)
CODES = {
    sqlite3.SQLITE_FULL: "cannot-write",
    sqlite3.SQLITE_IOERR_WRITE: "cannot-write",
    sqlite3.SQLITE_READONLY_DIRECTORY: "cannot-write",
    sqlite3.SQLITE_BUSY: "cannot-write",
    sqlite3.SQLITE_IOERR_SHORT_READ: "ledger-damaged",
    sqlite3.SQLITE_CORRUPT: "ledger-damaged",
    sqlite3.SQLITE_NOTADB: "ledger-damaged",
}


def refusal(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("as SQLite says it")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize("code", CODES)
def test_when_it_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def refused(*_: object) -> None:
        raise refusal(code)

    monkeypatch.setattr("xlbill.ledger.session.ready", refused)
    with opened(tmp_path / NAME, NAME, create=NOW) as (ledger, found):
        assert (ledger, [problem.code for problem in found]) == (None, [CODES[code]])


def test_no_room_for_the_file_beside_it_is_no_failure_of_the_disk() -> None:
    refused = refusal_of_sqlite(refusal(sqlite3.SQLITE_IOERR_SHMSIZE), NAME)
    assert refused is not None and refused.errno == errno.ENOSPC


def test_while_it_is_used(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space left on device") as raised, opened(tmp_path / NAME, NAME, create=NOW):
        raise refusal(sqlite3.SQLITE_FULL)
    assert raised.value.filename == NAME


def test_no_room_to_say_who_has_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("xlbill.lock.os.write", refused)
    with locked(tmp_path / NAME, "issue", NOW) as taken:
        assert taken is None
        with locked(tmp_path / NAME, "void", NOW) as other:
            assert other is not None
    assert list(tmp_path.iterdir()) == []


def test_the_lock_of_a_ledger_names_who_has_it(tmp_path: Path) -> None:
    with writing(tmp_path / NAME, "issue", NOW), writing(tmp_path / NAME, "void", NOW) as (ledger, found):
        assert (ledger, dict(found[0].facts)["doing"]) == (None, "issue")
