"""Times of a day as they come: typed, as Excel's numbers, with or without seconds; and what becomes of them."""

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest

from xlbill.methods import BY_DAY, EACH, METHODS, by_day
from xlbill.periods import Month
from xlbill.sheets.values import as_clock, as_moment
from xlbill.usage import MeterKind, read_usage

MOMENTS: dict[str, tuple[object, object]] = {
    "typed": ("2026-04-01 10:05", datetime.fromisoformat("2026-04-01T10:05")),
    "five past midnight as Excel keeps it": (Decimal("46113.0034722222"), datetime.fromisoformat("2026-04-01T00:05")),
    "a moment before, for a float": (Decimal("46113.0034722221"), datetime.fromisoformat("2026-04-01T00:05")),
    "midnight is the day": ("2026-04-01 00:00", date(2026, 4, 1)),
    "what a float leaves of the next midnight": (Decimal("46113.9999999999"), date(2026, 4, 2)),
    "microseconds of a date cell": (
        datetime.fromisoformat("2026-04-01T00:04:59.999997"),
        datetime.fromisoformat("2026-04-01T00:05"),
    ),
}


@pytest.mark.parametrize(("raw", "moment"), MOMENTS.values(), ids=MOMENTS)
def test_a_moment_is_of_whole_seconds(raw: object, moment: object) -> None:
    assert as_moment(raw) == moment  # type: ignore[arg-type]


CLOCKS: dict[str, tuple[object, time | None]] = {
    "an hour": ("13", time(13)),
    "an hour as a number": (Decimal(7), time(7)),
    "a time": ("7:05", time(7, 5)),
    "in Chinese": ("13时", time(13)),
    "an hour from its beginning to its end": ("13:00-14:00", time(13)),
    "a part of a day": (Decimal("0.0034722222"), time(0, 5)),
    "24 is the next day's": (Decimal(24), None),
    "minutes above 59": ("7:61", None),
    "half an hour": (Decimal("7.5"), None),
    "a word": ("noon", None),
}


@pytest.mark.parametrize(("raw", "clock"), CLOCKS.values(), ids=CLOCKS)
def test_a_time_in_a_column_of_its_own(raw: object, clock: time | None) -> None:
    assert as_clock(raw) == clock  # type: ignore[arg-type]


@pytest.mark.parametrize("heading", ["hour", "时间", "time"])
def test_a_column_of_times_beside_one_of_days(tmp_path: Path, heading: str) -> None:
    path = tmp_path / "usage.csv"
    path.write_text(f"app,date,{heading},band\na1,2026-04-01,10:05,3\na1,2026-04-01,0,4\n", encoding="utf-8")
    meter = MeterKind("band", ("band",), {}, False, False, frozenset(), by_day=EACH)
    usage, found = read_usage([(path, "usage.csv")], Month(2026, 4), ["a1"], {"band": meter})
    assert not list(found)
    moments = [datetime.combine(date(2026, 4, 1), clock) for clock in (time(0), time(10, 5))]
    assert [day for day, _ in usage.series[0].days] == moments


def series(tmp_path: Path, rows: str, by: str) -> list[tuple[object, Decimal]]:
    path = tmp_path / "usage.csv"
    path.write_text(f"app,date,meter,quantity\n{rows}", encoding="utf-8")
    meter = MeterKind("band", ("band",), {}, False, False, frozenset(), by_day=by)
    usage, found = read_usage([(path, "usage.csv")], Month(2026, 4), ["a1"], {"band": meter})
    assert not list(found)
    return [entry for one in usage.series for entry in one.days]


TIMES = "a1,2026-04-01 10:00,band,3\na1,2026-04-01 11:00,band,8\na1,2026-04-01,band,4\na1,2026-04-01 12:00,band,5\n"
OF_A_DAY = {"sum": 20, "peak": 8, "last": 5, "first": 4, "average": 5}


def test_every_method_for_days_is_tried() -> None:
    assert {*OF_A_DAY, EACH} == set(BY_DAY)


@pytest.mark.parametrize(("method", "figure"), OF_A_DAY.items())
def test_times_of_a_day_by_method(tmp_path: Path, method: str, figure: int) -> None:
    assert series(tmp_path, TIMES, method) == [(date(2026, 4, 1), Decimal(figure))]


def test_each_time_by_itself_a_day_without_one_is_midnight(tmp_path: Path) -> None:
    hours = [(0, 4), (10, 3), (11, 8), (12, 5)]
    assert series(tmp_path, TIMES, EACH) == [
        (datetime.combine(date(2026, 4, 1), time(hour)), Decimal(n)) for hour, n in hours
    ]


def test_every_method_of_the_table_is_whole() -> None:
    for method in METHODS.values():
        assert method.formula or method.of_times
        assert by_day(method.key) in BY_DAY
        assert all(f"{{{name}}}" in (method.formula or "") for name in method.settings)
