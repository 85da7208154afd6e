"""Contracts: what was agreed in place of the price list, for a customer or one of its apps, between dates.

The nearest word wins: an app's contract over its customer's, an item's over its product's over one for everything.
Two that are equally near are a problem, never a choice by row order.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xlbill.account_contracts import Agreed, Contract
from xlbill.accounts import App
from xlbill.book.scope import Scope
from xlbill.problems import Problems


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the contracts say about one line, and which of them say it; farther ones give way."""

    parameters: Mapping[str, Agreed]
    discount: Agreed | None
    reference: str
    chosen: tuple[Contract, ...] = ()


UNTOUCHED = Agreement({}, None, "")
"""Where no contract says anything."""


def agreement(
    contracts: Sequence[Contract], app: App, scope: Scope, takes: Collection[str], on: date, found: Problems
) -> Agreement:
    """What holds on a day for a line whose model takes some quantities.

    A price and a discount are two answers to one question: the nearer one holds, and two that are equally near are a
    problem, as they are in one row.
    """
    near = _reaching(contracts, app, scope, on)
    names = dict.fromkeys(name for _, contract in near for name in agreed_for(contract, scope) if name in takes)
    slots = {name: [(n, c) for n, c in near if name in agreed_for(c, scope)] for name in names}
    if "price" in takes and (priced := [(n, c) for n, c in near if "price" in c.overrides or c.discount is not None]):
        slots["price"] = priced
    chosen = {name: _nearest(reaching, app, name, found) for name, reaching in slots.items()}
    agreed = {name: (c, agreed_for(c, scope)) for name, c in chosen.items()}
    parameters = {name: figures[name] for name, (_, figures) in agreed.items() if name in figures}
    by_discount = chosen["price"].discount if "price" in chosen and "price" not in parameters else None
    return _agreement(parameters, by_discount, tuple(chosen.values()))


def minimum_agreement(contracts: Sequence[Contract], app: App, scope: Scope, on: date, found: Problems) -> Agreement:
    """What holds on a day for a minimum: an agreed minimum, or a price or discount that names its own plan.

    A price or discount of the whole product, or of everything, is of usage and fees: it leaves the minimum as it is
    (docs/decisions.md, discounts and minimums).
    """
    named = len(scope.words)
    near = [
        (n, c)
        for n, c in _reaching(contracts, app, scope, on)
        if (c.minimum is not None and c.item is not None)
        or (n[1] >= named and (c.discount is not None or "price" in c.overrides))
    ]
    if not near:
        return UNTOUCHED
    chosen = _nearest(near, app, "minimum", found)
    agreed = chosen.minimum or chosen.overrides.get("price")
    discount = chosen.discount if agreed is None else None
    return _agreement({"price": agreed} if agreed else {}, discount, (chosen,))


def agreed_for(contract: Contract, scope: Scope) -> Mapping[str, Agreed]:
    """What a contract sets for a thing; the minimum of no item is one of the customer as a whole."""
    if contract.minimum is None or (contract.item is None and not scope.of_customer):
        return contract.overrides
    return {**contract.overrides, "minimum": contract.minimum}


def _reaching(
    contracts: Sequence[Contract], app: App, scope: Scope, on: date
) -> list[tuple[tuple[int, int], Contract]]:
    """The contracts that say something about a line on a day, each with how near it is."""
    return [
        (near, contract)
        for contract in contracts
        if in_force(contract, app, on) and (near := nearness(contract, scope)) is not None
    ]


def _agreement(parameters: Mapping[str, Agreed], discount: Agreed | None, chosen: tuple[Contract, ...]) -> Agreement:
    references = dict.fromkeys(contract.reference for contract in chosen if contract.reference)
    return Agreement(parameters, discount, ", ".join(references), chosen)


def contract_book(contracts: Sequence[Contract], app: App, on: date, found: Problems) -> Contract | None:
    """The contract that gives an app a price book of its own."""
    ranked = [((int(c.app is not None), 0), c) for c in contracts if c.book is not None and in_force(c, app, on)]
    return _nearest(ranked, app, "book", found) if ranked else None


def in_force(contract: Contract, app: App, on: date) -> bool:
    """Whether a contract is this app's, or its customer's, on a day."""
    if contract.start > on or (contract.end is not None and contract.end < on):
        return False
    return contract.app == app.code if contract.app is not None else contract.customer == app.customer


def nearness(contract: Contract, scope: Scope) -> tuple[int, int] | None:
    """How near a contract is to a line, the nearest highest; None where it does not reach it."""
    own = int(contract.app is not None)
    if own and scope.of_customer:
        return None
    if contract.item is None:
        return own, 0
    distance = _distance(contract, scope)
    if distance is None or (contract.narrow and distance == len(scope.words) - 1):
        return None
    return own, len(scope.words) - distance + int(contract.option is not None)


def by_own_name(contract: Contract, scope: Scope) -> bool:
    """Whether a contract names a thing itself, or its meter, and not only the product that it belongs to."""
    distance = _distance(contract, scope)
    return distance is not None and distance < len(scope.words) - 1


def _distance(contract: Contract, scope: Scope) -> int | None:
    """Which of a line's words, the nearest first, a contract's item is; None where it is none, or of another option."""
    if contract.item is None or (contract.option is not None and contract.option.casefold() not in scope.options):
        return None
    item = contract.item.casefold()
    return next((distance for distance, words in enumerate(scope.words) if item in words), None)


def _nearest(reaching: Sequence[tuple[tuple[int, int], Contract]], app: App, name: str, found: Problems) -> Contract:
    best = max(near for near, _ in reaching)
    chosen, *others = [contract for near, contract in reaching if near == best]
    for other in others:
        found.add("contract-ambiguous", other.place, app=app.code, parameter=name, first=str(chosen.place.row))
    return chosen
