"""Editions and changed prices: what moves, what is refused, and that nothing else in the workbook moves."""

import shutil
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from tests.small_book import BOOK, complete
from tests.workbooks import write_workbook
from xlbill.book.load import load_book
from xlbill.cells import Place
from xlbill.cli import main
from xlbill.foresight.change_list import PriceChange, read_changes
from xlbill.foresight.prices import apply_changes
from xlbill.rating.worked import check_cases
from xlbill.sheets import read_workbook
from xlbill.workspace import SHIPPED

SHIPPED_BOOK = SHIPPED / "price_tables" / "easemob-im-2026.xlsx"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments), "--lang", "en"])


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    shutil.copytree(SHIPPED / "price_tables", tmp_path / "price_tables")
    return tmp_path


def change(item: str, share: str = "0.08", step: str | None = "1", rounding: str = "half up") -> PriceChange:
    return PriceChange("", item, "", Decimal(share), None, Decimal(step) if step else None, rounding, Place())


@pytest.mark.parametrize(
    ("share", "step", "rounding", "price"),
    [
        ("0.08", "1", "half up", "1403"),
        ("0.08", None, "half up", "1402.92"),
        ("0.08", "10", "up", "1410"),
        ("0.08", "10", "down", "1400"),
        ("-0.5", "1", "half up", "650"),  # 649.5: half away from zero
        ("0", "1", "half up", "1299"),
    ],
)
def test_a_change_in_percent_is_rounded_as_told(share: str, step: str | None, rounding: str, price: str) -> None:
    assert change("im.pro", share, step, rounding).applied(Decimal(1299), Decimal("0.01")) == Decimal(price)


def cells(path: Path) -> dict[tuple[str, str], tuple[object, str | None]]:
    """Every cell of a workbook with its formula."""
    workbook, _ = read_workbook(path)
    assert workbook is not None
    return {
        (sheet.name, cell.place.cell or ""): (cell.value, cell.formula)
        for sheet in workbook.sheets
        for cell in sheet.cells.values()
    }


def test_nothing_but_the_selected_prices_changes_in_the_workbook(tmp_path: Path) -> None:
    applied, found = apply_changes(SHIPPED_BOOK, "book.xlsx", [change("im.pro"), change("storage.180")])
    assert applied is not None and not list(found)
    (tmp_path / "new.xlsx").write_bytes(applied.content)
    before, after = cells(SHIPPED_BOOK), cells(tmp_path / "new.xlsx")
    differing = {key: (before[key][0], after[key][0]) for key in before if before[key] != after[key]}
    assert before.keys() == after.keys()
    assert differing == {
        ("套餐 Plans", "E6"): (1299, 1403),
        ("扩展服务 Extensions", "M5"): (500, 540),
        ("扩展服务 Extensions", "N5"): (250, 270),
    }
    with zipfile.ZipFile(SHIPPED_BOOK) as old, zipfile.ZipFile(tmp_path / "new.xlsx") as new:
        assert old.namelist() == new.namelist()
        moved = [name for name in old.namelist() if old.read(name) != new.read(name)]
        lengths = [abs(len(old.read(name)) - len(new.read(name))) for name in moved]
    assert len(moved) == 2 and max(lengths) < 20, "two sheets, and in them a few digits"


