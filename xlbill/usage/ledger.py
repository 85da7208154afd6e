"""The figures as they come in, day by day.

Of one series a day has one figure: the same again counts once, with a warning; another one is an error. Only single
requests, each with its id, add up.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from xlbill.cells import Place
from xlbill.problems import Fact
from xlbill.usage.findings import Findings
from xlbill.usage.objects import MeterKind, Series, Usage

Entry = tuple[Decimal, int, int]
"""A figure, the number of its sheet and its row: as small as can be, there may be millions."""


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

    def series(self) -> Series:
        """The series, by day."""
        days = sorted(self.days, key=lambda day: (day is not None, day or date.min))
        figures = tuple((day, self.days[day][0]) for day in days)
        return Series(self.app, self.meter.code, self.dimension, self.unit, self.times, figures, self.place)


class Ledger:
    """All series of all files."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._drafts: dict[tuple[str, str, str | None, str | None, int], Draft] = {}
        self._sheets: list[Place] = []
        self._requests: dict[int, Decimal] = {}  # by hash: millions of ids would not fit

    @property
    def drafts(self) -> tuple[Draft, ...]:
        """All series so far."""
        return tuple(self._drafts.values())

    def begin(self, sheet: Place) -> int:
        """The number of a sheet whose rows follow."""
        self._sheets.append(sheet)
        return len(self._sheets) - 1

    def apps_since(self, sheet: int) -> tuple[str, ...]:
        """The apps that have figures from a sheet on."""
        drafts = (d for d in self._drafts.values() if any(entry[1] >= sheet for entry in d.days.values()))
        return tuple(dict.fromkeys(draft.app for draft in drafts))

    @property
    def sheets(self) -> int:
        """How many sheets were begun."""
        return len(self._sheets)

    def draft(
        self, app: str, meter: MeterKind, dimension: str | None, unit: str | None, times: int, place: Place
    ) -> Draft:
        """The series of an app and meter; `place` counts where it is new."""
        key = (app, meter.code, dimension, unit, times)
        if (draft := self._drafts.get(key)) is None:
            draft = self._drafts[key] = Draft(app, meter, dimension, unit, times, place, len(self._drafts))
        return draft

    def add(self, draft: Draft, day: date | None, entry: Entry, column: int) -> None:
        """A day's figure."""
        earlier = draft.days.get(day)
        if earlier is None:
            draft.days[day] = entry
            return
        place = self._sheets[entry[1]].at(entry[2], column)
        first = str(self._sheets[earlier[1]].at(earlier[2], None))
        code = "usage-repeated" if earlier[0] == entry[0] and not draft.of_requests else "usage-contradicts"
        facts: dict[str, Fact] = {"subject": draft.meter.code, "day": str(day or "—"), "first": first}
        figures: dict[str, Fact] = {"figure": f"{earlier[0]:,f}", "found": f"{entry[0]:,f}"}
        self._findings.tell(code, place, draft.app, None, **facts, **figures)

    def add_request(self, draft: Draft, day: date | None, entry: Entry, request: object, column: int) -> None:
        """A single request: those of a day add up, one that stands twice counts once."""
        limit = draft.meter.request_limit
        if limit is not None and entry[0] > limit:
            place = self._sheets[entry[1]].at(entry[2], column)
            facts: dict[str, Fact] = {"limit": f"{limit:,f}", "subject": draft.meter.code, "found": f"{entry[0]:,f}"}
            self._findings.tell("request-over-limit", place, draft.app, None, **facts)
            return
        identity = hash((draft.number, request))
        if identity in self._requests:
            place = self._sheets[entry[1]].at(entry[2], column)
            code = "request-repeated" if self._requests[identity] == entry[0] else "request-contradicts"
            self._findings.tell(code, place, draft.app, None, found=str(request), subject=draft.meter.code)
            return
        self._requests[identity] = entry[0]
        if draft.days and not draft.of_requests:
            self.add(draft, day, entry, column)
            return
        draft.of_requests = True
        earlier = draft.days.get(day)
        draft.days[day] = (earlier[0] + entry[0], *entry[1:]) if earlier else entry

    def usage(self) -> Usage:
        """Everything, ordered by app, meter and dimension."""
        series = (draft.series() for draft in self._drafts.values() if draft.days)
        return Usage(tuple(sorted(series, key=_order)))


def _order(series: Series) -> tuple[str, str, str, str, int]:
    return series.app, series.meter, series.dimension or "", series.unit or "", series.times
