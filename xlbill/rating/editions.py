"""Which edition of a price list an app belongs to."""

from collections.abc import Sequence

from xlbill.account_contracts import Contract
from xlbill.accounts import App, Subscription
from xlbill.book.lookup import find_items
from xlbill.book.objects import Plan, PriceBook
from xlbill.periods import Month
from xlbill.problems import Problems
from xlbill.rating.contracts import contract_book
from xlbill.sheets import nearest


def choose_book(
    app: App,
    subscriptions: Sequence[Subscription],
    contracts: Sequence[Contract],
    books: Sequence[PriceBook],
    month: Month,
    found: Problems,
) -> PriceBook | None:
    """The edition that an app belongs to: named by a contract or its row, else by its first plan.

    Its region's newest edition that was in force when it first subscribed to a paid plan, or one for everybody that
    has come into force since. An app that never paid takes the newest (docs/decisions.md, editions).
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
    return any(isinstance(item, Plan) and item.role == "fee" and not item.free for item in items)
