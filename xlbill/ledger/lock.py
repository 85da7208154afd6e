"""One writer at a time: a lock that names who has it, and that a killed process cannot leave behind.

The lock is the operating system's own, on a file beside the ledger: it ends with the process, whatever ended that. What
stands in the file only says who has it. Worker processes let go of it when they start: where their own process is
killed they may live on, and must not keep others out.
"""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from xlbill.cells import Place
from xlbill.problems import Problem, problem


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has the lock: a process on a machine, since when, and what it does."""

    pid: int
    host: str
    since: str
    doing: str


@contextmanager
def locked(ledger: Path, doing: str, now: datetime, shown_as: str | None = None) -> Iterator[Problem | None]:
    """The ledger's lock while the block runs; None where it was taken, else the problem that names the other.

    What a process left that died with the lock is passed over.
    """
    path = ledger.with_name(f"{ledger.name}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        if not _take(file):
            yield _problem(_holder(file), shown_as or str(ledger))
            return
        _held.add(file)
        try:
            _say(file, {"pid": os.getpid(), "host": socket.gethostname(), "since": _text(now), "doing": doing})
            yield None
        finally:
            _say(file, None)
            _release(file)
            _held.discard(file)


_held: set[IO[str]] = set()


def _let_go() -> None:
    """In a process that was just forked: the lock is its parent's alone."""
    for file in _held:
        file.close()
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)


def _text(now: datetime) -> str:
    return now.isoformat(" ", timespec="seconds")


def _say(file: IO[str], holder: dict[str, Any] | None) -> None:
    file.seek(0)
    file.truncate()
    if holder is not None:
        file.write(json.dumps(holder))
    file.flush()


def _holder(file: IO[str]) -> Holder | None:
    """Who has the lock, None where that has not been written yet."""
    file.seek(0)
    try:
        said = json.loads(file.read())
        return Holder(int(said["pid"]), str(said["host"]), str(said["since"]), str(said["doing"]))
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _problem(holder: Holder | None, shown: str) -> Problem:
    if holder is None:
        return problem("ledger-locked", Place(shown), pid="?", host="?", since="?", doing="?")
    facts = {"pid": str(holder.pid), "host": holder.host, "since": holder.since, "doing": holder.doing}
    return problem("ledger-locked", Place(shown), None, **facts)


if os.name == "nt":  # pragma: no cover - the bytes far behind the text are locked, so that the text can be read
    import msvcrt

    _FAR = 1 << 30

    def _take(file: IO[str]) -> bool:
        os.lseek(file.fileno(), _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True

    def _release(file: IO[str]) -> None:
        os.lseek(file.fileno(), _FAR, os.SEEK_SET)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined]

else:
    import fcntl

    def _take(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _release(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
