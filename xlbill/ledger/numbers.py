"""Numbers of invoices and credit notes: gapless per series, by the seller's own pattern, in the order of issue.

A pattern is text with fields in braces: `{year}{month}-{seq:05}` gives 202605-00001. The year and the month are those
of the date of issue, `{period}` is the month that is billed; `{currency}` and `{region}` make a series for each. A
series is all that a number says beside its `{seq}`: where the rest changes, counting begins again with 1.

>>> pattern = parse_pattern("{currency}-{year}-{seq:04}")
>>> pattern.number({"currency": "CNY", "year": "2026"}, 7)
Number(text='CNY-2026-0007', series='CNY-2026-{seq}', seq=7)
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from xlbill.cells import NOWHERE, Place
from xlbill.language import Label
from xlbill.ledger.records import Number
from xlbill.periods import Month
from xlbill.problems import Problem, problem

FIELDS = ("year", "month", "period", "currency", "region", "seq")
FIXED = frozenset({"year", "month", "period"})
"""Fields of always the same number of digits: `{seq}` may stand right beside them and still be told apart."""
MOST_LETTERS = 32
INVOICES, CREDITS = "{year}{month}-{seq:05}", "CN{year}{month}-{seq:05}"

_FIELD = re.compile(r"\{([a-z]+)(?::(0?)([1-9][0-9]?))?\}")
_TEXT = re.compile(r"[\w./#-]*", re.ASCII)  # what survives in a file's name, a bank's form and a csv


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that can be used: its text, and the least digits of its `{seq}`."""

    text: str
    digits: int

    def number(self, fields: Mapping[str, str], seq: int) -> Number:
        """The number that a place in a series gives."""
        series = self.series(fields)
        return Number(series.replace("{seq}", f"{seq:0{self.digits}d}"), series, seq)

    def series(self, fields: Mapping[str, str]) -> str:
        """The series of a number: all of it but `{seq}`."""
        return _FIELD.sub(lambda match: "{seq}" if match[1] == "seq" else fields[match[1]], self.text)


@dataclass(frozen=True, slots=True)
class Numbering:
    """How a seller numbers invoices and credit notes."""

    invoices: Pattern
    credits: Pattern


def fields_of(issued: date, period: Month, currency: str, region: str) -> dict[str, str]:
    """What the fields of a pattern stand for."""
    return {
        "year": f"{issued.year:04d}",
        "month": f"{issued.month:02d}",
        "period": f"{period.year:04d}{period.number:02d}",
        "currency": currency,
        "region": region,
    }


def parse_numbering(
    invoices: str = INVOICES, notes: str = CREDITS, place: Place = NOWHERE
) -> tuple[Numbering | None, list[Problem]]:
    """The numbering of two patterns; None and what is wrong with them where they cannot be used."""
    patterns, found = [], []
    for text in (invoices, notes):
        pattern = parse_pattern(text)
        if isinstance(pattern, Pattern):
            patterns.append(pattern)
        else:
            found.append(problem("number-pattern-bad", place, found=text, why=pattern, usual=INVOICES))
    if found:
        return None, found
    if _skeleton(invoices) == _skeleton(notes):
        why = Label("账单与贷项的编号规则相同", "invoices and credit notes would share their numbers")
        return None, [problem("number-pattern-bad", place, found=notes, why=why, usual=CREDITS)]
    return Numbering(*patterns), []


def parse_pattern(text: str) -> Pattern | Label:
    """A pattern, or why it cannot be used."""
    rest = _FIELD.sub("", text)
    names = [match[1] for match in _FIELD.finditer(text)]
    unknown = [name for name in names if name not in FIELDS]
    if unknown or "{" in rest or "}" in rest:
        known = "、".join(f"{{{name}}}" for name in FIELDS)
        return Label(f"只能使用 {known}", f"only {known.replace('、', ', ')} may stand in braces")
    if names.count("seq") != 1:
        return Label("必须恰有一个 {seq}", "it must have {seq} exactly once")
    if any(match[3] and (match[1] != "seq" or not match[2]) for match in _FIELD.finditer(text)):
        return Label("位数只用于 {seq}，写作 {seq:05}", "digits are for {seq} alone, written {seq:05}")
    if not _TEXT.fullmatch(rest) or text.startswith((".", "-", "/")):
        return Label("只能含字母、数字与 - _ . / #", "only letters, digits and - _ . / # may stand in it")
    if len(rest) > MOST_LETTERS:
        return Label(f"最多 {MOST_LETTERS} 个字符", f"it may have {MOST_LETTERS} letters at most")
    if _runs_together(text):
        return Label("{seq} 旁应有分隔符，否则两个编号会相同", "{seq} needs a separator, or two numbers could be one")
    digits = next(int(match[3] or 1) for match in _FIELD.finditer(text) if match[1] == "seq")
    return Pattern(text, digits)


def _runs_together(text: str) -> bool:
    """Whether `{seq}` stands beside a field whose end cannot be told from its beginning."""
    beside = re.search(r"(?:\{([a-z]+)\})?\{seq[^}]*\}(?:\{([a-z]+)\})?", text)
    fields = {name for name in (beside.groups() if beside else ()) if name is not None}
    return bool(fields - FIXED)


def _skeleton(text: str) -> str:
    """A pattern without the width of its `{seq}`, by which two patterns are the same."""
    return _FIELD.sub(lambda match: f"{{{match[1]}}}", text)
