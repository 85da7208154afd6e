"""Invoices as files: words stay words, the same bill is the same bytes, and LibreOffice agrees to the fen."""

import math
import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from tests.invoice import bills
from tests.invoice.laid_out import TEMPLATES, filled, pinned
from tests.libreoffice.soffice import computed, recalculate, requires_soffice, to_pdf
from xlbill.formula import Fault, Lookup, evaluate, parse
from xlbill.formula.tree import Range, Ref
from xlbill.formula.values import Value
from xlbill.invoice import Issuance, lay_out, load_template
from xlbill.language import LANGUAGES, Label
from xlbill.money import Currency
from xlbill.rating.bill import Bill
from xlbill.workbook import write_layout

EVERY_BILL = [
    pytest.param(make, language, id=f"{make.__name__}-{language}")
    for make in (bills.ordinary, bills.long, bills.free, bills.refunding)
    for language in ("zh", "en")
]
HOSTILE = (
    "=1+1",
    '=HYPERLINK("http://x","y")',
    "+1",
    "-1",
    "@SUM(A1)",
    "http://example.com",
    "mailto:a@b.c",
    "'=1",
    "00123",
)


def written(path: Path, bill: Bill, draft: bool = False) -> Path:
    write_layout(lay_out(bill, pinned(bill.customer.language), Issuance("INV-1", draft=draft)), path)
    return path


@pytest.mark.parametrize("text", HOSTILE)
def test_what_customers_say_is_text_and_nothing_else(tmp_path: Path, text: str) -> None:
    name = Label(text, text)
    bill = bills.ordinary("en")
    line = replace(bill.lines[0], title=name, remark=name, contract=text)
    hostile = replace(
        bill,
        customer=replace(bill.customer, name=name, address=text, code=text, bank=text),
        lines=(line, *bill.lines[1:]),
        remarks=(name,),
    )
    workbook = openpyxl.load_workbook(written(tmp_path / "a.xlsx", hostile))
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert sum(cell.value == text and cell.data_type == "s" for cell in cells) >= 4
    assert not any(cell.hyperlink for cell in cells)
    live = [str(cell.value) for cell in cells if cell.data_type == "f"]
    assert text not in live and not any("HYPERLINK" in formula for formula in live)


def test_words_around_a_figure_cannot_break_out_of_their_formula(tmp_path: Path) -> None:
    bill = bills.ordinary("en")
    layout = lay_out(bill, pinned("en"))
    words = next(c.content for c in layout.sheets[0].cells if str(c.content).count("Total in words"))
    assert not isinstance(parse(f"={words.text}"), Fault)  # type: ignore[union-attr]


@pytest.mark.parametrize(("make", "language"), EVERY_BILL)
def test_the_same_bill_is_the_same_bytes(tmp_path: Path, make: object, language: str) -> None:
    first = written(tmp_path / "first.xlsx", make(language)).read_bytes()  # type: ignore[operator]
    assert written(tmp_path / "second.xlsx", make(language)).read_bytes() == first  # type: ignore[operator]


def test_the_date_of_the_file_is_that_of_the_bill(tmp_path: Path) -> None:
    with zipfile.ZipFile(written(tmp_path / "a.xlsx", bills.ordinary())) as archive:
        core = archive.read("docProps/core.xml").decode()
    assert core.count("2026-05-01T00:00:00Z") == 2


@pytest.mark.parametrize(("make", "language"), EVERY_BILL)
def test_every_formula_in_the_file_has_the_value_that_it_evaluates_to(
    tmp_path: Path, make: object, language: str
) -> None:
    """Read back with the exact engine: the file alone, without the bill that it was made from."""
    path = written(tmp_path / "a.xlsx", make(language))  # type: ignore[operator]
    formulas, shown = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    count = 0
    for sheet in formulas:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            expr = parse(str(cell.value))
            assert not isinstance(expr, Fault), cell.value
            value = evaluate(expr, looking_into(shown, sheet.title))
            assert same(value, shown[sheet.title][cell.coordinate].value), (sheet.title, cell.coordinate, cell.value)
            count += 1
    assert count > 30


def looking_into(workbook: openpyxl.Workbook, sheet: str) -> Lookup:
    """The cached values of a file, by reference."""

    def value(of: str, row: int, column: int) -> Value:
        found = workbook[of].cell(row, column).value
        if isinstance(found, bool | str) or found is None:
            return found
        if isinstance(found, int | float):
            return Decimal(repr(found))
        return Decimal((found.date() - bills.date(1899, 12, 30)).days)

    def look_up(node: object) -> object:
        if isinstance(node, Range):
            first, last = node.first, node.last
            rows = range(first.row, last.row + 1)
            columns = range(first.column, last.column + 1)
            return tuple(tuple(value(first.sheet or sheet, row, column) for column in columns) for row in rows)
        assert isinstance(node, Ref)
        return value(node.sheet or sheet, node.row, node.column)

    return look_up  # type: ignore[return-value]


