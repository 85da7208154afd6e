"""How a price takes: the one way from a thing that is sold to its line on the bill.

A thing has a row of the price book: parameters and a model. What was agreed takes the place of parameters, suppliers
add what is known of the month, the model gives the amount. Every line of a bill is made here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from xlbill.accounts import Adjustment, Subscription
from xlbill.book.objects import Model, Parameter, Pay, PriceBook, Product
from xlbill.book.scope import Scope
from xlbill.cells import Place
from xlbill.language import Label
from xlbill.money import Currency, plain
from xlbill.periods import Month, Period
from xlbill.problems import Problems
from xlbill.rating.app_month import AppMonth
from xlbill.rating.bill import Line, LineKind
from xlbill.rating.contracts import UNTOUCHED, Agreement, agreement, minimum_agreement
from xlbill.rating.day_values import with_rates
from xlbill.rating.figures import Figure, given
from xlbill.rating.results import NameLookup, named_in_vain, parameter_figure, results


@dataclass(frozen=True, slots=True)
class Thing:
    """What a line is for: a term of a plan, a pack, a tier of a usage price, with what its row gives to its model.

    `scope` is how contracts reach it (None: they don't); problems of it are told at `place`.
    """

    kind: LineKind
    app: str  # "" for what belongs to the customer as a whole
    product: Product
    item: str
    title: Label
    model: Model
    pay: Pay
    parameters: Mapping[str, Parameter]
    scope: Scope | None
    place: Place
    row: Place  # of the price book
    list_price: Parameter | None = None
    unit: Label | None = None
    period: Period | None = None
    remark: Label | None = None
    reason: Label | None = None  # what ended its term early
    plan: Label | None = None
    contract: str = ""  # the number of a contract that brought its price row
    order: Subscription | None = None
    refund_of: Month | None = None  # the month on whose bill stands what it gives back

    @property
    def spoken(self) -> Label:
        """How a problem calls its line."""
        if not self.app:
            return Label(self.item, self.item)
        return Label(f"应用 {self.app} 的 {self.item}", f"{self.item} of app {self.app}")

    def takes(self, *names: str) -> bool:
        """Whether its model takes any of some quantities."""
        return any(name in self.model.inputs for name in names)


@dataclass(frozen=True, slots=True)
class Supplies:
    """What the rating knows for a line besides its price row; each is asked for once, in the order of SUPPLIERS.

    `included` turns a contract's quota (None: the list's own) into all that is included; `drawn` takes from packs what
    exceeds that.
    """

    quantity: Figure | None = None
    included: Callable[[Figure | None], Figure | None] | None = None
    drawn: Callable[[Figure | None], Figure | None] | None = None
    start: Figure | None = None
    end: Figure | None = None
    days: Figure | None = None
    of_days: Figure | None = None
    subtotal: Callable[[], Figure] | None = None
    so_far: Figure | None = None
    look_up: NameLookup = lambda name: None


@dataclass(slots=True)
class _Line:
    """A line while suppliers add to it. `quota` is what is included, whether its model takes it or not."""

    thing: Thing
    supplies: Supplies
    figures: dict[str, Figure]
    agreed: Agreement
    quota: Figure | None = None


def _quantity(line: _Line) -> Figure | None:
    return line.supplies.quantity


def _included(line: _Line) -> Figure | None:
    """The quota of plans and trials; without any supply, what the price row says."""
    if line.supplies.included is None:
        return line.figures.get("included")
    listed = line.figures.pop("included", None)
    line.quota = line.supplies.included(listed if "included" in line.agreed.parameters else None)
    return line.quota if line.thing.takes("included") else None


def _drawn(line: _Line) -> Figure | None:
    return line.supplies.drawn(line.quota) if line.supplies.drawn is not None else None


def _start(line: _Line) -> Figure | None:
    """The first day that the line is for."""
    period, place = line.thing.period, line.thing.place
    if period is None:
        return None
    return line.supplies.start or given("start", period.start, place)


def _end(line: _Line) -> Figure | None:
    """The last day that the line is for."""
    period, place = line.thing.period, line.thing.place
    if period is None:
        return None
    return line.supplies.end or given("end", period.last, place)


def _days(line: _Line) -> Figure | None:
    return line.supplies.days


def _of_days(line: _Line) -> Figure | None:
    return line.supplies.of_days


def _subtotal(line: _Line) -> Figure | None:
    """What the product came to so far, unless the price row says over what it is taken."""
    if line.supplies.subtotal is None or "subtotal" in line.figures:
        return None
    return line.supplies.subtotal()


def _so_far(line: _Line) -> Figure | None:
    return line.supplies.so_far


Supplier: TypeAlias = Callable[[_Line], Figure | None]

_DAYS = ("days", "of_days")
SUPPLIERS: tuple[tuple[str, Supplier, tuple[str, ...]], ...] = (
    ("quantity", _quantity, ()),  # first: all others are measured against it
    ("so_far", _so_far, ("so_far",)),  # what the quantity adds to
    ("included", _included, ()),  # before packs: a quota is free, what was bought lasts longer
    ("drawn", _drawn, ("drawn",)),  # what the quota leaves
    ("start", _start, ("start",)),
    ("end", _end, ("end",)),
    ("days", _days, _DAYS),
    ("of_days", _of_days, _DAYS),  # beside the days that it divides
    ("subtotal", _subtotal, ("subtotal",)),  # last: over the lines that were made before this one
)
"""Who supplies what, and of which models' inputs one must be there for it to be asked; () is asked for every line."""


