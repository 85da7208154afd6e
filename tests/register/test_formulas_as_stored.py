"""Formulas go into files as XlsxWriter prepares them, though it is not asked to look through each."""

import pytest
from xlsxwriter.worksheet import Worksheet

from xlbill.formula.registry import FUNCTIONS
from xlbill.workbook.worksheet import QuickWorksheet

FORMULAS = (
    "=ROUND(G22*E6,2)",
    "=SUMIFS('明细 Lines'!$Y$2:$Y$9,'明细 Lines'!$C$2:$C$9,A6)",
    "=SWITCH(A1,1,UNIQUE(B1:B9))",
    "=_xlfn.SWITCH(A1,1,2)",
    "=_xlfn.IFS(A1,SORT(B1:B2))",
    "=SUM(A1:A2)*SUM({1,2})",
    "={1,2}",
    '="TAKE("&A1',
    '="价目XLOOKUP("&A1',
    "=X.TAKE(A1)",
    "=(INGLE(A1))",
    "=A1",
)


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_prepared_as_xlsxwriter_does(formula: str) -> None:
    assert QuickWorksheet()._prepare_formula(formula) == Worksheet()._prepare_formula(formula)


def test_every_function_is_prepared_as_xlsxwriter_does() -> None:
    formulas = [f"={name}(1)+{name}({name}(A1))" for name in (*FUNCTIONS, "FILTER", "SORTBY", "XLOOKUP", "SINGLE")]
    quick, plain = QuickWorksheet(), Worksheet()
    assert list(map(quick._prepare_formula, formulas)) == list(map(plain._prepare_formula, formulas))
    assert sum(plain._prepare_formula(formula) != formula[1:] for formula in formulas) >= 4
