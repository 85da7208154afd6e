"""One usage sheet while it is read: what its cells mean, each different value looked at once."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

from xlbill.cells import Place
from xlbill.language import Label
from xlbill.periods import Month
from xlbill.problems import Excerpt, Fact
from xlbill.sheets import Misfit, as_month, as_number
from xlbill.sheets.cell import Raw, as_shown
from xlbill.sheets.isolated import value_of
from xlbill.sheets.stream import SheetRows, Unknown, Values
from xlbill.sheets.tables import is_total
from xlbill.sheets.values import as_clock, as_moment, date_of, narrow, visible
from xlbill.usage.columns import USAGE
from xlbill.usage.findings import Findings
from xlbill.usage.layout import UsageLayout
from xlbill.usage.ledger import SeriesDraft, Tally
from xlbill.usage.objects import MeterKind
from xlbill.usage.words import Apps, Meters, UnknownApp, stated_unit, unit_of

REMEMBERED = 100_000
EXACT_DIGITS, MOST_WHOLE = 12, 10.0**12
QUANTITIES = USAGE.column("quantity").range
REMEMBERED_TEXT = 100
REMARKS = 20
HOUR_UNCLEAR = "hour-unclear"
Day = date | None
"""A day of the month or a moment of it (a datetime), None for the month as a whole."""


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why a value cannot be taken: the code of the problem."""

    code: str


@dataclass(frozen=True, slots=True)
class UsageReading:
    """What usage is compared with and goes to."""

    month: Month
    apps: Apps
    meters: Meters
    ledger: Tally
    findings: Findings
    days: dict[bool, "Days"] = field(default_factory=lambda: {False: Days({}, {}), True: Days({}, {})})


@dataclass(frozen=True, slots=True)
class Days:
    """What days and times are written as in all sheets that count days in one way: those that can be taken, and not.

    They are known by the key of their column and the value as it was read.
    """

    taken: dict[Hashable, Day]
    refused: dict[Hashable, Unusable]


