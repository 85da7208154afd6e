"""A month for many customers: what goes wrong with one never stops the others, and what was read is on record."""

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from tests.cases import cases
from tests.several import workspace_of
from tests.test_example_month import EXAMPLES, copied
from xlbill.manifest import read_manifest
from xlbill.periods import Month
from xlbill.rating.rate import rate
from xlbill.run import Result, bill_month
from xlbill.workspace import SHIPPED, Workspace

APRIL = Month(2026, 4)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Three customers, K000 to K002, with an app each."""
    return Workspace(workspace_of(3, tmp_path / "workspace"))


def billed(workspace: Workspace, **options: Any) -> Result:
    result, _ = bill_month(workspace, APRIL, **options)
    assert result is not None
    return result


FAULTS = (ZeroDivisionError("x"), AssertionError(), MemoryError(), RecursionError())


@pytest.mark.parametrize(
    ("processes", "fault"), [*((1, fault) for fault in FAULTS[: cases(2, 4)]), *((2, fault) for fault in FAULTS[-1:])]
)
def test_an_error_of_ours_stops_its_customer_alone(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, fault: Exception, processes: int
) -> None:
    monkeypatch.setattr("xlbill.processes.JOBS_EACH", 2)

    def fails_for_one(customer: Any, *rest: Any) -> Any:
        if customer.code == "K002":
            raise fault
        return rate(customer, *rest)

    monkeypatch.setattr("xlbill.run.rate", fails_for_one)
    result = billed(workspace, processes=processes)
    assert result.left_out == ("K002",)
    assert len(result.billed) == 2
    (told,) = [p for p in result.problems if p.code == "internal-error"]
    assert (told.about.customer, told.stops, told.severity) == ("K002", "bill", "error")
    folder = workspace.invoices(APRIL)
    report = (folder / "internal-errors-2026-04.txt").read_text(encoding="utf-8")
    assert "K002" in report and type(fault).__name__ in report
    assert "Python 3" in report and "openpyxl" in report and "xlbill/run.py:" in report
    assert str(Path.home()) not in report and str(SHIPPED) not in report
    assert (folder / "register.xlsx").exists() and (folder / "manifest-2026-04.json").exists()
    monkeypatch.undo()
    assert billed(workspace).left_out == ()
    assert not (folder / "internal-errors-2026-04.txt").exists()


@pytest.mark.parametrize("part", ["write_balances", "write_register", "write_manifest"])
def test_an_error_of_ours_in_one_of_the_month_s_files_keeps_none_of_the_others_back(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    def fail(*_: object) -> None:
        raise LookupError(part)

    monkeypatch.setattr(f"xlbill.run.{part}", fail)
    result = billed(workspace)
    assert [p.code for p in result.problems if p.severity == "error"] == ["internal-error"]
    written = {file.name for file in workspace.invoices(APRIL).iterdir()}
    files = {
        "write_balances": "balances-2026-04.csv",
        "write_register": "register.xlsx",
        "write_manifest": "manifest-2026-04.json",
    }
    assert set(files.values()) - written == {files[part]}


def test_the_manifest_records_what_was_read_under_names_that_hold_anywhere(tmp_path: Path) -> None:
    texts = []
    for place in ("here", "somewhere/else"):
        workspace = Workspace(copied(EXAMPLES, tmp_path / place))
        billed(workspace)
        texts.append((workspace.invoices(APRIL) / "manifest-2026-04.json").read_text(encoding="utf-8"))
        manifest, _ = read_manifest(workspace.invoices(APRIL) / "manifest-2026-04.json")
        assert manifest is not None
        accounts = hashlib.sha256((workspace.root / "accounts.xlsx").read_bytes()).hexdigest()
        assert manifest.inputs["accounts.xlsx"] == accounts
        assert "xlbill/price_tables/easemob-im-2026.xlsx" in manifest.inputs
        assert not any(Path(name).is_absolute() for name in manifest.inputs)
    assert texts[0] == texts[1]


def test_inputs_that_were_named_are_recorded_under_their_own_names(workspace: Workspace, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    for name in ("a", "b"):
        (elsewhere / name).mkdir(parents=True)
        (elsewhere / name / "dau.csv").write_text("app,date,meter,quantity\n", encoding="utf-8")
    given = Workspace(workspace.root, usage_given=(elsewhere / "a" / "dau.csv", elsewhere / "b" / "dau.csv"))
    billed(given)
    manifest, _ = read_manifest(given.invoices(APRIL) / "manifest-2026-04.json")
    assert manifest is not None
    assert {"given/dau.csv", "given/dau.csv (2)"} <= set(manifest.inputs)


def test_files_have_the_rights_that_the_umask_gives(workspace: Workspace) -> None:
    before = os.umask(0o027)
    try:
        billed(workspace, customers=["K000"])
    finally:
        os.umask(before)
    file = workspace.invoices(APRIL) / "K000-2026-04.xlsx"
    assert file.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("given", ["prices_given", "accounts_given", "usage_given", "out_given"])
def test_a_what_if_writes_nothing_outside_its_output_folder(workspace: Workspace, tmp_path: Path, given: str) -> None:
    billed(workspace)
    own: dict[str, Any] = {
        "prices_given": workspace.root / "price_tables",
        "accounts_given": workspace.accounts,
        "usage_given": (workspace.root / "usage" / "2026-04",),
        "out_given": tmp_path / "out",
    }
    apart = Workspace(workspace.root, **{given: own[given]})
    folder = apart.invoices(APRIL)
    assert folder != workspace.invoices(APRIL), "the real drafts stay as they are"
    before = {file: file.read_bytes() for file in everything(workspace.root) if not file.is_relative_to(folder)}
    billed(apart)
    after = {file: file.read_bytes() for file in everything(workspace.root) if not file.is_relative_to(folder)}
    assert after == before
    assert (folder / "what-if-balances-2026-04.csv").exists()


def test_drafts_touch_nothing_but_their_folder(workspace: Workspace) -> None:
    before = {file: file.read_bytes() for file in everything(workspace.root)}
    billed(workspace)
    after = {file: file.read_bytes() for file in everything(workspace.root)}
    assert {file: after.get(file) for file in before} == before
    assert {file.parent for file in set(after) - set(before)} == {workspace.invoices(APRIL)}
    assert (workspace.invoices(APRIL) / "balances-2026-04.csv").exists()


def test_balances_of_an_earlier_version_count_for_a_month_without_drafts(workspace: Workspace) -> None:
    may, folder = APRIL.plus(1), workspace.root / "balances"
    folder.mkdir()
    (folder / "2026-04.csv").write_text("customer,app\n", encoding="utf-8")
    assert workspace.balances_before(may) == folder / "2026-04.csv"
    billed(workspace)
    assert workspace.balances_before(may) == workspace.balances(APRIL)


def test_a_what_if_goes_on_from_its_own_balances(workspace: Workspace, tmp_path: Path) -> None:
    apart = Workspace(workspace.root, out_given=tmp_path / "out")
    assert apart.balances_before(APRIL.plus(1)) == workspace.balances(APRIL)
    billed(apart)
    assert apart.balances_before(APRIL.plus(1)) == tmp_path / "out" / "what-if-balances-2026-04.csv"


def everything(folder: Path) -> list[Path]:
    return [file for file in sorted(folder.rglob("*")) if file.is_file()]
