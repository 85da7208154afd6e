"""What is wrong with a template as a whole: parts that are missing, and features that cannot be carried over."""

from collections.abc import Collection, Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any

from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from xlbill.cells import Address, Place, corners
from xlbill.formula import Range, Ref, references
from xlbill.invoice.template.compiled import MAX_COLUMNS, MAX_ROWS, Template, all_rows
from xlbill.invoice.template.marked import MarkedFormula
from xlbill.invoice.template.marks import Shows
from xlbill.language import Label
from xlbill.problems import Problem, Problems, problem

REQUIRED = (
    ("line.title", Label("账单明细", "a row for each line")),
    ("line.amount", Label("账单明细的金额", "the amount of each line")),
    ("bill.total", Label("价税合计", "the total")),
    ("price.title", Label("价目行", "a row for the prices used")),
    ("column.usage", Label("每日用量列", "a column for daily usage")),
    ("total.usage", Label("每日合计列", "a column for the totals of a day")),
)

REQUIRED_OF_STATEMENTS = (
    ("statement.opening", Label("期初余额", "the opening balance")),
    ("entry.charged", Label("单据的应收", "what each document charges")),
    ("entry.paid", Label("单据的收款", "what each document pays")),
    ("entry.balance", Label("单据后的余额", "what is owed after each document")),
    ("statement.charged", Label("应收合计", "what was charged in all")),
    ("statement.paid", Label("收款合计", "what was paid in all")),
    ("statement.until", Label("截止日", "the last day")),
    ("statement.closing", Label("期末余额", "the closing balance")),
    ("open.due_on", Label("最晚付款日", "the due date of each open bill")),
    ("open.late", Label("逾期天数", "how late each open bill is")),
    ("open.amount", Label("未结金额", "what is open of each bill")),
    ("age.amount", Label("账龄金额", "what is open by age")),
    ("statement.unassigned", Label("未分配款项", "money that is assigned to no bill")),
    ("statement.aged", Label("账龄合计", "what is open in all")),
)
"""A statement's figures are formulas over each other: each needs a cell of its own."""

REFUSED_PARTS = {
    "xl/vbaproject": Label("宏", "macros"),
    "xl/pivot": Label("数据透视表", "a pivot table"),
    "xl/externallinks/": Label("外部链接", "links to other workbooks"),
    "xl/embeddings/": Label("嵌入对象", "an embedded object"),
    "xl/activex/": Label("控件", "controls"),
    "xl/ctrlprops/": Label("控件", "controls"),
    "xl/slicers/": Label("切片器", "slicers"),
    "xl/queries/": Label("查询", "queries"),
    "xl/connections": Label("数据连接", "data connections"),
}
"""Parts of a workbook that change or fetch figures: a template with one of them is refused."""


def missing_parts(template: Template) -> Iterator[Problem]:
    """The marks without which nothing can be laid out; figures need a cell of their own to stand in."""
    rows = [row for sheet in template.sheets for row in all_rows(sheet.blocks)]
    words = {slot.mark.key for row in rows for slot in row.slots if slot.mark.kind is Shows.TEXT}
    alone = {cell.only.mark.key for row in rows for cell in row.cells.values() if cell.only is not None}
    of_account = any("statement" in sheet.scopes for sheet in template.sheets)
    for key, about in REQUIRED_OF_STATEMENTS if of_account else REQUIRED:
        if key not in words | alone:
            yield problem("template-part-missing", Place(template.file), part=about, mark="{{ " + key + " }}")


def circles(template: Template) -> Iterator[Problem]:
    """Formulas of the template that refer to each other in a circle."""
    graph: dict[Address, list[Address]] = {}
    for sheet in template.sheets:
        for cell in (cell for row in all_rows(sheet.blocks) for cell in row.cells.values()):
            if isinstance(cell.content, MarkedFormula):
                ranges = references(cell.content.expr)
                graph[Address(sheet.name, cell.row, cell.column)] = [
                    at for area in ranges for at in _cells(area, sheet.name)
                ]
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle: list[Address] = error.args[1]
        found = " → ".join(address.on(address.sheet) for address in circle)
        yield problem("template-formula-circular", Place(template.file, *circle[0]), found=found)


def _cells(area: Ref | Range, sheet: str) -> Iterator[Address]:
    """The cells of a reference, as far as a template reaches."""
    first, last = (area.first, area.last) if isinstance(area, Range) else (area, area)
    for row in range(first.row, min(last.row, MAX_ROWS) + 1):
        for column in range(first.column, min(last.column, MAX_COLUMNS) + 1):
            yield Address(first.sheet or sheet, row, column)


def not_carried(workbook: Workbook, parts: Collection[str], file: str) -> Problems:
    """Everything in a workbook that the invoices could not have: refused where it makes figures, else left out."""
    found = Problems()
    for start, feature in REFUSED_PARTS.items():
        if any(part.lower().startswith(start) for part in parts):
            found.add("template-refused", Place(file), feature=feature)
    for sheet in workbook.worksheets:
        found += [
            problem("template-not-carried", Place(file, sheet.title, row, column), feature=feature)
            for feature, row, column in _left_out(sheet)
        ]
    names = [name for name in workbook.defined_names if not name.startswith("_xlnm.")]
    if names:
        listed = ", ".join(names)
        found.add("template-not-carried", Place(file), feature=Label(f"名称 {listed}", f"defined names {listed}"))
    return found


def _left_out(sheet: Worksheet) -> Iterator[tuple[Label, int | None, int | None]]:
    """Features of a sheet that are left out, with their first cell."""
    for validation in sheet.data_validations.dataValidation:
        yield Label("数据验证", "a data validation"), *_first(validation.sqref)
    for table in sheet.tables.values():
        yield Label("表格对象", "a table object"), *_first_of(table.ref)
    for chart in getattr(sheet, "_charts", ()):
        start = chart.anchor._from
        yield Label("图表", "a chart"), start.row + 1, start.col + 1
    last_row, last_column = min(sheet.max_row, MAX_ROWS), min(sheet.max_column, MAX_COLUMNS)
    rows = sheet.iter_rows(max_row=last_row, max_col=last_column)  # a larger sheet is refused
    cells = [cell for row in rows for cell in row]
    for cell in cells:
        if cell.comment is not None:
            yield Label("批注", "a comment"), cell.row, cell.column
        if getattr(cell, "hyperlink", None) is not None:
            yield Label("超链接", "a hyperlink"), cell.row, cell.column
    if sheet.legacy_drawing and not any(cell.comment for cell in cells):
        yield Label("控件", "a control"), None, None
    if sheet.HeaderFooter.differentFirst or sheet.HeaderFooter.differentOddEven:
        yield Label("首页或偶数页不同的页眉页脚", "another header or footer on first or even pages"), None, None
    if sheet.protection.sheet:
        yield Label("工作表保护", "sheet protection"), None, None
    if sheet.auto_filter.ref:
        yield Label("筛选", "a filter"), *_first_of(sheet.auto_filter.ref)


def _first(areas: Any) -> tuple[int, int]:
    first = next(iter(areas.ranges))
    return first.min_row, first.min_col


def _first_of(reference: str) -> tuple[int, int]:
    top, left, _, _ = corners(reference) or (1, 1, 1, 1)
    return top, left
