"""Texts that are formulas, texts that are not and why, and trees as texts again."""

from __future__ import annotations

from decimal import Decimal

import pytest
from formula_cases import fault_of, parsed

from xlbill.cells import column_letters, column_number, quote_sheet
from xlbill.formula import (
    FUNCTIONS,
    Array,
    Binary,
    Bool,
    Call,
    Err,
    ExcelError,
    Expr,
    Fault,
    Let,
    Local,
    Missing,
    Name,
    Num,
    Percent,
    Range,
    Ref,
    Text,
    Unary,
    names,
    parse,
    references,
    rename,
    spell,
    substitute,
    write,
)
from xlbill.formula.registry import PREFIXED

ONE, TWO = Num(Decimal(1)), Num(Decimal(2))

TREES: dict[str, Expr] = {
    "=1": ONE,
    " 1 ": ONE,
    "0.05": Num(Decimal("0.05")),
    ".5": Num(Decimal("0.5")),
    "10E-2": Num(Decimal("0.1")),
    "1.5e+3": Num(Decimal(1500)),
    '"say ""hi"""': Text('say "hi"'),
    "true": Bool(True),
    "#N/A": Err(ExcelError.NA),
    "用量": Name("用量"),
    "dau.units": Name("dau.units"),
    "XFE1": Name("XFE1"),  # one column past the last
    "A1048577": Name("A1048577"),
    "B5": Ref(None, 2, 5),
    "$xfd$1048576": Ref(None, 16_384, 1_048_576, True, True),
    "用量!$C$34": Ref("用量", 3, 34, True, True),
    "'Sheet ''1'!B$5": Ref("Sheet '1", 2, 5, False, True),
    "A1:B2": Range(Ref(None, 1, 1), Ref(None, 2, 2)),
    "B2:$A1": Range(Ref(None, 1, 1, True), Ref(None, 2, 2)),
    "'a b'!A1:'a b'!B2": Range(Ref("a b", 1, 1), Ref("a b", 2, 2)),
    "A:B": Range(Ref(None, 1, 1), Ref(None, 2, 1_048_576)),
    "用量!$C:$C": Range(Ref("用量", 3, 1, True), Ref("用量", 3, 1_048_576, True)),
    "1:$2": Range(Ref(None, 1, 1), Ref(None, 16_384, 2, False, True)),
    "-1": Unary("-", ONE),
    "+-1": Unary("+", Unary("-", ONE)),
    "1%": Percent(ONE),
    "-1%": Percent(Unary("-", ONE)),
    "1 - 2": Binary("-", ONE, TWO),
    "1\n+\t2": Binary("+", ONE, TWO),
    "TRUE()": Call("TRUE", ()),
    "round( 1 , 2 )": Call("ROUND", (ONE, TWO)),
    "_xlfn.IFS(1,2)": Call("IFS", (ONE, TWO)),
    "_xlfn._xlws.concat(1)": Call("CONCAT", (ONE,)),
    "IF(1,,2)": Call("IF", (ONE, Missing(), TWO)),
    '{1,-2;"a",TRUE}': Array(((Decimal(1), Decimal(-2)), ("a", True))),
    "LET(x,1,x)": Let((("x", ONE),), Local("x")),
    "_xlfn.LET(_xlpm.x,1,_xlpm.X)": Let((("x", ONE),), Local("x")),
    "COUNT(,)": Call("COUNT", (Missing(), Missing())),
}

