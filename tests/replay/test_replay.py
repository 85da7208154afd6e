"""`xlbill bill --replay`: the same bytes from the inputs of then, wherever they lie now; else a clear word."""

import shutil
from pathlib import Path

import pytest

from tests.issuing.house import JANUARY, Office, office_in
from tests.workbooks import write_workbook


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return office_in(tmp_path / "office")


def manifest(office: Office, folder: str = "invoices") -> Path:
    return office.folder / folder / str(JANUARY) / f"manifest-{JANUARY}.json"


def test_drafts_come_out_the_same_with_their_register(office: Office, tmp_path: Path) -> None:
    office.bill(JANUARY)
    done = office.run("bill", "--replay", manifest(office), "--out", tmp_path / "again")
    assert (done.status, done.told["different"], done.codes) == (0, [], [])
    assert {"C1-2025-01.xlsx", "register.xlsx", "register.csv", "lines.csv"} <= set(done.told["same"])
    for name in done.told["same"]:
        assert (tmp_path / "again" / name).read_bytes() == (manifest(office).parent / name).read_bytes()


def test_inputs_are_found_by_their_hash_wherever_they_lie(office: Office) -> None:
    office.bill(JANUARY)
    kept = office.folder / "archive" / "usage of January.csv"
    kept.parent.mkdir()
    shutil.copy(office.folder / "usage" / str(JANUARY) / "usage.csv", kept)
    office.use(JANUARY, {"C1": 99})
    assert office.run("bill", "--replay", manifest(office)).told["different"] == []
    kept.unlink()
    done = office.run("bill", "--replay", manifest(office))
    assert (done.status, done.codes) == (2, ["replay-input-changed"])
    (office.folder / "usage" / str(JANUARY) / "usage.csv").unlink()
    assert office.run("bill", "--replay", manifest(office)).codes == ["replay-input-gone"]


def test_issued_invoices_and_credit_notes_come_out_the_same(office: Office) -> None:
    office.bill(JANUARY)
    office.issue(JANUARY)
    office.run("void", "202502-00002", "--reason", "wrong price", "--on", "2025-02-03")
    done = office.run("bill", "--replay", manifest(office, "issued"))
    assert (done.status, sorted(done.told["same"])) == (0, sorted(office.files(JANUARY)))


def test_a_run_of_some_customers_and_one_with_inputs_that_were_named(office: Office, tmp_path: Path) -> None:
    usage = tmp_path / "elsewhere" / "january.csv"
    usage.parent.mkdir()
    shutil.move(office.folder / "usage" / str(JANUARY) / "usage.csv", usage)
    out = tmp_path / "what-if"
    office.bill(JANUARY, "--usage", usage, "--customer", "C1,C3", "--out", out)
    shutil.copy(usage, office.folder / "kept.csv")
    done = office.run("bill", "--replay", out / f"manifest-{JANUARY}.json")
    assert (done.status, done.told["same"]) == (0, ["C1-2025-01.xlsx", "C3-2025-01.xlsx"])


def test_a_file_that_comes_out_otherwise_is_named(office: Office) -> None:
    office.bill(JANUARY)
    text = manifest(office).read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if line.startswith('"C2-2025-01.xlsx"')]
    sha256 = line.partition('"sha256":"')[2][:64]
    manifest(office).write_text(text.replace(sha256, "0" * 64), encoding="utf-8")
    done = office.run("bill", "--replay", manifest(office))
    assert (done.status, done.told["different"], done.codes) == (1, ["C2-2025-01.xlsx"], ["replay-differs"])


def test_what_cannot_be_written_is_no_difference(office: Office, tmp_path: Path) -> None:
    office.bill(JANUARY)
    (tmp_path / "file").write_text("no folder")
    done = office.run("bill", "--replay", manifest(office), "--out", tmp_path / "file" / "again")
    assert (done.status, set(done.codes)) == (2, {"cannot-write"})


def test_a_manifest_leads_nowhere_outside_of_the_workspace(office: Office, tmp_path: Path) -> None:
    office.bill(JANUARY)
    secret = write_workbook(tmp_path / "secret.xlsx", {"S": "| a |\n| b |\n"})
    text = manifest(office).read_text(encoding="utf-8")
    manifest(office).write_text(text.replace('"accounts.xlsx"', '"../secret.xlsx"'), encoding="utf-8")
    done = office.run("bill", "--replay", manifest(office))
    assert done.codes in (["replay-input-gone"], ["no-accounts"]) or done.status != 0
    assert secret.exists()
