"""What a document means, fact by fact: each under a name that does not depend on rows, sheets' order or looks.

    ("charges", "im dau", "pro")  "price"  ->  1000

A row that names several plans or dimensions says the same of each, so that splitting or joining rows is no change.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from xlbill.book import data
from xlbill.book.data_formulas import model_inputs, over_cells
from xlbill.book.data_grid import HEADING_ROW, SheetGrid, figure
from xlbill.formula import Value
from xlbill.language import Label
from xlbill.sheets import split_codes

Fact = data.Content


@dataclass(frozen=True, slots=True)
class Compared:
    """Something that a document speaks of: of which sheet, what identifies it, and for whom (a plan, a dimension)."""

    sheet: str
    name: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a thing under one column: `words` are names and remarks, from which nothing is computed."""

    key: str
    heading: Label
    content: Fact
    words: bool


Meaning = Mapping[Compared, Mapping[str, Said]]

_DEFAULTS: Mapping[tuple[str, str], Fact] = {
    ("products", "on_change"): "keep",
    ("plans", "role"): "fee",
    ("plans", "first"): "full",
    ("plans", "default"): False,
    ("plans", "term_months"): Decimal(1),
    ("extensions", "term_months"): Decimal(1),
    ("extensions", "stackable"): False,
    ("meters", "per_unit"): Decimal(1),
    ("meters", "rounding"): "none",
    ("meters", "pooled"): "app",
    ("meters", "daily"): False,
    ("charges", "charged_by"): "app",
    ("meters", "whole"): False,
    ("holidays", "kind"): "holiday",
    ("subscriptions", "quantity"): Decimal(1),
    ("subscriptions", "renew"): True,
    ("examples", "count"): Decimal(1),
}
"""What a blank cell means: the loader takes it for this."""

_WORDS = frozenset(
    {
        *("name", "name_en", "group", "group_en", "option_name", "option_name_en", "unit", "unit_en", "about"),
        *("source_unit", "source_unit_en", "source", "list_price", "text", "text_en", "reference"),
        *("title", "title_en", "note", "note_en"),
    }
)
"""Columns that are shown and never computed with."""
_WORDY_SETTINGS = frozenset({"name", "name_en", "conditions", "conditions_en"})
_DOCUMENT_WORDS = frozenset({"seller"})


def meaning_of(document: data.Document, grid: SheetGrid) -> Meaning:
    """Everything that a document says; `grid` are its cells, with what their formulas come to."""
    inputs, plans = model_inputs(document), data.plan_columns_of(document)
    said: dict[Compared, dict[str, Said]] = {}
    for key, table in document.tables.items():
        notes = data.notes_of(document, table, inputs)
        figures = _figures(grid, key)
        for number, (thing, row) in enumerate(_rows(document, table), start=HEADING_ROW + 1):
            facts = dict(_facts(document, table, row, (notes, plans if key == "extensions" else {}), figures, number))
            for each in _each(document, thing, row):
                said[each] = facts
    return said


def _rows(document: data.Document, table: data.DataTable) -> Iterator[tuple[Compared, data.DataRow]]:
    """The rows of a table with their names; the lines of a worked bill are lines of it."""
    names = data.identities(table.kind, [row.values for row in table.rows])
    for row, name in zip(table.rows, names, strict=True):
        case = data.spelled(row.values.get("case")) if table.kind.key == "examples" else ""
        yield (
            Compared(table.kind.key, case, name.removeprefix(case).strip()) if case else Compared(table.kind.key, name),
            row,
        )


def _each(document: data.Document, thing: Compared, row: data.DataRow) -> Iterator[Compared]:
    """The things of which a row speaks: a usage price is one for each of its plans and dimensions."""
    if thing.sheet != "charges":
        yield thing
        return
    item = data.spelled(row.values.get("item") or row.values.get("meter"))
    start = row.values.get("from")
    tier = f" ≥ {data.spelled(start)}" if start not in (None, Decimal(0)) else ""
    product = data.spelled(row.values.get("product"))
    for dimension in split_codes(data.spelled(row.values.get("dimension"))) or ("",):
        name = f"{product} {item}{':' + dimension if dimension else ''}{tier}"
        for plan in _plans(document, product, data.spelled(row.values.get("plans"))):
            yield replace(thing, name=name, of=plan)


def _plans(document: data.Document, product: str, written: str) -> tuple[str, ...]:
    """The plans that a cell names, by their codes: all of the product's where it is blank or says *."""
    own = [row for row in data.rows_of(document, "plans") if data.spelled(row.values.get("product")) == product]
    known = data.plan_names(document)
    codes = {data.spelled(row.values.get("plan")): {w.casefold() for w in known[data.full_code(row)]} for row in own}
    named = [word for word in split_codes(written) if word != "*"]
    if not named:
        return tuple(codes) or ("",)
    return tuple(next((code for code, words in codes.items() if w.casefold() in words), w) for w in named)


def _facts(
    document: data.Document,
    table: data.DataTable,
    row: data.DataRow,
    own: tuple[frozenset[str], Mapping[str, tuple[str, ...]]],
    figures: Mapping[tuple[int, int], Value],
    number: int,
) -> Iterator[tuple[str, Said]]:
    """What a row says; `own` tells the notes among the columns, and those that are headed by plans."""
    sheet, (notes, plans) = table.kind.key, own
    skipped = {*data.IDENTITY[sheet], "plans", "dimension"} if sheet == "charges" else set(data.IDENTITY[sheet])
    contents = {key: row.values.get(key) for key in table.columns if key not in skipped}
    for (of, key), default in _DEFAULTS.items():
        if of == sheet and contents.get(key) is None:
            contents[key] = default
    for key, content in contents.items():
        if content is not None:
            at = table.columns.index(key) + 1 if key in table.columns else 0
            meant = plans.get(key, ())
            plan = meant[0] if len(meant) == 1 else None
            words = key in notes or key in _WORDS or _wordy(sheet, row, key, content)
            heading = Label(plan, plan) if plan else _heading(document, table, row, key)
            yield plan or key, Said(plan or key, heading, _plain(content, figures.get((number, at))), words)


def _heading(document: data.Document, table: data.DataTable, row: data.DataRow, key: str) -> Label:
    """What a column is called; the value of a setting is called as the setting."""
    column = data.column_of(document.form, table, row.values, key) or table.column(key)
    own = table.own.get(key, key)
    return column.heading if column is not None and key not in table.own else Label(own, own)


def _wordy(sheet: str, row: data.DataRow, key: str, content: Fact) -> bool:
    """Whether nothing is computed from a cell: a setting that is printed, a sample figure of a model."""
    if sheet == "settings":
        return row.values.get("setting") in _WORDY_SETTINGS or key != "value"
    if sheet == "customers":
        return key != "template"
    return sheet in _DOCUMENT_WORDS or (sheet == "formulas" and not isinstance(content, data.NamedFormula))


def _figures(grid: SheetGrid, key: str) -> dict[tuple[int, int], Value]:
    """What the formulas of a sheet come to, by row and column."""
    title = grid.titles[key]
    return {
        (row, at): c.value for (sheet, row, at), c in grid.cells.items() if sheet == title and c.formula is not None
    }


def _plain(content: Fact, value: Value) -> Fact:
    """A content as it counts: percent are figures, and finance's own arithmetic is what it comes to."""
    if isinstance(content, data.Share):
        return content.value
    if isinstance(content, data.NamedFormula) and over_cells(content) and (number := figure(value)) is not None:
        return number
    return content
