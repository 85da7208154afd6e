"""A bill at other fees without rating it again: what follows from a fee is computed anew, and all else stands.

Rating decides by an amount here and there: a refund gives back what was billed, credit is used up, a line of nothing
may be left out. A bill in which something of this happens, or would happen at the other fees, is not repriced, and
has to be rated; tests hold both ways equal over random fees.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from xlbill.cells import Place
from xlbill.formula import is_number
from xlbill.money import round_half_up
from xlbill.problems import has_errors
from xlbill.rating.bill import Bill, Line
from xlbill.rating.figures import Figure, Source, computed
from xlbill.rating.recalculated import parting_problems


def repriced(bill: Bill, fees: Mapping[Place, Decimal]) -> Bill | None:
    """A bill with other figures above nothing in the cells of some fees: its lines, taxes and sums.

    None where it has to be rated.
    """
    if _decides_by_amounts(bill) or any(line.kind == "refund" or line.reason is not None for line in bill.lines):
        return None
    anew = _Anew(fees)
    lines = tuple(replace(line, figures={name: anew.of(f) for name, f in line.figures.items()}) for line in bill.lines)
    taxes = tuple(
        replace(tax, lines=anew.of(tax.lines), net=anew.of(tax.net), tax=anew.of(tax.tax), gross=anew.of(tax.gross))
        for tax in bill.taxes
    )
    prepaid, due, total = anew.of(bill.prepaid), anew.of(bill.due), anew.of(bill.total)
    if not anew.all_numbers or due.number < 0:
        return None
    if any(not _goes_on(was, now, bill.currency.decimals) for was, now in zip(bill.lines, lines, strict=True)):
        return None
    other = replace(bill, lines=lines, taxes=taxes, prepaid=prepaid, due=due, total=total)
    return None if has_errors(parting_problems(other)) else other


def _decides_by_amounts(bill: Bill) -> bool:
    """Whether money comes back or was carried to a bill, or a line of nothing was left out."""
    return bill.credit is not None or bill.refunded is not None or bool(bill.unprinted)


def _goes_on(was: Line, now: Line, decimals: int) -> bool:
    """Whether a line's new amount is money, and on the same side of nothing as the old one."""
    old, new = was.amount.number, now.amount.number
    return (old > 0, old < 0) == (new > 0, new < 0) and round_half_up(new, decimals) == new


class _Anew:
    """Figures with others in place of those of some cells, and of all that is made of them."""

    def __init__(self, fees: Mapping[Place, Decimal]) -> None:
        self._fees = fees
        self._known: dict[Figure, Figure] = {}
        self.all_numbers = True  # whether each figure that was made is one

    def of(self, figure: Figure) -> Figure:
        """The figure that stands for another one: itself, where no fee changes it."""
        if figure not in self._known:
            self._known[figure] = self._given(figure) if figure.formula is None else self._computed(figure)
        return self._known[figure]

    def _given(self, figure: Figure) -> Figure:
        fee = self._fees.get(figure.place)
        return replace(figure, value=fee) if fee is not None else figure

    def _computed(self, figure: Figure) -> Figure:
        assert figure.formula is not None
        inputs: dict[str, Source] = {}
        for name, source in figure.inputs.items():
            inputs[name] = tuple(map(self.of, source)) if isinstance(source, tuple) else self.of(source)
        if inputs == figure.inputs:
            return figure
        made = computed(figure.name, figure.formula, inputs, figure.place)
        self.all_numbers = self.all_numbers and is_number(made.value)
        return made
