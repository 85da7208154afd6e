"""Messy values and what they surely mean; what may mean two things is refused."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbill.formula import ExcelError
from xlbill.periods import Month
from xlbill.sheets import Misfit, as_code, as_date, as_month, as_number, as_yes, split_codes
from xlbill.sheets.cell import Raw, exact

NUMBERS: dict[Raw, str] = {
    "1234": "1234",
    " 1,234 ": "1234",
    "1,234,567.89": "1234567.89",
    "１２３４": "1234",
    "１，２３４．５": "1234.5",
    "1 234 567": "1234567",
    "1\xa0234": "1234",
    "\u200b12\ufeff": "12",
    "1.2万": "12000",
    "3亿": "300000000",
    "(123)": "-123",
    "（123）": "-123",
    "-5": "-5",
    "−5": "-5",
    "¥1,299.00": "1299",
    "￥1,299.5元": "1299.5",
    "-¥20": "-20",
    "CNY 20": "20",
    "6%": "0.06",
    "６％": "0.06",
    "1.5e3": "1500",
    "1E+5": "100000",
    "'007": "7",
    ".5": "0.5",
    Decimal("0.1"): "0.1",
}

NO_NUMBERS: dict[Raw, Misfit] = {
    "1,5": Misfit.AMBIGUOUS_NUMBER,
    "12,34": Misfit.AMBIGUOUS_NUMBER,
    "1.234,56": Misfit.AMBIGUOUS_NUMBER,
    "1,2345": Misfit.AMBIGUOUS_NUMBER,
    "1.2.3": Misfit.AMBIGUOUS_NUMBER,
    "1 23": Misfit.AMBIGUOUS_NUMBER,
    "ten": Misfit.NOT_A_NUMBER,
    "12 apples": Misfit.NOT_A_NUMBER,
    "(-5)": Misfit.NOT_A_NUMBER,
    "(5": Misfit.NOT_A_NUMBER,
    "1e999": Misfit.OUT_OF_RANGE,
    "1E308": Misfit.OUT_OF_RANGE,
    "1e-30": Misfit.OUT_OF_RANGE,
    "1" * 28: Misfit.OUT_OF_RANGE,
    "0.1234567890123456789": Misfit.OUT_OF_RANGE,
    Decimal("1E308"): Misfit.OUT_OF_RANGE,
    "6.000": Misfit.AMBIGUOUS_NUMBER,
    "¥1.250": Misfit.AMBIGUOUS_NUMBER,
    "1500²": Misfit.NOT_A_NUMBER,
    "1½": Misfit.NOT_A_NUMBER,
    "①": Misfit.NOT_A_NUMBER,
    "100:00:00": Misfit.NOT_A_NUMBER,
    "nan": Misfit.NOT_A_NUMBER,
    "Infinity": Misfit.NOT_A_NUMBER,
    "": Misfit.NOT_A_NUMBER,
    True: Misfit.NOT_A_NUMBER,
    ExcelError.NA: Misfit.ERROR_CELL,
    date(2026, 4, 1): Misfit.NOT_A_NUMBER,
}


@pytest.mark.parametrize(("raw", "number"), NUMBERS.items(), ids=map(repr, NUMBERS))
def test_numbers(raw: Raw, number: str) -> None:
    assert as_number(raw) == Decimal(number)


@pytest.mark.parametrize(("raw", "misfit"), NO_NUMBERS.items(), ids=map(repr, NO_NUMBERS))
def test_what_is_no_number_or_two(raw: Raw, misfit: Misfit) -> None:
    assert as_number(raw) is misfit


@given(st.decimals(-(10**9), 10**9, places=4, allow_nan=False))
def test_a_number_with_separators_is_the_number(number: Decimal) -> None:
    assert as_number(f"{number:,f}") == number
    assert as_number(f" {number:f} ") == number


@given(st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False, min_value=-1e12, max_value=1e12))
def test_a_binary_number_is_what_a_spreadsheet_program_shows_of_it(number: float) -> None:
    assert abs(exact(number) - Decimal(number)) <= abs(Decimal(number)) * Decimal("5.1e-15")
    assert number.is_integer() or len(exact(number).as_tuple().digits) <= 15


@pytest.mark.parametrize("raw", ["0202-03-01", "1899-12-31", date(1, 1, 1), "9999-12-31 10:00", "9999-01-01"])
def test_years_that_nobody_bills(raw: Raw) -> None:
    assert as_date(raw) is Misfit.DATE_OUT_OF_RANGE
    assert as_month(raw) is Misfit.DATE_OUT_OF_RANGE


def test_long_texts_are_nothing_at_once() -> None:
    long = "1 é" * 20_000
    assert (as_number(long), as_date(long), as_yes(long)) == (
        Misfit.NOT_A_NUMBER, Misfit.NOT_A_DATE, Misfit.NOT_YES_OR_NO)  # fmt: skip


APRIL = date(2026, 4, 1)
DATES: tuple[Raw, ...] = (
    APRIL,
    datetime.fromisoformat("2026-04-01 10:00"),
    "2026-04-01",
    "2026/4/1",
    "2026.4.1",
    "20260401",
    "2026年4月1日",
    "2026 年 4 月 1 日",
    "２０２６－０４－０１",
    "2026-04-01 10:00",
    "2026-04-01T10:00:30.5",
    "1 Apr 2026",
    "1-Apr-2026",
    "April 1, 2026",
    Decimal("46113"),
    Decimal("46113.75"),
    Decimal("20260401"),
)


@pytest.mark.parametrize("raw", DATES, ids=repr)
def test_dates(raw: Raw) -> None:
    assert as_date(raw) == APRIL


def test_dates_that_can_be_read_in_one_way_only() -> None:
    assert as_date("30/04/2026") == as_date("04/30/2026") == date(2026, 4, 30)
    assert as_date("04/04/2026") == date(2026, 4, 4)


def test_days_counted_from_1904() -> None:
    assert as_date(Decimal("44651"), from_1904=True) == APRIL


@pytest.mark.parametrize("raw", ["01/02/2026", "26/4/1", "2026-04-01T23:00:00Z", "2026-04-01 23:00+08:00"])
def test_dates_that_may_be_two(raw: str) -> None:
    assert as_date(raw) is Misfit.AMBIGUOUS_DATE


@pytest.mark.parametrize("raw", ["4/1", "4月1日"])
def test_days_without_a_year(raw: str) -> None:
    assert as_date(raw) is Misfit.NO_YEAR


@pytest.mark.parametrize(
    "raw", ["soon", "2026-02-30", "20261301", "32/13/2026", "1 Foo 2026", Decimal(7), True, "46113"]
)
def test_what_is_no_date(raw: Raw) -> None:
    assert as_date(raw) is Misfit.NOT_A_DATE


@pytest.mark.parametrize("raw", ["2026-04", "202604", "2026年4月", "2026/4", Decimal(202604), APRIL, "2026-04-17"])
def test_months(raw: Raw) -> None:
    assert as_month(raw) == Month(2026, 4)


@pytest.mark.parametrize(
    ("raw", "answer"), [("是", True), ("YES", True), ("√", True), (True, True), ("否", False), (Decimal(0), False)]
)
def test_yes_and_no(raw: Raw, answer: bool) -> None:
    assert as_yes(raw) is answer


def test_a_word_that_is_neither_yes_nor_no() -> None:
    assert as_yes("perhaps") is Misfit.NOT_YES_OR_NO


@pytest.mark.parametrize(
    ("raw", "code"),
    [(" shop-1 ", "shop-1"), ("ｓｈｏｐ－１", "shop-1"), (Decimal(1001), "1001"), ("专业版（年付）", "专业版（年付）")],
)
def test_codes(raw: Raw, code: str) -> None:
    assert as_code(raw) == code


@pytest.mark.parametrize("raw", ["1.23457E+15", Decimal("1234567890123456"), date(2026, 1, 2)])
def test_codes_that_excel_damaged(raw: Raw) -> None:
    assert as_code(raw) is Misfit.DAMAGED_CODE


def test_several_codes_in_a_cell() -> None:
    assert split_codes("pro, ultimate、free；x\ny") == ("pro", "ultimate", "free", "x", "y")
