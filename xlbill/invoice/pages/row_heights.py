"""How high rows become: those with wrapped text grow to it, because no program fits merged or written rows itself."""

from collections.abc import Iterator, Mapping, Sequence

from xlbill.invoice.pages.rows import PlacedSheet
from xlbill.workbook.layout import Area, ColumnWidth, Formula, LaidCell
from xlbill.workbook.look import USUAL_HEIGHT, pixels_high
from xlbill.workbook.measure import LINE_SPACING, MOST_HEIGHT, PADDING, lines_of, points_wide

OF_THE_ROOM = 0.94
"""Programs that lack the template's typeface put a wider one in its place: better a high row than a line cut off."""

_LARGER = 15.75
"""In place of the usual height, which XlsxWriter leaves out: LibreOffice then fits such a row to its words."""


def heights_of(placed: PlacedSheet, cells: Sequence[LaidCell], columns: Mapping[int, ColumnWidth]) -> dict[int, float]:
    """The height of each row: the template's, or what its wrapped text needs where that takes several lines."""
    heights = {row.number: row.template.height for row in placed.rows}
    for cell, area, width in wrapped(placed, cells, columns):
        value = cell.content.value if isinstance(cell.content, Formula) else cell.content
        if isinstance(value, str):
            lines = lines_of(value, width, cell.style.font.size, bold=cell.style.font.bold)
            if lines == 1:
                continue  # the template's own height is meant for one
            needed = lines * cell.style.font.size * LINE_SPACING + PADDING
            others = sum(heights[row] for row in range(area.top, area.bottom))
            heights[area.bottom] = min(max(heights[area.bottom], round(needed - others, 1)), MOST_HEIGHT)
    return {row: _LARGER if pixels_high(height) == USUAL_HEIGHT else height for row, height in heights.items()}


def wrapped(
    placed: PlacedSheet, cells: Sequence[LaidCell], columns: Mapping[int, ColumnWidth]
) -> Iterator[tuple[LaidCell, Area, float]]:
    """The filled cells whose text is wrapped, the area that each fills, and the room in it; hidden ones are not."""
    merged = {(area.top, area.left): area for area in placed.merges}
    for cell in cells:
        if cell.content is not None and cell.style.alignment.wrap:
            area = merged.get((cell.row, cell.column), Area(cell.row, cell.column, cell.row, cell.column))
            room = sum(points_wide(columns.get(c)) for c in range(area.left, area.right + 1)) - PADDING
            width = room * OF_THE_ROOM
            if width > 0:
                yield cell, area, width
