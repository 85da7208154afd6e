"""The figures as they come in, day by day.

What identifies a figure is its app, meter, dimension and day (and its request), however they are spelled and whatever
unit it is given in: the same again counts once, with a warning; another one is an error. Single requests, each with
its id, add up, and so do figures of several times of one day, in the way of their meter.
"""

import pickle
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from xlbill.cells import Place
from xlbill.methods import EACH, METHODS
from xlbill.problems import Fact
from xlbill.sheets.cell import as_shown
from xlbill.sheets.isolated import value_of
from xlbill.sheets.values import date_of, narrow, visible
from xlbill.usage.findings import Findings
from xlbill.usage.objects import Cells, MeterKind, Series, Usage
from xlbill.usage.requests import Requests

FEW_SERIES, FEW_FIGURES = 100, 10_000
"""Up to so many of a file go to rest when the next one is read."""

Entry = tuple[Decimal, int, int]
"""A figure, the number of the sheet's column that it stands in, and its row: as small as can be, there may be
millions."""


@dataclass(slots=True)
class SeriesDraft:
    """A series that is being read. `of_requests`: its figures are sums of single requests.

    One at rest has no `days` until it is woken: whoever asks for them is told by an AttributeError.
    """

    app: str
    meter: MeterKind
    dimension: str | None
    unit: str | None
    times: int
    place: Place
    number: int  # the same for every series of one thing, in whatever unit and times it is given
    days: dict[date | None, Entry] = field(default_factory=dict)  # moments of days until they are settled
    of_requests: bool = False
    records: dict[datetime, int] = field(default_factory=dict)  # how many of each second, where each is by itself
    at_rest: bytes = b""  # its days, packed while nobody adds to them
    timed: bool = False  # of one at rest: whether some of its days have times

    def rest(self) -> None:
        """Be small: a run reads ten thousand files, and of each series a file or two have figures."""
        if self.days:
            self.timed = datetime in set(map(type, self.days))
            self.at_rest = pickle.dumps(self.days, pickle.HIGHEST_PROTOCOL)
            del self.days

    def wake(self) -> None:
        """Have days again."""
        if self.at_rest:
            self.days, self.at_rest = pickle.loads(self.at_rest), b""

    def next_record(self, day: date) -> datetime:
        """The key of one more record: those of a second are told apart by microseconds, from 1."""
        moment = day if isinstance(day, datetime) else datetime.combine(day, time())
        self.records[moment] = number = self.records.get(moment, 0) + 1
        return moment + timedelta(microseconds=number)

    @property
    def factor(self) -> Decimal:
        """What its figures are multiplied by where they are compared with those of another unit or other times."""
        return self.meter.factor(self.unit) * self.times

    def series(self, columns: Sequence[Place]) -> Series:
        """The series, by day; `columns` are those of all sheets, by number."""
        entries: dict[date | None, Entry] = pickle.loads(self.at_rest) if self.at_rest else self.days
        days = _in_order(entries)
        figures, numbers, rows = zip(*map(entries.__getitem__, days), strict=True)
        own = {column: number for number, column in enumerate(dict.fromkeys(numbers))}
        cells = Cells(
            tuple(columns[column] for column in own), array("I", map(own.__getitem__, numbers)), array("Q", rows)
        )
        by_day = tuple(zip(days, figures, strict=True))
        return Series(self.app, self.meter.code, self.dimension, self.unit, self.times, by_day, self.place, cells)


class SeriesByApp(Mapping[str, tuple[Series, ...]]):
    """The series of each app, made when somebody asks for the app's: who rates a customer asks for its own."""

    def __init__(self, drafts: Iterable[SeriesDraft], columns: Sequence[Place]) -> None:
        self._columns = columns
        self._of: dict[str, list[SeriesDraft]] = {}
        for draft in sorted(drafts, key=_order):
            self._of.setdefault(draft.app, []).append(draft)

    def __getitem__(self, app: str) -> tuple[Series, ...]:
        return tuple(draft.series(self._columns) for draft in self._of[app])

    def __iter__(self) -> Iterator[str]:
        return iter(self._of)

    def __len__(self) -> int:
        return len(self._of)


