"""Usage prices that contracts bring of their own: rows of the accounts in place of the price list's rows of an item.

They are read as the rows of the book are, with its models, products and meters, and checked as these are. An app's
rows are nearer than its customer's. What was agreed so is agreed as it stands: no other contract changes it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from xlbill.account_contracts import AgreedCharge
from xlbill.accounts import App
from xlbill.book.check import check_book
from xlbill.book.lookup import plans_of
from xlbill.book.objects import Charge, Parameter, PriceBook
from xlbill.book.parameters import Recalculated, parameter_number
from xlbill.book.rows import Known, inputs_without_column, read_charges
from xlbill.cells import Address
from xlbill.formula import Value
from xlbill.language import folded
from xlbill.problems import Problem, Problems, problem
from xlbill.sheets import Row


@dataclass(frozen=True, slots=True)
class OwnPrice:
    """A usage price of a contract's own, with the agreement that it belongs to."""

    charge: Charge
    of: AgreedCharge

    @property
    def agreement(self) -> tuple[object, ...]:
        """Which rows were agreed together: the tiers of one price."""
        return (self.of.app, self.of.start, self.of.end, self.of.reference)


def agreed_book(
    book: PriceBook, rows: Sequence[AgreedCharge], app: App, on: date, found: Problems, *, whole: bool = False
) -> PriceBook:
    """A price book as it is for an app on a day, with what contracts bring of their own in place of the list's rows.

    `whole`: for what is charged to the customer, of whom no row of one app is.
    """
    holding = [row for row in rows if _holds(row, app, on) and not (whole and row.app is not None)]
    if not holding:
        return book
    here = found.apart()
    read = [OwnPrice(charge, row) for row in holding for charge in _read(row, book, here)]
    own = [each.charge for each in _nearest(read, here)]
    here += _partly(book, own)
    if not here.errors:
        theirs = replace(book, charges=tuple(_in_place(book, own)))
        here += _new_problems(book, theirs, own)
        book = theirs if not here.errors else book
    found += here
    return book


def _new_problems(book: PriceBook, theirs: PriceBook, own: Sequence[Charge]) -> Iterator[Problem]:
    """What is wrong with a book once a contract's rows stand in it, told at these: the book itself is sound."""
    found, files = check_book(theirs), {charge.place.file for charge in own}
    known = {(p.code, p.place) for p in check_book(book)} if any(p.place.file not in files for p in found) else set()
    for each in found:
        if each.place.file in files:
            yield each
        elif (each.code, each.place) not in known:  # at a cell of the book that does not go with these rows
            item = str(dict(each.facts).get("item", ""))
            yield replace(each, place=next((c.place for c in own if c.item == item), own[0].place), excerpt=None)


def _holds(row: AgreedCharge, app: App, on: date) -> bool:
    if row.start > on or (row.end is not None and row.end < on):
        return False
    return row.app == app.code if row.app is not None else row.customer == app.customer


def _read(agreed: AgreedCharge, book: PriceBook, found: Problems) -> tuple[Charge, ...]:
    """The charges of a row, read with what its price book has."""
    row, rates = agreed.row, frozenset(rate.code.casefold() for rate in book.rates)
    known = Known(book.models, book.products, book.meters, Recalculated(_cached(row), rates), frozenset())
    found.tell(*inputs_without_column(row, book.models))
    charges = read_charges(row, known, found)
    taken = {name for charge in charges for name in charge.model.inputs}
    idle = [h.key for h in row.form.headings if not h.declared and h.key not in taken and h.key.isidentifier()]
    found += [
        row.problem("contract-parameter-unknown", key)
        for key in idle
        if charges and not row.cell(key).blank and key not in book.inputs
    ]
    if agreed.app is not None:
        for charge in (c for c in charges if c.of_customer or (c.meter is not None and c.meter.pooled)):
            found.add("contract-app-of-customer", charge.place, None, item=charge.item, app=agreed.app)
    return tuple(replace(c, agreed=agreed.reference, listed=_list_price(c, book)) for c in charges)


