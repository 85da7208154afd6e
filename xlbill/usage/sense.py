"""Whether a month's figures make sense beside each other: days that are missing, and days that stand out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache, partial
from itertools import groupby
from statistics import median

from xlbill.methods import EACH
from xlbill.periods import Month
from xlbill.problems import Fact
from xlbill.sheets.values import date_of
from xlbill.usage.findings import Findings
from xlbill.usage.ledger import SeriesDraft, Tally

JUMP = 20  # times the median of the other days
DAYS_TO_COMPARE = 10
LEAST_MEDIAN = 1
NEARLY_ALL = 9  # days of ten


def check_sense(ledger: Tally, month: Month, opened: Mapping[str, date], findings: Findings) -> None:
    """Look at all series of a month, those of one app's meter together; `opened` is an app's first day."""
    ordered = sorted(ledger.drafts, key=lambda d: (d.app, d.meter.code))
    days_since = cache(partial(_days_since, month))
    for _, group in groupby(ordered, key=lambda d: (d.app, d.meter.code)):
        series = tuple(group)
        with ledger.looked_at(series):
            _check_month_and_days(series, findings)
            expected = days_since(opened.get(series[0].app, month.start))
            _check_missing_days(series, expected, findings)
            for draft in series:
                if draft.meter.by_day == EACH:
                    _check_samples(draft, expected, findings)
                else:
                    _check_jumps(draft, ledger, findings)


def _check_month_and_days(series: tuple[SeriesDraft, ...], findings: Findings) -> None:
    """A figure for the month beside figures of days: nobody knows whether it is their sum.

    Sums of other dimensions can stand side by side; a month's peak, last or average cannot be combined with days.
    """
    alike = (series,) if series[0].meter.method != "sum" else tuple((draft,) for draft in series)
    for drafts in alike:
        whole = any(None in draft.days for draft in drafts)
        if whole and any(len(draft.days) > 1 or None not in draft.days for draft in drafts):
            findings.tell("month-and-days", drafts[0].place, drafts[0].app, None, subject=drafts[0].meter.code)


def _days_since(month: Month, since: date) -> tuple[date, ...]:
    return tuple(day for day in month.period if day >= since)


def _check_missing_days(series: tuple[SeriesDraft, ...], expected: Sequence[date], findings: Findings) -> None:
    """Tell days that lack a figure, of those on which one is expected of the app.

    A meter that is measured each day has each day of the month from its app's first one on, in some dimension. What
    has a figure on nearly all of these days has probably lost the others: a cell was left blank, a row forgotten.
    """
    told: list[date] = []
    if series[0].meter.daily:
        told = _tell_missing(series, expected, series[0].meter.code, findings)
    by_number = groupby(sorted(series, key=lambda draft: draft.number), key=lambda draft: draft.number)
    for thing in (tuple(drafts) for _, drafts in by_number):  # in whatever units
        if 10 * len(expected) > 10 * len(_days_of(thing).intersection(expected)) >= NEARLY_ALL * len(expected):
            _tell_missing(thing, [day for day in expected if day not in told], _name(thing[0]), findings)


def _tell_missing(
    series: tuple[SeriesDraft, ...], expected: Iterable[date], subject: str, findings: Findings
) -> list[date]:
    """Tell the days that none of the series has, and return them; a figure for the month as a whole lacks none."""
    days = _days_of(series)
    missing = [day for day in expected if day not in days] if None not in days else []
    if missing:
        facts: dict[str, Fact] = {"subject": subject, "count": len(missing), "days": spans(missing)}
        findings.tell("days-missing", series[0].place, series[0].app, None, **facts)
    return missing


def _days_of(series: Iterable[SeriesDraft]) -> set[date | None]:
    days = set[date | None]().union(*(draft.days for draft in series))
    return {None if day is None else date_of(day) for day in days} if datetime in set(map(type, days)) else days


def _name(draft: SeriesDraft) -> str:
    return draft.meter.code if draft.dimension is None else f"{draft.meter.code}:{draft.dimension}"


def _check_samples(draft: SeriesDraft, expected: Sequence[date], findings: Findings) -> None:
    """A meter that is sampled every so many minutes has so many figures each day that is expected of its app."""
    minutes = draft.meter.sample_minutes
    if minutes is None or None in draft.days:
        return
    each_day, sampled = 24 * 60 // minutes, Counter(date_of(day) for day in draft.days if day is not None)
    missing = sum(max(each_day - sampled[day], 0) for day in expected)
    if missing:
        short = spans(day for day in expected if sampled[day] < each_day)
        facts: dict[str, Fact] = {"count": missing, "of": each_day * len(expected), "days": short}
        findings.tell("samples-missing", draft.place, draft.app, None, subject=draft.meter.code, **facts)


def _check_jumps(draft: SeriesDraft, ledger: Tally, findings: Findings) -> None:
    """A day with more than 20 times the median of the other days, where there are ten others or more.

    The median does not move with the one day that is looked at, as an average would; meters that are zero on most
    days are not compared.
    """
    ordered = sorted(entry[0] for day, entry in draft.days.items() if day is not None)
    middle = len(ordered) // 2
    if len(ordered) <= DAYS_TO_COMPARE or 2 * ordered[-1] <= JUMP * (ordered[middle] + ordered[~middle]):
        return
    figures = {day: entry[0] for day, entry in draft.days.items() if day is not None}
    for day, figure in figures.items():
        usual = median(other for when, other in figures.items() if when != day)
        if usual >= LEAST_MEDIAN and figure > JUMP * usual:
            place = ledger.place(draft.days[day])
            facts: dict[str, Fact] = {"found": f"{figure:,f}", "usual": f"{usual:,f}"}
            facts |= {"subject": draft.meter.code, "day": str(day)}
            findings.tell("usage-jumps", place, draft.app, None, **facts)


def spans(days: Iterable[date]) -> str:
    """Days of one month as people write them: 3, 7–9, 30."""
    found: list[list[int]] = []
    for day in days:
        if found and day.day == found[-1][-1] + 1:
            found[-1][1:] = [day.day]
        else:
            found.append([day.day])
    return ", ".join("–".join(map(str, span)) for span in found)
