"""The columns of the price sheet: those that the template marks, and more to the right for every other quantity.

A pricing model of finance's own may take a `surcharge` that no template knows: it gets a column under its own name.
Columns that nothing on this bill fills are hidden.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from xlbill.invoice.pages.subjects import is_blank, shown, subjects_of
from xlbill.invoice.presented import BillView, PriceRow
from xlbill.invoice.template.compiled import Block, Repeat, SheetTemplate, TemplateCell, TemplateRow, all_rows
from xlbill.invoice.template.marked import Marked, Slot, slots_of
from xlbill.invoice.template.marks import Mark, figure_label, kind_of_figure
from xlbill.invoice.template.readings import Shown
from xlbill.language import Label
from xlbill.workbook.layout import ColumnWidth


def with_columns(sheet: SheetTemplate, view: BillView) -> SheetTemplate:
    """The price sheet with a column for each quantity of its rows."""
    row = price_row(sheet)
    alone = [cell.only for cell in row.cells.values() if cell.only is not None]  # a mark in a text holds no figure
    marked = {slot.mark.name.removeprefix("figures.") for slot in alone if slot.mark.scope == "price"}
    used = dict.fromkeys(key for price in view.prices for key in price.figures)
    extra = [key for key in used if key[1] > 1 or key[0] not in marked]
    pattern = _last_figure(row)
    blocks = _widened(sheet.blocks, row, _heading_row(sheet, row), pattern, _headings(extra, view), extra, sheet.width)
    columns = dict(sheet.columns)
    for number, key in enumerate(extra, start=1):
        empty = all(price.figures[key].value is None for price in view.prices if key in price.figures)
        columns[sheet.width + number] = replace(columns.get(pattern, ColumnWidth()), hidden=empty)
    for column in _unfilled(row, view) if view.prices else ():
        columns[column] = replace(columns.get(column, ColumnWidth()), hidden=True)
    return replace(sheet, blocks=blocks, columns=columns)


def price_row(sheet: SheetTemplate) -> TemplateRow:
    """The row that repeats for each price."""
    return next(row for row in all_rows(sheet.blocks) if row.scope == "price")


def _last_figure(row: TemplateRow) -> int:
    """The column whose look further ones take: the last that shows a figure."""
    figures = [
        column for column, cell in row.cells.items() if any(slot.mark.holds_figure for slot in slots_of(cell.content))
    ]
    return max(figures, default=max(row.cells))


def _heading_row(sheet: SheetTemplate, row: TemplateRow) -> TemplateRow | None:
    """The row with the columns' headings: the last unmarked one above with words in it."""
    above = [r for r in all_rows(sheet.blocks) if r.number < row.number and not r.marked]
    return next((r for r in reversed(above) if any(cell.content for cell in r.cells.values())), None)


def _headings(extra: Sequence[tuple[str, int]], view: BillView) -> list[str]:
    labels = [(figure_label(name), number) for name, number in extra]
    return [_numbered(label, number).text(view.language) for label, number in labels]


def _numbered(label: Label, number: int) -> Label:
    return label if number == 1 else Label(f"{label.zh} {number}", f"{label.en} {number}")


def _unfilled(row: TemplateRow, view: BillView) -> list[int]:
    """Columns whose only mark shows nothing in any row."""
    rows = [{**subjects_of(view), "price": price} for price in view.prices]
    only = {column: cell.only for column, cell in row.cells.items() if cell.only is not None}
    return [
        column for column, slot in only.items() if all(is_blank(shown(slot, row_subjects)) for row_subjects in rows)
    ]


def _widened(
    blocks: Sequence[Block],
    row: TemplateRow,
    heading: TemplateRow | None,
    pattern: int,
    headings: Sequence[str],
    extra: Sequence[tuple[str, int]],
    width: int,
) -> tuple[Block, ...]:
    """The rows of prices and of headings with further cells."""
    slots = [Marked((Slot(_mark(name, number)),)) for name, number in extra]
    contents = {row.number: slots}
    if heading is not None:
        contents[heading.number] = [Marked((text,)) for text in headings]

    def widen(block: Block) -> Block:
        if isinstance(block, Repeat):
            return replace(block, body=tuple(widen(inner) for inner in block.body))
        if block.number not in contents or pattern not in block.cells:
            return block
        style = block.cells[pattern].style
        added = {
            width + n: TemplateCell(block.number, width + n, content, style)
            for n, content in enumerate(contents[block.number], start=1)
        }
        return replace(block, cells={**block.cells, **added})

    return tuple(widen(block) for block in blocks)


def _mark(name: str, number: int) -> Mark:
    return Mark(
        "price", f"figures.{name}", kind_of_figure(name), figure_label(name), _get(name, number), holds_figure=True
    )


def _get(name: str, number: int) -> Callable[[PriceRow], Shown]:
    return lambda row: row.figures.get((name, number))