def test_results_of_formulas_follow_a_changed_price(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    plans = """
        | product | plan | name | price | list price | model | pay | term | default | refund |
        | im | free | Free | 0 | | fee | prepaid | anniversary | yes | |
        | im | pro | Pro | 100 | =D3*2 | fee | prepaid | anniversary | | refund |
        | check | standard | Check minimum | 500 | | minimum | postpaid | calendar month | | |
    """
    complete(write_workbook(path, {"Plans": plans}), BOOK)
    applied, found = apply_changes(path, "book.xlsx", [change("im.pro")])
    assert applied is not None, [p.code for p in found]
    path.write_bytes(applied.content)
    sheet = openpyxl.load_workbook(path, data_only=True)["Plans"]
    assert (sheet["D3"].value, sheet["E3"].value) == (108, 216)
    assert openpyxl.load_workbook(path)["Plans"]["E3"].value == "=D3*2"


EXAMPLES = """
    | case | period | item | start | total |
    | one | 2026-04 | im.pro | 2026-04-01 | 100 |
    """


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The small book in a workspace, with one worked bill."""
    return complete(tmp_path / "price_tables" / "small.xlsx", {**BOOK, "Examples": EXAMPLES})


def test_worked_bills_that_move_are_listed_and_accepted_on_demand(book: Path, tmp_path: Path) -> None:
    before = book.read_bytes()
    (tmp_path / "changes.csv").write_text("item,change,round to\nim.pro,+8%,1\n")
    listed = run("prices", "apply", tmp_path / "changes.csv", "-w", tmp_path, "--dry-run")
    assert listed.exit_code == 1 and "worked bill one: 100 → 108" in listed.output
    assert book.read_bytes() == before
    assert run("prices", "apply", tmp_path / "changes.csv", "-w", tmp_path, "--accept").exit_code == 0
    changed, found = load_book(book)
    assert changed is not None and not found.errors and not check_cases(changed)
    assert [case.total for case in changed.cases] == [108]


def test_a_list_is_not_applied_twice_while_its_totals_wait(book: Path, tmp_path: Path) -> None:
    """Prices rise by 10 % once: the second run is refused, --accept alone takes the totals over."""
    (tmp_path / "changes.csv").write_text("item,change\nim.pro,+10%\n")
    listed = ("prices", "apply", tmp_path / "changes.csv", "-w", tmp_path)
    first = run(*listed)
    assert first.exit_code == 1 and "xlbill prices apply --accept (without the list" in first.output
    for again in (listed, (*listed, "--accept")):
        refused = run(*again)
        assert refused.exit_code == 2 and "error[totals-waiting]" in refused.output
    assert openpyxl.load_workbook(book)["Plans"]["D3"].value == 110
    assert run("prices", "apply", "--accept", "-w", tmp_path).exit_code == 0
    changed, _ = load_book(book)
    assert changed is not None and changed.cases[0].total == 110 and not check_cases(changed)


def test_accepting_rewrites_totals_alone(book: Path, tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(book)
    workbook["Plans"]["D3"] = 130
    workbook.save(book)
    before = cells(book)
    assert run("prices", "apply", "--accept", "-w", tmp_path).exit_code == 0
    after = cells(book)
    assert {key: after[key][0] for key in before if before[key] != after[key]} == {("Examples", "E2"): 130}


@pytest.mark.parametrize(
    ("heading", "value", "told"),
    [
        ("rond to", "10", ["column-unknown-near"]),
        ("limit", "10", ["column-unknown"]),
        ("# limit", "10", []),
        ("why", "agreed in May", []),
    ],
)
def test_a_column_of_the_list_that_may_count_is_not_passed_over(
    tmp_path: Path, heading: str, value: str, told: list[str]
) -> None:
    """A misspelled heading would leave a price unrounded without a word; a note is marked as one, or is text."""
    (tmp_path / "changes.csv").write_text(f"item,change,{heading}\nim.pro,+10%,{value}\n")
    changes, found = read_changes(tmp_path / "changes.csv", "changes.csv")
    assert [problem.code for problem in found] == told and len(changes) == 1


def test_a_change_that_check_refuses_is_not_written(workspace: Path) -> None:
    (workspace / "changes.csv").write_text("item,new price\nim.pro,-5\n")
    path = workspace / "price_tables" / SHIPPED_BOOK.name
    refused = run("prices", "apply", workspace / "changes.csv", "-w", workspace)
    assert refused.exit_code == 2 and "negative-figure" in refused.output
    assert path.read_bytes() == SHIPPED_BOOK.read_bytes()


def test_a_new_edition_is_a_sound_copy_with_its_own_code_and_date(workspace: Path) -> None:
    arguments = ("prices", "new", "easemob-im-2027", "--from", "2027-01-01", "--name", "2027 版", "-w", workspace)
    made = run(*arguments)
    assert made.exit_code == 0 and "Easemob IM price list (2026 edition)" in made.output  # nobody changed this one
    book, found = load_book(workspace / "price_tables" / "easemob-im-2027.xlsx")
    assert book is not None and not list(found)
    assert (book.edition.code, str(book.edition.effective), book.edition.name.zh) == (
        "easemob-im-2027",
        "2027-01-01",
        "2027 版",
    )
    again = run(*arguments)
    assert again.exit_code == 2 and "edition-taken" in again.output
    assert "easemob-im-2027" in run("prices", "list", "-w", workspace).output


def test_a_new_edition_on_a_day_that_is_taken_is_refused(workspace: Path) -> None:
    refused = run("prices", "new", "twin", "--from", "2026-03-20", "-w", workspace)
    assert refused.exit_code == 2
    assert not (workspace / "price_tables" / "twin.xlsx").exists()


def test_a_list_is_shown_and_an_unknown_code_answered_with_the_nearest(workspace: Path) -> None:
    shown = run("prices", "show", "easemob-im-2026", "-w", workspace)
    assert shown.exit_code == 0 and "1,299" in shown.output and "political, terror" in shown.output
    unknown = run("prices", "show", "easemob-im-206", "-w", workspace)
    assert unknown.exit_code == 2 and "easemob-im-2026" in unknown.output


def test_shipped_prices_are_never_written_to(tmp_path: Path) -> None:
    refused = run("prices", "new", "other", "--from", "2027-01-01", "-w", tmp_path)
    assert refused.exit_code == 2 and "prices-not-own" in refused.output
