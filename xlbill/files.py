"""Files at the edges: read as they were at one moment, written whole or not at all.

A file is written beside its place, then moved into it: a run that is interrupted leaves either the old file or the new
one. What is made has the rights that the user's umask gives.
"""

import hashlib
import os
import platform
import secrets
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from xlbill.cells import Place
from xlbill.problems import Problems, problem
from xlbill.refusals import refusal

TEMPORARY = ".xlbill-"
_AT_ONCE = 1 << 20
_MACHINE = f"{zlib.crc32(platform.node().encode()):08x}"  # a shared folder may hold those of others


@dataclass(frozen=True, slots=True)
class Source:
    """A file that something is made from: how problems call it, its name on record, and the hash of its bytes.

    `name` is the same wherever the workspace lies. Blank hashes are those of files that could not be read, which is
    told where they are read.
    """

    path: Path
    shown: str
    name: str
    sha256: str
    stamp: tuple[int, ...]

    @classmethod
    def of(cls, path: Path, shown: str, name: str) -> "Source":
        """A file as it is now."""
        try:
            stamp = _stamp(path)
            return cls(path, shown, name, sha256_of(path), stamp)
        except OSError:
            return cls(path, shown, name, "", ())

    @property
    def changed(self) -> bool:
        """Whether somebody wrote to it since: what was read is then not what the hash stands for."""
        try:
            return _stamp(self.path) != self.stamp
        except OSError:
            return bool(self.stamp)


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_AT_ONCE):
            digest.update(block)
    return digest.hexdigest()


def _stamp(path: Path) -> tuple[int, ...]:
    stat = path.stat()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def written(path: Path, shown_as: str, write: Callable[[Path], object]) -> Problems:
    """Let a function write a file; the problem where the disk or another program does not let it."""
    try:
        _write_atomically(path, write)
    except Exception as error:
        refused = os_error_in(error)
        if refused is None:
            raise
        return Problems([problem("cannot-write", Place(shown_as), found=refusal(refused))])
    return Problems()


def os_error_in(error: BaseException) -> OSError | None:
    """The refusal of the disk behind an exception; libraries wrap it (XlsxWriter's FileCreateError is no OSError)."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop()
        if isinstance(one, OSError):
            return one
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            waiting += [one.__cause__, one.__context__, *one.args]
    return None


def content(text: str) -> Callable[[Path], object]:
    """A function that writes a text as it is, in UTF-8."""
    return lambda path: path.write_bytes(text.encode())


@cache
def _swept(folder: Path) -> None:
    """Sweep a folder before the first file that this process writes into it."""
    sweep(folder)


def sweep(folder: Path) -> list[Path]:
    """Remove what runs that were killed left half written in a folder, on this machine; returns what was removed."""
    removed = []
    for file in sorted(folder.glob(f"{TEMPORARY}{_MACHINE}-*")):
        pid = file.name.removeprefix(f"{TEMPORARY}{_MACHINE}-").partition("-")[0]
        if pid.isdecimal() and not _runs(int(pid)):
            with suppress(OSError):
                file.unlink()
                removed.append(file)
    return removed


def _runs(pid: int) -> bool:
    """Whether a process is there: a run beside this one may be writing."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is somebody else's
        return True
    return True


def _write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    _swept(path.parent.absolute())
    temporary = path.parent / f"{TEMPORARY}{_MACHINE}-{os.getpid()}-{secrets.token_hex(8)}{path.suffix}"
    temporary.touch(exist_ok=False)  # with the rights of the umask, which nobody can ask for without changing it
    try:
        write(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
