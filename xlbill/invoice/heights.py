"""How high rows become: those with wrapped text grow to it, because no program fits merged or written rows itself."""

import math
from collections.abc import Mapping, Sequence

from xlbill.invoice.layout import Area, Cell, Column, Formula
from xlbill.invoice.placing import PlacedSheet

USUAL_WIDTH = 9.14
POINTS_PER_UNIT = 5.25  # a unit of a column's width is 7 pixels, a pixel 0.75 points
LINE_SPACING = 1.4
PADDING = 5.0
MOST_HEIGHT = 409.0  # Excel's limit


def heights_of(placed: PlacedSheet, cells: Sequence[Cell], columns: Mapping[int, Column]) -> dict[int, float]:
    """The height of each row: the template's, or what its wrapped text needs where that takes several lines."""
    heights = {row.number: row.template.height for row in placed.rows}
    merged = {(area.top, area.left): area for area in placed.merges}
    for cell in cells:
        value = cell.content.value if isinstance(cell.content, Formula) else cell.content
        if isinstance(value, str) and cell.style.alignment.wrap:
            area = merged.get((cell.row, cell.column), Area(cell.row, cell.column, cell.row, cell.column))
            width = sum(points_wide(columns.get(c)) for c in range(area.left, area.right + 1)) - PADDING
            if width <= 0:
                continue  # hidden
            lines = lines_of(value, width, cell.style.font.size)
            if lines == 1:
                continue  # the template's own height is meant for one
            needed = lines * cell.style.font.size * LINE_SPACING + PADDING
            others = sum(heights[row] for row in range(area.top, area.bottom))
            heights[area.bottom] = min(max(heights[area.bottom], round(needed - others, 1)), MOST_HEIGHT)
    return heights


def points_wide(column: Column | None) -> float:
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
