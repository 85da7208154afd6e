"""A ledger to read or to write in: opened, for one process alone, what a killed run began brought to its end."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from xlbill.cells import Place
from xlbill.databases import refusal_of_sqlite
from xlbill.ledger.publish import recover
from xlbill.ledger.store import Ledger, connected, ready
from xlbill.ledger.verify import damage
from xlbill.lock import locked
from xlbill.problems import Problem, problem
from xlbill.refusals import why


class DamagedLedgerError(Exception):
    """Somebody changed a ledger past xlbill, and reading on ended in an error: what is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems


@contextmanager
def opened(
    path: Path, shown_as: str | None = None, *, create: datetime | None = None
) -> Iterator[tuple[Ledger | None, list[Problem]]]:
    """The ledger of a file, or None and why it cannot be used. With a time it is made where there is none.

    Not all of a ledger is looked at when it is opened. Where reading it raises anything, the whole is; what was changed
    past xlbill then comes out as DamagedLedgerError, what the disk refuses as an OSError, and anything else as it was.
    """
    shown = shown_as or str(path)
    if create is None and not path.exists():
        yield None, [problem("ledger-missing", Place(shown))]
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = connected(path)
    except sqlite3.Error as error:
        yield None, [_unusable(shown, error)]
        return
    with closing(connection):
        try:
            found = ready(connection, shown, create)
        except sqlite3.DatabaseError as error:
            found = [_unusable(shown, error)]
        ledger = None if found else Ledger(connection, path, shown)
        try:
            yield ledger, found
        except Exception as error:
            if (refusal := refusal_of_sqlite(error, shown)) is not None:
                raise refusal from error
            if ledger is not None and (wrong := damage(ledger)):
                raise DamagedLedgerError(wrong) from error
            raise


def _unusable(shown: str, error: sqlite3.Error) -> Problem:
    """Why a ledger cannot be used: the disk refuses it, or it is damaged."""
    refusal = refusal_of_sqlite(error, shown)
    return problem("cannot-write" if refusal else "ledger-damaged", Place(shown), found=why(refusal or error))


@contextmanager
def writing(
    path: Path, doing: str, now: datetime, shown_as: str | None = None
) -> Iterator[tuple[Ledger | None, list[Problem]]]:
    """The ledger of a file, made where there is none, for one process alone; None and why where that cannot be.

    `doing` is what others are told who find it locked. With the ledger come the problems of bringing a killed run to
    its end: a file that is gone, or that still cannot be moved.
    """
    with locked(path, doing, now, shown_as) as taken:
        if taken is not None:
            yield None, [taken]
            return
        with opened(path, shown_as, create=now) as (ledger, found):
            yield ledger, found if ledger is None else recover(ledger)
