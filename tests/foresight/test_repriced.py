"""Bills at other fees: what is computed anew from a bill is what rating gives, and what rating decides is rated."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

import pytest

from tests.cases import cases
from tests.foresight.test_reached import MONTH, changed, file, inputs
from xlbill.accounts import NO_SELLER, Accounts, App, Customer, Subscription
from xlbill.book.load import book_in
from xlbill.book.objects import Parameter, PriceBook
from xlbill.cells import NOWHERE, Place
from xlbill.foresight.impact import weigher
from xlbill.foresight.price_cells import PriceCell, price_cells, with_cells
from xlbill.foresight.reached import other_fees
from xlbill.foresight.repriced import repriced
from xlbill.language import Label
from xlbill.rating.bill import Bill
from xlbill.rating.rate import rate
from xlbill.usage import Series, Usage


def said(bill: Bill) -> tuple[object, ...]:
    """All figures of a bill's lines, taxes and sums, and what its lines are."""
    lines = [(line.kind, line.app, line.item, {n: f.value for n, f in line.figures.items()}) for line in bill.lines]
    taxes = [(tax.lines.value, tax.net.value, tax.tax.value, tax.gross.value) for tax in bill.taxes]
    return lines, taxes, {name: figure.value for name, figure in bill.sums.items()}


def fee_cells() -> list[PriceCell]:
    """The cells of fees: of plans, and of extensions for each plan."""
    book = file().book
    asked = [plan.parameters["price"] for plan in book.plans if not plan.default]
    asked += [p for e in book.extensions for p in e.prices.values() if isinstance(p, Parameter)]
    places = {(price.place.sheet, price.place.row, price.place.column) for price in asked}
    return [cell for cell in price_cells(book, file().workbook) if cell.value and tuple(cell.at) in places]


def with_fees(figures: random.Random) -> tuple[PriceBook, Mapping[Place, Decimal]]:
    """The shipped book with some of its fees otherwise: of a few rows, or of all."""
    cells = fee_cells()
    chosen = figures.sample(cells, figures.choice((1, 1, 2, 5, len(cells))))
    factors = [Decimal(figures.choice(("0.5", "0.9", "1.08", "3"))) for _ in chosen]
    at = {c.at: (c.value * f).quantize(Decimal("0.0001")) for c, f in zip(chosen, factors, strict=True) if c.value}
    book, _ = book_in(with_cells(file().workbook, at), "")
    fees = other_fees(file().book, book) if book is not None else None
    assert book is not None and fees is not None and len(fees) == len(chosen)
    return book, fees


def orders(app: str, figures: random.Random) -> tuple[Subscription, ...]:
    """A plan, and some of what the book sells, from days of this year on; some end in the month."""
    book = file().book
    plan = figures.choice([plan.code for plan in book.plans if plan.product.code == "im" and not plan.default])
    others = figures.sample(
        [item.code for item in book.items if not item.code.startswith("im.")], figures.randint(0, 3)
    )
    starts = [date(2026, figures.randint(1, 3), figures.randint(1, 28)), *(date(2026, 4, d) for d in (1, 9, 20))]
    ends = [date(2026, 4, 25) if figures.random() < 0.1 else None for _ in starts]
    days = zip((plan, *others), starts, ends, strict=False)
    return tuple(Subscription(app, i, None, Decimal(1), start, end, True, NOWHERE, NOWHERE) for i, start, end in days)


def usage(app: str, ordered: Sequence[Subscription], figures: random.Random) -> Iterator[Series]:
    """Some usage of what was ordered, much or little, on days on which all of it is."""
    products = {order.item.partition(".")[0] for order in ordered}
    meters = {c.meter.code: c.meter for c in file().book.charges if c.meter and c.product.code in products}
    kinds = [(m.code, d) for m in meters.values() for d in list(m.dimensions) or [None]]
    for meter, part in figures.sample(kinds, min(len(kinds), figures.randint(0, 4))):
        days = tuple((date(2026, 4, day), Decimal(figures.randint(0, 100_000))) for day in range(20, 25))
        yield Series(app, meter, part, None, 1, days, NOWHERE)


def who(code: str, payer: str | None) -> Customer:
    return Customer(code, Label("", ""), "", "", "", "", "zh", None, NOWHERE, payer=payer)


def asked(figures: random.Random) -> Callable[[PriceBook], Bill | None]:
    """A customer with one app or two, and perhaps a subsidiary for which it pays, to be rated by any book."""
    customers = (who("C1", None), *([who("C2", "C1")] if figures.random() < 0.3 else []))
    codes = [("C1", "a1"), *([("C1", "a2")] if figures.random() < 0.3 else [])]
    codes += [("C2", "a3")] if len(customers) > 1 else []
    region, edition = file().book.regions[0], file().book.edition.code
    apps = tuple(App(app, own, region, None, edition, NOWHERE, NOWHERE, NOWHERE) for own, app in codes)
    ordered = {app: orders(app, figures) for _, app in codes}
    used = Usage({app: tuple(usage(app, ordered[app], figures)) for _, app in codes})
    accounts = Accounts(NO_SELLER, customers, apps, tuple(order for own in ordered.values() for order in own), (), ())
    return lambda book: rate(customers[0], accounts, [book], used, {}, MONTH, "worked-bills").bill


def test_random_bills_at_random_fees_are_those_that_rating_gives() -> None:
    """Random orders and usage under the shipped book: repriced to the last figure, or left to rating."""
    figures, same, rated = random.Random(1426), 0, 0
    for _ in range(cases(2, 150)):
        book, fees = with_fees(figures)
        for _ in range(8):
            bill = asked(figures)
            old = bill(file().book)
            new = repriced(old, fees) if old is not None else None
            if new is not None:
                by_rating = bill(book)
                assert by_rating is not None and said(new) == said(by_rating), fees
            same, rated = same + (new is not None), rated + (old is not None and new is None)
    assert same > rated


def outcome(words: tuple[str, ...], code: str) -> tuple[Bill | None, Bill | None]:
    """A customer's bill of the example month at other prices: repriced, and rated."""
    weigh = weigher(inputs(), MONTH, changed(*words))
    customer: Customer = next(each for each in inputs().accounts.customers if each.code == code)
    old = weigh._rate(customer, weigh.old).bill
    assert old is not None
    return weigh._repriced(weigh.new, customer, old), weigh._rate(customer, weigh.new).bill


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("im.pro.price=+8%",), "C001"),
        (("im.pro.price=+8%", "storage.*.price=-10%"), "C010"),
        (("moderation.standard.price=600",), "C009"),
    ],
)
def test_a_bill_at_other_prices_is_that_of_rating(words: tuple[str, ...], code: str) -> None:
    new, rated = outcome(words, code)
    assert new is not None and rated is not None and said(new) == said(rated)


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("im.pro.price=+8%",), "C004", "a refund gives back what was billed"),
        (("im.pro.price=0",), "C001", "what costs nothing needs no plan, and may have no line"),
        (("im.ultimate.price=+8%",), "C006", "its contract may name any price"),
        (("im.pro.price=+8%", "im.dau.price=+8%"), "C001", "days whose usage prices are alike are measured as one"),
    ],
)
def test_what_rating_decides_is_rated(words: tuple[str, ...], code: str, why: str) -> None:
    assert outcome(words, code)[0] is None, why
