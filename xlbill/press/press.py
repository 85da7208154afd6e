"""The press itself: which bills are printed, which are laid out and written, which are made in both ways."""

import hashlib
import zlib
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from xlbill.invoice.pages.lay_out import LaidOut, laid_out
from xlbill.invoice.presented import DRAFT, Issuance, view_of
from xlbill.invoice.template.compiled import Template
from xlbill.manifest import FileRecord
from xlbill.manifest.typed import cells_written
from xlbill.press.form import BillForm, Unprintable, form_of
from xlbill.press.plate import Plate, Print, plate_of
from xlbill.press.shape import Formulas, Shape, shape_of
from xlbill.rating.bill import Bill
from xlbill.workbook.drawn import look_written
from xlbill.workbook.write import layout_bytes

MOST_KEPT = 400
"""So many shapes and so many plates of them a process keeps at the most: some 100 MB."""

MANY = 100
"""In a run of so many bills hardly a shape comes once: the first of it is printed, too, from a plate cut for it, which
takes a seventh longer than to write it."""

CHECKED = 400
"""One customer of so many is billed in both ways, and the two are compared."""


@dataclass(slots=True)
class PrintingPress:
    """The forms and plates of one template, in one process.

    A shape's first bill is laid out and written: many a shape never comes again. The second gives its form (the first
    does, where `many` bills are made), and every bill that measures otherwise (a longer name, a price with more
    decimals) a plate. Those plates are kept that were asked for last.
    """

    template: Template
    many: bool = False
    formulas: Formulas = field(default_factory=Formulas)
    shapes: dict[Hashable, BillForm | Literal["seen", "unprintable"]] = field(default_factory=dict)
    plates: OrderedDict[tuple[BillForm, Hashable], Plate] = field(default_factory=OrderedDict)

    def __reduce__(self) -> tuple[type["PrintingPress"], tuple[Template, bool]]:
        """Another process cuts its own plates."""
        return PrintingPress, (self.template, self.many)

    def invoice(self, bill: Bill, issuance: Issuance = DRAFT) -> Print:
        """A bill's invoice, in one of the two ways; of some customers in both, whose files must be the same."""
        job = _Job(bill, self.template, issuance)
        if not is_checked(bill.customer.code):
            return self.printed(job) or job.written()
        expected, made = job.written(), self.printed(job, at_once=True)
        assert made is None or made == expected, f"the print of {bill.customer.code} is not what is written"
        return replace(expected, checked=made is not None)

    def printed(self, job: "_Job", *, at_once: bool = False) -> Print | None:
        """A bill's invoice from its plate, None where there is none; with `at_once` one is cut for the first bill."""
        if any(meter.timed for meter in job.bill.usage):
            return None  # hardly two bills have figures of the same times, and a plate of thousands of them is large
        shape = shape_of(job.bill, job.issuance, self.formulas)
        form = self._form(job, shape, at_once=at_once)
        if form is None:
            return None
        try:
            filled = form.fill(view_of(job.bill, job.issuance), shape)
            return self._plate(job, shape, form, form.measure(filled)).print(filled)
        except Unprintable:
            return None

    def _form(self, job: "_Job", shape: Shape, *, at_once: bool) -> BillForm | None:
        """The form of a shape; None where its first bill is written, and for one that cannot be printed."""
        known = self.shapes.get(shape.key)  # asked once: to compare keys takes its time
        if known is None or known == "seen":
            known = (job.form(shape) or "unprintable") if known or at_once or self.many else "seen"
            self.shapes[shape.key] = known
            if len(self.shapes) > MOST_KEPT:
                del self.shapes[next(iter(self.shapes))]
        return known if isinstance(known, BillForm) else None

    def _plate(self, job: "_Job", shape: Shape, form: BillForm, measure: Hashable) -> Plate:
        """The plate of a form's bills that measure so; raises Unprintable where a group goes over a page."""
        plate = self.plates.get((form, measure))
        if plate is None:
            plate = self.plates[form, measure] = plate_of(job.laid, shape, form, self.template)
            if len(self.plates) > MOST_KEPT:
                self.plates.popitem(last=False)
        self.plates.move_to_end((form, measure))
        return plate


@dataclass
class _Job:
    """A bill to be made, which is laid out once at the most."""

    bill: Bill
    template: Template
    issuance: Issuance

    @cached_property
    def laid(self) -> LaidOut:
        return laid_out(self.bill, self.template, self.issuance)

    def form(self, shape: Shape) -> BillForm | None:
        try:
            return form_of(self.laid, shape)
        except Unprintable:
            return None

    def written(self) -> Print:
        """The invoice laid out and written by XlsxWriter: what every print is held to."""
        layout = self.laid.layout
        content = layout_bytes(layout)
        return Print(content, cells_written(layout), layout.trace, look_written(layout, content))


def written(bill: Bill, template: Template, issuance: Issuance = DRAFT) -> Print:
    """A bill's invoice in the ordinary way."""
    return _Job(bill, template, issuance).written()


def printed_record(name: str, bill: Bill, made: Print) -> FileRecord:
    """What the manifest keeps of an invoice that was made."""
    customer, currency, total = bill.customer.code, bill.currency, bill.currency.text(bill.total.number)
    sha256 = hashlib.sha256(made.content).hexdigest()
    return FileRecord(name, sha256, customer, currency.code, total, made.cells, made.trace, made.look, made.checked)


def is_checked(code: str) -> bool:
    """Whether a customer's bill is made in both ways: the same customers in every run, in whatever process."""
    return zlib.crc32(code.encode()) % CHECKED == 0
