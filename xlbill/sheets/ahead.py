"""Small workbooks read ahead in other processes, their sheets handed over in the files' order.

What is read, and in which order, is that of `stream_sheets`: a process collects what that yields. Files that are no
small workbooks, and those that took their process with them, are left to whoever asked.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from xlbill.problems import Problem, Problems
from xlbill.processes import Lost, mapped
from xlbill.sheets.stream import Batch, SheetRows, stream_sheets

FILES_AT_A_TIME = 16  # reading so many takes as long as a bill
SMALL = 256 * 2**10
MOST_ROWS = 20_000  # a file of more, which packs many into few bytes, is read a few at a time by whoever asked
_WORKBOOKS = (".xlsx", ".xlsm")

NamedFile = tuple[Path, str]
"""A file, and the name by which problems call it."""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """All sheets of a file, each with its rows, and what is wrong in it."""

    read: tuple[tuple[SheetRows, tuple[Batch, ...]], ...]
    problems: tuple[Problem, ...]

    def sheets(self, found: Problems) -> Iterator[SheetRows]:
        """The sheets as `stream_sheets` yields them."""
        found += self.problems
        return (replace(sheet, rows=iter(rows)) for sheet, rows in self.read)


def read_ahead(files: Sequence[NamedFile], processes: int) -> Iterator[ReadFile | None]:
    """Each file in its order, read by so many processes at most; None for one that is left to whoever asks."""
    jobs = [files[at : at + FILES_AT_A_TIME] for at in range(0, len(files), FILES_AT_A_TIME)]
    for done in mapped(_read, jobs, processes):
        yield from [None] * len(done.job) if isinstance(done, Lost) else done


def _read(files: Sequence[NamedFile]) -> list[ReadFile | None]:
    return [_read_whole(path, shown) if _is_small(path) else None for path, shown in files]


def _is_small(path: Path) -> bool:
    with suppress(OSError):
        return path.suffix.lower() in _WORKBOOKS and path.stat().st_size <= SMALL
    return False


def _read_whole(path: Path, shown: str) -> ReadFile | None:
    found, read, count = Problems(), [], 0
    for sheet in stream_sheets(path, shown, found):
        rows: list[Batch] = []
        for batch in sheet.rows:
            rows.append(batch)
            count += len(batch)
            if count > MOST_ROWS:
                return None
        read.append((replace(sheet, rows=iter(())), tuple(rows)))
    return ReadFile(tuple(read), tuple(found))