@lru_cache
def _suppliers_for(inputs: tuple[str, ...]) -> tuple[tuple[str, Supplier], ...]:
    """Those that are asked for the lines of a model, by what it takes."""
    taken = set(inputs)
    return tuple((name, supply) for name, supply, of in SUPPLIERS if not of or not taken.isdisjoint(of))


@dataclass(frozen=True, slots=True)
class PriceFigures:
    """What a line is priced with: figures by name, the list's price where a contract changed it."""

    figures: dict[str, Figure] = field(default_factory=dict)
    list_price: Figure | None = None


def price(thing: Thing, app_month: AppMonth, on: date, supplies: Supplies, found: Problems) -> Line | None:
    """The line of a thing under the contracts that hold on a day; None, and problems, where it cannot be priced."""
    book, here = app_month.book, found.apart()
    agreed = UNTOUCHED
    if thing.scope is not None and thing.kind == "minimum":
        agreed = minimum_agreement(app_month.contracts, app_month.app, thing.scope, on, found)
    elif thing.scope is not None:
        agreed = agreement(app_month.contracts, app_month.app, thing.scope, thing.model.inputs, on, found)
    priced = _price_figures(thing, agreed, book, with_rates(supplies.look_up, book, on), here)
    line = _Line(thing, supplies, priced.figures, agreed)
    if thing.takes("price") and "price" not in line.figures:
        here.add("no-price", thing.place, app=thing.app, item=thing.item, row=str(thing.row))
    for name, supply in _suppliers_for(thing.model.inputs) if not here.errors else ():
        if (figure := supply(line)) is not None:
            line.figures.pop(name, None)
            line.figures[name] = figure
    computed = results(thing.model, line.figures, thing.place, thing.spoken, here) if not here.errors else None
    found += here
    if computed is None or not _is_money(computed["amount"], thing.model, book.currency, found):
        return None
    return Line(
        kind=thing.kind,
        app=thing.app,
        product=thing.product.code,
        group=thing.product.group,
        item=thing.item,
        title=thing.title,
        model=thing.model.code,
        pay=thing.pay,
        figures={**line.figures, **computed},
        unit=thing.unit,
        period=thing.period,
        edition=book.edition.code,
        list_price=priced.list_price or _listed(thing.list_price),
        contract=thing.contract or agreed.reference,
        contracts=agreed.chosen,
        remark=thing.remark,
        reason=thing.reason,
        plan=thing.plan,
        order=thing.order,
        refund_of=thing.refund_of,
    )


def _price_figures(
    thing: Thing, agreed: Agreement, book: PriceBook, look_up: NameLookup, found: Problems
) -> PriceFigures:
    """The figures of a price row, each replaced by what was agreed; a discount keeps the list's price beside it."""
    figures = {name: parameter_figure(name, parameter, look_up) for name, parameter in thing.parameters.items()}
    for name, parameter in thing.parameters.items():
        for vain in () if name in agreed.parameters else named_in_vain(name, parameter, look_up):
            found.add("price-of-nothing", parameter.place, item=thing.item, name=name, found=vain)
    listed = figures.get("price")
    for name, (value, place) in agreed.parameters.items():
        figures[name] = given(name, value, place)
    if listed is None or ("price" not in agreed.parameters and agreed.discount is None):
        return PriceFigures(figures)
    list_price = replace(listed, name="list_price")
    if "price" in agreed.parameters:
        return PriceFigures(figures, list_price)
    if agreed.discount is None or book.discount_model is None:
        return PriceFigures(figures)
    value, place = agreed.discount
    inputs = {"list_price": list_price, "discount": given("discount", value, place)}
    spoken = Label(f"{thing.spoken.zh} 的合同优惠", f"the contract's discount on {thing.spoken.en}")
    discounted = results(book.discount_model, inputs, place, spoken, found)
    return PriceFigures(figures | ({"price": discounted["price"]} if discounted else {}), list_price)


def _listed(parameter: Parameter | None) -> Figure | None:
    """What is struck through beside the price where no contract changed it: the row's own list price."""
    if parameter is None or parameter.value is None:
        return None
    return given("list_price", parameter.value, parameter.place)


def _is_money(amount: Figure, model: Model, currency: Currency, found: Problems) -> bool:
    """Whether an amount has the currency's decimals; one with more is a slip in the model."""
    exponent = amount.number.as_tuple().exponent
    assert isinstance(exponent, int)
    if exponent >= -currency.decimals or (Fraction(amount.number) * 10**currency.decimals).denominator == 1:
        return True
    shown, decimals = plain(amount.number), str(currency.decimals)
    found.add("amount-not-rounded", model.place, model=model.code, found=shown, decimals=decimals)
    return False


def adjustment_line(adjustment: Adjustment, currency: Currency, found: Problems) -> Line:
    """An amount that somebody decided; it is due now, and has no price."""
    if (Fraction(adjustment.amount) * 10**currency.decimals).denominator != 1:
        found.add(
            "adjustment-not-rounded",
            adjustment.place,
            customer=adjustment.customer,
            found=str(adjustment.amount),
            decimals=str(currency.decimals),
        )
    return Line(
        kind="adjustment",
        app=adjustment.app,
        product="",
        group=Label("调账", "Adjustments"),
        item="adjustment",
        title=adjustment.text,
        model="",
        pay="postpaid",
        figures={"amount": given("amount", adjustment.amount, adjustment.place)},
        period=adjustment.period,
    )
