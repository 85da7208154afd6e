"""How wide columns are and how many lines a text takes in them: estimates, as no program fits rows that we write."""

import math

from xlbill.workbook.layout import ColumnWidth

USUAL_WIDTH = 9.14
POINTS_PER_UNIT = 5.25  # a unit of a column's width is 7 pixels, a pixel 0.75 points
LINE_SPACING = 1.4
PADDING = 5.0
MOST_HEIGHT = 409.0  # Excel's limit


def points_wide(column: ColumnWidth | None) -> float:
    """The width of a column in points."""
    if column is None:
        return USUAL_WIDTH * POINTS_PER_UNIT
    return 0.0 if column.hidden else (column.width or USUAL_WIDTH) * POINTS_PER_UNIT


def lines_of(text: str, width: float, size: float) -> int:
    """How many lines a text takes in a width: a Chinese character is as wide as the font is high, a Latin one half."""
    lines = 0
    for paragraph in text.split("\n"):
        length = sum(size if ord(char) > 0x2E7F else size * 0.54 for char in paragraph)
        lines += max(1, math.ceil(length / max(width, size)))
    return lines
