"""Times of a day as they come: typed, as Excel's numbers, with or without seconds; and what becomes of them."""

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest

from xlbill.methods import BY_DAY, EACH, METHODS, by_day
from xlbill.periods import Month
from xlbill.sheets.values import as_moment
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
