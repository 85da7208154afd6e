"""Fees: the terms that begin in a month, the packs bought in it, and the refunds of what was cut short in it."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from xlbill.accounts import App, Subscription
from xlbill.book.objects import Extension, Item, Offer, Parameter, Plan, PriceBook
from xlbill.language import Label
from xlbill.periods import Month, Period
from xlbill.problems import Problems
from xlbill.rating.bill import Line
from xlbill.rating.contracts import Scope, agreement, label_words
from xlbill.rating.figures import Figure, computed, given, our
from xlbill.rating.lines import Terms, finished, priced
from xlbill.rating.scene import Purchase, Scene, needed_plan
from xlbill.rating.terms import Term

DAYS = our("=end-start")
DAYS_LEFT = our("=end-changed")
DAYS_OF_MONTH = our("=DAY(EOMONTH(start,0))")


Earlier: TypeAlias = Callable[[App, Month], Scene | None]
"""An app as it stood in an earlier month, under the prices of then."""


def fee_lines(scene: Scene, earlier: Earlier, found: Problems) -> tuple[list[Line], list[Label]]:
    """The lines of an app's plans, extensions and packs, and remarks on what its plan includes."""
    lines: list[Line] = []
    remarks: list[Label] = []
    for term in scene.terms:
        if isinstance(term.item, Plan) and term.item.role == "minimum":
            continue
        if term.period.start in scene.month.period:
            if _lapsed(scene, term):
                facts = {"app": scene.app.code, "item": term.item.code, "day": str(term.period.start)}
                found.add("order-lapsed", term.order.subscription.place, None, **facts)
                continue
            if _offer(scene, term) is Offer.INCLUDED:
                remarks.append(_included_remark(scene, term))
                continue
            lines += _some(_fee(scene, term, found))
        if term.closed is not None and term.closed in scene.month.period:
            lines += _some(_refund(scene, term, earlier, found))
    for purchase in scene.purchases:
        if purchase.subscription.start in scene.month.period:
            lines += _some(_pack(scene, purchase, found))
    return lines, remarks


def _lapsed(scene: Scene, term: Term) -> bool:
    """Whether an order is not renewed, as the plan that it needs has ended; its first term needs the plan, an error."""
    renewed = term.period.start > term.order.start
    return renewed and not scene.allowed(term.item.product, term.period.start)


def _fee(scene: Scene, term: Term, found: Problems) -> Line | None:
    """The fee of one term: what its plan or option costs on the day it begins."""
    item, place = term.item, term.order.subscription.place
    parameters = _parameters(scene, term, found)
    if parameters is None:
        return None
    price = parameters.get("price")
    free = price is not None and price.value == 0
    if not free and not scene.allowed(item.product, term.period.start):
        needs = ", ".join(scene.book.products[item.product].needs)
        plans = ", ".join(plan.code for plan in scene.plans_on(term.period.start)) or "—"
        found.add("needs-plan", place, app=scene.app.code, item=item.code, needs=needs, found=plans)
        return None
    agreed = agreement(scene.contracts, scene.app, _scope(item, scene.book), term.period.start, found)
    terms = priced(parameters, agreed, scene.book)
    model = scene.book.models[item.model]
    days, of_days = _days(scene, term)
    figures = {**terms.figures, "quantity": _ordered(term.order.subscription)}
    if {"days", "of_days"} & set(model.inputs):
        figures |= {"days": days, "of_days": of_days}
    list_price = _list_price(terms, item.list_price)
    return finished(_line(scene, term, figures, terms, list_price), model, scene.book, found, place)


def _refund(scene: Scene, term: Term, earlier: Earlier, found: Problems) -> Line | None:
    """The unused days of a term that something ended early: days left over its days, of what was billed for it.

    A term of an earlier month was billed by the prices of then, which may be those of another edition.
    """
    place, closed = term.order.subscription.place, term.closed
    assert closed is not None
    if term.period.start not in scene.month.period:
        then = _as_billed(term, earlier(scene.app, Month.of(term.period.start)))
        if then is None:
            facts = {"app": scene.app.code, "item": term.item.code, "since": str(term.period.start)}
            found.add("refund-without-prices", place, None, **facts)
            return None
        scene, term = then
    item = term.item
    if item.refund is None or _offer(scene, term) is Offer.INCLUDED:
        return None
    billed = _fee(scene, term, found)
    if billed is None or billed.amount.number <= 0:
        return None
    start, end = given("start", term.period.start, place), given("end", term.period.end, place)
    changed = given("changed", closed, place)
    figures = {
        "price": given("price", billed.amount.value, place),
        "days": computed("days", DAYS_LEFT, {"end": end, "changed": changed}),
        "of_days": computed("of_days", DAYS, {"end": end, "start": start}),
    }
    left, of = figures["days"].number, figures["of_days"].number
    line = Line(
        kind="refund",
        app=scene.app.code,
        product=item.product,
        group=scene.book.products[item.product].group,
        item=item.code,
        title=Label(f"退款：{item.name.text('zh')}", f"Refund: {item.name.text('en')}"),
        model=item.refund,
        pay=item.pay,
        figures=figures,
        period=Period(closed, term.period.end),
        edition=scene.book.edition.code,
        remark=Label(f"剩余 {left} 天 / 共 {of} 天", f"{left} of {of} days left"),
    )
    return finished(line, scene.book.models[item.refund], scene.book, found, place)


