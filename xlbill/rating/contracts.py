"""Contracts: what was agreed in place of the price list, for a customer or one of its apps, between dates.

The nearest word wins: an app's contract over its customer's, an item's over its product's over one for everything.
Two that are equally near are a problem, never a choice by row order.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from xlbill.accounts import App, Contract
from xlbill.book.objects import PriceBook
from xlbill.book.scope import Scope
from xlbill.cells import Place
from xlbill.money import plain
from xlbill.periods import Month
from xlbill.problems import Problems, problem
from xlbill.quantities import AGREED
from xlbill.rating.bill import Line

Agreed = tuple[Decimal, Place]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the contracts say about one line; `reaching` are all that say something of it, chosen or not."""

    parameters: Mapping[str, Agreed]
    discount: Agreed | None
    reference: str
    reaching: tuple[Contract, ...] = ()


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
    names = dict.fromkeys(name for _, contract in near for name in contract.overrides if name in takes)
    slots = {name: [(n, c) for n, c in near if name in c.overrides] for name in names}
    if "price" in takes and (priced := [(n, c) for n, c in near if "price" in c.overrides or c.discount is not None]):
        slots["price"] = priced
    chosen = {name: _nearest(reaching, app, name, found) for name, reaching in slots.items()}
    parameters = {name: c.overrides[name] for name, c in chosen.items() if name in c.overrides}
    by_discount = chosen["price"].discount if "price" in chosen and "price" not in parameters else None
    return _agreement(parameters, by_discount, chosen.values(), slots)


def minimum_agreement(contracts: Sequence[Contract], app: App, scope: Scope, on: date, found: Problems) -> Agreement:
    """What holds on a day for a minimum: an agreed minimum, or a price or discount that names its own plan.

    A price or discount of the whole product, or of everything, is of usage and fees: it leaves the minimum as it is
    (docs/decisions.md, discounts and minimums).
    """
    named = len(scope.words)
    near = [
        (n, c)
        for n, c in _reaching(contracts, app, scope, on)
        if c.minimum is not None or (n[1] >= named and (c.discount is not None or "price" in c.overrides))
    ]
    if not near:
        return UNTOUCHED
    chosen = _nearest(near, app, "minimum", found)
    agreed = chosen.minimum or chosen.overrides.get("price")
    discount = chosen.discount if agreed is None else None
    return _agreement({"price": agreed} if agreed else {}, discount, [chosen], {"minimum": near})


def _reaching(
    contracts: Sequence[Contract], app: App, scope: Scope, on: date
) -> list[tuple[tuple[int, int], Contract]]:
    """The contracts that say something about a line on a day, each with how near it is."""
    return [
        (near, contract)
        for contract in contracts
        if in_force(contract, app, on) and (near := _nearness(contract, scope)) is not None
    ]


def _agreement(
    parameters: Mapping[str, Agreed],
    discount: Agreed | None,
    chosen: Iterable[Contract],
    slots: Mapping[str, Sequence[tuple[tuple[int, int], Contract]]],
) -> Agreement:
    references = dict.fromkeys(contract.reference for contract in chosen if contract.reference)
    reaching = tuple(contract for slot in slots.values() for _, contract in slot)
    return Agreement(parameters, discount, ", ".join(references), reaching)


def contract_book(contracts: Sequence[Contract], app: App, on: date, found: Problems) -> Contract | None:
    """The contract that gives an app a price book of its own."""
    ranked = [((int(c.app is not None), 0), c) for c in contracts if c.book is not None and in_force(c, app, on)]
    return _nearest(ranked, app, "book", found) if ranked else None


def in_force(contract: Contract, app: App, on: date) -> bool:
    """Whether a contract is this app's, or its customer's, on a day."""
    if contract.start > on or (contract.end is not None and contract.end < on):
        return False
    return contract.app == app.code if contract.app is not None else contract.customer == app.customer


