"""Quotas: what a stage of usage includes, from its plans, by days where their price row says so, and from a trial."""

from collections.abc import Mapping
from dataclasses import replace

from xlbill.balances import Balance, BalanceKey
from xlbill.book.objects import Parameter
from xlbill.problems import Problems
from xlbill.rating.fees import DAYS, DAYS_OF_MONTH
from xlbill.rating.figures import Figure, computed, given, total
from xlbill.rating.lines import NameLookup, apply, parameter_figure
from xlbill.rating.metering import Measured, within
from xlbill.rating.trials import trial_gifts
from xlbill.rating.usage_prices import Share, Stage


def plan_quotas(
    stage: Stage, number: int, measured: Measured | None, agreed: Figure | None, look_up: NameLookup
) -> list[Figure]:
    """The quotas of the plans of a stage, of its tier of a number; `agreed` is a contract's in place of the list's.

    Where quotas are not apportioned, each app's is that of the peak's day, or else of its last.
    """
    quotas = []
    peak = measured.day_of_peak(within(stage.periods)) if measured and measured.meter.month == "peak" else None
    for app in dict.fromkeys(share.scene.app.code for share in stage.shares):
        shares = [share for share in stage.shares if share.scene.app.code == app]
        if not any(share.tiers[number].prorate for share in shares):
            shares = [stage.share_on(app, peak)]
        quotas += [quota for share in shares if (quota := _quota(share, number, agreed, look_up)) is not None]
    return quotas


def trial_quotas(
    stage: Stage,
    number: int,
    measured: Measured,
    balances: Mapping[BalanceKey, Balance],
    found: Problems,
) -> list[tuple[Figure, Balance]]:
    """What the trials of a stage's apps give away, and what goes on to the next month."""
    scenes = {share.scene.app.code: share.scene for share in stage.shares}.values()
    tier, days = stage.tiers[number], within(stage.periods)
    return [gift for scene in scenes for gift in trial_gifts(scene, tier, measured, days, balances, found)]


def together(quotas: list[Figure]) -> Figure | None:
    """Several quotas as one figure, None where there are none."""
    return total("included", tuple(quotas)) if len(quotas) > 1 else quotas[0] if quotas else None


def _quota(share: Share, number: int, agreed: Figure | None, look_up: NameLookup) -> Figure | None:
    """One plan's included quantity, apportioned where it covers only a part of the month."""
    tier = share.tiers[number]
    parameter: Parameter | None = tier.parameters.get("included")
    quota = agreed or (parameter_figure("included", parameter, look_up) if parameter else None)
    if quota is None or tier.prorate is None or share.period == share.scene.month.period:
        return quota
    start, end = given("start", share.period.start), given("end", share.period.end)
    inputs = {
        "quota": replace(quota, name="quota"),
        "days": computed("days", DAYS, {"start": start, "end": end}),
        "of_days": computed("of_days", DAYS_OF_MONTH, {"start": start}),
    }
    return apply(share.scene.book.models[tier.prorate], inputs)["included"]
