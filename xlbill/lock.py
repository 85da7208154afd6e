"""One writer at a time: a lock that names who has it, and that a killed process cannot leave behind.

The lock is the operating system's own, on a file beside the ledger, or in the folder of a month's drafts: it ends with
the process, whatever ended that. What stands in the file only says who has it. Worker processes let go of it when they
start: where their own process is killed they may live on, and must not keep others out.
"""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
def locked(
    file: Path, doing: str, now: datetime | None, shown_as: str | None = None, code: str = "ledger-locked"
) -> Iterator[Problem | None]:
    """The lock of a file while the block runs; None where it was taken, else the problem that names the other.

    What a process left that died with the lock is passed over. The lock is a file beside the one that it is of, and
    goes with the block. Where there can be none (a folder that nobody may write to), what is written tells it.
    """
    path = file.with_name(f"{file.name}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        held, taken = _opened(path)
    except OSError:
        yield None
        return
    with held:
        if not taken:
            yield _problem(code, _holder(held), shown_as or str(file))
            return
        _held.add(held)
        try:
            since = now.isoformat(" ", timespec="seconds") if now is not None else "—"
            _say(held, {"pid": os.getpid(), "host": socket.gethostname(), "since": since, "doing": doing})
            yield None
        finally:
            _say(held, None)
            _remove(path)
            _release(held)
            _held.discard(held)


def _opened(path: Path) -> tuple[IO[str], bool]:
    """The file of a lock, and whether it was taken; not one that its last holder has just removed."""
    while True:
        file = path.open("a+", encoding="utf-8")
        if not _take(file):
            return file, False
        if os.name == "nt" or _is(path, file):
            return file, True
        file.close()


def _is(path: Path, file: IO[str]) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def _remove(path: Path) -> None:
    """Take the file away, where the system lets its holder do that."""
    with suppress(OSError):
        path.unlink()


_held: set[IO[str]] = set()


def _let_go() -> None:
    """In a process that was just forked: the lock is its parent's alone."""
    for file in _held:
        file.close()
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)


def _say(file: IO[str], holder: dict[str, Any] | None) -> None:
    """What the file tells others; where the disk has no room for it, the lock is held none the less."""
    with suppress(OSError):
        os.ftruncate(file.fileno(), 0)
        if holder is not None:
            os.write(file.fileno(), json.dumps(holder).encode())


def _holder(file: IO[str]) -> Holder | None:
    """Who has the lock, None where that has not been written yet."""
    file.seek(0)
    try:
        said = json.loads(file.read())
        return Holder(int(said["pid"]), str(said["host"]), str(said["since"]), str(said["doing"]))
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _problem(code: str, holder: Holder | None, shown: str) -> Problem:
    if holder is None:
        return problem(code, Place(shown), pid="?", host="?", since="?", doing="?")
    facts = {"pid": str(holder.pid), "host": holder.host, "since": holder.since, "doing": holder.doing}
    return problem(code, Place(shown), None, **facts)


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
