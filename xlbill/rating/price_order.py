"""The order of usage prices: each after the lines whose results its price cells take."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from xlbill.book.objects import Product
from xlbill.cells import Place
from xlbill.formula import names
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
    def own_words(self) -> set[str]:
        """How other prices refer to this one alone."""
        charge = self.spans[0].tiers[0]
        return {word.casefold() for word in (charge.item, charge.meter.code if charge.meter else charge.item)}

    @cached_property
    def broad_words(self) -> set[str]:
        """How other prices refer to it among others: the product, everything."""
        return {self.product.code.casefold(), "all"}

    def names(self, other: "PricedItem") -> bool:
        """Whether its price refers to another one alone."""
        return bool(self.references & other.own_words)

    def takes(self, other: "PricedItem") -> bool:
        """Whether another item's figures go into its price, by its own name or among others."""
        return self.names(other) or bool(self.references & other.broad_words)

    @cached_property
    def references(self) -> set[str]:
        """What its price cells refer to; a subtotal that is not given is its product's."""
        used: set[str] = set()
        for tier in (tier for span in self.spans for tier in span.tiers):
            for parameter in tier.parameters.values():
                if parameter.formula is not None:
                    used |= {name.rpartition(".")[0].casefold() for name in names(parameter.formula)}
            if "subtotal" in tier.model.inputs and "subtotal" not in tier.parameters:
                used.add(self.product.code.casefold())
        return used


def apart(items: Sequence[PricedItem]) -> dict[str, frozenset[str]]:
    """For each item those that its sums leave out, because they are sums over it, too (a minimum beside a cap)."""
    return {
        own.spans[0].item: frozenset(
            other.spans[0].item
            for other in items
            if other is not own and own.takes(other) and other.takes(own) and not own.names(other)
        )
        for own in items
    }


def in_order(items: Sequence[PricedItem]) -> tuple[list[PricedItem], list[PricedItem]]:
    """The items, each after all that it refers to, and those that go in a circle."""
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
