"""The worked bills of a price book as objects: what is subscribed and used, and what must come out."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xlbill.cells import Place
from xlbill.periods import Month


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One row of a worked bill: something subscribed, or something used."""

    item: str | None
    option: str | None
    count: Decimal | None
    start: date | None
    meter: str | None
    day: date | None
    quantity: Decimal | None
    place: Place


@dataclass(frozen=True, slots=True)
class Expectation:
    """A figure of a line of a worked bill that must come out: the item, the figure's name, and what it is."""

    item: str
    name: str
    figure: Decimal
    place: Place


@dataclass(frozen=True, slots=True)
class Case:
    """A worked bill: what is subscribed and used, and what finance expects: the total, figures of lines, problems."""

    code: str
    month: Month
    rows: tuple[CaseRow, ...]
    total: Decimal | None  # None where a problem is expected, and no bill
    place: Place  # of the expected total, else of the expected problem
    expected: tuple[Expectation, ...] = ()
    problems: tuple[str, ...] = ()  # codes of problems that must be told
    tax_class: str | None = None  # its customer's
