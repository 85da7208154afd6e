"""The lines that price cells take figures of by name: `dau.units`, `im.amount`, `customer.amount`."""

from collections.abc import Sequence

from xlbill.book.line_names import CUSTOMER
from xlbill.rating.app_month import AppMonth
from xlbill.rating.bill import Line
from xlbill.rating.figures import Figure, Source, total
from xlbill.rating.ordered import count_by_days
from xlbill.rating.results import NameLookup


def amounts(lines: Sequence[Line], product: str) -> tuple[Figure, ...]:
    """The usage amounts of a product, over which its minimum or a percentage is taken; the rest costs nothing."""
    return tuple(line.amount for line in lines if line.product == product and line.kind == "usage" and line.printed)


def lookup_in(lines: Sequence[Line], app_months: Sequence[AppMonth], *, of_customer: bool = False) -> NameLookup:
    """What `dau.units` means: the figure of that name of the lines of an item, a product or all, added up.

    What is charged to the customer as a whole also knows `customer`, the lines of all apps, and those of one pay.

    What the tiers of one price share (the quantity) counts once; what was ordered counts by the days on which it is in
    force. None where there is no such line.
    """

    def look_up(name: str) -> Source | None:
        of, _, figure = name.casefold().rpartition(".")
        own = _of_customer if of_customer else _line_words
        chosen = _without_unreached([line for line in lines if of in own(line)])
        counted = count_by_days(of, app_months, lines) if figure == "quantity" else None
        having = (line for line in chosen if figure in line.figures and (figure != "quantity" or line.kind != "fee"))
        parts = [*([counted] if counted is not None else []), *(line.figures[figure] for line in having)]
        figures = tuple(dict.fromkeys(parts))
        return figures[0] if len(figures) == 1 else total(figure, figures) if figures else None

    return look_up


def _without_unreached(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines without those that are not printed, unless none is: a tier that was not reached adds nothing to a sum."""
    return [line for line in lines if line.printed] or lines


def _line_words(line: Line) -> set[str]:
    return {word.casefold() for word in (line.item, line.item.partition(":")[0], line.product, "all") if word}


def _of_customer(line: Line) -> set[str]:
    """The words of a line for what is charged to the customer: lines of its apps are its own, whatever their pay."""
    return _line_words(line) | ({CUSTOMER, f"{CUSTOMER}.{line.pay}"} if line.kind != "customer" else set())
