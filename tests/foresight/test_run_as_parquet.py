"""A run as parquet: every line of its csv, figures exact, one schema for ordinary months."""

import json
from collections.abc import Iterator
from contextlib import chdir
from decimal import Decimal
from pathlib import Path

import pyarrow
import pytest
from click.testing import CliRunner, Result
from pyarrow import parquet

from tests.small_book import ACCOUNTS, BOOK
from tests.workbooks import write_workbook
from xlbill.cli import main
from xlbill.files import sha256_of
from xlbill.manifest import FileRecord, Manifest, write_manifest
from xlbill.periods import Month
from xlbill.register.as_parquet import decimals_needed
from xlbill.register.columns import LINE_COLUMNS
from xlbill.run import bill_month
from xlbill.workspace import Workspace

APRIL = Month(2026, 4)


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a month's drafts: a plan, and users beyond its quota."""
    root = tmp_path_factory.mktemp("run")
    write_workbook(root / "price_tables" / "small.xlsx", BOOK)
    write_workbook(root / "accounts.xlsx", ACCOUNTS)
    (root / "usage" / "2026-04").mkdir(parents=True)
    (root / "usage" / "2026-04" / "u.csv").write_text("app,month,meter,quantity\na1,2026-04,dau,31\n")
    bill_month(Workspace(root), APRIL)
    return root / "invoices" / "2026-04"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Path]:
    with chdir(tmp_path):
        yield tmp_path


def convert(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["convert", *map(str, words), "--lang", "en"])


def table_of(path: Path) -> pyarrow.Table:
    with parquet.ParquetFile(path) as file:
        return file.read()


def recorded(folder: Path, rows: str) -> Path:
    """A folder with lines.csv, as a run would have written it, and the manifest that vouches for it."""
    headings = ",".join(str(column.heading) for column in LINE_COLUMNS if column.key in ("customer", "quantity"))
    (folder / "lines.csv").write_text(f"\ufeff{headings}\n{rows}", encoding="utf-8")
    record = FileRecord("lines.csv", sha256_of(folder / "lines.csv"))
    write_manifest(Manifest("2026-04", {}, {"lines.csv": record}), folder / "manifest-2026-04.json")
    return folder


def test_each_line_with_its_types_and_codes(month: Path, here: Path) -> None:
    assert convert(month, "run.parquet").exit_code == 0
    table = table_of(here / "run.parquet")
    assert table.column_names == [column.key for column in LINE_COLUMNS]
    fee, users = table.to_pylist()
    assert (fee["item"], fee["kind"], fee["pay"], fee["amount"]) == ("im.pro", "fee", "prepaid", Decimal("100.0000"))
    assert (users["item"], users["kind"], users["pay"], users["quantity"]) == ("dau", "usage", "postpaid", 31)
    assert users["amount"] == 21 and users["number"] is None and users["currency"] == "CNY"
    assert f"{users['first']} {users['last']}" == "2026-04-01 2026-04-30"
    assert table.schema.field("amount").type == pyarrow.decimal128(38, 4)
    assert table.schema.field("price").type == pyarrow.decimal128(38, 12)
    assert table.schema.field("first").type == pyarrow.date32()
    assert table.schema.field("amount").metadata == {b"heading": "金额 Amount".encode()}


def test_by_folder_and_by_manifest_the_same(month: Path, here: Path) -> None:
    assert convert(month, "a.parquet").exit_code == convert(month / "manifest-2026-04.json", "b.parquet").exit_code == 0
    assert (here / "a.parquet").read_bytes() == (here / "b.parquet").read_bytes()


def test_issued_batches_stand_in_one_file(month: Path, here: Path) -> None:
    """A folder of issued invoices has the lines of each batch in a file of its own."""
    names = ("register-1-lines.csv", "register-2-lines.csv")
    for name in names:
        Path(name).write_bytes((month / "lines.csv").read_bytes())
    records = {name: FileRecord(name, sha256_of(Path(name))) for name in names}
    write_manifest(Manifest("2026-04", {}, records, "1:ab"), Path("manifest-2026-04.json"))
    assert convert(".", "run.parquet").exit_code == 0
    assert table_of(here / "run.parquet").num_rows == 4


@pytest.mark.parametrize(
    "figure", ["0.3333333333333333333333333333", "-12345678901234567890.5", "7", "0.000000000000001"]
)
def test_a_figure_keeps_every_digit(here: Path, figure: str) -> None:
    assert convert(recorded(here, f"'=C1,{figure}\n'-C2,\n"), "run.parquet").exit_code == 0
    table = table_of(here / "run.parquet")
    assert table["quantity"].to_pylist() == [Decimal(figure), None]
    assert table["customer"].to_pylist() == ["=C1", "-C2"]


def test_what_has_no_room_is_refused_at_its_cell_or_rounded_where_one_says_so(here: Path) -> None:
    recorded(here, "C1,12345678901\nC2,0.33333333333333333333333333333\n")
    refused = convert(".", "run.parquet")
    assert refused.exit_code == 2 and "lines.csv!B3" in refused.output and not Path("run.parquet").exists()
    assert convert(".", "run.parquet", "--lossy").exit_code == 0
    assert table_of(here / "run.parquet")["quantity"].to_pylist() == [12345678901, Decimal("0." + 27 * "3")]


def test_lines_that_somebody_changed_are_not_taken(here: Path) -> None:
    recorded(here, "C1,5\n")
    (here / "lines.csv").write_text((here / "lines.csv").read_text(encoding="utf-8").replace("5", "6"))
    assert "error[run-file-changed]" in convert(".", "run.parquet").output
    (here / "lines.csv").unlink()
    assert "error[run-file-changed]" in convert(".", "run.parquet").output


@pytest.mark.parametrize(("target", "code"), [("run.parquet", "run-without-lines"), ("run.csv", "format-unknown")])
def test_what_is_no_run_or_becomes_no_such_file(here: Path, target: str, code: str) -> None:
    Path("empty").mkdir()
    ran = convert("empty", target)
    assert ran.exit_code == 2 and f"error[{code}]" in ran.output


def test_a_manifest_that_is_none(here: Path) -> None:
    Path("manifest-2026-04.json").write_text(json.dumps({"files": []}))
    assert "manifest-damaged" in convert("manifest-2026-04.json", "run.parquet").output


def test_ordinary_months_have_one_schema(month: Path, here: Path) -> None:
    """Twelve decimals are enough for both, so their files can be read as one table."""
    needed, too_long = decimals_needed([(month / "lines.csv", "lines.csv")])
    recorded(here, "C1,0.25\n")
    assert (needed, too_long) == decimals_needed([(here / "lines.csv", "lines.csv")])
