"""What every laid out sheet takes, of a bill or of a statement: cells for figures, then measures and print."""

from dataclasses import replace

from xlbill.cells import Address
from xlbill.invoice.pages.conditional import carried
from xlbill.invoice.pages.contents import CellContents
from xlbill.invoice.pages.figure_cells import FigureCells
from xlbill.invoice.pages.headers import header_text
from xlbill.invoice.pages.page_breaks import page_of
from xlbill.invoice.pages.row_heights import heights_of
from xlbill.invoice.pages.rows import PlacedSheet
from xlbill.invoice.pages.subjects import Subjects, page_in, shown
from xlbill.invoice.pages.trace import Tracer
from xlbill.invoice.pages.usage_sheet import charts, highlights
from xlbill.invoice.presented import BillView
from xlbill.invoice.template.compiled import all_rows
from xlbill.rating.figures import Figure
from xlbill.workbook.layout import ColumnWidth, Picture, Sheet


def place_figures(
    sheet: PlacedSheet, scopes: frozenset[str], figure_cells: FigureCells, tracer: Tracer | None = None
) -> None:
    """Give every figure that a sheet shows alone in a cell, under one of some scopes, that cell for its own.

    Of several cells it is the first; for the bill's totals the last, at the foot of the table.
    """
    for cell in reversed(sheet.cells) if scopes == {"bill"} else sheet.cells:
        slot = cell.only
        if slot is not None and slot.mark.holds_figure and slot.mark.scope in scopes:
            figure = shown(slot, cell.subjects)
            address = Address(sheet.name, cell.row, cell.column)
            if isinstance(figure, Figure) and figure_cells.place(figure, address) and tracer is not None:
                tracer.note(figure, address, cell.subjects)


def finished(placed: PlacedSheet, contents: CellContents, figure_cells: FigureCells, subjects: Subjects) -> Sheet:
    """A finished sheet: contents, measures, print setup, and what lies on it; `subjects` are those of all its rows."""
    template, page = placed.template, page_in(subjects)
    cells = contents.cells(placed)
    columns = columns_of(placed)
    heights = heights_of(placed, cells, columns)
    usage = page if isinstance(page, BillView) and "column" in template.scopes else None
    running = (header_text(text, subjects) for text in (template.header, template.footer))
    return Sheet(
        name=placed.name,
        cells=cells,
        columns=columns,
        heights=heights,
        hidden_rows=frozenset(row.number for row in placed.rows if row.template.hidden),
        merges=placed.merges,
        highlights=(*(highlights(placed, usage) if usage is not None else ()), *carried(placed)),
        charts=charts(placed) if usage is not None else (),
        pictures=pictures_of(placed),
        page=page_of(placed, columns, heights, *running),
        frozen=(len(placed.rows_of(1, template.frozen[0])), template.frozen[1]),
        gridlines=template.gridlines,
        zoom=template.zoom,
        tab_colour=template.tab_colour,
        printed=template.printed,
    )


def columns_of(placed: PlacedSheet) -> dict[int, ColumnWidth]:
    """The widths of the columns; where columns of different kinds come to stand, the wider one."""
    given = placed.template.columns
    columns: dict[int, ColumnWidth] = {}
    for row in placed.rows:
        for spread in row.spreads:
            column, other = given.get(spread.source, ColumnWidth()), columns.get(spread.target)
            if other is None or (column.width or 0) > (other.width or 0):
                columns[spread.target] = column
    return columns


def pictures_of(placed: PlacedSheet) -> tuple[Picture, ...]:
    """The template's pictures where their rows stand."""
    rows = [(picture, _row_of(picture, placed)) for picture in placed.template.pictures]
    return tuple(replace(picture, row=row) for picture, row in rows if row is not None)


def _row_of(picture: Picture, placed: PlacedSheet) -> int | None:
    """Where a picture's row stands; a blank one that is left out hands it on to the next.

    A row that is tied to something (`{{ with draft }}`) keeps its picture to itself. A picture below the last row
    stays as far below it.
    """
    rows = {row.number: row for row in all_rows(placed.template.blocks)}
    own = rows.get(picture.row)
    standing = [row for row in placed.rows if row.template.number >= picture.row]
    if own is not None and own.conditions and not placed.rows_of(picture.row, picture.row):
        return None
    if standing:
        return min(standing, key=lambda row: (row.template.number, row.number)).number
    return len(placed.rows) + max(picture.row - max(rows, default=0), 1)
