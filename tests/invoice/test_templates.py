"""Templates: what finance may change without Python, and what is told where it cannot be."""

import pickle
import struct
import zipfile
import zlib
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.colors import Color

from tests.invoice import bills
from tests.invoice.laid_out import SHIPPED, TEMPLATES, changed, filled, pinned, row_with, sheet_of, shipped, values
from tests.workbooks import write_workbook
from xlbill.invoice import Issuance, Template, lay_out, load_template
from xlbill.invoice.template.marks import BY_KEY, mark_named
from xlbill.ledger.statement_pages import TEMPLATES as TEMPLATES_OF_STATEMENTS
from xlbill.problems import Problem

BARE = {
    "Bill": """
        | {{ customer.name }} | |
        | Amount              | What |
        | {{ line.amount }}   | {{ line.title }} |
        | {{ bill.total }}    | in all |
    """,
    "Rates": """
        | What                | each |
        | {{ price.title }}   | {{ price.price }} |
    """,
    "Data": """
        | {{ usage.app }}    | {{ meter.title }}    | |
        | {{ day.date }}     | {{ column.usage }}   | {{ total.usage }} |
        | {{ month.title }}  | {{ column.month }}   | {{ total.month }} |
    """,
}


def bare(path: Path, **sheets: str) -> tuple[Template | None, list[Problem]]:
    """A template of plain cells; sheets replace or add to the smallest that will do."""
    return load_template(write_workbook(path / "bare.xlsx", {**BARE, **sheets}), "bare.xlsx")


def codes(found: list[Problem]) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.place.cell) for problem in found]


@pytest.mark.parametrize("name", ["invoice.xlsx", "invoice.en.xlsx"])
def test_the_shipped_templates_have_no_problems(name: str) -> None:
    template, found = load_template(SHIPPED / name)
    assert template is not None and not found


OF_STATEMENTS = {key for key, mark in BY_KEY.items() if mark.scope in ("statement", "entry", "open", "age")}
OF_BILLS = set(BY_KEY) - OF_STATEMENTS


@pytest.mark.parametrize("name", TEMPLATES_OF_STATEMENTS.values())
def test_the_shipped_statements_show_everything_that_a_statement_says(name: str) -> None:
    sheet = openpyxl.load_workbook(SHIPPED / name).active
    texts = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)
    assert {key for key in OF_STATEMENTS if "{{ " + key + " }}" not in texts} == {
        "statement.since",
        "statement.currency",
    }


