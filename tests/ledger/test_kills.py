"""Killed at any instant, a rerun completes: no gap, no duplicate, no half file, and the same chain to the byte.

A child process issues, voids and takes in payments over three months; the parent kills it (SIGKILL) after a random
time, again and again. What the last run leaves must be what an undisturbed one left. `make kills` asks for more.
"""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cases import cases
from tests.ledger.months import APRIL, House, draft, numbering, pack, write
from xlbill.ledger.bank import Payer
from xlbill.ledger.issue import issue
from xlbill.ledger.pay import import_payments
from xlbill.ledger.publish import PREFIX, Publication, Stage, recover
from xlbill.ledger.records import Draft
from xlbill.ledger.session import opened, writing
from xlbill.ledger.store import NAME, Ledger
from xlbill.ledger.verify import verify_ledger
from xlbill.ledger.void import void
from xlbill.lock import locked
from xlbill.periods import Month
from xlbill.processes import mapped

KILLS = cases(10, 500)
NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)

GROUPS: list[int] = []  # of processes that killed runs may have left


@pytest.fixture(autouse=True)
def no_orphans() -> Iterator[None]:
    """Workers whose own process was killed wait forever: they end with the test."""
    yield
    while GROUPS:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(GROUPS.pop(), signal.SIGKILL)


pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")
Spread = Callable[[Stage, Sequence[Publication]], object]


def drafts(month: Month, customers: int, drawn: str = "10") -> list[Draft]:
    opening = {APRIL: "1000", APRIL.plus(1): "990", APRIL.plus(2): "980"}[month]
    own = (pack(opening, drawn),)
    return [draft(f"C{n:03}", month, f"{100 + n}.5", "20", balances=own) for n in range(customers)]


def first_of(month: Month) -> date:
    return month.plus(1).start


def step_issue(ledger: Ledger, house: House, month: Month, customers: int, spread: Spread) -> None:
    if not ledger.rows("SELECT 1 FROM bills WHERE month = ? LIMIT 1", str(month)):
        terms = house.terms(first_of(month))
        issued = issue(ledger, drafts(month, customers), write, terms, spread)  # type: ignore[arg-type]
        assert issued.problems == ()


def step_void(ledger: Ledger, house: House, month: Month, customer: str) -> None:
    row = ledger.row("SELECT number FROM bills WHERE month = ? AND customer = ? AND standing", str(month), customer)
    notes = ledger.rows(
        "SELECT 1 FROM bills WHERE month = ? AND customer = ? AND kind = 'credit'", str(month), customer
    )
    if row is not None and not notes:
        done, found = void(ledger, row["number"], "wrong price", write, house.terms(first_of(month)))
        assert (done is not None, found) == (True, ())
    if not ledger.rows("SELECT 1 FROM bills WHERE month = ? AND customer = ? AND standing", str(month), customer):
        (own,) = [d for d in drafts(month, 9) if d.customer == customer]
        issued = issue(ledger, [own], write, house.terms(first_of(month)))
        assert issued.problems == ()


def step_pay(ledger: Ledger, house: House, month: Month) -> None:
    path = house.folder / f"bank-{month}.csv"
    payers = [Payer(f"C{n:03}", ()) for n in range(3)]
    done = import_payments(ledger, path, payers, first_of(month), NOW, path.name)
    assert done.problems == ()


def work(house: House, customers: int, spread: Spread) -> None:
    """Three months, every step only if it is not done yet: what somebody does who starts the same again."""
    with writing(house.folder / NAME, "test", NOW) as (ledger, found):
        assert (ledger is not None, found) == (True, [])
        for month in (APRIL, APRIL.plus(1), APRIL.plus(2)):
            step_issue(ledger, house, month, customers, spread)
            step_pay(ledger, house, month)
            step_void(ledger, house, month, "C002")


