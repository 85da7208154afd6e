"""A ledger to write in: locked, opened, and what a killed run began brought to its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from xlbill.ledger.publish import recover
from xlbill.ledger.store import Ledger, opened
from xlbill.lock import locked
from xlbill.problems import Problem


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
