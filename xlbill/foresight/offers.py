"""Offers beside each other: what each comes to, over a range of usage, and where one becomes cheaper than another."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise

from xlbill.foresight.quoting import Basis, Days, QuotedOrder, quoted
from xlbill.money import round_half_up
from xlbill.periods import Month
from xlbill.problems import Problem
from xlbill.rating.bill import Bill

Total = Callable[[Decimal], Decimal | None]
STEPS = 60  # of a search for crossings where no range is given
REACH = 10  # how many times the given usage such a search looks at


@dataclass(frozen=True, slots=True)
class QuotedOffer:
    """One way to get what is wanted: its orders, and how it was typed."""

    name: str
    orders: tuple[QuotedOrder, ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    """An offer with its bill, or the problems that stand against it."""

    offer: QuotedOffer
    bill: Bill | None
    problems: tuple[Problem, ...]

    @property
    def total(self) -> Decimal | None:
        """What it comes to."""
        return self.bill.total.number if self.bill is not None else None


@dataclass(frozen=True, slots=True)
class Sweep:
    """Usage from one figure to another in steps: `dau=0:200000:5000`."""

    word: str
    start: Decimal
    stop: Decimal
    step: Decimal

    @property
    def points(self) -> tuple[Decimal, ...]:
        """Its figures; the last one is there even where no step meets it."""
        count = int((self.stop - self.start) // self.step)
        points = [self.start + self.step * number for number in range(count + 1)]
        return (*points, self.stop) if points[-1] != self.stop else tuple(points)


@dataclass(frozen=True, slots=True)
class Crossing:
    """From some usage on, one offer costs less than another."""

    word: str
    at: Decimal
    cheaper: str
    than: str


@dataclass(frozen=True, slots=True)
class Curve:
    """What offers come to over a range of usage: a total for each offer at each point, None where it is refused."""

    range: Sweep
    offers: tuple[QuotedOffer, ...]
    points: tuple[tuple[Decimal, tuple[Decimal | None, ...]], ...]
    crossings: tuple[Crossing, ...]
    problems: tuple[Problem, ...]  # of each offer those at the first point at which it is refused


def side_by_side(
    basis: Basis, offers: Sequence[QuotedOffer], usage: Mapping[str, Days], month: Month
) -> tuple[Quoted, ...]:
    """Each offer's bill for the same usage."""
    outcomes = [(offer, quoted(basis, offer.orders, usage, month)) for offer in offers]
    return tuple(Quoted(offer, outcome.bill, outcome.problems) for offer, outcome in outcomes)


def cheapest(quotes: Sequence[Quoted]) -> tuple[Quoted, ...]:
    """The offers that cost least; several where they cost the same."""
    least = min((total for quote in quotes if (total := quote.total) is not None), default=None)
    return tuple(quote for quote in quotes if least is not None and quote.total == least)


def curve(basis: Basis, offers: Sequence[QuotedOffer], usage: Mapping[str, Days], month: Month, over: Sweep) -> Curve:
    """What each offer comes to at each point of a range, and the usage at which they cross, to the unit."""
    totals = [_total_of(basis, offer, usage, month, over.word) for offer in offers]
    points = tuple((at, tuple(total(at) for total in totals)) for at in over.points)
    crossings = [
        crossing
        for a, b in combinations(range(len(offers)), 2)
        for crossing in _crossings(over.word, (offers[a].name, totals[a]), (offers[b].name, totals[b]), points, a, b)
    ]
    crossings.sort(key=lambda crossing: crossing.at)
    refusals: list[Problem] = []
    for number, offer in enumerate(offers):
        refused = next((at for at, each in points if each[number] is None), None)
        if refused is not None:
            refusals += quoted(basis, offer.orders, {**usage, over.word: {None: refused}}, month).problems
    return Curve(over, tuple(offers), points, tuple(crossings), tuple(dict.fromkeys(refusals)))


def reach_of(word: str, days: Days) -> Sweep:
    """Where to look for crossings where nobody said: from nothing to ten times the usage that was given."""
    stop = max([figure for figure in days.values() if figure > 0], default=Decimal(1)) * REACH
    return Sweep(word, Decimal(0), stop, stop / STEPS)


def _total_of(basis: Basis, offer: QuotedOffer, usage: Mapping[str, Days], month: Month, word: str) -> Total:
    known: dict[Decimal, Decimal | None] = {}

    def total(at: Decimal) -> Decimal | None:
        if at not in known:
            bill = quoted(basis, offer.orders, {**usage, word: {None: at}}, month).bill
            known[at] = round_half_up(bill.total.number, bill.currency.decimals) if bill is not None else None
        return known[at]

    return total


def _crossings(
    word: str,
    one: tuple[str, Total],
    other: tuple[str, Total],
    points: Sequence[tuple[Decimal, tuple[Decimal | None, ...]]],
    a: int,
    b: int,
) -> list[Crossing]:
    """Where the cheaper of two changes; a stretch on which they cost the same belongs to the one that was cheaper."""
    found: list[Crossing] = []
    before = 0
    for (low, low_totals), (high, high_totals) in pairwise(points):
        sides = [_sign(totals[a], totals[b]) for totals in (low_totals, high_totals)]
        before = sides[0] or before
        if before and sides[1] and sides[1] != before:
            at = _first(one[1], other[1], int(low), high, sides[1])
            cheaper, than = (one[0], other[0]) if sides[1] < 0 else (other[0], one[0])
            found.append(Crossing(word, at, cheaper, than))
    return found


def _first(one: Total, other: Total, low: int, high: Decimal, side: int) -> Decimal:
    """The first whole usage at which a side is reached, by halving what lies between."""
    top = int(high)
    while top - low > 1:
        middle = (low + top) // 2
        if _sign(one(Decimal(middle)), other(Decimal(middle))) == side:
            top = middle
        else:
            low = middle
    return Decimal(top)


def _sign(one: Decimal | None, other: Decimal | None) -> int:
    if one is None or other is None or one == other:
        return 0
    return -1 if one < other else 1
