"""Usage that nobody could attribute: whose bill waits for it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.small_book import ACCOUNTS, BOOK
from tests.workbooks import Rows, write_workbook
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


def month_with(
    root: Path, files: Mapping[str, str | bytes], accounts: Mapping[str, str | Rows] = THREE
) -> Result | None:
    write_workbook(root / "price_tables" / "small.xlsx", BOOK)
    write_workbook(root / "accounts.xlsx", accounts)
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


ADJUSTED = "| customer | date | text | amount |\n"
ROWS: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "an order of no app": (
        {"Subscriptions": THREE["Subscriptions"] + "\n| | im.pro | 2026-04-03 |"},
        ("C1", "C2", "C3"),
    ),
    "an app of no customer": ({"Apps": THREE["Apps"] + "\n| shop-8 | | cn |"}, ("C1", "C2", "C3")),
    "a contract of nobody": (
        {"Contracts": "| customer | app | item | price | start |\n| | | dau | 6 | 2026-01-01 |"},
        ("C1", "C2", "C3"),
    ),
    "an adjustment of nobody": ({"Adjustments": ADJUSTED + "| | 2026-04-02 | x | -10 |"}, ("C1", "C2", "C3")),
    "contracts without their days, of those whom the sheet names": (
        {"Contracts": "| customer | app | item | price | begins |\n| C2 | | dau | 6 | 2026-01-01 |"},
        ("C2",),
    ),
    "adjustments without amounts, of those whom the sheet names": (
        {"Adjustments": "| customer | date | text | money |\n| C3 | 2026-04-02 | x | -10 |\n| C1 | 2026-04-02 | x |"},
        ("C1", "C3"),
    ),
    "a sheet without rows": ({"Adjustments": "| customer | date | text |"}, ()),
    "adjustments of one who is wrong otherwise": ({"Adjustments": ADJUSTED + "| C2 | 2026-04-02 | x | ten |"}, ("C2",)),
}


@pytest.mark.parametrize(("sheets", "waiting"), ROWS.values(), ids=ROWS)
def test_a_row_that_names_nobody_stops_those_whose_it_may_be(
    tmp_path: Path, sheets: dict[str, str], waiting: tuple[str, ...]
) -> None:
    result = month_with(tmp_path, {"good.csv": GOOD}, {**THREE, **sheets})
    assert result is not None
    assert result.left_out == waiting


OWN_FILES: dict[str, tuple[str, bytes | str, tuple[str, ...]]] = {
    "a workbook": ("2026-04.xlsx", ADJUSTED + "| C1 | 2026-04-02 | x | -10 |", ()),
    "one that is damaged": ("2026-04-more.xlsx", DAMAGED, ("C1", "C2", "C3")),
    "one whose sheet is another": ("2026-04.xlsx", "sheet", ("C1", "C2", "C3")),
    "one without amounts": ("2026-04.xlsx", "| customer | date | text |\n| C3 | 2026-04-02 | x |", ("C3",)),
    "a row of nobody": ("2026-04.xlsx", ADJUSTED + "| | 2026-04-02 | x | -10 |", ("C1", "C2", "C3")),
    "what stands in the accounts": ("2026-04.xlsx", ADJUSTED + "| C2 | 2026-04-03 | y | -1 |", ("C2",)),
    "what stands in the file twice": ("2026-04.xlsx", ADJUSTED + "| C3 | 2026-04-03 | y | -1 |\n" * 2, ("C3",)),
    "a heading that nobody knows": (
        "2026-04.xlsx",
        "| customer | date | text | service form | amount |\n| C3 | 2026-04-02 | x | 2026-03-01 | -10 |",
        ("C3",),
    ),
    "csv": ("2026-04.csv", b"customer,date,text,amount", ("C1", "C2", "C3")),
    "a workbook of no month": ("april.xlsx", ADJUSTED, ("C1", "C2", "C3")),
    "csv of another month": ("2026-03.csv", b"customer,date,text,amount", ()),
    "a workbook of another month": ("2026-05.xlsx", DAMAGED, ()),
    "a lock file": ("~$2026-04.xlsx", b"", ()),
    "what somebody wrote about them": ("2026-04.pdf", b"%PDF", ()),
}


@pytest.mark.parametrize(("name", "content", "waiting"), OWN_FILES.values(), ids=OWN_FILES)
def test_adjustments_in_files_of_their_own_that_are_not_read_stop_those_whose_they_may_be(
    tmp_path: Path, name: str, content: bytes | str, waiting: tuple[str, ...]
) -> None:
    file = tmp_path / "adjustments" / name
    file.parent.mkdir()
    if isinstance(content, str):
        write_workbook(file, {"Notes": "| a |"} if content == "sheet" else {"Adjustments": content})
    else:
        file.write_bytes(content)
    accounts = {**THREE, "Adjustments": ADJUSTED + "| C2 | 2026-04-03 | y | -1 |"}
    result = month_with(tmp_path, {"good.csv": GOOD}, accounts)
    assert result is not None
    assert result.left_out == waiting


def test_a_payer_whom_nobody_knows_stops_those_whose_codes_are_most_like_it(tmp_path: Path) -> None:
    """What C3 uses may belong on the bill of C2, which waits, too; C1 does not."""
    rows = "| customer | name | payer |\n| C1 | One | |\n| C2 | Two | |\n| C3 | Three | C22 |"
    result = month_with(tmp_path, {"good.csv": GOOD}, {**THREE, "Customers": rows})
    assert result is not None
    assert result.left_out == ("C2",)
    assert [p.code for p in result.problems if p.about.customer == "C3"] == ["unknown-payer"]
    assert {p.code for p in result.problems if p.about.customer == "C2"} == {"row-perhaps-theirs"}
