"""Templates as finance restyles them in Excel: another look, the same bill."""

import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from tests.cases import cases
from tests.invoice import bills
from tests.invoice.laid_out import TEMPLATES, filled, pinned, row_with, values
from tests.invoice.test_templates import png
from xlbill.audit.verify import Verified, verify
from xlbill.invoice import Issuance, lay_out, load_template
from xlbill.language import Label
from xlbill.workbook import write_layout
from xlbill.workbook.layout import Sheet


def test_wrapped_text_makes_its_row_higher_only_where_it_takes_several_lines() -> None:
    bill = bills.ordinary("en")
    name = Label("很长的名称", "International Networks and Communication Technology Holdings (Asia Pacific) Limited")
    long = replace(bill, customer=replace(bill.customer, name=name))
    short_one, long_one = (lay_out(b, pinned("en"), Issuance()).sheets[0] for b in (bill, long))
    assert filled(long_one)["A7"] == name.en
    assert short_one.heights[7] == 18.0  # as the template has it
    assert long_one.heights[7] > 30.0


def test_a_bill_without_lines_says_so() -> None:
    said = "No charges in this period"
    texts = [filled(lay_out(bill, pinned("en")).sheets[0]).values() for bill in (bills.free("en"), bills.long("en"))]
    assert [said in found for found in texts] == [True, False]


def test_what_is_to_be_done_about_a_bill_follows_the_amount_due() -> None:
    refund = bills.bill_of([bills.adjustment("-120.50")], to=bills.customer("en"))
    said = [
        [text for text in values(lay_out(bill, pinned("en")).sheets[0]).values() if text in ("Nothing to pay", CREDIT)]
        for bill in (bills.ordinary("en"), bills.free("en"), refund)
    ]
    assert said == [[], ["Nothing to pay"], ["Nothing to pay"]]  # what is below zero is credit, and nothing is due


CREDIT = "A negative amount is a credit to you"


