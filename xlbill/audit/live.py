"""A workbook brought to life: every formula parsed and computed afresh, beside what the file shows.

    live, found = open_live(Path("C001-2026-04.xlsx"))
    live.exact["账单", 28, 9]          # Decimal('4299.00'), from the inputs that stand in the file

Defined names are taken for what they stand for, so that formulas which use them can be computed and followed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

from xlbill.cells import Address, Place
from xlbill.formula import (
    Expr,
    Fault,
    Name,
    Range,
    Ref,
    TooMuchWork,
    Value,
    names,
    parse,
    recalculate,
    references,
    substitute,
    to_serial,
)
from xlbill.problems import Problems
from xlbill.sheets import Cell, Raw, Workbook, read_workbook
from xlbill.sheets.workbook import CANNOT_READ
from xlbill.sheets.xlsx import Attributes, Package, local, open_package, parser

_DAY = 86_400  # seconds


@dataclass(frozen=True, slots=True)
class Live:
    """A workbook's cells, the formulas among them, and what all of them exactly come to.

    `foreign` are the formulas that cannot be computed, each with what it uses that xlbill does not know.
    """

    workbook: Workbook
    cells: Mapping[Address, Cell]
    formulas: Mapping[Address, Expr]
    foreign: Mapping[Address, str]
    exact: Mapping[Address, Value]
    names: Mapping[str, Expr]

    def target(self, name: str) -> Address | None:
        """The cell that a defined name stands for."""
        found = self.names.get(name.casefold())
        return self.key(found, "") if isinstance(found, Ref) else None

    def key(self, ref: Ref, own_sheet: str) -> Address:
        """The cell of a reference in a formula; sheets are the same ignoring case."""
        wanted = (ref.sheet or own_sheet).casefold()
        sheet = next((s.name for s in self.workbook.sheets if s.name.casefold() == wanted), ref.sheet or own_sheet)
        return Address(sheet, ref.row, ref.column)

    def keys(self, node: Ref | Range, own_sheet: str) -> tuple[Address, ...]:
        """The cells of a reference in which something stands, row by row."""
        if isinstance(node, Ref):
            return (self.key(node, own_sheet),)
        sheet, top, left = self.key(node.first, own_sheet)
        _, bottom, right = self.key(node.last, own_sheet)
        if (bottom - top + 1) * (right - left + 1) < len(self.cells):
            area = (Address(sheet, row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
            return tuple(key for key in area if key in self.cells)
        inside = (k for k in self.cells if k[0] == sheet and top <= k[1] <= bottom and left <= k[2] <= right)
        return tuple(sorted(inside))

    def taken(self, key: Address) -> dict[Ref | Range, tuple[Address, ...]]:
        """The references of a cell's formula, in order, and the cells behind each."""
        formula = self.formulas.get(key)
        return {node: self.keys(node, key[0]) for node in references(formula)} if formula is not None else {}


def open_live(path: Path, shown_as: str | None = None) -> tuple[Live | None, Problems]:
    """Read a workbook and compute it; None and the reason where it cannot be read."""
    workbook, found = read_workbook(path, shown_as)
    if workbook is None:
        return None, found
    defined = _defined_names(path)
    cells = {key: cell for key, cell in _cells(workbook) if cell.filled}
    formulas: dict[Address, Expr] = {}
    foreign: dict[Address, str] = {}
    for key, cell in cells.items():
        if cell.formula is not None:
            parsed = _resolved(cell.formula, defined)
            if isinstance(parsed, str):
                foreign[key] = parsed
            else:
                formulas[key] = parsed
    values: dict[Address, Value | Expr] = {
        key: formulas.get(key) or value_of(cell.value) for key, cell in cells.items()
    }
    try:
        exact = recalculate(values)
    except TooMuchWork:
        found.add("formulas-take-too-long", Place(workbook.file))
        return None, found
    return Live(workbook, cells, formulas, foreign, exact, defined), found


def value_of(raw: Raw) -> Value:
    """A cell's value as formulas see it: a date is its serial number, a time a part of a day."""
    if isinstance(raw, datetime):
        seconds = (raw.hour * 60 + raw.minute) * 60 + raw.second
        return Fraction(to_serial(raw.date())) + Fraction(seconds, _DAY)
    return to_serial(raw) if isinstance(raw, date) else raw


def _resolved(formula: str, defined: Mapping[str, Expr]) -> Expr | str:
    """A formula with defined names replaced, or what it uses that cannot be computed."""
    parsed = parse(formula)
    if isinstance(parsed, Fault):
        return parsed.found or formula
    unknown = [name for name in names(parsed) if name.casefold() not in defined]
    if unknown:
        return unknown[0]
    return substitute(parsed, lambda node: defined[node.name.casefold()] if isinstance(node, Name) else node)


def _cells(workbook: Workbook) -> Iterator[tuple[Address, Cell]]:
    for sheet in workbook.sheets:
        for (row, column), cell in sheet.cells.items():
            yield Address(sheet.name, row, column), cell


def _defined_names(path: Path) -> dict[str, Expr]:
    """The names of a whole xlsx workbook and what they stand for; those of single sheets are print areas and such."""
    try:
        with open_package(path) as package:
            texts = _name_texts(package)
    except CANNOT_READ:  # not an xlsx: it has been read another way, without formulas
        return {}
    parsed = {name.casefold(): parse(text) for name, text in texts.items()}
    return {name: expr for name, expr in parsed.items() if not isinstance(expr, Fault) and not names(expr)}


def _name_texts(package: Package) -> dict[str, str]:
    texts: dict[str, str] = {}
    current: list[str] = []

    def start(element: str, attributes: Attributes) -> None:
        current.clear()
        if local(element) == "definedName" and "localSheetId" not in attributes:
            current.append(attributes.get("name", ""))

    def text(data: str) -> None:
        if current:
            texts[current[0]] = texts.get(current[0], "") + data

    def end(_: str) -> None:
        current.clear()

    made = parser(start, end, text)
    book = next((entry for name, entry in package.parts.items() if name.endswith("workbook.xml")), None)
    if book is not None:
        made.Parse(package.archive.read(book), True)
    return texts
