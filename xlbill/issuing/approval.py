"""Approvals: a register that somebody filled in, held against the bills as they are, and who is approved in it.

Rows may be sorted, filtered and formatted; every figure and every name in every sheet must be the one of the drafts as
they would be issued. Where one is not, nothing is issued: nobody knows what was approved.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from xlbill.cells import Place
from xlbill.formula import to_serial
from xlbill.issuing.drafting import Drafted
from xlbill.periods import Month
from xlbill.problems import Problems
from xlbill.register import REVIEW, Registered, lay_out_register, listed, register_of
from xlbill.register.tables import RegisterTable
from xlbill.review import review_of
from xlbill.sheets import Cell, SheetCells, Workbook, read_workbook
from xlbill.workbook.layout import CellContent, Formula, Sheet
from xlbill.workspace import Workspace

_LARGEST = 18  # digits before the point of a figure that a register may show
YES = frozenset({"是", "批准", "同意", "已批准", "yes", "y", "ok", "approved", "true", "1", "x", "√", "✓", "✔"})
NO = frozenset({"否", "不", "不批准", "no", "n", "false", "0", "-", "—"})
APPROVED, UNSTABLE = "approved", frozenset({"approved", "warnings"})
"""The column that is filled in; those that do not follow from the bills alone."""

Row = tuple[str, ...]


def approvals(
    workspace: Workspace, month: Month, path: Path, drafted: Sequence[Drafted]
) -> tuple[frozenset[str], Problems]:
    """The customers whom a register approves; none, and why, where its figures are not those of the drafts."""
    shown = workspace.shown(path)
    workbook, found = read_workbook(path, shown)
    if workbook is None:
        return frozenset(), found
    pairs = [(each.bill, each.job.file.name) for each in drafted if each.bill is not None]
    review = review_of(workspace, month, [bill for bill, _ in pairs], found)
    register = register_of(month, [listed(Registered(bill, name)) for bill, name in pairs], review=review)
    approved: set[str] = set()
    sheets = {sheet.name: sheet for sheet in lay_out_register(register).sheets}
    for table in register.sheets:
        if table.columns[0].key == "severity":  # problems are of the run that told them
            continue
        here = next((sheet for sheet in workbook.sheets if sheet.name == table.name), None)
        if here is None:
            found.add("sheet-missing", Place(workbook.file), sheet=table.name, found=_names(workbook))
            continue
        _compare(table, sheets[table.name], here, found)
        if table.name.startswith(REVIEW):
            approved |= set(_marked(table, here, found))
    return (frozenset() if found.errors else frozenset(approved)), found


def _names(workbook: Workbook) -> str:
    return ", ".join(sheet.name for sheet in workbook.sheets)


def _compare(table: RegisterTable, wanted: Sheet, here: SheetCells, found: Problems) -> None:
    """Tell the first row that is not one of the drafts', or that one of theirs is missing."""
    heading = wanted.filtered.top if wanted.filtered is not None else 1
    keys = [at for at, column in enumerate(table.columns, start=1) if column.key not in UNSTABLE]
    laid = {(cell.row, cell.column): cell.content for cell in wanted.cells}
    last = wanted.filtered.bottom if wanted.filtered is not None else heading
    numbers = sorted({number for number, _ in here.cells if number > heading})
    shapes = any(_unreckoned(here.cell(number, at)) for number in numbers for at in keys)
    rows = {number: tuple(_read(here.cell(number, at), shapes) for at in keys) for number in numbers}
    rows = {number: row for number, row in rows.items() if any(row)}
    expected = Counter(
        row
        for number in range(heading + 1, last + 1)
        if any(row := tuple(_laid(laid.get((number, at)), shapes) for at in keys))
    )
    for number, row in rows.items():
        if not expected[row]:
            shown = next((here.cell(number, at).shown for at in keys if row[keys.index(at)]), "")
            found.add("register-changed", here.place.at(number, 1), found=f"{shown} …")
            return
        expected[row] -= 1
    if missing := next((row for row, count in expected.items() if count), None):
        found.add("register-changed", here.place.at(heading, 1), found=f"— {missing[0]}")


def _laid(content: CellContent, shapes: bool) -> str:
    """What the register's own layout puts into a cell, as `_read` finds it."""
    if isinstance(content, Formula):
        return _shape(content.text) if shapes else _plain(content.value)
    return _plain(content)


def _read(cell: Cell, shapes: bool) -> str:
    if shapes and cell.formula is not None:
        return _shape(cell.formula)
    value = cell.value
    return _plain(Decimal(to_serial(value)) if isinstance(value, date) and not isinstance(value, datetime) else value)


def _unreckoned(cell: Cell) -> bool:
    """A formula without a result: a program that does not reckon has saved the file, and shows none either."""
    return cell.formula is not None and cell.value is None


def _shape(formula: str) -> str:
    """A formula whatever the row that it stands in: of a sheet without results, that is what can be compared."""
    return re.sub(r"\d+", "#", formula.removeprefix("=").replace(" ", ""))


def _plain(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value)
    if isinstance(value, (int, Decimal)) and Decimal(value).adjusted() < _LARGEST:
        return f"{Decimal(value).quantize(Decimal('1e-9')).normalize() + 0:f}"
    return " ".join(str(value).split())


def _marked(table: RegisterTable, here: SheetCells, found: Problems) -> Iterator[str]:
    """The customers of the rows that are approved; a word that says neither yes nor no is a problem."""
    at = {column.key: number for number, column in enumerate(table.columns, start=1)}
    for number in sorted({row for row, _ in here.cells}):
        cell, customer = here.cell(number, at[APPROVED]), here.cell(number, at["customer"]).value
        word = str(cell.value if cell.value is not None else "").strip().casefold()
        if customer is None or not word or ("approved" in word and "批准" in word):
            continue
        if word in YES:
            yield str(customer)
        elif word not in NO:
            found.add("approval-unclear", cell.place, found=cell.shown)
