"""An impact in figures: sums, winners and losers, percentiles, by plan and by product."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from xlbill.foresight.impact import ZERO, CustomerImpact, Impact, percentile

HALF, NEARLY_ALL = Decimal("0.5"), Decimal("0.95")

_Part: TypeAlias = tuple[str, Decimal | None, Decimal | None]
"""A part of what a customer pays: its name, and both amounts."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What some customers pay under both books, in one currency, and how many pay more, less, the same."""

    name: str
    currency: str
    old: Decimal
    new: Decimal
    more: int
    less: int
    same: int

    @property
    def count(self) -> int:
        """How many they are."""
        return self.more + self.less + self.same

    @property
    def change(self) -> Decimal:
        """By how much they pay more together."""
        return self.new - self.old

    @property
    def rise(self) -> Decimal | None:
        """That as a share of what they pay today."""
        return self.change / abs(self.old) if self.old else None


def sums_of(name: str, customers: Iterable[CustomerImpact]) -> tuple[Sums, ...]:
    """The sums of some customers, a row for each currency."""
    pairs = [(c.currency, c.old, c.new) for c in customers if c.old is not None and c.new is not None]
    return _sums(name, pairs)


def by_plan(impact: Impact) -> tuple[Sums, ...]:
    """The sums of those who are repriced, by the plans that they have."""
    return _grouped(impact.repriced, lambda c: [(" + ".join(c.plans) or "—", c.old, c.new)])


def by_product(impact: Impact) -> tuple[Sums, ...]:
    """The sums of those who are repriced, by product; adjustments and other lines of no product stand under —."""

    def products(customer: CustomerImpact) -> Sequence[_Part]:
        names = dict.fromkeys(line.product for line in customer.lines)
        lines = [(name, [line for line in customer.lines if line.product == name]) for name in names]
        return [(name or "—", sum((x.old for x in of), ZERO), sum((x.new for x in of), ZERO)) for name, of in lines]

    return _grouped(impact.repriced, products)


def rises(impact: Impact) -> tuple[Decimal | None, Decimal | None]:
    """The rise that half of the repriced do not exceed, and that 95 of 100 do not."""
    known = [c.rise for c in impact.repriced if c.rise is not None]
    return percentile(known, HALF), percentile(known, NEARLY_ALL)


def movers(customers: Sequence[CustomerImpact], count: int) -> tuple[CustomerImpact, ...]:
    """Those whose amount moves most, up or down."""
    moved = [c for c in customers if c.change]
    return tuple(sorted(moved, key=lambda c: (-abs(c.change or ZERO), c.customer.code))[:count])


def _grouped(
    customers: Iterable[CustomerImpact], parts: Callable[[CustomerImpact], Sequence[_Part]]
) -> tuple[Sums, ...]:
    groups: dict[str, list[_Part]] = {}  # by their names, each with its currency in place of it
    for customer in customers:
        for name, old, new in parts(customer):
            groups.setdefault(name, []).append((customer.currency, old, new))
    return tuple(sums for name, pairs in groups.items() for sums in _sums(name, pairs))


def _sums(name: str, pairs: Sequence[_Part]) -> tuple[Sums, ...]:
    found = []
    for currency in dict.fromkeys(currency for currency, _, _ in pairs):
        here = [(old, new) for of, old, new in pairs if of == currency and old is not None and new is not None]
        old, new = sum((o for o, _ in here), ZERO), sum((n for _, n in here), ZERO)
        more, less = sum(n > o for o, n in here), sum(n < o for o, n in here)
        found.append(Sums(name, currency, old, new, more, less, len(here) - more - less))
    return tuple(found)
