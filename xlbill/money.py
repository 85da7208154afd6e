"""Money: rounding, and how a currency is written."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)

SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "HKD": "HK$", "SGD": "S$", "KRW": "₩"}

_ISO_4217 = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG
    HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA
    MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD
    RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
    USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = tuple(_ISO_4217.split())
"""The codes of ISO 4217 that money is counted in."""

_WHOLE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"


def minor_digits(code: str) -> int:
    """The decimals of a currency's smallest coin (ISO 4217): 2 for CNY, 0 for JPY, 3 for KWD."""
    return 0 if code in _WHOLE.split() else 3 if code in _THOUSANDTHS.split() else 2


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """A value rounded half away from zero, as ROUND does in Excel: 2.675 to 2 decimals is 2.68."""
    return value.quantize(Decimal(1).scaleb(-decimals), context=_WIDE)


def plain(value: Decimal) -> str:
    """A quantity as people write it: no exponent, no trailing zeros (15000, 12.34568)."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def grouped(value: Decimal) -> str:
    """A quantity with its thousands apart: 15,000, 12.34568."""
    whole, point, places = plain(value).partition(".")
    return f"{int(whole):,}" + point + places if value >= 0 else f"-{grouped(-value)}"


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency and the decimals to which its amounts are rounded: CNY has 2, JPY none."""

    code: str
    decimals: int

    @property
    def symbol(self) -> str:
        """¥, $ ...; the code itself where there is no usual sign."""
        return SYMBOLS.get(self.code, f"{self.code} ")

    def text(self, amount: Decimal) -> str:
        """An amount with exactly the currency's decimals, as in JSON: 4299.00."""
        return f"{round_half_up(amount, self.decimals):f}"
