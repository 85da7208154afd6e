"""Disk full, folders that cannot be written, two runs at once, yesterday's ledger: a clear word, nothing lost.

Faults are injected at the places that write (`make many`: at every one; the first write fails, then the second, and
so on, until a run passes through). After each failure the same commands again must come to what an undisturbed run
leaves.
"""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.cases import cases
from tests.issuing.house import JANUARY, Office, office_in
from tests.ledger.checker import check
from xlbill.cli import main
from xlbill.lock import locked
from xlbill.run import LOCK

STEPS: tuple[tuple[object, ...], ...] = (
    ("bill", JANUARY, "--jobs", 1),
    ("issue", JANUARY, "--on", "2025-02-01", "--jobs", 1),
    ("void", "202502-00002", "--reason", "wrong price", "--on", "2025-02-01"),
    ("issue", JANUARY, "--on", "2025-02-01", "--jobs", 1),
)
WRITING = ("write_bytes", "write_text", "replace", "touch", "chmod")
"""The ways in which files are written, by the methods of `Path` that do it."""


class Full(OSError):
    """The disk is full."""

    def __init__(self) -> None:
        super().__init__(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def full_at(number: int) -> Iterator[list[str]]:
    """A disk that takes so many writes and then one not: what was written where."""
    written: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for name in WRITING:
            patch.setattr(Path, name, _failing(getattr(Path, name), name, number, written))
        yield written


def _failing(real: Callable[..., Any], name: str, number: int, written: list[str]) -> Callable[..., Any]:
    def write(path: Path, *rest: Any, **options: Any) -> Any:
        written.append(f"{name} {path.name}")
        if len(written) == number:
            raise Full
        return real(path, *rest, **options)

    return write


def left(office: Office) -> tuple[list[str], dict[str, bytes]]:
    """What was issued, by the ledger and by the files; both whole."""
    assert office.run("ledger", "verify").codes == []
    assert check(office.folder / "ledger.sqlite")[0] == []
    hidden = [f for f in (office.folder / "issued" / str(JANUARY)).iterdir() if f.name.startswith(".")]
    assert hidden == []
    told = office.run("ledger", "list").told["bills"]
    return [f"{bill['number']} {bill['kind']} {bill['total']}" for bill in told], office.files(JANUARY)


def run(office: Office, words: tuple[object, ...]) -> int:
    done = CliRunner().invoke(main, [*map(str, words), "-w", str(office.folder)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert "Traceback" not in done.output and "internal-error" not in done.output, done.output
    return done.exit_code


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], tuple[list[str], dict[str, bytes]]]:
    """The workspace before each step, and what the whole leaves."""
    root = tmp_path_factory.mktemp("stages")
    office = office_in(root / "0")
    folders = []
    for number, words in enumerate(STEPS):
        folders.append(Path(shutil.copytree(office.folder, root / f"before-{number}")))
        assert run(office, words) == 0
    return folders, left(office)


@pytest.mark.parametrize("step", range(len(STEPS)))
def test_a_disk_that_is_full_at_any_write_costs_nothing_but_the_run(
    stages: tuple[list[Path], tuple[list[str], dict[str, bytes]]], tmp_path: Path, step: int
) -> None:
    folders, wanted = stages
    first = cases((5, 17, 6, 11)[step], 1)  # one place of each step, else every one
    for number in range(first, 200, cases(200, 1)):
        office = Office(Path(shutil.copytree(folders[step], tmp_path / str(number))))
        with full_at(number) as written:
            status = run(office, STEPS[step])
        if len(written) < number:
            assert (status, number > 3) == (0, True)
            break
        assert status in (1, 2), written[-1]
        for words in STEPS[step:]:
            assert run(office, words) in (0, 2)  # 2: the failed run had issued it already
        assert left(office) == wanted, written[-1]
        shutil.rmtree(office.folder, ignore_errors=True)
    else:
        assert cases(1, 0), "the run never came through"


def test_two_runs_into_one_folder(office: Office) -> None:
    folder = office.folder / "invoices" / str(JANUARY)
    with locked(folder / LOCK, "bill 2025-01", datetime(2025, 2, 1, 9)) as taken:  # noqa: DTZ001
        assert taken is None
        done = office.bill(JANUARY)
        assert (done.status, done.codes) == (2, ["drafts-locked"])
        assert office.bill(JANUARY, "--out", office.folder / "elsewhere").status == 0
    assert office.bill(JANUARY).status == 0
    assert not list(folder.glob(".*"))


def test_yesterday_s_ledger_takes_no_payment_and_is_told(office: Office) -> None:
    office.bill(JANUARY)
    shutil.copy(office.folder / "accounts.xlsx", office.folder / "kept.xlsx")
    yesterday = office.folder / "yesterday.sqlite"
    bank = office.folder / "bank.csv"
    bank.write_text("日期,客户,金额,币种\n2025-01-20,C1,10,CNY\n", encoding="utf-8")
    office.run("pay", "import", bank)
    office.plain("ledger", "backup", yesterday)
    office.issue(JANUARY)
    ledger = office.folder / "ledger.sqlite"
    for name in ("ledger.sqlite-wal", "ledger.sqlite-shm"):
        (office.folder / name).unlink(missing_ok=True)
    shutil.copy(yesterday, ledger)
    bank.write_text("日期,客户,金额,币种\n2025-01-21,C1,20,CNY\n", encoding="utf-8")
    for words in (("pay", "import", bank), ("issue", JANUARY), ("void", "202502-00001", "--reason", "x")):
        done = office.run(*words)
        assert (done.status, done.codes) == (2, ["ledger-older"]), words
    assert office.run("ledger", "verify").codes == ["ledger-older"]
