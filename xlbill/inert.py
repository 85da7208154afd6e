"""Text that goes into a csv and must stay text: what a spreadsheet would take for a formula gets an apostrophe.

>>> inert("=HYPERLINK(1)"), as_it_was("'=HYPERLINK(1)"), inert("a plan")
("'=HYPERLINK(1)", '=HYPERLINK(1)', 'a plan')
"""

_LIVE = ("=", "+", "-", "@", "\t", "\r")


def inert(text: str) -> str:
    """A text as it may stand in a csv that somebody opens in Excel. Numbers do not need it."""
    return f"'{text}" if text.startswith(_LIVE) else text


def as_it_was(text: str) -> str:
    """The text before it was made inert."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_LIVE) else text
