"""The manifest of a month: what its files held, so that a change can be told from a file that was only saved again."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.invoice.bills import free, ordinary, refunding
from tests.invoice.laid_out import pinned
from tests.recorded import recorded
from tests.test_example_month import EXAMPLES, bill, copied
from tests.workbooks import edit_xml, write_workbook
from xlbill.cli import main
from xlbill.files import sha256_of
from xlbill.formula import ExcelError
from xlbill.invoice import lay_out
from xlbill.manifest import (
    FileRecord,
    Manifest,
    invoice_record,
    manifest_text,
    manifests_of,
    read_heads,
    read_manifest,
    read_manifests,
    record_in,
)
from xlbill.manifest.typed import cells_of, cells_written, typed_value, untyped
from xlbill.sheets import read_workbook
from xlbill.workbook import layout_bytes, write_layout
from xlbill.workbook.layout import CellContent, Formula, LaidCell, Layout, Sheet
from xlbill.workbook.style import PLAIN

INVOICE = {"Invoice": "| item | amount | paid |\n| a plan | 1,299 | =B2*1 |\n| -5 | 0.07 | |"}


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        (None, ""),
        ("", "'"),
        ("a plan", "'a plan"),
        ("=A1", "'=A1"),
        ("12", "'12"),
        ("'12", "''12"),
        (True, "TRUE"),
        ("TRUE", "'TRUE"),
        (Decimal(1299), "1299"),
        (Decimal("-0.07"), "-0.07"),
        (Decimal("1E+3"), "1000"),
        (ExcelError.DIV0, "#DIV/0!"),
        (date(2026, 4, 1), "2026-04-01"),
        (datetime(2026, 4, 1, 9, 30), "2026-04-01T09:30:00"),  # noqa: DTZ001 - a spreadsheet knows no zones
    ],
)
def test_a_cell_is_kept_as_it_is_typed(value: object, typed: str) -> None:
    assert typed_value(value) == typed  # type: ignore[arg-type]
    assert untyped(typed) == value


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "C1-2026-04.xlsx", INVOICE)
    record = recorded(path, "C1", "CNY", "1299.00")
    assert record.cells == {
        "Invoice": {"A1": "'item", "B1": "'amount", "C1": "'paid", "A2": "'a plan", "B2": "1299", "C2": "=B2*1"}
        | {"A3": "-5", "B3": "0.07"}
    }
    manifest = Manifest("2026-04", {"accounts.xlsx": "ab12"}, {path.name: record})
    (tmp_path / "manifest-2026-04.json").write_text(manifest_text(manifest), encoding="utf-8")
    read, found = read_manifests(manifests_of(tmp_path))
    assert (read, tuple(found)) == ([manifest], ())
    assert json.loads(manifest_text(manifest))["files"][path.name]["total"] == "1299.00"


def record_of_path(path: Path, manifest: Manifest) -> FileRecord | None:
    return record_in(path.name, sha256_of(path), [manifest])


def test_a_renamed_file_is_known_by_its_bytes(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "C1.xlsx", INVOICE)
    manifest = Manifest("2026-04", {}, {path.name: recorded(path, "C1", "CNY", "1.00")})
    assert record_of_path(path.rename(tmp_path / "sent.xlsx"), manifest) == manifest.files["C1.xlsx"]
    assert record_of_path(write_workbook(tmp_path / "other.xlsx", {"A": "| 1 |"}), manifest) is None


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"period": "2026-04"}',
        '{"period": 4, "inputs": {}, "files": {}}',
        '{"period": "2026-04", "inputs": {}, "files": {"a.xlsx": {}}}',
        '{"period": "2026-04", "inputs": {}, "files": {"a.xlsx": {"sha256": "0", "cells": {"S": {"A0": "1"}}}}}',
        '{"period": "2026-04", "inputs": {}, "files": {"a.xlsx": {"sha256": "0", "cells": {"S": {"A1": 1}}}}}',
        '{"period": "2026-04", "inputs": {}, "files": {"a.xlsx": {"sha256": "0", "cells": {"S": {"A1": "~3"}}}}}',
        '{"period": "2026-04", "inputs": {}, "files": {"a.xlsx": {"sha256": "0", "trace": {"S": ["A1 price"]}}}}',
        '{"period": "2026-04", "inputs": {}, "files": {"a.xlsx": {"sha256": "0", "trace": {"S": ["A1 x 7 - - -"]}}}}',
        "\x00",
        "[" * 100_000,
    ],
)
def test_a_damaged_manifest_is_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "manifest-2026-04.json"
    path.write_text(content, encoding="utf-8")
    manifest, (found,) = read_manifest(path)
    assert manifest is None
    assert (found.code, found.severity) == ("manifest-damaged", "warning")
    _, told = read_heads(path)
    assert [p.code for p in told] == ["manifest-damaged"]


@pytest.mark.parametrize("name", ["x" * 5_000, "../a.xlsx", "a\0b", "/etc/passwd", ""], ids=lambda name: repr(name[:9]))
def test_a_manifest_that_names_files_elsewhere_is_damaged(tmp_path: Path, name: str) -> None:
    """A run asks whether each of its files is still there, and a name of 5,000 characters is no question."""
    path = tmp_path / "manifest-2026-04.json"
    path.write_text(manifest_text(Manifest("2026-04", {}, {name: FileRecord(name, "0" * 64)})), encoding="utf-8")
    for read in (read_manifest, read_heads):
        manifest, (found,) = read(path, path.name)
        assert (manifest, found.code) == (None, "manifest-damaged")


@pytest.mark.parametrize("laid_out", [lambda text: text, lambda text: json.dumps(json.loads(text), indent=1)])
def test_heads_are_those_of_the_whole(tmp_path: Path, laid_out: Callable[[str], str]) -> None:
    path = write_workbook(tmp_path / "C1-2026-04.xlsx", INVOICE)
    one = replace(recorded(path, "C1", "CNY", "1.00"), checked=True, content="cd")
    for files in ({}, {"a.xlsx": one}, {"a.xlsx": one, "register.csv": FileRecord("register.csv", "ef")}):
        manifest = Manifest("2026-04", {"accounts.xlsx": "ab"}, files, "7:ab")
        (tmp_path / "m.json").write_text(laid_out(manifest_text(manifest)), encoding="utf-8")
        read, found = read_heads(tmp_path / "m.json")
        assert read is not None and not found
        bare = {name: replace(file, cells={}, trace=(), look={}) for name, file in read.files.items()}
        expected = {n: replace(f, name=n, cells={}, trace=(), look={}) for n, f in files.items()}
        assert (replace(read, files=bare), bare) == (replace(manifest, files=expected), expected)


# --- made of a layout ----------------------------------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")) | st.sampled_from("\n\r=+'_x~"), max_size=30)
FIGURES = st.decimals(-(10**12), 10**12, places=4) | st.integers(-(10**15), 10**15).map(Decimal)
CONTENTS = st.none() | TEXT | FIGURES | st.booleans() | FIGURES.map(lambda value: Formula("1+1", value))
SERIALS = st.integers(61, 2_958_465).map(Decimal)
DATED = replace(PLAIN, number_format="yyyy-mm-dd")


@settings(max_examples=40, deadline=None)
@given(contents=st.lists(CONTENTS, max_size=12), serials=st.lists(SERIALS, max_size=3))
def test_cells_on_record_are_those_that_would_be_read(
    contents: list[CellContent], serials: list[Decimal], tmp_path_factory: pytest.TempPathFactory
) -> None:
    cells = [LaidCell(row, 2, content) for row, content in enumerate(contents, start=1)]
    cells += [LaidCell(row, 3, serial, DATED) for row, serial in enumerate(serials, start=1)]
    layout = Layout((Sheet("账单 1", tuple(cells)),), "", "", date(2026, 5, 1))
    path = tmp_path_factory.mktemp("written") / "a.xlsx"
    write_layout(layout, path)
    workbook, _ = read_workbook(path)
    assert workbook is not None
    assert cells_written(layout) == cells_of(workbook)


def test_an_invoice_s_record_is_that_of_its_file_and_comes_back_whole(tmp_path: Path) -> None:
    for number, make in enumerate((ordinary, refunding, free)):
        layout = lay_out(make(), pinned())
        content = layout_bytes(layout)
        path = tmp_path / f"C{number}.xlsx"
        path.write_bytes(content)
        record = invoice_record(path.name, layout, content, "C1", "CNY", "1.00")
        again = recorded(path, "C1", "CNY", "1.00")
        assert replace(again, trace=record.trace) == record
        text = manifest_text(Manifest("2026-04", {}, {record.name: record}))
        (tmp_path / "manifest-2026-04.json").write_text(text, encoding="utf-8")
        manifest, _ = read_manifest(tmp_path / "manifest-2026-04.json")
        assert manifest is not None
        assert manifest.files[record.name] == record
        assert record.trace


def test_a_thousand_invoices_need_some_kilobytes_each() -> None:
    layout = lay_out(ordinary(), pinned())
    record = invoice_record("C001.xlsx", layout, layout_bytes(layout), "C001", "CNY", "4299.00")
    files = {f"C{number:04}.xlsx": replace(record, name=f"C{number:04}.xlsx") for number in range(1_000)}
    assert len(manifest_text(Manifest("2026-04", {}, files)).encode()) < 4_100 * 1_000


# --- a month's own -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copied(EXAMPLES, tmp_path_factory.mktemp("month"))
    assert bill("2026-04", "-w", str(root))[0] == 0
    return root


def test_a_month_records_its_files_and_its_inputs(workspace: Path) -> None:
    folder = workspace / "invoices" / "2026-04"
    manifest, found = read_manifest(folder / "manifest-2026-04.json")
    assert manifest is not None
    assert not found
    on_disk = {file.name for file in folder.iterdir()} - {"manifest-2026-04.json", "balances-2026-04.csv"}
    assert set(manifest.files) == on_disk >= {"C001-2026-04.xlsx", "register.xlsx", "register.csv", "lines.csv"}
    assert (manifest.files["C001-2026-04.xlsx"].customer, manifest.files["C001-2026-04.xlsx"].total) == (
        "C001",
        "4299.00",
    )
    assert "accounts.xlsx" in manifest.inputs
    assert any("easemob-im-2026.xlsx" in name for name in manifest.inputs)
    assert any("usage" in name for name in manifest.inputs)
    assert any(name.endswith("invoice.en.xlsx") for name in manifest.inputs)


def test_verify_names_what_was_changed_in_an_invoice_that_was_sent_back(workspace: Path, tmp_path: Path) -> None:
    folder = workspace / "invoices" / "2026-04"
    for name in ("C001-2026-04.xlsx", "C002-2026-04.xlsx", "manifest-2026-04.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    edit_xml(tmp_path / "C001-2026-04.xlsx", "xl/worksheets/sheet1.xml", r"<f>ROUND\(([^<]*)</f>", r"<f>2*ROUND(\1</f>")
    files = [str(tmp_path / f"C00{n}-2026-04.xlsx") for n in (1, 2)]
    result = CliRunner().invoke(main, ["verify", *files, "--json"], catch_exceptions=False)
    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert {Path(file).stem[:4]: said["origin"] for file, said in told["files"].items()} == {
        "C001": "changed",
        "C002": "untouched",
    }
    assert {"verify-formula-changed", "verify-differs"} <= {p["code"] for p in told["problems"]}


def test_a_run_for_one_customer_keeps_the_others_on_record_and_the_register_as_it_was(tmp_path: Path) -> None:
    root = copied(EXAMPLES, tmp_path)
    folder = root / "invoices" / "2026-04"
    bill("2026-04", "-w", str(root))
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    status, printed = bill("2026-04", "-w", str(root), "--customer", "C001")
    assert (status, printed["register"]) == (0, None)
    after = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert after == before
    manifest, _ = read_manifest(folder / "manifest-2026-04.json")
    assert manifest is not None
    assert "C002-2026-04.xlsx" in manifest.files


def test_a_folder_is_verified_with_a_manifest_that_lies_elsewhere(workspace: Path, tmp_path: Path) -> None:
    folder = workspace / "invoices" / "2026-04"
    (tmp_path / "sent.xlsx").write_bytes((folder / "C003-2026-04.xlsx").read_bytes())
    arguments = ["verify", str(tmp_path), "--manifest", str(folder / "manifest-2026-04.json"), "--json"]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    assert [said["origin"] for said in json.loads(result.stdout)["files"].values()] == ["untouched"]
    assert CliRunner().invoke(main, ["verify", str(folder / "..")]).exit_code == 0
    bill("2026-05", "-w", str(workspace))  # two months' registers have one name
    result = CliRunner().invoke(main, ["verify", str(folder), str(folder.parent / "2026-05"), "--json"])
    assert {said["origin"] for said in json.loads(result.stdout)["files"].values()} == {"untouched"}
    (tmp_path / "sent.xlsx").unlink()
    assert CliRunner().invoke(main, ["verify", str(tmp_path)]).exit_code == 2
