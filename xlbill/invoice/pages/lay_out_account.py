"""A statement of account laid out on its template, as an invoice is on its own."""

from xlbill.invoice.account import AccountPage
from xlbill.invoice.pages.contents import CellContents
from xlbill.invoice.pages.figure_cells import FigureCells
from xlbill.invoice.pages.rows import place
from xlbill.invoice.pages.sheets import finished, place_figures
from xlbill.invoice.template.compiled import Template
from xlbill.language import Label
from xlbill.workbook.layout import Layout

TITLE = Label("对账单", "Statement of account")
PRIORITY = (frozenset({"entry", "open", "age"}), frozenset({"statement"}))
"""Rows find the cells of their figures before totals do."""


def lay_out_account(page: AccountPage, template: Template) -> Layout:
    """The workbook of a statement, as neutral cells."""
    figure_cells = FigureCells()
    subjects = page.subjects()
    placed = tuple(place(sheet, subjects) for sheet in template.sheets)
    for scopes in PRIORITY:
        for sheet in placed:
            place_figures(sheet, scopes, figure_cells)
    contents = CellContents(placed, figure_cells, page.currency)
    sheets = tuple(finished(sheet, contents, figure_cells, subjects) for sheet in placed)
    seller = page.seller.facts.get("name", Label("", "")).text(page.language)
    title = f"{TITLE.text(page.language)} {page.customer.code} {page.currency.code}"
    return Layout(sheets, title, seller, page.made, template.font)
