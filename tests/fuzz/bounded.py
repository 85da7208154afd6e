"""A fuzzer as a command, and what it ever found as files.

A fuzzer tries `Case`s: files that take the place of sound ones, and a command over them. What finds something is told
and written to tests/fuzz/kept/, a folder for each: the files as they were, so that it is tried for ever, whatever the
generators become. `python -m tests.fuzz.NAME [seconds] [first seed]` ends with 1 where it found something.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

KEPT = Path(__file__).parent / "kept"
COMMAND = "command.txt"


@dataclass(frozen=True)
class Case:
    """What is tried: its name, the files that stand in place of sound ones, and the words of the command, if any.

    `about` says in words what was done.
    """

    name: str
    files: Mapping[str, bytes]
    about: str = ""
    command: str = ""

    def put(self, root: Path) -> None:
        """Write the files into a folder."""
        for name, content in self.files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)


Fault = Callable[[Case, Path], str | None]
"""What must not have come of a case in a folder of its own, if it did."""


def kept(fuzzer: str) -> list[Case]:
    """All that a fuzzer ever found."""
    return [_read(folder) for folder in sorted((KEPT / fuzzer).iterdir())]


def _read(folder: Path) -> Case:
    files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    command = files.pop(COMMAND, None)
    words = command.read_text(encoding="utf-8").strip() if command is not None else ""
    return Case(folder.name, {name: path.read_bytes() for name, path in files.items()}, command=words)


def keep(fuzzer: str, case: Case) -> None:
    """Write a case where `kept` finds it."""
    folder = KEPT / fuzzer / case.name
    case.put(folder)
    if case.command:
        (folder / COMMAND).write_text(f"{case.command}\n", encoding="utf-8")


def run(fuzzer: str, cases: Callable[[int], Iterator[Case]], fault: Fault) -> NoReturn:
    """Try the cases of a seed; the seconds and the seed are the words of the command."""
    given = dict(enumerate(sys.argv))
    until, seed = time.monotonic() + float(given.get(1, "60")), int(given.get(2, "0"))
    found = tried = 0
    for case in cases(seed):
        if time.monotonic() > until:
            break
        tried += 1
        with tempfile.TemporaryDirectory() as folder:
            if (told := fault(case, Path(folder))) is not None:
                found += 1
                keep(fuzzer, case)
                print(f"{case.name} {case.about} {case.command}: {told}", flush=True)
    print(f"{fuzzer}: tried {tried:,}, found {found}{f', see {KEPT / fuzzer}' if found else ''}")
    raise SystemExit(1 if found else 0)
