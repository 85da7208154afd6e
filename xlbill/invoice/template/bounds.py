"""How large a template may be, looked at before openpyxl reads it: that takes what a file asks for.

A template of 500 × 100 cells with its formats is some hundred kilobytes. openpyxl makes a cell of each one that a
merged area or a link covers (17,179,869,184 for A1:XFD1048576), and keeps every part of the file in memory.
"""

from xlbill.cells import Place, corners
from xlbill.invoice.template.compiled import MAX_COLUMNS, MAX_ROWS
from xlbill.problems import Problem, problem
from xlbill.sheets.xlsx import Attributes, Package, local, parser

MAX_BYTES = 8 * 2**20
"""Of the XML of a template, its pictures apart."""
MAX_COVERED = MAX_ROWS * MAX_COLUMNS

_COVERING = frozenset({"mergeCell", "hyperlink"})


class _Covered:
    """How many cells the merged areas and links of a sheet cover."""

    def __init__(self) -> None:
        self.cells = 0

    def start(self, name: str, attributes: Attributes) -> None:
        if local(name) in _COVERING:
            top, left, bottom, right = corners(attributes.get("ref", "")) or (1, 1, 1, 1)
            self.cells += (bottom - top + 1) * (right - left + 1)


def too_large(package: Package, shown: str) -> Problem | None:
    """What of a workbook is too large for a template, None where nothing is; raises what expat raises."""
    size = sum(entry.file_size for name, entry in package.parts.items() if not name.startswith("xl/media/"))
    if size > MAX_BYTES:
        found, limit = f"{size / 2**20:,.1f} MiB", f"{MAX_BYTES // 2**20} MiB · {MAX_ROWS} × {MAX_COLUMNS}"
        return problem("template-too-large", Place(shown), found=found, limit=limit)
    for sheet in package.sheets:
        covered = _Covered()
        made = parser(covered.start)
        for chunk in package.chunks(sheet):
            made.Parse(chunk, False)
        made.Parse(b"", True)
        if covered.cells > MAX_COVERED:
            found = f"{covered.cells:,}"
            limit = f"{MAX_ROWS} × {MAX_COLUMNS}"
            return problem("template-too-large", Place(shown, sheet.name), found=found, limit=limit)
    return None
