"""The order of usage prices: each after the lines whose results its price cells take."""

from collections.abc import Sequence
from dataclasses import dataclass

from xlbill.book.objects import PriceBook
from xlbill.cells import Place
from xlbill.formula import names
from xlbill.rating.usage_prices import Stage


@dataclass(frozen=True, slots=True)
class PricedItem:
    """An item of a product with the stages of its month."""

    product: str
    stages: tuple[Stage, ...]

    @property
    def place(self) -> Place:
        """Where its price stands in the book."""
        return self.stages[0].tiers[0].place

    @property
    def own_words(self) -> set[str]:
        """How other prices refer to this one alone."""
        charge = self.stages[0].tiers[0]
        return {word.casefold() for word in (charge.item, charge.meter or charge.item)}

    @property
    def broad_words(self) -> set[str]:
        """How other prices refer to it among others: the product, everything."""
        return {self.product.casefold(), "all"}

    def references(self, book: PriceBook) -> set[str]:
        """What its price cells refer to; a subtotal that is not given is its product's."""
        used: set[str] = set()
        for tier in (tier for stage in self.stages for tier in stage.tiers):
            for parameter in tier.parameters.values():
                if parameter.formula is not None:
                    used |= {name.rpartition(".")[0].casefold() for name in names(parameter.formula)}
            if "subtotal" in book.models[tier.model].inputs and "subtotal" not in tier.parameters:
                used.add(self.product.casefold())
        return used


def in_order(items: Sequence[PricedItem], book: PriceBook) -> tuple[list[PricedItem], list[PricedItem]]:
    """The items, each after all that it refers to, and those that go in a circle."""
    ordered: list[PricedItem] = []
    waiting = list(items)
    while ready := [item for item in waiting if not _must_wait(item, waiting, book)]:
        ordered += ready
        waiting = [item for item in waiting if item not in ready]
    return ordered, waiting


def _must_wait(item: PricedItem, waiting: Sequence[PricedItem], book: PriceBook) -> bool:
    """Whether it refers to one that waits; of two that take the same subtotal the first of the sheet goes first."""
    used, position = item.references(book), waiting.index(item)
    for number, other in enumerate(waiting):
        if number == position:
            continue
        if used & other.own_words:
            return True
        if used & other.broad_words and (number < position or not other.references(book) & other.broad_words):
            return True
    return False
