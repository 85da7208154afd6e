"""What is charged together: an app, the apps that pool their usage, or all that a customer has; and what that gives."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from xlbill.balances import Balance, BalanceKey
from xlbill.book.objects import Charge, PriceBook
from xlbill.language import Label
from xlbill.periods import Month
from xlbill.problems import Problems
from xlbill.rating.app_month import AppMonth
from xlbill.rating.bill import Line, MeterUsage
from xlbill.rating.metering import Measured, measure
from xlbill.rating.packs import Holding
from xlbill.rating.price_spans import PriceSpan, spans_of
from xlbill.rating.rollovers import Allowances
from xlbill.rating.usage_figures import UsageFigures
from xlbill.rating.years import YearCount


@dataclass(slots=True)
class Rated:
    """What rating the usage of an app (or of a customer's apps together) has given so far."""

    lines: list[Line] = field(default_factory=list)
    usage: list[MeterUsage] = field(default_factory=list)
    remarks: list[Label] = field(default_factory=list)
    carried: list[Balance] = field(default_factory=list)
    apart: Mapping[str, frozenset[str]] = field(default_factory=dict)  # by item, what its sums leave out
    years: dict[str, YearCount] = field(default_factory=dict)  # by item, what is counted over a year
    allowances: dict[str, Allowances] = field(default_factory=dict)  # by item, what rolls over


Gathers: TypeAlias = Literal["app", "pool", "customer"]
"""What a group is charged for: its own usage, meters that are pooled, or all that the customer's apps came to."""


@dataclass(frozen=True, slots=True)
class UsageGroup:
    """The apps that are charged together: one app, or all of a customer's for what is pooled or the customer's own."""

    app: str  # "" for the customer
    app_months: tuple[AppMonth, ...]
    holdings: tuple[Holding, ...]
    balances: Mapping[BalanceKey, Balance]
    gathers: Gathers = "app"
    others: tuple[AppMonth, ...] = ()  # apps under other books, whose lines its price cells may name as well

    @property
    def book(self) -> PriceBook:
        """The price book of all of them."""
        return self.app_months[0].book

    @property
    def month(self) -> Month:
        """The month that is rated."""
        return self.app_months[0].month

    def figures(self, charges: Iterable[Charge]) -> UsageFigures:
        """The figures of its usage, for all of some charges."""
        return UsageFigures(self.book.meters, [s for app_month in self.app_months for s in app_month.series], charges)

    def measured(self, charge: Charge, figures: UsageFigures, found: Problems) -> Measured | None:
        """The usage of a charge's meter and dimension, None where there is none."""
        if charge.meter is None:
            return None
        series = [
            s
            for app_month in self.app_months
            for s in app_month.series
            if s.meter == charge.meter.code and charge.dimension in (None, s.dimension)
        ]
        return measure(charge.meter, series, figures, found) if series else None

    def spans(self, product: str) -> tuple[PriceSpan, ...]:
        """The spans of a product's items, by the plans of the apps that subscribed.

        Where none did, quota and price are given once, and the product is sold on the days on which any app has a plan
        that it needs.
        """
        if payers := tuple(app_month for app_month in self.app_months if app_month.subscribed(product)):
            return spans_of(payers, product)
        return spans_of(self.app_months[:1], product, self.app_months)
