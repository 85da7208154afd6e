"""Metering: a month of usage summed up as its meter says, from daily figures to one quantity.

A day's total is its columns times their coefficients (minutes of HD video count four-fold); the month's figure is the
peak, sum, last or average of the days, divided into the meter's unit and rounded once (linked pages, "RTC: standard
minutes": summed in seconds over all tiers, the sum rounded up to a whole minute).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xlbill.book.objects import Dimension, Meter
from xlbill.cells import Place
from xlbill.language import Label
from xlbill.methods import METHODS, Method
from xlbill.periods import Month, Period
from xlbill.problems import Problems
from xlbill.rating.bill import MeterUsage, UsageColumn
from xlbill.rating.figures import Figure, Source, computed, given, our
from xlbill.rating.levels import levels_of
from xlbill.rating.records import recorded
from xlbill.rating.results import parameter_figure
from xlbill.rating.usage_figures import UsageFigures
from xlbill.sheets.values import date_of
from xlbill.usage import Series

Day = date | None  # a moment (datetime) where each time counts; None: the figure of a whole month
InDays = Callable[[Day], bool]
_Dated = tuple[tuple[Day, Figure], ...]

ROUNDINGS = {"none": "{}", "up": "ROUNDUP({},0)", "half up": "ROUND({},0)", "down": "ROUNDDOWN({},0)"}


@dataclass(frozen=True, slots=True)
class Stretches:
    """Whether a day lies in one of some periods; the figure of a whole month belongs to them, too."""

    periods: tuple[Period, ...]

    def __call__(self, day: Day) -> bool:
        return day is None or any(date_of(day) in period for period in self.periods)

    def hold(self, days: Iterable[Day]) -> bool:
        """Whether all of some days are in the only period: most months are one, and their days are asked for often."""
        dated = [day for day in days if day is not None]
        return len(self.periods) == 1 and (
            not dated or (date_of(min(dated)) in self.periods[0] and date_of(max(dated)) in self.periods[0])
        )


@dataclass(frozen=True)
class Measured:
    """The daily figures of a meter (or of one of its dimensions) in a month, and what divides them into its unit."""

    meter: Meter
    columns: tuple[UsageColumn, ...]
    daily: _Dated
    per_unit: Figure | None
    by_day_totals: bool
    of_a_day: int = 1  # how much a level that holds all day counts for

    @property
    def method(self) -> Method:
        """How its month is summed up."""
        return METHODS[self.meter.month]

    @property
    def place(self) -> Place:
        """Where its first figure was read."""
        return self.columns[0].days[0][1].place

    def has_month_figures(self) -> bool:
        """Whether some of it is given for the month as a whole."""
        return any(day is None for day, _ in self.daily)

    def mixed_over_apps(self) -> bool:
        """Whether some apps give days and others one figure for the month, where their method does not combine the two.

        A sum adds both up, and the last figure is each app's own; a peak or an average over all apps is that of the
        days' totals, in which a month's figure has no day.
        """
        by_app = len({column.app for column in self.columns}) > 1
        dated = any(day is not None for day, _ in self.daily)
        return by_app and not self.method.additive and dated and self.has_month_figures()

    def in_pieces(self, days: InDays) -> bool:
        """Whether some days are no one range of cells, and the method's function takes only one."""
        if not self.method.one_range:
            return False
        looked_at = [bool(days(day)) for day, _ in self.daily if day is not None]
        first, last = (looked_at.index(True), looked_at[::-1].index(True)) if any(looked_at) else (0, 0)
        return not all(looked_at[first : len(looked_at) - last])

    def chosen(self, days: InDays) -> _Dated:
        """The figures of some days."""
        if isinstance(days, Stretches) and days.hold(day for day, _ in self.daily):
            return self.daily
        return tuple((day, figure) for day, figure in self.daily if days(day))

    def quantity(self, name: str, days: InDays) -> Figure:
        """The month's figure over some days, as a formula over the daily ones."""
        text, sources = self._summed_up(days)
        if self.per_unit is not None:
            text = f"({text})/per_unit" if "+" in text else f"{text}/per_unit"
        text = ROUNDINGS[self.meter.rounding].format(text)
        if self.per_unit is not None:
            sources["per_unit"] = self.per_unit
        return computed(name, our(f"={text}"), sources)

    def _summed_up(self, days: InDays) -> tuple[str, dict[str, Source]]:
        """The month's figure in the unit that it was given in, as a formula, and what stands behind its names.

        A method over series takes each column's own figure, times what it counts for, added up: two apps of which one
        stopped earlier both still hold what they had. All others look at the days' totals.
        """
        chosen = self.chosen(days)
        parts = tuple(figure for _, figure in chosen)
        if not parts:
            return "0", {}
        if self.method.over in ("first", "last"):
            at = 0 if self.method.over == "first" else -1
            return _weighted([(column, own[at]) for column in self.columns if (own := _within(column, days))])
        dated = [day for day, _ in chosen if day is not None]
        if not dated:
            return self.method.whole.format(parts="parts"), {"parts": parts}
        formula = self.method.formula or ""
        counted = sum(map(days, Month.of(dated[0]).period)) if "{days}" in formula or "{held}" in formula else 0
        names = {name: name for name in self.method.settings}
        text = formula.format(parts="parts", days=counted, held=counted * self.of_a_day, **names)
        settings = {name: parameter_figure(name, self.meter.settings[name]) for name in names}
        return text, {"parts": parts, **settings}

    def day_of_peak(self, days: InDays) -> Day:
        """The day with the highest total, the later where two tie (docs/decisions.md, peaks)."""
        dated = [(figure.number, day) for day, figure in self.chosen(days) if day is not None]
        return date_of(max(dated)[1]) if dated else None

    def table(self, app: str, title: Label, months: Sequence[tuple[Label, Figure]], quota: Figure | None) -> MeterUsage:
        """The usage sheet's part of it."""
        return MeterUsage(
            app,
            self.meter.code,
            title,
            self.meter.unit,
            self.meter.month,
            self.columns,
            self.daily if self.by_day_totals else (),
            tuple(months),
            quota,
        )


