"""Invoices that need a password to open: written, read back, issued, voided, made again."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.issuing.house import JANUARY, SHEETS, Office
from tests.workbooks import write_workbook
from xlbill.cli import main
from xlbill.workbook.protection import unsealed

pytest.importorskip("msoffcrypto", reason="the extra secure is not installed")

CUSTOMERS = "| code | name | file password |\n| C1 | One | first |\n| C2 | Two | |\n| C3 | Three | |\n"
SEALED = bytes.fromhex("d0cf11e0a1b11ae1")


@pytest.fixture
def sealed(office: Office) -> Office:
    """C1 has a password of its own."""
    write_workbook(office.folder / "accounts.xlsx", {**SHEETS, "Customers": CUSTOMERS})
    return office


def folder(office: Office, kind: str = "invoices") -> Path:
    return office.folder / kind / str(JANUARY)


def said(*words: object) -> tuple[int, dict[str, object]]:
    done = CliRunner().invoke(main, [*map(str, words), "--json"])
    return done.exit_code, json.loads(done.stdout) if done.stdout else {}


def test_a_customer_s_own_password_goes_before_that_of_the_run(sealed: Office) -> None:
    sealed.bill(JANUARY)
    files = {path.name: path.read_bytes() for path in folder(sealed).glob("C*.xlsx")}
    assert [name for name, content in sorted(files.items()) if content.startswith(SEALED)] == ["C1-2025-01.xlsx"]
    sealed.bill(JANUARY, "--password=second")
    files = {path.name: path.read_bytes() for path in folder(sealed).glob("C*.xlsx")}
    inside = {name: (unsealed(content, "first"), unsealed(content, "second")) for name, content in files.items()}
    opens = {name: [content is not None for content in both] for name, both in inside.items()}
    assert opens == {
        "C1-2025-01.xlsx": [True, False],
        "C2-2025-01.xlsx": [False, True],
        "C3-2025-01.xlsx": [False, True],
    }


def test_what_is_inside_is_the_invoice_as_it_is_without_a_password(sealed: Office) -> None:
    sealed.bill(JANUARY)
    content = unsealed((folder(sealed) / "C1-2025-01.xlsx").read_bytes(), "first")
    again = sealed.bill(JANUARY)  # other bytes, the same bill: nothing was replaced
    assert [p["code"] for p in again.told["problems"] if p["code"] == "bills-replaced"] == []
    without = CUSTOMERS.replace("first", "")
    write_workbook(sealed.folder / "accounts.xlsx", {**SHEETS, "Customers": without})
    sealed.bill(JANUARY)
    assert (folder(sealed) / "C1-2025-01.xlsx").read_bytes() == content


def test_a_sealed_invoice_is_verified_and_explained_with_its_password(sealed: Office) -> None:
    sealed.bill(JANUARY)
    file = folder(sealed) / "C1-2025-01.xlsx"
    assert said("verify", file)[0] == 2
    assert said("verify", file, "--password", "wrong")[0] == 2
    status, told = said("verify", file, "--password", "wrong", "--password", "first")
    assert (status, told["files"][str(file)]["origin"]) == (0, "untouched")  # type: ignore[index]
    assert said("verify", folder(sealed), "--accounts", sealed.folder / "accounts.xlsx")[0] == 0
    status, told = said("explain", file, "--password", "first")
    assert status == 0 and "114" in json.dumps(told)


def test_sealed_drafts_are_issued_voided_and_made_again(sealed: Office) -> None:
    sealed.bill(JANUARY)
    assert len(sealed.issue(JANUARY).told["invoices"]) == 3
    sealed.run("void", "202502-00001", "--reason", "wrong price", "--on", "2025-02-03")
    for name, content in sealed.files(JANUARY).items():
        assert content.startswith(SEALED) == name.startswith("C1"), name
        assert said("verify", folder(sealed, "issued") / name, "--password", "first")[0] == 0
    assert sealed.run("ledger", "verify").codes == []
    for kind in ("invoices", "issued"):
        done = sealed.run("bill", "--replay", folder(sealed, kind) / f"manifest-{JANUARY}.json")
        assert (done.status, done.told["different"]) == (0, [])


def test_a_batch_of_sealed_invoices_that_a_kill_left_is_filed(sealed: Office) -> None:
    sealed.bill(JANUARY)
    sealed.issue(JANUARY)
    for file in [*folder(sealed, "issued").glob("register-*"), *folder(sealed, "issued").glob("manifest-*")]:
        file.unlink()
    done = sealed.issue(JANUARY)
    assert (len(done.told["registers"]), done.codes.count("register-without")) == (1, 0)
    assert said("verify", folder(sealed, "issued") / "C1-2025-01 202502-00001.xlsx", "--password", "first")[0] == 0


def test_without_what_seals_them_such_invoices_are_not_written(sealed: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlbill.run.can_seal", lambda: False)
    done = sealed.bill(JANUARY)
    assert (done.codes, done.told["left_out"]) == (["password-unavailable"], ["C1"])
    assert not (folder(sealed) / "C1-2025-01.xlsx").exists()


@pytest.mark.parametrize("command", [("bill", JANUARY), ("issue", JANUARY), ("void", "202502-00001", "--reason", "x")])
@pytest.mark.parametrize("blank", ["", " "])
def test_a_blank_password_seals_nothing_and_is_refused(tmp_path: Path, command: tuple[object, ...], blank: str) -> None:
    """As of a variable that is not set: the invoices would be open to everybody."""
    words = [*map(str, command), "--password", blank, "-w", str(tmp_path), "--lang", "en"]
    done = CliRunner().invoke(main, words)
    assert (done.exit_code, "the password is blank" in done.stderr, list(tmp_path.iterdir())) == (2, True, [])


def test_a_blank_password_is_asked_for_again(sealed: Office) -> None:
    words = ["bill", str(JANUARY), "--jobs", "1", "-w", str(sealed.folder), "--lang", "en", "--password"]
    done = CliRunner().invoke(main, words, input="\n \nlast\n")
    assert (done.exit_code, done.output.count("the password is blank")) == (0, 2)
    assert all(file.read_bytes()[:8] == SEALED for file in folder(sealed).glob("C*.xlsx"))


def test_a_password_longer_than_excel_takes(sealed: Office) -> None:
    done = sealed.bill(JANUARY, f"--password={'x' * 256}")
    assert (done.codes, done.told["left_out"]) == (["password-too-long"] * 2, ["C2", "C3"])
