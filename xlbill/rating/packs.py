"""Packs: prepaid quantities, drawn after the plan's quota, the oldest purchase first (docs/decisions.md, packs).

A pack of money or credits is drawn by several meters, each at the draw price of its usage price. A pack whose order has
an end is void from that day on: usage of that day and later ones takes nothing of it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from xlbill.balances import Balance, BalanceKey
from xlbill.book.objects import Meter
from xlbill.language import Label
from xlbill.periods import Month, Period
from xlbill.problems import Fact, Problems
from xlbill.rating.app_month import AppMonth
from xlbill.rating.bill import PackBalance
from xlbill.rating.fees import pack_validity
from xlbill.rating.figures import Figure, computed, given, our, total
from xlbill.rating.orders import Purchase
from xlbill.rating.results import results


@dataclass(slots=True)
class Holding:
    """One purchase of a pack, and what has been drawn from it so far while the month is rated."""

    app_month: AppMonth
    purchase: Purchase
    key: BalanceKey
    validity: Period
    opening: Figure
    rest: Figure
    draws: list[Figure] = field(default_factory=list)

    @property
    def void_from(self) -> date | None:
        """The day of this month from which it is void."""
        end = self.purchase.subscription.end
        return end if end is not None and end in self.app_month.month.period else None

    @property
    def ends(self) -> bool:
        """Whether this is its last month: that in which it becomes void, else that in which it expires."""
        whole, end = pack_validity(self.purchase), self.purchase.subscription.end
        return (end if end is not None and end < whole.end else whole.last) in self.app_month.month.period

    def balance(self) -> PackBalance:
        """Its month, as the bill shows it."""
        pack, order = self.purchase.pack, self.purchase.subscription
        by_price = "draw_price" in pack.draw.inputs
        drawn, lapsed, closing = through_month(self.opening, self.rest, self.draws, ends=self.ends, by_price=by_price)
        whose = (self.app_month.app.code, pack.code, pack.name, pack.unit, order.start, self.validity.last)
        return PackBalance(*whose, self.opening, drawn, closing, order, lapsed=lapsed)

    def carried(self) -> Balance:
        """What the next month opens with: under the day on which it expires, whenever somebody says that it is void."""
        return carried_of(self.key, self.balance(), pack_validity(self.purchase).last)


def through_month(
    opening: Figure, rest: Figure, draws: Sequence[Figure], *, ends: bool, by_price: bool = False
) -> tuple[Figure, Figure | None, Figure]:
    """What was drawn of a balance in a month, in its own unit, what lapsed, and what it closes with.

    `rest` is what the models left of it. Where a draw price says what a unit takes, all that went is drawn. Else the
    draws are, and what the models left less than that has lapsed. In the last month all that is left does.
    """
    drawn = draws[0] if len(draws) == 1 else total("drawn", tuple(draws)) if draws else given("drawn", 0)
    if draws and by_price:
        drawn = computed("drawn", our("=opening-left"), {"opening": opening, "left": rest})
    left = opening.number - drawn.number
    if not ends or not left:
        lost = {"opening": opening, "drawn": drawn, "closing": rest}
        return drawn, computed("lapsed", our("=opening-drawn-closing"), lost) if left != rest.number else None, rest
    lapsed = computed("lapsed", our("=opening-drawn"), {"opening": opening, "drawn": drawn})
    closing = computed("closing", our("=opening-drawn-lapsed"), {"opening": opening, "drawn": drawn, "lapsed": lapsed})
    return drawn, lapsed, closing


def carried_of(key: BalanceKey, month: PackBalance, expires: date) -> Balance:
    """What is carried of a balance after a month."""
    return Balance(*key, expires, month.opening.number, month.used, month.closing.number, month.gone)


def holdings_of(
    app_month: AppMonth, balances: Mapping[BalanceKey, Balance], month: Month, found: Problems
) -> list[Holding]:
    """The packs of an app that may be drawn in a month; one of an earlier month needs last month's balance."""
    holdings: list[Holding] = []
    for purchase, key, validity in _drawable(app_month):
        order = purchase.subscription
        if Month.of(order.start) == month:
            opening = bought(purchase)
        elif key in balances:
            opening = given("opening", balances[key].closing)
        else:
            facts: dict[str, Fact] = {
                "app": app_month.app.code,
                "of": key[3],
                "since": str(order.start),
                "month": str(month.plus(-1)),
            }
            found.add("balance-missing", order.place, None, **facts)
            continue
        holdings.append(Holding(app_month, purchase, key, validity, opening, opening))
    return in_turn(holdings)


