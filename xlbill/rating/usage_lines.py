"""Usage lines: what was measured, priced span by span, in the order in which the prices depend on each other."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from xlbill.book.objects import Charge, Product
from xlbill.language import Label
from xlbill.money import grouped, plain
from xlbill.periods import Month, Period
from xlbill.problems import Fact, Problems
from xlbill.rating.bill import Line
from xlbill.rating.figures import Figure, given
from xlbill.rating.metering import Measured, within
from xlbill.rating.price import Thing, price
from xlbill.rating.price_order import PricedItem, UsagePrices, prices_in_order
from xlbill.rating.price_spans import PriceSpan
from xlbill.rating.printed import with_print
from xlbill.rating.rollovers import allowances_of, grants
from xlbill.rating.standing import owed_for_nothing, standing_prices
from xlbill.rating.tier_supplies import TierSupplies
from xlbill.rating.unpriced import check_all_priced, check_daily_usage, check_levels, over_quota
from xlbill.rating.usage_figures import UsageFigures
from xlbill.rating.usage_groups import Rated, UsageGroup
from xlbill.rating.years import pooling, year_of_charge


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
    figures = group.figures(tier for item in prices.ordered for span in item.spans for tier in span.tiers)
    for item in prices.ordered:
        _rate_item(group, item, figures, rated, found)
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


def _rate_item(group: UsageGroup, item: PricedItem, figures: UsageFigures, rated: Rated, found: Problems) -> None:
    """The lines of one item: its usage under the prices that held, and a warning where it is not for sale."""
    product, spans, here = item.product, item.spans, found.apart()
    measured = group.measured(spans[0].tiers[0], figures, here)
    found += here
    if here.errors:
        return
    tier = spans[-1].tiers[0]
    if (year := year_of_charge(tier, group.app, group.app_months, group.balances, found)) is not None:
        rated.years[tier.item] = year
    _open_allowances(group, product, spans, rated)
    if measured is None:
        for span in (span for span in spans if grants(span)):
            TierSupplies(group, span, 0, None, given("quantity", 0), rated.lines, rated, found).grant()
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


def _open_allowances(group: UsageGroup, product: Product, spans: Sequence[PriceSpan], rated: Rated) -> None:
    here = group.app_months[0]
    whose = (here.debtor, group.app or pooling(here))
    if (allowances := allowances_of(spans, *whose, group.app_months, group.balances)) is not None:
        rated.allowances[spans[0].item] = allowances


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
        supplies = TierSupplies(group, span, number, measured, quantity, made, rated, found).supplies()
        line = price(thing, span.parts[-1].app_month, group.month.period.last, supplies, found)
        if line is None:
            return [], None
        lines.append(line)
        quota = line.figures.get("included", quota)
    return with_print(lines, span.tiers, group.book, found), quota


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
