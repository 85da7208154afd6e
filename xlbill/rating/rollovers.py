"""Allowances that roll over: what a month leaves of an included quantity can be used for some months more.

Each month's allowance is a balance of its own, drawn as packs are, by the model that its price row names: whether what
older months left goes before the month's own or after it is that model's to say (docs/decisions.md, rollover).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from xlbill.balances import Balance, BalanceKey, waiting
from xlbill.book.objects import Charge, Rollover
from xlbill.language import Label
from xlbill.periods import Month, Period
from xlbill.problems import Fact, Problems
from xlbill.rating.app_month import AppMonth
from xlbill.rating.bill import PackBalance
from xlbill.rating.fees import Earlier
from xlbill.rating.figures import Figure, given, total
from xlbill.rating.packs import carried_of, through_month
from xlbill.rating.price_spans import PriceSpan, spans_of
from xlbill.rating.results import results


@dataclass(slots=True)
class Allowance:
    """What one month includes, or left of what it included, and what this month uses of it."""

    key: BalanceKey
    title: Label
    unit: Label | None
    last: date  # its last day
    month: Month  # that is rated
    opening: Figure
    rest: Figure
    draws: list[Figure] = field(default_factory=list)

    def balance(self) -> PackBalance:
        """Its month, as the bill shows it."""
        _, app, _, of, since = self.key
        drawn, lapsed, closing = through_month(self.opening, self.rest, self.draws, ends=self.last in self.month.period)
        whose = (app, of, self.title, self.unit, since, self.last)
        return PackBalance(*whose, self.opening, drawn, closing, kind="allowance", lapsed=lapsed)

    def carried(self) -> Balance:
        """What the next month opens with."""
        return carried_of(self.key, self.balance(), self.last)


@dataclass(slots=True)
class Allowances:
    """The allowances of one usage price while its month is rated: what older months left, and what this one includes.

    `taken` is what the days of a span used of those of older months.
    """

    charge: Charge
    debtor: str
    app: str  # blank, or the customer who pools, where the meter is pooled
    app_months: tuple[AppMonth, ...]
    older: list[Allowance]
    granted: list[Allowance] = field(default_factory=list)
    taken: dict[tuple[Period, ...], tuple[Figure, ...]] = field(default_factory=dict)

    @property
    def all(self) -> tuple[Allowance, ...]:
        """All of them, the oldest first."""
        return (*self.older, *self.granted)

    def use(self, span: PriceSpan, used: Figure, own: Figure | None, free: Sequence[Figure], found: Problems) -> None:
        """Draw the usage of a span's days on what older months left, and on what these days include.

        `free` is what trials have given away before. A span that was drawn for is not drawn for again.
        """
        rule = span.tiers[0].rollover
        if rule is None or span.periods in self.taken:
            return
        covered = list(free)
        for allowance in self.older:
            drawn = self._draw(allowance, rule, used, own, covered, found)
            covered += [drawn] if drawn is not None else []
        self.taken[span.periods] = tuple(covered[len(free) :])
        if own is None:
            return
        since, month = span.periods[0].start, self.app_months[0].month
        key: BalanceKey = (self.debtor, self.app, "rollover", self.charge.item, since)
        last = month.plus(rule.months).period.last
        grant = Allowance(key, _title(self.charge, since), _unit(self.charge), last, month, own, own)
        self._draw(grant, rule, used, None, covered, found)
        self.granted.append(grant)

    def _draw(
        self,
        allowance: Allowance,
        rule: Rollover,
        used: Figure,
        own: Figure | None,
        covered: Sequence[Figure],
        found: Problems,
    ) -> Figure | None:
        """Draw on one allowance what the others have not covered."""
        inputs = {"quantity": used, "opening": allowance.rest}
        inputs |= {"included": own} if own is not None else {}
        inputs |= {"earlier": covered[0] if len(covered) == 1 else total("earlier", tuple(covered))} if covered else {}
        item = self.charge.item
        of = Label(f"{item} 的额度结转", f"the rollover of {item}")
        figures = results(rule.model, inputs, rule.place, of, found)
        if figures is None:
            return None
        allowance.draws.append(figures["drawn"])
        allowance.rest = figures["closing"]
        return figures["drawn"]


def allowances_of(
    spans: Sequence[PriceSpan],
    debtor: str,
    app: str,
    app_months: tuple[AppMonth, ...],
    balances: Mapping[BalanceKey, Balance],
) -> Allowances | None:
    """What earlier months left of an item's allowances, as the month opens; None where its prices roll nothing over."""
    rolling = [span.tiers[0] for span in spans if span.tiers[0].rollover is not None]
    if not rolling:
        return None
    charge, month = rolling[-1], app_months[0].month
    held = [
        (key, balance)
        for key, balance in sorted(balances.items(), key=lambda each: each[0][4])
        if key[:4] == (debtor, app, "rollover", charge.item) and balance.closing and _holds(balance, month)
    ]
    older = [_left(charge, key, balance, month) for key, balance in held]
    return Allowances(charge, debtor, app, app_months, older)


def _left(charge: Charge, key: BalanceKey, balance: Balance, month: Month) -> Allowance:
    """What a balance leaves of an earlier month's allowance."""
    opening, last = given("opening", balance.closing), balance.expires or date.max
    return Allowance(key, _title(charge, key[4]), _unit(charge), last, month, opening, opening)


def tell_lost(
    allowances: Allowances, balances: Mapping[BalanceKey, Balance], earlier: Earlier, found: Problems
) -> None:
    """Tell that the month before included something that rolls over, and no balance says what was left of it."""
    before = allowances.app_months[0].month.plus(-1)
    charge, whose = allowances.charge, (allowances.debtor, allowances.app, "rollover", allowances.charge.item)
    if found.where == "worked-bills" or any(key[:4] == whose and key[4] in before.period for key in balances):
        return
    for now in allowances.app_months:
        then = earlier(now.app, before)
        spans = spans_of((then,), charge.product.code) if then is not None else ()
        since = next((s.periods[0].start for s in spans if s.item == charge.item and grants(s)), None)
        if since is not None:
            facts: dict[str, Fact] = {"app": now.app.code, "of": charge.item, "since": str(since), "month": str(before)}
            found.add("balance-missing", now.app.place, None, **facts)
            return


def grants(span: PriceSpan) -> bool:
    """Whether days of a span include something that rolls over, under a plan that was ordered, its own or needed."""
    ordered = any(part.plan is None or not part.plan.default for part in span.parts)
    return span.sold and ordered and span.tiers[0].rollover is not None


def left_alone(
    balances: Mapping[BalanceKey, Balance], customer: str, used: Iterable[Allowance], month: Month
) -> list[Balance]:
    """The allowances of a customer that no price of the month draws on; they wait until their last day."""
    touched = {allowance.key for allowance in used}
    return [
        waiting(held, month)
        for key, held in balances.items()
        if key[0] == customer and key[2] == "rollover" and key not in touched and held.closing and _holds(held, month)
    ]


def _holds(held: Balance, month: Month) -> bool:
    return held.expires is None or held.expires >= month.start


def _title(charge: Charge, since: date) -> Label:
    month = Month.of(since)
    return Label(f"{charge.name.text('zh')} · {month} 额度", f"{charge.name.text('en')} · allowance of {month}")


def _unit(charge: Charge) -> Label | None:
    return charge.meter.unit if charge.meter is not None else None
