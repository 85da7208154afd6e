"""What happens to a run happens to nobody's files: refusals of the disk, kills at any instant, requests to stop."""

import errno
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from xlsxwriter.exceptions import FileCreateError

from tests.cases import MANY, cases
from tests.several import workspace_of
from xlbill.__main__ import run
from xlbill.files import TEMPORARY, sweep, written
from xlbill.periods import Month
from xlbill.run import bill_month
from xlbill.workspace import Workspace

APRIL = Month(2026, 4)
SEVERAL, FEW = cases(20, 200), 4
KILLS = cases(1, 200)


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workspace_of(SEVERAL, tmp_path_factory.mktemp("several"))


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workspace_of(FEW, tmp_path_factory.mktemp("few"))


def contents(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def start(workspace: Path, out: Path, stderr: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "xlbill", "bill", "2026-04", "-w", workspace, "--out", out, "--jobs", "2"]
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    try:
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=stderr, env={**os.environ, "LANG": "C"})
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_run_that_was_killed_at_any_instant_is_completed_by_the_next_to_the_same_bytes(
    several: Path, tmp_path: Path
) -> None:
    began = time.monotonic()
    assert start(several, tmp_path / "whole").wait() == 0
    took = time.monotonic() - began
    chance = random.Random(KILLS)
    for number in range(KILLS):
        out = tmp_path / f"killed-{number}"
        run = start(several, out)
        time.sleep(chance.uniform(0.3, 0.95) * took)
        run.kill()
        run.wait()
        if out.exists():
            assert all(file.read_bytes()[:2] == b"PK" for file in out.glob("*.xlsx") if not file.name.startswith("."))
        assert start(several, out).wait() == 0
        assert contents(out) == contents(tmp_path / "whole")


@pytest.mark.parametrize(("sign", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_asked_to_stop_says_how_to_go_on(several: Path, tmp_path: Path, sign: int, status: int) -> None:
    for number in range(5):  # one that was done before it could be asked is run again
        out = tmp_path / f"out-{number}"
        run = start(several, out, subprocess.PIPE)
        deadline = time.monotonic() + 60
        while not list(out.glob("K*.xlsx")) and run.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        run.send_signal(sign)
        _, told = run.communicate(timeout=60)
        if run.returncode != 0:
            break
    assert run.returncode == status, told
    assert b"Traceback" not in told
    assert b"run the same command again" in told
    assert not list(out.glob(f"{TEMPORARY}*"))


REFUSALS = (
    OSError(errno.ENOSPC, "No space left on device"),
    PermissionError(errno.EACCES, "Permission denied"),
    FileNotFoundError(errno.ENOENT, "No such file or directory"),
    InterruptedError(errno.EINTR, "Interrupted system call"),
    FileCreateError(OSError(errno.ENOSPC, "No space left on device")),
)
REFUSED = [
    (at, refusal)
    for at in range(FEW + 5)
    for number, refusal in enumerate(REFUSALS)
    if MANY or number == at % len(REFUSALS)
]


@pytest.mark.parametrize(("at", "refusal"), REFUSED)
def test_what_the_disk_refuses_at_any_write_leaves_all_else_whole(
    few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: Exception, at: int
) -> None:
    writes = 0
    real = written

    def refuses_one(path: Path, shown: str, write: object) -> object:
        nonlocal writes
        writes += 1

        def refused(_: Path) -> None:
            raise refusal

        return real(path, shown, refused if writes == at + 1 else write)  # type: ignore[arg-type]

    monkeypatch.setattr("xlbill.run.written", refuses_one)
    monkeypatch.setattr("xlbill.month_files.written", refuses_one)
    result, problems = bill_month(Workspace(few, out_given=tmp_path / "out"), APRIL)
    assert result is not None
    assert [p.code for p in problems if p.severity == "error"] == (["cannot-write"] if writes > at else [])
    assert len(result.left_out) == (1 if at < FEW else 0)
    assert not list(tmp_path.rglob(f"{TEMPORARY}*"))
    assert len(list((tmp_path / "out").glob("K*.xlsx"))) == FEW - len(result.left_out)


def test_what_killed_runs_left_is_removed_and_what_others_write_is_not(tmp_path: Path) -> None:
    (path,) = [tmp_path / "a.xlsx"]
    names: list[str] = []
    written(path, "a.xlsx", lambda temporary: (names.append(temporary.name), temporary.write_bytes(b"x")))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    own = names[0]
    dead = tmp_path / own.replace(f"-{os.getpid()}-", f"-{ended.pid}-")
    for file in (dead, tmp_path / own, tmp_path / f"{TEMPORARY}otherhost-1-ab.xlsx"):
        file.write_bytes(b"half")
    assert sweep(tmp_path) == [dead]
    assert path.read_bytes() == b"x"


def test_the_first_write_into_a_folder_removes_what_a_killed_run_left_there(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    names: list[str] = []
    written(tmp_path / "elsewhere" / "a.xlsx", "a.xlsx", lambda file: (names.append(file.name), file.touch()))
    (tmp_path / "issued").mkdir()
    (tmp_path / "issued" / names[0].replace(f"-{os.getpid()}-", f"-{ended.pid}-")).touch()
    written(tmp_path / "issued" / "b.xlsx", "b.xlsx", lambda file: file.touch())
    assert [file.name for file in (tmp_path / "issued").iterdir()] == ["b.xlsx"]


def test_ctrl_c_while_it_loads_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Interrupting:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "xlbill.cli":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "xlbill.cli", raising=False)
    monkeypatch.delattr("xlbill.cli", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Interrupting(), *sys.meta_path])
    with pytest.raises(SystemExit) as ended:
        run()
    assert (ended.value.code, capsys.readouterr().err) == (130, "已停止 · stopped\n")
