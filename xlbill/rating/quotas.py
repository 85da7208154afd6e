"""Quotas: what a stage of usage includes, from its plans, by days where their price row says so, and from a trial."""

from collections.abc import Mapping
from dataclasses import replace

from xlbill.balances import Balance, BalanceKey
from xlbill.book.objects import Parameter
from xlbill.language import Label
from xlbill.problems import Problems
from xlbill.rating.fees import DAYS, DAYS_OF_MONTH
from xlbill.rating.figures import Figure, computed, given, total
from xlbill.rating.metering import Measured, within
from xlbill.rating.price_spans import PlanSpan, PriceSpan
from xlbill.rating.results import NameLookup, parameter_figure, results
from xlbill.rating.trials import trial_gifts


def plan_quotas(
    span: PriceSpan,
    number: int,
    measured: Measured | None,
    agreed: Figure | None,
    look_up: NameLookup,
    found: Problems,
) -> list[Figure]:
    """The quotas of a span's plans, of its tier of a number; `agreed` is a contract's in place of the list's.

    Where quotas are not apportioned, each app's is that of the peak's day, or else of its last.
    """
    quotas = []
    peak = None
    if measured is not None and measured.method.plans == "peak" and len(span.parts) > 1:
        peak = measured.day_of_peak(within(span.periods))
    for app in dict.fromkeys(part.app_month.app.code for part in span.parts):
        parts = [part for part in span.parts if part.app_month.app.code == app]
        if not any(part.tiers[number].prorate for part in parts):
            parts = [span.part_on(app, peak)]
        parts = list({part.granted: part for part in parts}.values())  # a plan that is sold on and off grants once
        quotas += [quota for part in parts if (quota := _quota(part, number, agreed, look_up, found)) is not None]
    return quotas


def trial_quotas(
    span: PriceSpan,
    number: int,
    measured: Measured,
    balances: Mapping[BalanceKey, Balance],
    found: Problems,
) -> list[tuple[Figure, Balance]]:
    """What the trials of a span's apps give away, and what goes on to the next month."""
    app_months = {part.app_month.app.code: part.app_month for part in span.parts}.values()
    tier, days = span.tiers[number], within(span.periods)
    return [gift for each in app_months for gift in trial_gifts(each, tier, measured, days, balances, found)]


def together(quotas: list[Figure]) -> Figure | None:
    """Several quotas as one figure, None where there are none."""
    return total("included", tuple(quotas)) if len(quotas) > 1 else quotas[0] if quotas else None


def _quota(part: PlanSpan, number: int, agreed: Figure | None, look_up: NameLookup, found: Problems) -> Figure | None:
    """One plan's included quantity, apportioned where it covers only a part of the month."""
    tier = part.tiers[number]
    parameter: Parameter | None = tier.parameters.get("included")
    quota = agreed or (parameter_figure("included", parameter, look_up) if parameter else None)
    if quota is None or tier.prorate is None or part.granted == part.app_month.month.period:
        return quota
    start, end = given("start", part.granted.start), given("end", part.granted.last)
    inputs = {
        "quota": replace(quota, name="quota"),
        "start": start,
        "end": end,
        "days": computed("days", DAYS, {"start": start, "end": end}),
        "of_days": computed("of_days", DAYS_OF_MONTH, {"start": start}),
    }
    of = Label(f"{tier.item} 的额度分摊", f"the apportioned quota of {tier.item}")
    figures = results(tier.prorate, inputs, tier.place, of, found)
    return figures["included"] if figures is not None else None
