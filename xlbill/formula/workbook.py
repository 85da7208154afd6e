"""A whole workbook recalculated: every formula's value from the cells that it refers to.

>>> recalculate({Address("A", 1, 1): Decimal(2), Address("A", 2, 1): parse("=A1*3")})[Address("A", 2, 1)]
Decimal('6')

Cells are computed when they are needed, once each, without recursion: a running total may be as long as a sheet.
Cells that need themselves are #CIRCULAR!. A few lines of formulas can ask for days of work, so there is an end to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from time import process_time

from xlbill.cells import Address

from .evaluate import evaluate
from .traverse import references
from .tree import Expr, Name, Range, Ref
from .values import MAX_CELLS, ExcelError, Grid, Value

SECONDS = 30.0
"""Of the processor, for all formulas of a workbook: what takes longer was not made to be read by anybody."""
KEPT_CELLS = 1_000_000
"""So many cells of ranges are kept for the next formula that refers to the same range."""


class TooMuchWork(Exception):
    """The formulas of a workbook take longer than anybody waits."""


def recalculate(cells: Mapping[Address, Value | Expr]) -> dict[Address, Value]:
    """The value of every cell; a cell holds a value or a formula's tree. Sheets are the same ignoring case.

    A sheet that does not exist is #REF!, a defined name is #NAME?; ranges reach as far as the cells that there are,
    and one of more than MAX_CELLS is #NUM!. Raises TooMuchWork after SECONDS.
    """
    return _Calculation(cells).run()


class _Needs(Exception):
    """Interrupts a formula that asks for cells which are not computed yet."""

    def __init__(self, places: list[Address]) -> None:
        self.places = places


class _Column:
    """One column of a sheet: what its cells hold, and the rows of those that are not computed yet."""

    def __init__(self) -> None:
        self.values: dict[int, Value] = {}
        self.pending: dict[int, None] = {}

    def pending_in(self, rows: range) -> list[int]:
        """The rows among some that are not computed yet."""
        if len(self.pending) < len(rows):
            return [row for row in self.pending if row in rows]
        return [row for row in rows if row in self.pending]


class _Calculation:
    """One recalculation: what is known so far, and where the sheets end."""

    def __init__(self, cells: Mapping[Address, Value | Expr]) -> None:
        self.until = process_time() + SECONDS
        self.cells = cells
        self.sheets = {sheet.casefold(): sheet for sheet, _, _ in cells}
        self.last_row = max((row for _, row, _ in cells), default=1)
        self.last_column = max((column for _, _, column in cells), default=1)
        self.columns: defaultdict[tuple[str, int], _Column] = defaultdict(_Column)
        self.formulas: dict[Address, Expr] = {}
        self.grids: dict[tuple[str, Range], Grid] = {}  # ranges of which every cell is computed
        self.kept = 0
        for place, content in cells.items():
            column = self.columns[place.sheet, place.column]
            if isinstance(content, Expr):
                self.formulas[place] = content
                column.pending[place.row] = None
            else:
                column.values[place.row] = content

    def run(self) -> dict[Address, Value]:
        for place in self.formulas:
            self.compute(place)
        return {place: self.columns[place.sheet, place.column].values[place.row] for place in self.cells}

    def in_time(self) -> None:
        """Raises TooMuchWork when the time is over."""
        if process_time() >= self.until:
            raise TooMuchWork

    def is_pending(self, place: Address) -> bool:
        return place.row in self.columns[place.sheet, place.column].pending

    def settle(self, place: Address, value: Value) -> None:
        column = self.columns[place.sheet, place.column]
        column.values[place.row] = value
        column.pending.pop(place.row, None)

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
            self.in_time()
            place = waiting[-1]
            if not self.is_pending(place):
                blocked.pop(waiting.pop(), None)
            elif place not in seen:
                seen.add(place)
                waiting.extend(self.unknown(place))
            else:
                self.attempt(place, waiting, blocked)

    def attempt(self, place: Address, waiting: list[Address], blocked: dict[Address, None]) -> None:
        try:
            value = evaluate(self.formulas[place], lambda node: self.look_up(node, place.sheet), still=self.in_time)
            self.settle(place, value)
        except _Needs as needs:
            blocked.setdefault(place)
            chain = list(blocked)
            closing = [chain.index(needed) for needed in needs.places if needed in blocked]
            if closing:
                for one in chain[min(closing) :]:
                    self.settle(one, ExcelError.CIRCULAR)
            else:
                waiting.extend(needs.places)

    def unknown(self, place: Address) -> list[Address]:
        """The cells that a formula mentions and that are not computed."""
        found: list[Address] = []
        for node in references(self.formulas[place]):
            if isinstance(node, Range) and (place.sheet, node) in self.grids:
                continue
            area = self.area_of(node, place.sheet)
            if not isinstance(area, ExcelError):
                found.extend(self.pending(*area))
        return found

    def look_up(self, node: Name | Ref | Range, own_sheet: str) -> Value | Grid:
        self.in_time()
        if isinstance(node, Name):
            return ExcelError.NAME
        if isinstance(node, Range) and (own_sheet, node) in self.grids:
            return self.grids[own_sheet, node]
        area = self.area_of(node, own_sheet)
        if isinstance(area, ExcelError):
            return area
        if pending := self.pending(*area):
            raise _Needs(pending)
        sheet, rows, columns = area
        across = [map(self.columns[sheet, column].values.get, rows) for column in columns]
        grid = Grid(tuple(zip(*across, strict=True)))
        if isinstance(node, Range) and self.kept < KEPT_CELLS:
            self.grids[own_sheet, node] = grid
            self.kept += len(rows) * len(columns)
        return grid

    def pending(self, sheet: str, rows: range, columns: range) -> list[Address]:
        found = ((column, self.columns[sheet, column].pending_in(rows)) for column in columns)
        return [Address(sheet, row, column) for column, pending in found for row in pending]

    def area_of(self, node: Ref | Range, own_sheet: str) -> tuple[str, range, range] | ExcelError:
        """The sheet, rows and columns of a reference, cut off where the workbook ends."""
        first, last = (node.first, node.last) if isinstance(node, Range) else (node, node)
        sheet = own_sheet if first.sheet is None else self.sheets.get(first.sheet.casefold())
        if sheet is None:
            return ExcelError.REF
        rows = range(first.row, max(first.row, min(last.row, self.last_row)) + 1)
        columns = range(first.column, max(first.column, min(last.column, self.last_column)) + 1)
        return ExcelError.NUM if len(rows) * len(columns) > MAX_CELLS else (sheet, rows, columns)
