"""Simple truths over random accounts: months of orders, ends, upgrades, lapses, packs, contracts at both levels.

What a plan is worth on a day is found here a second time, from the orders' rows alone, in a way that has nothing of
xlbill's: the last order that began, its months counted on from its day. Bills are held against that: nothing granted
that was not charged, nothing charged that was not in force, refunds within what was billed.
"""

import calendar
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import ceil
from pathlib import Path

import pytest

from tests.cases import cases
from tests.small_book import ACCOUNTS, BOOK
from tests.workbooks import write_workbook
from xlbill.account_contracts import Contract
from xlbill.accounts import Accounts, Subscription
from xlbill.balances import Balance, BalanceKey
from xlbill.inputs import Inputs, load_inputs
from xlbill.periods import Month
from xlbill.rating.bill import Bill, Line
from xlbill.rating.rate import rate
from xlbill.usage import Series, Usage, by_app
from xlbill.workspace import Workspace

FIRST = Month(2026, 3)
MONTHS = tuple(FIRST.plus(n) for n in range(4))
APPS = ("a1", "a2")
FEES = {"im.free": 0, "im.pro": 100, "store.30": 50, "store.90": 80, "talk_30": 5}
QUOTA, FREE_MINUTES, PACK, TRIAL, TRIAL_DAYS, MINIMUM = 10, 20, 30, 20, 7, 500


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    """The small book, and a customer with two apps that have ordered nothing yet."""
    root = tmp_path_factory.mktemp("truths")
    write_workbook(root / "price_tables" / "small.xlsx", BOOK)
    apps = "| app | customer | region |\n| a1 | C1 | cn |\n| a2 | C1 | cn |"
    orders = "| app | item | option | quantity | start | end |"
    write_workbook(root / "accounts.xlsx", {**ACCOUNTS, "Apps": apps, "Subscriptions": orders})
    (root / "usage" / str(FIRST)).mkdir(parents=True)
    inputs, found = load_inputs(Workspace(root), FIRST)
    assert inputs is not None, found
    return inputs


# --- random accounts ------------------------------------------------------------------------------------------------


@dataclass
class Story:
    """What a customer ordered, agreed on and used, and the bills that came of it."""

    accounts: Accounts
    used: dict[tuple[Month, str, str], dict[date, Decimal]]
    bills: dict[Month, Bill] = field(default_factory=dict)

    def orders(self, app: str, item: str) -> list[Subscription]:
        """The orders of an app whose item begins so, in the order of the sheet."""
        return [s for s in self.accounts.subscriptions if s.app == app and s.item.startswith(item)]

    def lines(self, kind: str) -> list[Line]:
        """All lines of a kind, of all months."""
        return [line for bill in self.bills.values() for line in bill.lines if line.kind == kind]


def story(inputs: Inputs, dice: random.Random) -> Story:
    """A customer at random; months are billed until one of them has no bill (an order that cannot be)."""
    accounts = replace(inputs.accounts, subscriptions=_orders(inputs, dice), contracts=_contracts(inputs, dice))
    made = Story(accounts, {(month, app, of): _days(dice, month) for month in MONTHS for app in APPS for of in _METERS})
    balances: dict[BalanceKey, Balance] = {}
    for month in MONTHS:
        outcome = rate(
            accounts.customers[0], accounts, inputs.books, _usage(made, month, inputs), balances, month, "check"
        )
        if outcome.bill is None:
            break
        made.bills[month] = outcome.bill
        balances = {balance.key: balance for balance in outcome.carried}
    return made


_METERS = ("dau", "minutes", "images")


def _orders(inputs: Inputs, dice: random.Random) -> tuple[Subscription, ...]:
    place = inputs.accounts.customers[0].place
    rows: list[Subscription] = []

    def order(app: str, item: str, option: str | None, start: date, end: date | None, count: int = 1) -> None:
        rows.append(Subscription(app, item, option, Decimal(count), start, end, True, place.at(len(rows) + 2), place))

    for app in APPS:
        start = FIRST.start + timedelta(days=dice.randrange(40))
        for _ in range(dice.choice((1, 1, 2, 3))):
            plan = dice.choice(("im.pro", "im.pro", "im.free"))
            order(
                app, plan, None, start, start + timedelta(days=dice.randrange(1, 70)) if dice.random() < 0.4 else None
            )
            if plan == "im.pro":
                day = start + timedelta(days=dice.randrange(25))
                if dice.random() < 0.5:
                    order(app, "store", dice.choice(("30", "90")), day, None)
                if dice.random() < 0.4:
                    order(app, "check.standard", None, day, None)
                if dice.random() < 0.5:
                    order(app, "talk_30", None, day, None, dice.choice((1, 2)))
            start += timedelta(days=dice.randrange(60))
    return tuple(rows)


