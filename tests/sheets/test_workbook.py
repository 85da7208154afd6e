"""Workbooks in memory: values, formulas with their results, and everything at its place."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.sheets import build
from tests.workbooks import edit_xml, write_workbook
from xlbill.formula import ExcelError
from xlbill.sheets import SheetCells, read_workbook


def only_sheet(path: Path) -> SheetCells:
    workbook, found = read_workbook(path, path.name)
    assert workbook is not None, found
    assert not found
    (sheet,) = workbook.sheets
    return sheet


def values(sheet: SheetCells) -> dict[str, object]:
    return {str(cell.place.cell): cell.value for cell in sheet.cells.values()}


def test_values_are_exact_and_typed(tmp_path: Path) -> None:
    path = tmp_path / "values.xlsx"
    workbook = xlsxwriter.Workbook(path)
    sheet = workbook.add_worksheet("values")
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, [0.1, 1299.0, 7.0000000000000007e-2, "text", True, "  "])
    sheet.write_datetime(1, 0, date(2026, 4, 1), day)
    sheet.write_formula(1, 1, "=A1*2", value=0.2)
    sheet.write_formula(1, 2, "=1/0", value="#DIV/0!")
    workbook.close()
    cells = only_sheet(path)
    assert values(cells) == {
        "A1": Decimal("0.1"),
        "B1": Decimal("1299"),
        "C1": Decimal("0.07"),
        "D1": "text",
        "E1": True,
        "A2": date(2026, 4, 1),
        "B2": Decimal("0.2"),
        "C2": ExcelError.DIV0,
    }
    assert cells.cell(2, 2).formula == "=A1*2"


def test_a_formula_that_gave_no_text_was_calculated(tmp_path: Path) -> None:
    data = '<sheetData><row r="1"><c r="A1" t="str"><f>IF(TRUE,"")</f><v></v></c></row></sheetData>'
    cell = only_sheet(build.package(tmp_path / "blank.xlsx", data)).cell(1, 1)
    assert (cell.value, cell.never_calculated, cell.blank) == ("", False, True)


def test_a_formula_that_was_never_calculated(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    workbook.active["A1"] = "=1+1"
    workbook.save(tmp_path / "new.xlsx")
    cell = only_sheet(tmp_path / "new.xlsx").cell(1, 1)
    assert (cell.value, cell.formula, cell.never_calculated) == (None, "=1+1", True)


@pytest.mark.parametrize("master_first", [True, False])
def test_shared_formulas_are_told_for_each_cell(tmp_path: Path, master_first: bool) -> None:
    master = '<row r="1"><c r="B1"><f t="shared" si="0" ref="B1:B2">A1*$C$1</f><v>1</v></c></row>'
    shared = '<row r="2"><c r="B2"><f t="shared" si="0"/><v>2</v></c></row>'
    rows = master + shared if master_first else shared + master
    sheet = only_sheet(build.package(tmp_path / "shared.xlsx", f"<sheetData>{rows}</sheetData>"))
    assert (sheet.cell(1, 2).formula, sheet.cell(2, 2).formula) == ("=A1*$C$1", "=A2*$C$1")


def test_figures_are_shown_as_the_sheet_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "shown.xlsx"
    workbook = xlsxwriter.Workbook(path)
    sheet = workbook.add_worksheet()
    sheet.write_number(0, 0, 1000, workbook.add_format({"num_format": "#,##0.00"}))
    sheet.write_number(0, 1, 0.06, workbook.add_format({"num_format": "0%"}))
    sheet.write_number(0, 2, 1000)
    workbook.close()
    cells = only_sheet(path)
    assert [cells.cell(1, column).shown for column in (1, 2, 3)] == ["1,000", "6%", "1000"]


@pytest.mark.parametrize(
    "make", [build.strict_workbook, build.wrong_dimension, build.absurd_dimension, build.prefixed_names]
)
def test_odd_workbooks_are_read_like_any_other(tmp_path: Path, make: object) -> None:
    path = make(tmp_path)  # type: ignore[operator]
    assert [values(only_sheet(path))[cell] for cell in ("A1", "D2", "D3")] == ["app", Decimal(100), Decimal(120)]


def test_hidden_and_merged_cells_are_known(tmp_path: Path) -> None:
    path = tmp_path / "merged.xlsx"
    workbook = xlsxwriter.Workbook(path)
    sheet = workbook.add_worksheet()
    sheet.merge_range("A1:C1", "title")
    sheet.write(1, 0, "x")
    sheet.set_row(1, None, None, {"hidden": True})
    sheet.set_column("B:B", None, None, {"hidden": True})
    workbook.close()
    cells = only_sheet(path)
    assert (cells.merged, cells.hidden_rows, cells.hidden_columns) == (((1, 1, 1, 3),), {2}, {2})


def test_csv_is_a_workbook_of_one_sheet(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_bytes(build.csv_bytes([["item", "price"], ["dau", "two\nlines"], ["ods", ""]], "utf-8-sig"))
    sheet = only_sheet(path)
    assert sheet.name == "prices"
    assert values(sheet) == {"A1": "item", "B1": "price", "A2": "dau", "B2": "two\nlines", "A3": "ods"}


def test_ods_is_read_apart(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>app</text:p></table:table-cell>'
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="usage"><table:table-row>{cell}</table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    assert values(only_sheet(build.ods(tmp_path / "a.ods", content))) == {"A1": "app"}


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ('0"万"', '25"万"'),
        ("0\\万", '25"万"'),
        ('#,##0.0"万人"', '25"万人"'),
        ('0"k"', '25"k"'),
        ('0.0,"万"', Decimal(25)),  # scaled: what stands there is shown in ten thousands
        ('0!.0000"万"', Decimal(25)),
        ('0"千瓦时"', Decimal(25)),  # a unit of its own
        ('0.00"元/万人"', Decimal(25)),
        ('0"人"', Decimal(25)),
    ],
)
def test_a_number_that_its_format_shows_as_another_is_no_number(tmp_path: Path, code: str, value: object) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet().write_number(0, 0, 25, workbook.add_format({"num_format": code}))
    read, _ = read_workbook(path)
    assert read is not None
    assert read.sheets[0].cell(1, 1).value == value


def test_what_a_cell_shows_as_a_span_of_time_is_no_fraction_of_a_day(tmp_path: Path) -> None:
    path = tmp_path / "spans.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        for row, (value, form) in enumerate([(100 / 24, "[h]:mm:ss"), (0.5, "h:mm"), (0.5, "0.0")]):
            sheet.write_number(row, 0, value, workbook.add_format({"num_format": form}))
        sheet.set_row(1, 0)
    read, _ = read_workbook(path)
    assert read is not None
    assert [read.sheets[0].cell(row, 1).value for row in (1, 2, 3)] == ["100:00:00", "12:00:00", Decimal("0.5")]
    assert read.sheets[0].hidden_rows == {2}


@pytest.mark.parametrize("written", ["1_0", "٣_", "1E999", "NaN", "0x10"])
def test_what_is_a_number_to_python_alone_is_none(tmp_path: Path, written: str) -> None:
    path = write_workbook(tmp_path / "a.xlsx", {"A": "| a |\n| 8 |"})
    edit_xml(path, "xl/worksheets/sheet1.xml", "<v>8</v>", f"<v>{written}</v>")
    workbook, _ = read_workbook(path)
    assert workbook is not None
    assert workbook.sheets[0].cell(2, 1).value == written
