"""Money: rounding, and how a currency is written."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)

SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "HKD": "HK$", "SGD": "S$", "KRW": "₩"}


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """A value rounded half away from zero, as ROUND does in Excel: 2.675 to 2 decimals is 2.68."""
    return value.quantize(Decimal(1).scaleb(-decimals), context=_WIDE)


def plain(value: Decimal) -> str:
    """A quantity as people write it: no exponent, no trailing zeros (15000, 12.34568)."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


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
