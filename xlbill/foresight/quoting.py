"""What would it cost: orders and usage that are only asked about, rated by the code that makes the bills.

A quotation starts from nothing (a customer without anything, under one price book) or from what a customer has. The
orders that are asked about come on top, and usage that is given takes the place of what was measured.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from xlbill.accounts import NO_SELLER, UNNAMED_APP, Accounts, App, Customer, Subscription
from xlbill.balances import Balance, BalanceKey
from xlbill.book.lookup import find_items, item_words
from xlbill.book.objects import PriceBook
from xlbill.cells import Place
from xlbill.language import Label
from xlbill.periods import Month
from xlbill.problems import Problems, Subject
from xlbill.rating.rate import Outcome, rate
from xlbill.sheets import nearest
from xlbill.usage import Series, Usage, by_app

QUOTED = "quote"
NO_USAGE = Usage()
_OF_THIS = Label("（本报价）", "of this quote")

Days: TypeAlias = Mapping[date | None, Decimal]
"""A month's usage: a figure for each day, or one for all of it (None)."""


@dataclass(frozen=True, slots=True)
class QuotedOrder:
    """Something that is ordered: a plan, an extension (with its option), a pack."""

    item: str
    option: str | None = None
    quantity: int = 1
    start: date | None = None  # the month's first day where it is not said


@dataclass(frozen=True, slots=True)
class Basis:
    """What a quotation starts from: a customer with what it has, the app that is asked about, and its price books."""

    customer: Customer
    app: App
    accounts: Accounts
    books: tuple[PriceBook, ...]
    book: PriceBook  # that of the app
    usage: Usage = NO_USAGE
    balances: Mapping[BalanceKey, Balance] = field(default_factory=dict)


def nobody(book: PriceBook) -> Basis:
    """A customer that has nothing, under one price book."""
    place = Place(book.edition.file)
    customer = Customer(QUOTED, Label("贵公司", "Your company"), "", "", "", "", "zh", None, place)
    app = App(UNNAMED_APP, QUOTED, book.regions[0], None, book.edition.code, place, place, place)
    return Basis(customer, app, Accounts(NO_SELLER, (customer,), (app,), (), (), ()), (book,), book)


def quoted(basis: Basis, orders: Sequence[QuotedOrder], usage: Mapping[str, Days], month: Month) -> Outcome:
    """The bill of a month with some orders and some usage, by `meter` or `meter:dimension`; without it, why not."""
    found = Problems(subject=Subject(customer=basis.customer.code))
    place = Place(basis.book.edition.file)
    asked = tuple(_series(word, days, basis, found) for word, days in usage.items())
    if found.errors:
        return Outcome(basis.customer.code, None, (), tuple(found))
    given = {(series.meter, series.dimension) for series in asked}
    kept = tuple(s for s in basis.usage.series if s.app != basis.app.code or (s.meter, s.dimension) not in given)
    ordered = tuple(_subscription(order, basis, month, place) for order in orders)
    accounts = replace(basis.accounts, subscriptions=(*basis.accounts.subscriptions, *ordered))
    used = Usage(by_app((*kept, *asked)))
    outcome = rate(basis.customer, accounts, basis.books, used, basis.balances, month, "worked-bills")
    return _without_its_name(outcome)


def _without_its_name(outcome: Outcome) -> Outcome:
    """What is told and remarked of an app that nobody has named, without the code that stands for it."""
    problems = tuple(
        replace(told, facts=tuple((name, _OF_THIS if fact == UNNAMED_APP else fact) for name, fact in told.facts))
        for told in outcome.problems
    )
    if outcome.bill is None:
        return replace(outcome, problems=problems)
    remarks = (Label(_of_none(said.zh), _of_none(said.en)) for said in outcome.bill.remarks)
    return replace(outcome, problems=problems, bill=replace(outcome.bill, remarks=tuple(remarks)))


def _of_none(remark: str) -> str:
    """A remark without the app before its colon."""
    return re.sub(rf"^{re.escape(UNNAMED_APP)}(：|: )", "", remark)


_ORDER = re.compile(r"(?P<item>[^*@:]+?)(?::(?P<option>[^*@]+?))?(?:\*(?P<count>\d+))?(?:@(?P<day>\S+))?")


def order_of(word: str, book: PriceBook) -> QuotedOrder | None:
    """An order as it is typed: `im.pro`, `storage:180`, `storage_180`, `api_rate*3`, `rtc_25k@2026-04-08`.

    The short form of an extension with its option is taken apart where it names one thing. None for what is no order.
    """
    match = _ORDER.fullmatch(word.strip())
    if match is None:
        return None
    item, option, count = match["item"].strip(), match["option"], int(match["count"] or 1)
    try:
        start = date.fromisoformat(match["day"]) if match["day"] else None
    except ValueError:
        return None
    if option is None and not find_items(book, item, None):
        for mark in "_-.":
            head, _, tail = item.rpartition(mark)
            if head and len(find_items(book, head, tail)) == 1:
                item, option = head, tail
                break
    return QuotedOrder(item, option, count, start) if count else None


def words_of(book: PriceBook) -> tuple[str, ...]:
    """Everything that can be asked for, as it is typed."""
    options = [f"{e.extension}:{e.option}" for e in book.extensions if e.option]
    return (*item_words(book), *options)


def offer_of(words: Sequence[str], basis: Basis, found: Problems) -> tuple[QuotedOrder, ...]:
    """The orders of some words; one that is no order is a problem, answered with the nearest that is."""
    known = words_of(basis.book)
    orders = []
    for word in words:
        order = order_of(word, basis.book)
        if order is None:
            found.add("order-unreadable", found=word, nearest=nearest(word, known) or ", ".join(known[:6]))
        else:
            orders.append(order)
    return tuple(orders)


def _subscription(order: QuotedOrder, basis: Basis, month: Month, place: Place) -> Subscription:
    start, quantity = order.start or month.start, Decimal(order.quantity)
    return Subscription(basis.app.code, order.item, order.option, quantity, start, None, True, place, place)


def _series(word: str, days: Days, basis: Basis, found: Problems) -> Series:
    """The usage of a meter, by its code; one that the book does not know is a problem."""
    code, _, dimension = word.partition(":")
    book, place = basis.book, Place(basis.book.edition.file)
    meter = book.meters.get(code)
    if meter is None:
        hint = nearest(code, book.meters) or ", ".join(book.meters)
        found.add("usage-unknown-meter", place, found=word, subject=code, nearest=hint)
    elif meter.dimensions and dimension not in meter.dimensions:
        known = ", ".join(meter.dimensions)
        if dimension:
            found.add("usage-unknown-dimension", place, found=word, subject=dimension, nearest=known)
        else:
            found.add("usage-without-dimension", place, found=word, subject=code, nearest=known)
    elif dimension and not meter.dimensions:
        found.add("usage-unknown-meter", place, found=word, subject=word, nearest=code)
    for figure in days.values():
        if figure < 0 or not figure.is_finite():
            found.add("usage-negative", place, subject=word, found=str(figure))
    by_day = tuple(sorted(days.items(), key=lambda pair: pair[0] or date.min))
    return Series(basis.app.code, code, dimension or None, None, 1, by_day, place)
