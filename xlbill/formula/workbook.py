"""A whole workbook recalculated: every formula's value from the cells that it refers to.

>>> recalculate({Address("A", 1, 1): Decimal(2), Address("A", 2, 1): parse("=A1*3")})[Address("A", 2, 1)]
Decimal('6')

Cells are computed when they are needed, once each, without recursion: a running total may be as long as a sheet.
Cells that need themselves are #CIRCULAR!.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlbill.cells import Address

from .evaluate import evaluate
from .traverse import references
from .tree import Expr, Name, Range, Ref
from .values import MAX_CELLS, ExcelError, Grid, Value


def recalculate(cells: Mapping[Address, Value | Expr]) -> dict[Address, Value]:
    """The value of every cell; a cell holds a value or a formula's tree. Sheets are the same ignoring case.

    A sheet that does not exist is #REF!, a defined name is #NAME?; ranges reach as far as the cells that there are,
    and one of more than MAX_CELLS is #NUM!.
    """
    return _Calculation(cells).run()


class _Needs(Exception):
    """Interrupts a formula that asks for cells which are not computed yet."""

    def __init__(self, places: Sequence[Address]) -> None:
        self.places = places


class _Calculation:
    """One recalculation: what is known so far, and where the sheets end."""

    def __init__(self, cells: Mapping[Address, Value | Expr]) -> None:
        self.cells = cells
        self.sheets = {sheet.casefold(): sheet for sheet, _, _ in cells}
        self.last_row = max((row for _, row, _ in cells), default=1)
        self.last_column = max((column for _, _, column in cells), default=1)
        self.values: dict[Address, Value] = {}
        self.formulas: dict[Address, Expr] = {}
        self.grids: dict[tuple[str, Range], Grid] = {}  # ranges of which every cell is computed
        for place, content in cells.items():
            if isinstance(content, Expr):
                self.formulas[place] = content
            else:
                self.values[place] = content

    def run(self) -> dict[Address, Value]:
        for place in self.formulas:
            self.compute(place)
        return {place: self.values[place] for place in self.cells}

    def compute(self, target: Address) -> None:
        """Compute a cell and what it needs, the latter first.

        Once, all cells that a formula mentions are put before it; that is no cycle yet, as IF may not ask for them.
        After that a formula which still asks for a cell is blocked by it, and a chain of blocked cells that comes
        back to one of them is a cycle.
        """
        waiting = [target]
        seen: set[Address] = set()
        blocked: dict[Address, None] = {}
        while waiting:
            place = waiting[-1]
            if place in self.values:
                blocked.pop(waiting.pop(), None)
            elif place not in seen:
                seen.add(place)
                waiting.extend(self.unknown(place))
            else:
                self.attempt(place, waiting, blocked)

    def attempt(self, place: Address, waiting: list[Address], blocked: dict[Address, None]) -> None:
        try:
            self.values[place] = evaluate(self.formulas[place], lambda node: self.look_up(node, place[0]))
        except _Needs as needs:
            blocked.setdefault(place)
            chain = list(blocked)
            closing = [chain.index(needed) for needed in needs.places if needed in blocked]
            if closing:
                self.values.update(dict.fromkeys(chain[min(closing) :], ExcelError.CIRCULAR))
            else:
                waiting.extend(needs.places)

    def unknown(self, place: Address) -> list[Address]:
        """The cells that a formula mentions and that are not computed."""
        found: list[Address] = []
        for node in references(self.formulas[place]):
            if isinstance(node, Range) and (place[0], node) in self.grids:
                continue
            places = self.places_of(node, place[0])
            if not isinstance(places, ExcelError):
                found.extend(self.pending(places))
        return found

    def look_up(self, node: Name | Ref | Range, own_sheet: str) -> Value | Grid:
        if isinstance(node, Name):
            return ExcelError.NAME
        if isinstance(node, Range) and (own_sheet, node) in self.grids:
            return self.grids[own_sheet, node]
        places = self.places_of(node, own_sheet)
        if isinstance(places, ExcelError):
            return places
        pending = self.pending(places)
        if pending:
            raise _Needs(pending)
        grid = Grid(tuple(tuple(self.values.get(place) for place in row) for row in places))
        if isinstance(node, Range):
            self.grids[own_sheet, node] = grid
        return grid

    def pending(self, places: Sequence[Sequence[Address]]) -> list[Address]:
        return [place for row in places for place in row if place in self.formulas and place not in self.values]

    def places_of(self, node: Ref | Range, own_sheet: str) -> list[list[Address]] | ExcelError:
        """The places of a reference row by row, cut off where the workbook ends."""
        first, last = (node.first, node.last) if isinstance(node, Range) else (node, node)
        sheet = own_sheet if first.sheet is None else self.sheets.get(first.sheet.casefold())
        if sheet is None:
            return ExcelError.REF
        rows = range(first.row, max(first.row, min(last.row, self.last_row)) + 1)
        columns = range(first.column, max(first.column, min(last.column, self.last_column)) + 1)
        if len(rows) * len(columns) > MAX_CELLS:
            return ExcelError.NUM
        return [[Address(sheet, row, column) for column in columns] for row in rows]
