"""A workspace whose template shows a field of customers in place of their address."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import openpyxl

from xlbill.workspace import SHIPPED


def with_row(root: Path, texts: Sequence[str]) -> Path:
    """Write a row of texts with marks below all others of the shipped template's first sheet."""
    path = _template(root)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.worksheets[0]
    row = sheet.max_row + 2
    for column, text in enumerate(texts, start=1):
        sheet.cell(row, column, text)
    sheet.print_area = None
    workbook.save(path)
    return path


def _template(root: Path) -> Path:
    path = root / "templates" / "invoice.xlsx"
    if not path.exists():
        shutil.copytree(SHIPPED / "templates", path.parent)
    return path


def with_field(root: Path, text: str) -> Path:
    """Write a text with marks into the shipped template where the customer's address stands."""
    path = _template(root)
    workbook = openpyxl.load_workbook(path)
    cells = (cell for row in workbook.worksheets[0].iter_rows() for cell in row)
    cell = next(cell for cell in cells if isinstance(cell.value, str) and "customer.address" in cell.value)
    cell.value = text
    workbook.save(path)
    return path
