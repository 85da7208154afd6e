"""Charges of a customer as a whole: priced once a month, after everything that its apps came to.

Their rows are those of the newest book that one of the apps is billed by: an app that keeps an older edition does not
bring that edition's charges along (docs/decisions.md, charges of the customer).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from xlbill.account_contracts import AgreedCharge, Contract
from xlbill.accounts import Customer
from xlbill.balances import Balance, BalanceKey
from xlbill.book.objects import PriceBook
from xlbill.problems import Problems
from xlbill.rating.app_month import AppMonth
from xlbill.rating.contract_checks import narrowed
from xlbill.rating.own_prices import agreed_book
from xlbill.rating.usage_groups import UsageGroup


def customer_group(
    customer: Customer,
    app_months: Sequence[AppMonth],
    contracts: Sequence[Contract],
    charges: Sequence[AgreedCharge],
    balances: Mapping[BalanceKey, Balance],
    found: Problems,
) -> UsageGroup | None:
    """Who is charged together for what is the customer's own; None where no book of the apps has such charges.

    Contracts of one app alone do not hold for it.
    """
    ours = [_as_customer(each, customer, charges, found) for each in app_months]
    book = _book_of(customer, ours, found)
    if book is None:
        return None
    own = tuple(narrowed(c, book) for c in contracts if c.app is None and c.customer == customer.code)
    one = tuple(replace(each, contracts=own) for each in ours if each.book.edition.code == book.edition.code)
    others = tuple(each for each in ours if each.book.edition.code != book.edition.code)
    return UsageGroup("", one, (), balances, "customer", others)


def _as_customer(app_month: AppMonth, customer: Customer, charges: Sequence[AgreedCharge], found: Problems) -> AppMonth:
    """An app as one of the customer's, under what the customer as a whole agreed on."""
    app = replace(app_month.app, customer=customer.code)
    book = agreed_book(app_month.listed, charges, app, app_month.month.period.last, found.apart(), whole=True)
    return replace(app_month, app=app, book=book)


def _book_of(customer: Customer, app_months: Sequence[AppMonth], found: Problems) -> PriceBook | None:
    """The newest book of the apps, if it has charges of the customer; two of one day are told."""
    books = {each.book.edition.code: each.book for each in app_months}.values()
    newest = max((book.edition.effective for book in books), default=None)
    charging = [b for b in books if b.edition.effective == newest and any(c.of_customer for c in b.charges)]
    if len(charging) > 1:
        codes = ", ".join(book.edition.code for book in charging)
        found.add("customer-charges-of-two", customer.place, None, customer=customer.code, found=codes)
        return None
    return charging[0] if charging else None
