"""Placing: the rows of a template, each as often as it stands on this bill, and the cells in them.

A row whose marks all show nothing is left out, and so is one that is tied to something that is not there.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from xlbill.invoice.pages.subjects import Subjects, all_of, at_top, each, holds, is_blank, shown
from xlbill.invoice.template.compiled import Block, SheetTemplate, TemplateCell, TemplateRow, all_rows, with_heads
from xlbill.invoice.template.marked import Marked, MarkedFormula, Slot, TemplateContent, slots_of
from xlbill.workbook.layout import Area

Path: TypeAlias = tuple[tuple[str, int], ...]
"""Which repetition a row belongs to: (("group", 0), ("line", 2))."""

Torn: TypeAlias = Collection[tuple[Path, int]]
"""The repetitions with which a page begins though their block began before, each with the template's row at which."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Where a column of the template goes in a row: once, or once for each column of usage."""

    source: int
    target: int
    subjects: Mapping[str, object] = field(default_factory=dict)
    filled: bool = True  # False: only the look of its cells is repeated
    meter_columns: int = 0  # how many columns of the same meter stand from here on


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row of the invoice. `path` tells its repetition; `continued`: it repeats a heading at the top of a page."""

    number: int
    template: TemplateRow
    subjects: Subjects
    path: Path
    spreads: tuple[Spread, ...]
    continued: bool = False


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A cell of the invoice: the template's cell, and what it speaks of."""

    row: int
    column: int
    template: TemplateCell
    subjects: Subjects
    filled: bool = True

    @property
    def content(self) -> TemplateContent:
        """What the template has in it."""
        return self.template.content if self.filled else None

    @property
    def only(self) -> Slot | None:
        """The mark, where it is all that the cell holds."""
        return self.template.only if self.filled else None


@dataclass(frozen=True, slots=True)
class PlacedSheet:
    """A sheet with its rows and cells in their places."""

    template: SheetTemplate
    rows: tuple[PlacedRow, ...]
    cells: tuple[PlacedCell, ...]
    merges: tuple[Area, ...]

    @property
    def name(self) -> str:
        """Its name, which formulas use."""
        return self.template.name

    def rows_of(self, first: int, last: int) -> list[PlacedRow]:
        """The rows that came from a stretch of the template's rows."""
        return [row for row in self.rows if first <= row.template.number <= last]


class Spreading:
    """How the columns of a sheet spread in its rows: each column once, in its place."""

    def __init__(self, sheet: SheetTemplate) -> None:
        self.plain = tuple(Spread(column, column) for column in range(1, sheet.width + 1))

    def of(self, subjects: Subjects) -> tuple[Spread, ...]:
        """The spread of a row."""
        return self.plain


def place(sheet: SheetTemplate, subjects: Subjects, spreading: Spreading | None = None, torn: Torn = ()) -> PlacedSheet:
    """A sheet's rows and cells for one bill, with the heads of what a page end tears."""
    placing = _Placing(spreading or Spreading(sheet), torn)
    placing.place(sheet.blocks, subjects, ())
    rows = placing.rows
    cells = tuple(cell for row in rows for cell in _cells(row))
    return PlacedSheet(sheet, tuple(rows), cells, tuple(_merges(sheet, rows)))


@dataclass(slots=True)
class _Placing:
    """Gives rows their places, one after the other."""

    spreading: Spreading
    torn: Torn
    rows: list[PlacedRow] = field(default_factory=list)

    def place(self, blocks: Sequence[Block], subjects: Subjects, path: Path) -> None:
        """Some blocks of rows, those that repeat as often as they do."""
        for block, heads in with_heads(blocks):
            if isinstance(block, TemplateRow):
                if not block.continued:
                    self._place_row(PlacedRow(len(self.rows) + 1, block, subjects, path, self.spreading.of(subjects)))
                continue
            for number, subject in enumerate(all_of(block.scope, subjects)):
                inner = (*path, (block.scope, number))
                again = any((inner, row.number) in self.torn for row in all_rows((block,))) if self.torn else False
                for row in heads if again else ():
                    spreads = self.spreading.of(subjects)
                    self._place_row(PlacedRow(len(self.rows) + 1, row, subjects, path, spreads, continued=True))
                self.place(block.body, {**subjects, block.scope: at_top(subject) if again else subject}, inner)

    def _place_row(self, row: PlacedRow) -> None:
        if _stands(row):
            self.rows.append(row)


def _stands(row: PlacedRow) -> bool:
    """Whether a row is tied to nothing that is missing, and shows something where it is made to."""
    if not all(holds(condition, row.subjects) for condition in row.template.conditions):
        return False
    slots = row.template.slots
    return not slots or any(not blank_cell(cell) for cell in _cells(row) if slots_of(cell.content))


def blank_cell(cell: PlacedCell) -> bool:
    """Whether a cell holds nothing on this bill."""
    match cell.content:
        case None:
            return True
        case Marked(parts) if slots := slots_of(cell.content):
            return all(is_blank(shown(slot, cell.subjects)) for slot in slots)
        case Marked(parts):
            return not parts
        case MarkedFormula(_, slots) if slots:
            return not any(each(slot.mark.scope, cell.subjects) for slot in slots.values())
    return False


def _cells(row: PlacedRow) -> list[PlacedCell]:
    cells = []
    for spread in row.spreads:
        template = row.template.cells.get(spread.source)
        if template is not None:
            subjects = {**row.subjects, **spread.subjects}
            filled = spread.filled and not (_of_meter_alone(template) and not spread.meter_columns)
            cells.append(PlacedCell(row.number, spread.target, template, subjects, filled))
    return cells


def _of_meter_alone(cell: TemplateCell) -> bool:
    """Whether a cell speaks of a meter as a whole: it stands once over all columns of the meter."""
    scopes = {slot.mark.scope for slot in slots_of(cell.content)}
    return "meter" in scopes and not scopes & {"column", "total", "quota"}


# --- merged cells --------------------------------------------------------------------------------------------------


def _merges(sheet: SheetTemplate, rows: Sequence[PlacedRow]) -> list[Area]:
    """The template's merged cells in their places, and the headings of meters over all their columns."""
    merges: list[Area] = []
    for row in rows:
        for spread in row.spreads:
            template = row.template.cells.get(spread.source)
            if template is not None and spread.meter_columns > 1 and _of_meter_alone(template):
                last = spread.target + spread.meter_columns - 1
                merges.append(Area(row.number, spread.target, row.number, last))
    for area in sheet.merges:
        for index, row in enumerate(rows):
            if row.template.number == area.top:
                stretched = _stretched(area, rows, index)
                merges += [stretched] if not any(stretched.meets(other) for other in merges) else []
    return [area for area in merges if not area.single]


def _stretched(area: Area, rows: Sequence[PlacedRow], index: int) -> Area:
    """A merged area from a row on: down to the last row that belongs to the same repetition of it."""
    bottom = rows[index]
    for row in rows[index + 1 :]:
        if not max(area.top + 1, bottom.template.number) <= row.template.number <= area.bottom:
            break
        bottom = row
    targets = [s.target for s in rows[index].spreads if area.left <= s.source <= area.right]
    return Area(rows[index].number, min(targets), bottom.number, max(targets))


def blank_row(row: PlacedRow) -> bool:
    """Whether nothing is written in a row."""
    return all(blank_cell(cell) for cell in _cells(row))