class Tally:
    """All series of all files."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._drafts: dict[tuple[str, str, str | None, str | None, int], SeriesDraft] = {}
        self._awake: list[SeriesDraft] = []  # that may go to rest
        self._numbers: dict[tuple[str, str, str | None], int] = {}
        self._columns: list[Place] = []
        self._begun: dict[str, int] = {}  # how many columns were begun when an app's series was last asked for
        self.requests = Requests()

    @property
    def drafts(self) -> tuple[SeriesDraft, ...]:
        """All series so far that have figures."""
        return tuple(draft for draft in self._drafts.values() if draft.at_rest or draft.days)

    def begin(self, column: Place) -> int:
        """The number of a column of figures that follows."""
        self._columns.append(column)
        return len(self._columns) - 1

    def apps_since(self, column: int) -> tuple[str, ...]:
        """The apps that have figures from a column on, also such as only add to figures of earlier ones."""
        return tuple(app for app, begun in self._begun.items() if begun > column)

    @property
    def columns(self) -> int:
        """How many columns of figures were begun."""
        return len(self._columns)

    def rest(self) -> None:
        """Have the series of the files so far at rest; those of a file with many, or with long ones, stay as they are.

        The next file may add to all of these: packing them again for each would cost more than they hold.
        """
        awake, self._awake = self._awake, []
        if len(awake) <= FEW_SERIES and sum(len(draft.days) for draft in awake) <= FEW_FIGURES:
            for draft in awake:
                draft.rest()

    @contextmanager
    def looked_at(self, drafts: Sequence[SeriesDraft]) -> Iterator[None]:
        """Within a `with` some series are awake, to be read; those that were at rest go back to it as they were."""
        resting = [(draft, draft.at_rest) for draft in drafts if draft.at_rest]
        for draft, _ in resting:
            draft.wake()
        yield
        for draft, packed in resting:
            draft.at_rest = packed
            del draft.days

    def settle(self) -> None:
        """Make one figure of the times of each day, and tell days that stand in two series of one thing."""
        groups: dict[int, list[SeriesDraft]] = {}
        for draft in self._drafts.values():
            groups.setdefault(draft.number, []).append(draft)
            if draft.at_rest and not draft.timed and draft.meter.by_day != EACH:
                continue
            with self._changed(draft):
                draft.days = self._settled(draft)
        for group in (group for group in groups.values() if len(group) > 1):
            with self._changed(*group):
                self._tell_doubles(*group)

    @contextmanager
    def _changed(self, *drafts: SeriesDraft) -> Iterator[None]:
        """Within a `with` some series are awake, to be changed."""
        resting = [draft for draft in drafts if draft.at_rest]
        for draft in resting:
            draft.wake()
        yield
        for draft in resting:
            draft.rest()

    def _tell_doubles(self, first: SeriesDraft, *others: SeriesDraft) -> None:
        """Tell the days of some series of one thing that stand in an earlier one, and leave them out."""
        earlier = {day: (entry, first) for day, entry in first.days.items()}
        for draft in others:
            for day in list(draft.days):
                if day in earlier and not (draft.of_requests and earlier[day][1].of_requests):
                    self._tell_again(draft, day, draft.days.pop(day), *earlier[day])
            earlier |= {day: (entry, draft) for day, entry in draft.days.items() if day not in earlier}

    def _settled(self, draft: SeriesDraft) -> dict[date | None, Entry]:
        """The figures by day. A day without a time beside times of the same column is midnight's figure."""
        if draft.meter.by_day == EACH:
            return self._by_moment(draft)
        if datetime not in set(map(type, draft.days)):
            return draft.days
        by_day: dict[date | None, list[tuple[date | None, Entry]]] = {}
        for moment, entry in draft.days.items():
            by_day.setdefault(None if moment is None else date_of(moment), []).append((moment, entry))
        return {day: self._of_times(draft, day, moments) for day, moments in by_day.items()}

    def _by_moment(self, draft: SeriesDraft) -> dict[date | None, Entry]:
        """The figures by their times; a day without one is midnight, unless it stands beside times of other columns."""
        timed = {day.date(): entry for day, entry in draft.days.items() if isinstance(day, datetime)}
        settled: dict[date | None, Entry] = {}
        for day, entry in draft.days.items():
            moment = day if day is None or isinstance(day, datetime) else datetime.combine(day, time())
            beside = timed.get(day) if day is not None and day is not moment else None
            if beside is not None and beside[1] != entry[1]:
                self._tell_again(draft, day, beside, entry, draft)
            if draft.meter.banded and draft.dimension is None and beside is None and not isinstance(day, datetime):
                facts: dict[str, Fact] = {"subject": draft.meter.code, "day": str(day or "—")}
                self._findings.tell("usage-without-time", self.place(entry), draft.app, None, **facts)
                continue
            settled[moment] = entry
        return settled

    def _of_times(self, draft: SeriesDraft, day: date | None, moments: list[tuple[date | None, Entry]]) -> Entry:
        """The figure of a day by those of its times, in the way of its meter: their sum, the highest, the last ..."""
        timed = [entry for moment, entry in moments if isinstance(moment, datetime)]
        whole = [entry for moment, entry in moments if not isinstance(moment, datetime)]
        if whole and timed and whole[0][1] != timed[0][1]:
            self._tell_again(draft, day, timed[0], whole[0], draft)
            return whole[0]
        ordered = [*whole, *(entry for _, entry in sorted((m, e) for m, e in moments if isinstance(m, datetime)))]
        of_times = METHODS[draft.meter.by_day].of_times
        assert of_times is not None, f"{draft.meter.by_day} sums up no times"
        figure, chosen = of_times([entry[0] for entry in ordered])
        return (figure, *ordered[chosen][1:])

    def _tell_again(
        self, draft: SeriesDraft, day: date | None, entry: Entry, earlier: Entry, first: SeriesDraft
    ) -> None:
        """A day's figure that stands in two series of one thing, or once for the day and once by its times."""
        one, two = earlier[0] * first.factor, entry[0] * draft.factor
        code = "usage-repeated" if one == two and not (draft.of_requests or first.of_requests) else "usage-contradicts"
        facts: dict[str, Fact] = {
            "subject": draft.meter.code,
            "day": str(day or "—"),
            "first": str(self.place(earlier)),
        }
        figures: dict[str, Fact] = {"figure": _shown(earlier[0], first), "found": _shown(entry[0], draft)}
        self._findings.tell(code, self.place(entry), draft.app, None, **facts, **figures)

    def place(self, entry: Entry) -> Place:
        """The cell of an entry."""
        column = self._columns[entry[1]]
        return column.at(entry[2], column.column)

    def draft(
        self, app: str, meter: MeterKind, dimension: str | None, unit: str | None, times: int, place: Place
    ) -> SeriesDraft:
        """The series of an app and meter; `place` counts where it is new."""
        self._begun[app] = len(self._columns)
        key = (app, meter.code, dimension, unit, times)
        if (draft := self._drafts.get(key)) is None:
            number = self._numbers.setdefault((app, meter.code, dimension), len(self._numbers))
            draft = self._drafts[key] = SeriesDraft(app, meter, dimension, unit, times, place, number)
            self._awake.append(draft)
        elif draft.at_rest:
            draft.wake()
            self._awake.append(draft)
        return draft

    def add(self, draft: SeriesDraft, day: date | None, entry: Entry) -> None:
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

    def add_request(self, draft: SeriesDraft, day: date | None, entry: Entry, request: object) -> None:
        """A single request: those of a day add up unless each is a record, one that stands twice counts once.

        An id of blanks alone is none: the figure is one of the day.
        """
        if not (key := request_key(request)):
            self.add(draft, day, entry)
            return
        limit = draft.meter.request_limit
        if limit is not None and entry[0] > limit:
            place = self.place(entry)
            facts: dict[str, Fact] = {"limit": f"{limit:,f}", "subject": draft.meter.code, "found": f"{entry[0]:,f}"}
            self._findings.tell("request-over-limit", place, draft.app, None, **facts)
            return
        figure = entry[0] if draft.factor == 1 else entry[0] * draft.factor
        if (before := self.requests.figure(draft.number, key)) is not None:
            place = self.place(entry)
            code = "request-repeated" if before == figure else "request-contradicts"
            self._findings.tell(code, place, draft.app, None, found=str(request), subject=draft.meter.code)
            return
        self.requests.keep(draft.number, key, figure)
        if day is not None and draft.meter.by_record:
            draft.of_requests = True
            draft.days[draft.next_record(day)] = entry
            return
        if day is not None and draft.meter.by_day != EACH:
            day = date_of(day)
        if draft.days and not draft.of_requests:
            self.add(draft, day, entry)
            return
        draft.of_requests = True
        earlier = draft.days.get(day)
        draft.days[day] = (earlier[0] + entry[0], *earlier[1:]) if earlier else entry

    def usage(self) -> Usage:
        """Everything, ordered by app, meter and dimension."""
        return Usage(SeriesByApp(self.drafts, self._columns))


def _in_order(days: Collection[date | None]) -> list[date | None]:
    """Days or moments in their order: the month as a whole comes first."""
    if None not in days:
        return sorted(days)  # type: ignore[type-var]
    return [None, *sorted(day for day in days if day is not None)]


def _order(draft: SeriesDraft) -> tuple[str, str, str, str, int]:
    return draft.app, draft.meter.code, draft.dimension or "", draft.unit or "", draft.times


def _shown(figure: Decimal, draft: SeriesDraft) -> str:
    unit = f" {draft.unit}" if draft.unit is not None else ""
    return f"{figure:,f}{unit}" + (f" × {draft.times}" if draft.times != 1 else "")


def request_key(request: object) -> str:
    """A request's id as it is compared: without blanks and invisible characters, half-width.

    The number 1001 is "1001", and so are 1001.0, as programs write a column with blanks, and '1001, Excel's text.
    """
    if not isinstance(request, str):
        return as_shown(value_of(request))
    text = (request.strip() if request.isascii() else narrow(visible(request))).removeprefix("'")
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text
