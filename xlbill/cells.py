"""Where things stand: the addresses of cells in the letters that people see, and places in somebody's spreadsheet."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from xlbill.made_again import MadeAgain

CELL = r"(?P<cabs>\$?)(?P<column>[A-Za-z]{1,3})(?P<rabs>\$?)(?P<row>[1-9][0-9]{0,6})"
"""The pattern of a cell's address: F8, $F$8."""

_CELL = re.compile(CELL, re.ASCII)
_BREAKS, _HALVES = re.compile("\r\n|\n|\r"), re.compile("[\ud800-\udfff]")
_PLAIN_SHEET = re.compile(r"[^\W\d][\w.]*")
_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]*|[Rr][0-9]*[Cc][0-9]*|TRUE|FALSE", re.IGNORECASE)


@lru_cache(1_024)
def column_letters(column: int) -> str:
    """The letters of a 1-based column: 1 is A, 27 is AA."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The number of a column by its letters: A is 1, AB is 28; 0 for what is no column."""
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z" or len(letters) > 3:
            return 0
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def a1(row: int, column: int, *, absolute: bool = False) -> str:
    """The address of a 1-based cell: `a1(8, 6)` is F8, absolute $F$8."""
    return f"${column_letters(column)}${row}" if absolute else f"{column_letters(column)}{row}"


@lru_cache(65_536)  # the cells of invoices are the same for ten thousand customers
def position(text: str) -> tuple[int, int] | None:
    """Row and column of an address: F8 and $F$8 are (8, 6); None for what is no cell."""
    found = _CELL.fullmatch(text)
    return (int(found["row"]), column_number(found["column"])) if found is not None else None


def corners(text: str) -> tuple[int, int, int, int] | None:
    """Top, left, bottom and right of an area: B5:C9 is (5, 2, 9, 3), one cell is an area, too; None for no area."""
    first, _, last = text.partition(":")
    upper, lower = position(first), position(last or first)
    return (*upper, *lower) if upper is not None and lower is not None else None


def in_one_line(text: str) -> str:
    """A name, or what stands in a cell, as a part of a line: nobody writes lines of their own with it.

    Halves of characters (of a file's name in another encoding, as archives from Windows have) cannot be written at all.

    >>> in_one_line("a\\nerror: b")
    'a␊error: b'
    """
    return text if text.isprintable() else _HALVES.sub("�", _BREAKS.sub("␊", text))


def quote_sheet(name: str) -> str:
    """A sheet's name as formulas write it, in quotes where it needs them: `'2024 用量'`."""
    if _PLAIN_SHEET.fullmatch(name) and not _LIKE_A_CELL.fullmatch(name):
        return name
    return "'" + name.replace("'", "''") + "'"


class Address(NamedTuple):
    """A cell of a workbook by its sheet, 1-based row and column: the one key by which cells are looked up.

    >>> str(Address("2024 用量", 3, 2)), Address("用量", 3, 2).on("用量"), Address("用量", 3, 2).fixed
    ("'2024 用量'!B3", 'B3', '用量!$B$3')
    """

    sheet: str
    row: int
    column: int

    def on(self, sheet: str) -> str:
        """The cell as a formula on a sheet writes it: `F7` on its own, `价目!F7` on another."""
        return a1(self.row, self.column) if sheet == self.sheet else str(self)

    def to(self, last: "Address", sheet: str) -> str:
        """The range from here to another cell, as a formula on a sheet writes it."""
        return self.on(sheet) if self == last else f"{self.on(sheet)}:{a1(last.row, last.column)}"

    @property
    def fixed(self) -> str:
        """The cell as a defined name holds it: `账单!$I$40`."""
        return f"{quote_sheet(self.sheet)}!{a1(self.row, self.column, absolute=True)}"

    def __str__(self) -> str:
        return f"{quote_sheet(self.sheet)}!{a1(self.row, self.column)}"


def read_address(text: str, own_sheet: str) -> Address | None:
    """The cell that somebody names: `I22` is on their own sheet, `用量!B5` and `'用量'!$B$5` on another; else None."""
    sheet, mark, cell = text.strip().rpartition("!")
    where = position(cell)
    if where is None or (mark and not sheet):
        return None
    if sheet.startswith("'") and sheet.endswith("'") and len(sheet) > 2:
        sheet = sheet[1:-1].replace("''", "'")
    return Address(sheet or own_sheet, *where)


@dataclass(frozen=True, slots=True)
class Place(MadeAgain):
    """A file, a sheet of it, a cell of that; each part may be unknown. Rows and columns are 1-based.

    >>> str(Place("prices.xlsx", "用量价 Charges", 8, 6))
    'prices.xlsx › 用量价 Charges!F8'
    """

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: int | None = None

    @property
    def cell(self) -> str | None:
        """The address as people write it: F8, or the row or column alone where only that is known."""
        if self.row is not None and self.column is not None:
            return a1(self.row, self.column)
        if self.row is not None:
            return str(self.row)
        return column_letters(self.column) if self.column is not None else None

    @property
    def address(self) -> Address | None:
        """The cell within its file, None where it is not known."""
        if self.sheet is None or self.row is None or self.column is None:
            return None
        return Address(self.sheet, self.row, self.column)

    def at(self, row: int | None = None, column: int | None = None) -> "Place":
        """The same sheet, another cell."""
        return Place(self.file, self.sheet, row, column)

    def sort_key(self) -> tuple[str, str, int, int]:
        """File, sheet, row, column: the order in which problems are shown."""
        return self.file or "", self.sheet or "", self.row or 0, self.column or 0

    def __str__(self) -> str:
        where = self.file or ""
        if self.sheet is not None:
            where += f" › {self.sheet}"
        if self.cell is not None:
            where += f"!{self.cell}"
        return in_one_line(where)


NOWHERE = Place()
