"""A template's own formulas on an invoice: their marks and references turned into the cells in which those stand.

`=SUM({{ line.amount }})` in a group's row becomes `SUM(I18:I22)`; `=F12*2` refers to the copy of F12 that belongs to
the same line, or to all copies where it stands below them.
"""

from collections.abc import Callable, Mapping
from datetime import date

from xlbill.cells import Address
from xlbill.formula import Name, Num, Range, Ref, Text, Value, evaluate, to_serial, walk, write
from xlbill.formula.tree import Reference
from xlbill.invoice.pages.figure_cells import FigureCells, Occupied, compressed, enclosing, joined
from xlbill.invoice.pages.rows import PlacedCell
from xlbill.invoice.pages.subjects import Subjects, each, same_subjects, shown
from xlbill.invoice.template.marked import MarkedFormula, Slot
from xlbill.invoice.template.marks import Shows
from xlbill.rating.figures import Figure
from xlbill.workbook.layout import Formula

CellValue = Callable[[Address, PlacedCell], Value]
"""The value of a cell that holds no formula of the template."""


class TemplateFormulas:
    """The formulas of a template over the placed cells of a bill. No formula goes in a circle: the loader saw to it."""

    def __init__(
        self, cells: Mapping[Address, PlacedCell], figure_cells: FigureCells, occupied: Occupied, cell_value: CellValue
    ) -> None:
        self._cells, self._figures, self._occupied, self._cell_value = cells, figure_cells, occupied, cell_value
        self._values: dict[Address, Value] = {}
        self._copies: dict[Address, list[Address]] = {}  # a cell of the template, and where it stands
        for address, cell in cells.items():
            source = Address(address.sheet, cell.template.row, cell.template.column)
            self._copies.setdefault(source, []).append(address)

    def written(self, formula: MarkedFormula, here: Address) -> Formula:
        """A formula as it stands in a cell, with its value."""

        def place(node: Reference) -> str:
            found = self._found(node, formula, here)
            if not isinstance(found, list):
                return write(found)
            areas = compressed(found, here.sheet, self._occupied)
            return joined(areas, enclosing(formula.expr, node)) or "0"

        return Formula(write(formula.expr, place, file=True), self._value(here))

    def found_in(self, formula: MarkedFormula, here: Address) -> dict[Reference, list[Address] | Text | Num]:
        """What each name and reference of a formula in its cell stands for: cells, or a text or date as such."""
        nodes = [node for node in walk(formula.expr) if isinstance(node, (Name, Ref, Range))]
        return {node: self._found(node, formula, here) for node in nodes}

    def _found(self, node: Reference, formula: MarkedFormula, here: Address) -> list[Address] | Text | Num:
        """What a name or a reference of a formula stands for: cells, or a text or date as such."""
        subjects = self._cells[here].subjects
        if isinstance(node, Name):
            return self._marked(formula.slots[node.name], subjects)
        first, last = (node.first, node.last) if isinstance(node, Range) else (node, node)
        rows, columns = range(first.row, last.row + 1), range(first.column, last.column + 1)
        sources = (Address(first.sheet or here.sheet, row, column) for row in rows for column in columns)
        copies = [copy for source in sources for copy in self._copies.get(source, ())]
        own = (copy for copy in copies if same_subjects(self._cells[copy].subjects, subjects))
        return sorted(own, key=lambda copy: (copy.column, copy.row))

    def _marked(self, slot: Slot, subjects: Subjects) -> list[Address] | Text | Num:
        found = [shown(slot, inner) for inner in each(slot.mark.scope, subjects)]
        if slot.mark.kind in (Shows.TEXT, Shows.DATE) and not slot.mark.holds_figure:
            first = found[0] if found else None
            return Num(to_serial(first)) if isinstance(first, date) else Text(str(first or ""))
        figures = [value for value in found if isinstance(value, Figure) and self._figures.has(value)]
        return [self._figures.of(figure) for figure in figures]

    def _value(self, address: Address) -> Value:
        cell = self._cells[address]
        formula = cell.content
        if not isinstance(formula, MarkedFormula):
            return self._cell_value(address, cell)

        def look_up(node: Reference) -> Value | tuple[tuple[Value, ...], ...]:
            found = self._found(node, formula, address)
            if not isinstance(found, list):
                return found.value
            return self._value(found[0]) if len(found) == 1 else (tuple(self._value(cell) for cell in found),)

        if address not in self._values:
            self._values[address] = evaluate(formula.expr, look_up)
        return self._values[address]
