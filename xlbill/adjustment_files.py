"""Adjustments in workbooks of their own, beside those of the accounts: what `bill --against-issued --adjust` writes."""

from collections.abc import Sequence
from pathlib import Path

from xlbill.account_columns import ADJUSTMENTS
from xlbill.account_strangers import tell_strange_adjustments
from xlbill.accounts import Accounts, Adjustment, adjustment_of
from xlbill.cells import Place
from xlbill.problems import Problems
from xlbill.sheets import find_sheet, find_table, nearest, read_workbook


def load_adjustments(path: Path, accounts: Accounts, shown: str) -> tuple[Sequence[Adjustment], Problems]:
    """The adjustments of a workbook, and all problems in it; a row of nobody's is a problem."""
    workbook, found = read_workbook(path, shown)
    sheet = find_sheet(workbook, ADJUSTMENTS) if workbook is not None else None
    if workbook is not None and sheet is None:
        titles = ", ".join(s.name for s in workbook.sheets)
        found.add("sheet-missing", Place(workbook.file), sheet=str(ADJUSTMENTS.title), found=titles)
    table = find_table(sheet, ADJUSTMENTS, found) if sheet is not None else None
    known = {customer.code for customer in accounts.customers}
    if table is not None:
        tell_strange_adjustments(table, {app.code: app.customer for app in accounts.apps}, known, found)
    adjustments = []
    for row in table.rows if table is not None else ():
        told = found.about(customer=row.peek("customer") or "").apart()
        adjustment = adjustment_of(row, told)
        if adjustment is not None and adjustment.customer not in known:
            told.tell(row.problem("unknown-customer", "customer", nearest=nearest(adjustment.customer, known) or "—"))
        found.tell(*told)
        if adjustment is not None and not told.errors:
            adjustments.append(adjustment)
    return adjustments, found
