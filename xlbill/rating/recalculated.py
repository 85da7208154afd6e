"""A bill's figures as a recalculation will show them: where doubles and exact numbers part on a rounding step.

A figure passes its value on, and so does a difference: the figure whose own formula parts from what it is given alike
is told, and what merely follows from it is not.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from xlbill.book.models import shown
from xlbill.formula import Doubles, Value, as_excel_does, differs
from xlbill.formula.doubles import EXCEL, PLAIN_DOUBLES
from xlbill.problems import Problem, problem
from xlbill.quantities import shape_of
from xlbill.rating.bill import Bill
from xlbill.rating.figures import Figure, cells_of

Decimals = Callable[[Figure], int | None]
"""How many decimals a figure is shown with; None where it is shown in full."""


@dataclass(frozen=True, slots=True)
class Parting:
    """A figure of a bill, and what a spreadsheet program shows in its place: Excel, as far as it is known, or one
    that corrects nothing.
    """

    figure: Figure
    shown: Value
    in_excel: bool


def partings(figures: Iterable[Figure], decimals: Decimals) -> Iterator[Parting]:
    """The first figures of each chain that doubles show otherwise, with Excel's corrections or without any.

    Both are asked, because nobody knows all of Excel's corrections and other programs have none: a bill that comes
    out alike in both is the same wherever it is opened.
    """
    found: dict[int, Parting] = {}
    ordered = _inputs_first(figures)
    for doubles in (PLAIN_DOUBLES, EXCEL):
        found |= {id(parting.figure): parting for parting in _parting_in(ordered, doubles, decimals)}
    yield from (found[id(figure)] for figure in ordered if id(figure) in found)


def parting_problems(bill: Bill) -> Iterator[Problem]:
    """Each figure of a bill that would change when a spreadsheet program recalculates the invoice, at its model's cell.

    An error where Excel itself would show another figure; a warning where a program without Excel's corrections may.
    """

    def decimals(figure: Figure) -> int | None:
        return bill.currency.decimals if shape_of(figure.name) == "money" else None

    ends = [line.amount for line in bill.lines]
    ends += [figure for tax in bill.taxes for figure in (tax.net, tax.tax, tax.gross)]
    for parting in partings([*ends, bill.total, bill.prepaid, bill.due], decimals):
        figure = parting.figure
        place = figure.place if figure.place.row else bill.customer.place
        facts = {"name": figure.name, "customer": bill.customer.code}
        code = "figures-part" if parting.in_excel else "figures-part-elsewhere"
        yield problem(code, place, None, found=shown(figure.value), shown=shown(parting.shown), **facts)


def _parting_in(ordered: Iterable[Figure], doubles: Doubles, decimals: Decimals) -> Iterator[Parting]:
    values: dict[int, Value] = {}
    parted: set[int] = set()
    for figure in ordered:
        values[id(figure)] = figure.value
        if figure.formula is None:
            continue
        function = as_excel_does(figure.formula, doubles)
        value = function.compute(*cells_of(function, figure.inputs, lambda source: values[id(source)]))
        values[id(figure)] = value
        if parted and any(id(source) in parted for source in figure.sources()):
            parted.add(id(figure))
        elif differs(figure.value, value, decimals(figure)):
            parted.add(id(figure))
            yield Parting(figure, value, in_excel=doubles is EXCEL)


def _inputs_first(figures: Iterable[Figure]) -> list[Figure]:
    """The figures and all that they are computed from, each once and after its inputs."""
    done: dict[int, Figure] = {}
    waiting = list(figures)[::-1]
    while waiting:
        figure = waiting[-1]
        missing = [source for source in figure.sources() if id(source) not in done]
        if missing and id(figure) not in done:
            waiting.extend(missing)
        else:
            done.setdefault(id(figure), waiting.pop())
    return list(done.values())
