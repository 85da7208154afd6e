"""How large a template may be, looked at before openpyxl reads it: that takes what a file asks for.

A template of 500 × 100 cells with its formats is some hundred kilobytes.
"""

from xlbill.cells import Place
from xlbill.invoice.template.compiled import MAX_COLUMNS, MAX_ROWS
from xlbill.problems import Problem, problem
from xlbill.sheets.styled import bytes_of, covered_cells
from xlbill.sheets.xlsx import Package

MAX_BYTES = 8 * 2**20
"""Of the XML of a template, its pictures apart."""
MAX_COVERED = MAX_ROWS * MAX_COLUMNS


def too_large(package: Package, shown: str) -> Problem | None:
    """What of a workbook is too large for a template, None where nothing is; raises what expat raises."""
    size = bytes_of(package)
    if size > MAX_BYTES:
        found, limit = f"{size / 2**20:,.1f} MiB", f"{MAX_BYTES // 2**20} MiB · {MAX_ROWS} × {MAX_COLUMNS}"
        return problem("template-too-large", Place(shown), found=found, limit=limit)
    for sheet in package.sheets:
        covered = covered_cells(package, sheet)
        if covered > MAX_COVERED:
            found, limit = f"{covered:,}", f"{MAX_ROWS} × {MAX_COLUMNS}"
            return problem("template-too-large", Place(shown, sheet.name), found=found, limit=limit)
    return None
