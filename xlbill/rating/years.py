"""The year so far: what a price or a commitment counts over all months of a year, carried from month to month.

A ladder over the year's usage, an allowance that lasts all year, and the truing up of a yearly commitment need what
the earlier months came to. It is carried as a balance that grows: opening, used, closing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from xlbill.balances import Balance, BalanceKey
from xlbill.book.objects import Charge, YearKind
from xlbill.cells import Place
from xlbill.language import Label
from xlbill.periods import Month, Period
from xlbill.problems import Fact, Problems
from xlbill.rating.app_month import AppMonth
from xlbill.rating.bill import PackBalance
from xlbill.rating.figures import Figure, computed, given, our, total

MONTHS, NOTHING = 12, Decimal(0)
AND_USED = our("=opening+used")
SO_FAR = Label("本年累计", "the year so far")


@dataclass(slots=True)
class YearCount:
    """One thing that is counted over a period of months, while this month adds to it."""

    key: BalanceKey
    title: Label
    unit: Label | None
    period: Period
    opening: Figure
    used: list[Figure] = field(default_factory=list)

    @property
    def so_far(self) -> Figure:
        """What it came to before what is counted next."""
        if not self.used:
            return self.opening
        return computed("so_far", AND_USED, {"opening": self.opening, "used": self._used()})

    def balance(self) -> PackBalance:
        """Its month, as the bill shows it."""
        _, app, _, of, _ = self.key
        used = self._used()
        closing = computed("closing", AND_USED, {"opening": self.opening, "used": used})
        days = (self.period.start, self.period.last)
        return PackBalance(app, of, self.title, self.unit, *days, self.opening, used, closing, kind="count")

    def carried(self) -> Balance:
        """What the next month opens with: a balance that grows is one of which less than nothing is drawn."""
        opening, used = self.opening.number, self._used().number
        return Balance(*self.key, self.period.last, opening, -used, opening + used)

    def _used(self) -> Figure:
        return self.used[0] if len(self.used) == 1 else total("used", tuple(self.used))


def year_of_charge(
    tier: Charge, app: str, app_months: Sequence[AppMonth], balances: Mapping[BalanceKey, Balance], found: Problems
) -> YearCount | None:
    """What a usage price counts over the year, as this month opens; None where it counts by the month."""
    if tier.year is None:
        return None
    here, month = app_months[0], app_months[0].month
    period = _year(tier.year, tier.product.code, app_months)
    if period is None:
        found.add("year-start-unknown", here.app.place, app=app or here.app.code, item=tier.item, row=str(tier.place))
        return None
    title = Label(f"{tier.name.text('zh')} · {SO_FAR.zh}", f"{tier.name.text('en')} · {SO_FAR.en}")
    since_month = any(_first_day(each) < month.start for each in app_months)
    key: BalanceKey = (here.debtor, app or pooling(here), "year", tier.item, period.start)
    opening = opening_of_year(key, period, month, since_month, balances, here.app.place, found)
    unit = tier.meter.unit if tier.meter is not None else None
    return YearCount(key, title, unit, period, opening) if opening is not None else None


def opening_of_year(
    key: BalanceKey,
    period: Period,
    month: Month,
    began_earlier: bool,
    balances: Mapping[BalanceKey, Balance],
    place: Place,
    found: Problems,
) -> Figure | None:
    """What earlier months of a period came to; nothing in its first month, and where there were none."""
    if key in balances and period.start < month.start:
        return given("so_far", balances[key].closing)
    if period.start >= month.start or not began_earlier or found.where == "worked-bills":
        return given("so_far", 0)
    facts: dict[str, Fact] = {"app": key[1], "of": key[3], "since": str(period.start), "month": str(month.plus(-1))}
    found.add("balance-missing", place, None, **facts)
    return None


def period_of_months(start: date, months: int, month: Month) -> Period:
    """The period of so many months, counted from that of a day, in which a month lies."""
    first = Month.of(start)
    passed = (month.year - first.year) * MONTHS + month.number - first.number
    begin = first.plus(passed // months * months)
    return Period(begin.start, begin.plus(months).start)


def untouched(
    balances: Mapping[BalanceKey, Balance], customer: str, counts: Iterable[YearCount], month: Month
) -> list[Balance]:
    """The counts of a customer to which this month added nothing because no price asked for them; they go on."""
    touched = {count.key for count in counts}
    return [
        Balance(*key, held.expires, held.closing, NOTHING, held.closing)
        for key, held in balances.items()
        if key[0] == customer and key[2] == "year" and key not in touched and (held.expires or date.max) >= month.start
    ]


def _year(kind: YearKind, product: str, app_months: Sequence[AppMonth]) -> Period | None:
    month = app_months[0].month
    if kind == "calendar":
        return Period(date(month.year, 1, 1), date(month.year + 1, 1, 1))
    starts = [term.period.start for each in app_months for term in each.terms if term.item.product.code == product]
    opened = [each.app.opened for each in app_months if each.app.opened is not None]
    first = min(starts or opened, default=None)
    return period_of_months(first, MONTHS, month) if first is not None and Month.of(first) <= month else None


def pooling(app_month: AppMonth) -> str:
    """Whose pooled usage it is, in place of an app's code: blank where it is the debtor's own."""
    return app_month.app.customer if app_month.app.customer != app_month.debtor else ""


def _first_day(app_month: AppMonth) -> date:
    """The first day on which an app can have used anything, as far as the accounts know."""
    starts = [term.period.start for term in app_month.terms]
    return min([*starts, *([app_month.app.opened] if app_month.app.opened is not None else [])], default=date.min)