def test_a_statement_s_template_needs_a_cell_for_each_figure(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(SHIPPED / "statement.xlsx")
    for row in book.active.iter_rows():
        for cell in row:
            if cell.value == "{{ open.late }}":
                cell.value = None
    book.save(tmp_path / "statement.xlsx")
    template, found = load_template(tmp_path / "statement.xlsx")
    assert (template, [p.code for p in found]) == (None, ["template-part-missing"])


def test_the_shipped_templates_show_everything_that_a_bill_says() -> None:
    for language in ("zh", "en"):
        template = shipped(language)
        workbook = openpyxl.load_workbook(template.file)
        text = "\n".join(str(c.value) for sheet in workbook for row in sheet.iter_rows() for c in row if c.value)
        text += "".join(str(sheet.oddFooter.center.text) for sheet in workbook)
        left_out = {
            "bill.month",
            "bill.status",
            "bill.total_words",
            "bill.currency",  # its name
            "edition.code",  # what is ours alone
            "edition.hash",
            "line.edition",
            "price.edition",
            "price.model",
            "line.app",
            "warning.text",  # what concerns finance alone
            *(
                "bill.balances",
                "bill.balances_since",
                "bill.balances_used",
                "bill.balances_lapsed",
                "bill.balances_drawn",
            ),  # they stand there in one language
            *("app.code", "app.region", "app.opened"),  # for columns of one's own beside them
            *(f"subscription.{name}" for name in ("item", "option", "start", "end")),
            *("rate.title", "rate.code", "rate.since", "rate.value"),  # they have rows among the prices
            "line.item",
            "line.model",
            "price.item",
            "chart.title",
            "bill.valid_until",  # of a quotation
            "bill.postpaid",
        }
        shown = {key for key in BY_KEY if "{{ " + key + " }}" in text}
        optional = {key for key in BY_KEY if key.startswith(("line.", "price.")) and BY_KEY[key].kind.name != "TEXT"}
        assert OF_BILLS - shown - left_out - optional <= {"meter.unit"}


def test_a_bare_template_is_enough(tmp_path: Path) -> None:
    template, found = bare(tmp_path)
    assert template is not None and not found
    layout = lay_out(bills.ordinary("en"), template)
    bill, rates, data = layout.sheets
    assert [filled(bill)[f"A{row}"] for row in range(3, 7)] == [
        "=ROUND(Rates!C2*Rates!B2,2)",
        "=ROUND(Rates!C3*Rates!B3,2)",
        "=ROUND(Rates!G4*Rates!B4,2)",
        "=SUM(Rates!L5)",
    ]
    assert values(bill)["A6"] == Decimal(4299)
    assert filled(rates)["C1"] == "Quantity"
    assert filled(data)["B32"] == "=MAX(B2:B31)"


def test_columns_rows_and_sheets_go_where_finance_puts_them(tmp_path: Path) -> None:
    template = changed(
        tmp_path / "restyled.xlsx",
        "en",
        ("Invoice", "A20", "{{ line.amount }}"),
        ("Invoice", "I20", "{{ line.title.zh }}"),
        ("Invoice", "G1", "TAX INVOICE"),
    )
    invoice = lay_out(bills.ordinary("en"), template, Issuance()).sheets[0]
    row = row_with(invoice, "专业版")
    assert row["I"] == "专业版"
    assert row["A"] == "=ROUND(B18*Prices!E5,2)"
    assert "TAX INVOICE" in filled(invoice).values()


def test_inserted_rows_and_columns_renamed_sheets_colours_and_logos_carry_over(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(TEMPLATES / "invoice.en.xlsx")
    notes = workbook["Notes"]
    notes.title = "Small print"
    notes.insert_rows(1)
    notes["A1"] = "House style {{ bill.month }}"
    notes["A1"].font = Font(name="Georgia", size=18, color=Color(theme=4, tint=-0.5))
    notes["A1"].fill = PatternFill("solid", fgColor=Color(indexed=13))
    notes.column_dimensions["A"].width = 40
    notes.row_dimensions[1].height = 33
    path = tmp_path / "house.xlsx"
    workbook.save(path)
    template, found = load_template(path)
    assert template is not None and not found
    layout = lay_out(bills.refunding("en"), template)
    sheet = sheet_of(layout, "Small print")
    first = sheet.cells[0]
    assert (first.content, first.style.font.name, first.style.fill) == ("House style 2026-04", "Georgia", "FFFF00")
    assert first.style.font.colour == "254061"  # the theme's accent, half as light
    assert (sheet.columns[1].width, sheet.heights[1]) == (40.0, 33.0)
    assert any("'Small print'!" in str(content) for content in filled(layout.sheets[0]).values())


def png(width: int, height: int) -> bytes:
    """A picture of one colour."""
    rows = b"".join(b"\0" + b"\x1b\x4b\x5a" * width for _ in range(height))
    parts = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)))
    chunks = (*parts, (b"IEND", b""))
    body = b"".join(struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + body


def test_pictures_stand_where_their_rows_go(tmp_path: Path) -> None:
    import xlsxwriter

    logo = tmp_path / "logo.png"
    logo.write_bytes(png(40, 20))
    path = tmp_path / "logo.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        for name, text in BARE.items():
            sheet = workbook.add_worksheet(name)
            rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in text.strip().splitlines()]
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write_string(number, column, cell)
        first = workbook.get_worksheet_by_name("Bill")
        assert first is not None
        first.insert_image(3, 1, str(logo), {"x_offset": 4, "y_offset": 2, "description": "Logo"})
    template, found = load_template(path)
    assert template is not None and not found
    (picture,) = lay_out(bills.ordinary("en"), template).sheets[0].pictures
    assert (picture.row, picture.column, picture.width, picture.height) == (6, 2, 30.0, 15.0)
    assert picture.data == logo.read_bytes() and picture.description == "Logo"


