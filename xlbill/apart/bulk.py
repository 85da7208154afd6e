"""Large xlsx files of nothing but values, through python-calamine; and its values for formats that it reads in part."""

from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from xlbill.apart.messages import About, FailedError, Marks, send_rows, send_sheet

Details = Callable[[str], tuple[About, Callable[[int], Marks]]]
"""What calamine is silent about, by the name of a sheet: what is hidden and merged, and the marks of a row."""


def read(path: str, out: BinaryIO, details: Details | None = None) -> None:
    """The worksheets of a workbook."""
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            for about in workbook.sheets_metadata:
                if about.typ == SheetTypeEnum.WorkSheet:
                    more, marks_of = details(about.name) if details is not None else (None, None)
                    send_sheet(out, about.name, about.visible != SheetVisibleEnum.Visible, more)
                    send_rows(out, _from_column_a(workbook.get_sheet_by_name(about.name)), 1, marks_of)
    except PasswordError:
        raise FailedError("file-encrypted") from None


def _from_column_a(sheet: CalamineSheet) -> Iterable[list[Any]]:
    """The rows of a sheet; calamine begins them with the first column that holds anything."""
    before = [""] * sheet.start[1] if sheet.start is not None else []
    return (before + row for row in sheet.iter_rows()) if before else sheet.iter_rows()
