"""Packs: prepaid quantities, drawn after the plan's quota, the oldest purchase first (docs/decisions.md, packs)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from xlbill.balances import Balance, BalanceKey
from xlbill.book.objects import Meter
from xlbill.language import Label
from xlbill.periods import Month, Period
from xlbill.problems import Problems
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

    def balance(self) -> PackBalance:
        """Its month: opening, drawn, closing."""
        pack = self.purchase.pack
        drawn = self.draws[0] if len(self.draws) == 1 else total("drawn", tuple(self.draws))
        if not self.draws:
            drawn = given("drawn", 0)
        return PackBalance(
            self.app_month.app.code,
            pack.code,
            pack.name,
            pack.meter.unit,
            self.purchase.subscription.start,
            self.validity.last,
            self.opening,
            drawn,
            self.rest,
        )

    def carried(self) -> Balance:
        """What the next month opens with."""
        customer, app, kind, of, since = self.key
        opening, closing = self.opening.number, self.rest.number
        return Balance(customer, app, kind, of, since, self.validity.last, opening, opening - closing, closing)


def holdings_of(
    app_month: AppMonth, balances: Mapping[BalanceKey, Balance], month: Month, found: Problems
) -> list[Holding]:
    """The packs of an app that may be drawn in a month; one of an earlier month needs last month's balance."""
    holdings: list[Holding] = []
    bought: dict[tuple[str, object], int] = {}
    for purchase in sorted(app_month.purchases, key=lambda p: p.subscription.start):
        subscription = purchase.subscription
        number = bought[purchase.pack.code, subscription.start] = (
            bought.get((purchase.pack.code, subscription.start), 0) + 1
        )
        validity = pack_validity(purchase)
        if validity.overlap(month.period) is None:
            continue
        of = purchase.pack.code if number == 1 else f"{purchase.pack.code}#{number}"
        key: BalanceKey = (app_month.debtor, app_month.app.code, "pack", of, subscription.start)
        if Month.of(subscription.start) == month:
            opening = _bought(purchase)
        elif key in balances:
            opening = given("opening", balances[key].closing)
        else:
            found.add(
                "balance-missing",
                subscription.place,
                app=app_month.app.code,
                of=of,
                since=str(subscription.start),
                month=str(month.plus(-1)),
            )
            continue
        holdings.append(Holding(app_month, purchase, key, validity, opening, opening))
    return in_turn(holdings)


def in_turn(holdings: Iterable[Holding]) -> list[Holding]:
    """Holdings as they are drawn: as their price rows say, those that say nothing last, then the oldest first."""

    def turn(holding: Holding) -> tuple[bool, Decimal, date]:
        own = holding.purchase.pack.turn
        return own is None, own or Decimal(0), holding.purchase.subscription.start

    return sorted(holdings, key=turn)


def _bought(purchase: Purchase) -> Figure:
    """What a purchase opens with: the pack's quantity, times how many were bought."""
    size = given("opening", purchase.pack.quantity, purchase.pack.place)
    if purchase.subscription.quantity == 1:
        return size
    count = given("count", purchase.subscription.quantity, purchase.subscription.quantity_place)
    return computed("opening", our("=size*count"), {"size": size, "count": count})


def draw(
    holdings: Sequence[Holding], meter: Meter, quantity: Figure, included: Figure | None, found: Problems
) -> tuple[Figure, ...]:
    """Take what exceeds the included quantity from the packs of a meter, one after the other."""
    drawn: list[Figure] = []
    for holding in holdings:
        pack = holding.purchase.pack
        if pack.meter.code != meter.code:
            continue
        inputs: dict[str, Figure] = {"quantity": quantity, "opening": holding.rest}
        if included is not None:
            inputs["included"] = included
        if drawn:
            inputs["earlier"] = drawn[0] if len(drawn) == 1 else total("earlier", tuple(drawn))
        of = Label(f"加油包 {pack.code} 的抵扣", f"the draw on pack {pack.code}")
        figures = results(pack.draw, inputs, pack.place, of, found)
        if figures is None:
            break
        drawn.append(figures["drawn"])
        holding.draws.append(figures["drawn"])
        holding.rest = figures["closing"]
    return tuple(drawn)
