"""A compiled template: its sheets as rows, some of which repeat, each cell with its look and its marks.

The rows of a scope that stand together form a block: the group's heading, its lines (which repeat in turn), whatever
stands unmarked between them. What a row repeats for follows from its marks alone.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from xlbill.cells import Place
from xlbill.invoice.template.conditional import TemplateRule
from xlbill.invoice.template.marked import Marked, Slot, TemplateContent, marks_tied, slots_of
from xlbill.invoice.template.marks import Mark
from xlbill.invoice.template.scopes import SCOPES
from xlbill.problems import Problems
from xlbill.workbook.layout import Area, ColumnWidth, Page, Picture
from xlbill.workbook.style import PLAIN, CellStyle, Font

DEFAULT_HEIGHT = 15.0
MAX_ROWS, MAX_COLUMNS = 500, 100


@dataclass(frozen=True, slots=True)
class TemplateCell:
    """A cell of the template."""

    row: int
    column: int
    content: TemplateContent = None
    style: CellStyle = PLAIN

    @property
    def only(self) -> Slot | None:
        """The mark, where it is all that the cell holds."""
        return self.content.only if isinstance(self.content, Marked) else None


@dataclass(frozen=True)
class TemplateRow:
    """A row of the template: `scope` is what it repeats for, None where it stands once."""

    number: int
    height: float
    hidden: bool
    cells: Mapping[int, TemplateCell]
    scope: str | None
    marked: bool

    @cached_property
    def conditions(self) -> tuple[str, ...]:
        """What must be there for the row to stand (`{{ with pack }}`)."""
        contents = (cell.content for cell in self.cells.values())
        return tuple(word for content in contents if isinstance(content, Marked) for word in content.conditions)

    @cached_property
    def continued(self) -> bool:
        """Whether it stands only where its block goes on on another page."""
        return "continued" in self.conditions

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """All marks of the row."""
        return tuple(slot for cell in self.cells.values() for slot in slots_of(cell.content))

    @cached_property
    def scopes(self) -> tuple[str, ...]:
        """What its texts speak of; a formula over all lines does not make its row one of lines."""
        texts = (cell.content for cell in self.cells.values() if isinstance(cell.content, Marked))
        return tuple(slot.mark.scope for content in texts for slot in slots_of(content))


@dataclass(frozen=True, slots=True)
class Repeat:
    """Rows that stand once for each thing of a scope."""

    scope: str
    body: "tuple[Block, ...]"


Block: TypeAlias = TemplateRow | Repeat


@dataclass(frozen=True, slots=True)
class SheetTemplate:
    """A sheet of the template. `header` and `footer` hold the marks of the page's left, middle and right."""

    name: str
    blocks: tuple[Block, ...]
    columns: Mapping[int, ColumnWidth]
    merges: tuple[Area, ...]
    page: Page
    header: tuple[Marked, ...]
    footer: tuple[Marked, ...]
    pictures: tuple[Picture, ...]
    frozen: tuple[int, int]
    gridlines: bool
    zoom: int
    tab_colour: str | None
    rules: tuple[TemplateRule, ...] = ()

    @property
    def printed(self) -> bool:
        """Whether it goes into PDF files: unless one of its cells says `{{ sheet not printed }}`."""
        cells = (cell.content for row in all_rows(self.blocks) for cell in row.cells.values())
        return not any(isinstance(content, Marked) and content.not_printed for content in cells)

    @property
    def scopes(self) -> frozenset[str]:
        """Everything that its marks speak of."""
        return frozenset(slot.mark.scope for row in all_rows(self.blocks) for slot in row.slots)

    @property
    def width(self) -> int:
        """Its last column."""
        return max((column for row in all_rows(self.blocks) for column in row.cells), default=1)


