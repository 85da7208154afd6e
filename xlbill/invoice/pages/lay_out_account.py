"""A statement of account laid out on its template, as an invoice is on its own."""

from xlbill.invoice.account import AccountPage
from xlbill.invoice.pages.contents import CellContents
from xlbill.invoice.pages.figure_cells import FigureCells
from xlbill.invoice.pages.headers import header_text
from xlbill.invoice.pages.lay_out import columns_of, pictures_of, place_figures
from xlbill.invoice.pages.page_breaks import page_of
from xlbill.invoice.pages.row_heights import heights_of
from xlbill.invoice.pages.rows import PlacedSheet, place
from xlbill.invoice.template.compiled import Template
from xlbill.language import Label
from xlbill.workbook.layout import Layout, Sheet

TITLE = Label("对账单", "Statement of account")
PRIORITY = (frozenset({"entry", "open", "age"}), frozenset({"statement"}))
"""Rows find the cells of their figures before totals do."""


def lay_out_account(page: AccountPage, template: Template) -> Layout:
    """The workbook of a statement, as neutral cells."""
    figure_cells = FigureCells()
    placed = tuple(place(sheet, page.subjects()) for sheet in template.sheets)
    for scopes in PRIORITY:
        for sheet in placed:
            place_figures(sheet, scopes, figure_cells)
    contents = CellContents(placed, figure_cells, page.currency)
    sheets = tuple(_sheet(sheet, contents, page) for sheet in placed)
    seller = page.seller.facts.get("name", Label("", "")).text(page.language)
    title = f"{TITLE.text(page.language)} {page.customer.code} {page.currency.code}"
    return Layout(sheets, title, seller, page.made, template.font)


def _sheet(placed: PlacedSheet, contents: CellContents, page: AccountPage) -> Sheet:
    template = placed.template
    cells = contents.cells(placed)
    columns = columns_of(placed)
    heights = heights_of(placed, cells, columns)
    running = (header_text(text, page.subjects()) for text in (template.header, template.footer))
    return Sheet(
        name=placed.name,
        cells=cells,
        columns=columns,
        heights=heights,
        hidden_rows=frozenset(row.number for row in placed.rows if row.template.hidden),
        merges=placed.merges,
        pictures=pictures_of(placed),
        page=page_of(placed, columns, heights, *running),
        frozen=(len(placed.rows_of(1, template.frozen[0])), template.frozen[1]),
        gridlines=template.gridlines,
        zoom=template.zoom,
        tab_colour=template.tab_colour,
    )
