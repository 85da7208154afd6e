"""A bill becomes a workbook: the template says how it looks, the figures say what stands in it.

    template, found = load_template(Path("templates/invoice.xlsx"))
    write_layout(lay_out(bill, template), Path("C001.xlsx"))

Reading the template, laying out and writing know nothing of each other but `Template` and `Layout`.
"""

from xlbill.invoice.lay_out import lay_out
from xlbill.invoice.layout import Layout
from xlbill.invoice.read_template import load_template
from xlbill.invoice.template import Template
from xlbill.invoice.words import amount_in_words
from xlbill.invoice.write import write_layout

__all__ = ["Layout", "Template", "amount_in_words", "lay_out", "load_template", "write_layout"]
