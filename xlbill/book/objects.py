"""The price book as objects: small frozen values that know the cell they were read from.

What every customer's bill asks of a row or a book is found out when it is first asked, and kept with it.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, TypeAlias

from xlbill.book.bands import Schedule
from xlbill.book.by_date import DatedRate
from xlbill.book.edition import Edition as Edition
from xlbill.book.pricing import NO_MODEL as NO_MODEL
from xlbill.book.pricing import Model as Model
from xlbill.book.pricing import Offer as Offer
from xlbill.book.pricing import Parameter as Parameter
from xlbill.book.scope import Scope, in_both, scope_of
from xlbill.book.worked_bills import Case
from xlbill.cells import NOWHERE, Place
from xlbill.formula import names
from xlbill.language import Label, folded
from xlbill.money import Currency

Pay: TypeAlias = Literal["prepaid", "postpaid"]
YearKind: TypeAlias = Literal["calendar", "subscription"]
TermKind: TypeAlias = Literal["anniversary", "calendar", "billing day", "weekly", "once"]
"""How terms run: `term_months` months from the day of the order, from the 1st or from the billing day; a week; once."""

ChargedBy: TypeAlias = Literal["app", "customer"]
"""Whose line a usage price makes: one of each app, or one of the customer as a whole."""

EarlyEnd: TypeAlias = Literal["run out", "refund", "days used"]
"""What an end within a term does: it runs out, or it ends and the rest is refunded, or only the days are billed."""

RefundUse: TypeAlias = Literal["reduce", "carry"]
"""What money that comes back does: it reduces the amount due of its bill, or is carried to the next one."""


@dataclass(frozen=True, slots=True)
class Product:
    """What is sold: a service with its plans or charges, a group on the invoice."""

    code: str
    name: Label
    group: Label
    needs: tuple[str, ...]  # plans (product.plan), one of which must be active to pay for this product
    cancelled_on_change: bool  # whether its subscriptions end, with a refund, when the needed plan changes
    place: Place
    needs_place: Place
    tax_class: str | None = None
    tax_place: Place = NOWHERE

    @property
    def words(self) -> tuple[str, ...]:
        """What names it in a contract."""
        return (self.code, *in_both(self.name))


@dataclass(frozen=True)
class Item:
    """What can be subscribed to with a term: a plan of a product, or an option of an extension."""

    product: Product
    code: str  # im.pro, storage.180
    names: tuple[str, ...]  # everything that names it in a subscription, an example or a contract
    name: Label
    model: Model
    pay: Pay
    term: TermKind
    term_months: int
    refund: Model | None
    parameters: Mapping[str, Parameter]
    list_price: Parameter | None
    place: Place
    first_by_days: bool = False  # a calendar term that begins within its month is charged by days
    early_end: EarlyEnd = "run out"

    @property
    def by_days(self) -> bool:
        """Whether its model charges by days, by their number or by the first and the last."""
        return not {"days", "of_days", "start", "end"}.isdisjoint(self.model.inputs)

    @property
    def free(self) -> bool:
        """Whether its row says that it costs nothing."""
        price = self.parameters.get("price")
        return price is not None and price.value == 0

    @cached_property
    def scope(self) -> Scope:
        """What a contract may name to reach it."""
        return scope_of(self.names, self.product.words)


@dataclass(frozen=True)
class Plan(Item):
    """A plan of a product: one at a time is active."""

    plan: str = ""
    role: Literal["fee", "minimum", "commitment"] = "fee"
    default: bool = False

    @cached_property
    def scope(self) -> Scope:
        """What a contract may name to reach it; the plan is an option of its product."""
        return scope_of(self.names, self.product.words, options=(self.plan, *self.names))


@dataclass(frozen=True)
class Extension(Item):
    """An option of an extension, with a price for each plan (product.plan) that offers it."""

    extension: str = ""
    option: str = ""
    options: tuple[str, ...] = ()  # everything that names the option
    stackable: bool = False
    prices: Mapping[str, Parameter | Offer] = field(default_factory=dict)

    @cached_property
    def scope(self) -> Scope:
        """What a contract may name to reach it."""
        return scope_of(self.names, self.product.words, options=self.options)


@dataclass(frozen=True, slots=True)
class Dimension:
    """A value of a meter's dimension: what a unit of it counts, and the medium under which a trial gives it away."""

    code: str
    name: Label
    medium: str | None
    coefficient: Decimal
    place: Place