def as_left(app_month: AppMonth, balances: Mapping[BalanceKey, Balance]) -> list[Holding]:
    """The packs of an app as its month's closing balances left them; as they were bought, where these say nothing."""
    holdings: list[Holding] = []
    for purchase, key, validity in _drawable(app_month):
        rest = given("opening", balances[key].closing) if key in balances else bought(purchase)
        holdings.append(Holding(app_month, purchase, key, validity, rest, rest))
    return holdings


def _drawable(app_month: AppMonth) -> Iterator[tuple[Purchase, BalanceKey, Period]]:
    """The purchases that may be drawn in an app's month, or become void, with the key of the balance and their days.

    One that is void from the 1st is not drawn in that month any more, but settled in it.
    """
    counts: dict[tuple[str, object], int] = {}
    for purchase in sorted(app_month.purchases, key=lambda p: p.subscription.start):
        start, code = purchase.subscription.start, purchase.pack.code
        number = counts[code, start] = counts.get((code, start), 0) + 1
        validity, month, end = _until_void(purchase), app_month.month.period, purchase.subscription.end
        void_now = end is not None and end in month
        if validity is not None and (void_now or validity.overlap(month) is not None):
            of = code if number == 1 else f"{code}#{number}"
            yield purchase, (app_month.debtor, app_month.app.code, "pack", of, start), validity


def in_turn(holdings: Iterable[Holding]) -> list[Holding]:
    """Holdings as they are drawn: as their price rows say, those that say nothing last.

    Of equal ones the oldest goes first, or where the price book says so, the one that ends first.
    """

    def turn(holding: Holding) -> tuple[bool, Decimal, date, date]:
        own, bought = holding.purchase.pack.turn, holding.purchase.subscription.start
        ends = holding.validity.last if holding.app_month.book.first_to_expire else date.min
        return own is None, own or Decimal(0), ends, bought

    return sorted(holdings, key=turn)


def _until_void(purchase: Purchase) -> Period | None:
    """When a pack may be drawn; None where it was void before its first day."""
    validity, end = pack_validity(purchase), purchase.subscription.end
    if end is None or end >= validity.end:
        return validity
    return Period(validity.start, end) if end > validity.start else None


def bought(purchase: Purchase) -> Figure:
    """What a purchase opens with: the pack's quantity, times how many were bought."""
    size = given("opening", purchase.pack.quantity, purchase.pack.place)
    if purchase.subscription.quantity == 1:
        return size
    count = given("count", purchase.subscription.quantity, purchase.subscription.quantity_place)
    return computed("opening", our("=size*count"), {"size": size, "count": count})


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a usage price takes from packs: its usage, what is included of it, what one unit takes, what is covered."""

    meter: Meter
    usage: Callable[[date | None], Figure | None]  # of the days before one, or of all; None where it is not known
    included: Figure | None
    price: Figure | None
    covered: tuple[Figure, ...] = ()  # by the allowances of earlier months

    def inputs(self, holding: Holding, drawn: Sequence[Figure]) -> dict[str, Figure] | None:
        """What a pack's draw model takes; None where nobody knows the usage of the days before it is void."""
        quantity = self.usage(holding.void_from)
        if quantity is None:
            return None
        known: dict[str, Figure | None] = {
            "quantity": quantity,
            "opening": holding.rest,
            "included": self.included,
            "draw_price": self.price,
            "earlier": (drawn[0] if len(drawn) == 1 else total("earlier", tuple(drawn))) if drawn else None,
        }
        return {name: figure for name, figure in known.items() if figure is not None}


def draw(holdings: Sequence[Holding], drawing: Drawing, found: Problems) -> tuple[Figure, ...]:
    """Take what exceeds the included quantity from the packs of a meter, one after the other, after what is covered."""
    drawn = list(drawing.covered)
    for holding in holdings:
        pack = holding.purchase.pack
        if drawing.meter.code not in {meter.code for meter in pack.meters}:
            continue
        if holding.void_from == holding.app_month.month.start:
            continue
        inputs = drawing.inputs(holding, drawn)
        if inputs is None:
            break
        of = Label(f"加油包 {pack.code} 的抵扣", f"the draw on pack {pack.code}")
        figures = results(pack.draw, inputs, pack.place, of, found)
        if figures is None:
            break
        drawn.append(figures["drawn"])
        holding.draws.append(figures["drawn"])
        holding.rest = figures["closing"]
    return tuple(drawn)
