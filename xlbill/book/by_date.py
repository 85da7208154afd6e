"""What a price book says by date: a value that holds from a day on."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xlbill.cells import Place
from xlbill.language import Label


@dataclass(frozen=True, slots=True)
class DatedRate:
    """A value of a rate (an exchange rate, an index) from a day on, until the next one; None: from ever."""

    code: str
    name: Label
    since: date | None
    value: Decimal
    place: Place
