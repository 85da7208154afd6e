"""Things on disk as they come, read again one by one: a run holds a few at a time, however many its customers are."""

import pickle
import zlib
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Generic, TypeVar, overload
from weakref import finalize

T = TypeVar("T")

IN_MEMORY = 8 * 2**20
"""Bytes up to which there is no file: a house with a hundred customers needs none."""


def packed(thing: object) -> bytes:
    """A thing as it goes into a spool: made where the thing was, so that processes hand on bytes alone."""
    return zlib.compress(pickle.dumps(thing, pickle.HIGHEST_PROTOCOL), 1)


class Spool(Sequence[T], Generic[T]):
    """A sequence that grows at its end and lies in a file without a name, which goes with it.

    >>> names = Spool[str]()
    >>> names.append(packed("C001"))
    >>> list(names), len(names)
    (['C001'], 1)
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._file = SpooledTemporaryFile(IN_MEMORY, dir=str(folder) if folder else None)  # noqa: SIM115
        finalize(self, self._file.close)
        self._ends = array("Q", [0])

    def append(self, thing: bytes) -> None:
        """One more, as `packed` gives it."""
        self._file.seek(self._ends[-1])
        self._file.write(thing)
        self._ends.append(self._ends[-1] + len(thing))

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, number: int) -> T: ...
    @overload
    def __getitem__(self, number: slice) -> list[T]: ...
    def __getitem__(self, number: int | slice) -> T | list[T]:
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        at = range(len(self))[number]
        self._file.seek(self._ends[at])
        thing: T = pickle.loads(zlib.decompress(self._file.read(self._ends[at + 1] - self._ends[at])))
        return thing

    def __iter__(self) -> Iterator[T]:
        return (self[number] for number in range(len(self)))
