"""A print is the file that laying out and writing give, byte for byte, and leaves the same on record."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pytest

from tests.cases import cases
from tests.examples.run import bills_of
from tests.invoice.bills import bill_of, free, long, ordinary, refunding, saving, under_contract
from tests.invoice.laid_out import pinned, shipped
from tests.press.variants import Chosen, Variation, bare, without_days
from xlbill.inputs import load_inputs
from xlbill.invoice import Issuance, Template
from xlbill.invoice.pages.lay_out import laid_out
from xlbill.invoice.presented import DRAFT
from xlbill.periods import Month
from xlbill.press import PrintingPress
from xlbill.press import press as deciding
from xlbill.rating.bill import Bill
from xlbill.rating.rate import rate
from xlbill.workspace import Workspace

KINDS = (
    "bands.md",
    "contract_charges.md",
    "credit.md",
    "customers.md",
    "early_ends.md",
    "long_terms.md",
    "prepaid.md",
    "printed.md",
    "rates.md",
    "rollovers.md",
    "words.md",
    "years.md",
    "taxes.md",
)
"""The files of priced examples whose bills are of a kind of their own."""
EXAMPLES = Path(__file__).parent.parent.parent / "examples"
APRIL = Month(2026, 4)


def examples() -> list[Bill]:
    """The bills of the example month."""
    inputs, _ = load_inputs(Workspace(EXAMPLES), APRIL)
    assert inputs is not None
    outcomes = [
        rate(customer, inputs.accounts, inputs.books, inputs.usage, inputs.balances, APRIL)
        for customer in inputs.accounts.customers
    ]
    return [outcome.bill for outcome in outcomes if outcome.bill is not None]


LONG = long(lines_per_app=5)
"""A group of it goes over a page: it is laid out by itself."""
BILLS = [*examples(), ordinary(), ordinary("en"), LONG, free(), refunding(), refunding("en"), saving()]
ON_A_PAGE = [bill for bill in BILLS if bill is not LONG]


@pytest.fixture(autouse=True)
def printed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every customer's bill is made in both ways, and the two are held against each other."""
    monkeypatch.setattr(deciding, "CHECKED", 1)


def prints(press: PrintingPress, bills: Sequence[Bill], issuance: Issuance = DRAFT) -> int:
    """Make invoices in both ways (a difference fails); how many of them were prints."""
    return sum(press.invoice(bill, issuance).checked for bill in bills)


ISSUED = Issuance("202604-00017", date(2026, 5, 3), date(2026, 5, 18))
SOME, FEW = BILLS[:: cases(3, 1)], BILLS[:: cases(6, 1)]
ON = {"shipped": (shipped(), SOME), "pinned": (pinned(), FEW), "pinned.en": (pinned("en"), FEW)}


def whole(bills: Sequence[Bill], template: Template, issuance: Issuance = DRAFT) -> int:
    """How many of some bills have no group that goes over a page: the others are laid out one by one."""
    return sum(not laid_out(bill, template, issuance).torn for bill in bills)


@pytest.mark.parametrize(("template", "bills"), ON.values(), ids=ON)
def test_every_bill_on_every_template_is_a_print(template: Template, bills: Sequence[Bill]) -> None:
    press = PrintingPress(template)
    for issuance, some in ((DRAFT, bills), (ISSUED, bills[:: cases(3, 1)])):
        assert prints(press, some, issuance) == whole(some, template, issuance) >= len(some) - 1, "all but the long one"


@pytest.mark.parametrize("received", [None, Decimal(20), Decimal("-3.5")])
def test_what_customers_owe_from_before_comes_from_the_same_plate(received: Decimal | None) -> None:
    press = PrintingPress(shipped())
    issued = [
        replace(ISSUED, owed=Decimal(owed), received=received) for owed in ("0", "250.5", "-3", "1000000", "0.01")
    ]
    assert sum(prints(press, [refunding()], issuance) for issuance in issued) == len(issued)
    assert len(press.shapes) == len(press.plates) == 1


def test_where_many_bills_are_made_the_first_of_a_shape_is_printed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "is_checked", lambda code: False)
    few, many = PrintingPress(shipped()), PrintingPress(shipped(), many=True)
    assert many.invoice(ordinary()) == few.invoice(ordinary())
    assert (len(few.plates), len(many.plates)) == (0, 1)


def test_a_discount_of_nothing_and_one_of_something_are_of_two_shapes() -> None:
    press = PrintingPress(shipped())
    lines = [under_contract("app-1", share=share, contract="") for share in ("0.1", "0", "0.15", "0.125")]
    bills = [bill_of([line]) for line in lines]
    assert prints(press, [*bills, *bills]) == 2 * len(bills)


