"""Workbooks of before 2007, through xlrd: values, the formats of numbers, errors, and what is hidden or merged."""

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

import xlrd

from xlbill.apart.messages import About, FailedError, Format, Marks, send_rows, send_sheet

_GENERAL = "general"


def read(path: str, out: BinaryIO) -> None:
    """The worksheets of a workbook."""
    try:
        with xlrd.open_workbook(path, logfile=io.StringIO(), formatting_info=True, ragged_rows=True) as book:
            formats = [_format(book, xf) for xf in book.xf_list]
            for sheet in book.sheets():
                send_sheet(out, sheet.name, sheet.visibility != 0, _about(sheet, bool(book.datemode)))
                rows = _Rows(sheet, formats)
                send_rows(out, rows.values(), 1, rows.marks)
    except xlrd.XLRDError as error:
        raise FailedError("file-encrypted" if "encrypted" in str(error) else "file-damaged") from None


def _format(book: Any, xf: Any) -> Format | None:
    """The format of a kind of cell, None for a general one."""
    code: str = book.format_map[xf.format_key].format_str
    return None if code.casefold() == _GENERAL else code


def _about(sheet: Any, from_1904: bool) -> About:
    return About(
        from_1904,
        {row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden or info.height == 0},
        {column + 1 for column, info in sheet.colinfo_map.items() if info.hidden},
        [(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells],
    )


class _Rows:
    """The rows of a sheet; the marks are those of the row that was read last."""

    def __init__(self, sheet: Any, formats: list[Format | None]) -> None:
        self._sheet, self._formats = sheet, formats
        self._marks: Marks = {}

    def values(self) -> Iterator[list[Any]]:
        for row in range(self._sheet.nrows):
            self._marks = {}
            yield [self._value(row, column, cell) for column, cell in enumerate(self._sheet.row(row))]

    def marks(self, _: int) -> Marks:
        return self._marks

    def _value(self, row: int, column: int, cell: Any) -> Any:
        kind, value = cell.ctype, cell.value
        if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
            code = self._formats[cell.xf_index] if cell.xf_index is not None else None
            if code is not None:
                self._marks[column] = ("number", value, code)
        elif kind == xlrd.XL_CELL_ERROR:
            self._marks[column] = ("error", xlrd.error_text_from_code.get(value, "#VALUE!"))
        elif kind == xlrd.XL_CELL_BOOLEAN:
            return bool(value)
        return value
