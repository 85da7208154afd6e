"""Half-open stretches of days, months, and the terms of a subscription.

A period never is empty and never holds its end: no day lies in two terms. Months are counted from the anchor
day, never from the last date: a term that begins on 31 January goes 31 Jan, 28 Feb, 31 Mar.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from xlbill.made_again import MadeAgain


@dataclass(frozen=True, slots=True, order=True)
class Period(MadeAgain):
    """The days from `start` up to, not including, `end`."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"a period must end after it starts: {self.start} to {self.end}")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days

    @property
    def last(self) -> date:
        """The last day that belongs to it: what is printed."""
        return self.end - timedelta(days=1)

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def __iter__(self) -> Iterator[date]:
        return (self.start + timedelta(days=n) for n in range(self.days))

    def overlap(self, other: "Period") -> "Period | None":
        """The days that both have, None where they have none."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start < end else None

    def __str__(self) -> str:
        return f"{self.start} – {self.last}"


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month, written 2026-04."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1901 <= self.year <= 9998 and 1 <= self.number <= 12):
            raise ValueError(f"not a month: {self.year}-{self.number}")

    @classmethod
    def parse(cls, text: str) -> "Month | None":
        """2026-04, 2026/4, 202604 or 2026年4月; None for anything else."""
        match = re.fullmatch(r"\s*(\d{4})(?:[-/.年]?)(\d{1,2})月?\s*", text)
        if not match or not (1901 <= int(match[1]) <= 9998 and 1 <= int(match[2]) <= 12):
            return None
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month that a day lies in."""
        return cls(day.year, day.month)

    def plus(self, months: int) -> "Month":
        """The month so many months later."""
        year, number = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, number + 1)

    @cached_property
    def start(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @cached_property
    def period(self) -> Period:
        """Its days, as a half-open period."""
        return Period(self.start, self.plus(1).start)

    def day(self, number: int) -> date:
        """A day of it; its last one where it is too short."""
        return date(self.year, self.number, min(number, calendar.monthrange(self.year, self.number)[1]))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


def months_after(anchor: date, months: int) -> date:
    """The corresponding day so many months after the anchor; the last day of a month that is too short."""
    month = Month.of(anchor).plus(months)
    return date(month.year, month.number, min(anchor.day, calendar.monthrange(month.year, month.number)[1]))


def anniversary_terms(start: date, until: date, months: int = 1) -> Iterator[Period]:
    """The terms of a subscription that begin before `until`; the anchor day is kept (policy: 订阅日至次月对应日期)."""
    number = 0
    while (begin := months_after(start, number)) < until:
        number += months
        yield Period(begin, months_after(start, number))


def weekly_terms(start: date, until: date) -> Iterator[Period]:
    """The terms of seven days of a subscription that begin before `until`."""
    while start < until:
        end = start + timedelta(days=7)
        yield Period(start, end)
        start = end


def calendar_cycle(day: date, months: int = 1) -> Period:
    """The calendar months, quarters (3) or years (12) that a day lies in; they are counted from January."""
    first = Month(day.year, day.month - (day.month - 1) % months)
    return Period(first.start, first.plus(months).start)


def calendar_terms(start: date, until: date, months: int = 1) -> Iterator[Period]:
    """The terms of a subscription by calendar months that begin before `until`: the first may be a part of its own."""
    while start < until:
        end = calendar_cycle(start, months).end
        yield Period(start, end)
        start = end


def billing_day_terms(start: date, until: date, billing_day: int, months: int = 1) -> Iterator[Period]:
    """The terms from billing day to billing day that begin before `until`; the first is short, up to the next one.

    Where a month is too short, its last day stands for the billing day.
    """
    month = Month.of(start)
    if start > month.day(billing_day):
        month = month.plus(1)
    if start < min(until, month.day(billing_day)):
        yield Period(start, month.day(billing_day))
    while month.day(billing_day) < until:
        yield Period(month.day(billing_day), month.plus(months).day(billing_day))
        month = month.plus(months)


def billing_day_cycle(term: Period, billing_day: int, months: int = 1) -> Period:
    """The whole term that a term from billing day to billing day is, or is the end of where it is the short first."""
    return Period(Month.of(term.end).plus(-months).day(billing_day), term.end)
