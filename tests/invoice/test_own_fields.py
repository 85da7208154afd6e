"""Columns of the house's own in the accounts are marks of templates, by their headings."""

from pathlib import Path

import openpyxl
import pytest

from tests.invoice.own_field import with_field, with_row
from tests.small_book import ACCOUNTS, BOOK
from tests.workbooks import write_workbook
from xlbill.periods import Month
from xlbill.run import bill_month
from xlbill.workspace import Workspace

CUSTOMERS = """
    | code | name | # PO number | 备注：成本中心 | Region manager | District |
    | C1 | One | PO-77 | 研发 | Li Lei | North |
    """
OWN = "| item | Chinese |\n| own columns | Region manager |"
SHEETS = {
    "Customers": "| code | name |\n| C1 | One |\n| C2 | Two |\n| C3 | Three |\n| C4 | Four |",
    "Apps": """
        | app | customer | region | # cost centre |
        | a1 | C1 | cn | R&D 4711 |
        | a2 | C1 | cn | Sales 12 |
        | b1 | C2 | cn | |
        | b2 | C2 | cn | |
        | c1 | C3 | cn | Lab |
        | c2 | C3 | cn | Lab |
        | d1 | C4 | cn | Lab |
        | d2 | C4 | cn | Lab |
        """,
    "Subscriptions": """
        | app | item | start | # order no. |
        | a1 | im.pro | 2026-04-01 | O-1 |
        | a2 | im.pro | 2026-04-01 | O-2 |
        | b1 | im.pro | 2026-04-01 | |
        | b2 | im.pro | 2026-04-01 | O-4 |
        | c1 | im.pro | 2026-04-01 | O-5 |
        | c2 | im.pro | 2026-04-01 | O-6 |
        | d1 | im.pro | 2026-04-01 | O-5 |
        | d2 | im.pro | 2026-04-01 | O-6 |
        """,
}


def billed(root: Path, sheets: dict[str, str]) -> dict[str, list[str]]:
    """The texts of the first sheet of each customer's invoice."""
    write_workbook(root / "price_tables" / "small.xlsx", BOOK)
    write_workbook(root / "accounts.xlsx", {**ACCOUNTS, **sheets})
    (root / "usage" / "2026-04").mkdir(parents=True)
    result, found = bill_month(Workspace(root), Month(2026, 4))
    assert result is not None, found
    texts = {}
    for one in result.billed:
        rows = openpyxl.load_workbook(one.file).worksheets[0].iter_rows()
        texts[one.bill.customer.code] = [c.value for row in rows for c in row if isinstance(c.value, str)]
    assert texts, result.problems
    return texts


@pytest.mark.parametrize(
    ("mark", "shown"),
    [
        ("customer.PO number", "PO-77"),
        ("customer.po NUMBER", "PO-77"),
        ("customer.成本中心", "研发"),
        ("customer.Region manager", "Li Lei"),
        ("customer.district", "North"),
    ],
)
def test_a_mark_names_a_column_of_ones_own(tmp_path: Path, mark: str, shown: str) -> None:
    with_field(tmp_path, f"Ref. {{{{ {mark} }}}}")
    assert f"Ref. {shown}" in billed(tmp_path, {"Customers": CUSTOMERS, "Seller": OWN})["C1"]


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        # beside a line: the app and the order of the line
        (("{{ line.title }}", "of {{ app.cost centre }}", "by {{ subscription.order no. }}"),
         {"C1": ["of R&D 4711", "by O-1", "of Sales 12", "by O-2"], "C2": ["by O-4"],
          "C3": ["of Lab", "by O-5", "of Lab", "by O-6"]}),
        # alone: a row for each product of an app, and for each line
        (("of {{ app.cost centre }}",), {"C1": ["of R&D 4711", "of Sales 12"], "C2": [], "C3": ["of Lab", "of Lab"]}),
        (("by {{ subscription.order no. }}",),
         {"C1": ["by O-1", "by O-2"], "C2": ["by O-4"], "C3": ["by O-5", "by O-6"]}),
        # tied to it
        (("{{ with app.cost centre }}of {{ app.code }}", "{{ group.title }}"),
         {"C1": ["of a1", "of a2"], "C2": [], "C3": ["of c1", "of c2"]}),
        (("of {{ app.code }} {{ app.region }}", "by {{ subscription.item }}", "{{ line.title }}"),
         {"C1": ["of a1 cn", "by im.pro", "of a2 cn", "by im.pro"],
          "C2": ["of b1 cn", "by im.pro", "of b2 cn", "by im.pro"],
          "C3": ["of c1 cn", "by im.pro", "of c2 cn", "by im.pro"]}),
    ],
)  # fmt: skip
def test_columns_of_apps_and_subscriptions_show_in_their_rows(
    tmp_path: Path, row: tuple[str, ...], shown: dict[str, list[str]]
) -> None:
    """The bills of four customers: but for what is blank in the second's they have one shape, and are printed."""
    with_row(tmp_path, row)
    texts = billed(tmp_path, SHEETS)
    shown["C4"] = [text.replace(" c1", " d1").replace(" c2", " d2") for text in shown["C3"]]
    assert {code: [text for text in own if text.startswith(("of ", "by "))] for code, own in texts.items()} == shown
