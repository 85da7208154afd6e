"""The order of usage prices: each after the lines whose results its price cells take."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from xlbill.book.objects import Product
from xlbill.cells import Place
from xlbill.language import folded
from xlbill.rating.price_spans import PriceSpan


@dataclass(frozen=True)
class PricedItem:
    """An item of a product with the spans of its month."""

    product: Product
    spans: tuple[PriceSpan, ...]

    @property
    def place(self) -> Place:
        """Where its price stands in the book."""
        return self.spans[0].tiers[0].place

    @cached_property
    def own_words(self) -> frozenset[str]:
        """How other prices refer to this one alone."""
        return folded((self.spans[0].item.partition(":")[0],))

    @cached_property
    def broad_words(self) -> frozenset[str]:
        """How other prices refer to it among others: the product, everything."""
        return folded((self.product.code, "all"))

    @cached_property
    def references(self) -> frozenset[str]:
        """What its price cells refer to."""
        return frozenset().union(*(tier.references for span in self.spans for tier in span.tiers))

    def names(self, other: "PricedItem") -> bool:
        """Whether its price refers to another one alone."""
        return not self.references.isdisjoint(other.own_words)

    def takes(self, other: "PricedItem") -> bool:
        """Whether another item's figures go into its price, by its own name or among others."""
        return bool(self.references) and (self.names(other) or not self.references.isdisjoint(other.broad_words))


@dataclass(frozen=True, slots=True)
class UsagePrices:
    """The items of a month in the order in which they are priced, those that go in a circle, and what each one's sums
    leave out (by item).
    """

    ordered: tuple[PricedItem, ...]
    circular: tuple[PricedItem, ...]
    apart: Mapping[str, frozenset[str]]


def prices_in_order(items: Sequence[PricedItem]) -> UsagePrices:
    """Items as their prices depend on each other."""
    ordered, circular = in_order(items)
    return UsagePrices(tuple(ordered), tuple(circular), apart(items))


def apart(items: Sequence[PricedItem]) -> dict[str, frozenset[str]]:
    """For each item those that its sums leave out, because they are sums over it, too (a minimum beside a cap)."""
    sums = [item for item in items if item.references]
    return {
        own.spans[0].item: frozenset(
            other.spans[0].item
            for other in sums
            if other is not own and own.takes(other) and other.takes(own) and not own.names(other)
        )
        for own in sums
    }


def in_order(items: Sequence[PricedItem]) -> tuple[list[PricedItem], list[PricedItem]]:
    """The items, each after all that it refers to, and those that go in a circle."""
    if not any(item.references for item in items):
        return list(items), []
    order = TopologicalSorter(
        {number: [other for other in range(len(items)) if _waits(number, other, items)] for number in range(len(items))}
    )
    with suppress(CycleError):  # what does not hang on the circle is given all the same
        order.prepare()
    ordered: list[int] = []
    while ready := sorted(order.get_ready()):
        ordered += ready
        order.done(*ready)
    return [items[number] for number in ordered], [items[n] for n in range(len(items)) if n not in ordered]


def _waits(number: int, other: int, items: Sequence[PricedItem]) -> bool:
    """Whether an item refers to another; of two that are in each other's sums neither waits, and neither counts."""
    if number == other:
        return False
    own, referred = items[number], items[other]
    return own.takes(referred) and (own.names(referred) or not referred.takes(own))
