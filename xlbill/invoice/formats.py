"""Number formats: a template's own, adapted to the bill's currency and to the decimals that a figure really has.

>>> for_money('"¥"#,##0.00', Currency("JPY", 0)), with_decimals("#,##0", 3)
('"¥"#,##0', '#,##0.000')
"""

import re
from decimal import Decimal
from functools import cache

from xlbill.formula import Value, as_decimal, is_number
from xlbill.invoice.marks import Kind
from xlbill.money import Currency

ISO_DATE = "yyyy-mm-dd"
MOST_DECIMALS = 8
_SIGN = re.compile(r'\[\$[^\]]*\]|"(?:HK|S|US)?[¥￥$€£₩]"|\\?[¥￥€£₩]|\\?\$(?![^\[]*\])')
_DIGITS = re.compile(r"(?P<units>[#?0,]*0)(?P<places>\.[0#?]+)?")
_DATE_CODES = re.compile(r"[ymdhs]", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


def adapted(number_format: str, kind: Kind, value: Value, currency: Currency) -> str:
    """The template's format for a figure of a kind: money in the bill's currency, nothing cut off what is shown."""
    if kind is Kind.DATE:
        return number_format if is_date_format(number_format) else ISO_DATE
    if not is_number(value):
        return number_format
    if kind is Kind.MONEY:
        return for_money(_numeric(number_format, "#,##0.00"), currency)
    number = as_decimal(value)
    if kind is Kind.PRICE:
        priced = for_money(_numeric(number_format, "#,##0.00"), currency)
        return with_decimals(priced, max(decimals_of(number), currency.decimals))
    if kind is Kind.RATE:
        return with_decimals(_numeric(number_format, "0%"), decimals_of(number * 100))
    return with_decimals(_numeric(number_format, "#,##0"), decimals_of(number))


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


def decimals_of(number: Decimal) -> int:
    """How many decimals a number really has, at most eight: 12.50 has one."""
    exponent = number.normalize().as_tuple().exponent
    return min(max(-exponent, 0), MOST_DECIMALS) if isinstance(exponent, int) else 0


@cache
def is_date_format(number_format: str) -> bool:
    """Whether a format shows a number as a date."""
    return number_format != "General" and bool(_DATE_CODES.search(_QUOTED.sub("", number_format)))


def _numeric(number_format: str, usual: str) -> str:
    """A format of numbers; the usual one where the cell has none, or one of dates or text."""
    plain = number_format in ("General", "@", "") or is_date_format(number_format)
    return usual if plain else number_format


def _replace_places(part: str, places: str) -> str:
    """One part of a format with other decimals; what stands in quotes or brackets stays."""
    pieces = re.split(r'("[^"]*"|\\.|\[[^\]]*\])', part)
    for number, piece in enumerate(pieces):
        if number % 2 == 0 and _DIGITS.search(piece):
            pieces[number] = _DIGITS.sub(lambda match: match["units"] + places, piece, count=1)
            break
    return "".join(pieces)
