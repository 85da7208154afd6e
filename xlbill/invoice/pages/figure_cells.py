"""The one cell in which each figure stands, and formulas with their names turned into such cells.

On the sheet 账单 the formula of April's peak, MAX over thirty days, becomes `MAX(用量!B6:B35)`.

Everywhere else the same figure is shown by a reference to that cell.
"""

from collections.abc import Callable, Iterable, Sequence

from xlbill.cells import Address
from xlbill.formula import Call, Expr, Name, Range, Ref, walk, write
from xlbill.rating.figures import Figure

MOST_AREAS = 250
"""Excel takes 255 arguments in a function."""

Occupied = Callable[[Address], bool]
"""Whether something stands in a cell."""


class FigureCells:
    """Which figure stands where; figures that are equal in everything (read from one price cell) share a cell."""

    def __init__(self, cells: Iterable[tuple[Figure, Address]] = ()) -> None:
        self._cells = dict(cells)
        self._same: dict[Figure, Figure] = {}

    def place(self, figure: Figure, address: Address) -> bool:
        """Give a figure its cell; False where it already has one."""
        known = self._same.get(figure, figure)
        return self._cells.setdefault(known, address) is address

    def share(self, figure: Figure, other: Figure) -> None:
        """Let a figure stand where an equal one does."""
        self._same[figure] = other

    def has(self, figure: Figure) -> bool:
        """Whether a figure stands somewhere."""
        return self._same.get(figure, figure) in self._cells

    def of(self, figure: Figure) -> Address:
        """Where a figure stands."""
        return self._cells[self._same.get(figure, figure)]

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
