"""Culprits of issuing: the example month billed for one customer, and what went wrong before it was issued."""

import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl

from tests.ledger.months import House, draft, numbering
from tests.problems.readers import Reader
from xlbill.issuing import IssueOrder, against_issued, issue_month
from xlbill.lock import locked
from xlbill.periods import Month
from xlbill.problems import Problem
from xlbill.replay import replay
from xlbill.run import LOCK, bill_month
from xlbill.workspace import Workspace

EXAMPLES = Path(__file__).parents[2] / "examples"
APRIL = Month(2026, 4)
NOW = datetime(2026, 5, 6, 9, tzinfo=UTC)
DAY = date(2026, 5, 1)
ONE = ("C001",)
Spoil = Callable[[Workspace], object]


def issued(place: Workspace, on: date = DAY) -> list[Problem]:
    """What is told of issuing the month, warnings of rating aside."""
    _, found = issue_month(place, APRIL, IssueOrder(on, NOW, ONE))
    return list(found)


def _culprit(spoil: Spoil, *, billed: bool = True, on: date = DAY) -> Reader:
    def read(files: list[Path]) -> list[Problem]:
        with tempfile.TemporaryDirectory() as folder:
            place = Workspace(Path(folder) / "w")
            shutil.copytree(EXAMPLES, place.root, ignore=shutil.ignore_patterns("invoices", "broken"))
            if billed:
                bill_month(place, APRIL, ONE)
            spoil(place)
            return issued(place, on)

    return read


def _gone(place: Workspace) -> None:
    issued(place)
    for file in place.root.glob("ledger.sqlite*"):
        file.unlink()


def _unfiled(place: Workspace) -> None:
    """Killed after it issued, before its register; then the accounts' template was changed."""
    issued(place)
    for file in place.issued(APRIL).glob("register-*"):
        file.unlink()
    own = place.root / "templates"
    shutil.copytree(place.templates, own)
    shutil.copyfile(own / "invoice.en.xlsx", own / "invoice.xlsx")


def _approved(sheet: str, cell: str, value: object) -> Reader:
    """The register of the whole month, approved for one customer and changed in a cell."""

    def read(files: list[Path]) -> list[Problem]:
        with tempfile.TemporaryDirectory() as folder:
            place = Workspace(Path(folder) / "w")
            shutil.copytree(EXAMPLES, place.root, ignore=shutil.ignore_patterns("invoices", "broken"))
            result, _ = bill_month(place, APRIL)
            assert result is not None and result.register is not None
            workbook = openpyxl.load_workbook(result.register)
            workbook["复核 Review"]["N6"].value = "是"
            workbook[sheet][cell].value = value
            path = place.root / "approved.xlsx"
            workbook.save(path)
            _, found = issue_month(place, APRIL, IssueOrder(DAY, NOW, approved=path))
            return [problem for problem in found if problem.severity == "error"]

    return read


def _nothing_issued(files: list[Path]) -> list[Problem]:
    """A ledger in which another month was issued."""
    with tempfile.TemporaryDirectory() as folder:
        place = Workspace(Path(folder) / "w")
        shutil.copytree(EXAMPLES, place.root, ignore=shutil.ignore_patterns("invoices", "broken"))
        House(place.root, numbering()).issue(draft("C001", APRIL.plus(-1)), on=date(2026, 4, 1))
        return list(against_issued(place, APRIL, ONE)[1])


def _replayed(spoil: Spoil) -> Reader:
    def read(files: list[Path]) -> list[Problem]:
        with tempfile.TemporaryDirectory() as folder:
            place = Workspace(Path(folder) / "w")
            shutil.copytree(EXAMPLES, place.root, ignore=shutil.ignore_patterns("invoices", "broken"))
            bill_month(place, APRIL, ONE)
            spoil(place)
            return list(replay(place, place.invoices(APRIL) / "manifest-2026-04.json")[1])

    return read


def _otherwise(place: Workspace) -> None:
    """A manifest whose file had another content: as one of another version of xlbill has."""
    path = place.invoices(APRIL) / "manifest-2026-04.json"
    text = path.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith('"C001-2026-04.xlsx"'))
    path.write_text(text.replace(line.partition('"sha256":"')[2][:64], "0" * 64), encoding="utf-8")


def _two_runs(files: list[Path]) -> list[Problem]:
    """Drafts that another process writes, as its lock says."""
    said = '{"pid": 4711, "host": "billing-1", "since": "2026-05-01 09:00:00+08:00", "doing": "bill 2026-04"}'
    with tempfile.TemporaryDirectory() as folder:
        place = Workspace(Path(folder) / "w")
        path = place.invoices(APRIL) / LOCK
        with locked(path, "bill 2026-04", NOW):
            path.with_name(f"{LOCK}.lock").write_text(said)
            return list(bill_month(place, APRIL)[1])


ISSUING_READERS: dict[str, Reader] = {
    f"issuing.{code}": reader
    for code, reader in {
        "no-drafts": _culprit(lambda place: None, billed=False),
        "draft-missing": _culprit(lambda place: (place.invoices(APRIL) / "C001-2026-04.xlsx").unlink()),
        "draft-edited": _culprit(lambda place: (place.invoices(APRIL) / "C001-2026-04.xlsx").write_bytes(b"mine")),
        "issue-in-future": _culprit(lambda place: None, billed=False, on=date(2026, 6, 1)),
        "ledger-gone": _culprit(_gone),
        "nothing-issued": _nothing_issued,
        "register-changed": _approved("复核 Review", "C6", 4300),
        "approval-unclear": _approved("复核 Review", "N7", "好像可以"),
        "register-without": _culprit(_unfiled),
        "drafts-locked": _two_runs,
        "replay-input-gone": _replayed(lambda place: (place.root / "usage" / "2026-04" / "C001.xlsx").unlink()),
        "replay-input-changed": _replayed(
            lambda place: (place.root / "usage" / "2026-04" / "C001.xlsx").write_bytes(b"mine")
        ),
        "replay-differs": _replayed(_otherwise),
    }.items()
}
