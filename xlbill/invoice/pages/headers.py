"""Headers and footers: the template's text in Excel's codes, with the bill's words in it."""

from collections.abc import Sequence
from datetime import date

from xlbill.invoice.pages.subjects import Subjects, holds, shown
from xlbill.invoice.template.marked import Marked
from xlbill.invoice.template.running import LONGEST, ROOM, units

LONGEST_VALUES = (60, 45, 30, 20, ROOM)
"""So much of each value stands in a header: the first that lets all of it fit."""


def header_text(parts: Sequence[Marked], subjects: Subjects) -> str:
    """The left, middle and right of a header or footer; a part that is tied to something missing is left out.

    Excel takes 255 units and no more: values that are too long for that are cut, which a … shows. A template whose own
    words leave too little room was refused when it was read.
    """
    texts = (_text(parts, subjects, longest) for longest in LONGEST_VALUES)
    return next((text for text in texts if units(text) <= LONGEST), "")


def _text(parts: Sequence[Marked], subjects: Subjects, longest: int) -> str:
    text = ""
    for code, marked in zip(("&L", "&C", "&R"), parts, strict=False):
        if marked.parts and all(holds(condition, subjects) for condition in marked.conditions):
            words = [part if isinstance(part, str) else _words(shown(part, subjects), longest) for part in marked.parts]
            text += code + "".join(words)
    return text


def _words(value: object, longest: int) -> str:
    """A value in a header, where & begins a code and so stands twice; in one line, within so many units."""
    if value is None:
        return ""
    text = " ".join((value.isoformat() if isinstance(value, date) else str(value)).split())
    if units(text.replace("&", "&&")) > longest:
        while units(text.replace("&", "&&")) > longest - 1:
            text = text[: min(longest, len(text) - 1)]
        text += "…"
    return text.replace("&", "&&")
