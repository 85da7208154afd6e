"""Files written whole or not at all: beside their place, then moved into it.

A run that is interrupted leaves either the old file or the new one.
"""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from xlbill.cells import Place
from xlbill.problems import Problems, problem


def written(path: Path, shown_as: str, write: Callable[[Path], object]) -> Problems:
    """Let a function write a file; the problem where the disk or another program does not let it."""
    try:
        _write_atomically(path, write)
    except OSError as error:
        return Problems([problem("cannot-write", Place(shown_as), found=error.strerror or str(error))])
    return Problems()


def content(text: str) -> Callable[[Path], object]:
    """A function that writes a text as it is, in UTF-8."""
    return lambda path: path.write_bytes(text.encode())


def _write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".xlbill-", suffix=path.suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
