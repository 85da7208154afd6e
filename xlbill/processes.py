"""Work for many things spread over processes, its results in order, whatever becomes of the processes.

A process that dies (killed, out of memory) loses the few jobs that it had; they are done again, each by itself, so
that the one that kills its process is found, and alone is lost. No process outlives the one that started it.
"""

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

Job = TypeVar("Job")
Done = TypeVar("Done")

_FORKED = sys.platform == "linux" and sys.version_info < (3, 14)  # what Python does there unless told otherwise
JOBS_EACH = 4 if _FORKED else 16
"""A process is started for so many jobs at least: a forked one costs as much as an invoice or two, one that begins
anew, as on Windows and macOS, as much as a dozen."""

CHUNK = 4
"""So many jobs go to a process at once."""

AHEAD = 4
"""So many chunks for each process wait in line: results do not pile up while an earlier one is awaited."""

_work: Callable[[Any], Any] | None = None  # of this process, handed over once and not with every job


@dataclass(frozen=True, slots=True)
class Lost:
    """A job whose process died twice: with others, and alone."""

    job: Any


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def mapped(work: Callable[[Job], Done], jobs: Sequence[Job], processes: int) -> Iterator[Done | Lost]:
    """What `work` makes of each job, in their order; by at most so many processes, in this one where jobs are few.

    A job whose process dies is done once more, alone in a new one; `Lost` where that dies, too.
    """
    count = min(processes, len(jobs) // JOBS_EACH)
    if count < 2:
        yield from map(work, jobs)
        return
    chunks = [tuple(jobs[at : at + CHUNK]) for at in range(0, len(jobs), CHUNK)]
    at = 0
    while at < len(chunks):
        for results in _until_one_dies(work, chunks[at:], count):
            yield from results
            at += 1
        if at < len(chunks):  # somebody died: of all chunks that were under way nobody knows which one it was
            for job in chunks[at]:
                yield _alone(work, job)
            at += 1


def _until_one_dies(work: Callable[[Job], Done], chunks: Sequence[tuple[Job, ...]], count: int) -> Iterator[list[Done]]:
    """The results of chunk after chunk, up to the first that a dying process took with it."""
    from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor  # a small month needs no pool

    gc.freeze()  # or each collection in a forked process would copy all that it shares with this one
    pool = ProcessPoolExecutor(count, initializer=_start, initargs=(work, os.getpid()))
    waiting: dict[int, Future[list[Done]]] = {}
    try:
        for at in range(len(chunks)):
            for ahead in range(at, min(at + AHEAD * count, len(chunks))):
                if ahead not in waiting:
                    waiting[ahead] = pool.submit(_do, chunks[ahead])
            yield waiting[at].result()
            del waiting[at]
    except BrokenProcessPool:
        return
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        gc.unfreeze()


def _alone(work: Callable[[Job], Done], job: Job) -> Done | Lost:
    """One job in a process of its own."""
    from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor

    pool = ProcessPoolExecutor(1, initializer=_start, initargs=(work, os.getpid()))
    try:
        done: list[Done] = pool.submit(_do, (job,)).result()
        return done[0]
    except BrokenProcessPool:
        return Lost(job)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _start(work: Callable[[Any], Any], parent: int) -> None:
    """What a process does first: it leaves interrupts to its parent, and goes when that is gone."""
    global _work
    _work = work
    for name in ("SIGINT", "SIGTERM"):
        signal.signal(getattr(signal, name), signal.SIG_IGN if name == "SIGINT" else signal.SIG_DFL)
    _go_with(parent)


def _go_with(parent: int) -> None:
    """End this process when its parent ends, even killed: the kernel sees to it on Linux, a thread elsewhere."""
    if sys.platform == "linux":
        import ctypes

        PR_SET_PDEATHSIG = 1
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before the kernel was asked
            os._exit(1)
        return
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    above = parent_process()
    if above is not None:
        threading.Thread(target=lambda: (wait([above.sentinel]), os._exit(1)), daemon=True).start()


def _do(jobs: Sequence[Any]) -> list[Any]:
    assert _work is not None, "the process was started without its work"
    return [_work(job) for job in jobs]
