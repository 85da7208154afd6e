"""Files and ledger as one step, whatever moment somebody pulls the plug: the protocol of `issue` and `void`.

What is written, in which order (everything under the ledger's lock):

 1. The target folder's name is committed to `folders`: where a later run looks for what this one may leave behind.
 2. Every file is written into the target folder under a temporary name (`.xlbill-issue-...`, another one in every run,
    so that a worker which outlives its killed run disturbs nobody), flushed to the disk, made read-only and hashed.
    Nobody reads it yet; numbers are taken in thought only.
 3. **One transaction** holds all entries of the batch (with numbers and hashes), what they say in the other tables, and
    a row in `staged` for every file: temporary name, final name, hash. Its commit is the instant at which the batch has
    been issued: before it nothing has happened, after it everything has.
 4. Every file is moved to its final name, in one rename each; the folder is flushed.
 5. The rows of `staged` are deleted.

How the next run, which always recovers first, decides what a killed one left:

 * a temporary file **with** a row in `staged`: killed after 3; it is moved to its final name (4), then 5;
 * a row whose temporary file is gone and whose final file has the hash: killed within 4; only 5 is left to do;
 * a row with neither: the file was lost after the commit; told as `ledger-file-missing`, the entry stays as it is;
 * a temporary file **without** a row: killed within 2, before the commit; it is deleted, and its number is still free.

So a number is taken exactly if its entry is committed: no gap, no duplicate; and a final name only ever shows a whole
file. Where a rename fails (a disk that is full, a file that is open elsewhere), the row stays, a problem says so, and
the next run tries again.
"""

import errno
import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from xlbill.cells import Place
from xlbill.ledger.store import Ledger
from xlbill.problems import Problem, problem
from xlbill.refusals import refusal

PREFIX = ".xlbill-issue-"
READ_ONLY = 0o444
FLUSHED_TOGETHER = 32

Write: TypeAlias = Callable[[Any, Any, Path], None]
"""Writes the file of a subject (a draft and its head, or a credit note) to a path."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A file to write: of what, with which head, under which final name; `run` tells its temporary name from others."""

    subject: Any
    head: Any
    final: Path
    run: str = ""

    @property
    def staged(self) -> Path:
        """Where it lies until the ledger knows it."""
        return self.final.with_name(f"{PREFIX}{self.run}-{self.final.name}")


@dataclass(frozen=True, slots=True)
class Stage:
    """Writes a document under its temporary name and returns its hash; may be copied into other processes."""

    write: Write

    def __call__(self, document: Publication) -> str | OSError:
        """The hash of what was written, or why the disk did not let it."""
        path = document.staged
        try:
            path.touch()
            self.write(document.subject, document.head, path)
            path.chmod(READ_ONLY)
            return sha256_of(path)
        except Exception as error:
            if (cause := _of_the_disk(error)) is None:
                raise
            return cause


Spread: TypeAlias = Callable[[Stage, Sequence[Publication]], Iterable[str | OSError]]
"""How documents are written: one after the other (`map`), or in several processes."""


def publish(
    ledger: Ledger,
    documents: Sequence[Publication],
    write: Write,
    enter: Callable[[Mapping[str, str]], None],
    spread: Spread = map,
) -> list[Problem]:
    """Write documents and enter them in one step. `enter` gets the hashes by final name, inside the transaction."""
    run = secrets.token_hex(4)
    documents = [replace(document, run=run) for document in documents]
    _remember_folders(ledger, documents)
    hashes: dict[str, str] = {}
    try:
        for document, done in zip(documents, spread(Stage(write), documents), strict=True):
            if isinstance(done, OSError):
                _discard(documents)
                return [cannot_write(ledger, document.final, done)]
            hashes[ledger.name_of(document.final)] = done
        _flush_files(documents)
        _flush_folders(documents)
        with ledger.transaction():
            enter(hashes)
            staged = [(ledger.name_of(d.staged), name, hashes[name]) for d in documents for name in [_name(ledger, d)]]
            ledger.connection.executemany("INSERT INTO staged VALUES (?, ?, ?)", staged)
    except BaseException:
        _discard(documents)
        raise
    return complete(ledger)


def recover(ledger: Ledger) -> list[Problem]:
    """Bring to an end what a killed run began: its committed files into their places, its other files away."""
    found = complete(ledger)
    waiting = {ledger.file_of(row["staged"]) for row in ledger.rows("SELECT staged FROM staged")}
    for row in ledger.rows("SELECT folder FROM folders"):
        for file in ledger.file_of(row["folder"]).glob(f"{PREFIX}*"):
            if file not in waiting:
                file.unlink(missing_ok=True)
    return found


def complete(ledger: Ledger) -> list[Problem]:
    """Move the staged files of committed entries to their final names (steps 4 and 5)."""
    found: list[Problem] = []
    done: list[tuple[str]] = []
    folders: set[Path] = set()
    for row in ledger.rows("SELECT * FROM staged ORDER BY rowid"):
        staged, final = ledger.file_of(row["staged"]), ledger.file_of(row["name"])
        try:
            if staged.exists():
                if final.exists():
                    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))  # somebody's: never overwritten
                staged.replace(final)
                folders.add(final.parent)
        except OSError as error:
            found.append(problem("issue-unfinished", Place(row["name"]), found=refusal(error)))
            continue
        if not final.exists():
            found.append(problem("ledger-file-missing", Place(row["name"]), number=_number_of(ledger, row["name"])))
        done.append((row["staged"],))
    for folder in folders:
        _flush(folder)
    if done:
        with ledger.transaction():
            ledger.connection.executemany("DELETE FROM staged WHERE staged = ?", done)
    return found


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def cannot_write(ledger: Ledger, path: Path, error: OSError) -> Problem:
    """The problem of a file that the disk does not take."""
    return problem("cannot-write", Place(ledger.name_of(path)), found=refusal(error))


def _name(ledger: Ledger, document: Publication) -> str:
    return ledger.name_of(document.final)


def _number_of(ledger: Ledger, name: str) -> str:
    row = ledger.row("SELECT number FROM files WHERE name = ?", name)
    return str(row["number"]) if row else "—"


def _remember_folders(ledger: Ledger, documents: Sequence[Publication]) -> None:
    folders = {document.final.parent for document in documents}
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    names = [(ledger.name_of(folder),) for folder in sorted(folders)]
    ledger.connection.executemany("INSERT OR IGNORE INTO folders VALUES (?)", names)


def _discard(documents: Sequence[Publication]) -> None:
    for document in documents:
        document.staged.unlink(missing_ok=True)


def _flush_files(documents: Sequence[Publication]) -> None:
    """Make the files last; many at once, as the disk then does them together."""
    with ThreadPoolExecutor(min(FLUSHED_TOGETHER, len(documents))) as pool:
        tuple(pool.map(_flush_file, documents))


def _flush_file(document: Publication) -> None:
    if os.name == "nt":  # a file that is read-only cannot be flushed there; closing it has handed it over
        return
    handle = os.open(document.staged, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _flush_folders(documents: Sequence[Publication]) -> None:
    for folder in {document.final.parent for document in documents}:
        _flush(folder)


def _flush(folder: Path) -> None:
    """Make the names in a folder last, where the system can do that (Windows cannot, and need not)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _of_the_disk(error: Exception) -> OSError | None:
    """The disk's own error in another one's clothes: XlsxWriter's FileCreateError is no OSError."""
    if isinstance(error, OSError):
        return error
    return next((part for part in (*error.args, error.__cause__) if isinstance(part, OSError)), None)
