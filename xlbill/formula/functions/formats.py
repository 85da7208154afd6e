"""TEXT with the formats that mean the same in every locale and program.

>>> text(Decimal("1234.5"), "¥#,##0.00"), text(Decimal(45322), "mmm d, yyyy")
('¥1,234.50', 'Jan 31, 2024')

A number's format has signs and words around it, in quotes where they are letters of the Latin alphabet; a date's has
names of months and days in English. Formats of one locale ([DBNum2], [$-804]) are refused when a formula is read.
https://support.microsoft.com/office/text-function-20d5ac4d-7b94-49fd-bb38-93d29371225c
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from ..arithmetic import FLOOR, HALF_UP, multiply, round_at, whole
from ..coercion import general, number_of
from ..serial import LAST_SERIAL, civil
from ..values import ZERO, ExcelError, Number, Value, is_number

SUPPORTED = (
    "0", "0.00", "0.##", "#,##0", "#,##0.00", "0%", "0.00%", "¥#,##0.00", "0.00元", "yyyy-mm-dd", "yyyy/mm/dd",
    "0.0;(0.0)", "0.00;-0.00;—", "mmm d, yyyy", "yyyy-mm-dd hh:mm", "hh:mm:ss", "General", "@",
)  # fmt: skip

_WORDS = r'(?:"[^"]*"|\\.|[$+() -]|[^\x00-\x7f０-９])*'  # beside a number; a letter would be a date's or a sign's
_NUMBER = re.compile(
    rf"(?P<before>{_WORDS})(?P<units>#,##0|#|0{{1,15}})(?:\.(?P<places>0{{0,15}})(?P<more>#{{0,15}}))?"
    rf"(?P<percent>%?)(?P<after>{_WORDS})",
    re.DOTALL,
)
_SECTION = re.compile(r'(?:"[^"]*"|\\.|[^;"\\])*', re.DOTALL)
_MOST_SECTIONS = 3  # above 0, below it, and 0; a fourth would be for texts
_DAY = 86_400  # seconds
_QUOTED = re.compile(r'"([^"]*)"|\\(.)', re.DOTALL)
_DATE_PIECE = re.compile(
    r"(?<!y)(?:yy|yyyy)(?!y)|(?<!m)m{1,4}(?!m)|(?<!d)d{1,4}(?!d)|(?<!h)hh?(?!h)|(?<!s)ss?(?!s)"
    r'|"[^"]*"|\\.|[-/.,: 年月日时分秒]',
    re.IGNORECASE | re.DOTALL,
)

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@lru_cache(1_024)
def is_supported(pattern: str) -> bool:
    """Whether TEXT can use a format: a number with words around it, a section for each sign, or a date and a time."""
    if len(sections := _sections(pattern)) == 1:
        return _is_plain(pattern) or _is_date(pattern) or bool(_NUMBER.fullmatch(pattern))
    return len(sections) <= _MOST_SECTIONS and all(_number_format(section) is not None for section in sections)


@lru_cache(1_024)
def _sections(pattern: str) -> tuple[str, ...]:
    """The parts of a format between semicolons that are not quoted."""
    sections, at = [], 0
    while True:
        found = _SECTION.match(pattern, at)
        at = found.end() if found is not None else len(pattern)
        sections.append(found[0] if found is not None else "")
        if pattern[at : at + 1] != ";":
            return (*sections[:-1], sections[-1] + pattern[at:])
        at += 1


def _is_plain(pattern: str) -> bool:
    return pattern.upper() in ("GENERAL", "@")


@lru_cache(1_024)
def _is_date(pattern: str) -> bool:
    letters = _QUOTED.sub("", pattern).lower()
    return not _DATE_PIECE.sub("", pattern) and any(letter in "ymdhs" for letter in letters)


def text(content: Value, pattern: str) -> str | ExcelError:
    """TEXT(0.06, "0%") is "6%"; a text that spells no number stays as it is."""
    if isinstance(content, bool):
        return "TRUE" if content else "FALSE"
    if isinstance(content, str):
        spelled = number_of(content)
        if isinstance(spelled, ExcelError):
            return content
        content = spelled
    number = content if is_number(content) else ZERO
    if not pattern:
        return ""
    if _is_plain(pattern):
        return general(number)
    if _is_date(pattern):
        return _date(number, pattern)
    if not is_supported(pattern):
        return ExcelError.VALUE
    sections = _sections(pattern)
    if len(sections) > 1:
        number, pattern = _of_its_sign(number, sections)
    found = _number_format(pattern)
    return _decimals(number, found) if found else ExcelError.VALUE


def _of_its_sign(number: Number, sections: Sequence[str]) -> tuple[Number, str]:
    """The section of a number's sign, and the number as it shows it: the one for what is below 0 has its own sign.

    0 has the third section, or the first where there are two.
    """
    if number == 0:
        return number, sections[2] if len(sections) == _MOST_SECTIONS else sections[0]
    if number > 0:
        return number, sections[0]
    return number.copy_abs() if isinstance(number, Decimal) else -number, sections[1]


@dataclass(frozen=True, slots=True)
class _NumberFormat:
    """A number's format, read: `¥#,##0.0#` has `¥` before its units, one place at least, and two at the most.

    Without units it is a section of words alone.
    """

    before: str
    units: str
    least: int
    most: int
    point: str
    percent: str
    after: str


@lru_cache(1_024)  # those of a price book and a template are some dozen
def _number_format(pattern: str) -> _NumberFormat | None:
    if re.fullmatch(_WORDS, pattern, re.DOTALL):
        return _NumberFormat(_QUOTED.sub(_said, pattern), "", 0, 0, "", "", "")
    found = _NUMBER.fullmatch(pattern)
    if found is None:
        return None
    before, after = (_QUOTED.sub(_said, found[part]) for part in ("before", "after"))
    places, more = found["places"] or "", found["more"] or ""
    point = "." if found["places"] is not None else ""
    return _NumberFormat(before, found["units"], len(places), len(places + more), point, found["percent"], after)


def _decimals(number: Number, pattern: _NumberFormat) -> str | ExcelError:
    units, least = pattern.units, pattern.least
    if not units:
        return pattern.before
    shown = multiply(number, Decimal(100)) if pattern.percent else number
    rounded = shown if isinstance(shown, ExcelError) else round_at(shown, pattern.most, HALF_UP)
    if not isinstance(rounded, Decimal):
        return ExcelError.VALUE
    whole_part, _, places = format(rounded.copy_abs(), f"{',' if ',' in units else ''}.{pattern.most}f").partition(".")
    places = places[:least] + places[least:].rstrip("0")
    if units == "#":
        whole_part = whole_part.lstrip("0")
    elif "," not in units:
        whole_part = whole_part.rjust(len(units), "0")
    sign = "-" if rounded < 0 else ""
    return f"{sign}{pattern.before}{whole_part}{pattern.point}{places}{pattern.percent}{pattern.after}"


def _said(quoted: re.Match[str]) -> str:
    return quoted[1] if quoted[2] is None else quoted[2]


def _date(number: Number, pattern: str) -> str | ExcelError:
    """A date and a time in digits and names; seconds are rounded where they are shown, and else cut off."""
    pieces = [found[0] for found in _DATE_PIECE.finditer(pattern)]
    seconds = whole(Fraction(number) * _DAY, HALF_UP if any(piece[0] in "sS" for piece in pieces) else FLOOR)
    serial, seconds = divmod(seconds, _DAY)
    if not 0 <= serial <= LAST_SERIAL:
        return ExcelError.VALUE
    parts, minutes = _parts(serial, seconds), _minutes(pieces)
    spelled = [parts.get("n" * len(p) if i in minutes else p.lower(), p) for i, p in enumerate(pieces)]
    return "".join(_QUOTED.sub(_said, piece) for piece in spelled)


def _minutes(pieces: Sequence[str]) -> Collection[int]:
    """Which pieces are minutes: an m or mm after the hours or before the seconds; others are months."""
    parts = [(index, piece.lower()) for index, piece in enumerate(pieces) if piece[0] in "yYmMdDhHsS"]
    after_hours = {index for (_, before), (index, _) in pairwise(parts) if before[0] == "h"}
    before_seconds = {index for (index, _), (_, behind) in pairwise(parts) if behind[0] == "s"}
    return {index for index in after_hours | before_seconds if pieces[index].lower() in ("m", "mm")}


def _parts(serial: int, seconds: int) -> Mapping[str, str]:
    """What each piece of a date's format shows; n and nn are the minutes."""
    year, month, day = civil(serial)
    weekday = (serial - 2) % 7  # after Monday
    figures = {"m": month, "d": day, "h": seconds // 3600, "n": seconds // 60 % 60, "s": seconds % 60}
    parts = {"yyyy": str(year), "yy": f"{year % 100:02d}", "mmm": _MONTHS[month - 1][:3], "mmmm": _MONTHS[month - 1]}
    parts |= {"ddd": _DAYS[weekday][:3], "dddd": _DAYS[weekday]}
    return parts | {letter: str(n) for letter, n in figures.items()} | {2 * a: f"{n:02d}" for a, n in figures.items()}