def test_a_bill_with_a_group_over_a_page_is_laid_out_by_itself() -> None:
    press = PrintingPress(shipped())
    assert prints(press, [LONG, LONG, LONG]) == 0
    assert laid_out(LONG, shipped(), DRAFT).torn


@pytest.mark.parametrize("number", range(0, len(ON_A_PAGE), cases(2, 1)))
def test_other_bills_of_the_same_shape_come_from_its_plate(number: int) -> None:
    press = PrintingPress(shipped())
    alike = [Variation(seed, wild=False).bill(ON_A_PAGE[number]) for seed in range(cases(3, 200))]
    assert prints(press, alike) == len(alike)
    assert len(press.shapes) < len(alike) / 2, "their shape is the same"
    assert len(press.plates) < len(alike), "plates are used again"


@pytest.mark.parametrize("kind", KINDS)
def test_bills_of_every_kind_of_price_list_are_prints(kind: str, tmp_path: Path) -> None:
    """What customers as a whole pay, taxes, prepaid money, values by date: every form with other numbers, too."""
    press = PrintingPress(shipped())
    bills = list(bills_of((kind,), tmp_path, cases(1, 99)))
    alike = [Variation(seed, wild=False).bill(bill) for bill in bills for seed in range(cases(1, 3))]
    assert prints(press, [*bills, *alike]) == len(bills) + len(alike)
    prints(press, [Variation(seed, wild=True).bill(bill) for seed, bill in enumerate(bills[: cases(1, 99)])])


NUMBERS = (
    *("0", "-0.00", "1", "-1", "0.1", "12.5", "12.50", "0.125", "1E+3", "9999999", "99999.99"),
    *("0.12345678", "0.123456789", "1E-12", "0.30000000000000004", "0.1234567890123456789", "-0.005", "2.675"),
)
"""Decimals: none, those that a format shows, more than it shows; zeros behind them; more digits than files hold."""


@pytest.mark.parametrize("number", NUMBERS[:: cases(4, 1)])
def test_numbers_at_the_borders_of_formats(number: str) -> None:
    press = PrintingPress(shipped())
    for bill in (refunding(), ordinary())[: cases(1, 2)]:
        assert prints(press, [bill, Chosen(number).bill(bill), Chosen(number).bill(bill)]) == 3


@pytest.mark.parametrize("first", range(0, 240, cases(96, 48)))
def test_texts_at_the_borders_of_lines_rows_and_pages(first: int) -> None:
    """Longer and longer, until every wrapped text has taken further lines, and rows go on the next page."""
    press = PrintingPress(shipped())
    for length in range(first, first + 48, cases(48, 1)):
        texts = ("宽" * length, "w" * length, "行\n" * (length // 24) + "x")
        chosen = [Chosen(words=text).bill(refunding()) for text in texts if text]
        assert prints(press, chosen) == whole(chosen, press.template)


@pytest.mark.parametrize("per_app", range(1, cases(9, 40), cases(4, 1)))
def test_bills_that_end_before_at_and_after_the_end_of_a_page(per_app: int) -> None:
    press = PrintingPress(shipped())
    bill = long(lines_per_app=per_app)
    both = [bill, Chosen(words="长" * 60).bill(bill)]
    assert prints(press, both) == whole(both, press.template)


@pytest.mark.parametrize("number", range(0, len(BILLS), cases(5, 1)))
def test_bills_of_which_parts_are_left_out(number: int) -> None:
    press = PrintingPress(shipped())
    for bill in (bare(BILLS[number]), without_days(BILLS[number])):
        both = [bill, Variation(number, wild=False).bill(bill)]
        assert prints(press, both) == whole(both, press.template)


@pytest.mark.parametrize("seed", range(cases(5, 2_000)))
def test_no_value_deceives_the_press(seed: int) -> None:
    """Decimals, empty fields, missing figures, texts that look like formulas, XML and functions."""
    press = PrintingPress(shipped())
    prints(press, [Variation(seed, wild=True).bill(bill) for bill in BILLS[seed % 5 :: 5]])


def test_bills_of_times_and_records_are_written(tmp_path: Path) -> None:
    """Hardly two have figures of the same times: they are laid out and written, and no plate is cut."""
    press = PrintingPress(shipped())
    all_bills = bills_of(("methods.md", "records.md"), tmp_path)
    bills = list(islice((bill for bill in all_bills if any(m.timed for m in bill.usage)), cases(2, 99)))
    assert len(bills) > cases(1, 3)
    assert prints(press, bills) == 0
    assert not press.shapes
