"""Coverage: which prices worked bills protect, in books as they are and in books that are changed."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from tests.cases import cases
from tests.small_book import BOOK, complete
from xlbill.book.load import book_in, load_book
from xlbill.cli import main
from xlbill.foresight.book_files import BookFile, book_files
from xlbill.foresight.cases import run_cases
from xlbill.foresight.coverage import coverage, stepped
from xlbill.foresight.coverage_text import lines
from xlbill.foresight.drafts import as_csv, suggest
from xlbill.foresight.price_cells import price_cells, with_cells
from xlbill.problems import Problems
from xlbill.rating.worked import check_cases
from xlbill.workspace import SHIPPED, Workspace

PRICES = SHIPPED / "price_tables"
ONE = """
    | case | period | item | start | usage | quantity | total | expected line | expected figure | expected problem |
    | one | 2026-04 | im.pro | 2026-04-01 | | | 114 | dau.units | 2 | |
    | one | | | | dau | 21 | | | | |
    """


def small(folder: Path, examples: str) -> BookFile:
    files, found = book_files([complete(folder / "small.xlsx", {**BOOK, "Examples": examples})], Workspace(folder))
    assert not found
    return files[0]


@pytest.mark.parametrize("name", ["easemob-im-2026.xlsx", "easemob-im-2023.xlsx"])
def test_worked_bills_reach_every_price_of_the_shipped_books(name: str) -> None:
    files, _ = book_files([PRICES / name], Workspace(SHIPPED))
    covered = coverage(files[0].book, files[0].workbook)
    assert [each.cell.spoken for each in covered.unreached] == []
    assert len(covered.cells) > 90


def test_every_price_of_a_shipped_book_is_protected(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each cell is loaded and rated anew: a sample of them by default, all of them in `make many`."""
    files, _ = book_files([PRICES / "easemob-im-2023.xlsx"], Workspace(SHIPPED))
    step = cases(16, 1)
    monkeypatch.setattr("xlbill.foresight.coverage.price_cells", lambda *of: price_cells(*of)[::step])
    covered = coverage(files[0].book, files[0].workbook, mutate=True)
    assert covered.whole, [(each.cell.spoken, each.cases) for each in covered.unnoticed]


def test_what_a_worked_bill_reaches_and_would_notice(tmp_path: Path) -> None:
    """21 users: 11 beyond 10 are two blocks of 10. The quota and the block could be one more, and nobody noticed."""
    file = small(tmp_path, ONE.replace("| 21 |", "| 22 |"))
    covered = {each.cell.spoken: each for each in coverage(file.book, file.workbook, mutate=True).cells}
    assert not check_cases(file.book)
    assert {name for name, each in covered.items() if each.reached} >= {"im.pro.price", "im.dau.price", "im.dau.block"}
    assert covered["im.pro.price"].cases == ("one",) and not covered["im.pro.price"].unnoticed
    unnoticed = {name for name, each in covered.items() if each.unnoticed}
    assert unnoticed == {"book.tax_rate", "im.dau.included", "im.dau.block"}
    assert not covered["talk_30.quantity"].reached


@pytest.mark.parametrize(
    ("value", "next_one"), [("1299", "1300"), ("0.57", "0.58"), ("22.5", "22.6"), ("0", "1"), ("1E3", "1001")]
)
def test_a_step(value: str, next_one: str) -> None:
    assert stepped(Decimal(value)) == Decimal(next_one)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("| one | 2026-04 | im.pro | 2026-04-01 | | | 114 | dau.units | 3 | |", "case-line-differs"),
        ("| one | 2026-04 | im.pro | 2026-04-01 | | | 114 | dua.units | 2 | |", "case-line-differs"),
        ("| one | 2026-04 | im.pro | 2026-04-01 | | | 114 | bill.tax | 6.44 | |", "case-line-differs"),
        ("| one | 2026-04 | im.pro | 2026-04-01 | | | 115 | | | |", "case-differs"),
        ("| one | 2026-04 | im.pro | 2026-04-01 | | | 114 | | | needs-plan |", "case-problem-absent"),
        ("| one | 2026-04 | im.free | 2026-04-01 | | | | | | needs-plan |", "case-problem-absent"),
    ],
)
def test_what_a_worked_bill_expects_and_does_not_meet(tmp_path: Path, row: str, code: str) -> None:
    lines = ONE.strip().splitlines()
    file = small(tmp_path, "\n".join([lines[0], row, lines[2]]))
    assert [problem.code for problem in check_cases(file.book)] == [code]


