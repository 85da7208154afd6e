"""The press: prints bills of known shapes, and cuts plates for those that come again."""

import zlib
from dataclasses import dataclass, field
from collections.abc import Hashable

from xlbill.invoice.pages.lay_out import laid_out
from xlbill.invoice.presented import view_of
from xlbill.invoice.template.compiled import Template
from xlbill.manifest.typed import cells_written
from xlbill.press.form import Form, Unprintable, form_of
from xlbill.press.plate import Plate, Print, plate_of
from xlbill.press.shape import Formulas, Shape, shape_of
from xlbill.rating.bill import Bill
from xlbill.workbook.look import look_written
from xlbill.workbook.write import layout_bytes

_MOST_PLATES = 1_000
_CHECKED = 400
"""One bill of so many is also made in the ordinary way, and the two compared."""


@dataclass(slots=True)
class Press:
    """The plates of one template."""

    template: Template
    formulas: Formulas = field(default_factory=Formulas)
    forms: dict[Hashable, Form | None] = field(default_factory=dict)  # None: seen once, or not to be printed
    plates: dict[Hashable, Plate | None] = field(default_factory=dict)

    def print(self, bill: Bill, *, number: str | None = None, draft: bool = True) -> Print:
        """A bill's invoice: printed where its shape is known, else laid out and written."""
        shape = shape_of(bill, number, draft, self.formulas)
        try:
            return self._printed(bill, shape, number, draft)
        except Unprintable:
            return written(bill, self.template, number=number, draft=draft)

    def _printed(self, bill: Bill, shape: Shape, number: str | None, draft: bool) -> Print:
        view = view_of(bill, number, draft)
        form = self.forms.get(shape.key)
        if form is None:
            laid = laid_out(bill, self.template, number=number, draft=draft)
            form = self.forms[shape.key] = form_of(laid, shape)
        filled = form.fill(view, shape)
        measured = shape.key, form.measure(filled)
        plate = self.plates.get(measured)
        if plate is None:
            laid = laid_out(bill, self.template, number=number, draft=draft)
            plate = plate_of(laid, shape, form, self.template, lambda: layout_bytes(laid.layout))
            self.plates[measured] = plate
        return plate.print(filled)


def written(bill: Bill, template: Template, *, number: str | None = None, draft: bool = True) -> Print:
    """A bill laid out and written by XlsxWriter: what every print is held to."""
    laid = laid_out(bill, template, number=number, draft=draft)
    layout, content = laid.layout, layout_bytes(laid.layout)
    return Print(content, cells_written(layout), layout.trace, look_written(layout, content))


def is_checked(code: str) -> bool:
    """Whether a customer's bill is made in both ways and compared: the same ones in every run."""
    return zlib.crc32(code.encode()) % _CHECKED == 0
