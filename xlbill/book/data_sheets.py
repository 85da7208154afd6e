"""A workbook read as data. What data cannot hold is told, so that nothing is lost unseen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from xlbill.book import data
from xlbill.book.data_formulas import KnownNames, NotCarried, named
from xlbill.book.models import formula_code
from xlbill.cells import Address, Place
from xlbill.formula import ExcelError, Fault
from xlbill.periods import Month
from xlbill.problems import Problems
from xlbill.sheets import (
    Cell,
    Column,
    Kind,
    Misfit,
    Row,
    SheetCells,
    Table,
    Workbook,
    as_code,
    as_date,
    as_month,
    as_number,
    as_text,
    as_yes,
    find_sheet,
    find_table,
    read_workbook,
)
from xlbill.sheets.headings import normalised
from xlbill.sheets.values import narrow, visible

_TEXTS = (Kind.TEXT, Kind.CODE, Kind.CODES)


def form_of(workbook: Workbook) -> data.Form | None:
    """What a workbook is: a price book has models or prices, accounts have customers or orders."""
    for form in data.FORMS:
        telling = ("formulas", "plans", "charges") if form is data.BOOK else ("customers", "apps", "subscriptions")
        if any(find_sheet(workbook, kind) for kind in form.sheets if kind.key in telling):
            return form
    return None


def read_data(path: Path, shown_as: str | None = None) -> tuple[data.Document | None, Problems]:
    """The data of a price book or an accounts workbook; None where the file is neither or cannot be read.

    Each thing that stands in the workbook and not in the data is a problem (`cell-not-carried` and others).
    """
    workbook, found = read_workbook(path, shown_as)
    if workbook is None:
        return None, found
    document, problems = data_in(workbook)
    found += problems
    return document, found


def data_in(workbook: Workbook) -> tuple[data.Document | None, Problems]:
    """The data of a workbook that has been read; see `read_data`."""
    found, form = Problems(), form_of(workbook)
    if form is None:
        found.add("not-a-book", Place(workbook.file), sheets=", ".join(sheet.name for sheet in workbook.sheets))
        return None, found
    return _Reader(workbook, form, found).document(), found


@dataclass(frozen=True, slots=True)
class _Seen:
    """A table of the workbook with what identifies its rows."""

    table: Table
    names: tuple[str, ...]


class _Reader:
    """Reads one workbook: first what identifies the rows, then their cells, whose formulas speak of these."""

    def __init__(self, workbook: Workbook, form: data.Form, found: Problems) -> None:
        self.workbook, self.form, self.found = workbook, form, found
        self.tables: dict[str, _Seen] = {}
        declared: set[str] = set()
        for kind in form.sheets:
            sheet = find_sheet(workbook, kind)
            if sheet is None:
                continue
            declared.add(sheet.name)
            here = Problems()
            table = find_table(sheet, kind, here)
            found += (p for p in here if p.severity == "error")
            if table is not None:
                rows = [self._identifying(table, row) for row in table.rows]
                self.tables[kind.key] = _Seen(table, data.identities(kind, rows))
                self._tell_rest(table)
        self.pages = tuple(sheet for sheet in workbook.sheets if sheet.name not in declared)
        self.known = KnownNames(dict(self._spots()), frozenset(sheet.name for sheet in self.pages))

    def document(self) -> data.Document:
        tables = {key: self._table(seen.table) for key, seen in self.tables.items()}
        return data.Document(self.form, tables, tuple(map(self._page, self.pages)), self.workbook.file)

    def _identifying(self, table: Table, row: Row) -> dict[str, data.Content]:
        values = {}
        for key in data.IDENTITY[table.kind.key]:
            cell = row.cell(key)
            if cell.filled:
                values[key] = self._value(cell, self._column(table, row, key), table.sheet, Problems())
        return values

    def _spots(self) -> Iterator[tuple[Address, tuple[str, str, str]]]:
        for key, seen in self.tables.items():
            for row, name in zip(seen.table.rows, seen.names, strict=True):
                for heading in seen.table.headings:
                    yield Address(seen.table.sheet.name, row.position, heading.column), (key, name, heading.key)

    def _column(self, table: Table, row: Row, key: str) -> Column | None:
        settings = self.form.settings.get(table.kind.key)
        declared = row.form.column(key)
        if settings is None or key == "setting" or declared is None:
            return declared
        named_by = as_text(row.cell("setting").value)
        return settings.get(data.setting_key(settings, named_by)) if isinstance(named_by, str) else None

    def _table(self, table: Table) -> data.DataTable:
        own = {heading.key: visible(heading.text) for heading in table.headings if not heading.declared}
        rows = tuple(data.DataRow(dict(self._cells(table, row)), row.place) for row in table.rows)
        keys = tuple(heading.key for heading in table.headings)
        above = tuple(line for _, line in sorted(_lines(table).items()))
        usual = {normalised(line) for line in data.usual_lines(table.kind)}
        same = all(normalised(line) in usual for line in above)
        return data.DataTable(table.kind, keys, own, tuple(row for row in rows if row.values), None if same else above)

    def _cells(self, table: Table, row: Row) -> Iterator[tuple[str, data.Content]]:
        own = {heading.column: heading.key for heading in table.headings} if table.kind.key == "formulas" else {}
        for heading in table.headings:
            cell = row.cell(heading.key)
            if not cell.filled:
                continue
            column = self._column(table, row, heading.key)
            if cell.formula is not None:
                content = self._formula(cell, column, own)
            else:
                content = self._value(cell, column, table.sheet, self.found)
            if content is not None and content != "":
                yield heading.key, content

    def _formula(self, cell: Cell, column: Column | None, own: Mapping[int, str]) -> data.Content:
        place, text = cell.place, cell.formula or ""
        try:
            formula = named(text, place.sheet or "", place.row or 0, own, self.known)
        except NotCarried as reference:
            self.found.add("reference-not-carried", place, found=text, reference=str(reference))
            return None
        if isinstance(formula, Fault):
            heading = column.heading if column is not None else ""
            facts = {"found": formula.found or text, "hint": formula.hint or ""}
            self.found.add(formula_code(formula), place, None, column=heading, **facts)
            return None
        return formula

    def _value(self, cell: Cell, column: Column | None, sheet: SheetCells, found: Problems) -> data.Content:
        """What a cell says, as its column is read; what cannot be read so stays as it is."""
        value = cell.value
        if isinstance(value, ExcelError):
            found.add("cell-error", cell.place, None, column=column.heading if column else "", found=value.value)
            return None
        if column is not None and column.kind in _TEXTS:
            if column.key == "setting" and (known := self._setting(sheet, value)):
                return known
            text = as_code(value) if column.kind is not Kind.TEXT else as_text(value)
            if isinstance(text, Misfit):
                found.add(text.value, cell.place, None, column=column.heading, found=cell.shown)
            return text if isinstance(text, str) else None
        return typed(value, column, percent=cell.shown.endswith("%"), from_1904=sheet.from_1904)

    def _setting(self, sheet: SheetCells, value: object) -> str | None:
        for key, settings in self.form.settings.items():
            kind = next(kind for kind in self.form.sheets if kind.key == key)
            if find_sheet(Workbook("", (sheet,)), kind) is not None and isinstance(value, str):
                return data.setting_key(settings, visible(value))
        return None

    def _page(self, sheet: SheetCells) -> data.OwnSheet:
        height = max((row for row, _ in sheet.cells), default=0)
        rows = []
        for number in range(1, height + 1):
            across = max((column for row, column in sheet.cells if row == number), default=0)
            cells = [sheet.cell(number, column) for column in range(1, across + 1)]
            rows.append(tuple(self._page_cell(cell, sheet) for cell in cells))
        return data.OwnSheet(sheet.name, tuple(rows))

    def _page_cell(self, cell: Cell, sheet: SheetCells) -> data.Content:
        if cell.formula is not None:
            return self._formula(cell, None, {})
        content = self._value(cell, None, sheet, self.found) if cell.filled else None
        return content if content != "" else None

    def _tell_rest(self, table: Table) -> None:
        """What stands beside the table: cells above it that are no lines of text, sums below, remarks at the side."""
        rows = {row.position for row in table.rows}
        columns = {heading.column for heading in table.headings}
        first = table.place.row or 0
        headings = range(first, max((table.rows[0].form.heading_row if table.rows else 0), first) + 1)
        lines = _lines(table)
        for (row, column), cell in table.sheet.cells.items():
            carried = (row in rows and column in columns) or row in headings or lines.get(row) == cell.value
            if cell.filled and not carried and visible(cell.shown or cell.formula or "") != lines.get(row):
                self.found.add("cell-not-carried", cell.place, found=cell.shown or cell.formula or "")


def _lines(table: Table) -> dict[int, str]:
    """The lines of text above the headings of a table, by row."""
    lines: dict[int, str] = {}
    for (row, _), cell in sorted(table.sheet.cells.items()):
        if row < (table.place.row or 0) and isinstance(cell.value, str) and cell.formula is None and not cell.blank:
            lines.setdefault(row, visible(cell.value))
    return lines


def typed(value: object, column: Column | None, *, percent: bool, from_1904: bool = False) -> data.Content:
    """A cell's value as its column is read: plain figures and shares are numbers, other words stay words."""
    if isinstance(value, str):
        value = visible(value)
    if column is None or column.kind is Kind.NUMBER:
        if isinstance(value, Decimal):
            return data.Share(value) if percent else value
        if isinstance(value, str) and column is not None:
            return _figure(value)
        return value if isinstance(value, (str, bool, date, datetime)) else None
    if column.kind is Kind.DATE:
        day = as_date(value, from_1904=from_1904)  # type: ignore[arg-type]
        return day if isinstance(day, date) else _as_it_is(value)
    if column.kind is Kind.MONTH:
        month = as_month(value, from_1904=from_1904)  # type: ignore[arg-type]
        return str(month) if isinstance(month, Month) else _as_it_is(value)
    if column.kind is Kind.YES:
        yes = as_yes(value)  # type: ignore[arg-type]
        return yes if isinstance(yes, bool) else _as_it_is(value)
    return _choice(_as_it_is(value), column)


def _figure(text: str) -> data.Content:
    """A figure that is typed as text, where it is nothing but a figure: `$5` and `1.2万` stay as they are."""
    bare = narrow(text)
    number = as_number(bare)
    if isinstance(number, Decimal) and bare == text:
        for plain_one in (number, data.Share(number)):
            if data.spelled(plain_one) == text:
                return plain_one
    return text


def _as_it_is(value: object) -> data.Content:
    return value if isinstance(value, (str, bool, Decimal, date, datetime)) else None


def _choice(value: data.Content, column: Column) -> data.Content:
    if isinstance(value, str):
        for choice, words in column.choices.items():
            if normalised(value) in {normalised(known) for known in (choice, *words)}:
                return choice
    return value
