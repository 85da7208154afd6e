"""The sheets of a price book as tables: found by their names, told where one is missing, renamed or in other money."""

import re
from collections.abc import Iterator, Mapping, Set

from xlbill.book import columns
from xlbill.book.objects import Model
from xlbill.cells import Place
from xlbill.money import Currency
from xlbill.problems import Problem, Problems, problem
from xlbill.sheets import Row, Table, Workbook, find_sheet, find_table, read_settings
from xlbill.sheets.headings import Heading
from xlbill.sheets.strangers import Surroundings, own_names, strange_columns, strange_sheets
from xlbill.sheets.values import Misfit, as_number

Tables = Mapping[str, Table]


def tables_of(workbook: Workbook, found: Problems) -> dict[str, Table]:
    """The tables of a workbook's sheets by the key of their kind."""
    tables = {}
    for kind in columns.SHEETS:
        sheet = find_sheet(workbook, kind)
        if sheet is not None and (table := find_table(sheet, kind, found)) is not None:
            tables[kind.key] = table
    return tables


def rows_of(tables: Tables, key: str) -> tuple[Row, ...]:
    """The rows of a sheet, none where there is no such sheet."""
    return tables[key].rows if key in tables else ()


_MONEY = re.compile(r"(?P<dollar>\$|USD)|(?P<euro>€|EUR)|(?P<pound>£)|(?P<yuan>[¥￥元]|RMB|CNY|人民币)", re.IGNORECASE)
_COUNTED_IN = {"dollar": "USD AUD CAD HKD NZD SGD TWD", "euro": "EUR", "pound": "GBP EGP", "yuan": "CNY JPY"}


def other_currencies(tables: Tables, currency: Currency) -> Iterator[Problem]:
    """Prices typed as text with the sign of another currency: $1299 in a list in yuan."""
    for table in (tables[key] for key in ("plans", "charges", "extensions", "packs") if key in tables):
        for row in table.rows:
            for heading in table.headings:
                value = row.cell(heading.key).value
                sign = _MONEY.search(value) if isinstance(value, str) and _is_figure(value) else None
                if sign is not None and currency.code not in _COUNTED_IN[sign.lastgroup or ""].split():
                    yield row.problem("other-currency", heading.key, currency=currency.code)


def _is_figure(text: str) -> bool:
    return not isinstance(as_number(text), Misfit)


def lost_sheets(workbook: Workbook, found: Problems) -> bool:
    """Whether a sheet of the book is not there, which is told unless another's name or headings say it was renamed."""
    titles = ", ".join(s.name for s in workbook.sheets)
    told = list(strange_sheets(workbook, columns.SHEETS, own_listed(workbook)))
    renamed = {dict(p.facts)["sheet"] for p in told if p.code == "sheet-renamed"}
    lost = [kind for kind in columns.SHEETS if kind.required and find_sheet(workbook, kind) is None]
    found += told
    found += [
        problem("sheet-missing", Place(workbook.file), None, sheet=str(kind.title), found=titles)
        for kind in lost
        if str(kind.title) not in renamed
    ]
    return bool(lost or renamed)


def own_listed(workbook: Workbook) -> frozenset[str]:
    """The headings and sheets that the book lists as its owner's own."""
    sheet = find_sheet(workbook, columns.SETTINGS)
    table = find_table(sheet, columns.SETTINGS, Problems()) if sheet is not None else None
    if table is None:
        return frozenset()
    text = read_settings(table, columns.SETTING, Problems()).text("own", Problems())
    return own_names([text] if text is not None else [])


def strangers_in(workbook: Workbook, tables: Tables, models: Mapping[str, Model]) -> Iterator[Problem]:
    """The columns of a book's sheets that are not declared, no notes, and neither taken by a model nor a plan's.

    On the Formulas sheet a column that is not declared is a quantity of finance's own.
    """
    around = Surroundings(columns.SHEETS, tables, own_listed(workbook))
    plans = _plan_words(tables)
    for table in tables.values():
        if table.kind is columns.FORMULAS:
            continue
        taken, sold = _taken(table, models), plans if table.kind is columns.EXTENSIONS else frozenset()

        def claimed(heading: Heading, taken: Set[str] = taken, sold: Set[str] = sold) -> bool:
            return heading.key in taken or bool(sold & {heading.key, *heading.text.casefold().split()})

        yield from (stranger.problem for stranger in strange_columns(table, around, claimed))


def _plan_words(tables: Tables) -> frozenset[str]:
    """How plans are named, whether their rows can be used or not: what heads the columns of the Extensions sheet."""
    rows = tables["plans"].rows if "plans" in tables else ()
    words = {word for row in rows for key in ("plan", "name", "name_en") if (word := row.peek(key))}
    words |= {f"{row.peek('product')}.{row.peek('plan')}" for row in rows}
    return frozenset(word.casefold() for word in words)


def _taken(table: Table, models: Mapping[str, Model]) -> set[str]:
    """What the models that a sheet's rows name take from its columns; of a model that is not known, what any takes."""
    keys = ("model", "refund", "prorate", "draw", "record")
    named = {name for row in table.rows for key in keys if (name := row.peek(key))}
    known = [models[name] for name in named if name in models]
    return {name for model in (known if len(known) == len(named) else models.values()) for name in model.inputs}
