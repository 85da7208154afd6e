"""Conversions through the command: usage in every form, long and wide, invoices for other programs, pipes."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cases import cases
from tests.foresight.documents import ACCOUNTS, BOOKS, figures
from tests.test_example_month import EXAMPLES, copied
from xlbill.book.load import load_book
from xlbill.cells import Place
from xlbill.cli import main
from xlbill.convert import Request, convert_file
from xlbill.inputs import meter_kinds
from xlbill.periods import Month
from xlbill.usage import read_usage
from xlbill.usage.table_files import csv_text, write_parquet, write_xlsx
from xlbill.usage.tables import UsageTable, read_usage_tables, to_long, to_wide

METERS = meter_kinds([book for path in BOOKS if (book := load_book(path)[0]) is not None])
USAGES = sorted((EXAMPLES / "usage" / "2026-04").iterdir())


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["convert", *map(str, arguments), "--lang", "en"])


codes = st.text("abcdefgh-", min_size=1, max_size=8).filter(lambda text: text.strip("-") == text)


@st.composite
def usage(draw: st.DrawFn) -> UsageTable:
    """A long table: each day, app and meter once."""
    apps = draw(st.lists(codes, min_size=1, max_size=3, unique=True))
    meters = draw(st.lists(st.tuples(codes, st.one_of(st.none(), codes)), min_size=1, max_size=3, unique=True))
    first = date(2026, 4, 1)
    rows = [
        (app, first + timedelta(days=day), meter, dimension, abs(draw(figures)))
        for app in apps
        for day in range(draw(st.integers(1, 3)))
        for meter, dimension in meters
    ]
    return UsageTable("usage", ("app", "date", "meter", "dimension", "quantity"), tuple(rows), Place("usage"))


@settings(max_examples=cases(20, 1_000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=usage())
def test_any_usage_comes_back_from_every_format(table: UsageTable, tmp_path: Path) -> None:
    (tmp_path / "usage.csv").write_text(csv_text(table), encoding="utf-8")
    write_xlsx([table], tmp_path / "usage.xlsx")
    for name in ("usage.csv", "usage.xlsx"):
        (back,), found = read_usage_tables(tmp_path / name, name)
        assert not list(found)
        assert (back.headings, back.rows) == (table.headings, table.rows), name


@settings(max_examples=cases(4, 200), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=usage())
def test_any_usage_comes_back_from_parquet(table: UsageTable, tmp_path: Path) -> None:
    """A process reads each file: a few by default."""
    write_parquet(table, tmp_path / "usage.parquet")
    (back,), found = read_usage_tables(tmp_path / "usage.parquet", "usage.parquet")
    assert not list(found)
    assert (back.headings, back.rows) == (table.headings, table.rows)


@settings(max_examples=cases(40, 1_000), deadline=None)
@given(table=usage())
def test_any_usage_comes_back_from_the_wide_layout(table: UsageTable) -> None:
    wide, found = to_wide(table)
    long, lost = to_long(wide)
    assert not list(found) and not list(lost)
    assert sorted(long.rows, key=str) == sorted(table.rows, key=str)


@pytest.mark.parametrize("file", USAGES, ids=lambda file: file.name)
def test_the_example_s_usage_is_the_same_by_way_of_parquet(file: Path, tmp_path: Path) -> None:
    for source, target in ((file, "a.csv"), (tmp_path / "a.csv", "b.parquet"), (tmp_path / "b.parquet", "c.csv")):
        ran = run(source, tmp_path / target)
        assert ran.exit_code == 0, ran.output
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "c.csv").read_bytes()


def usage_in(path: Path) -> dict[tuple[str, str, str | None, str | None, int], object]:
    """What the billing reads in a file."""
    usage, found = read_usage([(path, path.name)], Month(2026, 4), [f"c{n:03}-app" for n in range(1, 11)], METERS)
    assert not found.errors, [p.code for p in found]
    series = (one for n in range(1, 11) for one in usage.of(f"c{n:03}-app"))
    return {(s.app, s.meter, s.dimension, s.unit, s.times): s.days for s in series}


@pytest.mark.parametrize("file", USAGES, ids=lambda file: file.name)
def test_the_example_s_usage_is_billed_the_same_in_the_other_layout(file: Path, tmp_path: Path) -> None:
    """Units and dimensions in brackets behind a heading among them: `rtc:audio (分钟 minute)`."""
    assert run(file, tmp_path / "long.csv", "--layout", "long").exit_code == 0
    assert usage_in(tmp_path / "long.csv") == usage_in(file)
    if run(tmp_path / "long.csv", tmp_path / "wide.csv", "--layout", "wide").exit_code == 0:
        assert usage_in(tmp_path / "wide.csv") == usage_in(file)


def test_an_invoice_for_other_programs(tmp_path: Path) -> None:
    workspace = copied(EXAMPLES, tmp_path / "workspace")
    CliRunner().invoke(main, ["bill", "2026-04", "-w", str(workspace), "--customer", "C001"])
    invoice = next((workspace / "invoices" / "2026-04").glob("C001*.xlsx"))
    assert run(invoice, tmp_path / "c001.json").exit_code == 0
    told = json.loads((tmp_path / "c001.json").read_text())
    assert len(told["lines"]) == 3
    amounts = {Decimal(value) for line in told["lines"] for value in line.values() if value in ("1299", "1000", "2000")}
    assert sum(amounts) == 4299
    assert any("formula" in cell for cells in told["sheets"].values() for cell in cells.values())
    assert run(invoice, tmp_path / "c001.csv").exit_code == 0
    assert (tmp_path / "c001.csv").read_text().count("\n") == 4


def test_pipes_say_with_from_and_to_what_they_carry(tmp_path: Path) -> None:
    printed = run(BOOKS[-1], "-")
    assert printed.exit_code == 0 and printed.output.startswith("xlbill: price-book\n")
    back = CliRunner().invoke(main, ["convert", "-", "-", "--from", "yaml", "--to", "json"], input=printed.output)
    assert json.loads(back.output)["settings"]["currency"] == "CNY"
    assert run("-", "-").exit_code == 2
    assert run(ACCOUNTS, "-").output.startswith("xlbill: accounts\n")


def test_what_would_be_lost_is_left_out_only_where_one_says_so(tmp_path: Path) -> None:
    (tmp_path / "usage.csv").write_text("app,date,meter,quantity,request\na,2026-04-01,words,5,r-1\n")
    source, target = tmp_path / "usage.csv", tmp_path / "wide.csv"
    refused = run(source, target, "--layout", "wide")
    assert refused.exit_code == 2 and "column-not-carried" in refused.output and not target.exists()
    assert run(source, target, "--layout", "wide", "--lossy").exit_code == 0
    assert target.read_text(encoding="utf-8-sig").splitlines() == ["app,date,words", "a,2026-04-01,5"]


def test_codes_keep_their_zeros_and_formulas_are_disarmed(tmp_path: Path) -> None:
    (tmp_path / "usage.csv").write_text("app,date,meter,quantity,remark\n007,2026-04-01,dau,5,'=A1\n")
    for source, target in (("usage.csv", "a.xlsx"), ("a.xlsx", "b.csv")):
        assert not convert_file(Request(tmp_path / source, tmp_path / target, source)).errors
    assert (tmp_path / "b.csv").read_text(encoding="utf-8-sig").splitlines()[1] == "007,2026-04-01,dau,5,'=A1"


def test_a_second_page_across_repeats_two_columns_and_the_headings() -> None:
    """Its title, which runs over the first of them, is whole there, too."""
    printed = {sheet.title: sheet for sheet in openpyxl.load_workbook(ACCOUNTS).worksheets}
    customers, apps = printed["客户 Customers"], printed["应用 Apps"]
    assert (customers.print_title_cols, customers.page_setup.fitToWidth) == ("$A:$B", 2)
    assert apps.print_title_cols is None
