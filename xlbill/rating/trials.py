"""Trials: what a product's first days give away, dimension by dimension.

A quota is used before anything is charged, within its days, and is free for each model of its medium (linked pages,
"Moderation"; docs/decisions.md, trials). A trial that goes over a month's end carries the rest of its quota on.
"""

from collections.abc import Mapping

from xlbill.balances import NOTHING, Balance, BalanceKey
from xlbill.book.objects import Charge, Trial
from xlbill.language import Label
from xlbill.periods import Period
from xlbill.problems import Fact, Problems
from xlbill.rating.app_month import AppMonth
from xlbill.rating.figures import Figure, given
from xlbill.rating.metering import InDays, Measured, within
from xlbill.rating.results import results


def trial_gifts(
    app_month: AppMonth,
    tier: Charge,
    measured: Measured,
    in_stage: InDays,
    balances: Mapping[BalanceKey, Balance],
    found: Problems,
) -> list[tuple[Figure, Balance]]:
    """What an app's trials give away of a charge's usage, and what is left of their quotas."""
    gifts = []
    for trial in app_month.book.trials:
        days = (
            trial_days(app_month, trial)
            if trial.product.code == tier.product.code and _is_tried(trial, tier, measured)
            else None
        )
        during = days.overlap(app_month.month.period) if days else None
        if days is None or during is None:
            continue
        if measured.has_month_figures():
            found.add("needs-daily-usage", measured.place, app=app_month.app.code, item=tier.item)
            continue
        quota = _rest_of_quota(app_month, trial, tier, days, balances, found)
        if quota is not None:
            in_trial = within([during])
            used = measured.quantity("used", lambda day, of=in_trial: in_stage(day) and of(day))  # type: ignore[misc]
            of = Label(f"{tier.item} 的试用额度", f"the trial of {tier.item}")
            tried = results(trial.model, {"quantity": used, "quota": quota}, trial.place, of, found)
            if tried is not None:
                gifts.append((tried["included"], _balance(app_month, tier, days, quota, tried["included"])))
    return gifts


def trial_days(app_month: AppMonth, trial: Trial) -> Period | None:
    """The days of a trial: from the first order of its product on."""
    starts = [term.period.start for term in app_month.terms if term.item.product.code == trial.product.code]
    if not starts:
        return None
    first = min(starts)
    return Period(first, first.fromordinal(first.toordinal() + trial.days))


def _is_tried(trial: Trial, tier: Charge, measured: Measured) -> bool:
    dimension = measured.meter.dimensions.get(tier.dimension) if tier.dimension else None
    return trial.of == measured.meter.code or (dimension is not None and dimension.medium == trial.of)


def _rest_of_quota(
    app_month: AppMonth,
    trial: Trial,
    tier: Charge,
    days: Period,
    balances: Mapping[BalanceKey, Balance],
    found: Problems,
) -> Figure | None:
    """A trial's quota, or what last month left of it."""
    if days.start >= app_month.month.start:
        return given("quota", trial.quota, trial.place)
    key: BalanceKey = (app_month.debtor, app_month.app.code, "trial", tier.item, days.start)
    if key in balances:
        return given("quota", balances[key].closing)
    facts: dict[str, Fact] = {
        "app": app_month.app.code,
        "of": tier.item,
        "since": str(days.start),
        "month": str(app_month.month.plus(-1)),
    }
    found.add("balance-missing", app_month.app.place, None, **facts)
    return None


def _balance(app_month: AppMonth, tier: Charge, days: Period, quota: Figure, gift: Figure) -> Balance:
    opening, drawn = quota.number, gift.number
    lapsed = opening - drawn if days.last in app_month.month.period else NOTHING
    whose = (app_month.debtor, app_month.app.code)
    left = opening - drawn - lapsed
    return Balance(*whose, "trial", tier.item, days.start, days.last, opening, drawn, left, lapsed)
