"""The rows of the price sheet: every figure behind a bill that stands nowhere else, row by row of the price list.

Lines that are priced with the same figures share a row: two apps on one plan, whose price is one cell of the book.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from xlbill.invoice.pages.figure_cells import FigureCells
from xlbill.invoice.presented import BillView, PriceRow
from xlbill.language import Label
from xlbill.rating.bill import Line
from xlbill.rating.figures import Figure


class Equals:
    """Figures that are equal in everything: read from the same cell, or the same formula over equal figures."""

    def __init__(self, figure_cells: FigureCells) -> None:
        self._figures = figure_cells
        self._keys: dict[Figure, Any] = {}
        self._first: dict[Any, Figure] = {}

    def first(self, figure: Figure) -> Figure:
        """The first of the figures that are equal to this one."""
        return self._first.setdefault(self._key(figure), figure)

    def _key(self, figure: Figure) -> Any:
        if figure not in self._keys:
            self._keys[figure] = self._made_key(figure)
        return self._keys[figure]

    def _made_key(self, figure: Figure) -> Any:
        if self._figures.has(figure):
            return figure
        if figure.formula is None:
            place = figure.place
            known = place.row is not None and (place.column is not None or figure.value is None)
            return (figure.name, figure.value, place) if known else figure
        inputs = tuple(
            (name, tuple(self.first(part) for part in (source if isinstance(source, tuple) else (source,))))
            for name, source in figure.inputs.items()
        )
        return figure.name, figure.formula, inputs


def price_rows(view: BillView, figure_cells: FigureCells) -> tuple[PriceRow, ...]:
    """A row for each line (and for usage, packs and taxes) that has figures without a cell, equal ones told once."""
    equals = Equals(figure_cells)
    rows: list[PriceRow] = []
    unprinted = {figure for _, taken in _unprinted(view) for figure in taken}  # each in the row of its line
    sharing: dict[int, list[Line]] = {}
    dated = {equals.first(rate.figure) for rate in view.bill.rates}  # each in a row of its own
    for title, line, figures in _owners(view, figure_cells):
        own = []
        for figure in _without_a_cell(figures, figure_cells):
            first = equals.first(figure)
            if first is not figure:
                figure_cells.share(figure, first)
            own.append(first)
        own = [figure for figure in dict.fromkeys(own) if figures == (figure,) or figure not in dated]
        own = [figure for figure in own if figure in figures or figure not in unprinted]
        covering = next((number for number, row in enumerate(rows) if _covers(row, own)), None) if own else None
        if own and covering is None:
            rows.append(_row(title, line, own))
        elif covering is not None and line is not None:
            sharing.setdefault(covering, []).append(line)
    return tuple(replace(row, sharing=tuple(sharing.get(number, ()))) for number, row in enumerate(rows))


def _owners(view: BillView, figure_cells: FigureCells) -> Iterator[tuple[Label, Line | None, tuple[Figure, ...]]]:
    """Whatever figures belong to, in the order in which it is looked through."""
    bill = view.bill
    for rate in bill.rates:  # before the lines, so that each has a row that says of which day it is
        yield rate.title, None, (rate.figure,)
    for line, taken in _unprinted(view):
        yield line.title, line, taken
    for line in bill.lines:
        shown = (line.list_price,) if line.list_price is not None else ()
        listed = (line.at_list.list_amount,) if line.at_list is not None else ()
        stands = tuple(figure for figure in listed if figure_cells.has(figure))  # only where the template shows it
        yield line.title, line, (*line.figures.values(), *shown, *stands)
    for meter in bill.usage:
        quota = (meter.quota,) if meter.quota is not None else ()
        coefficients = tuple(column.coefficient for column in meter.columns if column.coefficient is not None)
        months = tuple(figure for _, figure in meter.months)
        yield meter.title, None, (*months, *(figure for _, figure in meter.daily), *coefficients, *quota)
    for pack in bill.packs:
        yield pack.title, None, pack.figures
    for tax in bill.taxes:
        yield Label("税", "Tax"), None, (tax.rate, tax.lines, tax.net, tax.tax, tax.gross)
    yield Label("合计", "Total"), None, tuple(bill.sums.values())


def _unprinted(view: BillView) -> Iterator[tuple[Line, tuple[Figure, ...]]]:
    """The lines that are not printed, each with those of its figures that others take."""
    bill = view.bill
    if not bill.unprinted:
        return
    ends = [figure for line in bill.lines for figure in line.figures.values()]
    waiting = [*ends, *(figure for meter in bill.usage for _, figure in meter.months), *bill.sums.values()]
    seen: set[Figure] = set()
    while waiting:
        figure = waiting.pop()
        if figure not in seen:
            seen.add(figure)
            waiting.extend(figure.sources())
    for line in bill.unprinted:
        taken = tuple(figure for figure in line.figures.values() if figure in seen)
        if taken:
            yield line, taken


def _without_a_cell(figures: Iterable[Figure], figure_cells: FigureCells) -> Iterator[Figure]:
    """Figures of an owner, what they are computed from, and so on, as far as it stands nowhere yet; each once.

    What has a cell brings its own inputs along: they are looked for with the owner that it belongs to.
    """
    own = list(figures)
    waiting = [*own, *(source for figure in own for source in figure.sources())]
    seen: set[Figure] = set()
    while waiting:
        figure = waiting.pop(0)
        if figure not in seen and not figure_cells.has(figure):
            seen.add(figure)
            yield figure
            waiting.extend(figure.sources())


def _covers(row: PriceRow, figures: Iterable[Figure]) -> bool:
    return set(figures) <= set(row.figures.values())


def _row(title: Label, line: Line | None, figures: Iterable[Figure]) -> PriceRow:
    named: dict[tuple[str, int], Figure] = {}
    for figure in figures:
        number = 1
        while (figure.name, number) in named:
            number += 1
        named[figure.name, number] = figure
    return PriceRow(title, line, named)
