"""The formula engine against LibreOffice: thousands of formulas, written to a file and recalculated there.

Every formula goes into the file with a wrong cached value; it must come back as the engine computed it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from formula_generator import COLUMNS, DATA_SHEET, NAMED, Generator
from soffice import computed, recalculate, requires_soffice

from xlbill import formula
from xlbill.cells import Address, column_number, quote_sheet
from xlbill.formula import ExcelError, Expr, Fault, Name, Range, Ref, Value

pytestmark = [pytest.mark.libreoffice, requires_soffice]

SEEDS = (1, 2, 3)
FORMULAS_PER_SEED = 1_600
WRONG = -987_654.25
TOLERANCE = 1e-9  # relative: LibreOffice computes in binary floats

# Where xlbill follows Excel (or refuses) and LibreOffice 7.4 does not: the formula, xlbill's value, the other, and why.
DIFFERENCES: tuple[tuple[str, Value, object, str], ...] = (
    ("SUM(yes,1)", Decimal(1), 2, "LibreOffice has no logical type: a TRUE in a cell is the number 1"),
    ("COUNT(yes)", Decimal(0), 1, "the same"),
    ("ISNUMBER(yes)", False, True, "the same"),
    ('yes&""', "TRUE", "1", "the same"),
    ("TRUE>=2", True, False, "the same: Excel orders logical values after numbers"),
    ("FALSE=0", False, True, "the same"),
    ('SUM("3",1)', Decimal(4), "#VALUE!", "a text given to SUM counts in Excel if it spells a number"),
    ('MAX("3",1)', Decimal(3), "#VALUE!", "the same"),
    ("IF(digits,1,2)", ExcelError.VALUE, 1, 'only "TRUE" and "FALSE" are conditions in Excel, not "3"'),
    ("0^0", ExcelError.NUM, 1, "Excel refuses 0^0"),
    ("(-8)^(1/3)", ExcelError.NUM, -2, "LibreOffice takes odd roots of negative numbers"),
    ("MROUND(-5,2)", ExcelError.NUM, -6, "Excel wants one sign for the number and its multiple"),
    ("MATCH(empty,E$1:E$10,0)", Decimal(1), "#N/A", "an empty cell is looked up as 0 in Excel"),
    ("VALUE(yes)", ExcelError.VALUE, 1, "LibreOffice has no logical type"),
    ('OR("TRUE")', True, "#VALUE!", "Excel takes the texts TRUE and FALSE for conditions"),
    ("COUNTIF(F$1:F$10,2)", Decimal(1), 0, "in a condition of Excel's, 2 and a text that spells 2 are equal"),
    ('0.00001&""', "1E-05", "0.00001", "below 0.0001 Excel writes numbers with an exponent"),
    ('1E20*10&""', "1E+21", "1E+021", "Excel's exponents have two digits"),
    ('123456789012345678&""', "123456789012346000", "1.23456789012346E+017", "Excel writes up to 21 digits"),
    ('DATEDIF(start,day,"md")', ExcelError.NUM, 28, "left out: Excel's own manual warns of this unit"),
    ('SUMIF(C$1:C$10,">1",D$1:D$4)', ExcelError.VALUE, 29.75, "refused: Excel would sum cells that are not named"),
    ("DAY(1)", Decimal(1), 31, "LibreOffice counts days from 1899-12-30; from 1900-03-01 on both agree"),
    ('"a,b"<"a-b"', True, False, "LibreOffice sorts by the locale, xlbill by code point"),
    ("RANK(1,C$1:C$10)", ExcelError.NA, 9, "a number that is not among those ranked has no rank in Excel"),
    ('NUMBERVALUE("1,234.5")', Decimal("1234.5"), "#VALUE!", "LibreOffice wants the decimal sign, Excel does not"),
    ('NUMBERVALUE("",".",",")', Decimal(0), "#VALUE!", "an empty text is 0 in Excel"),
    ('FIND("",word)', Decimal(1), "#VALUE!", "an empty text stands at the beginning in Excel"),
    ('MATCH("x",{0,10,50})', ExcelError.NA, 3, "a text does not match a number in Excel"),
    ('TEXT(0.999,"hh:mm:ss")', "23:58:34", "23:58:33", "Excel rounds to the second"),
    ("RATE(1,-30,100,0,1)", ExcelError.NUM, -1, "there is no such rate: Excel says so"),
    ('XLOOKUP(5,C$1:C$10,D$1:D$10,"none")', "none", "#NAME?", "XLOOKUP came with LibreOffice 24.8"),
)


def data_cells() -> dict[Address, object]:
    """The cells that the formulas refer to, as a person would type them."""
    cells: dict[Address, object] = {Address(DATA_SHEET, row, 1): content for row, content in NAMED.values()}
    for letters, column in COLUMNS.items():
        cells |= {Address(DATA_SHEET, row, column_number(letters)): content for row, content in enumerate(column, 1)}
    return {place: content for place, content in cells.items() if content is not None and content != ""}


def is_formula(content: object) -> bool:
    return isinstance(content, str) and content.startswith("=")


def parsed(text: str) -> Expr:
    expr = formula.parse(text)
    assert not isinstance(expr, Fault), expr
    return expr


def place(node: Name | Ref | Range) -> str:
    """Where a name or a reference of the generator stands in the file."""
    if isinstance(node, Name):
        return formula.spell(Ref(DATA_SHEET, 1, NAMED[node.name][0], True, True))
    return f"{quote_sheet(DATA_SHEET)}!{formula.spell(node)}"


def in_file(formulas: Sequence[str]) -> list[str]:
    """The formulas with their names as cells, as the file stores them."""
    return [formula.write(parsed(text), place, file=True) for text in formulas]


def write_workbook(path: Path, formulas: Sequence[str]) -> None:
    """The formulas in A1, A2, ... of the first sheet, each with a wrong cached value."""
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet, data = workbook.add_worksheet("公式"), workbook.add_worksheet(DATA_SHEET)
        for row, text in enumerate(in_file(formulas)):
            assert sheet.write_formula(row, 0, f"={text}", None, WRONG) == 0
        for (_, row, column), content in data_cells().items():
            value = WRONG if is_formula(content) else None
            assert data.write(row - 1, column - 1, content, *([None, value] if value else [])) == 0


def engine_values(formulas: Sequence[str]) -> list[Value]:
    """The same workbook, recalculated by the engine."""
    cells: dict[Address, Value | Expr] = {}
    for where, content in data_cells().items():
        if is_formula(content):
            cells[where] = parsed(str(content).replace("NA()", "#N/A"))
        else:
            cells[where] = content if isinstance(content, (bool, str)) else Decimal(repr(content))
    cells |= {Address("公式", row, 1): parsed(text) for row, text in enumerate(in_file(formulas), 1)}
    values = formula.recalculate(cells)
    return [values[Address("公式", row, 1)] for row in range(1, len(formulas) + 1)]


def agree(ours: Value, theirs: object) -> bool:
    """The same number but for the last bits, the same text, or an error on both sides.

    A logical value may come back as 0 or 1, and these as logical values: LibreOffice has no logical type.
    """
    if isinstance(ours, ExcelError):
        return isinstance(theirs, str) and theirs.startswith("#")
    if isinstance(ours, str):
        return ours == theirs
    assert ours is not None
    return isinstance(theirs, (int, float)) and abs(float(ours) - theirs) <= TOLERANCE * max(1.0, abs(float(ours)))


def test_recalculation_corrects_a_planted_wrong_value(tmp_path: Path) -> None:
    """Without this the comparison would prove nothing: LibreOffice may hand back what it was given."""
    path = tmp_path / "planted.xlsx"
    write_workbook(path, ["2+2"])
    assert computed(path) == {"A1": WRONG}
    (recalculated,) = recalculate([path], tmp_path / "out")
    assert computed(recalculated) == {"A1": 4.0}


def test_generated_formulas_come_out_the_same(tmp_path: Path) -> None:
    """One start of LibreOffice for all files; every disagreement is shown."""
    batches = {tmp_path / f"seed-{seed}.xlsx": Generator(seed).formulas(FORMULAS_PER_SEED) for seed in SEEDS}
    for path, formulas in batches.items():
        write_workbook(path, formulas)
    disagreements = []
    for path, formulas in zip(recalculate(list(batches), tmp_path / "out"), batches.values(), strict=True):
        theirs = computed(path)
        assert len(theirs) == len(formulas)
        for row, (text, ours) in enumerate(zip(formulas, engine_values(formulas), strict=True), 1):
            if not agree(ours, theirs[f"A{row}"]):
                disagreements.append(f"{path.stem} A{row} ={text}: xlbill {ours}, LibreOffice {theirs[f'A{row}']!r}")
    assert not disagreements, "\n".join(disagreements)


@pytest.fixture(scope="module")
def libreoffice_says(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("differences")
    formulas = [text for text, _, _, _ in DIFFERENCES]
    write_workbook(folder / "differences.xlsx", formulas)
    (recalculated,) = recalculate([folder / "differences.xlsx"], folder / "out")
    return dict(zip(formulas, computed(recalculated).values(), strict=True))


@pytest.mark.parametrize(("text", "excel", "libreoffice", "reason"), DIFFERENCES, ids=[row[0] for row in DIFFERENCES])
def test_known_difference(
    libreoffice_says: dict[str, object], text: str, excel: Value, libreoffice: object, reason: str
) -> None:
    """xlbill gives Excel's value; LibreOffice gives the other one, or Excel's too once it is mended."""
    (ours,) = engine_values([text])
    assert ours == excel and type(ours) is type(excel)
    theirs = libreoffice_says[text]
    assert agree(excel, theirs) or theirs == libreoffice, reason
