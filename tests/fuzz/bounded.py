"""A fuzzer as a command: it tries for some seconds, prints what it finds, and ends with 1 where it found something."""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn


def run(trials: Callable[[int], Iterator[tuple[object, ...]]], trial: Callable[..., str | None]) -> NoReturn:
    """Try all of `trials(seed)`, each in a folder of its own; the seconds and the seed are the words of the command."""
    given = dict(enumerate(sys.argv))
    until, seed = time.monotonic() + float(given.get(1, "60")), int(given.get(2, "0"))
    found = tried = 0
    for each in trials(seed):
        if time.monotonic() > until:
            break
        tried += 1
        with tempfile.TemporaryDirectory() as folder:
            if (told := trial(*each, Path(folder))) is not None:
                found += 1
                print(told, flush=True)
    print(f"tried {tried:,}, found {found}")
    raise SystemExit(1 if found else 0)
