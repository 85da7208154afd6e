"""Pages of the shipped templates: what an ordinary bill prints, what is said again where a group goes over a page."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.invoice import bills
from tests.invoice.laid_out import filled, row_with, shipped, values
from tools.templates.__main__ import write_templates
from xlbill.accounts import Seller
from xlbill.invoice import Issuance, lay_out
from xlbill.invoice.pages.lay_out import laid_out
from xlbill.invoice.presented import DRAFT
from xlbill.issuing.press import with_refunded_bills
from xlbill.language import Label, Language
from xlbill.periods import Month
from xlbill.rating.figures import computed, given, our
from xlbill.workbook import write_layout
from xlbill.workbook.layout import Formula
from xlbill.workbook.measure import lines_of
from xlbill.workbook.pdf import _copy
from xlbill.workbook.write import NOT_PRINTED

SHIPPED = Path(__file__).parent.parent.parent / "templates"
ISSUED = Issuance("202604-00017", date(2026, 5, 3), date(2026, 5, 18))


def test_the_shipped_templates_are_those_that_the_tool_makes(tmp_path: Path) -> None:
    write_templates(tmp_path)
    for made in tmp_path.iterdir():
        assert made.read_bytes() == (SHIPPED / made.name).read_bytes(), f"{made.name}: run make templates"


def test_one_sheet_of_an_invoice_goes_into_its_pdf_and_all_stay_in_the_workbook(tmp_path: Path) -> None:
    layout = lay_out(bills.ordinary(), shipped(), ISSUED)
    assert [sheet.printed for sheet in layout.sheets] == [True, False, False]
    assert layout.sheets[0].page.breaks == ()
    path = tmp_path / "C001.xlsx"
    write_layout(layout, path)
    with zipfile.ZipFile(path) as archive:
        assert NOT_PRINTED in archive.read("docProps/custom.xml").decode()
        assert "hidden" not in archive.read("xl/workbook.xml").decode()
    with zipfile.ZipFile(_copy(path, tmp_path / "copy")) as archive:
        assert archive.read("xl/workbook.xml").decode().count('state="hidden"') == 2


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_group_that_goes_over_a_page_is_headed_again(language: str) -> None:
    template = shipped("zh" if language == "zh" else "en")
    laid = laid_out(bills.long("zh" if language == "zh" else "en"), template, ISSUED)
    placed, sheet = laid.sheets[0], laid.layout.sheets[0]
    tops = [placed.rows[end] for end in sheet.page.breaks]
    assert len(tops) > 3 and laid.torn
    for row in tops:
        assert row.continued or not row.path or row.path[-1][0] == "group", "a page begins with a heading"
    continued = [row.number for row in placed.rows if row.continued]
    assert continued and {row - 1 for row in continued} <= set(sheet.page.breaks)
    shown = filled(sheet)
    assert all(str(shown[f"A{row}"]).endswith("（续）" if language == "zh" else " (continued)") for row in continued)


def test_a_summary_that_goes_over_a_page_is_headed_again_and_names_its_app_again() -> None:
    products = [Label(f"产品{number}", f"Product {number}") for number in range(1, 6)]
    apps = [f"app-{number:02}" for number in range(20)]
    fees = [bills.fee(app, Label("专业版", "Pro"), "1", 5, product=p.en, group=p) for app in apps for p in products]
    laid = laid_out(bills.bill_of(fees), shipped(), ISSUED)
    shown, top = filled(laid.layout.sheets[0]), laid.layout.sheets[0].page.breaks[0] + 1
    assert (shown[f"A{top}"], shown[f"B{top}"], laid.torn) == ("应用", "产品", True)
    groups = [row.subjects["group"] for row in laid.sheets[0].rows if row.number == top + 1]
    assert [shown[f"A{top + 1}"]] == [group.app for group in groups]
    above = next(row for row in laid.sheets[0].rows if row.number == top - 1).subjects["group"]
    assert above.app == groups[0].app, "the page ends within an app: else this shows nothing"


def test_apps_are_summed_up_before_the_lines_where_there_are_several() -> None:
    several = [str(value) for value in filled(lay_out(bills.long(), shipped()).sheets[0]).values()]
    assert several.index("按应用和产品汇总") < several.index("项目")
    assert [several.count(f"app-0{n}") for n in range(1, 7)] == [1] * 6
    assert "按应用和产品汇总" not in filled(lay_out(bills.ordinary(), shipped()).sheets[0]).values()


def test_what_is_due_back_is_said_without_a_sign() -> None:
    carried = bills.bill_of([bills.adjustment("-500.00")], to=bills.customer(tax_id="", contact=""))
    shown = [str(value) for value in values(lay_out(carried, shipped(), ISSUED).sheets[0]).values()]
    assert {"应付金额（大写）", "人民币零元整", "本期无需付款，结余抵减后续账单。"} <= set(shown)
    back = replace(carried, due=given("due", Decimal(-500)))
    shown = [str(value) for value in values(lay_out(back, shipped(), ISSUED).sheets[0]).values()]
    said = {"应退金额（大写）", "人民币伍佰元整", "应退金额将按约定退还或抵扣后续账单。", "—"}
    assert {"应退金额", "500.00"} | said <= set(shown)
    assert not any("请于" in text or "纳税人识别号" in text for text in shown)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_until_when_to_object_stands_on_every_bill_and_when_to_pay_where_something_is_due(language: Language) -> None:
    terms, objections = Label("15 日内付款。", "Pay in 15 days."), Label("5 日内提出。", "Object in 5 days.")
    seller = Seller({**bills.SELLER.facts, "terms": terms, "objections": objections})
    owing = bills.bill_of([bills.adjustment("20.00")], to=bills.customer(language))
    free = bills.bill_of([], to=bills.customer(language))
    for bill, due in ((owing, True), (free, False), (replace(owing, due=given("due", Decimal(-1))), False)):
        shown = values(lay_out(replace(bill, seller=seller), shipped(language), ISSUED).sheets[0]).values()
        assert objections.text(language) in shown
        assert (terms.text(language) in shown) == due


def test_packs_have_a_column_where_lines_draw_on_them() -> None:
    plain, drawing = (lay_out(bill, shipped(), ISSUED).sheets[0] for bill in (bills.ordinary(), bills.refunding()))
    assert "资源包抵扣" not in filled(plain).values() and "资源包抵扣" in filled(drawing).values()
    assert list(row_with(plain, "项目").values()) == ["项目", "用量", "套餐额度", "计费数量", "单价", "金额"]


def test_a_part_of_a_term_names_how_many_were_ordered() -> None:
    days = {"days": given("days", Decimal(10)), "of_days": given("of_days", Decimal(30))}
    fee = bills.fee("app-1", Label("席位", "Seats"), "12", 7)
    several = {**fee.figures, "quantity": given("quantity", Decimal(35)), **days}
    bill = bills.bill_of([replace(fee, figures=several), replace(bills.refund("app-1"))])
    shown = values(lay_out(bill, shipped(), ISSUED).sheets[0]).values()
    assert {"按天折算：12.00 × 35 × 10 ÷ 30天", "按天折算：1,299.00 × 11 ÷ 31天"} <= set(shown)


_CHINESE = "[\u2e80-\u9fff\u3000-\u303f\uff00-\uffef—“”]"
_SLIP = re.compile(rf"{_CHINESE} +(\{{\{{|$)|(^|\}}\}}) +{_CHINESE}")
"""A blank between Chinese and what is filled in, or the edge of a text that is joined to something."""


def test_no_blank_stands_between_chinese_and_what_is_filled_in() -> None:
    for path in sorted(SHIPPED.glob("*.xlsx")):
        for sheet in openpyxl.load_workbook(path):
            for text in (cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)):
                for part in re.findall(r'"([^"]*)"', text) if text.startswith("=") else [text]:
                    assert not _SLIP.search(part) and "\u3000" not in part, (path.name, text)


def test_nothing_of_ours_alone_stands_on_an_invoice() -> None:
    stream = io.StringIO()
    for bill in (bills.ordinary(), bills.refunding(), bills.free()):
        for sheet in lay_out(bill, shipped(), ISSUED).sheets:
            print(*values(sheet).values(), file=stream)
    for word in ("SHA", "easemob-im-2026", "blocks_up", "refund_days", "flat"):
        assert word not in stream.getvalue()


def test_an_issued_bill_says_what_the_account_comes_to() -> None:
    owed = replace(ISSUED, owed=Decimal("250.5"))
    bill = bills.ordinary()
    sheet = lay_out(bill, shipped(), owed).sheets[0]
    shown = {cell.row: cell for cell in sheet.cells if cell.content in ("往期未结金额", "累计应付金额（含本期）")}
    assert len(shown) == 2
    written, seen = filled(sheet), values(sheet)
    before, after = sorted(shown)
    assert (written[f"G{before}"], seen[f"G{after}"]) == (Decimal("250.5"), Decimal("250.5") + bill.due.number)
    assert str(written[f"G{after}"]) == f"=G{before}+F{before - 1}", "it follows from what is due"
    for draft in (DRAFT, ISSUED):
        assert not {"往期未结金额", "累计应付金额（含本期）"} & set(
            filled(lay_out(bill, shipped(), draft).sheets[0]).values()
        )


def test_what_was_paid_since_the_bill_before_leads_to_what_is_open() -> None:
    paid = replace(ISSUED, owed=Decimal("250.5"), received=Decimal(1000))
    sheet = lay_out(bills.ordinary(), shipped(), paid).sheets[0]
    labels = ("收款前未结金额", "本期已收", "往期未结金额", "累计应付金额（含本期）")
    rows = [next(cell.row for cell in sheet.cells if cell.content == label) for label in labels]
    seen, written = values(sheet), filled(sheet)
    due = bills.ordinary().due.number
    assert [seen[f"G{row}"] for row in rows] == [Decimal("1250.5"), 1000, Decimal("250.5"), Decimal("250.5") + due]
    assert written[f"G{rows[2]}"] == f"=G{rows[0]}-G{rows[1]}"


@pytest.mark.parametrize(
    ("number", "said"), [("", "原账期：2026-03"), ("202603-00009", "原账期：2026-03 · 原账单编号：202603-00009")]
)
def test_a_refund_names_the_bill_on_which_stands_what_it_gives_back(number: str, said: str) -> None:
    line = replace(bills.refund("app-1"), refund_of=Month(2026, 3))
    bill = with_refunded_bills(bills.bill_of([line]), {"2026-03": number} if number else {})
    assert said in values(lay_out(bill, shipped(), ISSUED).sheets[0]).values()


def test_numbers_that_finance_looks_for_stand_at_the_head() -> None:
    known = bills.bill_of(bills.ordinary().lines, to=bills.customer(contract_no="FW-2026-008", order_no="PO-4510"))
    shown = list(values(lay_out(known, shipped(), ISSUED).sheets[0]).values())
    for label, value in (("合同号", "FW-2026-008"), ("订单号", "PO-4510"), ("状态", "已出账")):
        assert shown[shown.index(label) + 1] == value
    draft = list(values(lay_out(bills.ordinary(), shipped(), DRAFT).sheets[0]).values())
    assert not {"合同号", "订单号", "状态"} & set(draft) and draft.count("草稿，仅供核对") == 1


@pytest.mark.parametrize(
    ("language", "share", "said"),
    [
        ("zh", "0.1", "合同：HT-1 · 优惠 10%（9 折）"),
        ("zh", "0.125", "合同：HT-1 · 优惠 12.5%（8.75 折）"),
        ("en", "0.1", "Contract HT-1 · 10% off"),
        ("zh", "0", "合同：HT-1"),
    ],
)
def test_a_discount_is_said_in_words(language: Language, share: str, said: str) -> None:
    listed, off = given("list_price", Decimal(1000)), given("discount", Decimal(share))
    price = computed("price", our("=list_price*(1-discount)"), {"list_price": listed, "discount": off})
    fee = bills.fee("app-1", Label("专业版", "Professional"), "1", 7)
    line = replace(fee, figures={**fee.figures, "price": price}, list_price=listed, contract="HT-1")
    sheet = lay_out(bills.bill_of([line], to=bills.customer(language)), shipped(language), ISSUED).sheets[0]
    assert said in values(sheet).values()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_contract_s_bill_has_columns_for_list_amounts_and_savings_that_tie(language: Language) -> None:
    sheet = lay_out(bills.saving(language), shipped(language), ISSUED).sheets[0]
    heads = {"zh": ["官网价", "优惠", "应付"], "en": ["List amount", "Saved", "Amount"]}[language]
    heading = row_with(sheet, heads[0])
    assert [heading[column] for column in "EFG"] == heads
    seen, written = values(sheet), filled(sheet)
    (total,) = [int(at[1:]) for at, text in written.items() if text == ("合计" if language == "zh" else "Sum")]
    assert [seen[f"{column}{total}"] for column in "EFG"] == [
        Decimal("6599") + 9000,
        Decimal("989.85"),
        Decimal("5609.15") + 9000,
    ]
    assert str(written[f"E{total}"]).startswith("=SUM(E") and str(written[f"F{total}"]).startswith("=SUM(F")
    plain = filled(lay_out(bills.ordinary(language), shipped(language), ISSUED).sheets[0]).values()
    assert not {*heads[:2]} & {str(text) for text in plain}


def test_a_minimum_says_what_it_makes_up_for() -> None:
    figures = {"price": given("price", Decimal(500)), "subtotal": given("subtotal", Decimal("141.98"))}
    amount = computed("amount", our("=MAX(price-subtotal,0)"), figures)
    fee = bills.fee("app-1", Label("最低消费", "Minimum"), "1", 7)
    line = replace(fee, kind="minimum", figures={**figures, "amount": amount})
    shown = values(lay_out(bills.bill_of([line]), shipped(), ISSUED).sheets[0]).values()
    assert "最低消费500.00，本期已计141.98，不足部分补足" in shown


def test_figures_of_a_column_have_their_points_below_each_other() -> None:
    dear, cheap = (bills.fee("app-1", Label(name, name), value, 7) for name, value in (("A", "1299"), ("B", "0.0125")))
    sheet = lay_out(bills.bill_of([dear, cheap]), shipped(), ISSUED).sheets[0]
    prices = [cell for cell in sheet.cells if cell.column == 6 and isinstance(cell.content, Formula)]
    formats = {cell.content.value: cell.style.number_format for cell in prices}
    assert formats[Decimal(1299)] == "#,##0.00_0_0" and formats[Decimal("0.0125")] == "#,##0.0000"


def test_a_few_rows_too_many_make_the_page_smaller_and_not_two() -> None:
    fees = [bills.fee("app-1", Label(f"第 {n} 项", f"Item {n}"), "1", n) for n in range(7, 40)]
    pages = [lay_out(bills.bill_of(fees[:n]), shipped(), ISSUED).sheets[0].page for n in range(3, 26)]
    fits = [page.fit for page in pages]
    ends = [len(page.breaks) for page in pages]
    assert {(0, (1, 0)), (0, (1, 1)), (1, (1, 0))} == set(zip(ends, fits, strict=True))
    assert ends == sorted(ends), "first one page, then smaller, then two"


@pytest.mark.parametrize(
    ("text", "width", "size", "lines"),
    [
        ("", 20, 9, 1),
        ("单群聊消息云存储 · 延长至 180 天", 140, 9, 1),
        ("单群聊消息云存储 · 延长至 180 天", 130, 9, 2),
        ("a word that wraps", 45, 9, 2),
        ("unbreakable" * 4, 60, 9, 4),
        ("首先，其次。", 45, 9, 2),  # the full stop stays with its word
        ("one\ntwo", 100, 9, 2),
    ],
)
def test_lines_are_measured_by_their_characters(text: str, width: float, size: float, lines: int) -> None:
    assert lines_of(text, width, size) == lines
