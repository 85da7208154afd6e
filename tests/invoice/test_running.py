"""Headers and footers: an ampersand in somebody's name is no code, and Excel's limit is kept."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from tests.invoice import bills
from tests.invoice.culprits import TEMPLATES
from xlbill.invoice import lay_out, load_template
from xlbill.language import Label
from xlbill.rating.bill import Bill
from xlbill.sheets.xlsx import open_package
from xlbill.workbook import layout_bytes


def bill_of(seller: str, customer: str) -> Bill:
    bill = bills.ordinary("en")
    facts = {**bill.seller.facts, "name": Label(seller, seller)}
    return replace(bill, seller=replace(bill.seller, facts=facts), customer=replace(bill.customer, name=customer))


def footer_of(bill: Bill, left: str, middle: str, folder: Path) -> str:
    """The footer as it stands in the file, of a bill on a template with these words in it."""
    workbook = openpyxl.load_workbook(TEMPLATES / "invoice.en.xlsx")
    for sheet in workbook.worksheets:
        for part in (sheet.oddFooter.left, sheet.oddFooter.center, sheet.oddFooter.right):
            part.font = part.size = part.color = None
        sheet.oddFooter.left.text, sheet.oddFooter.center.text, sheet.oddFooter.right.text = left, middle, "&P/&N"
    workbook.save(folder / "t.xlsx")
    template, found = load_template(folder / "t.xlsx")
    assert template is not None, list(found)
    (folder / "bill.xlsx").write_bytes(layout_bytes(lay_out(bill, template)))
    with open_package(folder / "bill.xlsx") as package:
        xml = package.archive.read("xl/worksheets/sheet1.xml").decode()
    assert openpyxl.load_workbook(BytesIO((folder / "bill.xlsx").read_bytes()))
    return xml.partition("<oddFooter>")[2].partition("</oddFooter>")[0].replace("&amp;", "&")


@pytest.mark.parametrize(
    ("seller", "customer", "footer"),
    [
        ("P&G", "A&B", "&LP&&G for A&&B&C&P/&N&R&P/&N"),
        ("&G", "&[Picture]", "&L&&G for &&[Picture]&C&P/&N&R&P/&N"),
        ("A & B & Co.", "&&", "&LA && B && Co. for &&&&&C&P/&N&R&P/&N"),
        ("One\nTwo", "x" * 61, "&LOne Two for " + "x" * 59 + "…&C&P/&N&R&P/&N"),
    ],
)
def test_names_with_ampersands_print_whole(tmp_path: Path, seller: str, customer: str, footer: str) -> None:
    bill = bill_of(seller, customer)
    assert footer_of(bill, "{{ seller.name }} for {{ customer.name }}", "&P/&N", tmp_path) == footer


def test_openpyxl_reads_the_names_back(tmp_path: Path) -> None:
    footer_of(bill_of("P&G", "A&B"), "{{ seller.name }} for {{ customer.name }}", "&P", tmp_path)
    read = openpyxl.load_workbook(tmp_path / "bill.xlsx").worksheets[0].oddFooter
    assert (read.left.text, read.right.text) == ("P&&G for A&&B", "&P/&N")


@pytest.mark.parametrize("name", ["&" * 300, "名" * 300, "💥" * 300, "P&G " * 90])
@pytest.mark.parametrize("marks", [1, 4, 10])
def test_values_are_cut_so_that_excel_takes_the_whole(tmp_path: Path, name: str, marks: int) -> None:
    footer = footer_of(bill_of(name, name), " ".join(["{{ seller.name }}"] * marks), "&P", tmp_path)
    assert footer.count("…") == marks
    assert len(footer.encode("utf-16-le")) // 2 <= 255
    left = footer.removeprefix("&L").partition("&C&P")[0]
    assert left.replace("&&", "").count("&") == 0, "an ampersand was cut in half"


@pytest.mark.parametrize(("own", "refused"), [(100, False), (300, True)])
def test_a_template_whose_own_words_leave_no_room_is_refused(tmp_path: Path, own: int, refused: bool) -> None:
    workbook = openpyxl.load_workbook(TEMPLATES / "invoice.en.xlsx")
    workbook.worksheets[0].oddFooter.left.text = "w" * own + "{{ seller.name }}"
    workbook.save(tmp_path / "t.xlsx")
    _, found = load_template(tmp_path / "t.xlsx")
    assert ("template-header-too-long" in {p.code for p in found}) is refused


def test_what_openpyxl_takes_apart_is_told(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(TEMPLATES / "invoice.en.xlsx")
    workbook.worksheets[0].oddFooter.left.text = "Research &&Retail"
    workbook.save(tmp_path / "t.xlsx")
    assert "template-not-carried" in {p.code for p in load_template(tmp_path / "t.xlsx")[1]}