def _cached(row: Row) -> Mapping[Address, Value]:
    """What the accounts' own arithmetic came to when the workbook was saved, as everywhere in the accounts."""
    cells = (row.cell(heading.key) for heading in row.form.headings)
    values = ((cell.place.address, cell.value) for cell in cells if cell.formula is not None)
    return {at: value for at, value in values if at is not None and not isinstance(value, date)}


def _nearest(read: Sequence[OwnPrice], found: Problems) -> Iterator[OwnPrice]:
    """Of each item the rows that are nearest; two agreements that are equally near are told, never chosen from."""
    items: dict[str, list[OwnPrice]] = {}
    for each in read:
        items.setdefault(each.charge.item.casefold(), []).append(each)
    for of_item in items.values():
        near = [each for each in of_item if each.of.app is not None] or of_item
        for other in (each for each in near if each.agreement != near[0].agreement):
            facts = {"item": other.charge.item, "first": str(near[0].of.place.row)}
            found.add("contract-charges-twice", other.charge.place, None, **facts)
        yield from near


def _same_thing(own: Charge, listed: Charge) -> bool:
    """Whether a contract's row is of what a row of the list is of: its item, or all of it, or a dimension of it."""
    return _base(own) == _base(listed) and own.meter == listed.meter


def _base(charge: Charge) -> str:
    return charge.item.partition(":")[0].casefold()


def _partly(book: PriceBook, own: Sequence[Charge]) -> Iterator[Problem]:
    """A price for one dimension of what the list prices as a whole: it would be charged twice."""
    for charge in own:
        if charge.dimension is not None and any(
            listed.dimension is None and _same_thing(charge, listed) for listed in book.charges
        ):
            meter = charge.meter.code if charge.meter is not None else charge.item
            yield problem("contract-charge-of-part", charge.place, None, item=charge.item, meter=meter)


def _in_place(book: PriceBook, own: Sequence[Charge]) -> Iterator[Charge]:
    """The rows of a book with a contract's own where the first of those stood that they replace."""
    waiting = list(own)
    for listed in book.charges:
        replacing = [c for c in own if _same_thing(c, listed) and c.dimension in (None, listed.dimension)]
        for charge in [charge for charge in waiting if charge in replacing]:
            waiting.remove(charge)
            yield charge
        left = _left(book, listed, replacing)
        if left is not None:
            yield left
    yield from waiting


def _left(book: PriceBook, listed: Charge, replacing: Sequence[Charge]) -> Charge | None:
    """What is left of a row of the list: all of it, what it says for other plans, or nothing."""
    if not replacing:
        return listed
    if any(not charge.plans for charge in replacing):
        return None
    theirs = _named(replacing)
    named = _named([listed])
    plans = [plan for plan in plans_of(book, listed.product.code) if not named or named & folded(plan.names)]
    others = tuple(plan.plan for plan in plans if not theirs & folded(plan.names))
    return replace(listed, plans=others) if others else None


def _list_price(own: Charge, book: PriceBook) -> Parameter | None:
    """The list's price of the same thing: of its tiers the one in which a tier begins, if sold by the same block."""
    plans = _named([own])
    for listed in book.charges:
        named = _named([listed])
        alike = _same_thing(own, listed) and listed.dimension in (None, own.dimension)
        alike = alike and (not named or not plans or bool(named & _all_names(book, listed, plans)))
        if alike and _figure(own, "block") == _figure(listed, "block") and _begins_in(own, listed):
            return listed.parameters.get("price")
    return None


def _named(charges: Sequence[Charge]) -> frozenset[str]:
    """The words by which charges name their plans."""
    return folded(tuple(word.strip() for charge in charges for word in charge.plans))


def _all_names(book: PriceBook, listed: Charge, words: frozenset[str]) -> frozenset[str]:
    """Everything by which the plans are named that some words name."""
    plans = plans_of(book, listed.product.code)
    return frozenset().union(*(folded(plan.names) for plan in plans if words & folded(plan.names)))


def _begins_in(own: Charge, listed: Charge) -> bool:
    """Whether a tier begins within a tier of the list."""
    start, low, high = _figure(own, "from"), _figure(listed, "from"), _figure(listed, "to")
    return (low or 0) <= (start or 0) and (high is None or (start or 0) < high)


def _figure(charge: Charge, name: str) -> Decimal | None:
    return parameter_number(charge.parameters.get(name))
