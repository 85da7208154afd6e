"""Whatever stands in the accounts: nothing is granted that was not charged, nothing charged that was not in force.

Random orders (starts, ends, upgrades, lapses, returns, packs), contracts at both levels and usage, over three months
in a row, on the shipped books and on a book of which any model comes to #DIV/0!.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cases import cases
from xlbill.account_contracts import Contract
from xlbill.accounts import NO_SELLER, Accounts, App, Customer, Subscription
from xlbill.balances import Balance
from xlbill.book.load import load_book
from xlbill.book.objects import Item, Model, Plan, PriceBook
from xlbill.cells import Place
from xlbill.formula import Fault, parse
from xlbill.language import Label
from xlbill.periods import Month
from xlbill.problems import Problems
from xlbill.rating.app_month import AppMonth, app_month_of
from xlbill.rating.bill import Bill, Line
from xlbill.rating.rate import Outcome, rate
from xlbill.usage import Series, Usage, by_app
from xlbill.workspace import SHIPPED

ROWS = Place("accounts.xlsx", "rows")
MONTHS = (Month(2026, 3), Month(2026, 4), Month(2026, 5))
ITEMS = (
    *("im.free", "im.pro", "im.ultimate", "rtc.base", "rtc.premium", "push.standard", "moderation.standard"),
    *("storage.180", "storage.360", "presence", "callback", "callback_cache", "api_rate"),
)
NAMED = (None, "im", "im.pro", "dau", "rtc", "rtc.base", "push_dau", "storage", "moderation.standard")
USED = (("dau", None), ("rtc", "audio"), ("push_dau", None), ("mod_image", "porn"))


@cache
def book() -> PriceBook:
    loaded, _ = load_book(SHIPPED / "price_tables" / "easemob-im-2026.xlsx")
    assert loaded is not None
    return loaded


def days(first: date = date(2026, 1, 20), last: date = date(2026, 5, 31)) -> st.SearchStrategy[date]:
    return st.dates(first, last)


@st.composite
def subscriptions(draw: st.DrawFn) -> tuple[Subscription, ...]:
    rows = []
    for number in range(draw(st.integers(0, 6)), 0, -1):
        start = draw(days())
        end = draw(st.none() | st.integers(1, 100).map(lambda n, start=start: start + timedelta(days=n)))
        quantity = Decimal(draw(st.sampled_from((1, 1, 1, 2))))
        place = ROWS.at(number)
        item = draw(st.sampled_from(ITEMS))
        rows.append(Subscription("a1", item, None, quantity, start, end, draw(st.booleans()), place, place))
    return tuple(rows)


@st.composite
def contracts(draw: st.DrawFn) -> tuple[Contract, ...]:
    rows = []
    for number in range(draw(st.integers(0, 3))):
        app = draw(st.sampled_from((None, "a1")))
        place = ROWS.at(100 + number)
        kind = draw(st.sampled_from(("price", "discount", "minimum", "included")))
        figure = (
            draw(st.decimals(0, "0.5", places=2)) if kind == "discount" else Decimal(draw(st.integers(0, 900))),
            place,
        )
        overrides = {kind: figure} if kind in ("price", "included") else {}
        discount, minimum = (figure if kind == name else None for name in ("discount", "minimum"))
        item = draw(st.sampled_from(NAMED))
        rows.append(Contract("C1", app, item, None, overrides, discount, minimum, None, draw(days()), None, "", place))
    return tuple(rows)


FIGURES = st.dictionaries(st.sampled_from(USED), st.tuples(st.integers(1, 28), st.integers(0, 200_000)), max_size=3)


def accounts_of(orders: Sequence[Subscription], agreed: Sequence[Contract]) -> Accounts:
    customer = Customer("C1", Label("One", ""), "", "", "", "", "zh", None, ROWS.at(1))
    app = App("a1", "C1", "cn", None, book().edition.code, *3 * (ROWS.at(1),))
    return Accounts(NO_SELLER, (customer,), (app,), tuple(orders), tuple(agreed), ())


def usage_of(used: dict[tuple[str, str | None], tuple[int, int]], month: Month) -> Usage:
    series = (
        Series("a1", meter, dimension, None, 1, ((month.start.replace(day=day), Decimal(figure)),), ROWS.at(1))
        for (meter, dimension), (day, figure) in used.items()
    )
    return Usage(by_app(sorted(series, key=lambda s: s.meter)))


@cache
def closing_book() -> PriceBook:
    """The same book, but an end within a term ends it, and what was prepaid of it comes back."""

    def closing(item: Item) -> Item:
        return replace(item, early_end="refund") if item.refund is not None else item

    plans, extensions = map(closing, book().plans), map(closing, book().extensions)
    return replace(book(), plans=tuple(plans), extensions=tuple(extensions))  # type: ignore[arg-type]


BOOKS = st.sampled_from((book, closing_book)).map(lambda make: make())


def outcome(
    accounts: Accounts,
    used: dict[tuple[str, str | None], tuple[int, int]],
    month: Month,
    priced_by: PriceBook | None = None,
) -> Outcome:
    start = month.plus(-1).start
    nothing_left = Balance("C1", "", "credit", "CNY", start, None, Decimal(0), Decimal(0), Decimal(0))
    balances = {nothing_left.key: nothing_left}  # of refunds of the month before
    return rate(accounts.customers[0], accounts, [priced_by or book()], usage_of(used, month), balances, month)


def gathered(accounts: Accounts, month: Month, priced_by: PriceBook | None = None) -> AppMonth:
    found = app_month_of(accounts.apps[0], accounts, [priced_by or book()], Usage(), month, Problems())
    assert found is not None
    return found


def fees(bill: Bill) -> list[Line]:
    return [line for line in bill.lines if line.kind == "fee"]


BOUNDS = settings(max_examples=cases(15, 2_000), deadline=None, suppress_health_check=[HealthCheck.too_slow])


@BOUNDS
@given(orders=subscriptions(), agreed=contracts(), used=FIGURES, month=st.sampled_from(MONTHS), priced_by=BOOKS)
def test_what_is_charged_was_in_force_and_what_is_granted_was_charged(
    orders: tuple[Subscription, ...],
    agreed: tuple[Contract, ...],
    used: dict[tuple[str, str | None], tuple[int, int]],
    month: Month,
    priced_by: PriceBook,
) -> None:
    accounts = accounts_of(orders, agreed)
    result = outcome(accounts, used, month, priced_by)
    if result.bill is None:
        assert any(p.severity == "error" for p in result.problems)
        return
    assert_paid_back(result)
    app_month = gathered(accounts, month, priced_by)
    for line in fees(result.bill):
        assert line.period is not None
        product = book().products[line.product]
        free = line.amount.number == 0
        assert free or app_month.allowed(product, line.period.start), f"{line.item} is charged without its plan"
    for term in app_month.terms:
        renewed = term.period.start > term.order.start
        assert not renewed or app_month.allowed(term.item.product, term.period.start), "a lapsed term grants something"
    for line in result.bill.lines:
        if line.kind == "refund":
            assert Decimal(0) <= -line.amount.number <= line.figures["price"].number, "more comes back than was billed"
        if line.kind == "usage" and (included := line.number("included")):
            assert_granted(app_month, line, included)


def assert_paid_back(result: Outcome) -> None:
    """What comes back is credit until it is used: nothing is due below zero, and nothing is lost on the way."""
    bill = result.bill
    assert bill is not None
    sums = {name: figure.number for name, figure in bill.sums.items()}
    back = [line.amount.number for line in bill.lines if line.pay == "prepaid" and line.amount.number < 0]
    assert sums.get("refunded", 0) == -sum(back)
    assert min(sums[name] for name in sums if name not in ("total", "postpaid")) >= 0
    assert sums["prepaid"] + sums["due"] == sums["total"] + sums.get("credit", 0)
    credit = [balance for balance in result.carried if balance.kind == "credit"]
    assert sum(balance.closing for balance in credit) == sums.get("credit", 0)


def assert_granted(app_month: AppMonth, line: Line, included: Decimal) -> None:
    """A quota is at most those of the plans in force on a day of the month, the default's, or a contract's."""
    contracts = [c.overrides["included"][0] for c in app_month.contracts if "included" in c.overrides]
    plans: list[Plan | None] = [s.plan for s in app_month.stretches[line.product]]
    own = [
        charge.parameters["included"].value
        for charge in app_month.book.charges
        if charge.item == line.item and "included" in charge.parameters
        for plan in plans
        if not charge.plans or (plan is not None and set(charge.plans) & set(plan.names))
    ]
    most = sum((n for n in own if isinstance(n, Decimal)), Decimal(0)) + max(contracts, default=Decimal(0)) * len(plans)
    assert included <= most + len(plans), f"{line.item}: {included} is granted of {most}"


@BOUNDS
@given(orders=subscriptions(), agreed=contracts(), used=FIGURES, order=st.randoms())
def test_the_order_of_rows_decides_nothing(
    orders: tuple[Subscription, ...],
    agreed: tuple[Contract, ...],
    used: dict[tuple[str, str | None], tuple[int, int]],
    order: st.randoms,  # type: ignore[valid-type]
) -> None:
    """Orders of one day are a journal (docs/decisions.md); all others may stand in any order, and so may contracts."""
    starts = [subscription.start for subscription in orders]
    if len(set(starts)) < len(starts):
        return
    mixed = order.sample(orders, len(orders)), order.sample(agreed, len(agreed))  # type: ignore[attr-defined]
    for month in MONTHS:
        one, other = (outcome(accounts_of(*rows), used, month) for rows in ((orders, agreed), mixed))
        assert (one.bill is None) == (other.bill is None)
        if one.bill is not None and other.bill is not None:
            assert one.bill.total.number == other.bill.total.number
            told = [sorted((line.item, line.amount.number) for line in bill.lines) for bill in (one.bill, other.bill)]
            assert told[0] == told[1]


MODELS = tuple(sorted(book().models))


@BOUNDS
@given(
    orders=subscriptions(),
    used=FIGURES,
    broken=st.sampled_from(MODELS),
    formula=st.sampled_from(("=1/0", '="a"', "=TRUE", "=1E+300", "=-1", "=quantity/(price-price)")),
)
def test_a_model_that_fails_anywhere_stops_one_customer_with_a_problem(
    orders: tuple[Subscription, ...], used: dict[tuple[str, str | None], tuple[int, int]], broken: str, formula: str
) -> None:
    accounts = accounts_of(orders, ())
    failing = with_model(book(), broken, formula)
    result = rate(accounts.customers[0], accounts, [failing], usage_of(used, MONTHS[1]), {}, MONTHS[1])
    assert result.bill is not None or any(p.severity == "error" for p in result.problems)


def with_model(book: PriceBook, code: str, text: str) -> PriceBook:
    """The book with a model all of whose formulas are one."""
    formula = parse(text)
    assert not isinstance(formula, Fault)

    def other(model: Model) -> Model:
        return replace(model, formulas=tuple((name, formula) for name, _ in model.formulas))

    bad = other(book.models[code])

    def swapped(row: object) -> object:
        changes = {
            name: bad
            for name in ("model", "refund", "draw", "prorate")
            if getattr(getattr(row, name, None), "code", None) == code
        }
        return replace(row, **changes) if changes else row  # type: ignore[type-var]

    return replace(
        book,
        models={**book.models, code: bad},
        plans=tuple(map(swapped, book.plans)),  # type: ignore[arg-type]
        extensions=tuple(map(swapped, book.extensions)),  # type: ignore[arg-type]
        packs=tuple(map(swapped, book.packs)),  # type: ignore[arg-type]
        charges=tuple(map(swapped, book.charges)),  # type: ignore[arg-type]
        trials=tuple(map(swapped, book.trials)),  # type: ignore[arg-type]
        tax_model=bad if book.tax_model.code == code else book.tax_model,
    )


@pytest.mark.parametrize("start", [date(1901, 1, 1), date(1999, 12, 31), date(9998, 12, 31)])
@pytest.mark.parametrize("item", ["im.pro", "moderation.standard", "presence", "api_rate"])
def test_no_date_that_passes_the_door_ends_a_run(start: date, item: str) -> None:
    orders = (
        Subscription("a1", "im.pro", None, Decimal(1), date(2026, 3, 20), None, True, ROWS.at(1), ROWS.at(1)),
        Subscription("a1", item, None, Decimal(1), start, None, True, ROWS.at(2), ROWS.at(2)),
    )
    result = outcome(accounts_of(orders, ()), {}, MONTHS[1])
    assert result.bill is not None or any(p.severity == "error" for p in result.problems)
