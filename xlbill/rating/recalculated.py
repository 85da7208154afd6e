"""A bill's figures as a recalculation will show them: where doubles and exact numbers part on a rounding step.

A figure passes its value on, and so does a difference: the figure whose own formula parts from what it is given alike
is told, and what merely follows from it is not.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from xlbill.book.models import shown
from xlbill.formula import Compiled, Doubles, Value, as_excel_does, differs
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
    worlds = (_Doubled(PLAIN_DOUBLES), _Doubled(EXCEL))
    for figure in _inputs_first(figures):
        parted = [world for world in worlds if world.parts(figure, decimals)]
        if parted:
            yield Parting(figure, parted[-1].values[figure], in_excel=parted[-1].doubles is EXCEL)


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


class _Doubled:
    """A bill's figures in one kind of doubles: the values that are not the exact ones."""

    def __init__(self, doubles: Doubles) -> None:
        self.doubles = doubles
        self.values: dict[Figure, Value] = {}
        self._parted: set[Figure] = set()

    def parts(self, figure: Figure, decimals: Decimals) -> bool:
        """Whether a figure, asked after those that it takes, is shown otherwise though none of these is."""
        assert figure.formula is not None
        function = as_excel_does(figure.formula, self.doubles)
        value = function.compute(*self._given(function, figure))
        if value == figure.value and not self._parted:
            return False
        self.values[figure] = value
        follows = not self._parted.isdisjoint(figure.sources())
        if follows or differs(figure.value, value, decimals(figure)):
            self._parted.add(figure)
        return figure in self._parted and not follows

    def _given(self, function: Compiled, figure: Figure) -> Iterable[Any]:
        values = self.values
        if not values:
            return cells_of(function, figure.inputs)
        return cells_of(function, figure.inputs, lambda source: values.get(source, source.value))


def _inputs_first(figures: Iterable[Figure]) -> list[Figure]:
    """The computed ones of some figures and of all that they come from, each once and after its inputs."""
    done: dict[Figure, None] = {}
    waiting = [figure for figure in figures if figure.formula is not None][::-1]
    while waiting:
        figure = waiting[-1]
        missing = [one for one in figure.sources() if one.formula is not None and one not in done]
        if missing and figure not in done:
            waiting.extend(missing)
        else:
            done[waiting.pop()] = None
    return list(done)
