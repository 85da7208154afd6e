"""Ways to make an invoice say something else: none of them is "just as it was written", nor "only saved again"."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.invoice.bills import free, ordinary
from tests.invoice.laid_out import pinned
from tests.workbooks import edit_xml, write_workbook
from xlbill.audit.look import look_of
from xlbill.audit.verify import Origin, Verified, verify
from xlbill.invoice import lay_out
from xlbill.manifest import Manifest, invoice_record
from xlbill.workbook import layout_bytes

LAYOUT = lay_out(ordinary(), pinned())
CONTENT = layout_bytes(LAYOUT)
NAME = "C001-2026-04.xlsx"
RECORD = invoice_record(NAME, LAYOUT, CONTENT, "C001", "CNY", "4299.00")

BILL, PRICES, USAGE = (f"xl/worksheets/sheet{number}.xml" for number in (1, 2, 3))
BOOK = "xl/workbook.xml"
STYLES, TEXTS, THEME = "xl/styles.xml", "xl/sharedStrings.xml", "xl/theme/theme1.xml"
DRAWING, CHART = "xl/drawings/drawing1.xml", "xl/charts/chart1.xml"
MONEY = '165" formatCode="[^"]*"'
TOTAL = '<c r="I27" s="[0-9]+">'
RULE = (
    '<conditionalFormatting sqref="I27"><cfRule type="expression" dxfId="0" priority="9"><formula>TRUE</formula>'
    "</cfRule></conditionalFormatting>"
)
EXTENDED = (
    '<extLst><ext xmlns:x14="x"><x14:conditionalFormattings><x14:conditionalFormatting><x14:cfRule type="expression">'
    '<xm:f xmlns:xm="m">TRUE</xm:f></x14:cfRule><xm:sqref xmlns:xm="m">I27</xm:sqref></x14:conditionalFormatting>'
    "</x14:conditionalFormattings></ext></extLst></worksheet>"
)
SHAPE = (
    "<xdr:twoCellAnchor><xdr:from><xdr:col>7</xdr:col><xdr:row>26</xdr:row></xdr:from><xdr:to><xdr:col>9</xdr:col>"
    "<xdr:row>27</xdr:row></xdr:to><xdr:sp><xdr:txBody><a:p><a:r><a:t>¥1.00</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
    "</xdr:twoCellAnchor></xdr:wsDr>"
)


def formats(code: str) -> tuple[str, str, str]:
    return STYLES, MONEY, f'165" formatCode="{code}"'


PROMPT = (
    '<dataValidations count="1"><dataValidation type="none" showInputMessage="1" promptTitle="Pay to" '
    'prompt="6222 0000" sqref="A1:Z99"/></dataValidations>'
)
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="z" xmlns:z="urn:z" '
"""With which a program passes over whatever is in the namespace z."""
SPARKLINE = (
    '<extLst><ext xmlns:x14="x" xmlns:xm="m"><x14:sparklineGroups><x14:sparklineGroup lineWeight="20"><x14:sparklines>'
    "<x14:sparkline><xm:f>B8:B9</xm:f><xm:sqref>I27</xm:sqref></x14:sparkline></x14:sparklines></x14:sparklineGroup>"
    "</x14:sparklineGroups></ext></extLst></worksheet>"
)


def related(kind: str) -> tuple[str, str, str]:
    return (
        "xl/_rels/workbook.xml.rels",
        "</Relationships>",
        f'<Relationship Id="rId99" Type="http://x/{kind}" Target="other.xml"/></Relationships>',
    )


EDITS = {
    # figures and formulas
    "another day's usage": (USAGE, r"(?<!</f>)<v>15000</v>", "<v>31000</v>"),
    "a formula times two": (BILL, r"<f>ROUND\(", "<f>2*ROUND("),
    "a figure in place of the total's formula": (BILL, f"({TOTAL})<f>.*?</f><v>[^<]*</v>", r"\1<v>1</v>"),
    "another result stored": (BILL, f"({TOTAL}<f>.*?</f><v>)[^<]*", r"\g<1>1"),
    "the total's formula gone": (BILL, f"{TOTAL}.*?</c>", ""),
    "another name in the text": (TEXTS, "(<t[^>]*>[^<]*)有限公司", r"\1集团公司"),
    "a line put in": (BILL, '<c r="A31"|<row r="31" (.*?)/>', r'<row r="31" \1><c r="A31"><v>5</v></c></row>'),
    # number formats
    "a format that says 1.00": formats("&quot;¥1.00&quot;"),
    "a format in thousands": formats("#,##0.00,"),
    "a format in millions": formats("0.0,,"),
    "a format that shows nothing": formats(";;;"),
    "a format that shows words": formats("&quot;paid&quot;"),
    "a format of another currency": formats("&quot;$&quot;#,##0.00"),
    "a format without its decimals": formats("&quot;¥&quot;#,##0"),
    "a format that fills": formats("*-"),
    "a format in white": formats("[White]#,##0.00"),
    "a format with a condition": formats("[&gt;100]&quot;¥1.00&quot;;0.00"),
    "a format of percent": formats("0%"),
    "a format as a date": formats("yyyy"),
    "another style for the total": (BILL, TOTAL, '<c r="I27" s="1">'),
    "no style for the total": (BILL, TOTAL, '<c r="I27">'),
    # ink
    "white ink": (STYLES, 'rgb="FF222B30"', 'rgb="FFFFFFFF"'),
    "ink of one point": (STYLES, '<sz val="8.0"/>', '<sz val="1"/>'),
    "ink of symbols": (STYLES, '(<font><b/><sz val="20.0"/>.*?)Microsoft YaHei', r"\1Wingdings"),
    "ink struck through": (STYLES, '<font><b/><sz val="11.0"/>', '<font><b/><strike/><sz val="11.0"/>'),
    "a dark fill": (
        STYLES,
        'patternType="solid"><fgColor rgb="[0-9A-F]*"',
        'patternType="solid"><fgColor rgb="FF222B30"',
    ),
    "a text with a white part": (
        TEXTS,
        "<si><t>(.*?)</t></si>",
        r'<si><r><rPr><color rgb="FFFFFFFF"/></rPr><t>\1</t></r></si>',
    ),
    "a text with other words above it": (
        TEXTS,
        "<si><t>(.*?)</t></si>",
        r'<si><t>\1</t><rPh sb="0" eb="1"><t>6222 0000</t></rPh></si>',
    ),
    "figures raised": (STYLES, '(<font><b/>)(<sz val="11.0"/>)', r'\1\2<vertAlign val="superscript"/>'),
    "figures crossed out": (STYLES, "<border>", '<border diagonalUp="1">'),
    "figures turned": (STYLES, '<alignment horizontal="right"', '<alignment textRotation="90" horizontal="right"'),
    "figures pushed out of their cells": (
        STYLES,
        '<alignment horizontal="right"',
        '<alignment indent="200" horizontal="right"',
    ),
    "digits repeated across": (STYLES, '<alignment horizontal="right"', '<alignment horizontal="fill"'),
    "bold texts made plain": (STYLES, "(<font>)<b/>", r"\1"),
    "words underlined": (STYLES, '<font><b/><sz val="11.0"/>', '<font><b/><u/><sz val="11.0"/>'),
    "long texts that no longer wrap": (STYLES, 'wrapText="1"', ""),
    "texts shrunk to their cells": (STYLES, 'wrapText="1"', 'shrinkToFit="1"'),
    "texts that begin above their cells": (STYLES, 'vertical="(top|center)"', 'vertical="bottom"'),
    "ink in the characters of symbols": (STYLES, "(<font><b/>.*?)<family", r'\1<charset val="2"/><family'),
    "ink in the typeface of the theme": (
        STYLES,
        '<font><b/><sz val="11.0"/>',
        '<font><b/><scheme val="minor"/><sz val="11.0"/>',
    ),
    "another font by which widths are counted": (STYLES, '<fonts(.*?)<sz val="9.0"/>', r'<fonts\1<sz val="72"/>'),
    "a number format twice": (STYLES, '<numFmt numFmtId="165"', '<numFmt numFmtId="165" formatCode="0"/>\\g<0>'),
    "formulas that cannot be looked at": (
        STYLES,
        '<alignment horizontal="right"',
        '<protection hidden="1"/><alignment horizontal="right"',
    ),
    "peak days struck through": (STYLES, "<dxf><font>", "<dxf><font><strike/>"),
    # what a program passes over, and xlbill would not
    "a column hidden, and a foreign one that is not": (
        BILL,
        '<worksheet (.*?)<col min="9"([^>]*)/></cols>',
        rf'<worksheet {MC}\1<col min="9" hidden="1"\2/></cols><z:cols><z:col min="9"\2/></z:cols>',
    ),
    "a row that programs pass over": (
        BILL,
        '<worksheet (.*?)<row (r="27".*?)</row>',
        rf"<worksheet {MC}\1<z:row \2</z:row>",
    ),
    "an ink that programs pass over": (
        STYLES,
        '<styleSheet (.*?)<color rgb="FF222B30"/>',
        rf'<styleSheet {MC}\1<color rgb="FFFFFFFF"/><z:color rgb="FF222B30"/>',
    ),
    "columns as an alternative": (
        BILL,
        "<worksheet (.*?)(<cols>.*?</cols>)",
        rf'<worksheet {MC}\1<mc:AlternateContent><mc:Choice Requires="z"/><mc:Fallback>\2</mc:Fallback>'
        "</mc:AlternateContent>",
    ),
    "a namespace of two meanings": (BILL, "<worksheet (.*?)<row ", rf'<worksheet {MC}\1<row xmlns:z="urn:y" '),
    # what is hidden
    "a hidden total": (BILL, '<row r="27"', '<row r="27" hidden="1"'),
    "a row of no height": (BILL, '(<row r="27"[^>]*?)ht="[^"]*"', r'\1ht="0"'),
    "a row of two points": (BILL, '(<row r="27"[^>]*?)ht="[^"]*"', r'\1ht="2"'),
    "a hidden column": (BILL, '<col min="9"', '<col hidden="1" min="9"'),
    "a narrow column": (BILL, '(<col min="9" max="9" width=")[^"]*', r"\g<1>1"),
    "rows that are hidden unless told": (
        BILL,
        '<sheetFormatPr(.*?<row r="27"[^>]*?) ht="[^"]*" customHeight="1"',
        r'<sheetFormatPr zeroHeight="1"\1',
    ),
    "a hidden sheet": (BOOK, 'sheetId="3"', 'sheetId="3" state="hidden"'),
    "a sheet hidden for good": (BOOK, 'sheetId="2"', 'sheetId="2" state="veryHidden"'),
    "sheets in another order": (BOOK, "(<sheet [^>]*/>)(<sheet [^>]*/>)", r"\2\1"),
    "a sheet under another name": (BOOK, 'name="说明"', 'name="备注"'),
    "zeros that are not shown": (BILL, "<sheetView ", '<sheetView showZeros="0" '),
    "figures cut to what their formats show": (BOOK, "<calcPr ", '<calcPr fullPrecision="0" '),
    "a window that does not show": (BOOK, "<workbookView ", '<workbookView visibility="hidden" '),
    "a window without the tabs of sheets": (BOOK, "<workbookView ", '<workbookView showSheetTabs="false" '),
    "a window as an icon": (BOOK, "<workbookView ", '<workbookView minimized="1" '),
    "a window that cannot be scrolled": (BOOK, "<workbookView ", '<workbookView showVerticalScroll="0" '),
    "pictures and charts not shown": (BOOK, "<workbookPr ", '<workbookPr showObjects="none" '),
    "formulas in place of figures": (BILL, "<sheetView ", '<sheetView showFormulas="1" '),
    "panes frozen over the total": (
        BILL,
        'workbookViewId="0"/>',
        'workbookViewId="0"><pane ySplit="30" state="frozen"/></sheetView>',
    ),
    "rows above of the frozen ones, for ever out of sight": (PRICES, "<sheetView ", '<sheetView topLeftCell="A20" '),
    "words that show where somebody clicks": (BILL, "(<printOptions)", rf"{PROMPT}\1"),
    "a filter": (BILL, "</sheetData>", '</sheetData><autoFilter ref="A8:I20"/>'),
    "a sheet that nobody can select in": (BILL, "</sheetData>", '</sheetData><sheetProtection sheet="1"/>'),
    "formulas of another program": (BILL, "<sheetPr>", '<sheetPr transitionEvaluation="1">'),
    "a value shown otherwise": (BILL, '<c r="I27" ', '<c r="I27" vm="1" '),
    "bars in the total's cell": (BILL, "</worksheet>", SPARKLINE),
    "a sheet that is a chart": (BOOK, "<sheets>", '<sheets><sheet name="Paid" sheetId="9" r:id="rId99"/>'),
    "another workbook behind it": related("externalLink"),
    "macros": related("vbaProject"),
    "menus of its own": ("_rels/.rels", "</Relationships>", related("extensibility")[2]),
    "a link to another bank": (
        BILL,
        "(<printOptions)",
        r'<hyperlinks><hyperlink ref="A2" location="x!A1"/></hyperlinks>\1',
    ),
    # what lies over it
    "a merge over the total": (BILL, '<mergeCell ref="F27:H27"/>', '<mergeCell ref="F27:I27"/>'),
    "a merge undone": (BILL, '<mergeCell ref="F27:H27"/>', ""),
    "a conditional format": (BILL, "<printOptions", f"{RULE}<printOptions"),
    "a conditional format of the newer kind": (BILL, "</worksheet>", EXTENDED),
    "another look of the peak days": (STYLES, "<dxf>.*?</dxf>", '<dxf><numFmt numFmtId="170" formatCode=";;;"/></dxf>'),
    "a shape over the total": (DRAWING, "</xdr:wsDr>", SHAPE),
    "the chart moved": (DRAWING, "<xdr:row>39</xdr:row>", "<xdr:row>2</xdr:row>"),
    "the chart of other cells": (CHART, r"<c:f>[^<]*</c:f>", "<c:f>用量!$B$8:$B$9</c:f>"),
    "the chart hidden": (DRAWING, "<xdr:cNvPr ", '<xdr:cNvPr hidden="1" '),
    "the chart in thousands": (
        CHART,
        "</c:valAx>",
        '<c:dispUnits><c:builtInUnit val="thousands"/></c:dispUnits></c:valAx>',
    ),
    "the chart up to another end": (CHART, "<c:scaling>", '<c:scaling><c:max val="9999999"/>'),
    "the chart with other figures on its axis": (CHART, 'formatCode="#,##0" ', 'formatCode="0,," '),
    "words in the chart": (CHART, "</c:chartSpace>", "<c:userShapes/></c:chartSpace>"),
    "a comment": (
        "xl/worksheets/_rels/sheet3.xml.rels",
        "</Relationships>",
        '<Relationship Id="rId9" Type="http://x/comments" Target="../comments1.xml"/></Relationships>',
    ),
    # paper
    "another account in the footer": (BILL, "(<oddFooter>[^<]*?)C001", r"\1 账号 6222 C001"),
    "another header": (BILL, "(<oddHeader>)[^<]*", r"\1&amp;C正式账单"),
    "a white footer": (BILL, "K66737A", "KFFFFFF"),
    "another first page": (
        BILL,
        "<headerFooter>(.*?)</headerFooter>",
        r'<headerFooter differentFirst="1">\1<firstHeader>x</firstHeader></headerFooter>',
    ),
    "a print area without the total": (BOOK, r"账单!\$A\$1:\$I\$37", "账单!$A$1:$I$25"),
    "no print area": (BOOK, '<definedName name="_xlnm.Print_Area".*?</definedName>', ""),
    "another scale": (BILL, 'fitToPage="1"', 'fitToPage="0"'),
    "another number on the first page": (BILL, "<pageSetup ", '<pageSetup useFirstPageNumber="1" '),
    "margins that cut": (BILL, 'right="0.5"', 'right="5.5"'),
    "a page end before the total": (BILL, "</worksheet>", '<rowBreaks><brk id="26" man="1"/></rowBreaks></worksheet>'),
    # names
    "another cell for the total's name": (BOOK, r"账单!\$I\$27", "账单!$I$28"),
    "a name for a sheet alone": (
        BOOK,
        "</definedNames>",
        '<definedName name="bill.total" localSheetId="0">账单!$I$28</definedName></definedNames>',
    ),
    # twice
    "the total twice": (BILL, f"({TOTAL}.*?</c>)", r'\1<c r="I27"><v>1</v></c>'),
    "the total's row twice": (BILL, '(<row r="27".*?</row>)', r'\1<row r="27"><c r="I27"><v>1</v></c></row>'),
    "two values in a cell": (BILL, f"({TOTAL}.*?</v>)", r"\1<v>1</v>"),
    "one sheet twice": (BOOK, "(<sheet [^>]*/>)", r"\1\1"),
}


@pytest.fixture
def invoice(tmp_path: Path) -> Path:
    path = tmp_path / NAME
    path.write_bytes(CONTENT)
    return path


def verified(path: Path) -> Verified | tuple[object, ...]:
    return verify(path, None, [Manifest("2026-04", {}, {NAME: RECORD})])


def test_there_are_many_ways() -> None:
    assert len(EDITS) > 70


@pytest.mark.parametrize("way", EDITS)
def test_what_was_tampered_with_does_not_hold(invoice: Path, way: str) -> None:
    edit_xml(invoice, *EDITS[way])
    result = verified(invoice)
    if isinstance(result, Verified):
        assert not result.holds, way
        assert result.origin is Origin.CHANGED


def test_a_setting_is_told_before_what_is_as_ever(invoice: Path) -> None:
    edit_xml(invoice, *EDITS["figures cut to what their formats show"])
    result = verified(invoice)
    assert isinstance(result, Verified)
    assert str(dict(result.problems[0].facts)["found"]).startswith("fullPrecision 0; ")


def repacked(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in reversed(parts.items()):
            archive.writestr(name, content)


HARMLESS: dict[str, Callable[[Path], None]] = {
    "packed anew": repacked,
    "another zoom": lambda path: edit_xml(path, BILL, "<sheetView ", '<sheetView zoomScale="150" '),
    "another cell selected": lambda path: edit_xml(
        path, BILL, 'workbookViewId="0"/>', 'workbookViewId="0"><selection activeCell="B2" sqref="B2"/></sheetView>'
    ),
    "a window as programs spell it": lambda path: edit_xml(
        path,
        BOOK,
        "<workbookView ",
        '<workbookView showSheetTabs="true" showHorizontalScroll="true" minimized="false" firstSheet="1" tabRatio="1" ',
    ),
    "scrolled, nothing frozen": lambda path: edit_xml(path, BILL, "<sheetView ", '<sheetView topLeftCell="A20" '),
    "the phonetic setting of a Chinese Excel": lambda path: edit_xml(
        path, TEXTS, "</t></si>", '</t><phoneticPr fontId="1" type="noConversion"/></si>'
    ),
    "a format spelled as Excel does": lambda path: edit_xml(path, STYLES, "yyyy-mm-dd", r"yyyy\\-mm\\-dd"),
    "what Excel notes of a save": lambda path: edit_xml(
        path,
        BOOK,
        "<workbookPr ",
        f'<mc:AlternateContent {MC}><mc:Choice Requires="x15"><a:absPath xmlns:a="urn:a" url="/me/"/></mc:Choice>'
        '</mc:AlternateContent><xr:revisionPtr xmlns:xr="urn:r" revIDLastSave="0"/><workbookPr ',
    ),
    "a label of a house's own secrecy": lambda path: edit_xml(
        path,
        "_rels/.rels",
        "</Relationships>",
        '<Relationship Id="rId9" Type="http://x/classificationlabels" Target="docMetadata/LabelInfo.xml"/>'
        "</Relationships>",
    ),
    "a printer's settings": lambda path: edit_xml(
        path,
        "xl/worksheets/_rels/sheet3.xml.rels",
        "</Relationships>",
        '<Relationship Id="rId9" Type="http://x/printerSettings" Target="../p.bin"/></Relationships>',
    ),
}


@pytest.mark.parametrize("way", HARMLESS)
def test_what_programs_do_when_they_save_is_no_change(invoice: Path, way: str) -> None:
    HARMLESS[way](invoice)
    result = verified(invoice)
    assert isinstance(result, Verified)
    assert (result.problems, result.origin) == ((), Origin.SAVED_AGAIN)


def test_ink_of_the_theme_is_what_the_theme_says(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", {"Invoice": "| amount |\n| 7 |"})
    before = look_of(path)["Invoice"]["fonts"]
    edit_xml(path, THEME, "(?s)(<a:dk1>).*?(</a:dk1>)", r'\1<a:srgbClr val="FFFFFF"/>\2')
    assert look_of(path)["Invoice"]["fonts"] != before


def test_an_invoice_under_the_name_of_another_is_told_even_when_it_was_saved_again(invoice: Path) -> None:
    other = lay_out(free(), pinned())
    own = invoice_record("C002-2026-04.xlsx", other, layout_bytes(other), "C002", "CNY", "0.00")
    manifest = Manifest("2026-04", {}, {NAME: RECORD, own.name: own})
    assert verify(invoice, None, [manifest]).problems == ()  # type: ignore[union-attr]
    wrong = invoice.rename(invoice.with_name(own.name))
    for change in (lambda _: None, repacked):
        change(wrong)
        result = verify(wrong, None, [manifest])
        assert isinstance(result, Verified)
        assert [p.code for p in result.problems] == ["verify-other-file"]
        assert dict(result.problems[0].facts)["customer"] == "C001"


def test_a_part_twice_is_refused(invoice: Path) -> None:
    with zipfile.ZipFile(invoice, "a") as archive:
        archive.writestr("XL/worksheets/sheet1.xml", archive.read(BILL))
    result = verified(invoice)
    assert isinstance(result, tuple)
