"""A price book, or the accounts, as plain data: what its loader reads, without rows, columns and looks.

A sheet is a table of rows, a row gives a value to the keys of its columns, and a formula speaks of names: in the sheet
of models of the row's own columns, elsewhere of a row by what identifies it.

    =ROUND(MAX(quantity-included-drawn,0)/block*price,2)
    =ROUND({plans|im.pro|price}*0.9,0)

Texts (YAML, JSON), workbooks and comparisons are all made from this one value.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from xlbill import account_columns
from xlbill.book import columns as book_columns
from xlbill.book.plan_columns import names_of_plan, plans_headed
from xlbill.cells import NOWHERE, Place
from xlbill.language import Label
from xlbill.money import plain
from xlbill.sheets.columns import Column, SheetKind
from xlbill.sheets.headings import normalised
from xlbill.sheets.values import split_codes


@dataclass(frozen=True, slots=True)
class Share:
    """A figure that is written in percent: 6 % is `Share(Decimal("0.06"))`."""

    value: Decimal

    def __str__(self) -> str:
        return f"{plain(self.value * 100)}%"


@dataclass(frozen=True, slots=True)
class NamedFormula:
    """A live formula, its references as names: `=ROUND(units*price,2)`."""

    text: str


Content: TypeAlias = str | bool | Decimal | Share | date | datetime | NamedFormula | None
"""What a cell says. Words of a choice are its value in the code (`prepaid`), whatever language they were in."""


@dataclass(frozen=True, slots=True)
class DataRow:
    """What a row gives to its columns, blanks left out, and where it stands."""

    values: Mapping[str, Content]
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class DataTable:
    """A sheet: the keys of its columns in their order, the headings of those that are finance's own, and its rows.

    `above` are the lines above the headings where they are not the sheet's usual ones.
    """

    kind: SheetKind
    columns: tuple[str, ...]
    own: Mapping[str, str]
    rows: tuple[DataRow, ...]
    above: tuple[str, ...] | None = None

    def column(self, key: str) -> Column | None:
        """The declaration of a column, None for one of finance's own."""
        return next((column for column in self.kind.columns if column.key == key), None)


