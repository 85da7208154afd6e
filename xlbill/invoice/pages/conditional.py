"""A template's conditional formats on an invoice: wherever the cells that they are about have come to stand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from xlbill.formula import Name, Range, Ref, spell, write
from xlbill.invoice.pages.rows import PlacedCell, PlacedSheet
from xlbill.invoice.pages.subjects import same_subjects
from xlbill.invoice.template.conditional import TemplateRule
from xlbill.workbook.layout import Area, ConditionalFormat, Highlight
from xlbill.workbook.style import PLAIN

Copies = Mapping[tuple[int, int], list[PlacedCell]]
"""Where each cell of the template stands, by its row and column."""


def carried(placed: PlacedSheet) -> tuple[ConditionalFormat, ...]:
    """The rules of a sheet; copies of a rule that read alike, each from its own cell, become one over all of them."""
    rules = placed.template.rules
    if not rules:
        return ()
    copies: dict[tuple[int, int], list[PlacedCell]] = {}
    for cell in placed.cells:
        copies.setdefault((cell.template.row, cell.template.column), []).append(cell)
    return tuple(light for rule in rules for light in _of_rule(rule, copies))


def _of_rule(rule: TemplateRule, copies: Copies) -> Iterator[ConditionalFormat]:
    cells = [(cell, area) for area in rule.areas for at, own in copies.items() if _within(at, area) for cell in own]
    cells.sort(key=lambda entry: (entry[0].row, entry[0].column))
    if rule.formula is None:
        areas = _areas([cell for cell, _ in cells])
        if areas and rule.whole is not None:
            yield replace(rule.whole, areas=areas)
        return
    top, left = min((area.top, area.left) for area in rule.areas)
    alike: dict[str, list[tuple[PlacedCell, str]]] = {}
    for cell, _ in cells:
        moved = _Moved(cell, cell.template.row - top, cell.template.column - left, copies)
        text = write(rule.formula, moved.written, file=True)
        alike.setdefault(write(rule.formula, moved.relative), []).append((cell, text))
    for own in alike.values():
        yield Highlight(_areas([cell for cell, _ in own]), own[0][1], rule.style or PLAIN)


def _within(at: tuple[int, int], area: Area) -> bool:
    return area.top <= at[0] <= area.bottom and area.left <= at[1] <= area.right


def _areas(cells: list[PlacedCell]) -> tuple[Area, ...]:
    """Cells in the order of rows as areas: neighbours in a row, and equal stretches of rows below each other."""
    stretches: list[Area] = []
    for cell in cells:
        last = stretches[-1] if stretches else None
        if last is not None and (last.top, last.right + 1) == (cell.row, cell.column):
            stretches[-1] = Area(last.top, last.left, last.bottom, cell.column)
        else:
            stretches.append(Area(cell.row, cell.column, cell.row, cell.column))
    areas: list[Area] = []
    for one in stretches:
        here = one.top, one.left, one.right
        above = next((n for n, a in enumerate(areas) if (a.bottom + 1, a.left, a.right) == here), None)
        if above is None:
            areas.append(one)
        else:
            areas[above] = Area(areas[above].top, one.left, one.bottom, one.right)
    return tuple(areas)


@dataclass(frozen=True, slots=True)
class _Moved:
    """The references of a rule's formula as one of its cells means them, so many rows and columns from its first."""

    cell: PlacedCell
    rows: int
    columns: int
    copies: Copies

    def written(self, node: Name | Ref | Range) -> str:
        """A reference on the invoice."""
        return spell(self._range(node) if isinstance(node, Range) else self._ref(node))

    def relative(self, node: Name | Ref | Range) -> str:
        """The same as seen from the cell, so that rules that mean the same read alike."""
        corners = (node.first, node.last) if isinstance(node, Range) else (node,)
        return ":".join(self._seen(self._ref(ref)) for ref in corners if isinstance(ref, Ref))

    def _seen(self, ref: Ref) -> str:
        row = f"{ref.row}" if ref.row_absolute else f"[{ref.row - self.cell.row}]"
        column = f"{ref.column}" if ref.column_absolute else f"[{ref.column - self.cell.column}]"
        return f"R{row}C{column}"

    def _range(self, node: Range) -> Range:
        first, last = self._ref(node.first), self._ref(node.last)
        return Range(first, last)

    def _ref(self, node: Name | Ref | Range) -> Ref:
        assert isinstance(node, Ref), node
        row = node.row if node.row_absolute else node.row + self.rows
        column = node.column if node.column_absolute else node.column + self.columns
        standing = self.copies.get((row, column), [])
        own = [cell for cell in standing if same_subjects(cell.subjects, self.cell.subjects)] or standing
        if not own:
            return Ref(node.sheet, column, row, node.column_absolute, node.row_absolute)
        return Ref(node.sheet, own[0].column, own[0].row, node.column_absolute, node.row_absolute)