def _contracts(inputs: Inputs, dice: random.Random) -> tuple[Contract, ...]:
    """Contracts for the customer and for its first app, on the plan's fee and on the price of dau."""
    place = inputs.accounts.customers[0].place
    made: list[Contract] = []
    for level, (customer, app) in enumerate((("C1", None), (None, "a1"))):
        for item in ("im.pro", "dau"):
            if dice.random() < 0.4:
                at = place.at(10 * level + len(made) + 20)
                price = Decimal(dice.randrange(1, 9)) if dice.random() < 0.5 else None
                discount = (Decimal(dice.randrange(1, 50)) / 100, at) if price is None else None
                start = FIRST.start + timedelta(days=dice.randrange(60))
                figures = {"price": (price, at)} if price is not None else {}
                made.append(Contract(customer, app, item, None, figures, discount, None, None, start, None, "", at))
    return tuple(made)


def _days(dice: random.Random, month: Month) -> dict[date, Decimal]:
    days = dice.sample(list(month.period), dice.randrange(5))
    return {day: Decimal(dice.randrange(60)) for day in sorted(days)}


def _usage(made: Story, month: Month, inputs: Inputs) -> Usage:
    """Images are used by those alone who ordered checks; what nobody subscribed to has no price."""
    series = []
    for (of_month, app, meter), days in made.used.items():
        starts = [order.start for order in made.orders(app, "check")]
        own = {day: n for day, n in days.items() if meter != "images" or (starts and min(starts) <= day)}
        if of_month == month and own:
            dimension = "porn" if meter == "images" else None
            place = inputs.accounts.customers[0].place
            series.append(Series(app, meter, dimension, None, 1, tuple(own.items()), place))
    return Usage(by_app(series))


# --- the truth, a second time ---------------------------------------------------------------------------------------