def test_formulas_over_marks_and_cells_follow_the_lines(tmp_path: Path) -> None:
    template, found = bare(
        tmp_path,
        Bill="""
            | {{ customer.name }} |                     |               |
            | {{ group.title }}   | =SUM({{ line.amount }}) |           |
            | {{ line.title }}    | {{ line.amount }}   | =B3*2         |
            | {{ bill.total }}    | =SUM({{ line.amount }}) | =SUM(C3)  |
            | =COUNT(B3) | =IF({{ bill.currency }}="CNY","yuan",{{ bill.currency }}) | in all {{ bill.total }} |
        """,
    )
    assert template is not None and not found
    bill = bills.refunding("en")
    sheet = lay_out(bill, template).sheets[0]
    cells, shown = filled(sheet), values(sheet)
    assert cells["B2"] == "=SUM(B3:B5)"  # a group's own lines
    assert (cells["C3"], cells["C4"]) == ("=B3*2", "=B4*2")
    assert cells["B10"] == "=SUM(B3:B5,B7,B9)"  # all lines
    assert cells["C10"] == "=SUM(C3:C9)"  # over empty cells
    assert (cells["A11"], shown["A11"], shown["B11"]) == ("=COUNT(B3:B5,B7,B9)", Decimal(5), "yuan")
    assert (cells["C11"], shown["C11"]) == ('="in all "&TEXT(A10,"#,##0.00")', "in all 14,104.71")
    assert shown["C10"] == bill.total.number * 2


def test_formulas_that_go_in_a_circle_are_told(tmp_path: Path) -> None:
    template, found = bare(tmp_path, More="| =B1+1 | =SUM(A1:A1) |")
    assert template is None and codes(found) == [("template-formula-circular", "A1")]


def test_a_formula_in_a_column_of_usage_follows_its_own_days(tmp_path: Path) -> None:
    template, found = bare(tmp_path, Data=BARE["Data"] + "| {{ usage.app }} spread | =MAX(B2)-MIN(B2) | =MAX(C2) |")
    assert template is not None and not found
    sheet = lay_out(bills.refunding("en"), template).sheets[2]
    spread = row_with(sheet, "chat-prod spread")
    assert (spread["B"], spread["D"]) == ("=MAX(B2:B31)-MIN(B2:B31)", "=MAX(D2:D31)-MIN(D2:D31)")
    assert spread["E"] == "=MAX(E2:E31)"


def test_a_blank_mark_takes_the_text_before_it_along(tmp_path: Path) -> None:
    line = "{{ line.period }} · {{ line.contract }} · {{ line.pay }}"
    template, _ = bare(tmp_path, Bill=BARE["Bill"] + f"| {{{{ line.amount }}}} | {line} |")
    assert template is not None
    texts = [str(c) for c in filled(lay_out(bills.ordinary("en"), template).sheets[0]).values()]
    assert "2026-04-08 – 2026-05-07 · Prepaid" in texts


@pytest.mark.parametrize(
    ("text", "shown_as"),
    [
        ("{{ line.contract }} · tax {{ line.pay }}", "tax Prepaid"),
        ("Contract {{ line.contract }} · {{ line.pay }}", "Prepaid"),
        ("{{ line.contract }} and {{ line.pay }}", "Prepaid"),
        ("Contract {{ line.contract }}; no. {{ line.remark }}; way: {{ line.pay }}", "way: Prepaid"),
    ],
)
def test_the_first_mark_that_is_not_blank_keeps_its_label(tmp_path: Path, text: str, shown_as: str) -> None:
    template, _ = bare(tmp_path, Bill=BARE["Bill"] + f"| {{{{ line.amount }}}} | {text} |")
    assert template is not None
    assert shown_as in [str(c) for c in filled(lay_out(bills.ordinary("en"), template).sheets[0]).values()]


