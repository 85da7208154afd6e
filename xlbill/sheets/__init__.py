"""Any spreadsheet as tables whose cells know their place: headings, messy values, hostile files.

workbook, found = read_workbook(Path("accounts.xlsx"))
sheet = find_sheet(workbook, CUSTOMERS)
table = find_table(sheet, CUSTOMERS, found)
codes = [row.code("customer", found) for row in table.rows]
"""

from xlbill.sheets.cell import Cell, Raw
from xlbill.sheets.columns import Column, Kind, SheetKind
from xlbill.sheets.headings import Heading, Hints, nearest
from xlbill.sheets.names import safe_file_name, safe_sheet_name, same_file_name
from xlbill.sheets.rows import Row
from xlbill.sheets.tables import Table, find_sheet, find_table, read_settings
from xlbill.sheets.values import Misfit, as_code, as_date, as_month, as_number, as_text, as_yes, split_codes
from xlbill.sheets.workbook import SheetCells, Workbook, read_workbook

__all__ = [
    "Cell",
    "Column",
    "Heading",
    "Hints",
    "Kind",
    "Misfit",
    "Raw",
    "Row",
    "SheetCells",
    "SheetKind",
    "Table",
    "Workbook",
    "as_code",
    "as_date",
    "as_month",
    "as_number",
    "as_text",
    "as_yes",
    "find_sheet",
    "find_table",
    "nearest",
    "read_settings",
    "read_workbook",
    "safe_file_name",
    "safe_sheet_name",
    "same_file_name",
    "split_codes",
]
