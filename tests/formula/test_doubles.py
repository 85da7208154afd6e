"""What a recalculation in doubles shows: Excel's known corrections, and where they part from exact numbers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from formula_cases import parsed
from hypothesis import given, settings
from hypothesis import strategies as st
from test_compile import inputs, lookup_of, plain, same, values
from test_formula_properties import trees

from tests.cases import cases
from xlbill.formula import ExcelError, Expr, Value
from xlbill.formula.doubles import EXCEL, PLAIN_DOUBLES, as_excel_does, differs, evaluate_in_doubles

# formula, Excel's corrected doubles, plain IEEE doubles; (D) documented by Microsoft, (O) observed by its users
KNOWN = (
    ("1.1*1.1", "1.2100000000000002", "1.2100000000000002"),
    ("0.1+0.2=0.3", True, False),  # (O) comparison by fifteen digits
    ("0.1+0.2>0.3", False, True),
    ("0.5-0.4-0.1", "0", "-2.7755575615628914E-17"),  # (D) a last subtraction that leaves only noise is 0
    ("1*(0.5-0.4-0.1)", "-2.7755575615628914E-17", "-2.7755575615628914E-17"),  # (D) not where something follows
    ("SUM(0.5,-0.4,-0.1)", "-2.7755575615628914E-17", "-2.7755575615628914E-17"),
    ("(43.1-43.2)+1", "0.8999999999999986", "0.8999999999999986"),  # (D)
    ("ROUND(2.675,2)", "2.68", "2.68"),
    ("ROUND(1.005,2)", "1.01", "1.01"),
    ("ROUND(1.005*100,0)", "101", "100"),  # (O) 100.49999999999999
    ("ROUNDUP(1.1*3,1)", "3.3", "3.4"),  # (O) 3.3000000000000003
    ("INT(4.35*100)", "435", "434"),  # (O)
    ("INT((43.1-43.2)*10)", "-2", "-2"),
    ("MROUND(6.05,0.1)", "6", "6"),  # (D) Microsoft names this one, and the next
    ("MROUND(7.05,0.1)", "7.1000000000000005", "7.1000000000000005"),
    ("CEILING(4.35*100,1)", "435", "435"),
    ("FLOOR(4.35*100,1)", "435", "434"),
    ("1E300*1E300", ExcelError.NUM, ExcelError.NUM),
    ("1E-300*1E-10", "0", "0"),  # (D) no denormal numbers
    ("1/0", ExcelError.DIV0, ExcelError.DIV0),
    ('0.1*3&""', "0.3", "0.3"),
)


@pytest.mark.parametrize(("text", "excel", "plain_doubles"), KNOWN, ids=[row[0] for row in KNOWN])
def test_what_excel_is_known_to_do(text: str, excel: object, plain_doubles: object) -> None:
    for doubles, expected in ((EXCEL, excel), (PLAIN_DOUBLES, plain_doubles)):
        value = as_excel_does(parsed(text), doubles)()
        assert value == (Decimal(expected) if isinstance(value, Decimal) else expected)  # type: ignore[arg-type]


def finite(cell: object) -> bool:
    return not isinstance(cell, (Decimal, Fraction)) or (cell == 0 or 1e-290 < abs(float(cell)) < 1e290)


@settings(max_examples=cases(60, 10_000), deadline=None)
@given(st.data(), trees)
def test_the_compiled_twin_is_the_walk_in_doubles(data: st.DataObject, tree: Expr) -> None:
    for doubles in (EXCEL, PLAIN_DOUBLES):
        function = as_excel_does(tree, doubles)
        for cells in (values, plain):
            found = data.draw(inputs(tree, cells.filter(finite)))
            walked = evaluate_in_doubles(tree, lookup_of(function, found), doubles)
            assert same(function(*found), walked), (walked, found)


DIFFERENT: tuple[tuple[Value, Value, int | None, bool], ...] = (
    (Decimal("2.68"), Decimal("2.68"), 2, False),
    (Decimal("2.68"), Decimal("2.67"), 2, True),
    (Decimal("0.3"), Decimal("0.30000000000000004"), None, False),
    (Decimal("0.125"), Decimal("0.12499999999999999"), 2, False),  # fifteen digits are shown, then rounded
    (Fraction(1, 3), Decimal("0.3333333333333333"), None, False),
    (Decimal(2), Decimal(3), None, True),
    (ExcelError.DIV0, Decimal(0), 2, True),
    ("pro", "pro", 2, False),
)


@pytest.mark.parametrize(("exact", "double", "decimals", "expected"), DIFFERENT)
def test_differences_are_those_that_a_reader_sees(
    exact: Value, double: Value, decimals: int | None, expected: bool
) -> None:
    assert differs(exact, double, decimals) is expected
