"""A bill that a spreadsheet program would recalculate to other amounts is told, at the figure where it begins."""

from decimal import Decimal
from pathlib import Path

from xlbill.accounts import by_customer
from xlbill.inputs import load_inputs
from xlbill.periods import Month
from xlbill.rating.figures import Figure, computed, given, our
from xlbill.rating.rate import rate
from xlbill.rating.recalculated import partings
from xlbill.workspace import Workspace

ROOT = Path(__file__).parents[2]
QUANTITY, PRICE = given("quantity", 100), given("price", Decimal("1.005"))


def line(units: str) -> Figure:
    """An amount of 2.50 a unit."""
    count = computed("units", our(units), {"quantity": QUANTITY, "price": PRICE})
    return computed("amount", our("=ROUND(units*2.5,2)"), {"units": count})


def decimals(figure: Figure) -> int | None:
    return 2 if figure.name == "amount" else None


def test_a_step_is_told_where_it_is_taken_and_not_where_it_ends_up() -> None:
    """100*1.005 is 100.49999999999999 in doubles; Excel is known to correct it, other programs do not."""
    (found,) = partings([line("=ROUND(quantity*price,0)")], decimals)
    assert (found.figure.name, found.figure.value, found.shown, found.in_excel) == ("units", 101, 100, False)


def test_a_difference_that_excel_is_known_to_show() -> None:
    """134.6-126.2 is 8.399999999999991: the noise reaches the fifteenth digit, where Excel corrects nothing."""
    high, low = given("high", Decimal("134.6")), given("low", Decimal("126.2"))
    steps = computed("steps", our("=INT((high-low)*10)"), {"high": high, "low": low})
    (found,) = partings([steps], decimals)
    assert (found.figure.value, found.shown, found.in_excel) == (84, 83, True)
    assert not list(partings([computed("steps", our("=INT(ROUND((high-low)*10,6))"), steps.inputs)], decimals))


def test_rounded_before_the_step_all_agree() -> None:
    assert not list(partings([line("=ROUND(ROUND(quantity*price,6),0)")], decimals))


def test_noise_that_nobody_sees_is_not_told() -> None:
    assert not list(partings([line("=quantity*price/3")], decimals))


def test_no_bill_of_the_example_month_parts() -> None:
    month = Month(2026, 4)
    inputs, _ = load_inputs(Workspace(ROOT / "examples"), month)
    assert inputs is not None
    own = by_customer(inputs.accounts)
    for customer in inputs.accounts.customers:
        bill = rate(customer, own[customer.code], inputs.books, inputs.usage, inputs.balances, month).bill
        assert bill is not None
        assert not list(partings([bill.total, *(line.amount for line in bill.lines)], decimals))
