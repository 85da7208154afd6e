"""Headers and footers: the template's text in Excel's codes, with the bill's words in it."""

from collections.abc import Sequence
from datetime import date

from xlbill.invoice.pages.subjects import holds, shown, subjects_of
from xlbill.invoice.presented import BillView
from xlbill.invoice.template.marked import Marked

LONGEST = 255  # Excel's limit for a whole header
LONGEST_VALUE = 60


def header_text(parts: Sequence[Marked], view: BillView) -> str:
    """The left, middle and right of a header or footer; a part that is tied to something missing is left out."""
    subjects = subjects_of(view)
    text = ""
    for code, marked in zip(("&L", "&C", "&R"), parts, strict=False):
        if marked.parts and all(holds(condition, subjects) for condition in marked.conditions):
            words = [part if isinstance(part, str) else _words(shown(part, subjects)) for part in marked.parts]
            text += code + "".join(words)
    return text[:LONGEST]


def _words(value: object) -> str:
    """A value in a header, where & begins a code and so stands twice."""
    if value is None:
        return ""
    text = value.isoformat() if isinstance(value, date) else str(value)
    return text[:LONGEST_VALUE].replace("&", "&&")
