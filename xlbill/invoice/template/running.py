"""A template's headers and footers: what the codes in them are, and how much Excel takes.

In them & begins a code (&P the page, &G a picture) and && is an ampersand.
"""

import re
from collections.abc import Sequence

from xlbill.cells import Place
from xlbill.invoice.template.marked import Marked, Slot
from xlbill.invoice.template.marks import Shows
from xlbill.language import Label
from xlbill.problems import Problems

LONGEST = 255
"""Excel's limit for a whole header, in units of UTF-16."""
ROOM = 12
"""So many units are kept for each value, at least."""

_CODE = re.compile(r"&(.)", re.DOTALL)


def units(text: str) -> int:
    """The length of a text as Excel counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def without_pictures(text: str) -> str:
    """The text of a header without the codes of pictures.

    >>> without_pictures("&G P&&G &P")
    ' P&&G &P'
    """
    return _CODE.sub(lambda code: "" if code[1] == "G" else code[0], text)


def is_cut(text: str) -> bool:
    """Whether a part of a header ends within an ampersand: `R&&R` read as `R&` on the left and a part on the right.

    >>> is_cut("R&"), is_cut("R&&"), is_cut("R&P")
    (True, False, False)
    """
    return (len(text) - len(text.rstrip("&"))) % 2 == 1


def check_running(parts: Sequence[Marked], name: Label, place: Place, found: Problems) -> None:
    """Tell what headers and footers cannot hold: figures, and more words than Excel takes."""
    slots = [part for marked in parts for part in marked.parts if isinstance(part, Slot)]
    for slot in slots:
        if slot.mark.holds_figure or slot.mark.kind not in (Shows.TEXT, Shows.DATE):
            found.add("template-mark-in-header", place, found=slot.mark.key)
    own = sum(units(part) for marked in parts for part in marked.parts if isinstance(part, str))
    codes = sum(2 for marked in parts if marked.parts)
    if own + codes + ROOM * len(slots) > LONGEST:
        limit = LONGEST - codes - ROOM * len(slots)
        found.add("template-header-too-long", place, part=name, found=str(own), limit=str(limit), marks=len(slots))
