"""Whom a price change can reach: who ordered nothing that differs between two books is billed alike under both.

Plans, extensions and usage prices of single plans count for those alone who ordered them. Everything else of a book
counts for everybody: a model, a meter, a pack (balances of it may be held), a usage price of all plans, the plan that
holds where nobody orders one. Where something stands in its file counts for nobody.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from typing import Any

from xlbill.accounts import Subscription
from xlbill.book.edition import Edition
from xlbill.book.lookup import find_items
from xlbill.book.objects import Charge, Extension, Parameter, Plan, PriceBook
from xlbill.cells import Place
from xlbill.language import folded

_ORDERED = ("plans", "extensions")
_OF_NOBODY = ("cases", "place")


def reached(old: PriceBook, new: PriceBook) -> frozenset[str] | None:
    """The codes of what must be ordered for a bill to differ between two books; None where every bill may."""
    others = [
        part.name for part in fields(PriceBook) if part.name not in (*_ORDERED, *_OF_NOBODY, "edition", "charges")
    ]
    pairs = [(old.edition, new.edition), *((getattr(old, name), getattr(new, name)) for name in others)]
    if not all(alike(*pair) for pair in pairs) or old.orders.keys() != new.orders.keys():
        return None
    codes: set[str] = set()
    for name in (*_ORDERED, "charges"):
        ours, theirs = getattr(old, name), getattr(new, name)
        if len(ours) != len(theirs):
            return None
        for one, other in zip(ours, theirs, strict=True):
            if not alike(one, other):
                of_one, of_other = set(_ordered_for(one, old)), set(_ordered_for(other, new))
                if not of_one or of_one != of_other:
                    return None
                codes |= of_one
    return frozenset(codes)


def other_fees(old: PriceBook, new: PriceBook) -> Mapping[Place, Decimal] | None:
    """The prices of plans and extensions that differ, by the cells of the old ones; None where other things may.

    Usage prices are other things: days whose prices are alike are measured as one.
    """
    if reached(old, new) is None or not alike(old.charges, new.charges):
        return None
    fees: dict[Place, Decimal] = {}
    for name in _ORDERED:
        for one, other in zip(getattr(old, name), getattr(new, name), strict=True):
            moved = {} if alike(one, other) else _moved(one, other)
            if moved is None:
                return None
            fees |= moved
    return fees


def _moved(one: Plan | Extension, other: Plan | Extension) -> dict[Place, Decimal] | None:
    """The prices of a row that differ, by their cells; None where more than that differs, or one asks nothing."""
    name = "prices" if isinstance(one, Extension) else "parameters"
    ours, theirs = getattr(one, name), getattr(other, name)
    if not alike(one, replace(other, **{name: ours})) or list(ours) != list(theirs):
        return None
    moved: dict[Place, Decimal] = {}
    for key, price in ours.items():
        if alike(price, theirs[key]):
            continue
        if (name == "parameters" and key != "price") or not (_asks(price) and _asks(theirs[key])):
            return None
        moved[price.place] = theirs[key].value
    return moved


def _asks(price: Any) -> bool:
    """Whether a price is a figure above nothing."""
    plain = isinstance(price, Parameter) and price.formula is None
    return plain and isinstance(price.value, Decimal) and price.value > 0


def orders_any(codes: frozenset[str], book: PriceBook, orders: Iterable[Subscription]) -> bool:
    """Whether some orders name one of these codes, or what a book does not know or knows twice."""
    for order in orders:
        items = find_items(book, order.item, order.option)
        if len(items) != 1 or items[0].code in codes:
            return True
    return False


def _ordered_for(thing: Plan | Extension | Charge, book: PriceBook) -> Iterator[str]:
    """The codes of which one must be ordered for a row to count; none where it counts without."""
    if isinstance(thing, Charge):
        words = folded(tuple(word.strip() for word in thing.plans))
        plans = [plan for plan in book.plans if plan.product.code == thing.product.code]
        own = [plan for plan in plans if not words.isdisjoint(folded(plan.names))]
        if thing.charged_by == "app" and not any(plan.default for plan in own):
            yield from (plan.code for plan in own)
    elif not (isinstance(thing, Plan) and thing.default):
        yield thing.code


def alike(one: Any, other: Any) -> bool:
    """Whether two parts of price books are the same but for where they stand, and in which file."""
    if one is other or isinstance(one, Place):
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, Mapping):
        return list(one) == list(other) and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    if is_dataclass(one):
        names = [part.name for part in fields(one)]
        if isinstance(one, Edition):
            names = [name for name in names if name not in ("file", "digest")]
        return all(alike(getattr(one, name), getattr(other, name)) for name in names)
    return bool(one == other)
