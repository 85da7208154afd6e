"""Columns of the house's own in the Customers sheet are marks of templates, by their headings."""

from pathlib import Path

import openpyxl
import pytest

from tests.invoice.own_field import with_field
from tests.small_book import ACCOUNTS, BOOK
from tests.workbooks import write_workbook
from xlbill.periods import Month
from xlbill.run import bill_month
from xlbill.workspace import Workspace

CUSTOMERS = """
    | code | name | # PO number | 备注：成本中心 | Region manager |
    | C1 | One | PO-77 | 研发 | Li Lei |
    """
OWN = "| item | Chinese |\n| own columns | Region manager |"


@pytest.mark.parametrize(
    ("mark", "shown"),
    [
        ("customer.PO number", "PO-77"),
        ("customer.po NUMBER", "PO-77"),
        ("customer.成本中心", "研发"),
        ("customer.Region manager", "Li Lei"),
    ],
)
def test_a_mark_names_a_column_of_ones_own(tmp_path: Path, mark: str, shown: str) -> None:
    write_workbook(tmp_path / "price_tables" / "small.xlsx", BOOK)
    write_workbook(tmp_path / "accounts.xlsx", {**ACCOUNTS, "Customers": CUSTOMERS, "Seller": OWN})
    (tmp_path / "usage" / "2026-04").mkdir(parents=True)
    with_field(tmp_path, f"Ref. {{{{ {mark} }}}}")
    result, found = bill_month(Workspace(tmp_path), Month(2026, 4))
    assert result is not None
    assert result.billed, found
    sheet = openpyxl.load_workbook(result.billed[0].file).worksheets[0]
    assert f"Ref. {shown}" in [cell.value for row in sheet.iter_rows() for cell in row]
