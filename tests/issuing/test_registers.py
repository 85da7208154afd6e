"""The register of a batch, and the manifest that vouches for all that was issued of a month."""

import hashlib
from pathlib import Path

import openpyxl
import pytest

from tests.issuing.house import JANUARY, Office, note_in, office_in
from xlbill.manifest import read_manifest


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return office_in(tmp_path / "office")


def test_what_the_register_and_the_manifest_say_of_the_ledger(office: Office) -> None:
    office.bill(JANUARY)
    (register,) = office.issue(JANUARY).told["registers"]
    head = next(
        c.value
        for row in openpyxl.load_workbook(register).worksheets[1].iter_rows(max_row=2)
        for c in row[:1]
        if c.row == 2
    )
    assert office.run("ledger", "verify", "--head", head.split()[-1]).status == 0
    numbers = [
        row[0] for row in openpyxl.load_workbook(register)["客户 Customers"].iter_rows(min_row=6, values_only=True)
    ]
    assert numbers == ["202502-00001", "202502-00002", "202502-00003"]


def test_the_manifest_vouches_for_all_that_was_issued(office: Office) -> None:
    """The registers of all batches; what somebody does to one of them is no file of the next batch's."""
    folder = office.folder / "issued" / str(JANUARY)
    office.bill(JANUARY)
    (first,) = office.issue(JANUARY, "--customer", "C2").told["registers"]
    note_in(Path(first))
    (second,) = office.issue(JANUARY).told["registers"]
    manifest, _ = read_manifest(next(folder.glob("manifest-*")), "m")
    assert manifest is not None
    there = {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in folder.iterdir() if f.suffix != ".json"}
    others = {name: file.sha256 for name, file in manifest.files.items() if name != Path(first).name}
    assert {**others, Path(first).name: there[Path(first).name]} == there
    assert (office.verified(first), office.verified(second)) == (1, 0)


def test_a_register_whose_manifest_was_not_written(office: Office) -> None:
    """The run was killed between the two; the next one files the batch, and the register is the same."""
    folder = office.folder / "issued" / str(JANUARY)
    office.bill(JANUARY)
    (register,) = map(Path, office.issue(JANUARY).told["registers"])
    manifest, content = next(folder.glob("manifest-*")), register.read_bytes()
    as_it_was = manifest.read_bytes()
    manifest.unlink()
    office.issue(JANUARY)
    assert (register.read_bytes(), manifest.read_bytes()) == (content, as_it_was)
    manifest.unlink()
    book = openpyxl.load_workbook(office.folder / "accounts.xlsx")
    book["Customers"]["B2"] = "Another name"
    book.save(office.folder / "accounts.xlsx")  # C1's bill cannot be made again: the register would lack it
    office.issue(JANUARY)
    assert register.read_bytes() == content
