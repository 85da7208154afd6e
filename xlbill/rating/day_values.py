"""Values by date: what a rate of the price book is on the day of a line, and which of them a bill used.

The day is the one by which contracts hold as well: of a term its first, of usage the last of its month.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from xlbill.book.by_date import DatedRate
from xlbill.book.dated_rates import is_rate, rate_on
from xlbill.book.objects import PriceBook
from xlbill.cells import Place
from xlbill.formula import ExcelError
from xlbill.language import Label
from xlbill.rating.bill import DayValue, Line
from xlbill.rating.figures import Figure, Source, given
from xlbill.rating.results import NameLookup

DAY_VALUE = "day_value"


def with_rates(look_up: NameLookup, book: PriceBook, on: date) -> NameLookup:
    """What names stand for in price cells of a day: rates, else what they stood for. Before its first value a rate is
    #N/A, and no line comes of it."""
    if not book.rates:
        return look_up

    def found(name: str) -> Source | None:
        rate = rate_on(book.rates, name, on)
        if rate is not None:
            return given(DAY_VALUE, rate.value, rate.place)
        return given(DAY_VALUE, ExcelError.NA) if is_rate(book.rates, name) else look_up(name)

    return found


def day_values(lines: Sequence[Line], books: Iterable[PriceBook]) -> tuple[DayValue, ...]:
    """The values of rates that went into some lines, each once, in the order of the price books."""
    rates: dict[Place, DatedRate] = {rate.place: rate for book in books for rate in book.rates}
    if not rates:
        return ()
    figures = {f.place: f for f in _behind(f for line in lines for f in line.figures.values()) if f.name == DAY_VALUE}
    return tuple(DayValue(_title(r), r.code, r.since, figures[place]) for place, r in rates.items() if place in figures)


def _title(rate: DatedRate) -> Label:
    """美元汇率（2026-04-01 起）."""
    if rate.since is None:
        return rate.name
    return Label(f"{rate.name.text('zh')}（{rate.since} 起）", f"{rate.name.text('en')} (from {rate.since})")


def _behind(figures: Iterable[Figure]) -> Iterator[Figure]:
    """Figures and all that they are computed from, each once."""
    waiting, seen = list(figures), set[Figure]()
    while waiting:
        figure = waiting.pop()
        if figure not in seen:
            seen.add(figure)
            yield figure
            waiting.extend(figure.sources())
