"""A month of several customers under the smallest price book."""

from pathlib import Path

from tests.small_book import ACCOUNTS, BOOK
from tests.workbooks import write_workbook


def workspace_of(number: int, root: Path) -> Path:
    """A workspace with so many customers, K000 and on, each with an app and some usage."""
    codes = [f"K{n:03}" for n in range(number)]
    customers = "\n".join(["| customer | name |", *(f"| {code} | Name of {code} |" for code in codes)])
    apps = "\n".join(["| app | customer | region |", *(f"| app-{code} | {code} | cn |" for code in codes)])
    orders = "\n".join(["| app | item | start |", *(f"| app-{code} | im.pro | 2026-03-20 |" for code in codes)])
    orders += f"\n| app-{codes[0]} | talk_30 | 2026-04-02 |"  # a pack: the month leaves balances
    write_workbook(root / "price_tables" / "small.xlsx", BOOK)
    sheets = {**ACCOUNTS, "Customers": customers, "Apps": apps, "Subscriptions": orders}
    write_workbook(root / "accounts.xlsx", sheets)
    (root / "usage" / "2026-04").mkdir(parents=True)
    rows = "".join(f"app-{code},2026-04,dau,{n}\n" for n, code in enumerate(codes))
    (root / "usage" / "2026-04" / "dau.csv").write_text("app,month,meter,quantity\n" + rows, encoding="utf-8")
    return root
