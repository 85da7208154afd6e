"""Finding things in a price book by the words that people write in a subscription or a contract."""

from xlbill.book.objects import Charge, Extension, Item, Pack, Plan, PriceBook
from xlbill.language import folded


def find_items(book: PriceBook, item: str, option: str | None) -> tuple[Item | Pack, ...]:
    """What an order's item (and option) names: one thing, none, or several where the words are ambiguous.

    `im.pro`, `pro` or `专业版` name a plan, and so does item `im` with option `pro`; an extension is named with its
    option where it has several.
    """
    plans = [plan for plan in book.plans if _is(item, plan.names) and option is None] or [
        plan
        for plan in book.plans
        if option is not None and _is(item, _product_words(plan)) and _is(option, plan.names)
    ]
    extensions = [extension for extension in book.extensions if _is_extension(extension, item, option)]
    packs = [pack for pack in book.packs if _is(item, pack.names) and option is None]
    named: tuple[Item | Pack, ...] = (*plans, *extensions, *packs)
    exact = tuple(x for x in named if x.code.casefold() == item.casefold())
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


def charges_for(book: PriceBook, product: str, plan: Plan | None) -> dict[str, tuple[Charge, ...]]:
    """The usage prices of a product under a plan, by item; the tiers of one price stand together in their order."""
    found: dict[str, list[Charge]] = {}
    for charge in book.charges:
        if charge.product.code != product:
            continue
        if not charge.plans or (plan is not None and any(_is(word, plan.names) for word in charge.plans)):
            found.setdefault(charge.item, []).append(charge)
    return {item: tuple(charges) for item, charges in found.items()}


def _is(word: str, names: tuple[str, ...]) -> bool:
    return word.strip().casefold() in folded(names)


def _is_extension(extension: Extension, item: str, option: str | None) -> bool:
    if option is None:
        return _is(item, (extension.code,)) or (_is(item, extension.names) and not extension.option)
    return _is(item, extension.names) and _is(option, extension.options)


def _product_words(plan: Plan) -> tuple[str, ...]:
    return (plan.product.code, plan.product.name.zh, plan.product.name.en)