def same(one: object, other: object) -> bool:
    if one == "":
        return other is None  # openpyxl's way to say so
    if isinstance(one, str) or isinstance(other, str) or other is None:
        return one == other
    number = bills.date(1899, 12, 30)
    if hasattr(other, "date"):
        return one == (other.date() - number).days
    return math.isclose(float(one), float(other), rel_tol=1e-12, abs_tol=1e-12)  # type: ignore[arg-type]


def test_no_formula_comes_without_a_value(tmp_path: Path) -> None:
    with zipfile.ZipFile(written(tmp_path / "a.xlsx", bills.refunding())) as archive:
        for name in (name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")):
            root = ElementTree.fromstring(archive.read(name))
            space = root.tag.partition("}")[0] + "}"
            for cell in root.iter(f"{space}c"):
                valued = cell.findtext(f"{space}v") or cell.get("t") == "str"  # an empty text is a value, too
                assert cell.find(f"{space}f") is None or valued


def test_yen_have_no_decimals_anywhere(tmp_path: Path) -> None:
    bill = bills.bill_of(
        [bills.fee("app", Label("版", "Plan"), "1299", 5)], to=bills.customer("en"), currency=Currency("JPY", 0)
    )
    sheet = openpyxl.load_workbook(written(tmp_path / "a.xlsx", bill))["Invoice"]
    formats = {cell.number_format for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert '"¥"#,##0' in formats and not any("0.00" in number_format for number_format in formats)


@requires_soffice
@pytest.mark.libreoffice
def test_libreoffice_comes_to_the_same_figures(tmp_path: Path) -> None:
    paths = [
        written(tmp_path / f"{param.id}.xlsx", param.values[0](param.values[1]), draft=True)  # type: ignore[operator]
        for param in EVERY_BILL
    ]
    for path, again in zip(paths, recalculate(paths, tmp_path / "again"), strict=True):
        for number in range(1, 5):
            ours, theirs = computed(path, number), computed(again, number)
            assert ours.keys() == theirs.keys()
            assert [cell for cell in ours if not close(ours[cell], theirs[cell])] == [], (path.name, number)


def close(one: float | str | bool, other: float | str | bool) -> bool:
    return one == other or (isinstance(one, float) and math.isclose(one, float(other), rel_tol=1e-12))


@requires_soffice
@pytest.mark.libreoffice
def test_changing_a_day_of_usage_changes_the_total_and_the_words_say_so(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", bills.ordinary())
    workbook = openpyxl.load_workbook(path)
    usage = workbook["用量"]
    day = next(row for row in range(1, 60) if usage.cell(row, 3).value == 15_000)
    usage.cell(day, 3).value = 31_000
    workbook.save(tmp_path / "changed.xlsx")
    (again,) = recalculate([tmp_path / "changed.xlsx"], tmp_path / "again")
    sheet = openpyxl.load_workbook(again, data_only=True)
    values = [cell.value for row in sheet["账单"].iter_rows() for cell in row]
    total = sheet.defined_names["bill.total"].attr_text.rpartition("!")[2].replace("$", "")
    assert sheet["账单"][total].value == 1299 + 2000 + 3 * 1000
    assert "总额大写　金额已变更，请重新生成" in values


@requires_soffice
@pytest.mark.libreoffice
def test_each_sheet_of_an_ordinary_bill_prints_on_one_page(tmp_path: Path) -> None:
    makes = (bills.ordinary, bills.refunding, bills.free)
    paths = [
        written(tmp_path / f"{make.__name__}-{language}.xlsx", make(language), draft=True)
        for make in makes
        for language in LANGUAGES
    ]
    for pdf in to_pdf(paths, tmp_path / "pdf"):
        assert len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes())) == 4, pdf.name


@requires_soffice
@pytest.mark.libreoffice
def test_a_template_saved_by_another_program_gives_the_same_invoice(tmp_path: Path) -> None:
    (saved,) = recalculate([TEMPLATES / "invoice.xlsx"], tmp_path / "saved")
    template, found = load_template(saved)
    assert template is not None and not found
    ours, theirs = (lay_out(bills.refunding(), t).sheets for t in (pinned(), template))
    assert [filled(sheet) for sheet in theirs] == [filled(sheet) for sheet in ours]
