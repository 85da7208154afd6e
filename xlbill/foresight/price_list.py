"""The prices of a book as tables of text, for a terminal."""

from collections.abc import Iterator

from xlbill.book import data
from xlbill.foresight.diff import shown
from xlbill.language import Language
from xlbill.sheets.columns import Column, Kind

_SHOWN = {
    "plans": ("product", "plan", "name", "price", "list_price", "pay", "term", "role"),
    "charges": (
        "product",
        "plans",
        "item",
        "meter",
        "dimension",
        "model",
        "included",
        "block",
        "from",
        "to",
        "price",
        "pay",
    ),
    "extensions": ("extension", "option", "name", "pay", "term"),
    "packs": ("pack", "name", "meter", "quantity", "price", "list_price", "months"),
    "trials": ("product", "of", "days", "quota"),
}
"""The columns that tell a price, sheet by sheet."""

Shown = tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]]


def price_list(document: data.Document, language: Language) -> Iterator[Shown]:
    """Each sheet with prices: its title, the headings of the columns that are filled, and its rows."""
    for key, wanted in _SHOWN.items():
        table = document.tables.get(key)
        if table is None or not table.rows:
            continue
        plans = _plan_columns(document, table) if key == "extensions" else ()
        names = [name if language == "zh" or name != "name" else "name_en" for name in wanted]
        columns = [c for c in (*names, *plans) if any(row.values.get(c) is not None for row in table.rows)]
        headings = tuple(_heading(table, column, language) for column in columns)
        rows = tuple(tuple(_text(table, row, column, language) for column in columns) for row in table.rows)
        yield table.kind.title.text(language), headings, rows


def _plan_columns(document: data.Document, table: data.DataTable) -> tuple[str, ...]:
    notes = data.notes_of(document, table, frozenset())
    return tuple(key for key in table.columns if key in table.own and key not in notes)


def _heading(table: data.DataTable, key: str, language: Language) -> str:
    column = table.column(key)
    return column.heading.text(language) if column is not None else table.own[key]


def _text(table: data.DataTable, row: data.DataRow, key: str, language: Language) -> str:
    content, column = row.values.get(key), table.column(key)
    if content is None:
        return ""
    return _word(column, content, language) if column is not None and column.kind is Kind.CHOICE else shown(content)


def _word(column: Column, content: data.Content, language: Language) -> str:
    words = column.choices.get(str(content), (str(content),) * 2)
    return words[0] if language == "zh" else words[1]
