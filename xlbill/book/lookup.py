"""Finding things in a price book by the words that people write in a subscription or a contract."""

from collections.abc import Mapping

from xlbill.book.objects import Charge, Item, Pack, Plan, PriceBook


def find_items(book: PriceBook, item: str, option: str | None) -> tuple[Item | Pack, ...]:
    """What an order's item (and option) names: one thing, none, or several where the words are ambiguous.

    `im.pro`, `pro` or `专业版` name a plan, and so does item `im` with option `pro`; an extension is named with its
    option where it has several.
    """
    item, option = item.strip().casefold(), None if option is None else option.strip().casefold()
    named = book.orders.get((item, option), ())
    exact = tuple(x for x in named if x.code.casefold() == item)
    return exact if len(exact) == 1 else named


def item_words(book: PriceBook) -> tuple[str, ...]:
    """The codes of everything that can be ordered, for "did you mean"."""
    extensions = dict.fromkeys(extension.extension for extension in book.extensions)
    return (*(plan.code for plan in book.plans), *extensions, *(pack.code for pack in book.packs))


def plans_of(book: PriceBook, product: str) -> tuple[Plan, ...]:
    """The plans of a product."""
    return tuple(plan for plan in book.plans if plan.product.code == product)


def plan_by_code(book: PriceBook, code: str) -> Plan | None:
    """The plan with a full code, `im.pro`."""
    return next((plan for plan in book.plans if plan.code.casefold() == code.casefold()), None)


def charges_for(book: PriceBook, product: str, plan: Plan | None) -> Mapping[str, tuple[Charge, ...]]:
    """The usage prices of a product under one of its plans, by item; the tiers of one price stand together."""
    return book.prices.get((product, plan.code if plan is not None else None), {})
