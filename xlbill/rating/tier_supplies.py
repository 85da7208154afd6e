"""What the rating knows for one tier of a usage price: its usage, its quotas, its packs, the lines before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xlbill.periods import Period
from xlbill.problems import Problems
from xlbill.rating.bill import Line
from xlbill.rating.contracts import UNTOUCHED, agreement
from xlbill.rating.day_values import with_rates
from xlbill.rating.fees import days_of_month
from xlbill.rating.figures import Figure, given, total
from xlbill.rating.metering import Measured, within
from xlbill.rating.named_lines import amounts, lookup_in
from xlbill.rating.packs import Drawing, draw
from xlbill.rating.price import Supplies
from xlbill.rating.price_spans import PriceSpan
from xlbill.rating.quotas import plan_quotas, together, trial_quotas
from xlbill.rating.results import NameLookup, parameter_figure
from xlbill.rating.rollovers import Allowances
from xlbill.rating.usage_groups import Rated, UsageGroup


@dataclass(frozen=True, slots=True)
class TierSupplies:
    """One tier of a span while its line is made."""

    group: UsageGroup
    span: PriceSpan
    number: int
    measured: Measured | None
    quantity: Figure | None
    made: Sequence[Line]
    rated: Rated
    found: Problems

    def supplies(self) -> Supplies:
        """All of it, as its line asks for it."""
        counted = {"days", "of_days"} & set(self.span.tiers[self.number].model.inputs)
        days, of_days = days_of_month(self.span.periods) if counted else (None, None)
        return Supplies(
            quantity=self.quantity,
            included=self.included,
            drawn=self.drawn,
            days=days,
            of_days=of_days,
            subtotal=self.subtotal,
            look_up=self.look_up,
            so_far=self.rated.years[self.span.item].so_far if self.span.item in self.rated.years else None,
        )

    @property
    def look_up(self) -> NameLookup:
        """What names in its price cells stand for."""
        named = (*self.group.app_months, *self.group.others)
        return lookup_in(self.counted, named, of_customer=self.group.gathers == "customer")

    def subtotal(self) -> Figure:
        """What its product's usage came to; of a customer's own charge what all of the apps did."""
        if self.group.gathers == "customer":
            return total("subtotal", tuple(line.amount for line in self.made if line.kind != "customer"))
        return total("subtotal", amounts(self.counted, self.span.tiers[self.number].product.code))

    @property
    def counted(self) -> list[Line]:
        """The lines before it but those that are sums over it."""
        left_out = self.rated.apart.get(self.span.item, frozenset())
        return [line for line in self.made if line.item not in left_out]

    def included(self, agreed: Figure | None) -> Figure | None:
        """The quotas of plans and trials, a contract's in place of the plans' own."""
        look_up = with_rates(self.look_up, self.group.book, self.group.month.period.last)
        quotas = plan_quotas(self.span, self.number, self.measured, agreed, look_up, self.found)
        free: list[Figure] = []
        if self.measured is not None:
            gifts = trial_quotas(self.span, self.number, self.measured, self.group.balances, self.found)
            free = [gift for gift, _ in gifts]
            self.rated.carried += [balance for _, balance in gifts]
        if self.allowances is not None and self.quantity is not None:
            self.allowances.use(self.span, self.quantity, together(quotas), free, self.found)
        return together([*quotas, *free])

    def grant(self) -> None:
        """Include what rolls over in a month in which nothing was used, too, in which it has no line."""
        tier, here, on = self.span.tiers[self.number], self.span.parts[-1].app_month, self.group.month.period.last
        agreed = UNTOUCHED
        if tier.agreed is None:
            agreed = agreement(here.contracts, here.app, tier.scope, ("included",), on, self.found)
        quota = agreed.parameters.get("included")
        self.included(given("included", *quota) if quota is not None else None)

    def drawn(self, included: Figure | None) -> Figure | None:
        """What earlier months left, and what packs cover of the usage that is not included."""
        tier = self.span.tiers[self.number]
        if self.quantity is None or tier.meter is None:
            return None
        rolled = self.allowances.taken.get(self.span.periods, ()) if self.allowances is not None else ()
        names = with_rates(self.look_up, self.group.book, self.group.month.period.last)
        price = parameter_figure("draw_price", tier.draw_price, names) if tier.draw_price is not None else None
        drawn = draw(self.group.holdings, Drawing(tier.meter, self.used, included, price, rolled), self.found)
        return (drawn[0] if len(drawn) == 1 else total("drawn", drawn)) if drawn else None

    @property
    def allowances(self) -> Allowances | None:
        """What rolls over of its item, where its price says so."""
        return self.rated.allowances.get(self.span.item) if self.span.tiers[0].rollover is not None else None

    def used(self, before: date | None) -> Figure | None:
        """The usage of the days before one, or all of it."""
        if before is None or self.measured is None:
            return self.quantity
        if self.measured.has_month_figures():
            self.found.add("needs-daily-usage", self.measured.place, app=self.group.app, item=self.span.item)
            return None
        days = within(Period(p.start, min(p.end, before)) for p in self.span.periods if p.start < before)
        return self.measured.quantity("quantity", days)
