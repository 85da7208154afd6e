"""What an app's orders name: the items and packs of its price book."""

from collections.abc import Iterator
from dataclasses import dataclass

from xlbill.accounts import Subscription
from xlbill.book.lookup import charges_for, find_items, item_words
from xlbill.book.objects import Charge, Item, Pack, Plan, PriceBook
from xlbill.formula import names
from xlbill.money import plain
from xlbill.problems import Fact, Problem, Problems, problem
from xlbill.sheets import nearest


@dataclass(frozen=True, slots=True)
class Purchase:
    """A pack that an app bought."""

    pack: Pack
    subscription: Subscription


def find_item(subscription: Subscription, book: PriceBook, found: Problems) -> Item | Pack | None:
    """The item that an order names; an unknown one is a problem, and so is a word that names two things."""
    items = find_items(book, subscription.item, subscription.option)
    if len(items) == 1:
        return items[0]
    shown = " ".join(part for part in (subscription.item, subscription.option) if part)
    facts: dict[str, Fact] = {"app": subscription.app, "found": shown, "book": book.edition.code}
    if items:
        codes = ", ".join(item.code for item in items)
        found.add("ambiguous-item", subscription.place, None, codes=codes, **facts)
        return None
    words = item_words(book)
    options = [e.option for e in book.extensions if subscription.item.casefold() in {n.casefold() for n in e.names}]
    if options:
        found.add("unknown-option", subscription.place, None, options=", ".join(filter(None, options)), **facts)
    else:
        hint = nearest(subscription.item, words) or ", ".join(words[:12])
        found.add("unknown-item", subscription.place, None, nearest=hint, **facts)
    return None


def order_problems(order: Subscription, item: Item | Pack, book: PriceBook) -> Iterator[Problem]:
    """What an order says that its item knows nothing of.

    A part of a plan or of a pack is an error, and so is an end of what is never renewed; several of a plan that has
    quotas are told: the quotas count once.
    """
    facts: dict[str, Fact] = {"app": order.app, "item": item.code, "found": plain(order.quantity)}
    if order.end is not None and not isinstance(item, Pack) and item.term == "once":
        yield problem("pack-end", order.place, None, app=order.app, item=item.code, found=str(order.end))
    if isinstance(item, Plan | Pack) and order.quantity % 1:
        yield problem("quantity-not-whole", order.quantity_place, None, **facts)
    elif isinstance(item, Plan) and order.quantity > 1:
        tiers = (tier for price in charges_for(book, item.product.code, item).values() for tier in price)
        quotas = [tier.name for tier in tiers if _includes_as_much(tier, item)]
        if quotas:
            yield problem("quotas-count-once", order.quantity_place, None, quota=quotas[0], **facts)


def _includes_as_much(charge: Charge, plan: Plan) -> bool:
    """Whether a charge includes something, and as much however many of the plan were ordered."""
    included = charge.parameters.get("included")
    if included is None or included.value == 0:
        return False
    ordered = {f"{of}.quantity".casefold() for of in (plan.code, plan.product.code, "all")}
    return included.formula is None or not any(name.casefold() in ordered for name in names(included.formula))
