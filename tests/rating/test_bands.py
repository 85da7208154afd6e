"""Time bands: every moment lies in one row of a sound schedule, and what is unsound is found; records in bands."""

from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases import cases
from xlbill.book.bands import ALL_KINDS, ALL_MONTHS, HOLIDAY, MINUTES, Band, Schedule, as_minute
from xlbill.cells import NOWHERE

HOURS = st.integers(0, 24).map(lambda hour: hour * 60)
KINDS = st.sampled_from([ALL_KINDS, frozenset(range(5)), frozenset({5, 6}), frozenset({HOLIDAY})])
MONTHS = st.sampled_from([ALL_MONTHS, frozenset({7, 8}), ALL_MONTHS - {7, 8}])
BANDS = st.builds(Band, st.sampled_from("pv"), HOURS, HOURS, KINDS, MONTHS, st.just(NOWHERE)).filter(
    lambda band: band.start != band.end and band.start < MINUTES
)


def found_otherwise(schedule: Schedule) -> set[str]:
    """Gaps and overlaps, looked for hour by hour on every kind of day in every month."""
    kinds = ALL_KINDS if schedule.knows_holidays else ALL_KINDS - {HOLIDAY}
    counts = {
        sum(band.holds(hour * 60, kind, month) for band in schedule.bands)
        for month in ALL_MONTHS
        for kind in kinds
        for hour in range(24)
    }
    return ({"band-gap"} if 0 in counts else set()) | ({"band-overlap"} if max(counts) > 1 else set())


@settings(max_examples=cases(40, 2_000), deadline=None)
@given(st.lists(BANDS, min_size=1, max_size=5))
def test_gaps_and_overlaps_are_found(bands: list[Band]) -> None:
    schedule = Schedule("s", tuple(bands))
    assert {problem.code for problem in schedule.problems()} == found_otherwise(schedule)


def band(dimension: str, start: str, end: str, kinds: frozenset[int] = ALL_KINDS) -> Band:
    first, last = as_minute(start), as_minute(end)
    assert first is not None
    assert last is not None
    return Band(dimension, first, last, kinds, ALL_MONTHS, NOWHERE)


WEEK = Schedule(
    "week",
    (
        band("peak", "8:00", "22:00", frozenset(range(5))),
        band("valley", "22:00", "8:00", frozenset(range(5))),
        band("valley", "0:00", "24:00", frozenset({5, 6, HOLIDAY})),
    ),
    {date(2026, 5, 1): True, date(2026, 5, 9): False},
)
AT = {
    "a Thursday before eight": (datetime.combine(date(2026, 4, 30), time(7, 59)), "valley"),
    "at eight": (datetime.combine(date(2026, 4, 30), time(8)), "peak"),
    "its last minute": (datetime.combine(date(2026, 4, 30), time(21, 59)), "peak"),
    "a Friday that is a holiday": (datetime.combine(date(2026, 5, 1), time(12)), "valley"),
    "a Saturday": (datetime.combine(date(2026, 5, 2), time(12)), "valley"),
    "a Saturday that is worked": (datetime.combine(date(2026, 5, 9), time(12)), "peak"),
}


def test_what_moments_belong_to() -> None:
    assert {name: WEEK.dimension(moment) for name, (moment, _) in AT.items()} == {n: d for n, (_, d) in AT.items()}
    assert WEEK.lists(2026)
    assert not WEEK.lists(2027)
    hours = (datetime.combine(date(2026, 1, 1), time()) + timedelta(hours=n) for n in range(24 * 365))
    assert {WEEK.dimension(hour) for hour in hours} == {"peak", "valley"}
