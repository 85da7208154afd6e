"""Work for many things on a Dask cluster: the same chunks as in processes, the same results in the same order.

Every worker gets once what all jobs need, and with each chunk what its jobs need besides. A chunk whose worker is lost
is done again by another; its results are handed on once. Workers write no files: what they make comes back.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from threading import Lock
from typing import Any, Protocol

from xlbill.language import Label
from xlbill.problems import Fact, Problem, problem
from xlbill.processes import CHUNK, Lost

SCHEME = "dask://"
WAIT = 10
"""For so many seconds the greeting of a scheduler and a first worker are waited for."""

REACH = 3
"""For so many seconds a scheduler may take to greet: a client of Dask's would wait longer, and leave threads behind."""

AHEAD = 4
"""So many chunks for each thread of the cluster wait in line."""

TRIES = 3
"""So often a job is given out whose worker went for reasons of its own."""

_one_at_a_time = Lock()  # presses are of one thread; a worker's others wait

NO_SCHEDULER = Label("没有调度器应答", "no scheduler answers")


class Sendable(Protocol):
    """Work that can be sent to other machines in two parts: what is common to all jobs, and what some jobs need."""

    def common(self) -> "Sendable":
        """The work without what belongs to single jobs."""

    def part(self, jobs: Sequence[Any]) -> Any:
        """What some jobs need besides."""

    def joined(self, part: Any) -> Callable[[Any], Any]:
        """The work for the jobs whose part is given."""


class Cluster:
    """A connection to a cluster that answers, to be used within a `with`."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close(timeout=2)

    def mapped(self, work: Sendable, jobs: Sequence[Any]) -> Iterator[Any]:
        """What `work` makes of each job, in their order; `Lost` where its workers died, or nobody is left."""
        handed_on = 0
        try:
            for done in self._mapped(work, jobs):
                yield done
                handed_on += 1
        except OSError:  # the scheduler does not answer any more, or has no worker
            yield from map(Lost, jobs[handed_on:])

    def _mapped(self, work: Sendable, jobs: Sequence[Any]) -> Iterator[Any]:
        from concurrent.futures import CancelledError

        from distributed import KilledWorker

        common = self._spread(work)
        chunks = [tuple(jobs[at : at + CHUNK]) for at in range(0, len(jobs), CHUNK)]
        waiting: dict[int, Any] = {}
        for at in range(len(chunks)):
            ahead = AHEAD * max(1, sum(self._client.nthreads().values()))
            for number in range(at, min(at + ahead, len(chunks))):
                if number not in waiting:
                    waiting[number] = self._submit(common, work, chunks[number])
            try:
                yield from waiting.pop(at).result()
            except (KilledWorker, CancelledError):  # with its worker died what that had: all is given out anew
                waiting.clear()
                yield from (self._alone(work, job) for job in chunks[at])
                common = self._spread(work)

    def _alone(self, work: Sendable, job: Any) -> Any:
        """One job by itself; `Lost` where every worker that does it dies."""
        from concurrent.futures import CancelledError

        from distributed import KilledWorker

        for _ in range(TRIES):
            with suppress(CancelledError):
                try:
                    return self._submit(self._spread(work), work, (job,)).result()[0]
                except KilledWorker:
                    break
        return Lost(job)

    def _spread(self, work: Sendable) -> Any:
        """What is common to all jobs, on every worker that is there."""
        self._client.wait_for_workers(1, timeout=WAIT)
        return self._client.scatter(work.common(), broadcast=True, hash=False)

    def _submit(self, common: Any, work: Sendable, chunk: Sequence[Any]) -> Any:
        return self._client.submit(_do, common, work.part(chunk), chunk, pure=False)


def is_cluster(address: str) -> bool:
    """Whether an address names a cluster: dask://HOST:PORT."""
    host, _, port = address.removeprefix(SCHEME).rpartition(":")
    return address.startswith(SCHEME) and bool(host) and port.isdecimal()


def connected(address: str, version: str) -> Cluster | Problem:
    """The cluster at an address, whose workers all have one version of xlbill; or why it cannot be used."""
    try:
        import distributed
    except ImportError:
        return _unusable(address, version, Label("未安装 Dask", "Dask is not installed here"))
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is told as a problem
    there = address.replace(SCHEME, "tcp://")
    if not _answers(there):
        return _unusable(address, version, NO_SCHEDULER)
    try:
        connect: Any = distributed.Client  # has no types
        client = connect(there, timeout=WAIT, set_as_default=False)
    except OSError:
        return _unusable(address, version, NO_SCHEDULER)
    try:
        client.wait_for_workers(1, timeout=WAIT)
        versions = client.run(_version, on_error="return")
    except (TimeoutError, OSError):
        client.close()
        return _unusable(address, version, Label("没有 worker", "there is no worker"))
    for worker, other in sorted(versions.items()):
        if other != version:
            client.close()
            has = other if isinstance(other, str) else type(other).__name__
            return _unusable(address, version, Label(f"{worker}：xlbill {has}", f"{worker} has xlbill {has}"))
    return Cluster(client)


def _answers(address: str) -> bool:
    """Whether a scheduler greets at an address. What else may listen there sends anything, and fails in any way."""
    from distributed import comm

    connect: Any = comm.connect  # type: ignore[attr-defined]  # has no types

    async def greet() -> None:
        greeted = await connect(address, timeout=REACH)
        await greeted.close()

    try:
        asyncio.run(greet())
    except Exception:
        return False
    return True


def _unusable(address: str, version: str, found: Fact) -> Problem:
    return problem("executor-unusable", executor=address, version=version, found=found)


def _version() -> str:
    """The version of xlbill on a worker."""
    import xlbill

    return xlbill.__version__


def _do(common: Sendable, part: Any, jobs: Sequence[Any]) -> list[Any]:
    """A chunk on a worker."""
    with _one_at_a_time:
        work = common.joined(part)
        return [work(job) for job in jobs]
