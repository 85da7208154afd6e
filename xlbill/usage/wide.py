"""Wide sheets: a day a row, a meter a column."""

from collections.abc import Hashable
from decimal import Decimal

from xlbill.sheets import as_number
from xlbill.sheets.isolated import value_of
from xlbill.sheets.stream import SheetRows, Values
from xlbill.sheets.values import narrow
from xlbill.usage.ledger import Entry, SeriesDraft
from xlbill.usage.sheet import Unusable, UsageSheet, is_blank, whole_figure
from xlbill.usage.strangers import StrangeColumns
from xlbill.usage.words import MeterColumn, UnknownApp, UnknownWord, unit_of

_DASHES = {"-", "--", "—", "——", "/", "无"}
"""What people write into a cell where there was nothing."""


def read_wide(sheet: UsageSheet, rows: SheetRows) -> None:
    """Take all rows of a wide sheet into the ledger."""
    reader, strangers = _WideReader(sheet), StrangeColumns(sheet)
    for batch in rows.rows:
        strangers.look(batch)
        for number, values in batch:
            if number <= sheet.layout.last_heading_row or reader.take_plain(number, values):
                continue
            if sheet.carries_nothing(values):
                sheet.look_at_remark(number, values)
            else:
                reader.take(number, values)


class _WideReader:
    """Remembers the series of each app's columns."""

    def __init__(self, sheet: UsageSheet) -> None:
        self._sheet = sheet
        self._drafts: dict[tuple[str, int], SeriesDraft] = {}
        self._columns = {at: sheet.begin(at) for at in sheet.layout.meters}
        self._strangers = tuple(sheet.layout.strangers)
        self._told: set[tuple[Hashable, int]] = set()
        columns = sheet.layout.columns
        self._day = ("date", columns["date"]) if "date" in columns else ("month", columns["month"])
        self._by_hour = "hour" in columns  # two cells make a time

    def take_plain(self, number: int, values: Values) -> bool:
        """Take a row of plain figures, its day and all its series known by now; False, and nothing taken, if it is not.

        Such a row is not looked at any further: it carries something, and nothing about it is to be told.
        """
        key, day_at = self._day
        if self._by_hour or day_at >= len(values) or (key, values[day_at]) not in self._sheet.days:
            return False
        day, app = self._sheet.days[key, values[day_at]], self._sheet.app(values)
        if isinstance(app, UnknownApp) or any(not is_blank(values[at]) for at in self._strangers if at < len(values)):
            return False
        entries: list[tuple[SeriesDraft, Entry]] = []
        for at, column in self._columns.items():
            raw = values[at] if at < len(values) else None
            if raw is None or raw == "":
                continue
            draft, figure = self._drafts.get((app, at)), whole_figure(raw)
            if draft is not None and figure is None and not draft.meter.whole:
                figure = self._sheet.known_figure(raw)
            if draft is None or figure is None:
                return False
            entries.append((draft, (figure, column, number)))
        for draft, entry in entries:
            self._sheet.register.ledger.add(draft, day, entry)
        return bool(entries)

    def take(self, number: int, values: Values) -> None:
        """Take one row that may have any fault."""
        sheet = self._sheet
        layout = sheet.layout
        filled = [at for at in (*layout.meters, *layout.strangers) if at < len(values) and not _is_nothing(values[at])]
        if not filled:
            return
        app, day = sheet.app(values), sheet.day(values)
        if isinstance(app, UnknownApp):
            sheet.tell_app(app, number, values)
            return
        if isinstance(day, Unusable):
            sheet.tell(day.code, number, sheet.column_of(day), app, values, month=str(sheet.register.month))
            return
        for at in filled:
            if at in layout.strangers:
                self._tell_stranger(app, at, number, values)
            elif (draft := self._draft(app, at, number, values)) is not None:
                figure = sheet.figure(values[at])
                if isinstance(figure, Unusable):
                    sheet.tell(figure.code, number, at, app, values)
                elif not sheet.tell_figure(draft, figure, number, at, values):
                    sheet.register.ledger.add(draft, day, (figure, self._columns[at], number))

    def _draft(self, app: str, at: int, number: int, values: Values) -> SeriesDraft | None:
        if (draft := self._drafts.get((app, at))) is not None:
            return draft
        column: MeterColumn = self._sheet.layout.meters[at]
        if column.dimension is None and column.meter.dimensions and not column.meter.banded:
            known = ", ".join(dict.fromkeys(column.meter.dimensions.values()))
            self._tell_once("usage-without-dimension", app, at, number, values, column.meter.code, known)
            return None
        unit = column.unit or unit_of(column.meter, self._sheet.unit_word)
        if isinstance(unit, UnknownWord):
            self._tell_once(unit.code, app, at, number, values, unit.word or column.meter.code, unit.hint)
            return None
        if column.unit == "" and not self._sheet.unit_word:
            self._sheet.without_unit[app, column.meter.code] = column.meter
        place = self._sheet.place.at(number, at + 1)
        made = self._sheet.register.ledger.draft(app, column.meter, column.dimension, unit, 1, place)
        self._drafts[app, at] = made
        return made

    def _tell_stranger(self, app: str, at: int, number: int, values: Values) -> None:
        """A column that nobody knows is somebody's remark, unless it holds figures: those would go unbilled."""
        if isinstance(as_number(value_of(values[at])), Decimal):
            stranger = self._sheet.layout.strangers[at]
            self._tell_once(stranger.code, app, at, number, values, stranger.word, stranger.hint)

    def _tell_once(self, code: str, app: str, at: int, number: int, values: Values, subject: str, hint: str) -> None:
        """What is wrong with a column is told once for each app that has figures in it."""
        if (app, at) not in self._told:
            self._told.add((app, at))
            heading = self._sheet.layout.texts[at]
            self._sheet.tell(code, number, at, app, values, found=heading, nearest=hint, subject=subject)


def _is_nothing(raw: object) -> bool:
    return is_blank(raw) or (isinstance(raw, str) and narrow(raw) in _DASHES)
