"""Where things stand: places in somebody's spreadsheet, in the letters that they see there."""

from dataclasses import dataclass, replace


def column_letters(column: int) -> str:
    """The letters of a 1-based column: 1 is A, 27 is AA."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def a1(row: int, column: int, *, absolute: bool = False) -> str:
    """The address of a 1-based cell: `a1(8, 6)` is F8, absolute $F$8."""
    return f"${column_letters(column)}${row}" if absolute else f"{column_letters(column)}{row}"


@dataclass(frozen=True, slots=True)
class Place:
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

    def at(self, row: int | None = None, column: int | None = None) -> "Place":
        """The same sheet, another cell."""
        return replace(self, row=row, column=column)

    def sort_key(self) -> tuple[str, str, int, int]:
        """File, sheet, row, column: the order in which problems are shown."""
        return self.file or "", self.sheet or "", self.row or 0, self.column or 0

    def __str__(self) -> str:
        where = self.file or ""
        if self.sheet is not None:
            where += f" › {self.sheet}"
        if self.cell is not None:
            where += f"!{self.cell}"
        return where


NOWHERE = Place()
