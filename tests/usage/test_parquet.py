"""Parquet files among the usage: the same usage as in a sheet, problems at row and column, hostile files refused."""

import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet

from tests.problems.readers import METERS
from tests.small_book import ACCOUNTS, BOOK
from tests.workbooks import write_workbook
from xlbill.check import check
from xlbill.periods import Month
from xlbill.problems import Problems
from xlbill.run import bill_month
from xlbill.sheets import isolated
from xlbill.usage import Usage, read_usage
from xlbill.workspace import Workspace

APRIL = Month(2026, 4)
DAYS = [date(2026, 4, day) for day in range(1, 31)]
FIGURES = [Decimal(day) / 4 for day in range(1, 31)]


def write(path: Path, **columns: Any) -> Path:
    parquet.write_table(pyarrow.table(columns), path)
    return path


def read(path: Path) -> tuple[Usage, Problems]:
    return read_usage([(path, path.name)], APRIL, ("shop-1", "shop-2"), METERS)


def figures_in(usage: Usage) -> dict[tuple[str, str, str | None], list[tuple[object, Decimal]]]:
    return {(s.app, s.meter, s.dimension): list(s.days) for s in usage.of("shop-1")}


QUANTITIES = {
    "decimals": pyarrow.array(FIGURES, pyarrow.decimal128(38, 9)),
    "floats": pyarrow.array([float(f) for f in FIGURES], pyarrow.float64()),
    "texts": pyarrow.array([str(f) for f in FIGURES]),
    "texts of a dictionary": pyarrow.array([str(f) for f in FIGURES]).dictionary_encode(),
}
MOMENTS = {
    "days": pyarrow.array(DAYS, pyarrow.date32()),
    "texts": pyarrow.array([f"{day}" for day in DAYS]),
    "midnights to the nanosecond": pyarrow.array([datetime(d.year, d.month, d.day) for d in DAYS]).cast(  # noqa: DTZ001
        pyarrow.timestamp("ns")
    ),
}


@pytest.mark.parametrize(
    ("quantity", "days"),
    [
        ("decimals", "days"),
        ("floats", "texts"),
        ("texts", "midnights to the nanosecond"),
        ("texts of a dictionary", "days"),
    ],
)
def test_figures_and_days_of_any_type_are_those_of_a_csv(tmp_path: Path, quantity: str, days: str) -> None:
    apps, meters = ["shop-1"] * len(DAYS), pyarrow.array(["message"] * len(DAYS)).dictionary_encode()
    made = {"date": MOMENTS[days], "meter": meters, "dimension": ["audio"] * len(DAYS)}
    usage, found = read(write(tmp_path / "u.parquet", app=apps, **made, quantity=QUANTITIES[quantity]))
    rows = [f"shop-1,{day},message,audio,{figure:.4f}\n" for day, figure in zip(DAYS, FIGURES, strict=True)]
    (tmp_path / "u.csv").write_text("app,date,meter,dimension,quantity\n" + "".join(rows))
    of_csv, none = read(tmp_path / "u.csv")
    assert not list(found) and not list(none)
    assert figures_in(usage) == figures_in(of_csv) and len(usage.of("shop-1")[0].days) == 30


def test_a_wide_table_of_whole_numbers_with_a_place_for_each(tmp_path: Path) -> None:
    """The columns' names stand in row 1, as they would on a sheet."""
    path = write(tmp_path / "u.parquet", app=["shop-1"] * 30, date=DAYS, dau=range(30), **{"message:audio": [1.5] * 30})
    usage, found = read(path)
    assert not list(found)
    dau = next(s for s in usage.of("shop-1") if s.meter == "dau")
    assert [figure for _, figure in dau.days] == list(range(30))
    assert str(dau.place) == "u.parquet!C2"


def test_figures_of_many_digits_stay_exact(tmp_path: Path) -> None:
    figure = Decimal("12345678901.123456789")
    whole = pyarrow.array([figure], pyarrow.decimal128(38, 9))
    usage, _ = read(write(tmp_path / "u.parquet", app=["shop-1"], month=["2026-04"], **{"message:audio": whole}))
    assert [number for s in usage.of("shop-1") for _, number in s.days] == [figure]


WRONG = """
| app    | date                      | meter   | quantity | code                | cell |
| shop-1 | 2026-04-01                | dau     | many     | not-a-number        | D2   |
| shop-1 | 2026-04-02                | dau     | -5       | usage-negative      | D3   |
| shop-1 | 2026-04-03                | dau     | NaN      | not-a-number        | D4   |
| shop-1 | 2026-05-01                | dau     | 5        | date-outside-month  | B5   |
| shop-1 | 2026-04-02 20:00:00+00:00 | dau     | 5        | date-ambiguous      | B6   |
| shop-1 | 2026-04-05                | massage | 5        | usage-unknown-meter | C7   |
| shop-3 | 2026-04-06                | dau     | 5        | usage-unknown-app   | A8   |
| shop-1 | 2026-04-07                | dau     |          | cell-blank          | D9   |
"""


