"""Whole workbooks: order, ranges, sheets, long chains, cycles."""

from __future__ import annotations

from decimal import Decimal

import pytest
from formula_cases import parsed

from xlbill.cells import Address, column_letters, column_number
from xlbill.formula import ExcelError, Expr, Value, recalculate
from xlbill.formula.values import MAX_CELLS

CIRCULAR = ExcelError.CIRCULAR


def sheet(**cells: object) -> dict[Address, Value | Expr]:
    """Cells of one sheet by address: `sheet(A1=2, B1="=A1*3")`."""
    found: dict[Address, Value | Expr] = {}
    for address, content in cells.items():
        letters = address.rstrip("0123456789")
        value = parsed(content) if isinstance(content, str) and content.startswith("=") else content
        number = Decimal(value) if type(value) is int else value
        found[Address("S", int(address[len(letters) :]), column_number(letters))] = number  # type: ignore[assignment]
    return found


def result(cells: dict[Address, Value | Expr]) -> dict[str, Value]:
    return {f"{column_letters(column)}{row}": value for (_, row, column), value in recalculate(cells).items()}


def test_formulas_in_any_order() -> None:
    assert result(sheet(A1="=B1+C1", B1="=C1*2", C1=3)) == {"A1": 9, "B1": 6, "C1": 3}


def test_whole_columns_end_where_the_workbook_ends() -> None:
    assert result(sheet(A1=1, A2="=A1+1", A9="x", B1="=SUM(A:A)", C1="=ROWS(A:A)", D1="=COUNTA(1:1)"))["B1"] == 3
    assert result(sheet(A1=1, A9="x", C1="=ROWS(A:A)"))["C1"] == 9
    assert result(sheet(A1=1, B1="=SUM(D5:Z99)"))["B1"] == 0


def test_a_range_too_large_is_an_error() -> None:
    cells = sheet(A1=1, B1="=SUM(C:ZZ)", XFD1=1)
    cells[Address("S", MAX_CELLS, 1)] = Decimal(1)
    assert result(cells)["B1"] is ExcelError.NUM


def test_other_sheets_are_the_same_ignoring_case() -> None:
    cells: dict[Address, Value | Expr] = {
        Address("用量", 1, 1): Decimal(5),
        Address("Bill", 1, 1): parsed("=用量!A1+B1"),
        Address("Bill", 1, 2): parsed("=bill!C1"),
        Address("Bill", 1, 3): Decimal(2),
        Address("Bill", 1, 4): parsed("=none!A1"),
        Address("Bill", 1, 5): parsed("=SUM(none!A:A)"),
        Address("Bill", 1, 6): parsed("=rate"),
    }
    values = recalculate(cells)
    assert values["Bill", 1, 1] == 7
    assert values["Bill", 1, 4] is values["Bill", 1, 5] is ExcelError.REF
    assert values["Bill", 1, 6] is ExcelError.NAME


@pytest.mark.parametrize("step", [-1, 1])
def test_ten_thousand_cells_in_a_chain(step: int) -> None:
    last = 10_000 if step == -1 else 1
    cells: dict[Address, Value | Expr] = {
        Address("S", row, 1): Decimal(1) if row + step in (0, 10_001) else parsed(f"=A{row + step}+1")
        for row in range(1, 10_001)
    }
    assert recalculate(cells)["S", last, 1] == 10_000


def test_running_totals() -> None:
    cells: dict[Address, Value | Expr] = {Address("S", row, 1): Decimal(row) for row in range(1, 201)}
    cells |= {Address("S", row, 2): parsed(f"=SUM(A$1:A{row})") for row in range(1, 201)}
    assert recalculate(cells)["S", 200, 2] == 20_100


def test_cells_that_need_themselves() -> None:
    assert result(sheet(A1="=A1+1")) == {"A1": CIRCULAR}
    values = result(sheet(A1="=B1", B1="=C1", C1="=A1", D1="=C1+1", E1=1))
    assert values == {"A1": CIRCULAR, "B1": CIRCULAR, "C1": CIRCULAR, "D1": CIRCULAR, "E1": 1}
    assert result(sheet(A1=1, A2=2, A3="=SUM(A1:A3)"))["A3"] is CIRCULAR
    assert result(sheet(A1="=IFERROR(A1,0)"))["A1"] is CIRCULAR


def test_a_branch_not_taken_closes_no_circle() -> None:
    assert result(sheet(A1="=IF(TRUE,1,B1)", B1="=A1+1")) == {"A1": 1, "B1": 2}
    assert result(sheet(B1="=A1+1", A1="=IF(C1,B1,5)", C1="=FALSE")) == {"B1": 6, "A1": 5, "C1": False}


def test_two_circles_that_touch() -> None:
    values = result(sheet(A1="=B1+C1", B1="=A1", C1="=D1", D1="=C1", E1="=F1", F1=2))
    assert [values[cell] for cell in ("A1", "B1", "C1", "D1", "E1")] == [CIRCULAR] * 4 + [2]


def test_an_empty_cell_is_zero_once_it_is_referred_to() -> None:
    assert result(sheet(A1="=B9", A2="=ISBLANK(A1)")) == {"A1": 0, "A2": False}
