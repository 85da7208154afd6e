"""How ten thousand bills are printed: what is the same for all bills of a shape is laid out and typeset once.

    press = PrintingPress(template)
    press.invoice(bill)        # Print(content, cells, trace, look): the file, and what the manifest keeps of it

`lay_out` and XlsxWriter take some fifty milliseconds for an invoice of eight hundred cells, of which nearly all come
out as they did for the customer before. The press keeps what they made, in three steps from a bill to its file:

1. **Shape** (`shape.py`). A walk over the bill gives a key, equal for bills that have the same lines, days, and ways
   in which figures are computed; and the bill's figures as a list, in an order that the key fixes.
2. **Form** (`form.py`). The first bill of a key is laid out. Each cell of the layout came from a figure (now a number
   in that list), from a text with marks (and a path such as `("line", 2)` to what it speaks of), from a formula of the
   template, or is the same for all. Filling the form reads those of another bill. Some values decide the layout all the
   same: decimals give number formats, texts give rows their heights and so pages their ends. They are *measured*.
3. **Plate** (`plate.py`). For each form and measure the layout is written through XlsxWriter once, with a mark in every
   place that is filled; cut at the marks, the XML is a pattern. A print puts figures and words between the cuts,
   deflates the parts that have some, and takes the others as they are, ready deflated.

`press.py` decides: the first bill of its shape is laid out and written as ever, the second cuts form and plate; in a
run of a hundred customers the first does, as a second is near. The ordinary way stays the specification. Tests hold
both equal, byte for byte, on random bills; in a run one customer of some hundreds is billed in both ways (the manifest
says `checked`), and a difference stops that bill as an error of ours. What cannot be printed (`Unprintable`: a
template's formula over a customer's text, say) is written.
"""

from xlbill.press.plate import Print
from xlbill.press.press import MANY, PrintingPress, printed_record

__all__ = ["MANY", "Print", "PrintingPress", "printed_record"]