def stranger_problems(contracts: Sequence[Contract], books: Sequence[PriceBook], book: PriceBook) -> Problems:
    """Contracts that can be matched with nothing in any of the books, or take off what `book` cannot take off."""
    found = Problems()
    if not contracts:
        return found
    rows = [(row.model.inputs, row.scope) for each in books for row in (*each.items, *each.charges)]
    for contract in contracts:
        if contract.discount is not None and book.discount_model is None:
            found.add("contract-discount-without-model", contract.discount[1], book=book.edition.code)
        reached = [inputs for inputs, scope in rows if _nearness(contract, scope) is not None]
        named = [] if reached else [scope for _, scope in rows if _names(contract, scope)]
        if named:
            shown, options = contract.option or "", {scope.option for scope in named if scope.option is not None}
            facts = {"item": contract.item or "", "found": shown, "options": ", ".join(sorted(options)) or "—"}
            found.add("contract-option-unknown", contract.place, None, **facts)
        elif not reached:
            found.add("contract-item-unknown", contract.place, found=contract.item or contract.option or "")
        takes = {name for inputs in reached for name in inputs}
        for name, (_, place) in contract.overrides.items():
            if name not in book.inputs:
                found.add("contract-parameter-unknown", place, found=name)
            elif contract.item is not None and takes and name not in takes:
                shown = ", ".join(sorted(takes & AGREED)) or "—"
                found.add("contract-parameter-idle", place, item=contract.item, name=name, takes=shown)
        if contract.discount is not None and reached and "price" not in takes:
            shown = ", ".join(sorted(takes & AGREED)) or "—"
            facts = {"item": contract.item or "", "name": "discount", "takes": shown}
            found.add("contract-parameter-idle", contract.discount[1], None, **facts)
    return found


def _names(contract: Contract, scope: Scope) -> bool:
    return _nearness(replace(contract, option=None), scope) is not None


def idle_contracts(contracts: Iterable[Contract], lines: Iterable[Line], customer: str, month: Month) -> Problems:
    """Contracts in force in a month that say nothing about any of its lines; minimums and books are told elsewhere."""
    lines = list(lines)
    reaching = {contract.place for line in lines for contract in line.contracts}
    billed = ", ".join(dict.fromkeys(line.item for line in lines if line.kind != "adjustment")) or "—"
    return Problems(
        problem("contract-idle", c.place, None, found=c.item or "*", month=str(month), billed=billed)
        for c in contracts
        if (c.app or c.customer == customer)
        and (c.overrides or c.discount)
        and c.place not in reaching
        and c.start < month.period.end
        and (c.end is None or c.end >= month.start)
    )


def idle_minimums(contracts: Iterable[Contract], reached: Iterable[Contract]) -> Problems:
    """Contracts whose minimum tops nothing up: minimums belong to plans that are one."""
    used = list(reached)
    return Problems(
        problem("contract-minimum-idle", contract.minimum[1], None, found=plain(contract.minimum[0]))
        for contract in contracts
        if contract.minimum is not None and contract not in used
    )


def _nearness(contract: Contract, scope: Scope) -> tuple[int, int] | None:
    """How near a contract is to a line, the nearest highest; None where it does not reach it."""
    own = int(contract.app is not None)
    if contract.item is None:
        return own, 0
    if contract.option is not None and contract.option.casefold() not in scope.options:
        return None
    for distance, words in enumerate(scope.words):
        if contract.item.casefold() in words:
            return own, len(scope.words) - distance + int(contract.option is not None)
    return None


def reaches(contract: Contract, scope: Scope) -> bool:
    """Whether a contract says something about a line."""
    return _nearness(contract, scope) is not None


def _nearest(reaching: Sequence[tuple[tuple[int, int], Contract]], app: App, name: str, found: Problems) -> Contract:
    best = max(near for near, _ in reaching)
    chosen, *others = [contract for near, contract in reaching if near == best]
    for other in others:
        found.add("contract-ambiguous", other.place, app=app.code, parameter=name, first=str(chosen.place.row))
    return chosen
