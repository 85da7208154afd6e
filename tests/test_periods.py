"""Months and terms: counted from the anchor, never from the last date; no day in two of them."""

from datetime import date
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbill.periods import (
    Month,
    Period,
    anniversary_terms,
    billing_day_cycle,
    billing_day_terms,
    calendar_cycle,
    calendar_terms,
    months_after,
    weekly_terms,
)

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


@given(DAYS, st.integers(1, 31), st.sampled_from((1, 2, 3, 12)))
def test_terms_by_billing_day_begin_on_it_after_a_short_first_one(start: date, day: int, months: int) -> None:
    first, *rest = islice(billing_day_terms(start, date.max, day, months), 14)
    assert first.start == start
    assert all(one.end == other.start for one, other in pairwise((first, *rest)))
    assert all(term.start == Month.of(term.start).day(day) for term in rest)
    cycle = billing_day_cycle(first, day, months)
    assert cycle.end == first.end
    assert cycle.start <= start
    assert (first == cycle) == (start == Month.of(start).day(day))
    assert first == cycle or first.days <= 31  # a short first term is never longer than a month
    assert all(billing_day_cycle(term, day, months) == term for term in rest)


@given(DAYS, st.sampled_from((1, 2, 3, 4, 6, 12)))
def test_calendar_cycles_are_counted_from_january(start: date, months: int) -> None:
    first, *rest = islice(calendar_terms(start, date.max, months), 14)
    assert start in calendar_cycle(start, months)
    assert calendar_cycle(start, months).end == first.end
    assert all((term.start.month - 1) % months == 0 and term.start.day == 1 for term in rest)


def test_weeks_have_seven_days() -> None:
    terms = list(weekly_terms(date(2026, 4, 29), date(2026, 5, 14)))
    assert [str(term) for term in terms] == [
        "2026-04-29 – 2026-05-05",
        "2026-05-06 – 2026-05-12",
        "2026-05-13 – 2026-05-19",
    ]


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