@dataclass(frozen=True, slots=True)
class Meter:
    """A measured thing, and how a month of it is summed up."""

    code: str
    name: Label
    unit: Label | None
    month: str  # a method of xlbill/methods.py
    source_unit: Label | None
    per_unit: Decimal  # source units in one unit
    rounding: Literal["none", "up", "half up", "down"]
    pooled: bool  # over all apps of a customer
    daily: bool
    whole: bool
    request_limit: Decimal | None
    dimensions: Mapping[str, Dimension]
    place: Place
    default_unit: Literal["unit", "source"] | None = None  # of figures that come without one
    by_day: str = "sum"  # how the times of a day come to its figure: a method, or EACH
    settings: Mapping[str, Parameter] = field(default_factory=dict)  # what its method takes besides: nth, percentile
    sample_minutes: int | None = None  # between the figures that are expected
    bands: Schedule | None = None  # by which the time of a figure decides on its dimension
    record: Model | None = None  # applied to each row of usage by itself
    record_parameters: Mapping[str, Parameter] = field(default_factory=dict)
    taken_from: str | None = None  # the meter whose usage it measures once more; None: it has usage of its own
    unit_taken: tuple[Label, Decimal] | None = None  # a unit of that one alone, and its source units in one

    @property
    def given_as(self) -> str:
        """The meter under which its usage is given."""
        return self.taken_from or self.code


@dataclass(frozen=True)
class Pack:
    """A prepaid quantity of a meter, or money or credits for several, drawn after the plan's quota.

    It can be drawn until the end of a month, or until the day on which it is void.
    """

    product: Product
    code: str
    names: tuple[str, ...]
    name: Label
    meters: tuple[Meter, ...]
    quantity: Decimal
    unit: Label | None  # of the quantity
    months: int
    model: Model
    draw: Model
    parameters: Mapping[str, Parameter]
    list_price: Parameter | None
    place: Place
    turn: Decimal | None = None  # when packs are drawn, lower ones first; None: after all others
    refund: Model | None = None  # of what is left when it is void

    @cached_property
    def scope(self) -> Scope:
        """What a contract may name to reach it."""
        return scope_of(self.names, self.product.words)


@dataclass(frozen=True, slots=True)
class Rollover:
    """For how many months more what is left of an included quantity can be used, and by which model it is drawn."""

    months: int
    model: Model
    place: Place


@dataclass(frozen=True)
class Charge:
    """A usage price, or one tier of it: what a model takes besides the measured quantity."""

    product: Product
    plans: tuple[str, ...]  # plan codes of the product; () for all of them
    item: str  # the meter, meter:dimension or a code of its own; tiers of one price share it
    name: Label
    meter: Meter | None
    dimension: str | None  # a code of the meter's dimensions; None: all of them together
    model: Model
    prorate: Model | None
    pay: Pay
    sold: bool  # False: over the included quantity is a warning, never a charge
    parameters: Mapping[str, Parameter]
    place: Place
    plans_place: Place
    year: YearKind | None = None  # over which year its model's so_far counts; None: it counts by the month
    printed: Literal["yes", "no", "reached"] | None = None  # None: as the book's setting has it
    bounds: Mapping[str, Place] = field(default_factory=dict)  # those that its row gives, taken by the model or not
    draw_price: Parameter | None = None  # what a unit takes of a pack of money or credits
    charged_by: ChargedBy = "app"
    rollover: Rollover | None = None  # None: what is left of the included quantity is gone at the month's end
    agreed: str | None = None  # the contract's number, where the row is of a contract's own
    listed: Parameter | None = None  # the price of the price list, where a contract's own row stands in its place

    @property
    def of_customer(self) -> bool:
        """Whether it is charged once for all that a customer's apps came to."""
        return self.charged_by == "customer"

    @cached_property
    def scope(self) -> Scope:
        """What a contract may name to reach it: the row itself, its meter, its product; a dimension as an option."""
        meter = self.meter
        of_meter = (meter.code, *in_both(meter.name)) if meter else ()
        dimension = meter.dimensions.get(self.dimension) if meter and self.dimension else None
        options = (dimension.code, *in_both(dimension.name)) if dimension else ()
        scope = scope_of((self.item, *in_both(self.name)), of_meter, self.product.words, options=options)
        return replace(scope, of_customer=self.of_customer)

    @cached_property
    def references(self) -> frozenset[str]:
        """The words by which its price cells refer to other lines; a subtotal that is not given is its product's."""
        formulas = (parameter.formula for parameter in self.parameters.values() if parameter.formula is not None)
        used = {name.rpartition(".")[0].casefold() for formula in formulas for name in names(formula)}
        if "subtotal" in self.model.inputs and "subtotal" not in self.parameters and not self.of_customer:
            used.add(self.product.code.casefold())
        return frozenset(used)

    @cached_property
    def signature(self) -> tuple[object, ...]:
        """What makes two plans' prices of an item alike: everything but what they include."""
        figures = tuple((name, p.value, p.formula) for name, p in self.parameters.items() if name != "included")
        draw = (self.draw_price.value, self.draw_price.formula) if self.draw_price is not None else None
        rolls = (self.rollover.months, self.rollover.model.code) if self.rollover is not None else None
        of = (self.model.code, self.meter.code if self.meter else "", self.dimension, self.pay)
        return (*of, figures, draw, rolls, self.year)


