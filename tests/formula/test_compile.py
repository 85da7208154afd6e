"""Compiled formulas are the walk's: every tree, over values of every type, gives the same."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from formula_cases import parsed
from hypothesis import given, settings
from hypothesis import strategies as st
from test_formula_properties import trees

from tests.cases import cases
from tests.libreoffice.formula_generator import COLUMNS, NAMED, Generator
from xlbill.book.load import load_book
from xlbill.formula import (
    FUNCTIONS,
    Binary,
    Call,
    ExcelError,
    Expr,
    Lookup,
    Name,
    Num,
    Percent,
    Range,
    Ref,
    Rows,
    Text,
    Unary,
    Value,
    as_excel_does,
    compiled,
    evaluate,
)
from xlbill.formula.compile import MAX_HEIGHT, Compiled, inputs_of, same_input
from xlbill.formula.dialect import Exact
from xlbill.formula.operators import OPERATORS

numbers = st.one_of(
    st.integers(-20, 20_000).map(Decimal),
    st.decimals(min_value=-1000, max_value=10**6, places=4),
    st.sampled_from([Decimal(text) for text in ("0", "0.00", "-0", "1E+3", "1E300", "-1E-300", "1E-350", "9" * 101)]),
)
plain: st.SearchStrategy[Value] = numbers
values: st.SearchStrategy[Value] = st.one_of(
    numbers,
    numbers,
    st.none(),
    st.booleans(),
    st.sampled_from(["", "3", "abc", "pro", "TRUE", "6%", ">=2", "2024-01-31"]),
    st.sampled_from(list(ExcelError)),
    st.fractions(-100, 100, max_denominator=30).filter(lambda number: number.denominator % 10 in (3, 7)),
)
columns = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.tuples(*[values] * width), min_size=1, max_size=4).map(tuple)
)


def same(one: Value, other: Value) -> bool:
    """The same value of the same type; a number may be written 5 or 5.00."""
    return type(one) is type(other) and one == other


def inputs(expr: Expr, cells: st.SearchStrategy[Value]) -> st.SearchStrategy[list[object]]:
    """A value for each input; names may stand for ranges, too, as a month's days do."""
    return st.tuples(
        *[columns if isinstance(node, Range) else st.one_of(cells, cells, cells, columns) for node in inputs_of(expr)]
    ).map(list)


def lookup_of(function: Compiled, given_values: list[object]) -> Lookup:
    """The lookup of the walk over the same values."""
    known = dict(zip(map(same_input, function.inputs), given_values, strict=True))
    return lambda node: known[same_input(node)]  # type: ignore[return-value]


@settings(max_examples=cases(120, 10_000), deadline=None)
@given(st.data(), trees)
def test_any_tree_over_any_values(data: st.DataObject, tree: Expr) -> None:
    function = compiled(tree)
    for cells in (values, plain):
        found = data.draw(inputs(tree, cells))
        walked = evaluate(tree, lookup_of(function, found))
        assert same(function(*found), walked), (walked, found)


MODELS = [
    (f"{path.stem} {model.code}.{name}", formula)
    for path in sorted((Path(__file__).parents[2] / "price_tables").glob("*.xlsx"))
    for model in (load_book(path)[0] or pytest.fail(f"{path} has no book")).models.values()
    for name, formula in model.formulas
]
prices = st.decimals(min_value=0, max_value=10**6, places=4)


@pytest.mark.parametrize("formula", [formula for _, formula in MODELS], ids=[name for name, _ in MODELS])
def test_a_shipped_model_never_needs_the_walk_for_numbers(formula: Expr) -> None:
    """The fast way is really taken: over usual figures, an open tier among them, the walk is not asked."""

    def walk(*values: object) -> Value:
        raise AssertionError(values)

    function = Compiled(formula, Exact(), walk)

    @settings(max_examples=cases(8, 500), deadline=None)
    @given(st.tuples(*[prices.filter(bool)] * len(function.inputs)))
    def over(figures: tuple[Decimal, ...]) -> None:
        ends_never = formula == Binary("/", Name("billable"), Name("block"))  # 1/3 is a fraction, the walk's
        found = [Decimal(8) if ends_never and number == 1 else figure for number, figure in enumerate(figures)]
        assert same(function(*found), evaluate(formula, lookup_of(function, [*found])))

    over()


def content(cell: object) -> Value:
    """A cell of the generator's sheet."""
    special: dict[object, Value] = {"=1/0": ExcelError.DIV0, "=NA()": ExcelError.NA, '=""': "", "": None}
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return Decimal(repr(cell))
    return special.get(cell, cell)  # type: ignore[arg-type]


DATA = {name: content(cell) for name, (_, cell) in NAMED.items()}


def cells(node: Ref | Range) -> Value | Rows:
    """What a reference of the generator stands for."""
    first, last = (node.first, node.last) if isinstance(node, Range) else (node, node)
    rows = tuple(
        tuple(content(COLUMNS[chr(ord("A") + column - 1)][row - 1]) for column in range(first.column, last.column + 1))
        for row in range(first.row, last.row + 1)
    )
    return rows if isinstance(node, Range) else rows[0][0]


@pytest.mark.parametrize("seed", (7, 8))
def test_formulas_that_make_sense(seed: int) -> None:
    """Every function with arguments of the kinds that it is used with, over the sheet that LibreOffice gets, too."""
    for text in Generator(seed).formulas(1_000):
        formula = parsed(text)
        function = compiled(formula)
        found = [DATA.get(node.name) if isinstance(node, Name) else cells(node) for node in function.inputs]
        assert same(function(*found), evaluate(formula, lookup_of(function, found))), text


def test_a_formula_is_made_once_by_identity_and_by_value() -> None:
    one, other = parsed("=units*price+1"), parsed("=units*price+1")
    assert compiled(one) is compiled(one) is compiled(other)


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if FUNCTIONS[name].least] + [*OPERATORS, "%", "- "])
def test_formulas_as_high_as_they_may_be(name: str) -> None:
    """Every function and operator within itself, alone and between comparisons, to the height that is compiled."""
    for levels, last, compared in product((MAX_HEIGHT - 1, 2 * MAX_HEIGHT), (False, True), (False, True)):
        tree: Expr = Name("units")
        for _ in range(levels // 2 if compared else levels):
            tree = nested(name, Binary("=", tree, Text("x")) if compared else tree, last=last)
        for function in (compiled(tree), as_excel_does(tree)):
            found: list[object] = [Decimal(3)]
            assert same(function(*found), function.by_walk(*found))


def nested(name: str, inner: Expr, *, last: bool) -> Expr:
    if name in ("%", "- "):
        return Percent(inner) if name == "%" else Unary("-", inner)
    two = Num(Decimal(2))
    if name in OPERATORS:
        return Binary(name, two, inner) if last else Binary(name, inner, two)
    rest = [two] * (FUNCTIONS[name].least - 1)
    return Call(name, (*rest, inner) if last else (inner, *rest))
