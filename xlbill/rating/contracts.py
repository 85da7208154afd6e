"""Contracts: what was agreed in place of the price list, for a customer or one of its apps, between dates.

The nearest word wins: an app's contract over its customer's, an item's over its product's over one for everything.
Two that are equally near are a problem, never a choice by row order.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from xlbill.accounts import App, Contract
from xlbill.book.objects import Charge, Extension, Item, Pack, PriceBook
from xlbill.cells import Place
from xlbill.language import Label
from xlbill.money import plain
from xlbill.problems import Problems, problem
from xlbill.quantities import AGREED

Agreed = tuple[Decimal, Place]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a contract's item may name to reach a line, the nearest first; an extension's line also has options."""

    words: tuple[tuple[str, ...], ...]
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the contracts say about one line."""

    parameters: Mapping[str, Agreed]
    discount: Agreed | None
    minimum: Agreed | None
    reference: str

    def of_minimum(self) -> "Agreement":
        """What it says about a minimum: the agreed one is its price, and nothing is taken off."""
        agreed = {"price": self.minimum} if self.minimum is not None else {}
        return replace(self, parameters={**self.parameters, **agreed}, discount=None)


UNTOUCHED = Agreement({}, None, None, "")
"""Where no contract says anything."""


def agreement(contracts: Sequence[Contract], app: App, scope: Scope, on: date, found: Problems) -> Agreement:
    """What holds for a line on a day; equally near contracts that say different things are told as problems."""
    reaching = [
        (near, contract)
        for contract in contracts
        if in_force(contract, app, on) and (near := _nearness(contract, scope)) is not None
    ]
    names = dict.fromkeys(name for _, contract in reaching for name in contract.overrides)
    used: list[Contract] = []
    parameters = {}
    for name in names:
        chosen = _nearest([(n, c) for n, c in reaching if name in c.overrides], app, name, used, found)
        parameters[name] = chosen.overrides[name]
    discounts = [(n, c) for n, c in reaching if c.discount is not None]
    discount = _nearest(discounts, app, "discount", used, found).discount if discounts else None
    minimums = [(n, c) for n, c in reaching if c.minimum is not None]
    minimum = _nearest(minimums, app, "minimum", used, found).minimum if minimums else None
    if "price" in parameters:
        discount = None
    references = dict.fromkeys(contract.reference for contract in used if contract.reference)
    return Agreement(parameters, discount, minimum, ", ".join(references))


def contract_book(contracts: Sequence[Contract], app: App, on: date, found: Problems) -> Contract | None:
    """The contract that gives an app a price book of its own."""
    ranked = [((int(c.app is not None), 0), c) for c in contracts if c.book is not None and in_force(c, app, on)]
    return _nearest(ranked, app, "book", [], found) if ranked else None


def in_force(contract: Contract, app: App, on: date) -> bool:
    """Whether a contract is this app's, or its customer's, on a day."""
    if contract.start > on or (contract.end is not None and contract.end < on):
        return False
    return contract.app == app.code if contract.app is not None else contract.customer == app.customer


def stranger_problems(
    contracts: Sequence[Contract], books: Sequence[PriceBook], parameters: frozenset[str]
) -> Problems:
    """Contracts whose item is in none of the books: they would silently change nothing."""
    if not contracts:
        return Problems()
    rows = [row for book in books for row in _rows(book)]
    known = {word for _, words in rows for word in words}
    found = Problems()
    for contract in contracts:
        if contract.item is not None and contract.item.casefold() not in known:
            found.add("contract-item-unknown", contract.place, found=contract.item)
        reached = {name for inputs, words in rows if (contract.item or "").casefold() in words for name in inputs}
        for name, (_, place) in contract.overrides.items():
            if name not in parameters:
                found.add("contract-parameter-unknown", place, found=name)
            elif contract.item is not None and reached and name not in reached:
                shown = ", ".join(sorted(reached & AGREED)) or "—"
                found.add("contract-parameter-idle", place, item=contract.item, name=name, takes=shown)
    return found


def idle_minimums(contracts: Iterable[Contract], reached: Iterable[Contract]) -> Problems:
    """Contracts whose minimum tops nothing up: minimums belong to plans that are one."""
    used = list(reached)
    return Problems(
        problem("contract-minimum-idle", contract.minimum[1], None, found=plain(contract.minimum[0]))
        for contract in contracts
        if contract.minimum is not None and contract not in used
    )


def _rows(book: PriceBook) -> Iterator[tuple[tuple[str, ...], set[str]]]:
    """What each price row's model takes, and the words by which a contract may name it, its meter or its product."""
    for row in (*book.items, *book.charges):
        words = [word for near in scope_of(row).words for word in near]
        yield row.model.inputs, {word.casefold() for word in words}


def scope_of(row: Item | Pack | Charge) -> Scope:
    """What a contract may name to reach a price row: the row itself, the meter of a usage price, the product."""
    of_product = (row.product.code, *label_words(row.product.name))
    if not isinstance(row, Charge):
        return Scope((row.names, of_product), row.options if isinstance(row, Extension) else ())
    of_meter = (row.meter.code, *label_words(row.meter.name)) if row.meter else ()
    return Scope(((row.item, *label_words(row.name)), of_meter, of_product))


def label_words(*labels: Label) -> tuple[str, ...]:
    """The names of things in both languages."""
    return tuple(word for label in labels for word in (label.zh, label.en) if word)


def _nearness(contract: Contract, scope: Scope) -> tuple[int, int] | None:
    """How near a contract is to a line, the nearest highest; None where it does not reach it."""
    own = int(contract.app is not None)
    if contract.item is None:
        return own, 0
    if contract.option is not None and contract.option.casefold() not in {o.casefold() for o in scope.options}:
        return None
    for distance, words in enumerate(scope.words):
        if contract.item.casefold() in {word.casefold() for word in words if word}:
            return own, len(scope.words) - distance + int(contract.option is not None)
    return None


def reaches(contract: Contract, scope: Scope) -> bool:
    """Whether a contract says something about a line."""
    return _nearness(contract, scope) is not None


def _nearest(
    reaching: Sequence[tuple[tuple[int, int], Contract]],
    app: App,
    name: str,
    used: list[Contract],
    found: Problems,
) -> Contract:
    best = max(near for near, _ in reaching)
    chosen, *others = [contract for near, contract in reaching if near == best]
    for other in others:
        found.add("contract-ambiguous", other.place, app=app.code, parameter=name, first=str(chosen.place.row))
    if chosen not in used:
        used.append(chosen)
    return chosen
