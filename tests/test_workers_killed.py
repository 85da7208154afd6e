"""A whole `xlbill bill` in two processes, of which one is killed while it bills: what its user gets all the same."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.several import workspace_of
from tests.test_interrupted import contents
from tests.test_processes import alive, wait_for
from xlbill.files import TEMPORARY
from xlbill.periods import Month
from xlbill.run import bill_month
from xlbill.workspace import Workspace

DEADLY = "K005"
PROGRAM = """
import os, signal, sys, time
from pathlib import Path
from xlbill import processes, run

processes.JOBS_EACH = 2  # eight customers are enough for two processes
bill, marks, what = run.Bench.bill, Path(sys.argv.pop(1)), sys.argv.pop(1)

def billed(bench, job):
    if job.customer.code == "{deadly}":
        before = len(list(marks.iterdir()))
        (marks / str(os.getpid())).touch()
        if what == "sleeps":
            time.sleep(60)
        elif what == "always" or not before:
            os.kill(os.getpid(), signal.SIGKILL)
    return bill(bench, job)

run.Bench.bill = billed
from xlbill.cli import main
main()
""".replace("{deadly}", DEADLY)


@pytest.fixture(scope="module")
def eight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workspace_of(8, tmp_path_factory.mktemp("eight"))


@pytest.fixture(scope="module")
def whole(eight: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a run writes that nothing happens to."""
    out = tmp_path_factory.mktemp("whole")
    bill_month(Workspace(eight, out_given=out), Month(2026, 4))
    return contents(out)


def started(workspace: Path, out: Path, what: str) -> "subprocess.Popen[bytes]":
    """`xlbill bill` of which the process that bills the deadly customer dies once, dies always, or sleeps."""
    marks = out.with_name("marks")
    marks.mkdir()
    words = ["bill", "2026-04", "-w", workspace, "--out", out, "--jobs", "2", "--lang", "en"]
    command = [sys.executable, "-c", PROGRAM, marks, what, *words]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, "LANG": "C"})


def test_the_customers_of_a_killed_worker_are_billed_all_the_same(
    eight: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    run = started(eight, tmp_path / "out", "once")
    _, told = run.communicate(timeout=120)
    assert run.returncode == 0, told
    assert b"worker-lost" not in told
    assert len(list((tmp_path / "marks").iterdir())) == 2  # the one that died, and the one after it
    assert contents(tmp_path / "out") == whole


def test_who_kills_a_worker_twice_is_told_and_alone_left_out(
    eight: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    run = started(eight, tmp_path / "out", "always")
    _, told = run.communicate(timeout=120)
    assert run.returncode == 1
    assert b"error[worker-lost]" in told
    assert DEADLY.encode() in told
    assert b"Traceback" not in told
    assert len(list((tmp_path / "marks").iterdir())) in (2, 3)  # with others, perhaps once more with others, alone
    invoices = {name: content for name, content in contents(tmp_path / "out").items() if name.startswith("K")}
    assert invoices == {n: c for n, c in whole.items() if n.startswith("K") and not n.startswith(DEADLY)}


def test_workers_go_within_seconds_when_the_run_is_killed_and_the_next_run_completes_it(
    eight: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    run = started(eight, tmp_path / "out", "sleeps")
    assert wait_for(lambda: list((tmp_path / "marks").iterdir()), 60)
    (worker,) = (int(mark.name) for mark in (tmp_path / "marks").iterdir())
    assert worker != run.pid
    assert alive(worker)
    run.send_signal(signal.SIGKILL)
    killed = time.monotonic()
    run.communicate(timeout=60)
    assert wait_for(lambda: not alive(worker))
    assert time.monotonic() - killed < 10
    result, _ = bill_month(Workspace(eight, out_given=tmp_path / "out"), Month(2026, 4))
    assert result is not None
    assert contents(tmp_path / "out") == whole
    assert not list((tmp_path / "out").glob(f"{TEMPORARY}*"))
