"""Long sheets: a figure a row, with the app, the day and the meter beside it."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import itemgetter

from xlbill.sheets import Misfit, as_number
from xlbill.sheets.isolated import value_of
from xlbill.sheets.stream import Batch, SheetRows, Values
from xlbill.usage.ledger import Entry, SeriesDraft, request_key
from xlbill.usage.objects import MeterKind
from xlbill.usage.sheet import Day, Unusable, UsageSheet, is_blank, whole_figure
from xlbill.usage.strangers import StrangeColumns
from xlbill.usage.words import UnknownApp, UnknownWord, dimension_of, split_unit, unit_of

_NAMES = ("app", "meter", "dimension", "unit", "times")
_MOST_TIMES = 1_000
_Measure = tuple[MeterKind, str | None, str | None, int]
"""A meter, its dimension, the unit, and what each figure counts for."""


@dataclass(frozen=True, slots=True)
class _Refusal:
    """A fault in what a row is about: the app, or the code of the problem, its column and what should stand there."""

    app: str | UnknownApp
    code: str = ""
    key: str = "app"
    expected: str = ""


def read_long(sheet: UsageSheet, rows: SheetRows) -> None:
    """Take all rows of a long sheet into the ledger."""
    reader, strangers = LongReader(sheet), StrangeColumns(sheet)
    for batch in rows.rows:
        strangers.look(batch)
        reader.take(batch)


class LongReader:
    """Remembers the series of each combination of app, meter, dimension, unit and times, as they are written."""

    def __init__(self, sheet: UsageSheet) -> None:
        """`named` are the positions of what a series is known by, `column` is the ledger's number of the quantities."""
        self._sheet = sheet
        self._ledger = sheet.register.ledger
        columns = sheet.layout.columns
        self.named = tuple(columns[name] for name in _NAMES if name in columns)
        self.quantity = columns["quantity"]
        self.column = sheet.begin(self.quantity)
        self._day = ("date", columns["date"]) if "date" in columns else ("month", columns["month"])
        self.request = columns.get("request")
        self._unit_word = split_unit(sheet.layout.texts[self.quantity])[1] or sheet.unit_word
        self._width = 1 + max(columns.values())
        self._measured = tuple(columns[name] for name in _NAMES if name != "app" and name in columns)
        self._measures: dict[Hashable, _Measure | _Refusal] = {}
        self._without_unit = set[str]()
        self._drafts: dict[Hashable, SeriesDraft] = {}
        self._refused: dict[Hashable, _Refusal] = {}

    def take(self, batch: Batch) -> None:
        """Take some rows: those of which every part was seen before without much ado, the others with care."""
        if self._ledger.requests.in_columns and (at := self.request) is not None:
            self._ledger.requests.recall(request_key(values[at]) for _, values in batch if at < len(values))
        if "hour" in self._sheet.layout.columns:  # two cells make a time
            for number, values in batch:
                self.take_carefully(number, values)
            return
        name_of, (key, day_at) = itemgetter(*self.named), self._day
        drafts, days = self._drafts, self._sheet.days
        quantity_at, request_at, column = self.quantity, self.request, self.column
        for number, values in batch:
            try:
                draft, day, raw = drafts[name_of(values)], days[key, values[day_at]], values[quantity_at]
                request = None if request_at is None else values[request_at]
            except (KeyError, IndexError):
                self.take_carefully(number, values)
                continue
            figure = whole_figure(raw)
            if figure is None:
                figure = None if draft.meter.whole else self._sheet.known_figure(raw)
            if figure is None:
                self.take_carefully(number, values)
            elif request:
                self._ledger.add_request(draft, day, (figure, column, number), request)
            elif day not in draft.days:
                draft.days[day] = (figure, column, number)
            else:
                self.take_carefully(number, values)

    def take_carefully(self, number: int, values: Values) -> None:
        """Take a row that may have any fault: those without figures are none, of others the first fault is told."""
        sheet = self._sheet
        if number <= sheet.layout.last_heading_row:
            return
        if len(values) < self._width:
            values = [*values, *[None] * (self._width - len(values))]
        draft, day, quantity = self.draft(number, values), sheet.day(values), values[self.quantity]
        figure = Unusable("cell-blank") if is_blank(quantity) else sheet.figure(quantity)
        if isinstance(draft, SeriesDraft) and not isinstance(day, Unusable) and not isinstance(figure, Unusable):
            if not sheet.tell_figure(draft, figure, number, self.quantity, values):
                self._add(draft, day, (figure, self.column, number), values)
        elif sheet.carries_nothing(values):
            sheet.look_at_remark(number, values)
        else:
            self._tell(number, values, draft, day, figure)

    def _add(self, draft: SeriesDraft, day: Day, entry: Entry, values: Values) -> None:
        request = values[self.request] if self.request is not None else None
        if is_blank(request):
            self._ledger.add(draft, day, entry)
        else:
            self._ledger.add_request(draft, day, entry, request)

    def _tell(
        self,
        number: int,
        values: Values,
        draft: SeriesDraft | _Refusal,
        day: Day | Unusable,
        figure: Decimal | Unusable,
    ) -> None:
        sheet = self._sheet
        if isinstance(draft.app, UnknownApp):
            sheet.tell_app(draft.app, number, values)
        elif isinstance(draft, _Refusal):
            subject = sheet.text(values, draft.key) or sheet.text(values, "meter")
            column = sheet.layout.columns.get(draft.key, sheet.layout.columns["meter"])
            sheet.tell(draft.code, number, column, draft.app, values, subject=subject, nearest=draft.expected)
        elif isinstance(day, Unusable):
            sheet.tell(day.code, number, sheet.column_of(day), draft.app, values, month=str(sheet.register.month))
        elif isinstance(figure, Unusable):
            sheet.tell(figure.code, number, self.quantity, draft.app, values)

    def draft(self, number: int, values: Values) -> SeriesDraft | _Refusal:
        """The series that a row belongs to, looked up once for each way in which it is written."""
        name = itemgetter(*self.named)(values)
        known = self._drafts.get(name) or self._refused.get(name)
        if known is None:
            known = self._make(number, values)
            if isinstance(known, SeriesDraft):
                self._drafts[name] = known
            else:
                self._refused[name] = known
        return known

    def _make(self, number: int, values: Values) -> SeriesDraft | _Refusal:
        app = self._sheet.app(values)
        if isinstance(app, UnknownApp):
            return _Refusal(app)
        written = tuple([values[at] for at in self._measured])
        if written not in self._measures:
            self._measures[written] = self._measure(values)
        measure = self._measures[written]
        if isinstance(measure, _Refusal):
            return replace(measure, app=app)
        if measure[0].code in self._without_unit:
            self._sheet.without_unit[app, measure[0].code] = measure[0]
        return self._ledger.draft(app, *measure, self._sheet.place.at(number, self.quantity + 1))

    def _measure(self, values: Values) -> _Measure | _Refusal:
        """What a row measures, whoever's it is."""
        sheet = self._sheet
        word = sheet.text(values, "meter")
        meter = sheet.register.meters.heading(word) if word else None
        if meter is None:
            return _Refusal("", "cell-blank", "meter")
        if isinstance(meter, UnknownWord):
            return _Refusal("", meter.code, "meter", meter.hint)
        written = sheet.text(values, "dimension")
        by_heading = not written and (meter.dimension is not None or meter.meter.banded)
        dimension = meter.dimension if by_heading else dimension_of(meter.meter, written)
        if isinstance(dimension, UnknownWord):
            code = dimension.code if written else "usage-without-dimension"
            return _Refusal("", code, "dimension", dimension.hint)
        stated = meter.unit or sheet.text(values, "unit") or self._unit_word
        unit = meter.unit or unit_of(meter.meter, stated)
        if not stated:
            self._without_unit.add(meter.meter.code)
        if isinstance(unit, UnknownWord):
            return _Refusal("", unit.code, "unit", unit.hint)
        times = self._times(values)
        return (
            _Refusal("", "usage-times-not-whole", "times") if times is None else (meter.meter, dimension, unit, times)
        )

    def _times(self, values: Values) -> int | None:
        """What each figure counts for; None where that is no count."""
        raw = self._sheet.raw(values, "times")
        if is_blank(raw):
            return 1
        times = as_number(value_of(raw))
        if isinstance(times, Misfit) or times != int(times) or not 1 <= times <= _MOST_TIMES:
            return None
        return int(times)
