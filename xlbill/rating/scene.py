"""What is known of one app before its month is rated: its price book, its orders, its plans through the month."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xlbill.accounts import Accounts, App, Contract, Subscription
from xlbill.book.lookup import charges_for, find_items, item_words
from xlbill.book.objects import Charge, Item, Pack, Plan, PriceBook
from xlbill.money import plain
from xlbill.periods import Month
from xlbill.problems import Fact, Problem, Problems, problem
from xlbill.rating.contracts import contract_book, stranger_problems
from xlbill.rating.terms import Order, Stretch, Term, plan_at, plan_stretches, terms_of
from xlbill.sheets import nearest
from xlbill.usage import Series, Usage


@dataclass(frozen=True, slots=True)
class Purchase:
    """A pack that an app bought."""

    pack: Pack
    subscription: Subscription


@dataclass(frozen=True, slots=True)
class Scene:
    """One app in one month."""

    app: App
    book: PriceBook
    month: Month
    terms: tuple[Term, ...]  # all that began before the month's end
    purchases: tuple[Purchase, ...]
    contracts: tuple[Contract, ...]
    series: tuple[Series, ...]
    stretches: Mapping[str, tuple[Stretch, ...]]  # by product

    def allowed(self, product: str, day: date) -> bool:
        """Whether one of the plans that a product needs is active on a day."""
        needs = self.book.products[product].needs
        return not needs or any(
            need.casefold() == plan.code.casefold() for need in needs for plan in self.plans_on(day)
        )

    def plans_on(self, day: date) -> tuple[Plan, ...]:
        """The plans in force on a day, one of a product."""
        plans = (plan_at(self.book, product, self.terms, day) for product in self.book.products)
        return tuple(plan for plan in plans if plan is not None)

    def subscribed(self, product: str) -> bool:
        """Whether a plan of the product was ordered and is in force on a day of the month."""
        return any(
            isinstance(term.item, Plan)
            and term.item.product == product
            and term.active is not None
            and term.active.overlap(self.month.period) is not None
            for term in self.terms
        )


def set_scene(
    app: App, accounts: Accounts, books: Sequence[PriceBook], usage: Usage, month: Month, found: Problems
) -> Scene | None:
    """Gather what is known of an app; None, with problems, where that is not enough to rate it."""
    subscriptions = [s for s in accounts.subscriptions if s.app == app.code and s.start < month.period.end]
    contracts = tuple(c for c in accounts.contracts if (c.app or app.code) == app.code)
    contracts = tuple(c for c in contracts if c.app is not None or c.customer == app.customer)
    book = choose_book(app, subscriptions, contracts, books, month, found)
    if book is not None and not book.sound:
        found.add("book-unsound", app.place, app=app.code, found=book.edition.code, file=book.edition.file)
    if book is None or not book.sound:
        return None
    here = found.apart()
    items = {s: item for s in subscriptions if (item := _find(s, book, here)) is not None}
    parameters = frozenset(name for model in book.models.values() for name in model.inputs)
    relevant = [c for c in contracts if c.start < month.period.end and (c.end is None or c.end >= month.start)]
    here += stranger_problems(relevant, books, parameters)
    here += [p for order, item in items.items() for p in _quantity_problems(order, item, book)]
    found += here
    if here.errors:
        return None
    orders = sorted(
        (Order(item, s) for s, item in items.items() if not isinstance(item, Pack)), key=lambda order: order.start
    )
    terms = terms_of(orders, book, month.period.end)
    purchases = tuple(Purchase(item, s) for s, item in items.items() if isinstance(item, Pack))
    stretches = {product: plan_stretches(book, product, terms, month.period) for product in book.products}
    return Scene(app, book, month, terms, purchases, contracts, usage.of(app.code), stretches)


def choose_book(
    app: App,
    subscriptions: Sequence[Subscription],
    contracts: Sequence[Contract],
    books: Sequence[PriceBook],
    month: Month,
    found: Problems,
) -> PriceBook | None:
    """The edition that an app belongs to (DESIGN, decision 10): named by a contract or its row, else by its first plan.

    Its region's newest edition that was in force when it first subscribed to a paid plan, or one for everybody that
    has come into force since. An app that never paid takes the newest.
    """
    contract = contract_book(contracts, app, month.period.last, found)
    named, place = (contract.book, contract.place) if contract else (app.book, app.book_place)
    if named is not None:
        book = next((b for b in books if b.edition.code.casefold() == named.casefold()), None)
        if book is None:
            codes = [b.edition.code for b in books]
            found.add(
                "unknown-book", place, app=app.code, found=named, nearest=nearest(named, codes) or ", ".join(codes)
            )
        return book
    lost = next((b for b in books if not b.placed and (not b.regions or _serves(b, app))), None)
    if lost is not None:
        return lost  # it may be meant for this app, which must not fall to another edition
    regional = [b for b in books if _serves(b, app)]
    if not regional:
        regions = ", ".join(dict.fromkeys(region for b in books for region in b.regions))
        found.add("no-book-for-region", app.region_place, app=app.code, found=app.region, regions=regions)
        return None
    first = min((s.start for s in subscriptions if any(_is_paid_plan(s, b) for b in regional)), default=None)
    entered = first or month.period.last
    valid = [
        b for b in regional if b.edition.effective <= (entered if b.applies == "new" else max(entered, month.start))
    ]
    if not valid:
        earliest = min(b.edition.effective for b in regional)
        found.add("no-edition-yet", app.place, app=app.code, since=str(entered), earliest=str(earliest))
        return None
    return max(valid, key=lambda b: b.edition.effective)


def _serves(book: PriceBook, app: App) -> bool:
    return app.region.casefold() in {region.casefold() for region in book.regions}


def edition_problems(books: Sequence[PriceBook]) -> Problems:
    """Two books of one code, or two editions that come into force in one region on one day."""
    found = Problems()
    for number, book in enumerate(books):
        for other in books[:number]:
            same_code = book.edition.code.casefold() == other.edition.code.casefold()
            regions = {r.casefold() for r in book.regions} & {r.casefold() for r in other.regions}
            placed = book.placed and other.placed
            if same_code or (placed and regions and book.edition.effective == other.edition.effective):
                found.add(
                    "editions-collide",
                    book.place,
                    book=book.edition.code,
                    other=other.edition.code,
                    other_file=other.edition.file,
                    effective=str(book.edition.effective),
                )
    return found


def _is_paid_plan(subscription: Subscription, book: PriceBook) -> bool:
    items = find_items(book, subscription.item, subscription.option)
    return any(isinstance(item, Plan) and item.role == "fee" and not _is_free(item) for item in items)


def _is_free(item: Item) -> bool:
    price = item.parameters.get("price")
    return price is not None and price.value == 0


def _find(subscription: Subscription, book: PriceBook, found: Problems) -> Item | Pack | None:
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


def _quantity_problems(order: Subscription, item: Item | Pack, book: PriceBook) -> Iterator[Problem]:
    """A part of a plan or of a pack is an error; several of a plan that has quotas are told: the quotas count once."""
    facts: dict[str, Fact] = {"app": order.app, "item": item.code, "found": plain(order.quantity)}
    if isinstance(item, Plan | Pack) and order.quantity % 1:
        yield problem("quantity-not-whole", order.quantity_place, None, **facts)
    elif isinstance(item, Plan) and order.quantity > 1:
        tiers = (tier for price in charges_for(book, item.product, item).values() for tier in price)
        quotas = [tier.name for tier in tiers if _includes_something(tier)]
        if quotas:
            yield problem("quotas-count-once", order.quantity_place, None, quota=quotas[0], **facts)


def _includes_something(charge: Charge) -> bool:
    included = charge.parameters.get("included")
    return included is not None and included.value != 0


def needed_plan(scene: Scene, product: str, day: date) -> Plan | None:
    """The plan that makes a product available on a day, among the products that its needs name."""
    needs = scene.book.products[product].needs
    products = {need.partition(".")[0].casefold() for need in needs}
    return next((plan for plan in scene.plans_on(day) if plan.product.casefold() in products), None)
