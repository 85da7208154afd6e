"""A bill laid out on a template: rows get their numbers, figures cells of their own, cells their contents.

The order in which figures find their cells is that of PRIORITY: usage first, the price sheet takes what is left.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from xlbill.invoice.pages.contents import CellContents
from xlbill.invoice.pages.figure_cells import FigureCells
from xlbill.invoice.pages.page_breaks import torn_by
from xlbill.invoice.pages.price_columns import with_columns
from xlbill.invoice.pages.price_sheet import price_rows
from xlbill.invoice.pages.rows import PlacedSheet, Torn, place
from xlbill.invoice.pages.sheets import finished, place_figures
from xlbill.invoice.pages.subjects import subjects_of
from xlbill.invoice.pages.trace import Tracer
from xlbill.invoice.pages.usage_sheet import UsageSpreading
from xlbill.invoice.presented import DRAFT, BillView, Issuance, view_of
from xlbill.invoice.template.compiled import SheetTemplate, Template
from xlbill.invoice.template.scopes import SCOPES
from xlbill.language import Label
from xlbill.rating.bill import Bill
from xlbill.rating.figures import Figure
from xlbill.workbook.layout import Layout

PRIORITY = (
    frozenset({"day", "column", "total", "month"}),  # daily usage and what the month comes to: the customer's own facts
    frozenset({"pack"}),  # balances, which lines draw on
    frozenset({"line", "group", "member", "tax"}),  # results, and the orders that lines charge
    frozenset({"bill"}),  # totals
)
TITLE, QUOTATION = Label("账单", "Invoice"), Label("报价单", "Quotation")


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A bill laid out, and how that came about: what `lay_out` gives is the layout alone."""

    layout: Layout
    view: BillView
    sheets: tuple[PlacedSheet, ...]  # in the order of the layout's, cell by cell as there
    figure_cells: FigureCells
    contents: CellContents
    traced: tuple[Figure, ...]  # the figures of the layout's trace, in its order

    @property
    def torn(self) -> bool:
        """Whether a group goes over a page: which rows stand then depends on all heights above."""
        return any(row.continued for sheet in self.sheets for row in sheet.rows)


def lay_out(bill: Bill, template: Template, issuance: Issuance = DRAFT) -> Layout:
    """The invoice workbook of a bill, its draft, or a quotation, as neutral cells; the template is not opened again."""
    return laid_out(bill, template, issuance).layout


def laid_out(bill: Bill, template: Template, issuance: Issuance = DRAFT) -> LaidOut:
    """The same with everything that it was made of.

    Where a page ends within a group, it is laid out once more, with the group's heading on the next page, too.
    """
    laid = _laid_out(bill, template, issuance, {})
    sheets = zip(laid.sheets, laid.layout.sheets, strict=True)
    torn = {placed.name: torn_by(placed, sheet.page.breaks) for placed, sheet in sheets}
    return _laid_out(bill, template, issuance, torn) if any(torn.values()) else laid


def _laid_out(bill: Bill, template: Template, issuance: Issuance, torn: Mapping[str, Torn]) -> LaidOut:
    """A bill laid out, with the heads of what page ends tear on each sheet."""
    view = view_of(bill, issuance)
    figure_cells, tracer = FigureCells(), Tracer(view)
    placed = {
        sheet.name: _placed(sheet, view, torn.get(sheet.name, ()))
        for sheet in template.sheets
        if "price" not in sheet.scopes
    }
    for scopes in PRIORITY:
        for sheet in placed.values():
            place_figures(sheet, scopes, figure_cells, tracer)
    view = replace(view, prices=price_rows(view, figure_cells))
    for sheet_template in template.sheets:
        if "price" in sheet_template.scopes:
            prices = place(with_columns(sheet_template, view), subjects_of(view))
            place_figures(prices, frozenset(SCOPES), figure_cells, tracer)
            placed[prices.name] = prices
    contents = CellContents(placed.values(), figure_cells, bill.currency)
    in_order = tuple(placed[sheet.name] for sheet in template.sheets)
    sheets = tuple(finished(sheet, contents, figure_cells, subjects_of(view)) for sheet in in_order)
    seller = bill.seller.facts.get("name", Label("", "")).text(view.language)
    names, found = _names(bill, figure_cells), sorted(tracer.found, key=lambda entry: entry[0].cell)
    trace, traced = tuple(entry for entry, _ in found), tuple(figure for _, figure in found)
    layout = Layout(sheets, title_of(view), seller, issuance.issued or bill.issued, template.font, names, trace)
    return LaidOut(layout, view, in_order, figure_cells, contents, traced)


def title_of(view: BillView) -> str:
    """The title in the file's properties."""
    heading = TITLE if view.issuance.valid_until is None else QUOTATION
    told = (heading.text(view.language), view.bill.customer.code, str(view.bill.month), view.issuance.number or "")
    return " ".join(part for part in told if part)


def _placed(sheet: SheetTemplate, view: BillView, torn: Torn) -> PlacedSheet:
    spreading = UsageSpreading(sheet, view) if "column" in sheet.scopes else None
    return place(sheet, subjects_of(view), spreading, torn)


def _names(bill: Bill, figure_cells: FigureCells) -> Mapping[str, str]:
    """Defined names for the bill's own figures, by which other programs find them."""
    cells = {f"bill.{name}": figure_cells.of(f) for name, f in bill.sums.items() if figure_cells.has(f)}
    return {name: cell.fixed for name, cell in cells.items()}
