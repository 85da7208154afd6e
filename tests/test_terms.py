"""One concept, one word: the Chinese words that are not used, and the term that is, in messages, headings and manual.

The terms are those of a finance reader. A heading's old word is still read (its aliases), and no longer written.
"""

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from xlbill import account_columns
from xlbill.accounts import load_accounts
from xlbill.book import columns as book_columns
from xlbill.book.load import load_book
from xlbill.quantities import QUANTITIES
from xlbill.register.columns import CUSTOMER_COLUMNS, LINE_COLUMNS, PROBLEM_COLUMNS, REVIEW_COLUMNS
from xlbill.sheets import read_workbook
from xlbill.workspace import SHIPPED

TERMS = {
    "含量": "套餐额度",
    "配额": "额度",
    "免费量": "额度",
    "免费额度": "额度",
    "计费份数": "计费数量",
    "计费单位": "每份用量",
    "减免比例": "优惠比例",
    "折扣": "优惠比例",
    "各项合计": "含税小计",
    "总额": "价税合计",
    "已预付": "预付费费用",
    "登记表": "出账汇总表",
    "客户工作簿": "客户档案",
    "账户": "客户档案",
    "开票方": "销售方",
    "购方": "购买方",
    "账单行": "账单明细",
    "明细行": "账单明细",
    "样例": "算例, 示例",
    "货币": "币种",
    "媒体": "内容类型",
    "舍入": "四舍五入",
    "调整": "调账",
    "本书": "价目表",
    "标题": "列名, 表头; 题名 above a table",
}
"""The word that is refused, and what is said in its place."""

SHEETS = (*book_columns.SHEETS, *account_columns.SHEETS)


def refused(text: str) -> dict[str, str]:
    """The refused words of a text, with their terms."""
    bare = text.replace("四舍五入", "")
    return {word: term for word, term in TERMS.items() if word in bare}


def _messages() -> Iterator[tuple[str, str]]:
    for file in files("xlbill").joinpath("messages").iterdir():
        for code, entry in tomllib.loads(file.read_text(encoding="utf-8")).items():
            yield code, " ".join(entry["zh"].values())


def _headings() -> Iterator[tuple[str, str]]:
    for sheet in SHEETS:
        yield sheet.key, sheet.title.zh
        for column in sheet.columns:
            yield f"{sheet.key}.{column.key}", f"{column.heading.zh} {column.note.zh if column.note else ''}"
    for column in (*book_columns.SETTING.values(), *account_columns.SELLER_SETTING.values()):
        yield f"setting {column.key}", f"{column.heading.zh} {column.note.zh if column.note else ''}"
    for quantity in QUANTITIES:
        yield quantity.key, f"{quantity.heading.zh} {quantity.about.zh}"
    for field in (*CUSTOMER_COLUMNS, *LINE_COLUMNS, *REVIEW_COLUMNS, *PROBLEM_COLUMNS):
        yield f"register.{field.key}", field.heading.zh


def test_messages_and_headings_use_the_terms() -> None:
    told = {where: words for where, text in (*_messages(), *_headings()) if (words := refused(text))}
    assert told == {}


def _but_for_rounding(text: str) -> dict[str, str]:
    """What Excel's functions do has Excel's own words: ROUNDUP is 向上舍入."""
    return refused(text.replace("舍入", ""))


DOCS = sorted((Path(__file__).parent.parent / "docs").rglob("*.zh.md"))


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_the_manual_uses_the_terms(page: Path) -> None:
    """Outside of what programs print or finance typed, which is code."""
    refused_here = refused if page.name != "formulas.zh.md" else _but_for_rounding
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert {n: w for n, line in enumerate(text.splitlines(), 1) if (w := refused_here(line))} == {}


def test_a_refused_word_is_found() -> None:
    assert refused("超出含量，金额四舍五入") == {"含量": "套餐额度"}
    assert refused("先舍入再取整") == {"舍入": "四舍五入"}


RENAMED = {
    ("charges", "included"): "含量",
    ("charges", "block"): "计费单位",
    ("formulas", "units"): "计费份数",
    ("formulas", "quota"): "配额",
    ("formulas", "lines"): "各项合计",
    ("coefficients", "medium"): "媒体",
    ("trials", "of"): "计量项或媒体",
    ("examples", "total"): "预期总额",
    ("contracts", "discount"): "减免比例",
    ("contracts", "included"): "含量",
    ("contracts", "end"): "截止",
    ("subscriptions", "end"): "到期",
}


@pytest.mark.parametrize(("where", "old"), RENAMED.items(), ids=lambda value: str(value))
def test_a_renamed_heading_is_still_read_by_its_old_name(where: tuple[str, str], old: str) -> None:
    sheet = next(sheet for sheet in SHEETS if sheet.key == where[0])
    column = sheet.column(where[1])
    assert {old, f"{old} {column.heading.en}"} <= set(column.headings())


def test_the_shipped_books_and_accounts_are_read_by_the_words_that_they_have() -> None:
    for path in sorted((SHIPPED / "price_tables").glob("*.xlsx")):
        assert [p.code for p in load_book(path)[1] if p.severity == "error"] == []
    assert [p.code for p in load_accounts(SHIPPED / "examples" / "accounts.xlsx")[1]] == []


SHIPPED_WORKBOOKS = sorted(
    path for folder in ("price_tables", "templates", "examples") for path in (SHIPPED / folder).glob("*.xlsx")
)


@pytest.mark.parametrize("path", SHIPPED_WORKBOOKS, ids=lambda path: path.name)
def test_what_stands_in_shipped_workbooks_uses_the_terms(path: Path) -> None:
    workbook, found = read_workbook(path, path.name)
    assert workbook is not None, found
    texts = ((cell.place, str(cell.value)) for sheet in workbook.sheets for cell in sheet.cells.values())
    assert {str(place): words for place, text in texts if (words := refused(text))} == {}


@pytest.mark.parametrize("path", sorted((SHIPPED / "starters").rglob("*.yaml")), ids=lambda path: path.parent.name)
def test_what_stands_in_starters_uses_the_terms(path: Path) -> None:
    assert refused(path.read_text(encoding="utf-8")) == {}
