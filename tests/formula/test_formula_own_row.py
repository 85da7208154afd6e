"""Ranges within a model's own row: each becomes the row's quantities in order."""

from __future__ import annotations

import pytest
from formula_cases import parsed

from xlbill.formula import Expr, Range, Ref, spread, write

SPREAD = {
    "SUM(B5:D5)": "SUM(B5,C5,D5)",
    "ROUND(SUM(B5:D5)*E5,2)": "ROUND(SUM(B5,C5,D5)*E5,2)",
    "MAX(B5:C5,0)": "MAX(B5,C5,0)",
    "SUM(B5:B5)": "SUM(B5)",
    "B5:B5*2": "B5*2",
    "LARGE(B5:D5,2)": "LARGE(CHOOSE({1,2,3},B5,C5,D5),2)",
    "SUMPRODUCT(B5:C5,{1,2})": "SUMPRODUCT(CHOOSE({1,2},B5,C5),{1,2})",
    "LOOKUP(F5,B5:C5,D5:E5)": "LOOKUP(F5,CHOOSE({1,2},B5,C5),CHOOSE({1,2},D5,E5))",
    "LET(x,SUM(B5:C5),x*2)": "LET(x,SUM(B5,C5),x*2)",
    "COUNTIF(B5:D5,1)": "COUNTIF(B5:D5,1)",  # takes cells only
    "SUM(B4:D4)": "SUM(B4:D4)",  # another row
    "NPV(0.1,B5:C5)": "NPV(0.1,B5,C5)",
}


def in_row_5(node: Range) -> tuple[Expr, ...] | None:
    if (node.first.row, node.last.row) != (5, 5):
        return None
    return tuple(Ref(None, column, 5) for column in range(node.first.column, node.last.column + 1))


@pytest.mark.parametrize(("text", "expected"), SPREAD.items())
def test_ranges_of_the_row_are_its_cells(text: str, expected: str) -> None:
    assert write(spread(parsed(text), in_row_5)) == expected
