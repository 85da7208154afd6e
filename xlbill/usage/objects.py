"""What usage is: for each app and meter the figures of a month's days."""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Literal

from xlbill.cells import Place


@dataclass(frozen=True, slots=True)
class MeterKind:
    """What the usage sheets may say of a meter, in the words of the price books.

    `dimensions` maps every word for a dimension to its code; without any, the meter has none. Nothing but whole
    numbers makes sense where `whole`, every day of the month is expected where `daily`. `units` are all words for the
    units that figures may be given in; `source_units` those of them that mean the source unit, of which `per_unit`
    make one unit. `default_unit` is what a figure without a unit is given in, None where nobody says. `method` is how
    a month is summed up, `by_day` how the times of a day are, or EACH; a figure is expected every `sample_minutes`.
    Where `banded`, the time of a figure without a dimension decides on it. Where
    `by_record`, every row is a record of its own.
    """

    code: str
    names: tuple[str, ...]
    dimensions: Mapping[str, str]
    whole: bool
    daily: bool
    units: frozenset[str]
    request_limit: Decimal | None = None
    source_units: frozenset[str] = frozenset()
    per_unit: Decimal = Decimal(1)
    default_unit: Literal["unit", "source"] | None = None
    method: str = "sum"
    by_day: str = "sum"
    sample_minutes: int | None = None
    banded: bool = False
    by_record: bool = False

    def canonical_unit(self, *, source: bool) -> str | None:
        """The one word by which a unit is known, whichever was written; None where there is no such unit."""
        words = self.source_units if source else self.units - self.source_units
        return min(words, default=None)

    def factor(self, unit: str | None) -> Decimal:
        """What a figure in a unit counts for in the source unit."""
        return self.per_unit if self.source_units and unit not in self.source_units else Decimal(1)


@dataclass(frozen=True, slots=True)
class Cells:
    """Where some figures stand: the columns of sheets that they were read from, and of each its column and its row.

    A month may have millions of figures, so that their places are numbers side by side until one is asked for.
    """

    columns: tuple[Place, ...]
    column_of: "array[int]"
    row_of: "array[int]"

    def place(self, number: int) -> Place:
        """The cell of one figure, counted from 0."""
        column = self.columns[self.column_of[number]]
        return Place(column.file, column.sheet, self.row_of[number], column.column)


@dataclass(frozen=True, slots=True)
class Series:
    """The figures of one meter of an app, by day, or by time where each time counts; or one for the month (day None).

    `times` is what each figure counts for: text that is translated into three languages counts three times.
    `place` is where the first row of it stands, `cells` is where the figure of each day does.
    """

    app: str
    meter: str
    dimension: str | None
    unit: str | None
    times: int
    days: tuple[tuple[date | None, Decimal], ...]
    place: Place
    cells: Cells | None = field(default=None, compare=False, repr=False)

    def figures(self) -> Iterator[tuple[date | None, Decimal, Place]]:
        """Each day, its figure and the cell in which that stands: the first one where several rows add up to it."""
        for number, (day, figure) in enumerate(self.days):
            yield day, figure, self.place if self.cells is None else self.cells.place(number)


@dataclass(frozen=True, slots=True)
class Usage:
    """The usage of a month: all series, ordered by app, meter and dimension.

    `strangers` are words that stood where an app's code belongs, and are none; `silent` says that no usage was given
    at all, which is how a month says that there was none.
    """

    by_app: Mapping[str, tuple[Series, ...]] = field(default_factory=dict)
    strangers: tuple[str, ...] = ()
    silent: bool = False

    @property
    def series(self) -> tuple[Series, ...]:
        """All series."""
        return tuple(chain.from_iterable(self.by_app.values()))

    def of(self, app: str) -> tuple[Series, ...]:
        """The series of one app."""
        return self.by_app.get(app, ())


def by_app(series: Iterable[Series]) -> dict[str, tuple[Series, ...]]:
    """Series by their apps, as `Usage` has them."""
    grouped: dict[str, list[Series]] = {}
    for one in series:
        grouped.setdefault(one.app, []).append(one)
    return {app: tuple(those) for app, those in grouped.items()}
