"""`xlbill bill`, `issue` and `void` killed at random instants: the same commands again bring them to their end.

The commands run in processes of their own (SIGKILL to all of their group). `make kills` and `make many` run this, for
an hour. By default the ledger alone is killed (tests/ledger/test_kills.py), and runs of `bill`.
"""

import os
import random
import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.issuing.house import JANUARY, Office, office_in
from tests.ledger.checker import check
from xlbill.manifest import read_manifest

KILLS = 500
pytestmark = [
    pytest.mark.many,
    pytest.mark.skipif(not hasattr(os, "killpg"), reason="process groups cannot be killed here"),
]
STEPS = (
    ("bill", JANUARY, "--jobs", 1),
    ("issue", JANUARY, "--on", "2025-02-01", "--jobs", 1),
    ("void", "202502-00002", "--reason", "wrong price", "--on", "2025-02-01"),
    ("issue", JANUARY, "--on", "2025-02-01", "--jobs", 1),
)


def step(office: Office, words: tuple[object, ...], kill_after: float | None) -> int | None:
    """A command to its end, its exit status; None where it was killed after so many seconds."""
    process = office.started(*words)
    if kill_after is None:
        return process.wait()
    time.sleep(kill_after)
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        all_gone(process.pid)
        return None
    return process.returncode


def all_gone(group: int) -> None:
    """Wait until no process of a killed group is left: under load one may go later, and hold the ledger so long."""
    with suppress(ProcessLookupError):
        for _ in range(500):  # what nobody has waited for yet is a member still
            os.killpg(group, 0)
            time.sleep(0.01)


def left(office: Office) -> tuple[list[str], dict[str, bytes]]:
    assert office.run("ledger", "verify").codes == []
    assert check(office.folder / "ledger.sqlite")[0] == []
    told = office.run("ledger", "list").told["bills"]
    files = office.files(JANUARY)
    assert not [file for file in (office.folder / "issued" / str(JANUARY)).iterdir() if file.name.startswith(".")]
    return [f"{bill['number']} {bill['kind']} {bill['total']}" for bill in told], files


def test_what_was_killed_is_brought_to_its_end(tmp_path: Path) -> None:
    begun = office_in(tmp_path / "begun").folder
    whole = Office(shutil.copytree(begun, tmp_path / "whole"))
    lasts = []
    for words in STEPS:
        before = time.perf_counter()
        assert step(whole, words, None) == 0
        lasts.append(time.perf_counter() - before)
    wanted = left(whole)
    assert len(wanted[0]) == 5
    chance, kills, number = random.Random(11), 0, 0
    while kills < KILLS:
        office, number = Office(shutil.copytree(begun, tmp_path / f"run-{number}")), number + 1
        for at, words in enumerate(STEPS):
            if chance.random() < 0.8:
                # the first part of a command is Python starting: most of what can go wrong is after it
                kills += step(office, words, lasts[at] * chance.uniform(0.4, 1.0)) is None
            assert step(office, words, None) in (0, 2)  # 2: it was done already, which is refused
        assert left(office) == wanted
        registers = [f.name for f in (office.folder / "issued" / str(JANUARY)).glob("register-*.xlsx")]
        assert len(registers) == 2
        manifest, _ = read_manifest(office.folder / "issued" / str(JANUARY) / "manifest-2025-01.json")
        assert manifest is not None and set(wanted[1]) <= set(manifest.files)
