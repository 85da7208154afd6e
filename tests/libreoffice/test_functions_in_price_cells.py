"""The functions that finance asks for, in price cells: live on the invoice, and over cells of the price book.

A price cell over names is a formula of the invoice's price sheet; one over cells of the book counts as its figure.
Both come out in LibreOffice, and in ironcalc, as xlbill computes them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.cell import coordinate_from_string
from soffice import recalculate, requires_soffice
from test_formula import parsed
from test_invoices import same, values

from tests.examples.run import Example, Expected, outcome, template, workspace
from xlbill.cells import column_number
from xlbill.formula import write
from xlbill.invoice import lay_out
from xlbill.periods import Month
from xlbill.rating.bill import Bill
from xlbill.workbook import write_layout

pytestmark = pytest.mark.libreoffice
ironcalc = pytest.importorskip("ironcalc", reason="ironcalc comes with the extra `test`")

# calls are 7, usd is 7.25, day is 2026-04-01
NEWER = ("LET(x,calls.quantity*usd,ROUND(x,1))", "XMATCH(calls.quantity,{5,7,9})")  # LibreOffice has them from 24.8 on
OVER_NAMES = (
    "LARGE(CHOOSE({1,2,3},calls.quantity,usd,5),2)", "SMALL({3,1,2},2)*usd",
    "MEDIAN(calls.quantity,usd,9)", "PERCENTILE.INC({1,2,3,4},0.3)*usd", "PERCENTILE.EXC({1,2,3,4},0.3)*usd",
    "DAYS360(day,day+40)", "DAYS360(day,day+29,TRUE)", "YEARFRAC(day,day+100,1)*calls.quantity", "YEARFRAC(day,day+91)",
    "NETWORKDAYS(day,day+20)", "WORKDAY(day,5)-day", "WEEKNUM(day)", "WEEKNUM(day,2)", "TIME(calls.quantity,30,0)*24",
    "HOUR(usd/10)", "MINUTE(usd/10)", 'DATEVALUE("2026-04-30")-day', "EXP(1/calls.quantity)", "LN(calls.quantity)",
    "LOG(calls.quantity,2)", "LOG(usd)", "LOG10(usd)", "PMT(0.01,12,-1000*usd)", "PV(0.01,12,-usd)", "FV(0.01,12,-usd)",
    "NPV(0.1,calls.quantity,usd)", "RATE(12,-usd*20,1000)", "NPER(0.01,-100,100*usd)", "SLN(1000,usd,calls.quantity)",
    "GCD(calls.quantity*6,28)", "LCM(calls.quantity,4)", "EVEN(usd)", "ODD(usd)", "IF(ISNA(NA()),usd,1)",
    "SUMPRODUCT(TRANSPOSE({1,2,3}),{4;5;6})*usd", 'FIND("b","abc")*usd', 'SEARCH("?c","abc")*usd',
    'VALUE(REPLACE("123",2,1,"9"))*usd', 'NUMBERVALUE("1.234,5",",",".")/usd',
    'VALUE(TEXT(usd,"0.0"))', 'LEN(TEXT(usd,"¥#,##0.00"))*usd', 'LEN(TEXT(usd,"0.00元"))*usd',
    'LEN(TEXT(day,"mmm d, yyyy"))*usd', 'SWITCH("Pro","Free",0,"Pro",usd,2)',
    "LOOKUP(calls.quantity,{0,5,10},{0.05,0.04,0.03})",
)  # fmt: skip
OVER_CELLS = (
    'COUNTIFS(E$2:E$3,">1",E$2:E$3,"<3")', 'AVERAGEIFS(E$2:E$3,E$2:E$3,">1")', 'MAXIFS(E$2:E$3,E$2:E$3,">1")',
    'MINIFS(E$2:E$3,E$2:E$3,">1")', "RANK(2,E$2:E$3)", "MEDIAN(E$2:E$3,9)", "LARGE(E$2:E$3,1)*3",
    "PERCENTILE.INC(E$2:E$3,0.25)",
)  # fmt: skip
ASKED_FOR = (
    "LET COUNTIFS AVERAGEIFS MAXIFS MINIFS LARGE SMALL MEDIAN PERCENTILE.INC PERCENTILE.EXC RANK DAYS360 YEARFRAC "
    "NETWORKDAYS WORKDAY WEEKNUM TIME HOUR MINUTE DATEVALUE EXP LN LOG LOG10 PMT PV FV NPV RATE NPER SLN GCD LCM EVEN "
    "ODD ISNA NA TRANSPOSE XMATCH FIND SEARCH REPLACE NUMBERVALUE SWITCH LOOKUP TEXT"
)
# What ironcalc 0.9 does not know or does otherwise (test_ironcalc.py); it rounds 7.25 to 7.2 in a TEXT.
NOT_IN_IRONCALC = re.compile(r'¥|元|TRANSPOSE|CHOOSE\(\{|YEARFRAC\(U\d+,U\d+\+91\)|"0\.0"')

BOOK = """
    | setting | value |
    | code | cells |
    | name | Cells |
    | currency | CNY |
    | decimals | 2 |
    | tax rate | 0.06 |
    | tax model | tax |
    | region | cn |
    | effective from | 2026-01-01 |
    | applies to | all |
    """
FORMULAS = """
    | model | quantity | price | lines | rate | net | tax | gross | amount |
    | each | 7 | 1 | | | | | | =ROUND(B2*C2,2) |
    | shown | | 1 | | | | | | =ROUND(C3,2) |
    | tax | | | 106 | 0.06 | =D4-G4 | =ROUND(D4/(1+E4)*E4,2) | =D4 | |
    """


def billed(folder: Path, formulas: Sequence[str]) -> Bill:
    """The bill of a price book that has each formula in a price cell of its own, and its invoice beside it."""
    kept = [write(parsed(text), file=True) for text in formulas]  # as Excel keeps them: _xlfn.MAXIFS
    cells = [("a", "2"), ("b", "1"), *((f"f{n}", f"={text}") for n, text in enumerate(kept))]
    charges = "".join(f"| api | {item} | | shown | {price} | postpaid |\n" for item, price in cells)
    calls = "| api | calls | calls | each | 2 | postpaid |"
    sheets = {
        "Book": BOOK,
        "Formulas": FORMULAS,
        "Products": "| product | name |\n| api | API |",
        "Meters": "| meter | name | month |\n| calls | Calls | sum |",
        "Charges": f"| product | item | meter | model | price | pay |\n{charges}{calls}",
        "Rates": "| name | title | from | value |\n| day | Day | | 46113 |\n| usd | Dollar | | 7.25 |",
        "Usage": "| app | date | meter | quantity |\n| a1 | 2026-04-01 | calls | 7 |",
    }
    place = workspace(Example("", "", "models", sheets, (Expected("bill", Month(2026, 4), [], []),)), folder)
    result, codes = outcome(place, Month(2026, 4))
    assert result.bill is not None, codes
    write_layout(lay_out(result.bill, template()), folder / "invoice.xlsx")
    return result.bill


def prices(path: Path) -> dict[str, str]:
    """The formulas of the invoice's price sheet, by cell; an array's, too."""
    cells = (cell for row in openpyxl.load_workbook(path).worksheets[1].iter_rows() for cell in row)
    texts = {cell.coordinate: str(getattr(cell.value, "text", cell.value)) for cell in cells}
    return {where: text for where, text in texts.items() if text.startswith("=")}


def test_every_function_that_was_asked_for_stands_in_a_price_cell() -> None:
    texts = (*OVER_CELLS, *OVER_NAMES, *NEWER)
    assert [name for name in ASKED_FOR.split() if not any(f"{name}(" in text for text in texts)] == []


@requires_soffice
def test_price_cells_come_out_in_libreoffice(tmp_path: Path) -> None:
    bill = billed(tmp_path, (*OVER_CELLS, *OVER_NAMES))
    invoice = tmp_path / "invoice.xlsx"
    fresh, book = recalculate([invoice, tmp_path / "price_tables" / "book.xlsx"], tmp_path / "out")
    cached, recalculated = values(invoice), values(fresh)
    assert {k: (v, recalculated[k]) for k, v in cached.items() if not same(v, recalculated[k])} == {}
    assert len(prices(invoice)) >= len(OVER_NAMES)
    rows = openpyxl.load_workbook(book, data_only=True)["Charges"].iter_rows(values_only=True)
    figures = {row[1]: row[4] for row in rows}
    for number, text in enumerate(OVER_CELLS):
        (line,) = (line for line in bill.lines if line.item == f"f{number}")
        assert same(float(line.figures["price"].number), figures[line.item]), text


def test_price_cells_come_out_in_a_second_engine(tmp_path: Path) -> None:
    billed(tmp_path, (*OVER_NAMES, *NEWER))
    model = ironcalc.load_from_xlsx(str(tmp_path / "invoice.xlsx"), "en", "UTC", "en")
    model.evaluate()
    cached, formulas = values(tmp_path / "invoice.xlsx"), prices(tmp_path / "invoice.xlsx")
    compared = {cell: text for cell, text in formulas.items() if not NOT_IN_IRONCALC.search(text)}
    for cell, text in compared.items():
        letters, row = coordinate_from_string(cell)
        assert same(cached[2, cell], model.get_cell_value(1, row, column_number(letters))), text
    assert len(compared) > len(OVER_NAMES) - 8