MISTAKES = """
| {{ line.amout }}                     | template-mark-unknown | A1 |
| {{ line.figures.surcharge }}         |                       |    |
| {{ group.figures.surcharge }}        | template-mark-unknown | A1 |
| {{ line.title                        | template-mark-broken  | A1 |
| line.title }}                        | template-mark-broken  | A1 |
| {{ with packs }}                     | template-mark-unknown | A1 |
| {{ with pack }}                      |                       |    |
| {{ look up }}                        | template-mark-unknown | A1 |
| {{ line.title }} {{ tax.net }}       | template-row-mixed    | 1  |
| {{ line.title }} {{ group.title }}   |                       |    |
| =ROUNDS({{ line.amount }},2)         | formula-unknown-function | A1 |
| =NOW()                               | formula-volatile-function | A1 |
| =SUM({{ line.amount }}               | formula-syntax        | A1 |
| =SUM(line.amount)                    | template-formula-name | A1 |
| =SUM({{ column.usage }})             | template-formula-name | A1 |
"""


@pytest.mark.parametrize("row", [line.strip()[1:-1] for line in MISTAKES.strip().splitlines()])
def test_mistakes_are_told_with_their_cell(tmp_path: Path, row: str) -> None:
    text, code, cell = (part.strip() for part in row.rsplit("|", 2))
    template, found = bare(tmp_path, More=f"| {text} |")
    assert codes(found) == ([(code, cell)] if code else [])
    assert (template is None) == bool(code)


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    _, found = bare(tmp_path, Bill="| {{ customer.name }} |")
    assert [dict(p.facts)["mark"] for p in found] == ["{{ line.title }}", "{{ line.amount }}", "{{ bill.total }}"]


def test_what_cannot_be_carried_over_is_named_with_its_cell(tmp_path: Path) -> None:
    from openpyxl.comments import Comment
    from openpyxl.formatting.rule import Rule
    from openpyxl.styles.differential import DifferentialStyle
    from openpyxl.worksheet.datavalidation import DataValidation

    workbook = openpyxl.load_workbook(TEMPLATES / "invoice.xlsx")
    sheet = workbook["账单"]
    sheet["B20"].comment = Comment("note", "me")
    sheet["A36"].hyperlink = "https://example.com"
    last_week = Rule("timePeriod", timePeriod="lastWeek", dxf=DifferentialStyle(Font(color="FF0000")))
    sheet.conditional_formatting.add("I24:I25", last_week)
    validation = DataValidation("whole")
    validation.add("G20")
    sheet.add_data_validation(validation)
    path = tmp_path / "rich.xlsx"
    workbook.save(path)
    template, found = load_template(path)
    assert template is not None
    assert {(p.code, p.place.cell) for p in found} == {
        ("template-not-carried", c) for c in ("B20", "A36", "I24", "G20")
    }


@pytest.mark.parametrize("part", ["xl/vbaProject.bin", "xl/pivotTables/pivotTable1.xml", "xl/externalLinks/one.xml"])
def test_what_makes_figures_by_itself_is_refused(tmp_path: Path, part: str) -> None:
    path = tmp_path / "refused.xlsx"
    path.write_bytes((TEMPLATES / "invoice.xlsx").read_bytes())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(part, "x")
    template, found = load_template(path)
    assert template is None and [p.code for p in found] == ["template-refused"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"a,b\n1,2\n"])
def test_files_that_are_no_workbooks_are_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "template.xlsx"
    path.write_bytes(content)
    template, found = load_template(path)
    assert template is None and found and all(p.severity == "error" or p.code == "wrong-extension" for p in found)


def test_a_sheet_that_ran_away_is_told(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(TEMPLATES / "invoice.xlsx")
    workbook["说明"]["A9000"] = "far"
    workbook.save(tmp_path / "far.xlsx")
    _, found = load_template(tmp_path / "far.xlsx")
    assert "template-too-large" in [p.code for p in found]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_template_goes_into_other_processes(language: str) -> None:
    template = pinned(language)
    assert pickle.loads(pickle.dumps(template)) == template
    assert pickle.loads(pickle.dumps(mark_named("line.figures.surcharge"))).key == "line.figures.surcharge"