@dataclass(frozen=True, slots=True)
class OwnSheet:
    """A sheet that no loader reads: its cells as they stand, row by row."""

    title: str
    rows: tuple[tuple[Content, ...], ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of input workbook: its name in texts, its sheets, and the columns that settings stand for."""

    name: str
    title: Label
    sheets: tuple[SheetKind, ...]
    settings: Mapping[str, Mapping[str, Column]]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole price book or accounts workbook as data."""

    form: Form
    tables: Mapping[str, DataTable]
    pages: tuple[OwnSheet, ...] = ()
    file: str = field(default="", compare=False)

    def setting(self, key: str) -> Content:
        """The value of a setting of the price book."""
        table = self.tables.get("settings")
        rows = table.rows if table is not None else ()
        return next((row.values.get("value") for row in rows if row.values.get("setting") == key), None)


BOOK = Form("price-book", Label("价目表", "price book"), book_columns.SHEETS, {"settings": book_columns.SETTING})
ACCOUNTS = Form(
    "accounts", Label("客户档案", "accounts"), account_columns.SHEETS, {"seller": account_columns.SELLER_SETTING}
)
FORMS = (BOOK, ACCOUNTS)

IDENTITY: Mapping[str, tuple[str, ...]] = {
    "settings": ("setting",),
    "formulas": ("model",),
    "products": ("product",),
    "plans": ("product", "plan"),
    "meters": ("meter",),
    "coefficients": ("meter", "dimension"),
    "bands": ("schedule", "dimension", "days", "from", "months"),
    "holidays": ("date",),
    "charges": ("product", "plans", "item", "meter", "dimension", "from"),
    "extensions": ("extension", "option"),
    "packs": ("pack",),
    "trials": ("product", "of"),
    "rates": ("rate", "from"),
    "taxes": ("customers", "products", "from"),
    "examples": ("case", "item", "option", "start", "meter", "day"),
    "seller": ("setting",),
    "customers": ("customer",),
    "apps": ("app",),
    "subscriptions": ("app", "item", "option", "start"),
    "contracts": ("customer", "app", "item", "option", "start"),
    "contract_charges": ("customer", "app", "start", "product", "plans", "item", "meter", "dimension", "from"),
    "adjustments": ("customer", "date", "text"),
    "payments": ("date", "customer", "payer", "reference", "serial"),
}
"""The columns that say which row of a sheet a row is."""

_DOTTED = frozenset({"plans", "extensions"})


def identities(kind: SheetKind, rows: Sequence[Mapping[str, Content]]) -> tuple[str, ...]:
    """What each row of a sheet is called, no two alike: im.pro; a second one of the same is im.pro#2."""
    seen: dict[str, int] = {}
    names = []
    for values in rows:
        said = [text for key in IDENTITY[kind.key] if (text := spelled(values.get(key)))]
        name = (("." if kind.key in _DOTTED else " ").join(said)).translate(_RESERVED)
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return tuple(names)


_RESERVED = str.maketrans("{|}", "(/)")  # what encloses and separates the parts of a reference


def spelled(content: Content) -> str:
    """What a cell says, as one line of text."""
    if content is None:
        return ""
    if isinstance(content, bool):
        return "yes" if content else "no"
    if isinstance(content, Decimal):
        return plain(content)
    return content.text if isinstance(content, NamedFormula) else str(content)


def column_of(form: Form, table: DataTable, row: Mapping[str, Content], key: str) -> Column | None:
    """How a cell is declared: by its column, in a sheet of settings by its row; None for finance's own columns."""
    settings = form.settings.get(table.kind.key)
    if settings is not None and key not in ("setting", *table.own):
        setting = row.get("setting")
        return settings.get(setting) if isinstance(setting, str) else None
    return table.column(key)


def notes_of(document: Document, table: DataTable, inputs: frozenset[str]) -> frozenset[str]:
    """The columns of a table that nothing is computed from: finance's own, no model's input and no plan's price."""
    plans = plan_columns_of(document) if table.kind.key == "extensions" else {}
    return frozenset(key for key in table.own if key not in inputs and key not in plans)


def plan_columns_of(document: Document) -> Mapping[str, tuple[str, ...]]:
    """The columns of the extensions that are headed by a plan, with the plan's code; several where it is not clear."""
    table = document.tables.get("extensions")
    sold = {row.values.get("product") for row in rows_of(document, "extensions")}
    needs = (row.values.get("needs") for row in rows_of(document, "products") if row.values.get("product") in sold)
    needed = {code.casefold() for text in needs for code in split_codes(spelled(text))}
    plans = plan_names(document)
    own = table.own if table is not None else {}
    meant = {key: plans_headed(text, key, plans, needed) for key, text in own.items()}
    return {key: codes for key, codes in meant.items() if codes}


def plan_names(document: Document) -> Mapping[str, tuple[str, ...]]:
    """Everything that names each plan, by its code."""
    products = {spelled(row.values.get("product")): _names(row, "product") for row in rows_of(document, "products")}
    named = {}
    for row in rows_of(document, "plans"):
        product, plan = (spelled(row.values.get(key)) for key in ("product", "plan"))
        named[full_code(row)] = names_of_plan(product, products.get(product, ()), plan, _names(row, "plan"))
    return named


def _names(row: DataRow, code: str) -> tuple[str, ...]:
    """A row's names, its code where it has none."""
    names = tuple(word for key in ("name", "name_en") if (word := spelled(row.values.get(key))))
    return tuple(dict.fromkeys(names or (spelled(row.values.get(code)),)))


def full_code(row: DataRow) -> str:
    """The code of a plan's row with its product: im.pro."""
    return ".".join(spelled(row.values.get(key)) for key in ("product", "plan"))


def rows_of(document: Document, sheet: str) -> tuple[DataRow, ...]:
    """The rows of a sheet, none where it is not there."""
    return document.tables[sheet].rows if sheet in document.tables else ()


def with_all_columns(document: Document) -> Document:
    """The document with every sheet, column and setting that its form declares, blank where it says nothing of them."""
    blank = {kind.key: DataTable(kind, (), {}, ()) for kind in document.form.sheets}
    tables = {key: _with_all_columns(document.form, document.tables.get(key, table)) for key, table in blank.items()}
    return replace(document, tables=tables)


def _with_all_columns(form: Form, table: DataTable) -> DataTable:
    settings = form.settings.get(table.kind.key, {})
    said = {row.values.get("setting"): row for row in table.rows}
    rows = [said.get(key, DataRow({"setting": key})) for key in settings] or table.rows
    columns = (*(column.key for column in table.kind.columns), *table.own)
    return replace(table, columns=columns, rows=tuple(rows))


def usual_lines(kind: SheetKind) -> tuple[str, ...]:
    """The lines above a sheet's headings: what it is, and what its rows are."""
    return (str(kind.title), f"{kind.note.zh} {kind.note.en}") if kind.note is not None else (str(kind.title),)


def setting_key(settings: Mapping[str, Column], text: str) -> str:
    """The key of the setting that a text names, else the text itself."""
    known = {normalised(heading): key for key, column in settings.items() for heading in column.headings()}
    return known.get(normalised(text), text)


def every_cell(document: Document) -> Iterator[tuple[DataTable, DataRow, str, Content]]:
    """All cells of all tables that say something."""
    for table in document.tables.values():
        for row in table.rows:
            for key, content in row.values.items():
                yield table, row, key, content
