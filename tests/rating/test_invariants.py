"""What holds for every bill: it adds up, figures are what their formulas give, the order of rows decides nothing."""

import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cases import cases
from tests.examples.run import check_invoice
from tests.small_book import ACCOUNTS, BOOK
from tests.workbooks import write_workbook
from xlbill.book.objects import PriceBook
from xlbill.formula import as_decimal, is_number
from xlbill.inputs import Inputs, load_inputs
from xlbill.periods import Month
from xlbill.rating.bill import Bill
from xlbill.rating.figures import Figure, computed
from xlbill.rating.rate import rate
from xlbill.usage import Series, Usage, by_app
from xlbill.workspace import Workspace

APRIL = Month(2026, 4)
EXAMPLES = Path(__file__).parent.parent.parent / "examples"


def examples() -> Iterator[Bill]:
    inputs, _ = load_inputs(Workspace(EXAMPLES), APRIL)
    assert inputs is not None
    for customer in inputs.accounts.customers:
        bill = rate(customer, inputs.accounts, inputs.books, inputs.usage, inputs.balances, APRIL).bill
        assert bill is not None
        yield bill


BILLS = list(examples())


def figures_of(bill: Bill) -> set[Figure]:
    """Every figure from which a bill comes about."""
    waiting = [*bill.sums.values(), *(f for line in bill.lines for f in line.figures.values())]
    waiting += [f for pack in bill.packs for f in pack.figures]
    seen: set[Figure] = set()
    while waiting:
        figure = waiting.pop()
        if figure not in seen:
            seen.add(figure)
            waiting.extend(figure.sources())
    return seen


@pytest.mark.parametrize("bill", BILLS, ids=lambda bill: bill.customer.code)
def test_every_figure_is_what_its_formula_gives(bill: Bill) -> None:
    for figure in figures_of(bill):
        if figure.formula is not None:
            assert computed(figure.name, figure.formula, figure.inputs).value == figure.value
        else:
            assert figure.value is None or not is_number(figure.value) or isinstance(as_decimal(figure.value), Decimal)


def adds_up(bill: Bill) -> None:
    amounts = [line.amount.number for line in bill.lines]
    prepaid = [line.amount.number for line in bill.lines if line.pay == "prepaid"]
    sums = {name: figure.number for name, figure in bill.sums.items()}
    refunded, opening, closing = (sums.get(name, Decimal(0)) for name in ("refunded", "credit_opening", "credit"))
    assert bill.total.number == sum(amounts)
    assert bill.prepaid.number - refunded == sum(prepaid)
    assert bill.prepaid.number + bill.due.number + opening == bill.total.number + closing
    assert min(bill.prepaid.number, bill.due.number, refunded, closing) >= 0
    assert sum(tax.gross.number for tax in bill.taxes) == bill.total.number
    assert all(tax.net.number + tax.tax.number == tax.gross.number for tax in bill.taxes)
    assert all(pack.opening.number - pack.used - pack.gone == pack.closing.number for pack in bill.packs)
    assert all(amount == round(amount, bill.currency.decimals) for amount in amounts)


@pytest.mark.parametrize("bill", BILLS, ids=lambda bill: bill.customer.code)
def test_example_bills_add_up(bill: Bill) -> None:
    adds_up(bill)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    """The small book, an app on its paid plan with a pack, and no usage yet."""
    root = tmp_path_factory.mktemp("small")
    orders = (
        ACCOUNTS["Subscriptions"] + "| a1 | talk_30 | | 2 | 2026-04-05 | |\n| a1 | check.standard | | | 2026-04-20 | |"
    )
    write_workbook(root / "price_tables" / "small.xlsx", BOOK)
    write_workbook(root / "accounts.xlsx", {**ACCOUNTS, "Subscriptions": orders})
    (root / "usage" / "2026-04").mkdir(parents=True)
    inputs, found = load_inputs(Workspace(root), APRIL)
    assert inputs is not None, found
    return inputs


QUANTITIES = st.integers(0, 10**6).map(Decimal)


def bill_of(inputs: Inputs, usage: dict[tuple[str, str | None], list[Decimal]]) -> Bill:
    days = list(APRIL.period)[25:]
    place = inputs.accounts.customers[0].place
    series = tuple(
        Series("a1", meter, dimension, None, 1, tuple(zip(days, figures, strict=False)), place)
        for (meter, dimension), figures in usage.items()
    )
    outcome = rate(
        inputs.accounts.customers[0], inputs.accounts, inputs.books, Usage(by_app(series)), {}, APRIL, "worked-bills"
    )
    assert outcome.bill is not None, outcome.problems
    return outcome.bill


@settings(max_examples=cases(3, 2_000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    dau=st.lists(QUANTITIES, max_size=5),
    minutes=st.lists(QUANTITIES, max_size=5),
    images=st.lists(QUANTITIES, max_size=5),
)
def test_any_usage_gives_a_bill_that_adds_up_and_an_invoice_that_computes_it(
    small: Inputs, dau: list[Decimal], minutes: list[Decimal], images: list[Decimal], tmp_path: Path
) -> None:
    usage = {("dau", None): dau, ("minutes", None): minutes, ("images", "porn"): images}
    bill = bill_of(small, {meter: figures for meter, figures in usage.items() if figures})
    adds_up(bill)
    check_invoice(bill, tmp_path)
    talk = [line.number("drawn") for line in bill.lines if line.item == "minutes"]
    assert talk == ([min(Decimal(60), max(sum(minutes) - 20, Decimal(0)))] if minutes else [])
    checks = sum(line.amount.number for line in bill.lines if line.product == "check")
    assert checks >= 500, "the minimum is reached, by usage or by its top-up"


@given(st.integers(0, 10**6))
@settings(max_examples=cases(6, 500), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_price_rows_decides_nothing(small: Inputs, seed: int) -> None:
    usage = {("dau", None): [Decimal(37)], ("minutes", None): [Decimal(95)], ("images", "porn"): [Decimal(30)]}
    expected = bill_of(small, usage)
    (book,) = small.books
    shuffled = bill_of(replace(small, books=(_shuffled(book, random.Random(seed)),)), usage)
    assert shuffled.total.number == expected.total.number
    assert sorted(_told(shuffled)) == sorted(_told(expected))


def _shuffled(book: PriceBook, order: random.Random) -> PriceBook:
    def mixed(rows: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(order.sample(rows, len(rows)))

    return replace(
        book,
        plans=mixed(book.plans),  # type: ignore[arg-type]
        extensions=mixed(book.extensions),  # type: ignore[arg-type]
        charges=mixed(book.charges),  # type: ignore[arg-type]
        products=dict(order.sample(list(book.products.items()), len(book.products))),
    )


def _told(bill: Bill) -> list[tuple[str, Decimal]]:
    return [(line.item, line.amount.number) for line in bill.lines]
