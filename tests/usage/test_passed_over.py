"""Files of the usage folder that nobody reads: told where they may hold usage, whose customers wait."""

from pathlib import Path

import pytest

from tests.small_book import ACCOUNTS, BOOK
from tests.workbooks import write_workbook
from xlbill.periods import Month
from xlbill.run import bill_month
from xlbill.workspace import Workspace

APRIL = Month(2026, 4)
ROWS = "app,month,meter,quantity\na1,2026-04,dau,5\n"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("more.csv.gz", True),
        ("more.numbers", True),
        ("more.zip", True),
        ("more", True),
        (".more.csv", True),
        ("sub/folder/more.json", True),
        ("more.csv.bak", True),
        ("~$usage.xlsx", False),
        (".~lock.usage.xlsx#", False),
        ("._usage.xlsx", False),
        (".DS_Store", False),
        ("sub/Thumbs.db", False),
        ("README.md", False),
        ("invoice.PDF", False),
    ],
)
def test_what_may_hold_usage_is_told_and_stops_those_whose_it_may_be(tmp_path: Path, name: str, told: bool) -> None:
    write_workbook(tmp_path / "price_tables" / "small.xlsx", BOOK)
    write_workbook(tmp_path / "accounts.xlsx", ACCOUNTS)
    file = tmp_path / "usage" / "2026-04" / name
    file.parent.mkdir(parents=True)
    (tmp_path / "usage" / "2026-04" / "usage.csv").write_text(ROWS, encoding="utf-8")
    file.write_text("whatever", encoding="utf-8")
    _, found = bill_month(Workspace(tmp_path), APRIL)
    assert [p.place.file for p in found if p.code == "usage-passed-over"] == ([f"usage/2026-04/{name}"] if told else [])
    assert any(p.code == "usage-unread" for p in found) is told


@pytest.mark.parametrize("name", ["usage.tab", "in/a/folder/usage.csv"])
def test_tab_files_and_folders_in_the_folder_are_read(tmp_path: Path, name: str) -> None:
    file = tmp_path / "usage" / "2026-04" / name
    file.parent.mkdir(parents=True)
    file.write_text(ROWS, encoding="utf-8")
    workspace = Workspace(tmp_path)
    assert workspace.usage(APRIL) == (file,)
    assert workspace.passed_over(APRIL) == ()