# text: kind, what was found, hint
FAULTS: dict[str, tuple[str, str, str | None]] = {
    "": ("syntax", "", None),
    "=": ("syntax", "", None),
    "1+": ("syntax", "", None),
    "(1": ("syntax", "", ")"),
    "1)": ("syntax", "1)", None),
    "SUM(1": ("syntax", "", ")"),
    "SUM(1}": ("syntax", "SUM(1}", None),
    "*2": ("syntax", "*", None),
    "1 2": ("syntax", "2", None),
    "1\n2": ("syntax", "2", None),
    "a b": ("syntax", "b", None),
    "5x": ("syntax", "5x", None),
    "1E400": ("syntax", "1E400", None),
    "1E99999": ("syntax", "1E99999", None),
    '"open': ("syntax", '"open', None),
    "#OOPS": ("syntax", "#OOPS", None),
    "SUM(1;2)": ("syntax", ";", ","),
    "SUM（A1，B1）": ("syntax", "SUM（A1，B1）", "SUM(A1,B1)"),
    "SUM(A1，B1)": ("syntax", "A1，B1", "A1,B1"),
    "用量×２": ("syntax", "用量×２", "用量*2"),
    "IF(a＞1,1,2)": ("syntax", "a＞1", "a>1"),
    "IF(a=“x”,1,2)": ("syntax", "“x”", '"x"'),
    "ROUND（SUM(1),2）": ("syntax", "ROUND（SUM", "ROUND(SUM"),
    "ROUNDD(1,2)": ("unknown-function", "ROUNDD", "ROUND"),
    "_xlfn.LETT(a,1,a)": ("unknown-function", "LETT", "LEFT"),
    "QQQQQQ(1)": ("unknown-function", "QQQQQQ", None),
    "TODAY()": ("volatile-function", "TODAY", None),
    'INDIRECT("A1")': ("volatile-function", "INDIRECT", None),
    "ROUND(1)": ("arity", "ROUND: 1", "ROUND(number, number)"),
    "SUM()": ("arity", "SUM: 0", "SUM(values, ...)"),
    "TRUE(1)": ("arity", "TRUE: 1", "TRUE()"),
    "IFS(1,2,3)": ("arity", "IFS: 3", "IFS(result, result, ...)"),
    "SUMIFS(A:A,A:A)": ("arity", "SUMIFS: 2", "SUMIFS(range, range, anything, ...)"),
    "TRUNC(1,2,3)": ("arity", "TRUNC: 3", "TRUNC(number[, number])"),
    "{1,B2}": ("syntax", "B2", None),
    "Table1[units]": ("unsupported", "[", None),
    "[1]Sheet1!A1": ("unsupported", "[", None),
    "'[1]Sheet1'!A1": ("unsupported", "[", None),
    "@A1:A3": ("unsupported", "@", None),
    "A1 B1": ("unsupported", "B1", None),
    "SUM(A1:A3 A2)": ("unsupported", "A2", None),
    "SUM((A1,B1))": ("unsupported", ",", None),
    "A1,B1": ("unsupported", ",", None),
    "A1:INDEX(A1:A9,2)": ("unsupported", ":", None),
    "RANK(1,5)": ("unsupported", "RANK: 5", "RANK: C3:C9; SUMPRODUCT"),
    "COUNTIF({1,2},1)": ("unsupported", "COUNTIF: {1,2}", "COUNTIF: C3:C9; SUMPRODUCT"),
    "SUMIF(A1:A3*2,1)": ("unsupported", "SUMIF: A1:A3*2", "SUMIF: C3:C9; SUMPRODUCT"),
    'TEXT(1,"0;-0;0;@")': ("unsupported", 'TEXT: "0;-0;0;@"', None),
    'TEXT(1,"[DBNum2]")': ("unsupported", 'TEXT: "[DBNum2]"', None),
    'TEXT(1,"mmmmm")': ("unsupported", 'TEXT: "mmmmm"', None),
    "Sheet1:Sheet3!A1": ("syntax", "Sheet1:Sheet3!A1", None),
    "a!A1:b!B2": ("syntax", "a!A1:b!B2", None),
    "用量!price": ("syntax", "用量!price", None),
    'A1:"x"': ("syntax", 'A1:"x"', None),
    "A1#": ("syntax", "A1#", None),
    "1" * 9_000: ("too-long", "9000", "8192"),
    "(" * 65 + "1" + ")" * 65: ("too-long", "(", "64"),
    "-" * 65 + "1": ("too-long", "-", "64"),
    "1" + "+1" * 300: ("too-long", "301", "200"),
    '"' + "x" * 256 + '"': ("too-long", '"' + "x" * 256 + '"', "255"),
}


@pytest.mark.parametrize(("text", "tree"), TREES.items())
def test_tree(text: str, tree: Expr) -> None:
    assert parse(text) == tree
    assert parse(write(tree)) == tree


@pytest.mark.parametrize(("text", "expected"), FAULTS.items(), ids=[text[:30] for text in FAULTS])
def test_fault(text: str, expected: tuple[str, str, str | None]) -> None:
    fault = fault_of(text)
    kind, found, hint = expected
    assert (fault.kind, fault.found) == (kind, found)
    if 'TEXT: "' in found:
        assert fault.hint is not None and "yyyy-mm-dd" in fault.hint
    else:
        assert fault.hint == hint


@pytest.mark.parametrize(
    ("text", "position"),
    [("=1+ROUNDD(2)", 3), ("1+ROUNDD(2)", 2), ("=1 + 2  *  5x", 11), ("=SUM(1", 6), ("={a}", 2), ('="["&[1]x', 5)],
)
def test_a_fault_knows_its_place_in_the_text(text: str, position: int) -> None:
    assert fault_of(text).position == position


