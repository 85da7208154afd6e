"""Compiled formulas are the walk's: every tree, over values of every type, gives the same."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from test_formula_properties import trees

from xlbill.formula import ExcelError, Expr, Name, Range, Value, evaluate
from xlbill.formula.compile import compiled, inputs_of

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


@settings(max_examples=4000, deadline=None)
@given(st.data(), trees)
def test_any_tree_over_any_values(data: st.DataObject, tree: Expr) -> None:
    function = compiled(tree)
    for given_values in (data.draw(inputs(tree, values)), data.draw(inputs(tree, plain))):
        known = {
            node.name.casefold() if isinstance(node, Name) else node: value
            for node, value in zip(function.inputs, given_values, strict=True)
        }
        walked = evaluate(tree, lambda node: known[node.name.casefold() if isinstance(node, Name) else node])
        assert same(function(*given_values), walked), (walked, given_values)
