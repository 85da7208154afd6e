"""Usage lines: what was measured, priced stage by stage, in the order in which the prices depend on each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from xlbill.balances import Balance, BalanceKey
from xlbill.book.objects import Charge, PriceBook
from xlbill.language import Label
from xlbill.money import plain
from xlbill.periods import Month, Period
from xlbill.problems import Problems
from xlbill.rating.bill import Line, MeterUsage
from xlbill.rating.contracts import Scope, agreement, label_words
from xlbill.rating.figures import Figure, Source, given, total
from xlbill.rating.lines import NameLookup, Terms, finished, priced
from xlbill.rating.metering import METHODS, Measured, measure, within
from xlbill.rating.packs import Holding, draw
from xlbill.rating.price_order import PricedItem, in_order
from xlbill.rating.quotas import plan_quotas, together, trial_quotas
from xlbill.rating.scene import Scene
from xlbill.rating.unpriced import check_all_priced, check_daily_usage, over_quota
from xlbill.rating.usage_prices import Stage, stages_of


@dataclass(slots=True)
class Rated:
    """What rating the usage of an app (or of a customer's apps together) has given so far."""

    lines: list[Line] = field(default_factory=list)
    usage: list[MeterUsage] = field(default_factory=list)
    remarks: list[Label] = field(default_factory=list)
    carried: list[Balance] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pool:
    """The apps whose usage is charged together: one app, or all of a customer's for meters that are pooled."""

    app: str  # "" for the customer
    scenes: tuple[Scene, ...]
    holdings: tuple[Holding, ...]
    balances: Mapping[BalanceKey, Balance]
    pooled: bool

    @property
    def book(self) -> PriceBook:
        """The price book of all of them."""
        return self.scenes[0].book

    @property
    def month(self) -> Month:
        """The month that is rated."""
        return self.scenes[0].month

    def measured(self, charge: Charge) -> Measured | None:
        """The usage of a charge's meter and dimension, None where there is none."""
        if charge.meter is None:
            return None
        meter = self.book.meters[charge.meter]
        series = [
            s
            for scene in self.scenes
            for s in scene.series
            if s.meter == charge.meter and charge.dimension in (None, s.dimension)
        ]
        return measure(meter, series) if series else None

    def payers(self, product: str) -> tuple[Scene, ...]:
        """The apps whose plans give quota and price: those that subscribed, or the first where none has."""
        return tuple(scene for scene in self.scenes if scene.subscribed(product)) or self.scenes[:1]


def rate_usage(pool: Pool, fees: Sequence[Line], found: Problems) -> Rated:
    """All usage lines of a pool, each after the lines that its prices refer to; fees can be referred to as well."""
    rated = Rated(list(fees))
    items = [
        PricedItem(product, stages)
        for product in pool.book.products
        for stages in _by_item(stages_of(pool.payers(product), product))
        if _belongs(pool, stages[0])
    ]
    check_all_priced(pool.scenes, [stage for item in items for stage in item.stages], pool.pooled, found)
    ordered, circular = in_order(items, pool.book)
    for item in circular[:1]:
        found.add("prices-circular", item.place, app=pool.app, item=item.stages[0].item)
    for item in ordered:
        _rate_item(pool, item.product, item.stages, rated, found)
    rated.lines = rated.lines[len(fees) :]
    return rated


def _by_item(stages: Sequence[Stage]) -> list[tuple[Stage, ...]]:
    items: dict[str, list[Stage]] = {}
    for stage in stages:
        items.setdefault(stage.item, []).append(stage)
    return [tuple(of_item) for of_item in items.values()]


def _belongs(pool: Pool, stage: Stage) -> bool:
    """Whether an item is charged in this pool: pooled meters by customer, everything else by app."""
    meter = stage.tiers[0].meter
    return (meter is not None and pool.book.meters[meter].pooled) == pool.pooled


# --- one item ------------------------------------------------------------------------------------------------------


def _rate_item(pool: Pool, product: str, stages: Sequence[Stage], rated: Rated, found: Problems) -> None:
    """The lines of one item: its usage under the prices that held, and a warning where it is not for sale."""
    measured = pool.measured(stages[0].tiers[0])
    if measured is None:
        check_daily_usage(pool.scenes[0], stages, found)
        if stages[0].tiers[0].meter is None and stages[-1].sold:
            rated.lines += _lines(pool, product, stages[-1], None, None, rated, found)[0]
        return
    if len(stages) > 1 and measured.has_month_figures():
        found.add("needs-daily-usage", measured.place, app=pool.app, item=stages[0].item)
        return
    months: list[tuple[Label, Figure]] = []
    quota = None
    for stage in _charged_stages(stages, measured, pool, found):
        days = within(stage.periods)
        quantity = measured.quantity("quantity", days)
        months.append((_month_label(measured, stage, pool.month), quantity))
        if stage.sold:
            lines, quota = _lines(pool, product, stage, measured, quantity, rated, found)
            rated.lines += lines
        else:
            over_quota(pool.app, stage, quantity, found)
    first = stages[0].tiers[0]
    title = pool.book.meters[measured.meter.code].name
    rated.usage.append(measured.table(pool.app, first.name if first.dimension else title, months, quota))


def _charged_stages(stages: Sequence[Stage], measured: Measured, pool: Pool, found: Problems) -> list[Stage]:
    """The stages that count: all of them for a sum; for a peak, the one of the highest day on which it is sold.

    DESIGN, decision 3: the peak is that of the days on which a paid plan was active, at the plan of that day.
    """
    sold = [stage for stage in stages if stage.sold]
    unsold = [stage for stage in stages if not stage.sold]
    if pool.pooled and any(_overlap(a, b) for n, a in enumerate(sold) for b in sold[:n]):
        found.add("pooled-prices-differ", sold[0].tiers[0].place, app=pool.app, item=sold[0].item)
        return []
    if len(sold) < 2 or measured.meter.month == "sum":
        return [*unsold, *sold]
    periods = within(period for stage in sold for period in stage.periods)
    if measured.meter.month == "peak":
        day = measured.day_of_peak(lambda d: d is not None and periods(d))
        chosen = next((stage for stage in sold if day is not None and within(stage.periods)(day)), sold[-1])
    else:
        chosen = sold[-1]
    return [*unsold, chosen]


def _overlap(one: Stage, other: Stage) -> bool:
    return any(a.overlap(b) is not None for a in one.periods for b in other.periods)


def _lines(
    pool: Pool,
    product: str,
    stage: Stage,
    measured: Measured | None,
    quantity: Figure | None,
    rated: Rated,
    found: Problems,
) -> tuple[list[Line], Figure | None]:
    """A line for each tier of a stage, and the included quantity of the last."""
    lines: list[Line] = []
    quota = None
    for number, tier in enumerate(stage.tiers):
        model = pool.book.models[tier.model]
        app = stage.shares[-1].scene.app
        agreed = agreement(
            stage.shares[-1].scene.contracts, app, _scope(tier, pool.book), pool.month.period.last, found
        )
        look_up = _lookup_in([*rated.lines, *lines])
        terms = priced(tier.parameters, agreed, pool.book, look_up)
        place = measured.place if measured else tier.place
        if "price" in model.inputs and "price" not in terms.figures:
            found.add("no-price", place, app=pool.app, item=tier.item, row=str(tier.place))
            return [], None
        figures = dict(terms.figures)
        if quantity is not None:
            figures["quantity"] = quantity
        override = figures.pop("included", None) if "included" in agreed.parameters else None
        figures.pop("included", None)
        quotas = plan_quotas(stage, number, measured, override, look_up)
        if measured is not None:
            gifts = trial_quotas(stage, number, measured, pool.balances, found)
            quotas += [gift for gift, _ in gifts]
            rated.carried += [balance for _, balance in gifts]
        included = together(quotas)
        if included is not None and "included" in model.inputs:
            figures["included"] = quota = included
        if quantity is not None and "drawn" in model.inputs and tier.meter is not None:
            drawn = draw(pool.holdings, tier.meter, quantity, included)
            if drawn:
                figures["drawn"] = drawn[0] if len(drawn) == 1 else total("drawn", drawn)
        if "subtotal" in model.inputs and "subtotal" not in figures:
            figures["subtotal"] = total("subtotal", amounts([*rated.lines, *lines], product))
        line = _line(pool, product, stage, tier, figures, terms, model.code)
        lines += [line] if (line := finished(line, model, pool.book, found, place)) else []  # type: ignore[assignment]
    return lines, quota


def amounts(lines: Sequence[Line], product: str) -> tuple[Figure, ...]:
    """The usage amounts of a product, over which its minimum or a percentage is taken."""
    return tuple(line.amount for line in lines if line.product == product and line.kind == "usage")


def _line(
    pool: Pool, product: str, stage: Stage, tier: Charge, figures: dict[str, Figure], terms: Terms, model: str
) -> Line:
    meter = pool.book.meters[tier.meter] if tier.meter else None
    whole = stage.periods[0].start == pool.month.start and stage.periods[-1].end == pool.month.period.end
    period = pool.month.period if whole else Period(stage.periods[0].start, stage.periods[-1].end)
    return Line(
        kind="usage",
        app=pool.app,
        product=product,
        group=pool.book.products[product].group,
        item=tier.item,
        title=_title(stage, tier),
        model=model,
        pay=tier.pay,
        figures=figures,
        unit=meter.unit if meter else None,
        period=period,
        edition=pool.book.edition.code,
        list_price=terms.list_price,
        contract=terms.contract,
    )


def _title(stage: Stage, tier: Charge) -> Label:
    """The charge's name; with its bounds where it is one of several tiers."""
    if len(stage.tiers) == 1:
        return tier.name
    low, high = (tier.parameters.get(key) for key in ("from", "to"))
    bounds = [plain(p.value) if p and isinstance(p.value, Decimal) else "" for p in (low, high)]
    shown = f"{bounds[0] or 0}–{bounds[1]}" if bounds[1] else f"> {bounds[0] or 0}"
    return Label(f"{tier.name.text('zh')} {shown}", f"{tier.name.text('en')} {shown}")


def _scope(tier: Charge, book: PriceBook) -> Scope:
    product = book.products[tier.product]
    meter = book.meters[tier.meter] if tier.meter else None
    own = (tier.item, *label_words(tier.name))
    of_meter = (meter.code, *label_words(meter.name)) if meter else ()
    return Scope((own, of_meter, (product.code, *label_words(product.name))))


def _lookup_in(lines: Sequence[Line]) -> NameLookup:
    """What `dau.units` means: the figure of that name of the lines of an item, a meter or a product, added up."""

    def look_up(name: str) -> Source | None:
        of, _, figure = name.rpartition(".")
        chosen = [line for line in lines if of.casefold() in _line_words(line)]
        figures = tuple(line.figures[figure] for line in chosen if figure in line.figures)
        return figures[0] if len(figures) == 1 else total(figure, figures) if figures else given(figure, 0)

    return look_up


def _line_words(line: Line) -> set[str]:
    return {word.casefold() for word in (line.item, line.item.partition(":")[0], line.product, "all") if word}


def _month_label(measured: Measured, stage: Stage, month: Month) -> Label:
    """Peak, sum ..., with the days where they are not the whole month."""
    word = METHODS[measured.meter.month][1]
    if sum(period.days for period in stage.periods) >= month.period.days:
        return word
    days = ", ".join(f"{period.start:%m-%d}–{period.last:%m-%d}" for period in stage.periods)
    return Label(f"{word.zh}（{days}）", f"{word.en} ({days})")
