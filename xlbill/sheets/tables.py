"""Tables: rows under headings, wherever in a sheet they stand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from xlbill.cells import Place
from xlbill.problems import Problems
from xlbill.sheets.cell import Cell
from xlbill.sheets.columns import Column, SheetKind
from xlbill.sheets.headings import Heading, find_headings, nearest, normalised
from xlbill.sheets.rows import Row, TableForm
from xlbill.sheets.values import Misfit, as_number, narrow, visible
from xlbill.sheets.workbook import SheetCells, Workbook

_TOTALS = ("合计", "小计", "总计", "累计", "总和", "共计")
_ENGLISH_TOTALS = ("total", "subtotal", "sub-total", "grand total", "sum")


@dataclass(frozen=True, slots=True)
class Table:
    """The rows that stand under the headings of one sheet. `place` is that of the heading row."""

    kind: SheetKind
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    place: Place
    sheet: SheetCells


def find_sheet(workbook: Workbook, kind: SheetKind) -> SheetCells | None:
    """The sheet with one of the titles that a kind answers to: `套餐 Plans`, `套餐`, `plans` ..."""
    titles = titles_of(kind)
    return next((sheet for sheet in workbook.sheets if normalised(sheet.name) in titles), None)


def titles_of(kind: SheetKind) -> frozenset[str]:
    """The titles that a kind answers to, as they are compared."""
    both = (f"{word} {kind.title.en}" for word in (kind.title.zh, *kind.aliases))
    return frozenset(normalised(title) for title in (*both, kind.title.zh, kind.title.en, kind.key, *kind.aliases))


def find_table(sheet: SheetCells, kind: SheetKind, found: Problems) -> Table | None:
    """The table of a sheet, None where its headings are not there. Blank rows and subtotals are left out."""
    heading_row = find_headings(sheet, kind, found)
    if heading_row is None:
        return None
    form = TableForm(kind, heading_row.headings, sheet, heading_row.last)
    columns = {heading.column for heading in heading_row.headings}
    numbers = sorted({row for row, column in sheet.cells if row > heading_row.last and column in columns})
    rows = tuple(row for number in numbers if not _is_subtotal(row := Row(form, number), kind))
    _tell_hidden(sheet, heading_row.headings, numbers, found)
    return Table(kind, heading_row.headings, rows, sheet.place.at(heading_row.number), sheet)


def read_settings(table: Table, columns: Mapping[str, Column], found: Problems, value: str = "value") -> Row:
    """A sheet of settings, one a row, as one row with a column for each setting.

    The table has a column `setting` and one that holds the values. Unknown settings are problems; those that are not
    there are blank.
    """
    kind = replace(table.kind, columns=tuple(columns.values()))
    keys = {normalised(heading): key for key, column in columns.items() for heading in column.headings()}
    place = table.place
    cells: dict[str, Cell] = {}
    for row in table.rows:
        name = row.text("setting", found)
        key = keys.get(normalised(name)) if name else None
        if name and key is None:
            hint = nearest(name, [str(column.heading) for column in columns.values()])
            found.tell(row.problem("unknown-setting", "setting", nearest=hint or ", ".join(columns)))
        elif key in cells:
            found.tell(row.problem("setting-twice", "setting", first=cells[key].place.cell or ""))
        elif key is not None:
            cells[key] = row.cell(value)
    return Row(TableForm(kind, table.headings, table.sheet, place.row or 0), place.row or 0, cells)


def is_total(text: str) -> bool:
    """Whether a text names a row that adds up others: 合计, 四月小计, Total, Sub-total."""
    word = narrow(visible(text)).rstrip(":").strip().casefold()
    return word.endswith(_TOTALS) or word in _ENGLISH_TOTALS or word.endswith((" total", " subtotal"))


def _is_subtotal(row: Row, kind: SheetKind) -> bool:
    """A row whose first text names a total, and which lacks something that every true row has."""
    texts = (row.cell(heading.key).value for heading in row.form.headings)
    first = next((text for text in texts if isinstance(text, str) and isinstance(as_number(text), Misfit)), "")
    return is_total(first) and any(row.cell(column.key).blank for column in kind.columns if column.required)


def _tell_hidden(sheet: SheetCells, headings: Sequence[Heading], numbers: Sequence[int], found: Problems) -> None:
    rows = [number for number in numbers if number in sheet.hidden_rows]
    columns = [heading.column for heading in headings if heading.column in sheet.hidden_columns]
    place: Callable[[int | None, int | None], Place] = sheet.place.at
    if rows:
        found.add("hidden-rows", place(rows[0], None), count=len(rows))
    if columns:
        found.add("hidden-columns", place(None, columns[0]), count=len(columns))
