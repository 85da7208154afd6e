"""The figures as they come in, day by day.

Of one series a day has one figure: the same again counts once, with a warning; another one is an error. Only single
requests, each with its id, add up.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from xlbill.cells import Place
from xlbill.problems import Fact
from xlbill.usage.findings import Findings
from xlbill.usage.objects import Cells, MeterKind, Series, Usage

Entry = tuple[Decimal, int, int]
"""A figure, the number of the sheet's column that it stands in, and its row: as small as can be, there may be
millions."""


@dataclass(slots=True)
class Draft:
    """A series that is being read. `of_requests`: its figures are sums of single requests."""

    app: str
    meter: MeterKind
    dimension: str | None
    unit: str | None
    times: int
    place: Place
    number: int
    days: dict[date | None, Entry] = field(default_factory=dict)
    of_requests: bool = False

    def series(self, columns: Sequence[Place]) -> Series:
        """The series, by day; `columns` are those of all sheets, by number."""
        days = sorted(self.days, key=lambda day: (day is not None, day or date.min))
        entries = [self.days[day] for day in days]
        own = {column: number for number, column in enumerate(dict.fromkeys(entry[1] for entry in entries))}
        cells = Cells(
            tuple(columns[column] for column in own),
            array("I", (own[entry[1]] for entry in entries)),
            array("Q", (entry[2] for entry in entries)),
        )
        figures = tuple((day, entry[0]) for day, entry in zip(days, entries, strict=True))
        return Series(self.app, self.meter.code, self.dimension, self.unit, self.times, figures, self.place, cells)


class Ledger:
    """All series of all files."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._drafts: dict[tuple[str, str, str | None, str | None, int], Draft] = {}
        self._columns: list[Place] = []
        self._requests: dict[int, Decimal] = {}  # by hash: millions of ids would not fit

    @property
    def drafts(self) -> tuple[Draft, ...]:
        """All series so far."""
        return tuple(self._drafts.values())

    def begin(self, column: Place) -> int:
        """The number of a column of figures that follows."""
        self._columns.append(column)
        return len(self._columns) - 1

    def apps_since(self, column: int) -> tuple[str, ...]:
        """The apps that have figures from a column on."""
        drafts = (d for d in self._drafts.values() if any(entry[1] >= column for entry in d.days.values()))
        return tuple(dict.fromkeys(draft.app for draft in drafts))

    @property
    def columns(self) -> int:
        """How many columns of figures were begun."""
        return len(self._columns)

    def place(self, entry: Entry) -> Place:
        """The cell of an entry."""
        column = self._columns[entry[1]]
        return column.at(entry[2], column.column)

    def draft(
        self, app: str, meter: MeterKind, dimension: str | None, unit: str | None, times: int, place: Place
    ) -> Draft:
        """The series of an app and meter; `place` counts where it is new."""
        key = (app, meter.code, dimension, unit, times)
        if (draft := self._drafts.get(key)) is None:
            draft = self._drafts[key] = Draft(app, meter, dimension, unit, times, place, len(self._drafts))
        return draft

    def add(self, draft: Draft, day: date | None, entry: Entry) -> None:
        """A day's figure."""
        earlier = draft.days.get(day)
        if earlier is None:
            draft.days[day] = entry
            return
        place = self.place(entry)
        first = str(self._columns[earlier[1]].at(earlier[2], None))
        code = "usage-repeated" if earlier[0] == entry[0] and not draft.of_requests else "usage-contradicts"
        facts: dict[str, Fact] = {"subject": draft.meter.code, "day": str(day or "—"), "first": first}
        figures: dict[str, Fact] = {"figure": f"{earlier[0]:,f}", "found": f"{entry[0]:,f}"}
        self._findings.tell(code, place, draft.app, None, **facts, **figures)

    def add_request(self, draft: Draft, day: date | None, entry: Entry, request: object) -> None:
        """A single request: those of a day add up, one that stands twice counts once."""
        limit = draft.meter.request_limit
        if limit is not None and entry[0] > limit:
            place = self.place(entry)
            facts: dict[str, Fact] = {"limit": f"{limit:,f}", "subject": draft.meter.code, "found": f"{entry[0]:,f}"}
            self._findings.tell("request-over-limit", place, draft.app, None, **facts)
            return
        identity = hash((draft.number, request))
        if identity in self._requests:
            place = self.place(entry)
            code = "request-repeated" if self._requests[identity] == entry[0] else "request-contradicts"
            self._findings.tell(code, place, draft.app, None, found=str(request), subject=draft.meter.code)
            return
        self._requests[identity] = entry[0]
        if draft.days and not draft.of_requests:
            self.add(draft, day, entry)
            return
        draft.of_requests = True
        earlier = draft.days.get(day)
        draft.days[day] = (earlier[0] + entry[0], *earlier[1:]) if earlier else entry

    def usage(self) -> Usage:
        """Everything, ordered by app, meter and dimension."""
        series = (draft.series(self._columns) for draft in self._drafts.values() if draft.days)
        return Usage(tuple(sorted(series, key=_order)))


def _order(series: Series) -> tuple[str, str, str, str, int]:
    return series.app, series.meter, series.dimension or "", series.unit or "", series.times
