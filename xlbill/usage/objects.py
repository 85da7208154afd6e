"""What usage is: for each app and meter the figures of a month's days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from xlbill.cells import Place


@dataclass(frozen=True, slots=True)
class MeterKind:
    """What the usage sheets may say of a meter, in the words of the price books.

    `dimensions` maps every word for a dimension to its code; without any, the meter has none. Nothing but whole
    numbers makes sense where `whole`, every day of the month is expected where `daily`.
    """

    code: str
    names: tuple[str, ...]
    dimensions: Mapping[str, str]
    whole: bool
    daily: bool
    units: frozenset[str]
    request_limit: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """The daily figures of one meter of an app, or one figure for the month (day None), by day.

    `times` is what each figure counts for: text that is translated into three languages counts three times.
    """

    app: str
    meter: str
    dimension: str | None
    unit: str | None
    times: int
    days: tuple[tuple[date | None, Decimal], ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Usage:
    """The usage of a month: all series, ordered by app, meter and dimension.

    `strangers` are words that stood where an app's code belongs, and are none; `silent` says that no usage was given
    at all, which is how a month says that there was none.
    """

    series: tuple[Series, ...]
    strangers: tuple[str, ...] = ()
    silent: bool = False
    _by_app: Mapping[str, tuple[Series, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_app", _grouped(self.series))

    def of(self, app: str) -> tuple[Series, ...]:
        """The series of one app."""
        return self._by_app.get(app, ())


def _grouped(series: Iterable[Series]) -> dict[str, tuple[Series, ...]]:
    grouped: dict[str, list[Series]] = {}
    for one in series:
        grouped.setdefault(one.app, []).append(one)
    return {app: tuple(those) for app, those in grouped.items()}
