"""The workbook of a document: drop-downs, formats, frozen headings, notes on columns, and every formula's exact value.

It is made from the declarations of the sheets alone, and reads back as the same data.
"""

from datetime import datetime
from pathlib import Path

from xlbill.book import data
from xlbill.book.data_grid import SheetGrid, lay_out
from xlbill.book.workbook_looks import BookFormats
from xlbill.book.workbook_page import write_page
from xlbill.book.workbook_table import TableSheet
from xlbill.files import written
from xlbill.problems import Problems

_MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - the same data gives the same bytes


def write_data(document: data.Document, path: Path, shown_as: str) -> Problems:
    """Write the workbook of a document; nothing is written where it cannot be whole."""
    grid, found = lay_out(document)
    if found.errors:
        return found
    return written(path, shown_as, lambda target: _write(document, grid, target))


def _write(document: data.Document, grid: SheetGrid, path: Path) -> None:
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(str(path), options)
    workbook.set_properties({"created": _MADE})
    workbook.set_calc_mode("auto")
    formats = BookFormats(workbook)
    front = [page for page in document.pages[:1] if page.title.startswith("说明")]
    for page in front:
        write_page(workbook, page, grid, formats)
    for key, table in document.tables.items():
        TableSheet(document, key, table, grid, formats, workbook).write()
    for page in document.pages[len(front) :]:
        write_page(workbook, page, grid, formats)
    workbook.close()
