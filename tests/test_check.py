"""`xlbill check` finds what is wrong in any sheet, and marks it in a copy where its owner mends it."""

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from tests.small_book import ACCOUNTS, BOOK
from tests.test_example_month import EXAMPLES
from tests.workbooks import write_workbook
from xlbill.check import Sort, month_of, sort_of
from xlbill.cli import main

USAGE = """
    | app | date | meter | dimension | quantity |
    | a1 | 2026-04-01 | dau | | 7 |
    | a1 | 2026-04-31 | dau | | 8 |
    | a2 | 2026-04-02 | dau | | 9 |
    """


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A book with a price that is no figure, sound accounts, usage with a wrong day and an unknown app."""
    plans = BOOK["Plans"].replace("| Pro | 100 |", "| Pro | =1+ |")
    write_workbook(tmp_path / "price_tables" / "book.xlsx", {**BOOK, "Plans": plans})
    write_workbook(tmp_path / "accounts.xlsx", ACCOUNTS)
    write_workbook(tmp_path / "usage" / "2026-04" / "usage.xlsx", {"Usage": USAGE})
    return tmp_path


def check(*arguments: str | Path) -> tuple[int, dict[str, list[dict[str, str]]]]:
    result = CliRunner().invoke(main, ["check", *map(str, arguments), "--json"], catch_exceptions=False)
    return result.exit_code, json.loads(result.stdout)


def test_the_whole_workspace_is_checked(workspace: Path) -> None:
    status, printed = check("-w", workspace)
    assert status == 1
    assert [file["kind"] for file in printed["files"]] == ["price book", "accounts", "usage"]
    told = {(p["code"], p["cell"]) for p in printed["problems"] if p["severity"] == "error"}
    assert told == {("formula-syntax", "D3"), ("not-a-date", "B3"), ("usage-unknown-app", "A4")}


def test_sound_files_end_well(workspace: Path) -> None:
    status, printed = check(workspace / "accounts.xlsx", "-w", workspace)
    assert (status, printed["problems"]) == (0, [])


@pytest.mark.parametrize(("language", "title", "word"), [("zh", "问题", "公式"), ("en", "Problems", "formula")])
def test_copies_are_marked(workspace: Path, tmp_path: Path, language: str, title: str, word: str) -> None:
    marked = tmp_path / "marked"
    CliRunner().invoke(main, ["check", "-w", str(workspace), "--annotate", str(marked), "--lang", language])
    assert sorted(file.name for file in marked.iterdir()) == ["book.xlsx", "usage.xlsx"]
    book = openpyxl.load_workbook(marked / "book.xlsx")
    cell = book["Plans"]["D3"]
    assert cell.comment is not None and word in cell.comment.text
    assert cell.fill.fgColor.rgb == "00FFC7CE"
    assert book.sheetnames[0] == title
    original = openpyxl.load_workbook(workspace / "price_tables" / "book.xlsx")
    assert original["Plans"]["D3"].comment is None


def test_a_csv_is_marked_in_a_workbook_whose_texts_stay_texts(tmp_path: Path) -> None:
    (tmp_path / "usage.csv").write_text('app,date,meter,quantity\n"=1+1",2026-04-01,dau,5\n', encoding="utf-8")
    write_workbook(tmp_path / "accounts.xlsx", ACCOUNTS)
    arguments = ["check", str(tmp_path / "usage.csv"), "-w", str(tmp_path), "--period", "2026-04"]
    CliRunner().invoke(main, [*arguments, "--annotate", str(tmp_path / "marked")], catch_exceptions=False)
    sheet = openpyxl.load_workbook(tmp_path / "marked" / "usage.xlsx").worksheets[1]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")


@pytest.mark.parametrize(
    ("path", "month"),
    [
        ("usage/2026-04/a.xlsx", "2026-04"),
        ("dau-202605.csv", "2026-05"),
        ("2026年03月.xlsx", "2026-03"),
        ("archive/2025-12/x-2026-01.csv", "2026-01"),
        ("order-20260401123.csv", "None"),
    ],
)
def test_a_file_says_its_month(path: str, month: str) -> None:
    assert str(month_of(Path(path))) == month


def test_a_file_is_known_by_what_stands_in_it(workspace: Path) -> None:
    book = workspace / "price_tables" / "book.xlsx"
    assert sort_of(book.rename(workspace / "anything.xlsx")) is Sort.BOOK
    assert sort_of(workspace / "accounts.xlsx") is Sort.ACCOUNTS


def test_accounts_are_held_against_the_price_books() -> None:
    """The errors that would leave customers out are told before anybody is billed."""
    status, printed = check("-w", EXAMPLES / "broken")
    errors = {p["code"] for p in printed["problems"] if p["severity"] == "error"}
    assert (status, errors) == (1, {"needs-plan", "no-price", "no-book-for-region"})


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    status, printed = check("-w", tmp_path)
    assert (status, [p["code"] for p in printed["problems"]]) == (1, ["nothing-to-check"])
