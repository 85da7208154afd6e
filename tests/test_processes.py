"""Work spread over processes: results in order, whatever becomes of a process."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from xlbill.processes import CHUNK, Lost, mapped


def square(n: int) -> int:
    return n * n


class Dies:
    """Work that kills its process at some jobs, always or the first time only."""

    def __init__(self, at: set[int], folder: Path, *, always: bool) -> None:
        self.at, self.folder, self.always = at, folder, always

    def __call__(self, n: int) -> int:
        mark = self.folder / str(n)
        if n in self.at and (self.always or not mark.exists()):
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return n * n


@pytest.fixture(autouse=True)
def few_jobs_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlbill.processes.JOBS_EACH", 2)


@pytest.mark.parametrize("count", [0, 1, 3, CHUNK * 2 + 1, 60])
@pytest.mark.parametrize("processes", [1, 2, 3])
def test_results_come_in_order(count: int, processes: int) -> None:
    assert list(mapped(square, range(count), processes)) == [n * n for n in range(count)]


@pytest.mark.parametrize("at", [{0}, {17}, {3, 4, 39}, {39}])
def test_what_a_killed_process_had_is_done_again(tmp_path: Path, at: set[int]) -> None:
    assert list(mapped(Dies(at, tmp_path, always=False), range(40), 2)) == [n * n for n in range(40)]


def test_a_job_that_kills_its_process_twice_is_lost_alone(tmp_path: Path) -> None:
    done = list(mapped(Dies({17}, tmp_path, always=True), range(40), 2))
    assert done[17] == Lost(17)
    assert [n for n in done if not isinstance(n, Lost)] == [n * n for n in range(40) if n != 17]


def test_processes_go_with_the_one_that_started_them(tmp_path: Path) -> None:
    """The parent is killed, so that it can tell nobody; nobody is left after a moment."""
    code = f"""
import os, time, pathlib
from xlbill import processes
processes.JOBS_EACH = 2
def work(n):
    pathlib.Path({str(tmp_path)!r}, str(os.getpid())).touch()
    time.sleep(60)
list(processes.mapped(work, range(8), 2))
"""
    parent = subprocess.Popen([sys.executable, "-c", code])
    try:
        started = wait_for(lambda: len(list(tmp_path.iterdir())) == 2)
        assert started
    finally:
        parent.kill()
        parent.wait()
    pids = [int(path.name) for path in tmp_path.iterdir()]
    assert wait_for(lambda: not any(alive(pid) for pid in pids))


def wait_for(condition: object, seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"
