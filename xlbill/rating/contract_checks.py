"""Contracts that cannot be matched with what price books sell, or with more than one thing of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from xlbill.account_contracts import Contract
from xlbill.book.objects import Charge, Extension, Item, Pack, Plan, PriceBook
from xlbill.book.scope import Scope
from xlbill.money import plain
from xlbill.problems import NOTHING, Fact, Problem, Problems, problem
from xlbill.quantities import AGREED
from xlbill.rating.contracts import agreed_for, by_own_name, nearness

PriceRow = Item | Pack | Charge


def stranger_problems(contracts: Sequence[Contract], books: Sequence[PriceBook], book: PriceBook) -> Problems:
    """Contracts that can be matched with nothing in any of the books, or take off what `book` cannot take off."""
    found = Problems()
    for contract in contracts:
        rows = [row for each in books for row in _named_by(contract, each)]
        if contract.discount is not None and book.discount_model is None:
            found.add("contract-discount-without-model", contract.discount[1], book=book.edition.code)
        reached = [row for row in rows if nearness(contract, row.scope) is not None]
        named = [] if reached else [row.scope for row in rows if _names(contract, row.scope)]
        if named:
            shown, options = contract.option or "", {scope.option for scope in named if scope.option is not None}
            facts = {"item": contract.item or "", "found": shown, "options": ", ".join(sorted(options)) or "—"}
            found.add("contract-option-unknown", contract.place, None, **facts)
        elif not reached and (of := _of_customer(contract, rows)) is not None:
            found.add("contract-app-of-customer", contract.place, None, item=of.item, app=contract.app or "")
        elif not reached:
            found.add("contract-item-unknown", contract.place, found=contract.item or contract.option or "")
        found += _parameter_problems(contract, reached, book)
        if contract.minimum is not None and not any(_takes_minimum(contract, row) for row in reached):
            facts = {"found": plain(contract.minimum[0]), "plans": _with_minimums(books)}
            found.add("contract-minimum-of-none", contract.minimum[1], None, **facts)
        own = [row for row in _named_by(contract, book) if nearness(contract, row.scope) is not None]
        found += _price_of_many(contract, own, book)
    return found


def narrowed(contract: Contract, book: PriceBook) -> Contract:
    """A contract that reaches what has its item as a name of its own, where anything has, and else a whole product."""
    own = contract.item is not None and any(by_own_name(contract, row.scope) for row in _named_by(contract, book))
    return replace(contract, narrow=True) if own else contract


def priced_rows(book: PriceBook) -> Iterator[PriceRow]:
    """Everything in a book that a contract may reach."""
    yield from book.items
    yield from book.charges


def _named_by(contract: Contract, book: PriceBook) -> Sequence[PriceRow]:
    """The rows among which all are that a contract may reach: those that have its item as a word."""
    if "rows" not in book.known:
        rows: dict[str | None, list[PriceRow]] = {None: list(priced_rows(book))}
        for row in rows[None]:
            for word in frozenset().union(*row.scope.words):
                rows.setdefault(word, []).append(row)
        book.known["rows"] = rows
    named: Sequence[PriceRow] = book.known["rows"].get(contract.item and contract.item.casefold(), ())
    return named


def _parameter_problems(contract: Contract, reached: Sequence[PriceRow], book: PriceBook) -> Iterator[Problem]:
    """What a contract sets and no model of any row that it reaches takes."""
    takes = {name for row in reached for name in row.model.inputs}
    shown = ", ".join(sorted(takes & AGREED)) or "—"
    for name, (_, place) in contract.overrides.items():
        if name not in book.inputs:
            yield problem("contract-parameter-unknown", place, None, found=name)
        elif contract.item is not None and takes and name not in takes:
            yield problem("contract-parameter-idle", place, None, item=contract.item, name=name, takes=shown)
    if contract.discount is not None and reached and "price" not in takes:
        facts: dict[str, Fact] = {"item": contract.item or "", "name": "discount", "takes": shown}
        yield problem("contract-parameter-idle", contract.discount[1], None, **facts)


def _price_of_many(contract: Contract, reached: Sequence[PriceRow], book: PriceBook) -> Iterator[Problem]:
    """A price, a quota or another parameter that would stand in place of those of several things.

    A discount may be on a whole product, but not on things of several products that have one name, nor under a name
    that is both a product's and a thing's.
    """
    minimum = {"minimum": contract.minimum} if contract.minimum is not None else {}
    for name, (_, place) in {**contract.overrides, **minimum}.items():
        own = [row for row in reached if name in agreed_for(contract, row.scope)]
        items = dict.fromkeys(_thing(row) for row in own if name in row.model.inputs)
        if len(items) > 1:
            facts: dict[str, Fact] = {"name": name, "found": contract.item or "*", "items": ", ".join(items)}
            yield problem("contract-price-of-many", place, None, **facts)
    if contract.discount is not None and contract.narrow:
        wide = replace(contract, narrow=False)
        products = {row.product.code for row in reached}
        others = [row for row in priced_rows(book) if row not in reached and nearness(wide, row.scope) is not None]
        if others or len(products) > 1:
            shown = ", ".join(dict.fromkeys(_thing(row) for row in (*reached, *others)))
            about = {"name": "discount", "found": contract.item or "*", "items": shown}
            yield problem("contract-price-of-many", contract.discount[1], None, **about)


def _thing(row: PriceRow) -> str:
    """What a row prices, whatever its option, dimension or tier."""
    if isinstance(row, Extension):
        return row.extension
    return row.item.partition(":")[0] if isinstance(row, Charge) else row.code


def _takes_minimum(contract: Contract, row: PriceRow) -> bool:
    """Whether a row has a minimum that a contract changes: one of no item is of the customer as a whole."""
    if isinstance(row, Charge):
        return "minimum" in row.model.inputs and "minimum" in agreed_for(contract, row.scope)
    return isinstance(row, Plan) and row.role != "fee" and contract.item is not None


def _with_minimums(books: Iterable[PriceBook]) -> str:
    """What has a minimum that contracts may change, by the words that name it."""
    plans = [plan.code for book in books for plan in book.plans if plan.role != "fee"]
    charges = [charge.item for book in books for charge in book.charges if "minimum" in charge.model.inputs]
    return ", ".join(dict.fromkeys([*plans, *charges])) or NOTHING


def _of_customer(contract: Contract, rows: Iterable[PriceRow]) -> Charge | None:
    """What a contract of one app names, if it is charged to the customer as a whole."""
    of_all = replace(contract, app=None)
    charges = (row for row in rows if isinstance(row, Charge) and row.of_customer)
    return next((row for row in charges if contract.app and nearness(of_all, row.scope) is not None), None)


def _names(contract: Contract, scope: Scope) -> bool:
    return nearness(replace(contract, option=None), scope) is not None
