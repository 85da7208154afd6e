"""Data laid out as a workbook's cells: where each stands, and what every formula exactly comes to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from xlbill.book import data
from xlbill.book.data_formulas import KnownNames, RowName, placed
from xlbill.book.models import formula_code
from xlbill.cells import NOWHERE, Address, Place
from xlbill.formula import Expr, Fault, TooMuchWork, Value, as_decimal, is_number, recalculate, to_serial
from xlbill.problems import Problems
from xlbill.sheets import nearest
from xlbill.sheets.cell import exact
from xlbill.sheets.columns import Column, Kind

HEADING_ROW = 4
"""The row of the headings in every sheet that is made from data; titles stand above it."""
MAX_TEXT = 32_767


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a sheet: what it says, how its column is declared, and, of a formula, its tree and its value."""

    content: data.Content
    column: Column | None
    key: str
    formula: Expr | None = None
    value: Value = None


@dataclass(frozen=True, slots=True)
class SheetGrid:
    """All cells of a document's tables and pages, by sheet, row and column."""

    cells: Mapping[Address, GridCell]
    titles: Mapping[str, str]
    """The titles of the tables' sheets by their keys."""


def lay_out(document: data.Document) -> tuple[SheetGrid, Problems]:
    """The grid of a document; formulas without sense and figures that a workbook cannot hold are problems."""
    found = Problems()
    titles = {key: str(table.kind.title) for key, table in document.tables.items()}
    cells = dict(_cells(document, titles))
    places = _places(document, titles)
    known = KnownNames({}, frozenset(page.title for page in document.pages), dict(_spots(document, titles)))
    trees: dict[Address, Expr] = {}
    for spot, cell in cells.items():
        here = found.apart()
        if isinstance(cell.content, data.NamedFormula):
            tree = _tree(cell.content, _own(document, titles, spot), known, spot[0], here, cell.key)
            trees |= {spot: tree} if tree is not None else {}
        elif not _holds(cell.content):
            here.add("figure-not-held", found=data.spelled(cell.content)[:60])
        found += (replace(p, place=places.get(spot[:2], NOWHERE)) for p in here)
    values: dict[Address, Value | Expr] = {s: trees.get(s) or value_of(shown(cell)) for s, cell in cells.items()}
    try:
        results = recalculate(values) if trees else {}
    except TooMuchWork:
        found.add("formulas-take-too-long")
        results = {}
    return SheetGrid(
        {s: replace(c, formula=trees.get(s), value=results.get(s)) for s, c in cells.items()}, titles
    ), found


def _tree(
    formula: data.NamedFormula, own: Mapping[str, Address], known: KnownNames, sheet: str, found: Problems, key: str
) -> Expr | None:
    """A formula over cells; None where it has no sense or names a row that is not there."""
    tree = placed(formula, own, known, sheet)
    if isinstance(tree, Fault):
        found.add(formula_code(tree), column=key, found=tree.found or formula.text, hint=tree.hint or "")
        return None
    if isinstance(tree, str):
        hint = nearest(tree.strip("{}"), ("|".join(name) for name in known.spots))
        found.add("reference-unknown", found=tree, nearest="{" + (hint or "sheet|row|column") + "}")
        return None
    return tree


def _cells(document: data.Document, titles: Mapping[str, str]) -> Iterator[tuple[Address, GridCell]]:
    for key, table in document.tables.items():
        for number, row in enumerate(table.rows, start=HEADING_ROW + 1):
            for at, column_key in enumerate(table.columns, start=1):
                if (content := row.values.get(column_key)) is not None:
                    column = data.column_of(document.form, table, row.values, column_key)
                    setting = document.form.settings.get(key, {}).get(str(content)) if column_key == "setting" else None
                    named = content if setting is None else str(setting.heading)
                    yield Address(titles[key], number, at), GridCell(named, column, column_key)
    for page in document.pages:
        for number, page_row in enumerate(page.rows, start=1):
            for at, content in enumerate(page_row, start=1):
                if content is not None:
                    yield Address(page.title, number, at), GridCell(content, None, "")


def _spots(document: data.Document, titles: Mapping[str, str]) -> Iterator[tuple[RowName, Address]]:
    """Where every cell of every row stands, blank ones too: a formula may take them."""
    for key, table in document.tables.items():
        names = data.identities(table.kind, [row.values for row in table.rows])
        for number, name in enumerate(names, start=HEADING_ROW + 1):
            for at, column_key in enumerate(table.columns, start=1):
                yield (key, name, column_key), Address(titles[key], number, at)


def _own(document: data.Document, titles: Mapping[str, str], spot: Address) -> dict[str, Address]:
    """What bare names stand for: in the sheet of models the row's own columns."""
    table = document.tables.get("formulas")
    if table is None or titles["formulas"] != spot[0]:
        return {}
    return {key: Address(spot.sheet, spot.row, at) for at, key in enumerate(table.columns, start=1)}


def _places(document: data.Document, titles: Mapping[str, str]) -> dict[tuple[str, int], Place]:
    """Where the row of each sheet's row was read from."""
    return {
        (titles[key], number): row.place
        for key, table in document.tables.items()
        for number, row in enumerate(table.rows, start=HEADING_ROW + 1)
    }


def shown(cell: GridCell) -> data.Content:
    """What the cell of a workbook holds: the words of a choice, 是 and 否 in a column of truths."""
    content, column = cell.content, cell.column
    if column is not None and column.kind is Kind.CHOICE and isinstance(content, str) and content in column.choices:
        return column.choices[content][0]
    if column is not None and column.kind is Kind.YES and isinstance(content, bool):
        return "是" if content else "否"
    return content


def value_of(content: data.Content) -> Value:
    """What a cell's content is to formulas."""
    if isinstance(content, data.Share):
        return content.value
    if isinstance(content, datetime):
        return to_serial(content.date())
    if isinstance(content, date):
        return to_serial(content)
    return None if isinstance(content, data.NamedFormula) else content


def _holds(content: data.Content) -> bool:
    """Whether a workbook's cell keeps the content whole: figures have 15 to 17 digits, texts 32,767 characters."""
    if isinstance(content, data.Share):
        content = content.value
    if isinstance(content, Decimal):
        return exact(float(content)) == content
    if isinstance(content, date) and not isinstance(content, datetime):
        return content.year >= 1901
    return not isinstance(content, str) or len(content) <= MAX_TEXT


def figure(value: Value | data.Content) -> Decimal | None:
    """A value as a figure; None where it is none."""
    if isinstance(value, data.Share):
        return value.value
    return as_decimal(value) if is_number(value) else None
