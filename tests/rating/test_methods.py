"""Every method of the table comes to what is computed from the same figures in another way, over random usage."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases import cases
from xlbill.book.objects import Dimension, Meter, Parameter
from xlbill.cells import NOWHERE, Place
from xlbill.language import Label
from xlbill.methods import METHODS, by_day
from xlbill.periods import Month, Period
from xlbill.problems import Problems
from xlbill.rating.metering import Measured, measure, within
from xlbill.rating.usage_figures import UsageFigures
from xlbill.usage import Series

APRIL = Month(2026, 4)
HOT, COLD = "hot", "cold"
COUNTS = {HOT: Decimal(2), COLD: Decimal(1)}
SETTINGS = {"nth": Decimal(3), "percentile": Decimal("0.95")}
Key = tuple[str, str]
Figures = Mapping[Key, Mapping[datetime, int]]
"""The figures of each app and dimension, by their times."""


def meter(method: str) -> Meter:
    dimensions = {code: Dimension(code, Label(code, code), None, count, NOWHERE) for code, count in COUNTS.items()}
    given_settings = {name: Parameter(SETTINGS[name], None, NOWHERE) for name in METHODS[method].settings}
    return Meter(
        *("m", Label("m", "m"), None, method, None, Decimal(1), "none", True, False, False, None, dimensions),
        place=NOWHERE,
        by_day=by_day(method),
        settings=given_settings,
    )


def series_of(figures: Figures, method: str) -> list[Series]:
    """Series as usage hands them to the rating: by the time where each counts, else by the day."""
    of_times = METHODS[by_day(method)].of_times if by_day(method) in METHODS else None
    made = []
    for (app, dimension), times in figures.items():
        if of_times is None:
            days = tuple((moment, Decimal(figure)) for moment, figure in sorted(times.items()))
        else:
            by_date: dict[date, list[Decimal]] = defaultdict(list)
            for moment, figure in sorted(times.items()):
                by_date[moment.date()].append(Decimal(figure))
            days = tuple((day, of_times(own)[0]) for day, own in by_date.items())
        made.append(Series(app, "m", dimension, None, 1, days, Place("u.csv", None, 2, 1)))
    return made


def measured_by(by: Meter, series: list[Series], found: Problems) -> Measured | None:
    return measure(by, series, UsageFigures({by.code: by}, series, ()), found)


# --- the same in another way ------------------------------------------------------------------------------------


def totals(figures: Figures, of_day: Callable[[Sequence[int]], int | Fraction]) -> dict[date, Fraction]:
    """Each day's total, the times of a day first."""
    days: dict[date, Fraction] = defaultdict(Fraction)
    for (_, dimension), times in figures.items():
        for day in {moment.date() for moment in times}:
            own = [times[moment] for moment in sorted(times) if moment.date() == day]
            days[day] += of_day(own) * Fraction(COUNTS[dimension])
    return days


def samples(figures: Figures) -> list[Fraction]:
    """The totals of each time."""
    moments: dict[datetime, Fraction] = defaultdict(Fraction)
    for (_, dimension), times in figures.items():
        for moment, figure in times.items():
            moments[moment] += figure * Fraction(COUNTS[dimension])
    return sorted(moments.values())


def levels(figures: Figures) -> Fraction:
    """Every minute's level, minute by minute."""
    whole = Fraction(0)
    for (_, dimension), times in figures.items():
        ordered = sorted(times)
        ends = [*ordered[1:], datetime.combine(APRIL.period.end, time())]
        held = sum(
            times[begin] * ((end - begin) // timedelta(minutes=1)) for begin, end in zip(ordered, ends, strict=True)
        )
        whole += held * Fraction(COUNTS[dimension])
    return whole / (30 * 24 * 60)


def each(figures: Figures, at: int) -> Fraction:
    chosen = ((dimension, times[sorted(times)[at]]) for (_, dimension), times in figures.items())
    return sum((figure * Fraction(COUNTS[dimension]) for dimension, figure in chosen), Fraction(0))


def mean(own: Sequence[int]) -> Fraction:
    return Fraction(sum(own), len(own))


def nth(figures: Figures) -> Fraction:
    ordered = sorted(totals(figures, max).values(), reverse=True)
    return ordered[2] if len(ordered) >= 3 else Fraction(0)


OTHERWISE: Mapping[str, Callable[[Figures], Fraction]] = {
    "sum": lambda figures: sum(totals(figures, sum).values(), Fraction(0)),
    "peak": lambda figures: max(totals(figures, max).values()),
    "average": lambda figures: sum(totals(figures, mean).values(), Fraction(0)) / 30,
    "last": lambda figures: each(figures, -1),
    "first": lambda figures: each(figures, 0),
    "nth": nth,
    "percentile": lambda figures: samples(figures)[ceil(Fraction(95, 100) * len(samples(figures))) - 1],
    "time-weighted": levels,
    "distinct days": lambda figures: Fraction(sum(total > 0 for total in totals(figures, sum).values())),
}

BEGINNING = datetime.combine(APRIL.start, time())
MOMENTS = st.integers(1, 30 * 24 * 12 - 1).map(lambda number: BEGINNING + number * timedelta(minutes=5))
TIMES = st.dictionaries(MOMENTS, st.integers(0, 1_000), max_size=12).map(lambda times: {BEGINNING: 7, **times})
FIGURES = st.dictionaries(st.tuples(st.sampled_from(["a1", "a2"]), st.sampled_from([HOT, COLD])), TIMES, min_size=1)


def test_every_method_is_computed_otherwise() -> None:
    assert set(OTHERWISE) == {method.key for method in METHODS.values() if method.formula is not None}


@pytest.mark.parametrize("method", OTHERWISE)
@settings(max_examples=cases(15, 500), deadline=None)
@given(figures=FIGURES)
def test_a_method_comes_to_what_is_computed_otherwise(method: str, figures: Figures) -> None:
    found = Problems()
    measured = measured_by(meter(method), series_of(figures, method), found)
    assert measured is not None
    assert not found
    quantity = measured.quantity("quantity", within([APRIL.period])).number
    assert abs(Fraction(quantity) - OTHERWISE[method](figures)) < Fraction(1, 10**9)


def test_days_apart_are_told_where_a_function_takes_one_range() -> None:
    days = {datetime(2026, 4, day): 5 for day in (1, 5, 9)}  # noqa: DTZ001
    measured = measured_by(meter("nth"), series_of({("a1", COLD): days}, "nth"), Problems())
    assert measured is not None
    apart = [Period(date(2026, 4, 1), date(2026, 4, 2)), Period(date(2026, 4, 9), date(2026, 4, 10))]
    assert measured.in_pieces(within(apart))
    assert not measured.in_pieces(within([Period(date(2026, 4, 1), date(2026, 4, 6))]))
