"""A statement of account of the ledger, as the pages of its template show it."""

from datetime import date, timedelta

from xlbill.accounts import Customer, Seller
from xlbill.cells import NOWHERE
from xlbill.invoice.account import AccountPage, aged_of, bucket, closing_of, entry, open_bill
from xlbill.language import Label, Language
from xlbill.ledger.statement import BUCKETS, Statement
from xlbill.money import Currency
from xlbill.periods import Period
from xlbill.rating.figures import given

TEMPLATES: dict[Language, str] = {"zh": "statement.xlsx", "en": "statement.en.xlsx"}
"""The template of a statement in each language, beside those of invoices."""

KINDS = {
    "bill": Label("账单", "Bill"),
    "credit": Label("贷项（红字）账单", "Credit note"),
    "prepaid": Label("预付费（购买时已收）", "Prepaid, received when bought"),
    "payment": Label("收款", "Payment"),
}


def page_of_statement(statement: Statement, seller: Seller, customer: Customer | None, made: date) -> AccountPage:
    """The page of a statement; a customer whom the accounts do not know any more is called as on its last bill."""
    until = given("until", statement.until)
    opening = given("opening", statement.opening)
    entries = []
    before = opening
    for document in statement.documents:
        money = (document.charged, document.paid)
        entries.append(entry(before, document.date, KINDS[document.kind], document.reference, document.month, money))
        before = entries[-1].balance
    charged, paid, closing = closing_of(opening, entries)
    bills = tuple(open_bill(b.number, b.month, b.due_on, b.amount, until) for b in statement.open)
    ages = tuple(bucket(title, least, most, bills) for least, most, title in BUCKETS)
    unassigned = given("unassigned", statement.unassigned)
    aged, agrees = aged_of(ages, unassigned, closing)
    return AccountPage(
        seller,
        customer or Customer(statement.customer, statement.name, "", "", "", "", "zh", None, NOWHERE),
        Currency(statement.currency, statement.decimals),
        Period(statement.since, statement.until + timedelta(days=1)),
        made,
        until,
        opening,
        tuple(entries),
        charged,
        paid,
        closing,
        bills,
        ages,
        unassigned,
        aged,
        agrees,
    )
