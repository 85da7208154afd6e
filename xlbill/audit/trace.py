"""The trace of a file's figures, as far as its cells are still what the run wrote."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from xlbill.audit.changes import same
from xlbill.audit.live import Live
from xlbill.cells import Address, a1
from xlbill.invoice.template.marks import FIGURE_NAMES, MARKS, figure_label
from xlbill.language import Label
from xlbill.manifest import FileRecord
from xlbill.manifest.typed import typed
from xlbill.workbook.layout import Traced

_OF_MARKS: Mapping[str, Label] = {mark.name: mark.about for mark in MARKS if mark.holds_figure}


@dataclass(frozen=True, slots=True)
class Trace:
    """What is known of the cells of a file; nothing of one that no manifest knows."""

    entries: Mapping[Address, Traced] = field(default_factory=dict)

    def total(self) -> Address | None:
        """The cell of the bill's total."""
        return next(
            (t.cell for t in self.entries.values() if t.name == "total" and t.line is None and not t.about.zh), None
        )

    def lines(self) -> tuple[Address, ...]:
        """The amounts of the bill's lines, in their order."""
        amounts = [t for t in self.entries.values() if t.line is not None and t.name == "amount"]
        return tuple(traced.cell for traced in sorted(amounts, key=lambda traced: traced.line or 0))


def trace_of(live: Live, record: FileRecord | None) -> Trace:
    """The trace of a file on record: of each cell that holds what was written, for others nobody can say."""
    if record is None:
        return Trace()
    kept = {}
    for traced in record.trace:
        cell = live.cells.get(traced.cell)
        written = record.cells.get(traced.cell.sheet, {}).get(a1(traced.cell.row, traced.cell.column), "")
        if cell is not None and same(typed(cell), written):
            kept[traced.cell] = traced
    return Trace(kept)


def name_of(traced: Traced) -> Label:
    """What a figure is called: as the price book heads its column, else as the templates' manual says it."""
    known = traced.name in FIGURE_NAMES or traced.name not in _OF_MARKS
    label = figure_label(traced.name) if known else _OF_MARKS[traced.name]
    return Label(label.zh, label.en[:1].upper() + label.en[1:])