def run(house: House, customers: int, spread: Spread, kill_after: float | None) -> int | None:
    """The work in a child process: its exit status, or None where it was killed after so many seconds."""
    child = os.fork()
    if child == 0:
        try:
            os.setpgid(0, 0)
            work(house, customers, spread)
            os._exit(0)
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            os._exit(1)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    GROUPS.append(child)
    return None if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def begun(folder: Path) -> House:
    folder.mkdir()
    for month in (APRIL, APRIL.plus(1), APRIL.plus(2)):
        day = f"{first_of(month)}"
        rows = "".join(f"{day},C{n:03},{50 * (n + 1)},{month} {n}\n" for n in range(3))
        (folder / f"bank-{month}.csv").write_text(f"日期,客户,金额,附言\n{rows}", encoding="utf-8")
    return House(folder, numbering())


def left(house: House) -> tuple[list[str], dict[str, bytes]]:
    """The entries of the ledger, and the files beside it."""
    with opened(house.folder / NAME) as (ledger, found):
        assert ledger is not None, found
        assert verify_ledger(ledger) == []
        texts = [row["text"] for row in ledger.rows("SELECT text FROM entries ORDER BY entry")]
    return texts, {file.name: file.read_bytes() for file in sorted((house.folder / "invoices").iterdir())}


def in_processes(stage: Stage, documents: Sequence[Publication]) -> object:
    return mapped(stage, documents, 2)


@pytest.mark.parametrize(("customers", "spread", "share"), [(5, map, 1.0), (40, in_processes, 0.2)])
def test_a_rerun_completes_what_a_killed_run_began(
    tmp_path: Path, customers: int, spread: Spread, share: float
) -> None:
    whole = begun(tmp_path / "whole")
    before = time.perf_counter()
    assert run(whole, customers, spread, None) == 0
    lasts = time.perf_counter() - before
    wanted = left(whole)
    chance, kills, number = random.Random(7), 0, 0
    while kills < KILLS * share:
        house, number = begun(tmp_path / f"run-{number}"), number + 1
        for _ in range(chance.randrange(1, 8)):
            status = run(house, customers, spread, chance.uniform(0, lasts))
            assert status in (None, 0)
            kills += status is None
        assert run(house, customers, spread, None) == 0
        texts, files = left(house)
        assert not [name for name in files if name.startswith(PREFIX)]
        assert (texts, files) == wanted


def test_the_kill_falls_into_every_stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped right before and after each write of the protocol, by an error in place of a kill."""
    import xlbill.ledger.publish as publish

    whole = begun(tmp_path / "whole")
    assert run(whole, 5, map, None) == 0
    wanted = left(whole)
    for name in ("_flush_folders", "complete", "_flush"):
        house = begun(tmp_path / name)
        child = os.fork()
        if child == 0:
            monkeypatch.setattr(publish, name, lambda *of: os.kill(os.getpid(), signal.SIGKILL))
            work(house, 5, map)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status)
        assert run(house, 5, map, None) == 0
        assert left(house) == wanted


def test_two_runs_at_once(house: House) -> None:
    path = house.folder / NAME
    with locked(path, "issue 2026-04", NOW) as taken:
        assert taken is None
        with locked(path, "void", NOW) as other:
            assert other is not None
            assert dict(other.facts)["pid"] == str(os.getpid())
            assert other.message("en").endswith("since 2026-05-01 09:00:00+00:00 (issue 2026-04)")
    with locked(path, "void", NOW) as taken:
        assert taken is None


def test_a_process_that_died_leaves_no_lock(house: House) -> None:
    path = house.folder / NAME
    child = os.fork()
    if child == 0:
        with locked(path, "issue", NOW):
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert str(child) in path.with_name(f"{NAME}.lock").read_text()
    with locked(path, "void", NOW) as taken:
        assert taken is None


def test_a_file_that_cannot_be_moved_waits_for_the_next_run(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", refused)
        issued = house.issue(draft())
    assert [p.code for p in issued.problems] == ["issue-unfinished"]
    assert not issued.files[0].exists()
    with house.ledger() as ledger:
        assert [p.code for p in verify_ledger(ledger)] == ["issue-unfinished"]
        assert recover(ledger) == []
        assert verify_ledger(ledger) == []
    assert issued.files[0].exists()
    assert Decimal(issued.files[0].read_text().split()[3]) == 1000
