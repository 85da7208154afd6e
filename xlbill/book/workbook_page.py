"""A sheet of finance's own in a price book: its cells where they stood, its blocks whole on their pages."""

from collections.abc import Callable, Iterator, Mapping
from itertools import takewhile
from typing import TYPE_CHECKING

from xlbill.book import data
from xlbill.book.data_grid import GridCell, SheetGrid
from xlbill.book.workbook_looks import NOTE, TITLE, BookFormats, height_of, lines_in, width_of, write_cell
from xlbill.workbook.measure import POINTS_PER_UNIT

if TYPE_CHECKING:
    import xlsxwriter

USUAL_HEIGHT = 15.0
MARGINS = 0.4, 0.4, 0.5, 0.6  # left, right, top, bottom; in inches
WIDTH, ROOM = 842 - 0.8 * 72, (595 - 1.1 * 72) * 0.95
"""What a page of A4 across has room for, in points; programs differ a little in the height of rows."""


def write_page(workbook: "xlsxwriter.Workbook", page: data.OwnSheet, grid: SheetGrid, formats: BookFormats) -> None:
    """A sheet of finance's own: its cells where they stood."""
    sheet = workbook.add_worksheet(page.title)
    sheet.hide_gridlines(2)
    sheet.set_tab_color("#9CA3AF")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(*MARGINS)
    sheet.set_footer("&L&A&R&P / &N")
    cells = {(row, at): cell for (title, row, at), cell in grid.cells.items() if title == page.title}
    head = _head_lines(cells)
    widths = dict(_page_widths({place: cell for place, cell in cells.items() if place[0] not in head}))
    for at, width in widths.items():
        sheet.set_column(at - 1, at - 1, width)
    lines: dict[int, int] = {}
    for number, ((row, at), cell) in enumerate(cells.items()):
        title = number == 0 and isinstance(cell.content, str)
        if title or row in head:
            look = formats.of(**(TITLE if title else NOTE))
        else:
            look = formats.cell(cell, None, "", wrap=isinstance(cell.content, str))
        write_cell(sheet, row, at, cell, look)
        if isinstance(cell.content, str) and row not in head:
            lines[row] = max(lines.get(row, 1), lines_in(cell, widths[at]))
    heights = dict.fromkeys((row for row, _ in cells), USUAL_HEIGHT)
    for row, count in lines.items():
        if count > 1:
            heights[row] = height_of(count)
            sheet.set_row(row - 1, heights[row])
    across = sum(widths.values()) * POINTS_PER_UNIT
    sheet.set_h_pagebreaks(_page_ends(heights, ROOM * max(across / WIDTH, 1)))


def _page_ends(heights: Mapping[int, float], room: float) -> list[int]:
    """The rows after which a page ends, so that rows without a blank one between them stand on one page."""
    ends: list[int] = []
    start = top = 1
    for row in range(1, max(heights, default=0) + 1):
        if row not in heights:
            start = row + 1
        elif sum(heights.get(each, USUAL_HEIGHT) for each in range(top, row + 1)) > room and start > top:
            ends.append(start - 1)
            top = start
    return ends


def _head_lines(cells: Mapping[tuple[int, int], GridCell]) -> frozenset[int]:
    """The rows above the first blank one, where each has one text alone: a title and a note, over all columns."""
    rows = [(row, isinstance(cell.content, str)) for (row, _), cell in cells.items()]
    head = list(takewhile(lambda row: [text for at, text in rows if at == row] == [True], range(1, len(rows) + 1)))
    return frozenset(head) if len(head) in (1, 2) else frozenset()


def _page_widths(cells: Mapping[tuple[int, int], GridCell]) -> Iterator[tuple[int, float]]:
    across = max((at for _, at in cells), default=0)
    measure: Callable[[GridCell], int] = lambda cell: width_of(data.spelled(cell.content))  # noqa: E731
    for at in range(1, across + 1):
        longest = max((measure(cell) for (_, column), cell in cells.items() if column == at), default=0)
        yield at, min(max(longest + 2, 4), 110)
