"""Price books and accounts as data: whatever form they take, the same comes back, and bills stay what they were."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings

from tests.cases import cases
from tests.foresight.documents import ACCOUNTS, BOOKS, FILES, documents, shipped
from xlbill.book import data
from xlbill.book.data_files import read_document, write_document
from xlbill.book.data_parse import parse_data
from xlbill.book.data_sheets import read_data
from xlbill.book.data_text import as_json, as_yaml
from xlbill.book.load import load_book
from xlbill.book.models_page import TITLE as MODELS
from xlbill.book.models_page import with_models, without_models
from xlbill.book.offers import TITLE, offered, with_offers
from xlbill.convert import Request, convert_file
from xlbill.rating.worked import check_cases

SLOW = settings(
    max_examples=cases(15, 1_000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
@pytest.mark.parametrize("ending", ["yaml", "json", "xlsx"])
def test_shipped_files_come_back_whole(file: Path, ending: str, tmp_path: Path) -> None:
    document, target = shipped(file), tmp_path / f"copy.{ending}"
    assert not write_document(document, target, target.name).errors
    back, found = read_document(target, target.name)
    assert not list(found)
    assert back == document


@pytest.mark.parametrize("file", BOOKS, ids=lambda file: file.name)
def test_a_book_by_way_of_yaml_is_the_same_book(file: Path, tmp_path: Path) -> None:
    text, made = tmp_path / "book.yaml", tmp_path / "book.xlsx"
    write_document(shipped(file), text, "book.yaml")
    document, _ = read_document(text, "book.yaml")
    assert document is not None
    write_document(document, made, "book.xlsx")
    book, found = load_book(made)
    original, _ = load_book(file)
    assert book is not None and original is not None and book.sound and not list(found)
    assert not list(check_cases(book))
    assert [(plan.code, plan.model.code, plan.parameters["price"].value) for plan in book.plans] == [
        (plan.code, plan.model.code, plan.parameters["price"].value) for plan in original.plans
    ]
    assert {code: model.formulas for code, model in book.models.items()} == {
        code: model.formulas for code, model in original.models.items()
    }


@pytest.mark.parametrize("text", ["a\nb", "a\n  b", "a\x85  b", "a\u2028 b", "a \u2029b", "\x85"])
def test_text_of_several_lines_comes_back(text: str) -> None:
    """YAML knows more ends of a line than one, and folds what stands around them."""
    page = data.OwnSheet("notes", ((text,),))
    document = data.Document(data.BOOK, {}, (page,))
    back, found = parse_data(as_yaml(document), "book", is_json=False)
    assert back is not None and back.pages == (page,), list(found)


@pytest.mark.parametrize("rate", [Decimal("0.06"), data.Share(Decimal("0.06"))])
def test_a_rate_comes_back_from_a_workbook_as_it_was_written(rate: data.Content, tmp_path: Path) -> None:
    """0.06 is not 6% to who reviews the text, though bills take it for the same."""
    document, path = shipped(BOOKS[0]), tmp_path / "book.xlsx"
    settings = document.tables["settings"]
    rows = tuple(
        data.DataRow({**row.values, "value": rate}) if row.values["setting"] == "tax_rate" else row
        for row in settings.rows
    )
    table = replace(settings, rows=rows)
    write_document(replace(document, tables={**document.tables, "settings": table}), path, "book.xlsx")
    back, _ = read_data(path, "book.xlsx")
    assert back is not None and back.tables["settings"] == table


@SLOW
@given(document=documents())
def test_any_book_comes_back_from_text(document: data.Document) -> None:
    for text, is_json in ((as_yaml(document), False), (as_json(document), True)):
        back, found = parse_data(text, "book", is_json=is_json)
        assert not list(found)
        assert back == document


@SLOW
@given(document=documents())
def test_any_book_comes_back_from_a_workbook(document: data.Document, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    assert not list(write_document(document, path, "book.xlsx"))
    back, found = read_document(path, "book.xlsx")
    assert not list(found)
    assert back == document


def test_a_share_alone_in_its_row_is_no_title(tmp_path: Path) -> None:
    page = data.OwnSheet("备忘", ((data.Share(Decimal("0.06")),),))
    document = replace(shipped(BOOKS[0]), pages=(page,))
    assert not list(write_document(document, tmp_path / "book.xlsx", "book.xlsx"))
    back, _ = read_document(tmp_path / "book.xlsx", "book.xlsx")
    assert back is not None and back.pages == (page,)


def test_the_same_data_gives_the_same_bytes(tmp_path: Path) -> None:
    document = shipped(BOOKS[0])
    for name in ("one.xlsx", "two.xlsx"):
        write_document(document, tmp_path / name, name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


YAML = """
xlbill: price-book
plans:
- product: im
  plan: pro
  price: 1299
