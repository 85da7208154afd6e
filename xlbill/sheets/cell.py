"""One cell as it was found: its value made exact at the door, its formula, and where it stands."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal

from xlbill.cells import Place
from xlbill.formula import ExcelError

Raw = None | str | bool | Decimal | date | datetime | ExcelError
"""What a cell can hold. Blank text is None ("" only where a formula gave it), a date without a time is a `date`."""

_LARGEST_WHOLE = 10**21
_DIGITS = 15
_FIFTEEN = Context(prec=_DIGITS, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of somebody's sheet: `Cell(Decimal(7), Place("a.xlsx", "Prices", 2, 3), "=A2+B2", "7")`.

    `value` of a formula is what the spreadsheet program computed when it saved, None where it never did.
    """

    value: Raw
    place: Place
    formula: str | None = None
    shown: str = ""

    @property
    def never_calculated(self) -> bool:
        """Whether it is a formula whose result nobody has computed yet."""
        return self.formula is not None and self.value is None

    @property
    def filled(self) -> bool:
        """Whether somebody typed something into it: a value, or a formula, be its result an empty text."""
        return self.formula is not None or not self.blank

    @property
    def blank(self) -> bool:
        """Whether nothing stands in it."""
        return self.value == "" or (self.value is None and self.formula is None)


def exact(number: float) -> Decimal:
    """The figure that somebody typed, out of the binary number that the file holds: 0.1 is 0.1, 1299.0 is 1299.

    Broken numbers have 15 digits, as many as a spreadsheet program takes and shows: what is behind them is noise of
    somebody's formula, for which nobody is billed.

    >>> exact(0.07), exact(1299.0), exact((0.1 + 0.2) * 20_000)
    (Decimal('0.07'), Decimal('1299'), Decimal('6000'))
    """
    if number.is_integer() and abs(number) < _LARGEST_WHOLE:
        return Decimal(int(number))
    return in_15_digits(Decimal(repr(number)))


def in_15_digits(number: Decimal) -> Decimal:
    """A number as spreadsheet programs keep it: its first 15 digits, rounded half up."""
    if len(number.as_tuple().digits) <= _DIGITS:
        return number
    rounded = _FIFTEEN.plus(number)
    return Decimal(int(rounded)) if rounded == rounded.to_integral_value() else rounded.normalize(_FIFTEEN)


def as_shown(value: Raw, *, grouped: bool = False, percent: bool = False) -> str:
    """A value as its owner sees it in the sheet: 1,000 with separators where the cell's format has them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, Decimal):
        shown = value * 100 if percent else value
        text = format(shown, ",f" if grouped else "f") if -30 < shown.adjusted() < 30 else str(shown)
        return (text.rstrip("0").rstrip(".") if "." in text else text) + ("%" if percent else "")
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return str(value)
