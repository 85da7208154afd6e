"""New workspaces: the smallest one and the invented vendors are sound and protected; the guides are followed."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.manual_steps import DOCS, FOLLOWED, followed, page_of
from xlbill.account_columns import SELLER_SETTING, SHEETS
from xlbill.api import open_workspace
from xlbill.book.load import load_book
from xlbill.commands.inputs import STARTERS
from xlbill.foresight.coverage import coverage
from xlbill.language import LANGUAGES, Language
from xlbill.periods import Month
from xlbill.sheets import read_workbook
from xlbill.starting import EMPTY, LIKE, start, start_like
from xlbill.usage import read_usage
from xlbill.usage.objects import MeterKind

DUE = {
    EMPTY: {"C001": "110.00"},
    "seats": {"S001": "328.00", "S002": "258.00"},
    "cloud": {"K001": "454.37"},
    "telecom": {"T001": "1395.50"},
    "utility": {"U001": "28509.99", "U002": "147.30"},
}
"""What the month of each starter comes to. Power: 500 × 32 + (4,120 × 1.08 + 8,950 × 0.62 + 7,310 × 0.31) × 1.02."""


@pytest.mark.parametrize("name", DUE)
def test_a_starter_is_sound_and_bills_its_month(name: str, tmp_path: Path) -> None:
    started = start_like(name, tmp_path)
    assert list(started.problems) == []
    month = open_workspace(tmp_path).month("2026-04")
    assert [problem.code for problem in month.check()] == []
    assert {bill.customer: str(bill.total) for bill in month.bills()} == DUE[name]


@pytest.mark.parametrize("name", DUE)
def test_every_price_of_a_starter_is_protected_by_a_worked_bill(name: str, tmp_path: Path) -> None:
    start_like(name, tmp_path)
    (path,) = (tmp_path / "price_tables").glob("*.xlsx")
    book, found = load_book(path)
    workbook, _ = read_workbook(path, path.name)
    assert book is not None and workbook is not None and list(found) == []
    assert coverage(book, workbook).whole


@pytest.mark.parametrize("name", DUE)
def test_the_accounts_of_a_starter_have_every_sheet_column_and_setting(name: str, tmp_path: Path) -> None:
    start_like(name, tmp_path)
    workbook, _ = read_workbook(tmp_path / "accounts.xlsx", "accounts.xlsx")
    assert workbook is not None
    written = {cell.value for sheet in workbook.sheets for cell in sheet.cells.values()}
    declared = [column for sheet in SHEETS for column in (sheet.title, *(c.heading for c in sheet.columns))]
    assert {str(label) for label in (*declared, *(c.heading for c in SELLER_SETTING.values()))} <= written


def test_there_are_the_starters_that_the_command_names() -> None:
    assert set(LIKE) == set(STARTERS) == set(DUE) - {EMPTY}


@pytest.mark.parametrize("name", [None, "seats"])
def test_what_is_there_already_stays_as_it_is(name: str | None, tmp_path: Path) -> None:
    accounts = tmp_path / "accounts.xlsx"
    accounts.write_bytes(b"mine")
    started = start_like(name, tmp_path) if name else start(tmp_path)
    assert accounts.read_bytes() == b"mine" and accounts not in started.written
    assert not (start_like(name, tmp_path) if name else start(tmp_path)).written


def test_no_link_in_what_init_copies_is_dead(tmp_path: Path) -> None:
    start(tmp_path)
    for page in tmp_path.rglob("*.md"):
        links = re.findall(r"\]\(([^)#\s]+)\)", page.read_text(encoding="utf-8"))
        assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


USUAL = {("tutorial", "en"), ("new-vendor", "zh")}
"""The pages that every run of the tests follows; the others take `make many`."""
PAGES = [
    pytest.param(name, language, marks=() if (name, language) in USUAL else pytest.mark.many, id=f"{name}-{language}")
    for name in FOLLOWED
    for language in LANGUAGES
]


@pytest.mark.parametrize(("name", "language"), PAGES)
def test_a_guide_followed_to_the_letter_does_what_it_says(name: str, language: Language, tmp_path: Path) -> None:
    written = page_of(name, language).read_text(encoding="utf-8")
    assert followed(name, language, tmp_path) == written, "run `python -m tests.manual_steps`"


MINUTES = frozenset({"minutes", "分钟"})
METERS = {
    "calls": MeterKind("calls", ("calls", "调用次数"), {}, False, True, frozenset({"次"})),
    "talk": MeterKind("talk", ("talk", "通话"), {"audio": "audio"}, False, False, MINUTES),
}


@pytest.mark.parametrize("name", ["usage-sheets.md", "usage-sheets.zh.md"])
def test_the_layouts_of_the_manual_say_the_same(name: str, tmp_path: Path) -> None:
    blocks = re.findall(r"```csv\n(.*?)```", (DOCS / name).read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 3
    for number, block in enumerate(blocks):
        path = tmp_path / f"{number}.csv"
        path.write_text(block, encoding="utf-8")
        usage, found = read_usage([(path, path.name)], Month(2026, 4), ("shop",), METERS)
        assert [problem.code for problem in found if problem.severity == "error"] == []
        assert {(s.meter, s.dimension): [(day, figure) for day, figure in s.days] for s in usage.series} == {
            ("calls", None): [(date(2026, 4, 1), Decimal(120)), (date(2026, 4, 2), Decimal(80))],
            ("talk", "audio"): [(date(2026, 4, 1), Decimal(90))],
        }