def test_a_formula_whose_text_has_several_fonts_is_a_formula(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(TEMPLATES / "invoice.en.xlsx")
    latin, other = InlineFont(rFont="Arial"), InlineFont(rFont="SimSun")
    parts = TextBlock(latin, '=IF({{ bill.total }}>0,"'), TextBlock(other, "有"), TextBlock(latin, '","")')
    workbook["Notes"]["A19"] = CellRichText(*parts)
    workbook.save(tmp_path / "fonts.xlsx")
    template, found = load_template(tmp_path / "fonts.xlsx")
    assert template is not None and not found
    notes = lay_out(bills.ordinary("en"), template, Issuance()).sheets[3]
    assert '=IF(Invoice!I25>0,"有","")' in filled(notes).values()


def test_an_empty_text_is_what_a_formula_came_to(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    layout = lay_out(bills.ordinary("en"), pinned("en"))
    assert "" in values(layout.sheets[0]).values()
    write_layout(layout, path)
    found = verify(path)
    assert isinstance(found, Verified) and found.problems == ()


def test_totals_never_begin_a_page_without_a_line() -> None:
    for number in range(1, 60, cases(4, 1)):
        lines = [bills.fee("app", Label(f"{n}", f"{n}"), "50", 30, item=f"e{n}") for n in range(number)]
        invoice = lay_out(bills.bill_of(lines, to=bills.customer("en")), pinned("en"), Issuance()).sheets[0]
        total = next(row for row, text in reversed(list(texts_of(invoice, 6))) if text == "Total")
        last = max((row for row, text in texts_of(invoice, 1) if " – " in text), default=0)
        assert not [row for row in invoice.page.breaks if last <= row < total], number


def texts_of(sheet: Sheet, column: int) -> list[tuple[int, str]]:
    """The texts of a column with their rows."""
    return [(cell.row, cell.content) for cell in sheet.cells if cell.column == column and isinstance(cell.content, str)]


PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
ANCHOR = """<xdr:twoCellAnchor>
<xdr:from><xdr:col>3</xdr:col><xdr:colOff>12700</xdr:colOff><xdr:row>{0}</xdr:row><xdr:rowOff>25400</xdr:rowOff></xdr:from>
<xdr:to><xdr:col>5</xdr:col><xdr:colOff>12700</xdr:colOff><xdr:row>{1}</xdr:row><xdr:rowOff>25400</xdr:rowOff></xdr:to>
<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="logo"/><xdr:cNvPicPr/></xdr:nvPicPr>
<xdr:blipFill><a:blip r:embed="rId1"/></xdr:blipFill>
<xdr:spPr><a:prstGeom prst="rect"/></xdr:spPr></xdr:pic><xdr:clientData/>
</xdr:twoCellAnchor>"""


def insert_logos(path: Path, *rows: int) -> Path:
    """Put a logo into rows of a workbook's first sheet, held between two cells, its own size unsaid.

    openpyxl writes pictures only where Pillow is installed.
    """
    anchors = "".join(ANCHOR.format(row - 1, row) for row in rows)
    spaces = f'xmlns:xdr="{DRAWING}/spreadsheetDrawing" xmlns:a="{DRAWING}/main" xmlns:r="{OFFICE}"'
    sheet, kinds = "xl/worksheets/sheet1.xml", "[Content_Types].xml"
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[sheet] = parts[sheet].replace(
        b"</worksheet>", f'<drawing xmlns:r="{OFFICE}" r:id="rId1"/></worksheet>'.encode()
    )
    png_kind = b'<Default Extension="png" ContentType="image/png"/></Types>'
    parts[kinds] = parts[kinds].replace(b"</Types>", png_kind)
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = relation("drawing", "../drawings/drawing1.xml")
    parts["xl/drawings/_rels/drawing1.xml.rels"] = relation("image", "../media/logo.png")
    parts["xl/drawings/drawing1.xml"] = f"<xdr:wsDr {spaces}>{anchors}</xdr:wsDr>".encode()
    parts["xl/media/logo.png"] = png(40, 20)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def relation(kind: str, target: str) -> bytes:
    """The part that says what another part refers to."""
    one = f'<Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{PACKAGE}">{one}</Relationships>'.encode()


def house_style(path: Path) -> Path:
    """The pinned template in the colours, words, order and paper of some company, with its logo and its seal."""
    workbook = openpyxl.load_workbook(TEMPLATES / "invoice.en.xlsx")
    invoice = workbook["Invoice"]
    for cell in (cell for row in invoice.iter_rows() for cell in row if not isinstance(cell, MergedCell)):
        cell.font = Font(name="Georgia", size=cell.font.size, color="C8102E")
    invoice["G1"] = "STATEMENT"
    invoice["B18"], invoice["H18"] = invoice["H18"].value, invoice["B18"].value
    invoice["B20"], invoice["H20"] = invoice["H20"].value, invoice["B20"].value
    for column in "ADI":  # without the sub-heading of a product
        invoice[f"{column}19"] = None
    invoice.column_dimensions["A"].width = 40
    invoice.page_setup.orientation = "landscape"
    invoice.oddHeader.left.text = "Confidential"
    workbook.save(path)
    return insert_logos(path, 1, 41)


def test_a_house_style_needs_no_python(tmp_path: Path) -> None:
    template, found = load_template(house_style(tmp_path / "house.xlsx"))
    assert template is not None and not found
    bill = bills.refunding("en")
    layout = lay_out(bill, template, Issuance())
    invoice = layout.sheets[0]
    ultimate = row_with(invoice, "Ultimate")
    assert (ultimate["B"], ultimate["H"]) == ("=Prices!E6", Decimal(1))
    assert {cell.style.font.name for cell in invoice.cells if cell.content is not None} == {"Georgia"}
    assert {"STATEMENT", bill.total.number} <= set(values(invoice).values())
    assert "Instant messaging" not in filled(invoice).values()
    assert invoice.page.landscape and invoice.page.header.endswith("Confidential")
    top, seal = invoice.pictures
    assert (top.row, top.column, round(top.width, 1), top.height) == (1, 4, 114.8, 34.0)
    assert seal.row == max(cell.row for cell in invoice.cells) + 4  # as far below the last row as in the template
    write_layout(layout, tmp_path / "a.xlsx")
    held = verify(tmp_path / "a.xlsx")
    assert isinstance(held, Verified) and held.problems == ()


def test_a_logo_in_a_row_that_is_left_out_stands_in_the_next_one_and_a_draft_s_stamp_goes(tmp_path: Path) -> None:
    path = tmp_path / "logos.xlsx"
    path.write_bytes((TEMPLATES / "invoice.en.xlsx").read_bytes())
    template, found = load_template(insert_logos(path, 6, 13))  # that of {{ with draft }}, that of the buyer's contact
    assert template is not None and not found
    nameless = replace(bills.ordinary("en"), customer=bills.customer("en", contact=""))
    rows = [
        [p.row for p in lay_out(nameless, template, Issuance(draft=draft)).sheets[0].pictures]
        for draft in (True, False)
    ]
    assert rows == [[6, 13], [11]]


def test_a_picture_in_the_page_header_is_told_and_the_rest_of_the_header_stays(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(TEMPLATES / "invoice.en.xlsx")
    workbook["Invoice"].oddHeader.left.text = "&G"
    workbook["Invoice"].oddHeader.center.text = "Confidential"
    workbook["Prices"].HeaderFooter.differentFirst = True
    workbook.save(tmp_path / "header.xlsx")
    template, found = load_template(tmp_path / "header.xlsx", "header.xlsx")
    assert template is not None
    assert [(p.code, str(p.place)) for p in found] == [
        ("template-not-carried", "header.xlsx › Prices"),
        ("template-not-carried", "header.xlsx › Invoice"),
    ]
    assert lay_out(bills.ordinary("en"), template).sheets[0].page.header.startswith("&CConfidential")
