"""Text that goes into a csv or JSON and must stay text: what a spreadsheet would take for a formula gets an apostrophe,
and what would act on the terminal that shows the file is written as workbooks, or as JSON, write it.

>>> inert("=HYPERLINK(1)"), as_it_was("'=HYPERLINK(1)"), inert("'=1"), inert("a plan"), inert("\\x1b[2J")
("'=HYPERLINK(1)", '=HYPERLINK(1)', "''=1", 'a plan', '_x001B_[2J')
>>> print(json_text({"name": "\\x9b2Jshop"}))
{"name": "\\u009b2Jshop"}
"""

import json
import re

_LIVE = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_BEHIND_A_SEPARATOR = re.compile(r"[;\t\n\r]\s*[\"']?\s*[=@＝＠]")

_ACTIVE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|_(?=x(?:00[0189][0-9A-F]|007F|005F)_)")
_WRITTEN = re.compile(r"_x(00[0189][0-9A-F]|007F|005F(?=_x))_")
"""How Office Open XML writes what XML cannot hold (ST_Xstring); an underscore before such a writing is written, too."""

DIRECTION = "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"
"""The signs that turn the direction of writing, for a class of characters."""
_BEYOND_JSON = re.compile(f"[\x7f-\x9f{DIRECTION}\ud800-\udfff]")
"""What acts and need not be escaped in JSON, and halves of characters (of file names), which are no UTF-8."""


def json_text(value: object, *, indent: int | None = None, compact: bool = False) -> str:
    """JSON for files and other programs: nothing in it is lost, and nothing acts on who shows it."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=(",", ":") if compact else None)
    return text if text.isprintable() else _BEYOND_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def inert(text: str) -> str:
    """A text as it may stand in a csv that somebody opens in Excel or in a terminal. Numbers do not need it."""
    written = as_workbooks_write(text)
    return f"'{written}" if _is_live(written) else written


def as_workbooks_write(text: str) -> str:
    """A text with what XML cannot hold, or a terminal acts on, as Office Open XML writes it."""
    return text if text.isprintable() and "_x" not in text else _ACTIVE.sub(lambda m: f"_x{ord(m[0]):04X}_", text)


def as_it_was(text: str) -> str:
    """The text before it was made inert."""
    written = text[1:] if text.startswith("'") and _is_live(text[1:]) else text
    return _WRITTEN.sub(lambda match: chr(int(match[1], 16)), written) if "_x" in written else written


def _is_live(text: str) -> bool:
    """Whether a text would be a formula; one with an apostrophe before it gets another, so that both come back.

    Full-width ＝ ＋ － ＠ are formulas to Chinese and Japanese Excel. What stands behind a separator of another locale
    (`a;=1`) begins a cell there, however the csv is quoted.
    """
    return text.lstrip("'").startswith(_LIVE) or _BEHIND_A_SEPARATOR.search(text) is not None