- {product: im, plan: team, price: "=ROUND({plans|im.pro|price}*0.9,0)"}
- {product: im, plan: half, price: "=SUM({plans|im.pro|price:plans|im.team|price})/2"}
"""


def test_formulas_of_a_text_become_live_ones_with_their_exact_values(tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_text(YAML)
    document, found = read_document(tmp_path / "book.yaml", "book.yaml")
    assert document is not None and not found.errors
    assert not write_document(document, tmp_path / "book.xlsx", "book.xlsx").errors
    live = openpyxl.load_workbook(tmp_path / "book.xlsx")["套餐 Plans"]
    shown = openpyxl.load_workbook(tmp_path / "book.xlsx", data_only=True)["套餐 Plans"]
    assert [live.cell(row, 3).value for row in (5, 6, 7)] == [1299, "=ROUND(C5*0.9,0)", "=SUM(C5:C6)/2"]
    assert [shown.cell(row, 3).value for row in (5, 6, 7)] == [1299, 1169, 1234]


def test_a_workbook_made_from_data_is_ready_to_work_in(tmp_path: Path) -> None:
    write_document(shipped(BOOKS[-1]), tmp_path / "book.xlsx", "book.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "book.xlsx")
    plans = workbook["套餐 Plans"]
    heading = {cell.value: cell for cell in plans[4]}
    lists = {
        str(rule.sqref).rstrip("0123456789").split(":")[0][0]: rule for rule in plans.data_validations.dataValidation
    }
    model, pay = heading["计价模型 model"], heading["付费方式 pay"]
    assert lists[model.column_letter].formula1.startswith("'公式 Formulas'!$A$5:")
    assert lists[pay.column_letter].formula1 == '"预付费,后付费"'
    assert "公式表中的模型名" in model.comment.text
    assert (
        plans.freeze_panes == "C5" and plans.print_title_rows == "$4:$4" and plans.page_setup.orientation == "landscape"
    )


def test_rows_are_as_high_as_what_they_show(tmp_path: Path) -> None:
    """A choice is one short word (按订阅日), whatever its code; a long line of finance's own page takes two."""
    write_document(shipped(BOOKS[-1]), tmp_path / "book.xlsx", "book.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "book.xlsx")
    extensions, front = workbook["扩展服务 Extensions"], workbook["说明 Read me"]
    assert [extensions.row_dimensions[row].height for row in range(5, 19)] == [None] * 14
    heights = {str(cell.value)[:2]: front.row_dimensions[cell.row].height for cell in front["B"] if cell.value}
    assert heights["2."] > 30 and heights["6."] is None


def test_the_example_accounts_offer_what_is_known() -> None:
    workbook = openpyxl.load_workbook(ACCOUNTS)
    customers, apps = "'客户 Customers'!$A$5:", "'应用 Apps'!$A$5:"
    lists = {
        (sheet.title.split()[1], str(sheet.cell(4, column).value).split()[-1]): rule.formula1
        for sheet in workbook
        for rule in sheet.data_validations.dataValidation
        for column in [next(iter(rule.sqref.ranges)).min_col]
    }
    for sheet in ("Apps", "Contracts", "Adjustments", "Payments"):
        assert lists[sheet, "customer"].startswith(customers), sheet
    for sheet in ("Subscriptions", "Contracts"):
        assert lists[sheet, "app"].startswith(apps), sheet
    assert lists["Customers", "language"] == '"中文,英文"'
    assert lists["Subscriptions", "auto-renew"] == '"是,否"'
    assert lists["Payments", "currency"].startswith('"CNY,USD')


def test_the_example_accounts_offer_what_the_price_books_sell() -> None:
    workbook = openpyxl.load_workbook(ACCOUNTS)

    def dropped(sheet: str, column: str) -> list[str]:
        page = next(page for page in workbook if page.title.startswith(sheet))
        letter = next(cell.column_letter for cell in page[4] if str(cell.value).startswith(column))
        (rule,) = (rule for rule in page.data_validations.dataValidation if str(rule.sqref).startswith(letter))
        name, _, area = rule.formula1.rpartition("!")
        return [str(cell.value) for (cell,) in workbook[name.strip("'")][area.replace("$", "")]]

    ordered, agreed = dropped("订阅", "订阅项"), dropped("合同", "合同项")
    assert {"im.pro", "presence", "rtc_25k"} <= set(ordered) and "dau" not in ordered
    assert agreed[: len(ordered)] == ordered and {"dau", "translation"} <= set(agreed)
    assert len(set(agreed)) == len(agreed)
    assert "180" in dropped("订阅", "选项") == dropped("合同", "选项")
    assert dropped("应用", "价目表") == ["easemob-im-2023", "easemob-im-2026"]


def test_choices_are_made_anew_and_go_into_no_text(tmp_path: Path) -> None:
    books = [book for path in BOOKS[:1] if (book := load_book(path)[0]) is not None]
    again = with_offers(shipped(ACCOUNTS), books)
    assert [page.title for page in again.pages] == [TITLE] and offered(again, "apps", "book") == (9, 5, 5)
    lists = {key: offered(again, "contract_charges", key) for key in ("product", "meter", "model", "rollover")}
    assert [at and at[0] for at in lists.values()] == [11, 14, 17, 17]
    assert with_offers(again, ()).pages == () and offered(with_offers(again, ()), "apps", "book") is None
    for name in ("accounts.yaml", "accounts.xlsx"):
        assert not convert_file(Request(ACCOUNTS, tmp_path / name, name)).errors
    assert TITLE not in (tmp_path / "accounts.yaml").read_text(encoding="utf-8")
    assert TITLE in openpyxl.load_workbook(tmp_path / "accounts.xlsx").sheetnames


def test_what_is_the_same_in_meaning_is_the_same_in_text() -> None:
    """Words of a choice, figures typed as text and percent are written in one way whatever language they were in."""
    assert "pay: prepaid" in as_yaml(shipped(BOOKS[-1]))
    assert str(data.Share(Decimal("0.065"))) == "6.5%"


def test_a_price_book_prints_each_model_with_its_formulas_in_words() -> None:
    page = openpyxl.load_workbook(BOOKS[-1])[MODELS]
    said = [[str(cell.value) for cell in row if cell.value] for row in page]
    at = said.index(next(row for row in said if row[:1] == ["blocks_up"]))
    assert said[at + 1 : at + 4] == [
        ["计费用量 billable = MAX(quantity-included-drawn,0)"],
        ["计费数量 units = ROUNDUP(billable/block,0)"],
        ["金额 amount = ROUND(units*price,2)"],
    ]
    document = shipped(BOOKS[-1])
    assert with_models(document) == document, "written as its formulas are now"
    assert [page.title for page in without_models(document).pages] == ["说明 Read me"]
