"""One bill for several customers: whose each line is, in which order they stand, and what cannot be billed together.

Who pays for others has their apps on its own bill, after its own; what is charged to the customer as a whole comes
last, over all of them (docs/decisions.md, bills for several customers).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from xlbill.account_contracts import Contract
from xlbill.accounts import Customer
from xlbill.problems import Problems
from xlbill.rating.app_month import AppMonth
from xlbill.rating.bill import Line
from xlbill.rating.contracts import by_own_name


def of_owner(lines: Iterable[Line], owner: str) -> list[Line]:
    """Lines that are another customer's than the one who pays."""
    return [replace(line, owner=owner) for line in lines]


def with_owners(lines: Iterable[Line], app_months: Iterable[AppMonth]) -> list[Line]:
    """Lines that know whose they are, by their apps."""
    owners = {each.app.code: each.app.customer for each in app_months if each.app.customer != each.debtor}
    return [replace(line, owner=owners[line.app]) if line.app in owners else line for line in lines]


def in_order(
    lines: Sequence[Line], app_months: Sequence[AppMonth], paid_for: Sequence[Customer] = ()
) -> tuple[Line, ...]:
    """By customer, app, then product, as the accounts and the price book list them; what was made first stands first.

    What belongs to no app stands after the apps of its customer, that of the payer after everything.
    """
    ranks = {customer.code: number for number, customer in enumerate(paid_for, start=1)}
    apps = {app_month.app.code: number for number, app_month in enumerate(app_months)}
    products = {app_month.app.code: list(app_month.book.products) for app_month in app_months}

    def position(line: Line) -> tuple[int, int, int]:
        last = len(ranks) + 1
        rank = ranks.get(line.owner, last) if line.owner else (0 if line.app in apps else last)
        order = products.get(line.app, [])
        within = order.index(line.product) if line.product in order else len(order)
        return rank, apps.get(line.app, len(apps)), within

    return tuple(sorted(lines, key=position))


def tell_currencies(
    customer: Customer, paid_for: Sequence[Customer], app_months: Sequence[AppMonth], found: Problems
) -> None:
    """Tell apps that are priced in several currencies, at a customer's payer where that is why."""
    of = {each.app.customer: each.book.currency for each in reversed(app_months)}
    currencies = sorted({each.book.currency.code for each in app_months})
    if len(currencies) < 2:
        return
    own = of.get(customer.code) or app_months[0].book.currency
    others = [each for each in paid_for if each.code in of and of[each.code] != own]
    for each in others:
        facts = {"customer": each.code, "found": of[each.code].code, "payer": customer.code, "currency": own.code}
        found.add("payer-currency", each.payer_place, None, **facts)
    if not others:
        found.add("currencies-differ", customer.place, customer=customer.code, found=", ".join(currencies))


def tell_contracts_of_others(
    paid_for: Sequence[Customer], app_months: Sequence[AppMonth], contracts: Iterable[Contract], found: Problems
) -> None:
    """Tell contracts of customers who are paid for about what is charged to the payer as a whole: nobody would bill
    them."""
    codes = {customer.code: customer.payer or "" for customer in paid_for}
    charges = [charge for each in app_months for charge in each.book.charges if charge.of_customer]
    for contract in contracts:
        if contract.app is not None or contract.customer not in codes:
            continue
        if contract.item is not None:
            meant = [charge for charge in charges if by_own_name(contract, charge.scope)]
        else:
            meant = charges if contract.minimum is not None else []
        if meant:
            facts = {"customer": contract.customer, "payer": codes[contract.customer], "item": meant[0].item}
            found.add("contract-of-paid-for", contract.place, None, **facts)
    theirs = {
        charge.place: (charge, each) for each in app_months for charge in each.book.charges if charge.agreed is not None
    }
    for place, (charge, each) in theirs.items():
        if charge.of_customer and each.app.customer in codes:
            facts = {"customer": each.app.customer, "payer": each.debtor, "item": charge.item}
            found.add("contract-of-paid-for", place, None, **facts)
