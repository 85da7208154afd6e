"""A workbook with its looks, as openpyxl keeps it: for templates, and for copies in which people look at something.

openpyxl makes a cell of each one that a merged area or a link covers (17,179,869,184 for A1:XFD1048576), keeps every
part of a file in memory, and raises whatever its many parsers raise: what it is given is measured before.
"""

import warnings
from pathlib import Path

import openpyxl
from openpyxl.workbook.workbook import Workbook as OpenpyxlWorkbook

from xlbill.cells import corners
from xlbill.sheets.xlsx import Attributes, Package, SheetPart, Unreadable, local, parser

_COVERING = frozenset({"mergeCell", "hyperlink"})


def open_styled(path: Path, *, rich_text: bool = False) -> OpenpyxlWorkbook:
    """A workbook as openpyxl reads it, `Unreadable` where it cannot, whatever it raises for it."""
    with warnings.catch_warnings():  # of extensions that it leaves out
        warnings.simplefilter("ignore")
        try:
            with path.open("rb") as file:  # closed whatever happens: openpyxl leaves open what it cannot read
                return openpyxl.load_workbook(file, rich_text=rich_text)
        except Exception as error:
            raise Unreadable(f"{type(error).__name__}: {error}") from error


def bytes_of(package: Package) -> int:
    """How much openpyxl has to read of a workbook: its parts but for its pictures."""
    return sum(entry.file_size for name, entry in package.parts.items() if not name.startswith("xl/media/"))


def covered_cells(package: Package, sheet: SheetPart) -> int:
    """How many cells the merged areas and links of a sheet cover; raises what expat raises."""
    covered = 0

    def start(name: str, attributes: Attributes) -> None:
        nonlocal covered
        if local(name) in _COVERING:
            top, left, bottom, right = corners(attributes.get("ref", "")) or (1, 1, 1, 1)
            covered += (bottom - top + 1) * (right - left + 1)

    made = parser(start)
    for chunk in package.chunks(sheet):
        made.Parse(chunk, False)
    made.Parse(b"", True)
    return covered