def test_a_worked_bill_that_differs_anyhow_notices_no_change(tmp_path: Path) -> None:
    """It expects 115 and comes to 114 before any price is touched: what it would say of a change is worth nothing."""
    files = (small(tmp_path / total, ONE.replace("114", total)) for total in ("114", "115"))
    first, second = (coverage(file.book, file.workbook, mutate=True) for file in files)
    assert (first.differing, second.differing) == ((), ("one",)) and not second.whole
    protected = {each.cell.spoken for each in first.cells if each.reached and not each.unnoticed}
    assert protected and protected <= {each.cell.spoken for each in second.unnoticed}
    assert "protect nothing: one" in "".join(lines(second, "small.xlsx", "en"))


def test_a_worked_bill_of_a_forbidden_order_expects_its_problem(tmp_path: Path) -> None:
    lines = ONE.strip().splitlines()
    free = "| one | 2026-04 | im.free | 2026-04-01 | | | | | | needs-plan |"
    item = "| one | | talk_30 | 2026-04-01 | | | | | | |"
    assert not check_cases(small(tmp_path, "\n".join([lines[0], free, item])).book)


def test_figures_in_cells_make_the_book_that_a_file_with_them_would(tmp_path: Path) -> None:
    file = small(tmp_path, ONE)
    cell = next(cell for cell in price_cells(file.book, file.workbook) if cell.spoken == "im.pro.price")
    changed, found = book_in(with_cells(file.workbook, {cell.at: Decimal("120.5")}), "")
    workbook = openpyxl.load_workbook(file.path)
    workbook[cell.at.sheet].cell(cell.at.row, cell.at.column).value = 120.5
    workbook.save(tmp_path / "other.xlsx")
    other, _ = load_book(tmp_path / "other.xlsx")
    assert changed is not None and other is not None and not found.errors
    assert [p.code for p in check_cases(changed)] == [p.code for p in check_cases(other)] == ["case-differs"]


def test_drafts_reach_what_no_worked_bill_does_and_leave_totals_to_finance(tmp_path: Path) -> None:
    file = small(tmp_path, ONE)
    before = coverage(file.book, file.workbook)
    drafts, without = suggest(file.book, file.workbook, before)
    named = {each.cell.spoken for each in before.unreached}
    assert named == {*without, *(name for draft in drafts for name in draft.covers)}
    assert len(without) < len(named) / 4
    rows = list(csv.DictReader(io.StringIO(as_csv(drafts))))
    assert rows and all(row["预期价税合计 total"] == "" for row in rows)


def test_the_command_names_sheets_and_cells(tmp_path: Path) -> None:
    complete(tmp_path / "small.xlsx", {**BOOK, "Examples": ONE})
    words = ["check", str(tmp_path / "small.xlsx"), "--coverage", "--annotate", str(tmp_path / "out"), "--lang", "en"]
    ran = CliRunner().invoke(main, words)
    assert ran.exit_code == 1
    assert "'Plans'!D3  im.pro.price" not in ran.output and "talk_30.quantity = 30: no worked bill" in ran.output
    sheet = openpyxl.load_workbook(tmp_path / "out" / "small.xlsx")["Packs"]
    assert {c.fill.fgColor.rgb[-6:] for row in sheet.iter_rows() for c in row if c.fill.fill_type} == {"F9D3CF"}
    said = json.loads(CliRunner().invoke(main, [*words[:3], "--json"]).stdout)
    assert said["books"][0]["sheets"]["Packs"]["reached"] == 0


def test_one_worked_bill_is_run_alone_and_results_are_a_workbook(tmp_path: Path) -> None:
    book = str(PRICES / "easemob-im-2026.xlsx")
    ran = CliRunner().invoke(main, ["check", book, "--case", "policy-1", "--results", str(tmp_path / "r.xlsx")])
    assert ran.exit_code == 0 and "policy-1: 4,299.00" in ran.output
    (row,) = openpyxl.load_workbook(tmp_path / "r.xlsx").worksheets[0].iter_rows(min_row=5, values_only=True)
    assert row[1:5] == ("policy-1", "2026-04", 4299, 4299)
    found = Problems()
    assert run_cases(book_files([Path(book)], Workspace(SHIPPED))[0], "policy-11", found) == ()
    assert [dict(problem.facts)["nearest"] for problem in found] == ["policy-1"]
