"""Pages: page ends that keep together what belongs together, at the scale at which a sheet fits across the paper."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from xlbill.invoice.pages.rows import PlacedRow, PlacedSheet, Torn, blank_cell, blank_row
from xlbill.invoice.template.compiled import Block, Repeat, all_rows, with_heads
from xlbill.workbook.layout import Area, ColumnWidth, Page
from xlbill.workbook.measure import points_wide

PAPERS = {1: (612, 792), 5: (612, 1008), 8: (842, 1191), 9: (595, 842), 11: (420, 595)}
A4 = PAPERS[9]
POINTS_PER_INCH = 72
TOLERANCE = 0.98  # programs differ a little in the height of rows
NARROWEST = 0.965
"""How narrow columns may become, which programs measure by digits: Excel takes whole pixels for these, LibreOffice does
not, and prints at 92 % what Excel fits across a page at 89 %."""
LEAST_SCALE = 25
SQUEEZED = 0.9
"""How much smaller a sheet may be printed so that it stays one page."""


def page_of(
    placed: PlacedSheet, columns: Mapping[int, ColumnWidth], heights: Mapping[int, float], header: str, footer: str
) -> Page:
    """The template's print setup for the rows and columns of this bill."""
    page = replace(placed.template.page, header=header, footer=footer)
    titles = placed.rows_of(*page.titles) if page.titles else []
    page = replace(
        page,
        titles=(titles[0].number, titles[-1].number) if titles else None,
        area=_area(placed, page.area) if page.area else None,
    )
    if page.fit is not None and page.fit[1] > 0:
        return replace(page, breaks=())  # so many pages down: the program chooses where they end
    scale = page.scale if page.fit is None else _scale(page, columns, _last_column(placed, page))
    breaks = _breaks(placed, heights, page, scale)
    if len(breaks) == 1 and page.fit is not None and not _breaks(placed, heights, page, math.floor(scale * SQUEEZED)):
        return replace(page, fit=(1, 1), breaks=())  # a few rows too many: better a little smaller than a page for them
    return replace(page, breaks=breaks)


def _paper(page: Page) -> tuple[float, float]:
    """The printable width and height of a page, in points."""
    width, height = PAPERS.get(page.paper, A4)
    if page.landscape:
        width, height = height, width
    left, right, top, bottom = (margin * POINTS_PER_INCH for margin in page.margins)
    return width - left - right, height - top - bottom


def _last_column(placed: PlacedSheet, page: Page) -> int:
    """The last column that is printed: not one in which the template only says to what its rows are tied."""
    if page.area:
        return page.area.right
    by_column = sorted(placed.cells, key=lambda cell: -cell.column)
    return next((cell.column for cell in by_column if not blank_cell(cell)), 1)


def _scale(page: Page, columns: Mapping[int, ColumnWidth], last: int) -> int:
    """The largest scale, at most 100 %, at which a program will fit columns, up to the last, on a page."""
    wide = sum(points_wide(column) for number, column in columns.items() if number <= last)
    return max(min(100, math.floor(_paper(page)[0] / max(wide * NARROWEST, 1) * 100)), LEAST_SCALE)


def _area(placed: PlacedSheet, area: Area) -> Area | None:
    """The template's print area, over the rows and columns that came of it."""
    rows = placed.rows_of(area.top, area.bottom)
    targets = [s.target for row in rows for s in row.spreads if area.left <= s.source <= area.right]
    return Area(rows[0].number, min(targets), rows[-1].number, max(targets)) if targets else None


def torn_by(placed: PlacedSheet, breaks: Sequence[int]) -> Torn:
    """The repetitions with which a page begins though their block began before, where the template heads these anew."""
    rows, heads = placed.rows, _heads(placed.template.blocks)
    starts = [(rows[end - 1], rows[end]) for end in breaks if end < len(rows)]
    return frozenset((below.path, below.template.number) for above, below in starts if _torn(above, below, heads))


def _heads(blocks: Sequence[Block]) -> dict[int, float]:
    """How high the heads are that stand once more, by the template's rows below them."""
    found: dict[int, float] = {}
    for block, heads in with_heads(blocks):
        if isinstance(block, Repeat):
            found |= {row.number: sum(head.height for head in heads) for row in all_rows((block,)) if heads}
            found |= _heads(block.body)
    return found


def _torn(above: PlacedRow, below: PlacedRow, heads: Mapping[int, float]) -> bool:
    """Whether a page end between two rows tears what has heads: what follows is another repetition of the same."""
    again = bool(below.path) and below.path[-1][1] > 0 and above.path[:-1] == below.path[:-1]
    return again and not below.continued and below.template.number in heads


def _breaks(placed: PlacedSheet, heights: Mapping[int, float], page: Page, scale: int) -> tuple[int, ...]:
    """The rows after which a page ends: where the template wants it, and before what does not fit any more."""
    rows = placed.rows
    heads = _heads(placed.template.blocks)
    room = _paper(page)[1] / (scale / 100) * TOLERANCE
    repeated = sum(heights[row] for row in range(page.titles[0], page.titles[1] + 1)) if page.titles else 0.0
    ends: list[int] = []
    start, filled = 0, 0.0
    for index, row in enumerate(rows):
        height = heights[row.number]
        again = row.continued and index and not rows[index - 1].continued
        if again or (index and _wanted(rows[index - 1], row, placed_breaks=page.breaks)):
            ends.append(rows[index - 1].number)
            start, filled = index, repeated
        elif filled + height > room and index > start:
            cut = next((n for n in range(index, start, -1) if _may_end(rows, n)), index)
            ends.append(rows[cut - 1].number)
            start, filled = cut, repeated + sum(heights[r.number] for r in rows[cut:index])
            filled += heads[rows[cut].template.number] if _torn(rows[cut - 1], rows[cut], heads) else 0
        filled += height
    return tuple(ends)


def _wanted(above: PlacedRow, below: PlacedRow, placed_breaks: Sequence[int]) -> bool:
    """Whether the template ends a page here: after the row itself, or after each copy of the block that it closes."""
    again = below.template.number <= above.template.number and above.path[:1] != below.path[:1]
    return any(
        above.template.number <= row < below.template.number or (again and row >= above.template.number)
        for row in placed_breaks
    )


def _may_end(rows: Sequence[PlacedRow], number: int) -> bool:
    """Whether a page may end before a row: no table is torn, and totals keep the last line above them."""
    return _may_part(rows[number - 1], rows[number]) and not _parts_totals(rows, number)


def _parts_totals(rows: Sequence[PlacedRow], number: int) -> bool:
    """Whether nothing but blank rows stands between the last line, above, and the bill's totals, below."""
    above = next((row for row in reversed(rows[:number]) if not blank_row(row)), None)
    below = next((row for row in rows[number:] if not blank_row(row)), None)
    if above is None or below is None or below.path or not {"group", "line"} & {scope for scope, _ in above.path}:
        return False
    return any(slot.mark.scope == "bill" and slot.mark.holds_figure for slot in below.template.slots)


def _may_part(above: PlacedRow, below: PlacedRow) -> bool:
    """Whether a page may end between two rows without tearing a table.

    Not between a heading and its first line, the rows of one line, a group's last line and its subtotal.
    """
    if above.path == below.path:
        return not above.path and (blank_row(above) or blank_row(below))
    depth = next((n for n, (a, b) in enumerate(zip(above.path, below.path, strict=False)) if a != b), None)
    if depth is not None:
        return above.path[depth][0] != below.path[depth][0] or below.path[depth][1] > 0
    return not below.path