def months_on(start: date, count: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def covers(order: Subscription, day: date) -> bool:
    """Whether one of an order's months, of which none begins on or after its end, holds a day."""
    count = 0
    while (begins := months_on(order.start, count)) <= day:
        if count and order.end is not None and begins >= order.end:
            return False
        if day < months_on(order.start, count + 1):
            return True
        count += 1
    return False


def is_pro(made: Story, app: str, day: date) -> bool:
    """Whether the last plan that began by a day is the paid one, and lasts."""
    begun = [(order.start, number, order) for number, order in enumerate(made.orders(app, "im.")) if order.start <= day]
    order = max(begun)[2] if begun else None
    return order is not None and order.item == "im.pro" and covers(order, day)


def agreed(made: Story, app: str, item: str, listed: Decimal, day: date) -> Decimal:
    """What one costs under the nearest contract of a day."""
    for own, whose in ((True, app), (False, "C1")):
        for c in made.accounts.contracts:
            if c.item == item and c.start <= day and (c.app if own else c.customer) == whose:
                return c.overrides["price"][0] if c.discount is None else listed * (1 - c.discount[0])
    return listed


def money(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def blocks(quantity: Decimal) -> Decimal:
    return Decimal(ceil(max(quantity, Decimal(0)) / 10))


# --- what must hold -------------------------------------------------------------------------------------------------


def fees_are_of_orders_in_force(made: Story) -> None:
    told: Counter[tuple[str, str, date]] = Counter()
    for line in made.lines("fee"):
        assert line.period is not None
        start, of = line.period.start, line.item.partition(".")[0]
        orders = [order for order in made.orders(line.app, of if of == "store" else line.item) if covers(order, start)]
        assert orders, f"{line.item} of {start} was never ordered"
        told[line.app, line.item, start] += 1
        assert told[line.app, line.item, start] <= len(orders), "billed twice"
        if line.item in ("store.30", "im.pro"):
            listed = Decimal(FEES[line.item])
            price = agreed(made, line.app, line.item, listed, start)
            assert line.amount.number == money(price), (line.item, start)
        if line.item == "store.30":
            assert is_pro(made, line.app, start), "an extension of a plan that was not there"


def refunds_are_within_what_was_billed(made: Story) -> None:
    fees = made.lines("fee")
    returned: dict[int, Decimal] = {}
    for line in made.lines("refund"):
        assert line.period is not None
        of = [n for n, fee in enumerate(fees) if (fee.app, fee.item) == (line.app, line.item) and _ends_with(fee, line)]
        assert of, f"a refund of {line.item} that nobody was billed for"
        fee = next((n for n in of if returned.get(n, Decimal(0)) == 0), of[-1])
        returned[fee] = returned.get(fee, Decimal(0)) - line.amount.number
        assert line.amount.number <= 0
        assert returned[fee] <= fees[fee].amount.number


def _ends_with(fee: Line, refund: Line) -> bool:
    assert fee.period is not None and refund.period is not None
    return fee.period.start <= refund.period.start and fee.period.end == refund.period.end


def usage_is_charged_while_it_is_sold(made: Story) -> None:
    for month, bill in made.bills.items():
        lines = {(line.app, line.item): line for line in bill.lines if line.kind == "usage"}
        for app in APPS:
            sold = {of: _sold(made, month, app, of) for of in _METERS}
            dau, minutes = lines.pop((app, "dau"), None), lines.pop((app, "minutes"), None)
            if dau is not None:
                assert any(is_pro(made, app, day) for day in month.period), "charged on the free plan"
                units = blocks(max(sold["dau"], default=Decimal(0)) - QUOTA)
                assert dau.number("units") == units
                assert dau.amount.number == money(units * agreed(made, app, "dau", Decimal(7), month.period.last))
            else:
                assert not sold["dau"], "used, sold and not charged"
            if minutes is not None:
                drawn, over = minutes.number("drawn") or Decimal(0), sum(sold["minutes"]) - FREE_MINUTES
                assert minutes.number("quantity") == sum(sold["minutes"])
                assert 0 <= drawn <= max(over, 0)
                assert minutes.amount.number == money(2 * blocks(over - drawn))
            images = lines.pop((app, "images:porn"), None)
            if images is not None:
                assert (images.number("quantity") or 0) <= sum(made.used[month, app, "images"].values())
        assert not lines


def _sold(made: Story, month: Month, app: str, meter: str) -> list[Decimal]:
    """The figures of the days on which an app had its paid plan."""
    return [figure for day, figure in made.used[month, app, meter].items() if is_pro(made, app, day)]


def packs_give_what_was_bought(made: Story) -> None:
    left: dict[tuple[str, date, int], Decimal] = {}
    for bill in made.bills.values():
        drawn = {app: Decimal(0) for app in APPS}
        for number, pack in enumerate(bill.packs):
            same = sum((p.app, p.bought) == (pack.app, pack.bought) for p in bill.packs[:number])
            key = (pack.app, pack.bought, same)
            bought = [o.quantity * PACK for o in made.orders(pack.app, "talk_30") if o.start == pack.bought]
            assert pack.opening.number == left.get(key, bought[same])
            assert pack.drawn.number >= 0
            assert pack.closing.number == pack.opening.number - pack.drawn.number - pack.gone >= 0
            left[key] = pack.closing.number
            drawn[pack.app] += pack.drawn.number
        charged = {line.app: line.number("drawn") or 0 for line in bill.lines if line.item == "minutes"}
        assert {app: n for app, n in drawn.items() if n} == {app: n for app, n in charged.items() if n}
    sold = {(line.app, line.period.start.month) for line in made.lines("pack") if line.period is not None}
    assert {(app, day.month) for app, day, _ in left} <= sold, "a pack that nobody paid for"


def trials_give_once(made: Story) -> None:
    for app in APPS:
        starts = [order.start for order in made.orders(app, "check")]
        given = [line.number("included") or Decimal(0) for line in made.lines("usage") if _is_of(line, app, "images")]
        first = min(starts, default=FIRST.start)
        tried = sum(
            n
            for (_, of, meter), days in made.used.items()
            for day, n in days.items()
            if (of, meter) == (app, "images") and starts and first <= day < first + timedelta(days=TRIAL_DAYS)
        )
        assert sum(given) <= min(TRIAL, tried)


def _is_of(line: Line, app: str, item: str) -> bool:
    return line.app == app and line.item.partition(":")[0] == item


def minimums_top_up(made: Story) -> None:
    for month, bill in made.bills.items():
        for line in (line for line in bill.lines if line.kind == "minimum"):
            usage = sum(other.amount.number for other in bill.lines if _is_of(other, line.app, "images"))
            assert line.amount.number == max(MINIMUM - usage, 0)
            assert any(is_pro(made, line.app, day) for day in month.period), "a minimum of a plan that was not there"


TRUTHS = (
    fees_are_of_orders_in_force,
    refunds_are_within_what_was_billed,
    usage_is_charged_while_it_is_sold,
    packs_give_what_was_bought,
    trials_give_once,
    minimums_top_up,
)
SHARES = 4


@pytest.mark.parametrize("share", range(SHARES))
def test_bills_of_random_accounts_hold_simple_truths(small: Inputs, share: int) -> None:
    tried: list[Story] = []
    for seed in range(share, cases(120, 40_000), SHARES):
        made = story(small, random.Random(seed))
        for truth in TRUTHS:
            try:
                truth(made)
            except AssertionError as error:
                raise AssertionError(f"seed {seed}, {truth.__name__}: {error}") from error
        tried.append(made)
    _reach_what_they_are_about(tried)


def _reach_what_they_are_about(tried: Sequence[Story]) -> None:
    """Most stories are billed to their end, and every kind of line is among them."""
    assert sum(len(made.bills) == len(MONTHS) for made in tried) > len(tried) / 2
    kinds = {line.kind for made in tried for bill in made.bills.values() for line in bill.lines}
    assert kinds == {"fee", "refund", "pack", "usage", "minimum"}


def test_the_second_way_counts_months_as_people_do(tmp_path: Path) -> None:
    assert [months_on(date(2026, 1, 31), n) for n in range(4)] == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
    ]