@dataclass(frozen=True, slots=True)
class Template:
    """An invoice template, read once and never opened again."""

    file: str
    sheets: tuple[SheetTemplate, ...]
    font: Font

    @property
    def own_fields(self) -> Mapping[Mark, Place]:
        """The marks of the house's own columns (`{{ customer.PO number }}`), each with its first cell."""
        found: dict[Mark, Place] = {}
        for sheet in self.sheets:
            place = Place(self.file, sheet.name)
            cells = [cell for row in all_rows(sheet.blocks) for cell in row.cells.values()]
            contents = [(cell.content, place.at(cell.row, cell.column)) for cell in cells]
            contents += [(part, place) for part in (*sheet.header, *sheet.footer)]
            for content, at in contents:
                for mark in (*(slot.mark for slot in slots_of(content)), *marks_tied(content)):
                    if mark.own:
                        found.setdefault(mark, at)
        return found


def all_rows(blocks: Sequence[Block]) -> list[TemplateRow]:
    """The rows of some blocks, from top to bottom."""
    rows: list[TemplateRow] = []
    for block in blocks:
        rows += all_rows(block.body) if isinstance(block, Repeat) else [block]
    return rows


def with_heads(blocks: Sequence[Block]) -> Iterator[tuple[Block, tuple[TemplateRow, ...]]]:
    """Each block with its heads: the rows right before it that stand once more where a page begins within it."""
    heads: list[TemplateRow] = []
    for block in blocks:
        if isinstance(block, Repeat):
            yield block, tuple(heads)
            heads = []
        else:
            yield block, ()
            heads += [block] if block.continued else []


def row_scope(scopes: Sequence[str], place: Place, found: Problems) -> str | None:
    """What a row with marks of these scopes repeats for: the innermost; two that do not nest are a problem."""
    vertical = dict.fromkeys(name for scope in scopes if (name := _vertical(scope)) is not None)
    around = {*vertical, *(SCOPES[name].parent for name in vertical)}
    vertical |= dict.fromkeys(of[-1] for scope in scopes if (of := SCOPES[scope].of) and not around & set(of))
    innermost = [name for name in vertical if not any(SCOPES[other].parent == name for other in vertical)]
    if len(innermost) > 1:
        found.add("template-row-mixed", place, found=", ".join(innermost))
    return innermost[0] if innermost else None


def _vertical(scope: str) -> str | None:
    """The scope for which the rows of a mark repeat: those of a meter's columns repeat for each app's usage."""
    known = SCOPES[scope]
    if known.repeats == "columns":
        return "usage"
    return scope if known.repeats else None


def blocks_of(rows: Sequence[TemplateRow]) -> tuple[Block, ...]:
    """The rows of a sheet as blocks: group > line, usage > day, tax ..."""
    outer = _runs(rows, lambda row: _outermost(row.scope))
    return tuple(block for scope, run in outer for block in ([Repeat(scope, _inner(run, scope))] if scope else run))


def _inner(rows: Sequence[TemplateRow], outer: str) -> tuple[Block, ...]:
    runs = _runs(rows, lambda row: row.scope if row.scope != outer else None)
    return tuple(block for scope, run in runs for block in ([Repeat(scope, tuple(run))] if scope else run))


def _outermost(scope: str | None) -> str | None:
    return SCOPES[scope].parent or scope if scope else None


def _runs(
    rows: Sequence[TemplateRow], scope_of: Callable[[TemplateRow], str | None]
) -> list[tuple[str | None, list[TemplateRow]]]:
    """Rows of the same scope that stand together; rows without marks between two of them belong to them."""
    runs: list[tuple[str | None, list[TemplateRow]]] = []
    waiting: list[TemplateRow] = []
    for row in rows:
        scope = scope_of(row)
        if not row.marked:
            waiting.append(row)
            continue
        if runs and scope is not None and runs[-1][0] == scope:
            runs[-1][1].extend([*waiting, row])
        else:
            runs += [(None, waiting)] if waiting else []
            runs.append((scope, [row]))
        waiting = []
    return [*runs, (None, waiting)] if waiting else runs
