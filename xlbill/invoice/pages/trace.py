"""The trace of a bill: which figure stands in which cell, what it belongs to, and where it was read.

It follows from laying out: nobody has to read an invoice, or to guess from its headings, to know it.
"""

from collections.abc import Mapping

from xlbill.cells import Address
from xlbill.invoice.pages.subjects import Subjects
from xlbill.invoice.presented import BillView, UsageCell
from xlbill.language import Label
from xlbill.rating.figures import Figure
from xlbill.workbook.layout import UNNAMED, Traced

TAX = Label("税", "Tax")


class Tracer:
    """Writes down each figure that finds its cell."""

    def __init__(self, view: BillView) -> None:
        self._numbers: Mapping[Figure, int] = {line.amount: n for n, line in enumerate(view.bill.lines, start=1)}
        self.found: list[tuple[Traced, Figure]] = []

    def note(self, figure: Figure, address: Address, subjects: Subjects) -> None:
        """A figure stands in a cell from now on; one of no value leaves it empty."""
        if figure.value is None:
            return
        line, day = subjects.get("line"), subjects.get("day")
        number = self._numbers.get(line.amount) if line is not None else None
        on = day.day if day is not None else None
        self.found.append((Traced(address, figure.name, _about(subjects), number, on, figure.place), figure))


def _about(subjects: Subjects) -> Label:
    """The title of what a cell speaks of: its line, its pack, the row of the price list, the meter and dimension."""
    for scope in ("line", "pack", "price", "group"):
        if scope in subjects:
            title: Label = subjects[scope].title
            return title
    for scope in ("column", "total"):
        if scope in subjects:
            return _of_usage(subjects[scope])
    return TAX if "tax" in subjects else UNNAMED


def _of_usage(cell: UsageCell) -> Label:
    """A meter and, of one of its columns, the dimension."""
    dimension = cell.part.dimension if cell.part is not None else None
    if dimension is None:
        return cell.meter.title
    title = cell.meter.title
    return Label(f"{title.text('zh')} {dimension.text('zh')}", f"{title.text('en')} {dimension.text('en')}")
