"""What is known of one app before its month is rated: its price book, its orders, its plans through the month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xlbill.account_contracts import Contract
from xlbill.accounts import Accounts, App
from xlbill.book.objects import Pack, Plan, PriceBook, Product
from xlbill.periods import Month
from xlbill.problems import Problems
from xlbill.rating.contract_checks import narrowed, stranger_problems
from xlbill.rating.editions import choose_book
from xlbill.rating.orders import Purchase, find_item, order_problems
from xlbill.rating.own_prices import agreed_book
from xlbill.rating.terms import Order, Stretch, Term, is_allowed, plan_stretches, plans_on, terms_of
from xlbill.rating.times import as_counted
from xlbill.usage import Series, Usage


@dataclass(frozen=True, slots=True)
class AppMonth:
    """One app in one month."""

    app: App
    book: PriceBook
    month: Month
    terms: tuple[Term, ...]  # all that began before the month's end
    lapsed: tuple[Term, ...]  # renewals of this month that did not begin
    purchases: tuple[Purchase, ...]
    contracts: tuple[Contract, ...]
    series: tuple[Series, ...]
    stretches: Mapping[str, tuple[Stretch, ...]]  # by product
    listed: PriceBook  # the same as everybody's, without what contracts bring of their own
    debtor: str  # on whose bill it stands: its customer, or who pays for that one

    def allowed(self, product: Product, day: date) -> bool:
        """Whether one of the plans that a product needs is active on a day."""
        return is_allowed(product, self.book, self.terms, day)

    def plans_on(self, day: date) -> tuple[Plan, ...]:
        """The plans in force on a day, one of a product."""
        return plans_on(self.book, self.terms, day)

    def subscribed(self, product: str) -> bool:
        """Whether a plan of the product was ordered and is in force on a day of the month."""
        return any(
            isinstance(term.item, Plan)
            and term.item.product.code == product
            and term.active is not None
            and term.active.overlap(self.month.period) is not None
            for term in self.terms
        )


def app_month_of(
    app: App, accounts: Accounts, books: Sequence[PriceBook], usage: Usage, month: Month, found: Problems
) -> AppMonth | None:
    """Gather what is known of an app; None, with problems, where that is not enough to rate it."""
    subscriptions = [s for s in accounts.subscriptions if s.app == app.code and s.start < month.period.end]
    contracts = tuple(c for c in accounts.contracts if (c.app or app.code) == app.code)
    contracts = tuple(c for c in contracts if c.app is not None or c.customer == app.customer)
    book = choose_book(app, subscriptions, contracts, books, month, found)
    if book is not None and not book.sound:
        found.add("book-unsound", app.place, app=app.code, found=book.edition.code, file=book.edition.file)
    if book is None or not book.sound:
        return None
    here = found.apart()
    listed, book = book, agreed_book(book, accounts.charges, app, month.period.last, here)
    items = {s: item for s in subscriptions if (item := find_item(s, book, here)) is not None}
    contracts = tuple(narrowed(contract, book) for contract in contracts)
    relevant = [c for c in contracts if c.start < month.period.end and (c.end is None or c.end >= month.start)]
    here += stranger_problems(relevant, books, book)
    here += [p for order, item in items.items() for p in order_problems(order, item, book)]
    found += here
    if here.errors:
        return None
    billing_day = next((c.billing_day for c in accounts.customers if c.code == app.customer), 1)
    orders = sorted(
        (Order(item, s, billing_day) for s, item in items.items() if not isinstance(item, Pack)),
        key=lambda order: order.start,
    )
    terms = terms_of(orders, book, month.period.end)
    lapsed = tuple(term for term in terms.lapsed if term.period.start in month.period)
    purchases = tuple(Purchase(item, s) for s, item in items.items() if isinstance(item, Pack))
    series = as_counted(usage.of(app.code), book, month, found)
    stretches = {product: plan_stretches(book, product, terms.begun, month.period) for product in book.products}
    debtor = accounts.payers.get(app.customer, app.customer)
    return AppMonth(app, book, month, terms.begun, lapsed, purchases, contracts, series, stretches, listed, debtor)


def needed_plan(app_month: AppMonth, product: Product, day: date) -> Plan | None:
    """The plan that makes a product available on a day, among the products that its needs name."""
    needs = product.needs
    products = {need.partition(".")[0].casefold() for need in needs}
    return next((plan for plan in app_month.plans_on(day) if plan.product.code.casefold() in products), None)
