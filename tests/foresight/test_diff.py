"""Two books compared by meaning: what is no change, and what is one."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from tests.foresight.documents import ACCOUNTS, BOOKS, shipped
from tests.small_book import BOOK, complete
from xlbill.book import data
from xlbill.book.data_files import write_document
from xlbill.book.load import load_book
from xlbill.cli import main
from xlbill.foresight.compare import compare_documents
from xlbill.foresight.diff import Difference, shown, signed

OLD, NEW = (shipped(path) for path in BOOKS)


def changed(document: data.Document, sheet: str, row: int, **values: data.Content) -> data.Document:
    """The document with some cells of one row set, or blanked by None."""
    table = document.tables[sheet]
    cells = {key: value for key, value in (dict(table.rows[row].values) | values).items() if value is not None}
    rows = (*table.rows[:row], data.DataRow(cells), *table.rows[row + 1 :])
    return with_rows(document, sheet, rows)


def with_rows(document: data.Document, sheet: str, rows: tuple[data.DataRow, ...]) -> data.Document:
    return replace(document, tables=dict(document.tables) | {sheet: replace(document.tables[sheet], rows=rows)})


def difference(old: data.Document, new: data.Document) -> Difference:
    result, found = compare_documents(old, new)
    assert result is not None, [problem.message("en") for problem in found]
    return result


def told(old: data.Document, new: data.Document) -> list[tuple[str, str, str, str, str]]:
    return [(c.about, c.key, shown(c.old), shown(c.new), signed(c.percent)) for c in difference(old, new).computed]


def test_a_book_is_as_it_is() -> None:
    assert not difference(NEW, NEW).changes


@pytest.mark.parametrize("sheet", sorted(NEW.tables.keys() - {"examples"}))
def test_moved_rows_are_no_change(sheet: str) -> None:
    assert not difference(NEW, with_rows(NEW, sheet, NEW.tables[sheet].rows[::-1])).changes


def test_moved_columns_and_reformatted_workbooks_are_no_change(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(BOOKS[-1])
    for sheet in workbook.worksheets[:2] + workbook.worksheets[3:]:
        sheet.insert_rows(1, 2)
        sheet.column_dimensions["A"].width = 3
    plans = workbook["套餐 Plans"]
    plans.title = "plans"
    plans["E8"].number_format = "0"
    workbook.save(tmp_path / "moved.xlsx")
    assert not difference(NEW, shipped(tmp_path / "moved.xlsx")).changes
    columns = replace(NEW.tables["plans"], columns=NEW.tables["plans"].columns[::-1])
    assert not difference(NEW, replace(NEW, tables=dict(NEW.tables) | {"plans": columns})).changes


def test_a_price_that_rises_is_told_with_its_percent() -> None:
    assert told(NEW, changed(NEW, "plans", 1, price=Decimal("1402.92"))) == [
        ("im.pro", "price", "1,299", "1,402.92", "+8 %"),
    ]


def test_a_row_that_is_split_by_plan_is_no_change_but_for_the_plan_that_changes() -> None:
    rows = NEW.tables["charges"].rows
    pro, ultimate = (data.DataRow(dict(rows[1].values) | {"plans": plan}) for plan in ("pro", "旗舰版"))
    dearer = data.DataRow(dict(ultimate.values) | {"price": Decimal(1100)})
    assert not difference(NEW, with_rows(NEW, "charges", (rows[0], ultimate, pro, *rows[2:]))).changes
    assert told(NEW, with_rows(NEW, "charges", (rows[0], pro, dearer, *rows[2:]))) == [
        ("im dau [ultimate]", "price", "1,000", "1,100", "+10 %"),
    ]


def test_a_model_that_rounds_otherwise_is_a_change_and_its_sample_is_none() -> None:
    down = data.NamedFormula("=ROUNDDOWN(billable/block,0)")
    assert told(NEW, changed(NEW, "formulas", 3, units=down, quantity=Decimal(1))) == [
        ("blocks_up", "units", "=ROUNDUP(billable/block,0)", "=ROUNDDOWN(billable/block,0)", ""),
    ]


def test_blank_means_what_the_loader_takes_it_for() -> None:
    assert not difference(NEW, changed(NEW, "plans", 1, role=None)).changes
    assert told(NEW, changed(NEW, "plans", 1, default=True)) == [("im.pro", "default", "no", "yes", "")]


def test_percent_and_arithmetic_count_as_their_figures() -> None:
    row = next(n for n, row in enumerate(NEW.tables["settings"].rows) if row.values["setting"] == "tax_rate")
    assert not difference(NEW, changed(NEW, "settings", row, value=data.Share(Decimal("0.06")))).changes
    half = data.NamedFormula("={plans|im.ultimate|price}-1700")
    assert not difference(NEW, changed(NEW, "plans", 1, price=half)).changes


def test_names_and_remarks_are_told_apart() -> None:
    result = difference(NEW, changed(NEW, "plans", 1, name="专业版 Plus", **{"备注 remarks": "新"}))
    assert not result.computed
    assert {change.key for change in result.words} == {"name", "备注 remarks"}


def test_accounts_are_compared_by_customer_app_and_order() -> None:
    accounts = shipped(ACCOUNTS)
    row = accounts.tables["subscriptions"].rows[0].values
    more = changed(accounts, "subscriptions", 0, quantity=Decimal(3))
    name = " ".join(str(row[key]) for key in ("app", "item", "start"))
    assert told(accounts, more) == [(name, "quantity", "1", "3", "+200 %")]


def test_the_shipped_editions_differ_in_what_the_policy_changed() -> None:
    lines = told(OLD, NEW)
    assert ("moderation.standard", "price", "288", "500", "+73.61 %") in lines
    assert ("im groups [pro, ultimate]", "price", "100", "", "") in lines
    assert ("rtc rtc [free, base, premium, ultimate]", "price", "", "7", "") in lines


def test_the_command_prints_a_table_markdown_json_and_a_workbook(tmp_path: Path) -> None:
    dearer = changed(NEW, "plans", 1, price=Decimal("1402.92"))
    write_document(dearer, tmp_path / "new.yaml", "new.yaml")
    files = [str(BOOKS[-1]), str(tmp_path / "new.yaml")]
    run = CliRunner().invoke(main, ["diff", *files, "-o", str(tmp_path / "d.xlsx"), "--lang", "en"])
    assert run.exit_code == 0 and "1,402.92" in run.output and "+8 %" in run.output
    markdown = CliRunner().invoke(main, ["diff", *files, "--markdown", "--lang", "en", "--exit-code"])
    assert markdown.exit_code == 1 and "| Plans | im.pro | price | 1,299 | 1,402.92 | +8 % |" in markdown.output
    sheet = openpyxl.load_workbook(tmp_path / "d.xlsx", data_only=True).worksheets[0]
    assert [cell.value for cell in sheet[5]] == ["changed", "Plans", "im.pro", "price", 1299, 1402.92, 0.08]
    as_json = CliRunner().invoke(main, ["diff", *files, "--json"])
    assert '"old": "1299"' in as_json.output and '"percent": "8.00"' in as_json.output


@pytest.mark.parametrize(
    ("heading", "plan"),
    [
        *(("pro", "im.pro"), ("Pro", "im.pro"), ("im.pro", "im.pro"), ("专业 pro", "im.pro"), ("ChatPro", "im.pro")),
        *(("Chat Pro", "im.pro"), ("remarks", None), ("profit", None)),
    ],
)
def test_the_plan_that_heads_a_column_is_the_loader_s(tmp_path: Path, heading: str, plan: str | None) -> None:
    extensions = BOOK["Extensions"].replace("| free | pro |", f"| free | {heading} |")
    path = complete(tmp_path / "small.xlsx", {**BOOK, "Extensions": extensions})
    book, _ = load_book(path)
    assert book is not None
    loaded = {code for extension in book.extensions for code in extension.prices}
    meant = data.plan_columns_of(shipped(path))
    assert loaded == {"im.free", *filter(None, [plan])} == {code for codes in meant.values() for code in codes}
