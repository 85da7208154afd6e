"""Number formats with the sign and the decimals of a currency, or with those that a figure really has.

>>> for_money('"¥"#,##0.00', Currency("JPY", 0)), with_decimals("#,##0", 3)
('"¥"#,##0', '#,##0.000')
"""

import re
from decimal import Decimal
from functools import cache

from xlbill.money import Currency

ISO_DATE = "yyyy-mm-dd"
MOST_DECIMALS = 8
_SIGN = re.compile(r'\[\$[^\]]*\]|"(?:HK|S|US)?[¥￥$€£₩]"|\\?[¥￥€£₩]|\\?\$(?![^\[]*\])')
_DIGITS = re.compile(r"(?P<units>[#?0,]*0)(?P<places>\.[0#?]+)?")
_DATE_CODES = re.compile(r"[ymdhs]", re.IGNORECASE)
_TIME_CODES = re.compile(r"[hs]", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


@cache
def for_money(number_format: str, currency: Currency) -> str:
    """A format of money with the currency's decimals, and its sign wherever the format has one."""
    sign = '"' + currency.symbol.replace('"', "") + '"'
    return with_decimals(_SIGN.sub(lambda match: sign, number_format), currency.decimals)


@cache
def with_decimals(number_format: str, decimals: int) -> str:
    """A format that shows so many decimals in each of its parts."""
    places = "." + "0" * decimals if decimals else ""
    return ";".join(_replace_places(part, places) for part in number_format.split(";"))


@cache
def aligned(number_format: str, decimals: int) -> str:
    """A format whose figures stand with their points below those of figures with so many decimals: blanks as wide.

    >>> aligned("#,##0.0", 3), aligned('"¥"#,##0', 2)
    ('#,##0.0_0_0', '"¥"#,##0_._0_0')
    """
    return ";".join(_padded(part, decimals) for part in number_format.split(";"))


def _padded(part: str, decimals: int) -> str:
    bare = _QUOTED.sub(lambda match: " " * len(match[0]), part)
    found = _DIGITS.search(bare)
    if found is None:
        return part
    own = len(found["places"] or ".") - 1
    blanks = ("" if own else "_.") + "_0" * (decimals - own)
    return part + blanks if own < decimals else part


def places_of(number_format: str) -> int:
    """How many decimals a format shows."""
    found = _DIGITS.search(_QUOTED.sub("", number_format.partition(";")[0]))
    return len((found["places"] if found is not None else None) or ".") - 1


def decimals_of(number: Decimal) -> int:
    """How many decimals a number really has, at most eight: 12.50 has one."""
    exponent = number.normalize().as_tuple().exponent
    return min(max(-exponent, 0), MOST_DECIMALS) if isinstance(exponent, int) else 0


@cache
def is_date_format(number_format: str) -> bool:
    """Whether a format shows a number as a date."""
    return number_format != "General" and bool(_DATE_CODES.search(_QUOTED.sub("", number_format)))


@cache
def with_time(date_format: str) -> str:
    """A format of dates that shows the time of day, too."""
    return date_format if _TIME_CODES.search(_QUOTED.sub("", date_format)) else f"{date_format} hh:mm"


def _replace_places(part: str, places: str) -> str:
    """One part of a format with other decimals; what stands in quotes or brackets stays."""
    pieces = re.split(r'("[^"]*"|\\.|\[[^\]]*\])', part)
    for number, piece in enumerate(pieces):
        if number % 2 == 0 and _DIGITS.search(piece):
            pieces[number] = _DIGITS.sub(lambda match: match["units"] + places, piece, count=1)
            break
    return "".join(pieces)
