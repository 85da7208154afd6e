"""A usage sheet as a plain table, long or wide, for conversions: nothing is summed, converted or looked up.

long    app, date, meter, dimension, quantity      a figure a row
wide    app, date, rtc:audio, rtc:video            a day a row, a column a meter
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from xlbill.cells import Place
from xlbill.formula import ExcelError
from xlbill.inert import as_it_was
from xlbill.money import plain
from xlbill.problems import Problems
from xlbill.sheets import Raw, SheetCells, as_number, read_workbook
from xlbill.sheets.headings import SEARCHED_ROWS, declared_key, normalised
from xlbill.sheets.tables import is_total
from xlbill.sheets.values import visible
from xlbill.usage.columns import KEY_OF_HEADING, REMARKS, USAGE
from xlbill.usage.words import split_unit

Value = None | str | Decimal | date
"""What a cell of usage says; figures that are typed as text are figures, other texts stay as they are."""

_ABOUT = ("app", "date", "hour", "month")
_FIGURES = ("quantity", "times")


@dataclass(frozen=True, slots=True)
class UsageTable:
    """The headings of a usage sheet and its rows; `name` is the sheet's, `keys` are the declared columns."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    place: Place

    @property
    def keys(self) -> tuple[str, ...]:
        """For each column the key by which a usage sheet knows it, its heading where it is a meter or a remark."""
        return tuple(declared_key(heading, KEY_OF_HEADING) or heading for heading in self.headings)

    @property
    def long(self) -> bool:
        """Whether each row names its meter."""
        return {"meter", "quantity"} <= set(self.keys)


def read_usage_tables(path: Path, shown: str) -> tuple[tuple[UsageTable, ...], Problems]:
    """The usage sheets of a workbook or a text file; cells that stand beside a table are problems."""
    workbook, found = read_workbook(path, shown)
    tables = []
    for sheet in workbook.sheets if workbook is not None else ():
        heading_row = _heading_row(sheet)
        if heading_row is None:
            if sheet.cells:
                found.add("usage-headings-missing", sheet.place)
            continue
        tables.append(_table(sheet, heading_row, found))
    return tuple(tables), found


def _heading_row(sheet: SheetCells) -> int | None:
    """The row with most known headings, a day or a month among them."""
    merits: dict[int, int] = {}
    for (row, _), cell in sheet.cells.items():
        if row <= SEARCHED_ROWS and isinstance(cell.value, str) and declared_key(cell.value, KEY_OF_HEADING):
            merits[row] = merits.get(row, 0) + 1
    return max(merits, key=lambda row: (merits[row], -row), default=None)


def _table(sheet: SheetCells, heading_row: int, found: Problems) -> UsageTable:
    columns = sorted(column for row, column in sheet.cells if row == heading_row)
    headings = tuple(visible(str(sheet.cell(heading_row, column).value)) for column in columns)
    known = {column: declared_key(heading, KEY_OF_HEADING) for column, heading in zip(columns, headings, strict=True)}
    numbers = sorted({row for row, _ in sheet.cells if row > heading_row})
    rows = []
    for (row, column), cell in sheet.cells.items():
        title = row < heading_row and "app" not in known.values()  # it may say whose usage this is
        if cell.filled and (title or (row > heading_row and column not in known)):
            found.add("cell-not-carried", cell.place, found=cell.shown)
    for row in numbers:
        values = []
        for column in columns:
            cell = sheet.cell(row, column)
            if isinstance(cell.value, ExcelError) or cell.never_calculated:
                found.add(
                    "cell-error", cell.place, None, column=str(sheet.cell(heading_row, column).value), found=cell.shown
                )
            values.append(_value(cell.value, known[column]))
        if any(value is not None for value in values):
            rows.append(tuple(values))
    twice = next((heading for heading in headings if headings.count(heading) > 1), None)
    if twice is not None:
        found.add("heading-twice", sheet.place.at(heading_row), found=twice, first=twice)
    return UsageTable(sheet.name, headings, tuple(rows), sheet.place.at(heading_row))