def test_problems_are_told_at_row_and_column(tmp_path: Path) -> None:
    rows = [[cell.strip() or None for cell in line.strip("| ").split("|")] for line in WRONG.strip().splitlines()[1:]]
    app, day, meter, quantity, codes, cells = map(list, zip(*rows, strict=True))
    _, found = read(write(tmp_path / "u.parquet", app=app, date=day, meter=meter, quantity=quantity))
    told = [(p.code, str(p.place)) for p in found if p.severity == "error"]
    assert sorted(told) == sorted((code, f"u.parquet!{cell}") for code, cell in zip(codes, cells, strict=True))


def test_an_instant_is_not_taken_for_a_day_of_some_zone(tmp_path: Path) -> None:
    """20:00 in UTC is the next day in Shanghai: which one is meant, nobody says."""
    instants = pyarrow.array([datetime(2026, 4, 30, 20)], pyarrow.timestamp("ms", "UTC"))  # noqa: DTZ001
    _, found = read(write(tmp_path / "u.parquet", app=["shop-1"], date=instants, dau=[5]))
    assert [(p.code, str(p.place)) for p in found if p.severity == "error"] == [("date-ambiguous", "u.parquet!B2")]


def test_a_month_is_billed_from_a_parquet_file(tmp_path: Path) -> None:
    write_workbook(tmp_path / "price_tables" / "small.xlsx", BOOK)
    write_workbook(tmp_path / "accounts.xlsx", ACCOUNTS)
    (tmp_path / "usage" / "2026-04").mkdir(parents=True)
    write(tmp_path / "usage" / "2026-04" / "april.parquet", app=["a1"], month=["2026-04"], dau=[31])
    result, _ = bill_month(Workspace(tmp_path), APRIL)
    assert result is not None
    (billed,) = result.billed
    assert [line.amount.number for line in billed.bill.lines if line.item == "dau"] == [21]  # 21 over 10: 3 blocks of 7
    assert "april.parquet" in (tmp_path / "invoices" / "2026-04" / "manifest-2026-04.json").read_text(encoding="utf-8")
    files = dict(check([tmp_path / "usage"], Workspace(tmp_path), APRIL).files)
    assert {path.name: sort.value for path, sort in files.items()} == {"april.parquet": "usage"}


def test_a_table_of_many_rows_in_few_bytes_has_time_to_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its size says nothing of how long that takes: a file of its bytes would have no time at all here."""
    monkeypatch.setattr("xlbill.sheets.isolated.SECONDS_PER_MEBIBYTE", 0.0)
    monkeypatch.setattr("xlbill.sheets.isolated.SECONDS_PER_ROW", 1.0)
    monkeypatch.setattr("xlbill.sheets.isolated.MOST_ROWS", 60)
    days = [day for day in DAYS for _ in range(100)]
    path = write(tmp_path / "u.parquet", app=["shop-1"] * 3_000, date=days, message=[None] * 3_000, dau=[5] * 3_000)
    asked: list[float] = []
    usual = isolated.TimeAllowed.more
    monkeypatch.setattr(isolated.TimeAllowed, "more", lambda own, seconds: (asked.append(seconds), usual(own, seconds)))
    read(path)
    assert asked == [isolated.BASE_SECONDS + 60]


def cut_off(folder: Path) -> Path:
    whole = write(folder / "whole.parquet", app=["shop-1"] * 500, date=["2026-04-01"] * 500, dau=range(500))
    (folder / "u.parquet").write_bytes(whole.read_bytes()[:-200])
    return folder / "u.parquet"


def turned(folder: Path) -> Path:
    """Each byte behind the first hundred is another."""
    whole = write(folder / "whole.parquet", app=["shop-1"] * 500, date=["2026-04-01"] * 500, dau=range(500))
    content = whole.read_bytes()
    (folder / "u.parquet").write_bytes(content[:100] + bytes(255 - byte for byte in content[100:-8]) + content[-8:])
    return folder / "u.parquet"


def encrypted(folder: Path) -> Path:
    (folder / "u.parquet").write_bytes(b"PARE" + bytes(100) + b"PARE")
    return folder / "u.parquet"


def swollen(folder: Path) -> Path:
    """A megabyte of text, said once and repeated in two thousand rows."""
    texts = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * 2_000, pyarrow.int32()), ["x" * 2**20])
    return write(folder / "u.parquet", app=texts, date=["2026-04-01"] * 2_000, dau=range(2_000))


HOSTILE = {
    cut_off: "file-damaged",
    turned: "file-damaged",
    encrypted: "file-encrypted",
    swollen: "file-takes-too-much-memory",
}


@pytest.mark.parametrize("make", HOSTILE, ids=lambda make: make.__name__)
def test_hostile_files_are_refused(tmp_path: Path, make: Any) -> None:
    _, found = read(make(tmp_path))
    assert HOSTILE[make] in {p.code for p in found}


def test_without_pyarrow_one_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "u.parquet", app=["shop-1"], month=["2026-04"], dau=[5])
    (tmp_path / "pyarrow.py").write_text("raise ImportError('absent')\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    _, found = read(path)
    assert [p.code for p in found] == ["parquet-without-pyarrow"]
