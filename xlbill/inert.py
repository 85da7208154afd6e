"""Text that goes into a csv and must stay text: what a spreadsheet would take for a formula gets an apostrophe.

>>> inert("=HYPERLINK(1)"), as_it_was("'=HYPERLINK(1)"), inert("'=1"), inert("a plan")
("'=HYPERLINK(1)", '=HYPERLINK(1)', "''=1", 'a plan')
"""

import re

_LIVE = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_BEHIND_A_SEPARATOR = re.compile(r"[;\t\n\r]\s*[\"']?\s*[=@＝＠]")


def inert(text: str) -> str:
    """A text as it may stand in a csv that somebody opens in Excel. Numbers do not need it."""
    return f"'{text}" if _is_live(text) else text


def as_it_was(text: str) -> str:
    """The text before it was made inert."""
    return text[1:] if text.startswith("'") and _is_live(text[1:]) else text


def _is_live(text: str) -> bool:
    """Whether a text would be a formula; one with an apostrophe before it gets another, so that both come back.

    Full-width ＝ ＋ － ＠ are formulas to Chinese and Japanese Excel. What stands behind a separator of another locale
    (`a;=1`) begins a cell there, however the csv is quoted.
    """
    return text.lstrip("'").startswith(_LIVE) or _BEHIND_A_SEPARATOR.search(text) is not None
