"""How wide columns are and how many lines a text takes in them, as no program fits the rows that we write.

Characters are measured by the widths that they have in the typeface of the templates, and lines end where programs end
them: before a word that does not fit, between any two Chinese characters, but never before a closing mark.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from unicodedata import combining, east_asian_width

from xlbill.workbook.layout import ColumnWidth

USUAL_WIDTH = 9.14
POINTS_PER_UNIT = 5.25  # a unit of a column's width is 7 pixels, a pixel 0.75 points
LINE_SPACING = 1.4
PADDING = 5.0
MOST_HEIGHT = 409.0  # Excel's limit
OTHER_FACES = 1.1  # programs that lack the typeface put a wider one in its place

_WIDTHS = {
    "jli|.,:;'I!": 0.25,
    " ·[](){}/\\`": 0.30,
    'frt-"*': 0.37,
    "Jcsz°": 0.47,
    "aegkvxyLFEST?_": 0.52,
    "0123456789bdhnopquBPRCXYZK$¥€#+=<>~^": 0.57,
    "ADGHUVN&": 0.70,
    "OQwm%@MW": 0.90,
}
_LATIN = {char: width for chars, width in _WIDTHS.items() for char in chars}
_USUAL = 0.56
_BOLD = 1.07
_STAYS_BEHIND = "，。、；：！？）》」』】”’％%,.;:!?)]}"
"""No line begins with one of these."""
_PIECES = re.compile(r"\s+|[^\s⺀-鿿豈-﫿　-〿＀-￯-]+-*|-+|.", re.DOTALL)


def points_wide(column: ColumnWidth | None) -> float:
    """The width of a column in points."""
    if column is None:
        return USUAL_WIDTH * POINTS_PER_UNIT
    return 0.0 if column.hidden else (column.width or USUAL_WIDTH) * POINTS_PER_UNIT


@lru_cache(4_096)
def _width_of(char: str) -> float:
    """How wide a character is, as a part of the font's size."""
    if char in _LATIN:
        return _LATIN[char]
    if combining(char):
        return 0.0
    return 1.0 if east_asian_width(char) in "WF" else _USUAL


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a text in one line, in points."""
    return sum(map(_width_of, text)) * size * (_BOLD if bold else 1.0)


@lru_cache(16_384)
def lines_of(text: str, width: float, size: float, *, bold: bool = False) -> int:
    """How many lines a text takes in a width in points; names and titles come again from row to row, and bill to bill.

    >>> lines_of("单群聊消息云存储 · 延长至 180 天", 150, 9), lines_of("one two", 20, 9), lines_of("", 20, 9)
    (1, 2, 1)
    """
    return sum(_lines(paragraph, max(width, size), size, bold) for paragraph in text.split("\n"))


def _lines(paragraph: str, width: float, size: float, bold: bool) -> int:
    """The lines of a text without line ends of its own."""
    lines, filled = 1, 0.0
    for piece in _pieces(paragraph):
        wide = text_width(piece, size, bold=bold)
        if filled + text_width(piece.rstrip(), size, bold=bold) <= width:
            filled += wide
        elif wide <= width:
            lines, filled = lines + 1, wide
        else:  # a word longer than a line is broken anywhere
            for char in piece:
                filled += (own := text_width(char, size, bold=bold))
                if filled > width:
                    lines, filled = lines + 1, own
    return lines


def _pieces(text: str) -> Iterator[str]:
    """What stands together in one line: a word with the spaces behind it, a Chinese character with its full stop."""
    piece = ""
    for found in _PIECES.findall(text):
        if piece and not (found.isspace() or found[0] in _STAYS_BEHIND):
            yield piece
            piece = ""
        piece += found
    if piece:
        yield piece
