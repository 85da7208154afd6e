"""Months and terms: counted from the anchor, never from the last date; no day in two of them."""

from datetime import date
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbill.periods import Month, Period, anniversary_terms, calendar_terms, months_after

DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("anchor", "starts"),
    [
        ("2026-01-31", ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]),
        ("2026-01-30", ["2026-01-30", "2026-02-28", "2026-03-30"]),
        ("2028-01-29", ["2028-01-29", "2028-02-29", "2028-03-29"]),
        ("2028-02-29", ["2028-02-29", "2028-03-29", "2028-04-29"]),
        ("2025-12-15", ["2025-12-15", "2026-01-15", "2026-02-15"]),
    ],
)
def test_the_anchor_day_is_kept(anchor: str, starts: list[str]) -> None:
    terms = islice(anniversary_terms(date.fromisoformat(anchor), date.max), len(starts))
    assert [str(term.start) for term in terms] == starts


def test_a_leap_day_falls_to_the_28th_in_common_years() -> None:
    assert months_after(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert months_after(date(2028, 2, 29), 48) == date(2032, 2, 29)


@given(DAYS, st.integers(1, 24))
def test_terms_meet_without_gap_or_overlap(start: date, months: int) -> None:
    terms = list(islice(anniversary_terms(start, date.max, months), 30))
    assert terms[0].start == start
    assert all(one.end == other.start for one, other in pairwise(terms))


@given(DAYS)
def test_calendar_terms_end_with_their_months(start: date) -> None:
    first, *rest = islice(calendar_terms(start, date.max), 14)
    assert first.start == start
    assert all(term.end.day == 1 for term in (first, *rest))
    assert all(term.start == term.start.replace(day=1) for term in rest)


@given(DAYS, st.integers(1, 400), DAYS, st.integers(1, 400))
def test_an_overlap_is_the_days_of_both(one: date, days: int, other: date, more: int) -> None:
    left, right = (Period(d, date.fromordinal(d.toordinal() + n)) for d, n in ((one, days), (other, more)))
    common = left.overlap(right)
    assert (set(common) if common else set()) == set(left) & set(right)


def test_a_period_is_never_empty() -> None:
    with pytest.raises(ValueError, match="end after"):
        Period(date(2026, 4, 1), date(2026, 4, 1))


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-04", "2026-04"),
        ("2026/4", "2026-04"),
        ("202604", "2026-04"),
        ("2026年4月", "2026-04"),
        (" 2026.12 ", "2026-12"),
    ],
)
def test_months_as_people_write_them(text: str, month: str) -> None:
    assert str(Month.parse(text)) == month


@pytest.mark.parametrize("text", ["2026-13", "2026-0", "April", "26-04", "2026-04-01", "", "0000-01"])
def test_what_is_no_month(text: str) -> None:
    assert Month.parse(text) is None