def measure(meter: Meter, series: Sequence[Series], figures: UsageFigures, found: Problems) -> Measured | None:
    """Daily totals of some series of one meter; series in its unit and in its source unit may stand side by side.

    None, and a problem, where a record of it comes to no figure.
    """
    in_source = meter.per_unit != 1 and any(_is_source(meter, s) for s in series)
    columns = tuple(_column(meter, s, figures, in_source) for s in series)
    per_unit = given("per_unit", meter.per_unit, meter.place) if in_source else None
    if METHODS[meter.month].over == "levels" and not any(day is None for column in columns for day, _ in column.days):
        levels = levels_of(columns)
        daily = _day_totals(levels.columns, dict(levels.held.days))
        return Measured(meter, (*levels.columns, levels.held), daily, per_unit, True, levels.of_a_day)
    if meter.record is not None:
        own = tuple(_column(meter, s, figures, in_source=False) for s in series)
        records = recorded(meter, own, [in_source and not _is_source(meter, s) for s in series], found)
        if records is None:
            return None
        results = records.results or records.columns[0].days
        return Measured(meter, records.columns, results, None, bool(records.results))
    plain = len(columns) == 1 and columns[0].coefficient is None
    daily = columns[0].days if plain else _day_totals(columns)
    return Measured(meter, columns, daily, per_unit, not plain)


def within(periods: Iterable[Period]) -> Stretches:
    """Days that lie in one of some periods; the figure of a whole month belongs to them, too."""
    return Stretches(tuple(periods))


def _is_source(meter: Meter, series: Series) -> bool:
    """Whether a series counts in source units (seconds), the default where the meter has one, or in so many each."""
    if meter.source_unit is None or series.unit is None:
        return meter.source_unit is not None and meter.default_unit != "unit"
    return _is_in(series, meter.source_unit) or _is_in_taken(meter, series)


def _is_in(series: Series, unit: Label) -> bool:
    return series.unit is not None and series.unit.casefold() in {unit.zh.casefold(), unit.en.casefold()}


def _is_in_taken(meter: Meter, series: Series) -> bool:
    """Whether a series is given in a unit that only the meter has from which its usage is taken."""
    return meter.unit_taken is not None and _is_in(series, meter.unit_taken[0])


def _column(meter: Meter, series: Series, figures: UsageFigures, in_source: bool) -> UsageColumn:
    dimension: Dimension | None = meter.dimensions.get(series.dimension) if series.dimension else None
    is_source = _is_source(meter, series)
    count = (dimension.coefficient if dimension else Decimal(1)) * series.times
    if in_source and not is_source:
        count *= meter.per_unit
    unit = meter.source_unit if is_source else meter.unit
    if meter.unit_taken is not None and _is_in_taken(meter, series):
        unit, count = meter.unit_taken[0], count * meter.unit_taken[1]
    place = dimension.place if dimension else series.place
    label = dimension.name if dimension else None
    if series.times != 1:
        times = f"× {series.times}"
        label = Label(f"{label.zh} {times}", f"{label.en} {times}") if label else Label(times, times)
    return UsageColumn(
        series.app,
        label,
        unit,
        given("coefficient", count, place) if count != 1 else None,
        figures.of(series),
    )


def _day_totals(
    columns: Sequence[UsageColumn], held: Mapping[Day, Figure] | None = None
) -> tuple[tuple[Day, Figure], ...]:
    """Each day's columns times their coefficients, added up; times for how long it was `held`, where that is given."""
    by_day: dict[Day, list[tuple[UsageColumn, Figure]]] = {}
    for column in columns:
        for day, figure in column.days:
            by_day.setdefault(day, []).append((column, figure))
    days = sorted(by_day, key=lambda day: (day is not None, day))
    return tuple((day, _day_total(by_day[day], held[day] if held is not None else None)) for day in days)


def _within(column: UsageColumn, days: InDays) -> list[Figure]:
    return [figure for day, figure in column.days if days(day)]


def _day_total(parts: Sequence[tuple[UsageColumn, Figure]], held: Figure | None) -> Figure:
    if held is not None:
        text, sources = _weighted(parts)
        return computed("total", our(f"=({text})*held"), {**sources, "held": held})
    if all(column.coefficient is None for column, _ in parts):
        return computed("total", our("=SUM(parts)"), {"parts": tuple(figure for _, figure in parts)})
    text, sources = _weighted(parts)
    return computed("total", our(f"={text}"), sources)


def _weighted(parts: Sequence[tuple[UsageColumn, Figure]]) -> tuple[str, dict[str, Source]]:
    """The sum of some columns' figures, each times its coefficient, as a formula and what its names stand for."""
    terms: list[str] = []
    sources: dict[str, Source] = {}
    for number, (column, figure) in enumerate(parts, start=1):
        sources[f"usage_{number}"] = figure
        terms.append(f"usage_{number}")
        if column.coefficient is not None:
            sources[f"coefficient_{number}"] = column.coefficient
            terms[-1] += f"*coefficient_{number}"
    return "+".join(terms), sources
