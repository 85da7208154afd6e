"""Work for many things spread over processes, its results in order."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

Job = TypeVar("Job")
Done = TypeVar("Done")

JOBS_EACH = 16
"""A process is started for so many jobs at least: starting one costs as much as several invoices."""

CHUNK = 4
"""So many jobs go to a process at once."""

_work: Callable[[Any], Any] | None = None  # of this process, handed over once and not with every job


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def mapped(work: Callable[[Job], Done], jobs: Sequence[Job], processes: int) -> Iterator[Done]:
    """What `work` makes of each job, in their order; by at most so many processes, in this one where jobs are few."""
    count = min(processes, len(jobs) // JOBS_EACH)
    if count < 2:
        yield from map(work, jobs)
        return
    with ProcessPoolExecutor(count, initializer=_start, initargs=(work,)) as pool:
        yield from pool.map(_do, jobs, chunksize=CHUNK)


def _start(work: Callable[[Any], Any]) -> None:
    global _work
    _work = work


def _do(job: Any) -> Any:
    assert _work is not None, "the process was started without its work"
    return _work(job)
