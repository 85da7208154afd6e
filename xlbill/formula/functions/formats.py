"""TEXT with the formats that mean the same in every locale and program.

>>> text(Decimal("1234.5"), "#,##0.00")
'1,234.50'

Formats that depend on the locale ([DBNum2], [$-804], month names) are refused when a formula is read.
https://support.microsoft.com/office/text-function-20d5ac4d-7b94-49fd-bb38-93d29371225c
"""

from __future__ import annotations

import re
from decimal import Decimal

from ..arithmetic import FLOOR, HALF_UP, multiply, round_at, whole
from ..coercion import general, number_of
from ..serial import LAST_SERIAL, civil
from ..values import ZERO, ExcelError, Number, Value, is_number

SUPPORTED = ("0", "0.00", "#,##0", "#,##0.00", "0%", "0.00%", "yyyy-mm-dd", "yyyy/mm/dd", "General", "@")
_NUMBER = re.compile(r"(?P<units>#,##0|0{1,15})(?:\.(?P<places>0{1,15}))?(?P<percent>%?)")
_DATE_PARTS = re.compile(r"(?<!y)(?:yy|yyyy)(?!y)|(?<!m)mm?(?!m)|(?<!d)dd?(?!d)|[-/.年月日]", re.IGNORECASE)


def is_supported(pattern: str) -> bool:
    """Whether TEXT can use a format: zeros with decimals, thousands and percent, or a date in digits."""
    return _is_plain(pattern) or _is_date(pattern) or bool(_NUMBER.fullmatch(pattern))


def _is_plain(pattern: str) -> bool:
    return pattern.upper() in ("GENERAL", "@")


def _is_date(pattern: str) -> bool:
    return bool(pattern) and not _DATE_PARTS.sub("", pattern) and any(letter in "yYmMdD" for letter in pattern)


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
    found = _NUMBER.fullmatch(pattern)
    return _decimals(number, found) if found else ExcelError.VALUE


def _decimals(number: Number, pattern: re.Match[str]) -> str | ExcelError:
    units, places, percent = pattern["units"], len(pattern["places"] or ""), pattern["percent"]
    shown = multiply(number, Decimal(100)) if percent else number
    rounded = shown if isinstance(shown, ExcelError) else round_at(shown, places, HALF_UP)
    if not isinstance(rounded, Decimal):
        return ExcelError.VALUE
    spelled = format(rounded.copy_abs(), f"{',' if ',' in units else ''}.{places}f")
    width = len(units) + places + bool(places) if "," not in units else 0
    return f"{'-' if rounded < 0 else ''}{spelled.rjust(width, '0')}{percent}"


def _date(number: Number, pattern: str) -> str | ExcelError:
    serial = whole(number, FLOOR)
    if not 0 <= serial <= LAST_SERIAL:
        return ExcelError.VALUE
    year, month, day = civil(serial)
    parts = {"yyyy": str(year), "yy": f"{year % 100:02d}", "mm": f"{month:02d}", "m": str(month)}
    parts |= {"dd": f"{day:02d}", "d": str(day)}
    return _DATE_PARTS.sub(lambda part: parts.get(part[0].lower(), part[0]), pattern)
