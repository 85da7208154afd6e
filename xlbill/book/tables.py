"""The sheets of a price book as tables: found by their names, told where one is missing, renamed or in other money."""

import re
from collections.abc import Iterator, Mapping

from xlbill.book import columns
from xlbill.cells import Place
from xlbill.money import Currency
from xlbill.problems import Problem, Problems, problem
from xlbill.sheets import SheetCells, SheetKind, Table, Workbook, find_sheet, find_table, nearest
from xlbill.sheets.values import Misfit, as_number

Tables = Mapping[str, Table]


def tables_of(workbook: Workbook, found: Problems) -> dict[str, Table]:
    """The tables of a workbook's sheets by the key of their kind; what is missing is told."""
    tables = {}
    for kind in columns.SHEETS:
        sheet = find_sheet(workbook, kind)
        if sheet is None:
            found += _lost(kind, workbook)
            continue
        if (table := find_table(sheet, kind, found)) is not None:
            tables[kind.key] = table
    return tables


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


def _lost(kind: SheetKind, workbook: Workbook) -> Iterator[Problem]:
    """A sheet that is not there: renamed where another's name is nearly its own, missing where every book has one."""
    strangers = [s for s in workbook.sheets if not any(find_sheet(_alone(s), other) for other in columns.SHEETS)]
    for sheet in strangers:
        if kind.title.zh in sheet.name or nearest(sheet.name, [kind.title.zh, kind.title.en, str(kind.title)]):
            yield problem("sheet-renamed", sheet.place, sheet=str(kind.title), found=sheet.name)
            return
    if kind.required:
        titles = ", ".join(s.name for s in workbook.sheets)
        yield problem("sheet-missing", Place(workbook.file), sheet=str(kind.title), found=titles)


def _alone(sheet: SheetCells) -> Workbook:
    return Workbook(sheet.file, (sheet,))
