"""Usage lines: what was measured, priced span by span, in the order in which the prices depend on each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from xlbill.balances import Balance, BalanceKey
from xlbill.book.objects import Charge, PriceBook, Product
from xlbill.language import Label
from xlbill.money import grouped, plain
from xlbill.periods import Month, Period
from xlbill.problems import Fact, Problems
from xlbill.rating.app_month import AppMonth
from xlbill.rating.bill import Line, MeterUsage
from xlbill.rating.day_values import with_rates
from xlbill.rating.fees import days_of_month
from xlbill.rating.figures import Figure, given, total
from xlbill.rating.metering import Measured, measure, within
from xlbill.rating.named_lines import amounts, lookup_in
from xlbill.rating.packs import Drawing, Holding, draw
from xlbill.rating.price import Supplies, Thing, price
from xlbill.rating.price_order import PricedItem, UsagePrices, prices_in_order
from xlbill.rating.price_spans import PriceSpan, spans_of
from xlbill.rating.printed import with_print
from xlbill.rating.quotas import plan_quotas, together, trial_quotas
from xlbill.rating.results import NameLookup, parameter_figure
from xlbill.rating.standing import owed_for_nothing, standing_prices
from xlbill.rating.unpriced import check_all_priced, check_daily_usage, check_levels, over_quota
from xlbill.rating.years import YearCount, year_of_charge


@dataclass(slots=True)
class Rated:
    """What rating the usage of an app (or of a customer's apps together) has given so far."""

    lines: list[Line] = field(default_factory=list)
    usage: list[MeterUsage] = field(default_factory=list)
    remarks: list[Label] = field(default_factory=list)
    carried: list[Balance] = field(default_factory=list)
    apart: Mapping[str, frozenset[str]] = field(default_factory=dict)  # by item, what its sums leave out
    years: dict[str, YearCount] = field(default_factory=dict)  # by item, what is counted over a year


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

    def measured(self, charge: Charge, found: Problems) -> Measured | None:
        """The usage of a charge's meter and dimension, None where there is none."""
        if charge.meter is None:
            return None
        series = [
            s
            for app_month in self.app_months
            for s in app_month.series
            if s.meter == charge.meter.code and charge.dimension in (None, s.dimension)
        ]
        return measure(charge.meter, series, found) if series else None

    def spans(self, product: str) -> tuple[PriceSpan, ...]:
        """The spans of a product's items, by the plans of the apps that subscribed.

        Where none did, quota and price are given once, and the product is sold on the days on which any app has a plan
        that it needs.
        """
        if payers := tuple(app_month for app_month in self.app_months if app_month.subscribed(product)):
            return spans_of(payers, product)
        return spans_of(self.app_months[:1], product, self.app_months)


def rate_usage(group: UsageGroup, fees: Sequence[Line], found: Problems) -> Rated:
    """All usage lines of a group, each after the lines that its prices refer to; fees can be referred to as well."""
    rated = Rated(list(fees))
    prices = standing_prices(group.app_months, group.gathers, lambda: _prices(group))
    if group.gathers != "customer":
        spans = [span for item in (*prices.ordered, *prices.circular) for span in item.spans]
        check_all_priced(group.app_months, spans, group.gathers == "pool", found)
    rated.apart = prices.apart
    for item in prices.circular[:1]:
        found.add("prices-circular", item.place, app=group.app, item=item.spans[0].item)
    for item in prices.ordered:
        _rate_item(group, item.product, item.spans, rated, found)
    rated.lines = rated.lines[len(fees) :]
    return rated


def _prices(group: UsageGroup) -> UsagePrices:
    """The usage prices of a group's month."""
    return prices_in_order(
        [
            PricedItem(product, spans)
            for product in group.book.products.values()
            for spans in _by_item(group.spans(product.code))
            if _belongs(group, spans[0])
        ]
    )


def _by_item(spans: Sequence[PriceSpan]) -> list[tuple[PriceSpan, ...]]:
    items: dict[str, list[PriceSpan]] = {}
    for span in spans:
        items.setdefault(span.item, []).append(span)
    return [tuple(of_item) for of_item in items.values()]


def _belongs(group: UsageGroup, span: PriceSpan) -> bool:
    """Whether an item is charged in this group: what is the customer's own, pooled meters, everything else by app."""
    tier = span.tiers[0]
    if tier.of_customer:
        return group.gathers == "customer"
    pooled = tier.meter is not None and tier.meter.pooled
    return group.gathers == ("pool" if pooled else "app")


# --- one item ------------------------------------------------------------------------------------------------------


def _rate_item(group: UsageGroup, product: Product, spans: Sequence[PriceSpan], rated: Rated, found: Problems) -> None:
    """The lines of one item: its usage under the prices that held, and a warning where it is not for sale."""
    here = found.apart()
    measured = group.measured(spans[0].tiers[0], here)
    found += here
    if here.errors:
        return
    tier = spans[-1].tiers[0]
    if (year := year_of_charge(tier, group.app, group.app_months, group.balances, found)) is not None:
        rated.years[tier.item] = year
    if measured is None:
        check_daily_usage(group.app_months[0], spans, found)
        lines = _unmeasured(group, product, spans, rated, found)
        rated.lines += lines
        if year is not None:
            year.used += _counted_without_meter(lines)
        return
    if measured.mixed_over_apps():
        found.add("apps-month-and-days", measured.place, item=spans[0].item)
        return
    if len(spans) > 1 and measured.has_month_figures():
        found.add("needs-daily-usage", measured.place, app=group.app, item=spans[0].item)
        return
    check_levels(group.app_months, measured, found)
    months: list[tuple[Label, Figure]] = []
    quota = None
    for span in _charged_spans(spans, measured, group, found):
        days = within(span.periods)
        if measured.in_pieces(days):
            found.add("days-in-pieces", measured.place, app=group.app, item=span.item, method=measured.method.word)
            return
        quantity = measured.quantity("quantity", days)
        months.append((_month_label(measured, span, group.month), quantity))
        if span.sold:
            lines, quota = _lines(group, product, span, measured, quantity, rated, found)
            rated.lines += lines
            if year is not None:
                year.used.append(quantity)
        else:
            over_quota(group.app, span, quantity, found)
    first = spans[0].tiers[0]
    title = measured.meter.name
    rated.usage.append(measured.table(group.app, first.name if first.dimension else title, months, quota))


def _unmeasured(
    group: UsageGroup, product: Product, spans: Sequence[PriceSpan], rated: Rated, found: Problems
) -> list[Line]:
    """The lines of what has no meter: its days' where its model counts days, else the price of the month's last day.

    A meter without a row has no line; where its price asks something even for 0 (at least one block), somebody who
    subscribed to its plan may owe it: without a row of 0 that is told (docs/decisions.md, no row).
    """
    sold = [span for span in spans if span.sold]
    if group.gathers == "customer" and _priced_at_once(group, sold, found):
        return []
    if spans[0].tiers[0].meter is None:
        by_days = any(name in tier.model.inputs for span in sold for tier in span.tiers for name in ("days", "of_days"))
        charged = sold if by_days else sold[-1:] if spans[-1].sold else []
        return [line for span in charged for line in _lines(group, product, span, None, None, rated, found)[0]]
    ordered = [span for span in sold if any(part.plan and not part.plan.default for part in span.parts)]
    nothing, without_packs = given("quantity", 0), replace(group, holdings=())
    if not ordered:
        return []
    span = ordered[-1]
    lines = owed_for_nothing(span, lambda: _lines(without_packs, product, span, None, nothing, rated, found.apart())[0])
    if found.where is not None or not lines:  # a worked bill, an empty usage folder: what is not said is 0
        return list(lines)
    amount = plain(sum((line.amount.number for line in lines), Decimal(0)))
    facts: dict[str, Fact] = {"app": group.app, "item": span.item, "found": amount}
    found.add("usage-row-missing", span.parts[-1].app_month.app.place, None, **facts)
    return []


def _charged_spans(
    spans: Sequence[PriceSpan], measured: Measured, group: UsageGroup, found: Problems
) -> list[PriceSpan]:
    """The spans that count: all of them for a sum; for a peak, the one of the highest day on which it is sold.

    docs/decisions.md, peaks: the peak is that of the days on which a paid plan was active, at the plan of that day.
    """
    sold = [span for span in spans if span.sold]
    unsold = [span for span in spans if not span.sold]
    if group.gathers == "pool" and _priced_at_once(group, sold, found):
        return []
    if len(sold) < 2 or measured.method.plans == "each":
        return [*unsold, *sold]
    periods = within(period for span in sold for period in span.periods)
    if measured.method.plans == "peak":
        day = measured.day_of_peak(lambda d: d is not None and periods(d))
        chosen = next((span for span in sold if day is not None and within(span.periods)(day)), sold[-1])
    else:
        chosen = sold[-1]
    return [*unsold, chosen]


def _counted_without_meter(lines: Sequence[Line]) -> list[Figure]:
    """What a line without a meter adds to its year: the sum that it is taken over, once for all tiers."""
    counted = [figure for line in lines for name in ("subtotal", "quantity") if (figure := line.figures.get(name))]
    return counted[:1]


def _priced_at_once(group: UsageGroup, sold: Sequence[PriceSpan], found: Problems) -> bool:
    """Whether plans of several apps price one thing differently on one day, which is told."""
    differ = any(_overlap(a, b) for n, a in enumerate(sold) for b in sold[:n])
    if differ:
        found.add("pooled-prices-differ", sold[0].tiers[0].place, app=group.app, item=sold[0].item)
    return differ


def _overlap(one: PriceSpan, other: PriceSpan) -> bool:
    return any(a.overlap(b) is not None for a in one.periods for b in other.periods)


def _lines(
    group: UsageGroup,
    product: Product,
    span: PriceSpan,
    measured: Measured | None,
    quantity: Figure | None,
    rated: Rated,
    found: Problems,
) -> tuple[list[Line], Figure | None]:
    """A line for each tier of a span, and the included quantity of the last."""
    lines: list[Line] = []
    quota = None
    for number, tier in enumerate(span.tiers):
        thing = _thing(group, product, span, tier, measured)
        made = [*rated.lines, *lines]
        supplies = _Supplier(group, span, number, measured, quantity, made, rated, found).supplies()
        line = price(thing, span.parts[-1].app_month, group.month.period.last, supplies, found)
        if line is None:
            return [], None
        lines.append(line)
        quota = line.figures.get("included", quota)
    return with_print(lines, span.tiers, group.book, found), quota


@dataclass(frozen=True, slots=True)
class _Supplier:
    """What the rating knows for one tier of a span: its usage, its quotas, its packs, the lines before it."""

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
        if self.measured is not None:
            gifts = trial_quotas(self.span, self.number, self.measured, self.group.balances, self.found)
            quotas += [gift for gift, _ in gifts]
            self.rated.carried += [balance for _, balance in gifts]
        return together(quotas)

    def drawn(self, included: Figure | None) -> Figure | None:
        """What packs cover of the usage that is not included."""
        tier = self.span.tiers[self.number]
        if self.quantity is None or tier.meter is None:
            return None
        names = with_rates(self.look_up, self.group.book, self.group.month.period.last)
        price = parameter_figure("draw_price", tier.draw_price, names) if tier.draw_price is not None else None
        drawn = draw(self.group.holdings, Drawing(tier.meter, self.used, included, price), self.found)
        return (drawn[0] if len(drawn) == 1 else total("drawn", drawn)) if drawn else None

    def used(self, before: date | None) -> Figure | None:
        """The usage of the days before one, or all of it."""
        if before is None or self.measured is None:
            return self.quantity
        if self.measured.has_month_figures():
            self.found.add("needs-daily-usage", self.measured.place, app=self.group.app, item=self.span.item)
            return None
        days = within(Period(p.start, min(p.end, before)) for p in self.span.periods if p.start < before)
        return self.measured.quantity("quantity", days)


def _thing(group: UsageGroup, product: Product, span: PriceSpan, tier: Charge, measured: Measured | None) -> Thing:
    whole = span.periods[0].start == group.month.start and span.periods[-1].end == group.month.period.end
    return Thing(
        kind="customer" if tier.of_customer else "usage",
        app=group.app,
        product=product,
        item=tier.item,
        title=_title(span, tier),
        model=tier.model,
        pay=tier.pay,
        parameters=tier.parameters,
        scope=tier.scope if tier.agreed is None else None,  # what a contract brings of its own no other one changes
        list_price=tier.listed,
        contract=tier.agreed or "",
        place=measured.place if measured else tier.place,
        row=tier.place,
        unit=tier.meter.unit if tier.meter else None,
        period=group.month.period if whole else Period(span.periods[0].start, span.periods[-1].end),
        plan=_plan(span),
    )


def _plan(span: PriceSpan) -> Label | None:
    """The plan under which an item is priced, where it is one alone."""
    plans = {part.plan.code: part.plan.name for part in span.parts if part.plan is not None}
    return next(iter(plans.values())) if len(plans) == 1 else None


def _title(span: PriceSpan, tier: Charge) -> Label:
    """The charge's name; with its bounds where it is one of several tiers."""
    if len(span.tiers) == 1:
        return tier.name
    low, high = (tier.parameters.get(key) for key in ("from", "to"))
    bounds = [grouped(p.value) if p and isinstance(p.value, Decimal) else "…" if p else "" for p in (low, high)]
    shown = f"{bounds[0] or 0}–{bounds[1]}" if bounds[1] else f"> {bounds[0] or 0}"
    return Label(f"{tier.name.text('zh')} {shown}", f"{tier.name.text('en')} {shown}")


def _month_label(measured: Measured, span: PriceSpan, month: Month) -> Label:
    """Peak, sum ..., with the days where they are not the whole month."""
    word = measured.method.caption
    if sum(period.days for period in span.periods) >= month.period.days:
        return word
    days = ", ".join(f"{period.start:%m-%d}–{period.last:%m-%d}" for period in span.periods)
    return Label(f"{word.zh}（{days}）", f"{word.en} ({days})")
