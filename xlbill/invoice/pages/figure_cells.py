"""Homes: the one cell in which each figure stands, and formulas with their names turned into such cells.

On the sheet 账单 the formula of April's peak, MAX over thirty days, becomes `MAX(用量!B6:B35)`.

Everywhere else the same figure is shown by a reference to its home.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xlbill.cells import a1
from xlbill.formula import Call, Expr, Name, Range, Ref, quote_sheet, walk, write
from xlbill.rating.figures import Figure

MOST_AREAS = 250
"""Excel takes 255 arguments in a function."""


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """A cell of the invoice."""

    sheet: str
    row: int
    column: int

    def on(self, sheet: str) -> str:
        """The cell as a formula on a sheet writes it: `F7` on its own, `价目!F7` on another."""
        return self._prefix(sheet) + a1(self.row, self.column)

    def to(self, last: "Address", sheet: str) -> str:
        """The range from here to another cell."""
        return self.on(sheet) if self == last else f"{self.on(sheet)}:{a1(last.row, last.column)}"

    @property
    def fixed(self) -> str:
        """The cell as a defined name holds it: `账单!$I$40`."""
        return f"{quote_sheet(self.sheet)}!{a1(self.row, self.column, absolute=True)}"

    def _prefix(self, sheet: str) -> str:
        return "" if sheet == self.sheet else f"{quote_sheet(self.sheet)}!"


Occupied = Callable[[Address], bool]
"""Whether something stands in a cell."""


class Homes:
    """Which figure stands where. `same` names one figure for several that are equal in everything (one price cell)."""

    def __init__(self) -> None:
        self._cells: dict[int, Address] = {}
        self._same: dict[int, Figure] = {}
        self._kept: list[Figure] = []  # figures made on the way must live as long as their identity counts

    def settle(self, figure: Figure, address: Address) -> bool:
        """Give a figure its home; False where it already has one."""
        key = self._key(figure)
        if key in self._cells:
            return False
        self._cells[key] = address
        self._kept.append(figure)
        return True

    def identify(self, figure: Figure, other: Figure) -> None:
        """Let a figure live where an equal one does."""
        self._same[id(figure)] = other
        self._kept.append(figure)

    def has(self, figure: Figure) -> bool:
        """Whether a figure stands somewhere."""
        return self._key(figure) in self._cells

    def of(self, figure: Figure) -> Address:
        """Where a figure stands."""
        return self._cells[self._key(figure)]

    def formula(self, figure: Figure, on: str, occupied: Occupied) -> str:
        """A figure's formula on a sheet, its names turned into the cells of its inputs."""
        expr = figure.formula
        assert expr is not None
        sources = {name.lower(): source for name, source in figure.inputs.items()}

        def place(node: Name | Ref | Range) -> str:
            assert isinstance(node, Name), f"{figure.name} refers to a cell"
            source = sources.get(node.name.lower())
            if source is None:
                return "0"
            if not isinstance(source, tuple):
                return self.of(source).on(on)
            areas = compressed([self.of(part) for part in source], on, occupied)
            return joined(areas, enclosing(expr, node))

        return write(expr, place, file=True)

    def _key(self, figure: Figure) -> int:
        return id(self._same.get(id(figure), figure))


def compressed(cells: Sequence[Address], on: str, occupied: Occupied) -> list[str]:
    """Cells as ranges, in their order: neighbours below or beside each other, and over empty cells in between."""
    areas: list[tuple[Address, Address]] = []
    for cell in cells:
        if areas and _follows(areas[-1], cell, occupied):
            areas[-1] = (areas[-1][0], cell)
        else:
            areas.append((cell, cell))
    return [first.to(last, on) for first, last in areas]


def _follows(area: tuple[Address, Address], cell: Address, occupied: Occupied) -> bool:
    """Whether a range can be stretched to a cell without taking in anything else."""
    first, last = area
    if cell.sheet != last.sheet:
        return False
    if cell.column == last.column == first.column and cell.row > last.row:
        between = (Address(cell.sheet, row, cell.column) for row in range(last.row + 1, cell.row))
        return not any(occupied(address) for address in between)
    return cell.row == last.row == first.row and cell.column == last.column + 1


def joined(areas: Sequence[str], function: str | None) -> str:
    """Ranges as arguments; more than Excel takes are summed up in parts: SUM(SUM(...),SUM(...))."""
    if len(areas) <= MOST_AREAS or function is None:
        return ",".join(areas)
    parts = [areas[n : n + MOST_AREAS] for n in range(0, len(areas), MOST_AREAS)]
    return ",".join(f"{function}({','.join(part)})" for part in parts)


def enclosing(expr: Expr, node: Expr) -> str | None:
    """The function of which a name is an argument."""
    return next((call.function for call in walk(expr) if isinstance(call, Call) and node in call.arguments), None)
