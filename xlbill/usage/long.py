"""Long sheets: a figure a row, with the app, the day and the meter beside it."""

from collections.abc import Hashable
from dataclasses import dataclass
from operator import itemgetter

from xlbill.sheets import Misfit, as_number
from xlbill.sheets.isolated import value_of
from xlbill.sheets.stream import Batch, SheetRows, Values
from xlbill.usage.ledger import Draft
from xlbill.usage.sheet import Refused, UsageSheet, is_blank
from xlbill.usage.words import UnknownApp, UnknownWord, dimension_of, unit_of

_NAMES = ("app", "meter", "dimension", "unit", "times")
_MOST_TIMES = 1_000


@dataclass(frozen=True, slots=True)
class _Refusal:
    """A fault in what a row is about: the code, the column, what should stand there."""

    code: str
    key: str
    expected: str = ""


def read_long(sheet: UsageSheet, rows: SheetRows) -> None:
    """Take all rows of a long sheet into the ledger."""
    reader = _LongReader(sheet)
    for batch in rows.rows:
        reader.take(batch)


class _LongReader:
    """Remembers the series of each combination of app, meter, dimension, unit and times, as they are written."""

    def __init__(self, sheet: UsageSheet) -> None:
        self._sheet = sheet
        self._ledger = sheet.register.ledger
        columns = sheet.layout.columns
        self._named = tuple(columns[name] for name in _NAMES if name in columns)
        self._quantity = columns["quantity"]
        self._day = ("date", columns["date"]) if "date" in columns else ("month", columns["month"])
        self._request = columns.get("request")
        self._width = 1 + max(columns.values())
        self._drafts: dict[Hashable, Draft] = {}
        self._refused: dict[Hashable, tuple[str | UnknownApp, _Refusal | None]] = {}

    def take(self, batch: Batch) -> None:
        """Take some rows: those of which every part was seen before without much ado, the others with care."""
        name_of, (key, day_at) = itemgetter(*self._named), self._day
        drafts, days, wholes = self._drafts, self._sheet.days, self._sheet.wholes
        quantity_at, request_at, sheet_number = self._quantity, self._request, self._sheet.number
        for number, values in batch:
            try:
                draft, day, raw = drafts[name_of(values)], days[key, values[day_at]], values[quantity_at]
                request = None if request_at is None else values[request_at]
            except (KeyError, IndexError):
                self._take_carefully(number, values)
                continue
            figure = wholes.get(raw) or self._sheet.quick_figure(raw, draft.meter.whole)
            if figure is None or raw is True:
                self._take_carefully(number, values)
            elif request:
                self._ledger.add_request(draft, day, (figure, sheet_number, number), request, quantity_at + 1)
            elif day not in draft.days:
                draft.days[day] = (figure, sheet_number, number)
            else:
                self._take_carefully(number, values)

    def _take_carefully(self, number: int, values: Values) -> None:
        sheet = self._sheet
        if number <= sheet.layout.last_heading_row or sheet.carries_nothing(values):
            return
        if len(values) < self._width:
            values = [*values, *[None] * (self._width - len(values))]
        draft = self._draft(number, values)
        if draft is None:
            return
        day, quantity = sheet.day(values), values[self._quantity]
        if isinstance(day, Refused):
            sheet.tell(day.code, number, self._day[1], draft.app, values, month=str(sheet.register.month))
            return
        figure = Refused("cell-blank") if is_blank(quantity) else sheet.figure(quantity)
        if isinstance(figure, Refused):
            sheet.tell(figure.code, number, self._quantity, draft.app, values)
        elif not sheet.tell_figure(draft, figure, number, self._quantity, values):
            entry = (figure, sheet.number, number)
            request = values[self._request] if self._request is not None else None
            if is_blank(request):
                self._ledger.add(draft, day, entry, self._quantity + 1)
            else:
                self._ledger.add_request(draft, day, entry, request, self._quantity + 1)

    def _draft(self, number: int, values: Values) -> Draft | None:
        """The series that a row belongs to; None, and a problem, where that cannot be told."""
        name = itemgetter(*self._named)(values)
        if (draft := self._drafts.get(name)) is not None:
            return draft
        if name not in self._refused:
            made = self._make(number, values)
            if isinstance(made, Draft):
                self._drafts[name] = made
                return made
            self._refused[name] = made
        app, refusal = self._refused[name]
        if isinstance(app, UnknownApp):
            self._sheet.tell_app(app, number, values)
        elif refusal is not None:
            column = self._sheet.layout.columns.get(refusal.key, self._sheet.layout.columns["meter"])
            subject = self._sheet.text(values, refusal.key) or self._sheet.text(values, "meter")
            self._sheet.tell(refusal.code, number, column, app, values, subject=subject, nearest=refusal.expected)
        return None

    def _make(self, number: int, values: Values) -> Draft | tuple[str | UnknownApp, _Refusal | None]:
        sheet = self._sheet
        app = sheet.app(values)
        if isinstance(app, UnknownApp):
            return app, None
        word = sheet.text(values, "meter")
        meter = sheet.register.meters.heading(word) if word else None
        if meter is None:
            return app, _Refusal("cell-blank", "meter")
        if isinstance(meter, UnknownWord):
            return app, _Refusal(f"usage-unknown-{meter.kind}", "meter", meter.hint)
        written = sheet.text(values, "dimension")
        dimension = meter.dimension if meter.dimension and not written else dimension_of(meter.meter, written)
        if isinstance(dimension, UnknownWord):
            code = "usage-unknown-dimension" if written else "usage-without-dimension"
            return app, _Refusal(code, "dimension", dimension.hint)
        unit = unit_of(meter.meter, sheet.text(values, "unit")) or meter.unit
        if isinstance(unit, UnknownWord):
            return app, _Refusal("usage-unknown-unit", "unit", unit.hint)
        times = self._times(values)
        if times is None:
            return app, _Refusal("usage-times-not-whole", "times")
        place = sheet.place.at(number, self._quantity + 1)
        return self._ledger.draft(app, meter.meter, dimension, unit, times, place)

    def _times(self, values: Values) -> int | None:
        raw = self._sheet.raw(values, "times")
        if is_blank(raw):
            return 1
        times = as_number(value_of(raw))
        whole = not isinstance(times, Misfit) and times == int(times) and 1 <= times <= _MOST_TIMES
        return int(times) if whole and not isinstance(times, Misfit) else None
