"""What every sheet that we write is made of: neutral cells with their look, measures, charts, the xlsx writer, PDF.

    write_layout(lay_out_register(register), Path("register.xlsx"))

A `Layout` is a whole workbook before any writer sees it. Invoices, registers and whatever writes sheets next lay out
neutral cells, and know nothing of XlsxWriter.
"""

from xlbill.workbook.layout import Layout
from xlbill.workbook.write import layout_bytes, write_layout

__all__ = ["Layout", "layout_bytes", "write_layout"]