def _as_billed(term: Term, then: Scene | None) -> tuple[Scene, Term] | None:
    """The same term among those of the month in which it began."""
    if then is None:
        return None
    same = (t for t in then.terms if (t.order.subscription, t.period) == (term.order.subscription, term.period))
    return next(((then, t) for t in same), None)


def _pack(scene: Scene, purchase: Purchase, found: Problems) -> Line | None:
    """A pack, paid when it is bought."""
    pack, subscription = purchase.pack, purchase.subscription
    if not scene.allowed(pack.product, subscription.start):
        needs = ", ".join(scene.book.products[pack.product].needs)
        plans = ", ".join(plan.code for plan in scene.plans_on(subscription.start)) or "—"
        found.add("needs-plan", subscription.place, app=scene.app.code, item=pack.code, needs=needs, found=plans)
        return None
    scope = Scope((pack.names, (pack.product, *label_words(scene.book.products[pack.product].name))))
    agreed = agreement(scene.contracts, scene.app, scope, subscription.start, found)
    terms = priced(pack.parameters, agreed, scene.book)
    figures = {**terms.figures, "quantity": _ordered(subscription)}
    line = Line(
        kind="pack",
        app=scene.app.code,
        product=pack.product,
        group=scene.book.products[pack.product].group,
        item=pack.code,
        title=pack.name,
        model=pack.model,
        pay="prepaid",
        figures=figures,
        unit=Label("个", "pack"),
        period=pack_validity(purchase),
        edition=scene.book.edition.code,
        list_price=_list_price(terms, pack.list_price),
        contract=terms.contract,
    )
    return finished(line, scene.book.models[pack.model], scene.book, found, subscription.place)


def pack_validity(purchase: Purchase) -> Period:
    """From the 1st of the month of purchase to the end of the month so many months later (DESIGN, decision 6)."""
    bought = Month.of(purchase.subscription.start)
    return Period(bought.start, bought.plus(purchase.pack.months + 1).start)


def _parameters(scene: Scene, term: Term, found: Problems) -> dict[str, Parameter] | None:
    """The price row of a term; an extension's price is that of the plan on the day it begins."""
    item = term.item
    if not isinstance(item, Extension):
        return dict(item.parameters)
    offer = _offer(scene, term)
    if isinstance(offer, Parameter):
        return {**item.parameters, "price": offer}
    plan = needed_plan(scene, item.product, term.period.start)
    code = "not-offered" if plan is not None and plan.code in item.prices else "needs-plan"
    needs = ", ".join(scene.book.products[item.product].needs)
    found.add(
        code,
        term.order.subscription.place,
        app=scene.app.code,
        item=item.code,
        needs=needs,
        found=plan.code if plan else "—",
    )
    return None


def _offer(scene: Scene, term: Term) -> Parameter | Offer | None:
    """What an extension costs under the plan of the day on which the term begins."""
    if not isinstance(term.item, Extension):
        return None
    plans = {plan.code for plan in scene.plans_on(term.period.start)}
    return next((offer for plan, offer in term.item.prices.items() if plan in plans), None)


def _days(scene: Scene, term: Term) -> tuple[Figure, Figure]:
    """The days that are paid for and the days of the whole term: less than all only in a first month by days."""
    item, place = term.item, term.order.subscription.place
    start, end = given("start", term.period.start, place), given("end", term.period.end, place)
    days = computed("days", DAYS, {"start": start, "end": end})
    if item.term != "calendar":
        return days, computed("of_days", DAYS, {"start": start, "end": end})
    of_days = computed("of_days", DAYS_OF_MONTH, {"start": start})
    by_days = isinstance(item, Plan) and item.first_by_days
    return (days, of_days) if by_days else (of_days, of_days)


def _line(scene: Scene, term: Term, figures: dict[str, Figure], terms: Terms, list_price: Figure | None) -> Line:
    item = term.item
    product = scene.book.products[item.product]
    partial = "days" in figures and figures["days"].value != figures["of_days"].value
    remark = None
    if partial:
        days, of = figures["days"].number, figures["of_days"].number
        remark = Label(f"{days} 天 / 共 {of} 天", f"{days} of {of} days")
    return Line(
        kind="fee",
        app=scene.app.code,
        product=item.product,
        group=product.group,
        item=item.code,
        title=item.name,
        model=item.model,
        pay=item.pay,
        figures=figures,
        period=term.period,
        edition=scene.book.edition.code,
        list_price=list_price,
        contract=terms.contract,
        remark=remark,
    )


def _scope(item: Item, book: PriceBook) -> Scope:
    product = book.products[item.product]
    options = item.options if isinstance(item, Extension) else ()
    return Scope((item.names, (product.code, *label_words(product.name))), options)


def _list_price(terms: Terms, listed: Parameter | None) -> Figure | None:
    """What is struck through beside the price: the list's under a contract, else the row's own list price."""
    if terms.list_price is not None or listed is None or listed.value is None:
        return terms.list_price
    return given("list_price", listed.value, listed.place)


def _included_remark(scene: Scene, term: Term) -> Label:
    plan = needed_plan(scene, term.item.product, term.period.start)
    name, of = term.item.name, plan.name if plan else Label("", "")
    app = scene.app.code
    return Label(
        f"{app}：{name.text('zh')}已包含在{of.text('zh')}中", f"{app}: {name.text('en')} is included in {of.text('en')}"
    )


def _some(line: Line | None) -> Iterator[Line]:
    if line is not None:
        yield line


def _ordered(subscription: Subscription) -> Figure:
    return given("quantity", subscription.quantity, subscription.quantity_place)
