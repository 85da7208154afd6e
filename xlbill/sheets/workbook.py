"""A whole small workbook in memory: every cell with its value, its formula and its place."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from xlbill.cells import Place
from xlbill.problems import Problem, Problems, problem
from xlbill.sheets import isolated, text
from xlbill.sheets.cell import Cell, as_shown
from xlbill.sheets.safety import BROKEN_ARCHIVE, Format, inspect
from xlbill.sheets.values import visible
from xlbill.sheets.xlsx import PLAIN, Package, SheetPart, Unreadable, open_package
from xlbill.sheets.xlsx_sheet import SheetReader

MAX_CELLS = 2_000_000
Range = tuple[int, int, int, int]
"""First row, first column, last row, last column."""

CANNOT_READ = (*BROKEN_ARCHIVE, expat.ExpatError, Unreadable, csv.Error)
"""What reading a file can raise once it has been inspected; `why_unreadable` names the problem."""


@dataclass(frozen=True, slots=True)
class SheetCells:
    """A sheet: its cells by (row, column), and what is hidden or merged in it."""

    name: str
    file: str
    cells: Mapping[tuple[int, int], Cell]
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[Range, ...] = ()
    hidden: bool = False
    from_1904: bool = False

    @property
    def place(self) -> Place:
        """The sheet as a place."""
        return Place(self.file, self.name)

    def cell(self, row: int, column: int) -> Cell:
        """The cell there, an empty one where nothing stands."""
        return self.cells.get((row, column)) or Cell(None, Place(self.file, self.name, row, column))


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file and its sheets, in their order."""

    file: str
    sheets: tuple[SheetCells, ...]


@dataclass(slots=True)
class _Budget:
    """How many more cells may be taken into memory."""

    left: int = field(default_factory=lambda: MAX_CELLS)

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Unreadable("too-many-cells")


def read_workbook(path: Path, shown_as: str | None = None) -> tuple[Workbook | None, Problems]:
    """The workbook of a file, or None and why it cannot be read. `shown_as` is how problems call the file."""
    shown = shown_as or str(path)
    kind, found = inspect(path, shown)
    if kind is None:
        return None, found
    try:
        return Workbook(shown, _read(path, shown, kind)), found
    except CANNOT_READ as error:
        found.tell(why_unreadable(error, shown))
        return None, found


def _read(path: Path, shown: str, kind: Format) -> tuple[SheetCells, ...]:
    if kind is Format.XLSX:
        return _read_xlsx(path, shown)
    return _read_text(path, shown) if kind is Format.TEXT else _read_isolated(path, shown, kind)


def why_unreadable(error: Exception, shown: str) -> Problem:
    """The problem behind an error of `CANNOT_READ`."""
    if not isinstance(error, Unreadable):
        return problem("file-damaged", Place(shown))
    at = error.at
    return problem(str(error), Place(shown) if at is None else Place(shown, at.sheet, at.row, at.column or None))


def _read_xlsx(path: Path, shown: str) -> tuple[SheetCells, ...]:
    budget = _Budget()
    with open_package(path) as package:
        return tuple(_read_sheet(package, sheet, shown, budget) for sheet in package.sheets)


def _read_sheet(package: Package, sheet: SheetPart, shown: str, budget: _Budget) -> SheetCells:
    reader, cells, hidden_rows = SheetReader(package, sheet), {}, set()
    for row in reader.rows():
        if row.hidden:
            hidden_rows.add(row.number)
        for cell in row.cells:
            budget.spend()
            cells[row.number, cell.column] = (row.number, cell)
    made = {}
    for at, (number, cell) in cells.items():
        seen = as_shown(cell.value, grouped=cell.style.grouped, percent=cell.style.percent)
        formula = reader.formula(cell, number)
        made[at] = Cell(cell.value, Place(shown, sheet.name, *at), formula, seen)
    return SheetCells(
        sheet.name,
        shown,
        made,
        frozenset(hidden_rows),
        frozenset(reader.hidden_columns),
        tuple(reader.merged),
        sheet.hidden,
        package.from_1904,
    )


def _read_text(path: Path, shown: str) -> tuple[SheetCells, ...]:
    form = text.detect(path)
    if form is None:
        raise Unreadable("encoding-unknown")
    budget, cells = _Budget(), {}
    for number, values in text.rows(path, form):
        for column, value in enumerate(values, start=1):
            if visible(value):
                budget.spend()
                cells[number, column] = Cell(value, Place(shown, None, number, column), None, value)
    return (SheetCells(path.stem, shown, cells),)


def _read_isolated(path: Path, shown: str, kind: Format) -> tuple[SheetCells, ...]:
    budget = _Budget()
    sheets: list[SheetCells] = []
    cells: dict[tuple[int, int], Cell] = {}
    name: str | None = None
    for message in isolated.read_isolated(path, kind):
        if isinstance(message, isolated.SheetBegins):
            cells, name = {}, message.name
            sheets.append(
                SheetCells(
                    path.stem if name is None else name,
                    shown,
                    cells,
                    message.hidden_rows,
                    message.hidden_columns,
                    tuple(message.merged),
                    message.hidden,
                    message.from_1904,
                )
            )
            continue
        for number, values in message.rows:
            for column, value in enumerate(values, start=1):
                if (raw := isolated.value_of(value)) is not None:
                    budget.spend()
                    style = message.styles.get((number, column), PLAIN)
                    seen = as_shown(raw, grouped=style.grouped, percent=style.percent)
                    cells[number, column] = Cell(raw, Place(shown, name, number, column), None, seen)
    return tuple(sheets)