@dataclass(frozen=True, slots=True)
class Trial:
    """A quota that is free in the first days of a product, for each dimension of a medium (or for a meter)."""

    product: Product
    days: int
    of: str
    quota: Decimal
    model: Model
    place: Place


@dataclass(frozen=True, slots=True)
class TaxRule:
    """How what some customers pay for some products is taxed, from a day on; None: all of them, from ever."""

    customers: str | None
    products: str | None
    name: Label
    rate: Parameter
    model: Model
    since: date | None
    note: Label
    place: Place
    customers_place: Place = NOWHERE
    products_place: Place = NOWHERE


@dataclass(frozen=True)
class PriceBook:
    """One edition of a price list."""

    edition: Edition
    currency: Currency
    tax_rate: Parameter
    tax_model: Model
    discount_model: Model | None
    regions: tuple[str, ...]
    applies: Literal["new", "all"]
    models: Mapping[str, Model]
    products: Mapping[str, Product]
    plans: tuple[Plan, ...]
    extensions: tuple[Extension, ...]
    packs: tuple[Pack, ...]
    meters: Mapping[str, Meter]
    charges: tuple[Charge, ...]
    trials: tuple[Trial, ...]
    cases: tuple[Case, ...]
    rates: tuple[DatedRate, ...] = ()
    taxes: tuple[TaxRule, ...] = ()
    tax_by_line: bool = False
    place: Place = NOWHERE
    refunds: RefundUse = "reduce"
    first_to_expire: bool = False  # of packs with one draw order that one is drawn first, else the oldest
    prints_unreached: bool = True  # whether a tier that was not reached is a line all the same
    placed: bool = True  # its region and its date are known
    sound: bool = True  # without errors; one that is not keeps its place among the editions, but prices nothing

    @property
    def items(self) -> tuple[Item | Pack, ...]:
        """Everything that can be ordered."""
        return (*self.plans, *self.extensions, *self.packs)

    @cached_property
    def inputs(self) -> frozenset[str]:
        """Every quantity that one of its models takes."""
        return frozenset(name for model in self.models.values() for name in model.inputs)

    @cached_property
    def known(self) -> dict[Hashable, Any]:
        """What bills found out of its prices alone, for those that ask the same."""
        return {}

    @cached_property
    def takers(self) -> Mapping[str, tuple[Meter, ...]]:
        """For each meter those that measure its usage once more."""
        taken = [meter for meter in self.meters.values() if meter.taken_from is not None]
        return {of: tuple(m for m in taken if m.given_as == of) for of in {m.given_as for m in taken}}

    @cached_property
    def default_plans(self) -> Mapping[str, Plan]:
        """The plan of each product that holds where none is subscribed to."""
        return {plan.product.code: plan for plan in reversed(self.plans) if plan.default}

    @cached_property
    def with_plans(self) -> frozenset[str]:
        """The products that are sold in plans."""
        return frozenset(plan.product.code for plan in self.plans)

    @cached_property
    def orders(self) -> Mapping[tuple[str, str | None], tuple[Item | Pack, ...]]:
        """What each word of an order means, with its option or without; see `lookup.find_items`."""
        found: dict[tuple[str, str | None], list[Item | Pack]] = {}
        for plan in self.plans:
            for word in folded(plan.names):
                found.setdefault((word, None), []).append(plan)
            for word in folded(plan.product.words):
                for option in folded(plan.names):
                    found.setdefault((word, option), []).append(plan)
        for extension in self.extensions:
            words = folded(extension.names)
            for word in folded((extension.code,)) | (frozenset() if extension.option else words):
                found.setdefault((word, None), []).append(extension)
            for word in words:
                for option in folded(extension.options):
                    found.setdefault((word, option), []).append(extension)
        for pack in self.packs:
            for word in folded(pack.names):
                found.setdefault((word, None), []).append(pack)
        return {words: tuple(those) for words, those in found.items()}

    @cached_property
    def prices(self) -> Mapping[tuple[str, str | None], Mapping[str, tuple[Charge, ...]]]:
        """The usage prices of each product under each of its plans (by code) and without one; see `charges_for`."""
        plans: tuple[Plan | None, ...] = (None, *self.plans)
        products = dict.fromkeys(charge.product.code for charge in self.charges)
        return {
            (product, plan.code if plan is not None else None): self._under(product, plan)
            for plan in plans
            for product in products
            if plan is None or plan.product.code == product
        }

    def _under(self, product: str, plan: Plan | None) -> dict[str, tuple[Charge, ...]]:
        found: dict[str, list[Charge]] = {}
        words = folded(plan.names) if plan is not None else frozenset()
        for charge in self.charges:
            own = not charge.plans or not words.isdisjoint(word.strip().casefold() for word in charge.plans)
            if charge.product.code == product and own:
                found.setdefault(charge.item, []).append(charge)
        return {item: tuple(charges) for item, charges in found.items()}
