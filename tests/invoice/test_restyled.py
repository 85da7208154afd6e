"""Templates as finance restyles them in Excel: another look, the same bill."""

from dataclasses import replace
from pathlib import Path

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from tests.invoice import bills
from tests.invoice.laid_out import TEMPLATES, filled, shipped, values
from xlbill.invoice import lay_out, load_template, write_invoice
from xlbill.invoice.verify import Verified, verify
from xlbill.language import Label


def test_wrapped_text_makes_its_row_higher_only_where_it_takes_several_lines() -> None:
    bill = bills.ordinary("en")
    name = Label("很长的名称", "International Networks and Communication Technology Holdings (Asia Pacific) Limited")
    long = replace(bill, customer=replace(bill.customer, name=name))
    short_one, long_one = (lay_out(b, shipped("en"), draft=False).sheets[0] for b in (bill, long))
    assert filled(long_one)["A7"] == name.en
    assert short_one.heights[7] == 18.0  # as the template has it
    assert long_one.heights[7] > 30.0


def test_a_bill_without_lines_says_so() -> None:
    said = "No charges in this period"
    texts = [filled(lay_out(bill, shipped("en")).sheets[0]).values() for bill in (bills.free("en"), bills.long("en"))]
    assert [said in found for found in texts] == [True, False]


def test_what_is_to_be_done_about_a_bill_follows_the_amount_due() -> None:
    refund = bills.bill_of([bills.adjustment("-120.50")], to=bills.customer("en"))
    said = [
        [text for text in values(lay_out(bill, shipped("en")).sheets[0]).values() if text in ("Nothing to pay", CREDIT)]
        for bill in (bills.ordinary("en"), bills.free("en"), refund)
    ]
    assert said == [[], ["Nothing to pay"], [CREDIT]]


CREDIT = "A negative amount is a credit to you"


def test_a_formula_whose_text_has_several_fonts_is_a_formula(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(TEMPLATES / "invoice.en.xlsx")
    latin, other = InlineFont(rFont="Arial"), InlineFont(rFont="SimSun")
    parts = TextBlock(latin, '=IF({{ bill.total }}>0,"'), TextBlock(other, "有"), TextBlock(latin, '","")')
    workbook["Notes"]["A19"] = CellRichText(*parts)
    workbook.save(tmp_path / "fonts.xlsx")
    template, found = load_template(tmp_path / "fonts.xlsx")
    assert template is not None and found == []
    notes = lay_out(bills.ordinary("en"), template, draft=False).sheets[3]
    assert '=IF(Invoice!I25>0,"有","")' in filled(notes).values()


def test_an_empty_text_is_what_a_formula_came_to(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    layout = lay_out(bills.ordinary("en"), shipped("en"))
    assert "" in values(layout.sheets[0]).values()
    write_invoice(layout, path)
    found = verify(path)
    assert isinstance(found, Verified) and found.problems == ()
