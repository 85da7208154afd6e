"""A bill becomes a workbook: the template says how it looks, the figures say what stands in it.

    template, found = load_template(Path("templates/invoice.xlsx"))
    write_layout(lay_out(bill, template), Path("C001.xlsx"))

`template/` reads a template, `pages/` lays a bill out on one; neither knows of the other but what it compiled to.
"""

from xlbill.invoice.pages.lay_out import lay_out
from xlbill.invoice.presented import Issuance
from xlbill.invoice.template.compiled import Template
from xlbill.invoice.template.read import load_template
from xlbill.invoice.words import amount_in_words

__all__ = ["Issuance", "Template", "amount_in_words", "lay_out", "load_template"]