def test_the_limits_themselves_are_allowed() -> None:
    for text in ("(" * 64 + "1" + ")" * 64, "-" * 64 + "1", "1" + "+1" * 199, '"' + "x" * 255 + '"'):
        assert not isinstance(parse(text), Fault)


# A formula, and the same with no bracket too many.
WRITTEN = {
    "(1+2)*3": "(1+2)*3", "1+(2*3)": "1+2*3", "(1-2)-3": "1-2-3", "1-(2-3)": "1-(2-3)", "2^(3^2)": "2^(3^2)",
    "(2^3)^2": "2^3^2",
    "-(2^2)": "-(2^2)", "(-2)^2": "-2^2", "2^(-2)": "2^-2", "-(1%)": "-(1%)", "(1+2)%": "(1+2)%", "((a))": "a",
    "(a&b)=c": "a&b=c",
    "a&(b=c)": "a&(b=c)", "(a=b)=c": "a=b=c", "a=(b=c)": "a=(b=c)", "round((a),(2))": "ROUND(a,2)", "-(-1)": "--1",
    "(-1)%": "-1%",
    "(1*2)/3": "1*2/3", "1*(2/3)": "1*(2/3)", "0.10": "0.10", "1e-3": "0.001", "true": "TRUE",
    "'用量'!a1": "用量!A1", "'a b'!$a$1:b2": "'a b'!$A$1:B2", "a:$c": "A:$C", "1:2": "1:2", "A1:A1048576": "A:A",
    "A1:XFD3": "1:3",
    "A$1:A$1048576": "A$1:A$1048576", "#REF!": "#REF!", "IF(a,,b)": "IF(a,,b)", "1\n+\r\n2": "1+2",
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WRITTEN.items())
def test_write_uses_no_bracket_too_many(text: str, expected: str) -> None:
    assert write(parsed(text)) == expected


def test_write_a_negative_number_that_was_put_in() -> None:
    price = Num(Decimal("-0.5"))
    expr = substitute(parsed("2-price^2"), lambda node: price)
    assert write(expr) == "2--0.5^2"
    assert write(Percent(Binary("^", TWO, price))) == "(2^-0.5)%"


def test_write_puts_names_in_their_places() -> None:
    places = {"units": "C5", "price": "价目!$D$7"}
    expr = parsed("=ROUND((units+A1)*price,2)")
    written = write(expr, lambda node: places[node.name] if isinstance(node, Name) else spell(node))
    assert written == "ROUND((C5+A1)*价目!$D$7,2)"


def test_files_carry_newer_functions_with_a_prefix() -> None:
    assert write(parsed("IFS(a,SUM(DAYS(1,2)))"), file=True) == "_xlfn.IFS(a,SUM(_xlfn.DAYS(1,2)))"
    assert write(parsed("_xlfn.IFS(a,1)")) == "IFS(a,1)"
    assert set(FUNCTIONS) >= PREFIXED


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("用量", "用量"), ("Prices", "Prices"), ("2024", "'2024'"), ("a b", "'a b'"), ("it's", "'it''s'"),
        ("A1", "'A1'"), ("R1C1", "'R1C1'"), ("rc", "'rc'"), ("TRUE", "'TRUE'"), ("a-b", "'a-b'"),
        ("价目 Prices", "'价目 Prices'"),
        ("a.b", "a.b"), ("XFD", "'XFD'"),
    ],
)  # fmt: skip
def test_sheets_are_quoted_where_excel_does(name: str, written: str) -> None:
    assert quote_sheet(name) == written
    assert parse(f"{written}!B2") == Ref(name, 2, 2)


def test_names_and_references_once_each_in_order() -> None:
    expr = parsed("MAX(Used-included,USED)*price+A1+B2:C3+A1+用量!A1")
    assert names(expr) == ("Used", "included", "price")
    assert references(expr) == (Ref(None, 1, 1), Range(Ref(None, 2, 2), Ref(None, 3, 3)), Ref("用量", 1, 1))


def test_cells_of_an_example_become_names_and_names_become_cells() -> None:
    columns = {2: "quantity", 3: "included", 7: "price"}
    expr = parsed("=ROUND(-MAX(B5-C5,0)*G5%,2)")
    named = substitute(expr, lambda node: Name(columns[node.column]) if isinstance(node, Ref) else node)
    assert write(named) == "ROUND(-MAX(quantity-included,0)*price%,2)"
    assert rename(named, lambda name: f"im.{name}") == parsed("ROUND(-MAX(im.quantity-im.included,0)*im.price%,2)")


def test_columns_are_letters() -> None:
    for number, letters in ((1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16_384, "XFD")):
        assert column_letters(number) == letters
        assert column_number(letters.lower()) == number
