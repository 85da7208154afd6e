"""Trials: what a product's first days give away, dimension by dimension.

A quota is used before anything is charged, within its days, and is free for each model of its medium (linked pages,
"Moderation"; DESIGN, decision 8). A trial that goes over a month's end carries the rest of its quota on.
"""

from collections.abc import Mapping

from xlbill.balances import Balance, BalanceKey
from xlbill.book.objects import Charge, Trial
from xlbill.periods import Period
from xlbill.problems import Fact, Problems
from xlbill.rating.figures import Figure, given
from xlbill.rating.lines import apply
from xlbill.rating.metering import InDays, Measured, within
from xlbill.rating.scene import Scene


def trial_gifts(
    scene: Scene,
    tier: Charge,
    measured: Measured,
    in_stage: InDays,
    balances: Mapping[BalanceKey, Balance],
    found: Problems,
) -> list[tuple[Figure, Balance]]:
    """What an app's trials give away of a charge's usage, and what is left of their quotas."""
    gifts = []
    for trial in scene.book.trials:
        days = trial_days(scene, trial) if trial.product == tier.product and _is_tried(trial, tier, measured) else None
        during = days.overlap(scene.month.period) if days else None
        if days is None or during is None:
            continue
        if measured.has_month_figures():
            found.add("needs-daily-usage", measured.place, app=scene.app.code, item=tier.item)
            continue
        quota = _rest_of_quota(scene, trial, tier, days, balances, found)
        if quota is not None:
            in_trial = within([during])
            used = measured.quantity("used", lambda day, of=in_trial: in_stage(day) and of(day))  # type: ignore[misc]
            gift = apply(scene.book.models[trial.model], {"quantity": used, "quota": quota})["included"]
            gifts.append((gift, _balance(scene, tier, days, quota, gift)))
    return gifts


def trial_days(scene: Scene, trial: Trial) -> Period | None:
    """The days of a trial: from the first order of its product on."""
    starts = [term.period.start for term in scene.terms if term.item.product == trial.product]
    if not starts:
        return None
    first = min(starts)
    return Period(first, first.fromordinal(first.toordinal() + trial.days))


def _is_tried(trial: Trial, tier: Charge, measured: Measured) -> bool:
    dimension = measured.meter.dimensions.get(tier.dimension) if tier.dimension else None
    return trial.of == measured.meter.code or (dimension is not None and dimension.medium == trial.of)


def _rest_of_quota(
    scene: Scene,
    trial: Trial,
    tier: Charge,
    days: Period,
    balances: Mapping[BalanceKey, Balance],
    found: Problems,
) -> Figure | None:
    """A trial's quota, or what last month left of it."""
    if days.start >= scene.month.start:
        return given("quota", trial.quota, trial.place)
    key: BalanceKey = (scene.app.code, "trial", tier.item, days.start)
    if key in balances:
        return given("quota", balances[key].closing)
    facts: dict[str, Fact] = {
        "app": scene.app.code,
        "of": tier.item,
        "since": str(days.start),
        "month": str(scene.month.plus(-1)),
    }
    found.add("balance-missing", scene.app.place, None, **facts)
    return None


def _balance(scene: Scene, tier: Charge, days: Period, quota: Figure, gift: Figure) -> Balance:
    opening, drawn = quota.number, gift.number
    app = scene.app
    return Balance(app.customer, app.code, "trial", tier.item, days.start, days.last, opening, drawn, opening - drawn)
