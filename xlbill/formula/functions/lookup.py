"""Finding a value in a table: LOOKUP, VLOOKUP, INDEX, MATCH, XLOOKUP.

https://support.microsoft.com/office/lookup-and-reference-functions-reference-8aa21a3a-b56a-4055-8257-3ec89df2b23e
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal
from functools import cmp_to_key

from ..arithmetic import whole
from ..comparison import compare, rank
from ..values import ONE, ZERO, ExcelError, Grid, Number, Operand, Thunk, Value
from .criteria import wildcard_match

_ordered = cmp_to_key(compare)


def _candidates(wanted: Value, cells: Sequence[Value]) -> list[int]:
    """The positions that can match at all: of the same kind, not empty, no errors."""
    kind = rank(wanted)
    return [
        index
        for index, cell in enumerate(cells)
        if cell is not None and not isinstance(cell, ExcelError) and rank(cell) == kind
    ]


def _last_not_above(wanted: Value, cells: Sequence[Value]) -> int | None:
    """In ascending cells, the last that is not above a value: where a tier begins."""
    positions = _candidates(wanted, cells)
    found = bisect_right(positions, _ordered(wanted), key=lambda index: _ordered(cells[index]))
    return positions[found - 1] if found else None


def _last_not_below(wanted: Value, cells: Sequence[Value]) -> int | None:
    """In descending cells, the last that is not below a value."""
    found = None
    for index in _candidates(wanted, cells):
        order = compare(cells[index], wanted)
        if order >= 0:
            found = index
        if order <= 0:
            break
    return found


def _first_equal(wanted: Value, cells: Sequence[Value], *, wildcards: bool = True) -> int | None:
    if wildcards and isinstance(wanted, str):
        return next((i for i, cell in enumerate(cells) if isinstance(cell, str) and wildcard_match(wanted, cell)), None)
    return next((i for i in _candidates(wanted, cells) if compare(cells[i], wanted) == 0), None)


def _line(grid: Grid) -> Sequence[Value] | None:
    """The cells of a single row or column."""
    return grid.cells if 1 in (grid.height, grid.width) else None


def lookup(wanted: Value, table: Grid, results: Grid | None = None) -> Operand:
    """LOOKUP(n, from, price): the result beside the last value that is not above; ascending order is required.

    https://support.microsoft.com/office/lookup-function-446d94af-663b-451d-8251-369d5e3864cb
    """
    wide = table.width > table.height
    cells = table.rows[0] if wide else table.columns[0]
    if results is None:
        line: Sequence[Value] | None = table.rows[-1] if wide else table.columns[-1]
    else:
        line = _line(results)
    position = _last_not_above(ZERO if wanted is None else wanted, cells)
    if position is None or line is None or position >= len(line):
        return ExcelError.NA
    return line[position]


def match(wanted: Value, cells: Grid, kind: Number = ONE) -> Operand:
    """MATCH("pro", plans, 0) is the position; 1 finds the last not above, -1 the last not below.

    https://support.microsoft.com/office/match-function-e8dffd45-c762-47d6-bf89-533f4a37673a
    """
    line = _line(cells)
    if line is None:
        return ExcelError.NA
    search = _first_equal if not kind else _last_not_above if kind > 0 else _last_not_below
    position = search(ZERO if wanted is None else wanted, line)
    return ExcelError.NA if position is None else Decimal(position + 1)


def vlookup(wanted: Value, table: Grid, column: Number, approximate: bool = True) -> Operand:
    """VLOOKUP(plan, table, 3, FALSE): the third cell of the row that begins with a value.

    https://support.microsoft.com/office/vlookup-function-0bbc8083-26fe-4963-8ab8-93a18ad188a1
    """
    index = whole(column)
    if index < 1:
        return ExcelError.VALUE
    if index > table.width:
        return ExcelError.REF
    search = _last_not_above if approximate else _first_equal
    position = search(ZERO if wanted is None else wanted, table.columns[0])
    return ExcelError.NA if position is None else table.rows[position][index - 1]


def hlookup(wanted: Value, table: Grid, row: Number, approximate: bool = True) -> Operand:
    """HLOOKUP: VLOOKUP for a table that lies on its side."""
    return vlookup(wanted, Grid(table.columns), row, approximate)


def index(table: Grid, row: Number, column: Number | None = None) -> Operand:
    """INDEX(table, 2, 3): a cell by its row and column; 0 is the whole of them, outside is #REF!.

    https://support.microsoft.com/office/index-function-a5dcf0dd-996d-40a4-a822-b56b061328bd
    """
    down, across = whole(row), whole(ZERO if column is None else column)
    if column is None and table.height == 1:  # in a single row, one number counts across
        down, across = 0, down
    if down < 0 or across < 0:
        return ExcelError.VALUE
    if down > table.height or across > table.width:
        return ExcelError.REF
    rows = table.rows[down - 1 : down] if down else table.rows
    return Grid(tuple(cells[across - 1 : across] for cells in rows) if across else rows)


def _not_found() -> Operand:
    return ExcelError.NA


def xlookup(
    wanted: Value, keys: Grid, results: Grid, otherwise: Thunk = _not_found, mode: Number = ZERO, order: Number = ONE
) -> Operand:
    """XLOOKUP(plan, plans, prices, 0): exact by default; -1 and 1 take the next smaller or larger, 2 wildcards.

    https://support.microsoft.com/office/xlookup-function-b7fd680e-6d10-43e6-84f9-88eae8bf5929
    """
    line = _line(keys)
    lines = results.rows if keys.width == 1 else results.columns
    if line is None or len(lines) != len(line) or whole(mode) not in (-1, 0, 1, 2) or order not in (1, -1):
        return ExcelError.VALUE
    cells = line if order > 0 else line[::-1]
    position = _nearest(wanted, cells, whole(mode))
    if position is None:
        instead = otherwise()
        return ExcelError.NA if instead is None else instead  # left out, `XLOOKUP(a,b,c,,1)`
    found = lines[position if order > 0 else len(line) - 1 - position]
    return Grid((found,) if keys.width == 1 else tuple((cell,) for cell in found))


def xmatch(wanted: Value, cells: Grid, mode: Number = ZERO, order: Number = ONE) -> Operand:
    """XMATCH(plan, plans): the position of a value; exact by default, modes and order as XLOOKUP's.

    https://support.microsoft.com/office/xmatch-function-d966da31-7a6b-4a13-a1c6-5a33ed6a0312
    """
    line = _line(cells)
    if line is None or whole(mode) not in (-1, 0, 1, 2) or order not in (1, -1):
        return ExcelError.VALUE
    position = _nearest(wanted, line if order > 0 else line[::-1], whole(mode))
    if position is None:
        return ExcelError.NA
    return Decimal(position + 1 if order > 0 else len(line) - position)


def transpose(table: Grid) -> Grid:
    """TRANSPOSE({1,2}) is {1;2}: rows become columns."""
    return Grid(table.columns, table.is_array)


def _nearest(wanted: Value, cells: Sequence[Value], mode: int) -> int | None:
    equal = _first_equal(wanted, cells, wildcards=mode == 2)
    if equal is not None or mode not in (-1, 1):
        return equal
    beyond = [i for i in _candidates(wanted, cells) if compare(cells[i], wanted) == mode]
    if not beyond:
        return None
    return (max if mode < 0 else min)(beyond, key=lambda index: _ordered(cells[index]))


def rows(table: Grid) -> Number:
    """ROWS(A1:B3) is 3."""
    return Decimal(table.height)


def columns(table: Grid) -> Number:
    """COLUMNS(A1:B3) is 2."""
    return Decimal(table.width)