class UsageSheet:
    """The meaning of a sheet's cells.

    `own_app` is the app of all rows where no column names one, `unit_word` the unit where no cell or heading gives it.
    """

    def __init__(
        self, register: UsageReading, rows: SheetRows, layout: UsageLayout, own_app: str | None, unit_word: str = ""
    ) -> None:
        self.unit_word = unit_word
        self.register, self.layout, self.own_app = register, layout, own_app
        self.place = rows.place
        self._figures: dict[Hashable, Decimal] = {}
        self._days = register.days[rows.from_1904]
        self._apps: dict[Hashable, str | UnknownApp] = {}
        self._from_1904 = rows.from_1904
        self._used = sorted({*layout.columns.values(), *layout.meters})
        self.without_unit = dict[tuple[str, str], MeterKind]()  # apps and meters of which nothing states a unit
        self._remarks: list[tuple[Place, str]] = []

    # Values

    def figure(self, raw: Hashable) -> Decimal | Unusable:
        """The figure of a cell that is not blank."""
        if raw in self._figures and not isinstance(raw, bool):
            return self._figures[raw]
        number: Decimal | Misfit | Unusable
        number = Unusable("never-calculated") if raw is Unknown.NEVER_CALCULATED else as_number(value_of(raw))
        if isinstance(number, Misfit):
            return Unusable(number.value)
        if isinstance(number, Decimal) and number not in QUANTITIES:
            return Unusable(Misfit.OUT_OF_RANGE.value)
        if isinstance(raw, str) and narrow(raw[:REMEMBERED_TEXT]).endswith("%"):
            return Unusable(Misfit.PERCENT.value)
        if isinstance(number, Decimal):
            if len(self._figures) >= REMEMBERED:
                self._figures.clear()
            self._figures[raw] = number
        return number

    def known_figure(self, raw: Hashable) -> Decimal | None:
        """The figure of a cell like one that was seen before; None is no verdict."""
        figure = None if isinstance(raw, bool) else self._figures.get(raw)
        return figure if figure is not None and figure >= 0 else None

    @property
    def days(self) -> Mapping[Hashable, Day]:
        """The days that were taken so far, by the key of their column and the value as it was read."""
        return self._days.taken

    def day(self, values: Values) -> Day | Unusable:
        """The day of a row, None where it stands for the month."""
        if "hour" in self.layout.columns:
            return self._at_hour(values)
        return self._day_in(values)

    def _at_hour(self, values: Values) -> Day | Unusable:
        """The moment of a row whose time stands in a column of its own; the day where that is blank."""
        day, raw = self._day_in(values), self.raw(values, "hour")
        if isinstance(day, Unusable) or is_blank(raw):
            return day
        clock = as_clock(value_of(raw))
        if clock is None or day is None or isinstance(day, datetime):
            return Unusable(HOUR_UNCLEAR)
        return day if clock == time() else datetime.combine(day, clock)

    def _day_in(self, values: Values) -> Day | Unusable:
        for key in ("date", "month"):
            raw = self.raw(values, key)
            if is_blank(raw):
                continue
            known = (key, raw)
            days = self._days
            if known not in days.taken and known not in days.refused:
                if len(days.taken) + len(days.refused) >= REMEMBERED:
                    days.taken.clear()
                    days.refused.clear()
                day = self._day(raw, key)
                if isinstance(day, Unusable):
                    days.refused[known] = day
                else:
                    days.taken[known] = day
            return days.refused.get(known) or days.taken[known]
        return Unusable("cell-blank")

    def _day(self, raw: object, key: str) -> Day | Unusable:
        if raw is Unknown.NEVER_CALCULATED:
            return Unusable("never-calculated")
        value = value_of(raw)
        day = as_moment(value, from_1904=self._from_1904) if key == "date" else Misfit.NOT_A_MONTH
        if isinstance(day, date):
            return day if date_of(day) in self.register.month.period else Unusable("date-outside-month")
        month = Month.parse(narrow(_text(value))) if key == "date" else as_month(value, from_1904=self._from_1904)
        if isinstance(month, Month):
            return None if month == self.register.month else Unusable("date-outside-month")
        return Unusable((month or day).value)

    def column_of(self, day: Unusable) -> int | None:
        """The column in which a day stands that cannot be taken, or its time."""
        keys = ("hour",) if day.code == HOUR_UNCLEAR else ("date", "month")
        return next((self.layout.columns[key] for key in keys if key in self.layout.columns), None)

    def app(self, values: Values) -> str | UnknownApp:
        """The app of a row."""
        if "app" not in self.layout.columns:
            return self.own_app or UnknownApp("")
        raw = self.raw(values, "app")
        if raw not in self._apps:
            self._apps[raw] = self.register.apps.app(value_of(raw))
        return self._apps[raw]

    def text(self, values: Values, key: str) -> str:
        """The text of a declared column, '' where it is blank or there is no such column."""
        return _text(value_of(self.raw(values, key)))

    def raw(self, values: Values, key: str) -> Hashable:
        """The value of a declared column as it was read."""
        at = self.layout.columns.get(key)
        value: Hashable = values[at] if at is not None and at < len(values) else None
        return value

    def carries_nothing(self, values: Values) -> bool:
        """Blank rows, remarks of one cell, sums of other rows, and headings that are repeated on each page."""
        filled = [(at, values[at]) for at in range(len(values)) if not is_blank(values[at])]
        if len(filled) <= 1:
            return not any(at in self._used and not isinstance(value, str) for at, value in filled)
        day = self.raw(values, "date" if "date" in self.layout.columns else "month")
        undated = is_blank(day) or (isinstance(day, str) and is_total(day))
        if undated and any(isinstance(value, str) and is_total(value) for _, value in filled):
            return True
        return all(visible(str(value)) == self.layout.texts.get(at) for at, value in filled)

    def look_at_remark(self, row: int, values: Values) -> None:
        """Keep what a row without figures says of the unit of all figures."""
        for at, value in enumerate(values):
            if isinstance(value, str) and (unit := stated_unit([value])):
                self._remarks.append((self.place.at(row, at + 1), unit))

    def tell_remarks(self) -> None:
        """Units that stand in remarks alone, where figures would be taken in others; told when all rows are read."""
        for place, word in self._remarks[:REMARKS]:
            for (app, code), meter in sorted(self.without_unit.items()):
                if unit_of(meter, word) != unit_of(meter, ""):
                    facts: dict[str, Fact] = {"found": word, "meter": code, "subject": code}
                    self.register.findings.tell("usage-unit-in-remark", place, app, None, **facts)

    def begin(self, column: int) -> int:
        """The number by which the ledger knows a column of figures; `column` is 0-based."""
        return self.register.ledger.begin(self.place.at(None, column + 1))

    # Problems

    def tell(self, code: str, row: int, column: int | None, app: str, values: Values, **facts: Fact) -> None:
        """A problem at a cell of the sheet; `column` is 0-based."""
        if self.register.findings.enough(code, app, str(facts.get("subject", ""))):
            self.register.findings.tell(code, self.place.at(row), app, None, **facts)
            return
        value = values[column] if column is not None and column < len(values) else None
        if not is_blank(value):
            facts.setdefault("found", _shown(value))
        facts.setdefault("column", self._heading(column))
        if code == Misfit.OUT_OF_RANGE.value:
            facts.setdefault("range", str(QUANTITIES))
        place = self.place.at(row, None if column is None else column + 1)
        self.register.findings.tell(code, place, app, self._excerpt(row, column, values), **facts)

    def tell_app(self, app: UnknownApp, row: int, values: Values) -> None:
        """A problem with the app of a row; a damaged code counts for the one app that it can have been."""
        column = self.layout.columns.get("app")
        if app.shown:
            self.register.findings.strangers.setdefault(app.shown)
        if column is None:
            self.tell("usage-of-nobody", self.layout.heading_row, None, "", ())
        elif not app.shown:
            self.tell("cell-blank", row, column, "", values)
        elif app.likely:
            known = app.likely[0] if len(app.likely) == 1 else ""
            likely = ", ".join(app.likely[:5])
            self.tell("app-code-damaged", row, column, known, values, subject=app.shown, likely=likely)
        else:
            self.tell("usage-unknown-app", row, column, "", values, subject=app.shown, nearest=app.nearest)

    def tell_figure(self, draft: SeriesDraft, figure: Decimal, row: int, column: int, values: Values) -> bool:
        """Whether a figure makes no sense for its meter, which is told."""
        code = "usage-negative" if figure < 0 else "usage-not-whole" if draft.meter.whole and figure % 1 else None
        if code is not None:
            self.tell(code, row, column, draft.app, values, subject=draft.meter.code)
        return code is not None

    def _heading(self, column: int | None) -> Fact:
        key = next((key for key, at in self.layout.columns.items() if at == column), None)
        if key is not None:
            return USAGE.column(key).heading
        return self.layout.texts.get(column, "") if column is not None else Label("行", "the row")

    def _excerpt(self, row: int, column: int | None, values: Values) -> Excerpt | None:
        if not values:
            return None
        shown = sorted({*self._used[:3], *([] if column is None else [column])})
        texts = tuple(_cut(_shown(values[at])) if at < len(values) else "" for at in shown)
        headings = tuple(_cut(self.layout.texts.get(at, "")) for at in shown)
        return Excerpt(tuple(at + 1 for at in shown), headings, ((row, texts),))


def whole_figure(raw: object) -> Decimal | None:
    """The figure of a cell that holds a plain whole number, None for whatever else it may be.

    >>> whole_figure("1200"), whole_figure(1200.0), whole_figure(1200)
    (Decimal('1200'), Decimal('1200'), Decimal('1200'))
    >>> whole_figure("1,200"), whole_figure(-1200), whole_figure(True)
    (None, None, None)
    """
    if isinstance(raw, str):
        return Decimal(raw) if raw.isdecimal() and raw.isascii() and len(raw) <= EXACT_DIGITS else None
    if isinstance(raw, float):
        return Decimal(int(raw)) if raw.is_integer() and 0 <= raw < MOST_WHOLE else None
    if type(raw) is int:  # parquet's; True is none
        return Decimal(raw) if 0 <= raw < MOST_WHOLE else None
    return None


def is_blank(raw: object) -> bool:
    """Whether nothing stands in a cell."""
    return raw is None or (isinstance(raw, str) and not visible(raw))


def _text(value: Raw) -> str:
    return visible(as_shown(value))


def _shown(raw: object) -> str:
    return "" if raw is None or raw is Unknown.NEVER_CALCULATED else as_shown(value_of(raw))


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 24 else line[:23] + "…"
