"""Usage that nobody could attribute: whose bill waits for it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.small_book import ACCOUNTS, BOOK
from tests.workbooks import write_workbook
from xlbill.periods import Month
from xlbill.run import Result, bill_month
from xlbill.workspace import Workspace

APRIL = Month(2026, 4)
APPS = {"shop-1": "C1", "shop-2": "C2", "game-9": "C3", "shop-7": "C1"}
THREE = {
    **ACCOUNTS,
    "Customers": "| customer | name |\n| C1 | One |\n| C2 | Two |\n| C3 | Three |",
    "Apps": "\n".join(["| app | customer | region |", *(f"| {app} | {code} | cn |" for app, code in APPS.items())]),
    "Subscriptions": "\n".join(["| app | item | start |", *(f"| {app} | im.pro | 2026-03-20 |" for app in APPS)]),
}
GOOD = "app,month,meter,quantity\n" + "".join(f"{app},2026-04,dau,5\n" for app in APPS)


def month_with(root: Path, files: Mapping[str, str | bytes]) -> Result | None:
    write_workbook(root / "price_tables" / "small.xlsx", BOOK)
    write_workbook(root / "accounts.xlsx", THREE)
    for name, content in files.items():
        path = root / "usage" / "2026-04" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return bill_month(Workspace(root), APRIL)[0]


DAMAGED = b"PK\x03\x04 not a workbook"
NO_HEADINGS = "x,y\nshop-2,3\n"
NO_METERS = "应用,日期,流量\nshop-2,2026-04-01,3\n"
NOBODY_S = "日期,dau\n2026-04-01,3\n"
NOTES = "what we did\nasked for the figures\n"


@pytest.mark.parametrize(
    ("name", "content", "waiting"),
    [
        ("usage.xlsx", DAMAGED, ("C1", "C2", "C3")),  # it may be anybody's
        ("dau-shop-2.xlsx", DAMAGED, ("C2",)),  # its name says whose
        ("C3-2026-04.xlsx", DAMAGED, ("C3",)),
        ("C1/usage.xlsx", DAMAGED, ("C1",)),  # so does its folder's
        ("more.csv", NO_HEADINGS, ("C2",)),  # its cells say whose
        ("more.csv", NO_METERS, ("C2",)),
        ("more.csv", NOBODY_S, ("C1", "C2", "C3")),
        ("notes.txt", NOTES, ()),  # names nobody, has no usage: told, and in nobody's way
    ],
)
def test_a_file_that_cannot_be_read_stops_those_whose_usage_may_be_in_it(
    tmp_path: Path, name: str, content: str | bytes, waiting: tuple[str, ...]
) -> None:
    result = month_with(tmp_path, {"good.csv": GOOD, name: content})
    if waiting == ("C1", "C2", "C3"):
        assert result is None or not result.billed
        return
    assert result is not None
    assert result.left_out == waiting
    assert any(p.stops == "file" for p in result.problems)


def days(app: str, *, without: int = 0) -> str:
    return "".join(f"{app},2026-04-{day:02},dau,5\n" for day in range(1, 31) if day != without)


@pytest.mark.parametrize(
    ("word", "waiting"),
    [
        ("shop-l", ("C1",)),  # shop-1 lacks a day, and is written so
        ("shop-3", ("C1",)),  # as like shop-1 as shop-2, but it is shop-1 that lacks a day
        ("warehouse", ()),  # like nobody's: somebody who is not in the accounts
    ],
)
def test_a_row_under_an_unknown_app_stops_those_from_whom_it_may_be_missing(
    tmp_path: Path, word: str, waiting: tuple[str, ...]
) -> None:
    usage = "app,date,meter,quantity\n" + days("shop-1", without=7) + f"{word},2026-04-07,dau,5\n"
    usage += days("shop-2") + days("game-9") + days("shop-7")
    result = month_with(tmp_path, {"usage.csv": usage})
    assert result is not None
    assert result.left_out == waiting


def test_the_likest_app_waits_where_none_lacks_usage(tmp_path: Path) -> None:
    usage = GOOD + "game-8,2026-04,dau,5\n"
    result = month_with(tmp_path, {"usage.csv": usage})
    assert result is not None
    assert result.left_out == ("C3",)
