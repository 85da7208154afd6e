"""What holds for every text and every tree."""

from __future__ import annotations

import time
from decimal import Decimal
from fractions import Fraction

from formula_cases import look_up
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.cases import cases
from xlbill.formula import (
    FUNCTIONS,
    Binary,
    Bool,
    Call,
    Err,
    ExcelError,
    Expr,
    Fault,
    Missing,
    Name,
    Num,
    Percent,
    Range,
    Ref,
    Text,
    Unary,
    evaluate,
    names,
    parse,
    substitute,
    write,
)
from xlbill.formula.faults import KINDS
from xlbill.formula.operators import OPERATORS

SIGNS = [
    *"+-*/^%(),;:=<>&\"'!$#{}[]@ \n\t\x00（，“", "<>", "1", "2.5", "1E", "E-3", "A1", "A:B", "units", "用量", "TRUE",
    "#N/A", "SUM(", "IF(", "ROUND(", "TEXT(", "_xlfn.", '"[DBNum2]"', "Sheet1!", "'a b'!", "\ud800",
]  # fmt: skip
texts = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(SIGNS), max_size=25).map("".join))

numbers = st.decimals(min_value=0, max_value=10**6, places=3) | st.sampled_from(
    [Decimal(text) for text in ("0", "1", "2", "0.1", "1E300", "1E-300", "99999999999999999999")]
)
sheets = st.none() | st.sampled_from(["用量", "Prices", "a b", "it's", "2024", "A1"])
leaves: st.SearchStrategy[Expr] = st.one_of(
    numbers.map(Num),
    st.sampled_from(["", "3", "abc", "pro", "y", "yyyy-mm-dd", "0.00", 'say "hi"', ">=2", "用量"]).map(Text),
    st.booleans().map(Bool),
    st.sampled_from([error for error in ExcelError if error is not ExcelError.CIRCULAR]).map(Err),
    st.sampled_from(["units", "price", "empty", "word", "yes", "bad", "用量", "dau.units", "missing"]).map(Name),
    st.builds(Ref, sheets, st.integers(1, 6), st.integers(1, 6), st.booleans(), st.booleans()),
    st.builds(
        lambda sheet, left, top, width, height: Range(Ref(sheet, left, top), Ref(sheet, left + width, top + height)),
        *(sheets, st.integers(1, 5), st.integers(1, 5), st.integers(0, 3), st.integers(0, 5)),
    ),
)


def calls(arguments: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    """Calls of every function with numbers of arguments that it accepts."""

    def of(name: str) -> st.SearchStrategy[Expr]:
        counts = st.sampled_from([count for count in range(7) if FUNCTIONS[name].accepts(count)])
        some = st.one_of(arguments, arguments, arguments, st.just(Missing()))
        return counts.flatmap(lambda count: st.tuples(*[some] * count)).map(lambda found: Call(name, found))

    return st.sampled_from(sorted(FUNCTIONS)).flatmap(of)


trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Binary, st.sampled_from(sorted(OPERATORS)), inner, inner),
        st.builds(Unary, st.sampled_from("+-"), inner),
        st.builds(Percent, inner),
        calls(inner),
        calls(inner),
    ),
    max_leaves=12,
)
quick = settings(max_examples=cases(150, 3_000), deadline=None)


@quick
@given(texts)
@example("=" + "(" * 8_000)
@example("A1:" * 2_000)
@example('"' * 8_191)
@example("SUM(" * 2_000)
@example("[" * 4_000)
@example("1" * 8_192)
@example("a" * 8_192)
@example("&".join(["A1"] * 2_700))
@example("\n(")
@example("1\n2")
@example('x(:""')
def test_no_text_raises(text: str) -> None:
    result = parse(text)
    if isinstance(result, Fault):
        assert result.kind in KINDS
        assert result.position is None or 0 <= result.position <= len(text)
    else:
        assert parse(write(result)) == result
        evaluate(result, look_up)


@quick
@given(trees)
def test_a_tree_written_and_parsed_is_the_same_tree(tree: Expr) -> None:
    for file in (False, True):
        result = parse(write(tree, file=file))
        if isinstance(result, Fault):  # TEXT in a format of the locale; one argument left out reads as none
            assert result.kind in ("unsupported", "arity"), result
        else:
            assert result == tree


@settings(max_examples=cases(200, 10_000), deadline=None)
@given(trees)
def test_no_tree_raises(tree: Expr) -> None:
    value = evaluate(tree, look_up)
    assert value is not None
    if isinstance(value, (Decimal, Fraction)):
        assert not isinstance(value, Decimal) or (value.is_finite() and value.adjusted() < 308)
        assert not isinstance(value, Fraction) or value.denominator > 1


@quick
@given(trees)
def test_putting_in_what_was_there_changes_nothing(tree: Expr) -> None:
    assert substitute(tree, lambda node: node) == tree
    assert names(substitute(tree, lambda node: Num(Decimal(1)))) == ()


rationals = st.fractions(min_value=-1000, max_value=1000, max_denominator=50)


@quick
@given(rationals, rationals, st.integers(-3, 6))
def test_arithmetic_is_that_of_rational_numbers(left: Fraction, right: Fraction, digits: int) -> None:
    """An independent oracle: Python's fractions, rounded half away from zero by whole numbers."""

    def figure(number: Fraction) -> str:
        return f"({number.numerator}/{number.denominator})"

    assert evaluated(f"{figure(left)}+{figure(right)}") == left + right
    assert evaluated(f"{figure(left)}-{figure(right)}") == left - right
    assert evaluated(f"{figure(left)}*{figure(right)}") == left * right
    if right:
        assert evaluated(f"{figure(left)}/{figure(right)}") == left / right
        assert evaluated(f"MOD({figure(left)},{figure(right)})") == left - right * (left // right)
    scaled = abs(left) * Fraction(10) ** digits
    nearest = Fraction(int(scaled + Fraction(1, 2))) / Fraction(10) ** digits
    assert evaluated(f"ROUND({figure(left)},{digits})") == (nearest if left >= 0 else -nearest)
    above = Fraction(-(-scaled // 1)) / Fraction(10) ** digits
    assert evaluated(f"ROUNDUP({figure(left)},{digits})") == (above if left >= 0 else -above)


def evaluated(text: str) -> object:
    expr = parse(text)
    assert not isinstance(expr, Fault)
    return evaluate(expr, look_up)


def test_long_texts_take_no_time() -> None:
    """Patterns over cells of 32,767 characters are linear: one that was not took seconds for each."""
    for text in ("1" * 32_000 + "x", "1," * 16_000, " " * 32_000 + "x", "(" * 32_000, "2024-01-" * 4_000):
        for formula in ("word+1", 'TEXT(word,"0")', "TRIM(word)=1", "COUNTIF(word,word)", 'COUNTIF(word,"*1*1*1*x")'):
            began = time.process_time()
            expr = parse(formula)
            assert not isinstance(expr, Fault)
            evaluate(expr, lambda node, text=text: text)
            assert time.process_time() - began < 1