def _value(raw: Raw, key: str | None) -> Value:
    """A cell's value; texts of figures are figures, but for codes, which keep their zeros."""
    if isinstance(raw, datetime):
        return raw.date() if raw.time() == raw.min.time() else raw.isoformat(" ")
    if isinstance(raw, (date, Decimal)):
        return raw if key in (None, "date", "month", *_FIGURES) or isinstance(raw, date) else plain(raw)
    if isinstance(raw, str):
        text = as_it_was(visible(raw))
        if key == "date" and len(text) == 10:
            try:
                return date.fromisoformat(text)
            except ValueError:
                return text or None
        number = (
            as_number(text) if key in (None, *_FIGURES) and text.replace(".", "", 1).lstrip("-").isdecimal() else text
        )
        bare = text.rstrip("0").rstrip(".") if "." in text else text
        return number if isinstance(number, Decimal) and plain(number) == bare else text or None
    return None if raw is None or isinstance(raw, ExcelError) else str(raw).upper()


# --- long and wide -------------------------------------------------------------------------------------------------


def to_long(table: UsageTable) -> tuple[UsageTable, Problems]:
    """A wide table with a figure a row; remarks, which have no place there, are problems."""
    found = Problems()
    if table.long:
        return table, found
    about = [(at, key) for at, key in enumerate(table.keys) if key in _ABOUT]
    meters: list[tuple[int, str, str]] = []
    for at, key in enumerate(table.keys):
        if key in _ABOUT:
            continue
        if normalised(key) in REMARKS or is_total(key) or key in {column.key for column in USAGE.columns}:
            _tell_column(table, at, found)
        else:
            meters.append((at, *_meter_of(table.headings[at])))
    headings = (*(table.headings[at] for at, _ in about), "meter", "dimension", "quantity")
    rows = tuple(
        (*(row[at] for at, _ in about), meter, dimension or None, row[column])
        for row in table.rows
        for column, meter, dimension in meters
        if row[column] is not None
    )
    return UsageTable(table.name, headings, rows, table.place), found


def _meter_of(heading: str) -> tuple[str, str]:
    """The meter and the dimension of a wide sheet's column.

    What stands in brackets is a unit or a dimension, the price book knows which: such a heading stays whole in the
    column of the meters, where it is read as it was.
    """
    if split_unit(heading)[1] is not None:
        return heading, ""
    meter, _, dimension = heading.replace("：", ":").partition(":")
    return meter.strip(), dimension.strip()


def to_wide(table: UsageTable) -> tuple[UsageTable, Problems]:
    """A long table with a day a row and a column a meter; what has no place there (requests, units) is a problem."""
    found = Problems()
    if not table.long:
        return table, found
    keys = table.keys
    about = [at for at, key in enumerate(keys) if key in _ABOUT]
    for at, key in enumerate(keys):
        if key not in (*_ABOUT, "meter", "dimension", "quantity"):
            _tell_column(table, at, found)
    days: dict[tuple[Value, ...], dict[str, Value]] = {}
    columns: dict[str, None] = {}
    for number, row in enumerate(table.rows):
        cell = dict(zip(keys, row, strict=True))
        meter = ":".join(str(part) for part in (cell["meter"], cell.get("dimension")) if part is not None)
        figures = days.setdefault(tuple(row[at] for at in about), {})
        if meter in figures:
            found.add("usage-twice-not-wide", table.place, found=f"{meter}, {number + 1}")
        figures[meter] = cell["quantity"]
        columns.setdefault(meter)
    headings = (*(table.headings[at] for at in about), *columns)
    rows = tuple((*day, *(figures.get(meter) for meter in columns)) for day, figures in days.items())
    return UsageTable(table.name, headings, rows, table.place), found


def _tell_column(table: UsageTable, at: int, found: Problems) -> None:
    if any(row[at] is not None for row in table.rows):
        found.add("column-not-carried", table.place, found=table.headings[at])
