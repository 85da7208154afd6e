"""Copies of people's sheets with what is wrong marked where it stands, so that it is mended in Excel.

A bad cell is coloured and carries a comment with its message; a problem of a whole sheet or file stands on an added
sheet that lists everything. The original is never touched.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import count
from pathlib import Path

from openpyxl.cell import Cell as OpenpyxlCell
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.workbook import Workbook as OpenpyxlWorkbook
from openpyxl.worksheet.worksheet import Worksheet

from xlbill.cells import Place
from xlbill.files import os_error_in, written
from xlbill.formula import ExcelError
from xlbill.grouping import grouped
from xlbill.inert import as_workbooks_write
from xlbill.language import Language
from xlbill.problems import Problem, Problems, has_errors
from xlbill.sheets import Raw, read_workbook, safe_sheet_name
from xlbill.sheets.cell import as_shown
from xlbill.sheets.safety import Format, inspect
from xlbill.sheets.styled import bytes_of, covered_cells, open_styled
from xlbill.sheets.xlsx import Unreadable, open_package

FILLS = {"error": PatternFill("solid", fgColor="FFC7CE"), "warning": PatternFill("solid", fgColor="FFEB9C")}
LIST = {"zh": "问题", "en": "Problems"}
HEADINGS = {
    "zh": ("级别", "代码", "工作表", "单元格", "问题", "当前值", "要求", "处理"),
    "en": ("severity", "code", "sheet", "cell", "problem", "found", "expected", "mend"),
}
SEVERITY = {"zh": {"error": "错误", "warning": "警告"}, "en": {"error": "error", "warning": "warning"}}

MAX_BYTES = 32 * 2**20
MAX_COVERED = 200_000
"""Of a workbook that is copied with its looks: XML, and the cells of its merged areas. Others are copied by values."""
LAST_ROW, LAST_COLUMN, FIRST_YEAR = 1_048_576, 16_384, 1900
"""Of a workbook that Excel opens."""


def annotate(path: Path, problems: Sequence[Problem], directory: Path, language: Language) -> tuple[Path, Problems]:
    """Write a copy of a sheet with its problems marked, an .xlsx whatever the original was.

    The copy keeps the file's name; a second file of that name gets a number. Gives the copy, and why it could not be
    written.
    """
    target = _free_name(directory, path)

    def mark(workbook: OpenpyxlWorkbook, sheets: Mapping[str, Worksheet]) -> None:
        for place, told in grouped(problems, lambda one: one.place).items():
            if (cell := _cell(sheets, place)) is not None:
                cell.fill = FILLS["error" if has_errors(told) else "warning"]
                if not isinstance(cell, MergedCell):
                    cell.comment = _comment(told, language)
        _list(workbook, problems, language)

    return target, written(target, target.as_posix(), partial(write_copy, path, mark))


Mark = Callable[[OpenpyxlWorkbook, Mapping[str, Worksheet]], object]
"""Marks cells of a workbook, whose sheets have the names that they have in the original."""


def write_copy(path: Path, mark: Mark, target: Path) -> None:
    """Write a copy of a workbook with something marked in it: with its looks and formulas, or its values alone.

    Values are what is left where openpyxl cannot read or keep all of it, and where it asks for too much.
    """
    try:
        _save(_whole(path), mark, target)
    except Exception as error:
        if os_error_in(error) is not None:
            raise
        _save(_values(path), mark, target)


def _save(copy: "_Copy", mark: Mark, target: Path) -> None:
    workbook, sheets = copy
    mark(workbook, sheets)
    workbook.save(target)


def _free_name(directory: Path, path: Path) -> Path:
    """A name in the folder that is not the original itself nor taken."""
    marks = ("" if number == 1 else f"-{number}" for number in count(1))
    return next(name for mark in marks if not (name := directory / f"{path.stem}{mark}.xlsx").exists())


_Copy = tuple[OpenpyxlWorkbook, Mapping[str, Worksheet]]
"""A workbook, and its sheets by the names that they have in the original."""


def _whole(path: Path) -> _Copy:
    """The workbook with its looks and formulas; raises `Unreadable` where it is none, or asks for too much."""
    kind, _ = inspect(path, str(path))
    if kind is not Format.XLSX:
        raise Unreadable("no-workbook")
    with open_package(path) as package:
        covered = sum(covered_cells(package, sheet) for sheet in package.sheets)
        if bytes_of(package) > MAX_BYTES or covered > MAX_COVERED:
            raise Unreadable("too-large")
    workbook = open_styled(path)
    return workbook, {sheet.title: sheet for sheet in workbook.worksheets}


def _values(path: Path) -> _Copy:
    """The values of whatever can be read."""
    workbook = OpenpyxlWorkbook()
    workbook.remove(workbook.worksheets[0])
    read, _ = read_workbook(path)
    sheets: dict[str, Worksheet] = {}
    for sheet in read.sheets if read is not None else ():
        copy = sheets[sheet.name] = workbook.create_sheet(safe_sheet_name(sheet.name, workbook.sheetnames))
        for (row, column), cell in sheet.cells.items():
            if row <= LAST_ROW and column <= LAST_COLUMN:
                _put(copy, row, column, cell.value)
    return workbook, sheets


def _put(sheet: Worksheet, row: int, column: int, value: Raw) -> None:
    """Write a value as it was found: what is a text stays one, and is never run."""
    cell = sheet.cell(row, column)
    if isinstance(value, str | ExcelError) or (isinstance(value, date) and value.year < FIRST_YEAR):
        cell.value = as_workbooks_write(as_shown(value))
        cell.data_type = "s"
    else:
        cell.value = value


def _cell(sheets: Mapping[str, Worksheet], place: Place) -> OpenpyxlCell | MergedCell | None:
    """The cell of a place, None where it is none that a workbook has."""
    sheet, row, column = sheets.get(place.sheet or ""), place.row or 0, place.column or 0
    inside = 0 < row <= LAST_ROW and 0 < column <= LAST_COLUMN
    return sheet.cell(row, column) if sheet is not None and inside else None


def _comment(problems: Iterable[Problem], language: Language) -> Comment:
    words = []
    for problem in problems:
        lines = [f"[{problem.code}] {problem.message(language)}"]
        lines += [text for text in (problem.expected(language), problem.mend(language)) if text]
        words.append("\n".join(lines))
    comment = Comment(as_workbooks_write("\n\n".join(words)), "xlbill")
    comment.width, comment.height = 360, 60 + 40 * len(words)
    return comment


def _list(workbook: OpenpyxlWorkbook, problems: Sequence[Problem], language: Language) -> None:
    sheet = workbook.create_sheet(LIST[language], 0)
    sheet.append(HEADINGS[language])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row, problem in enumerate(problems, start=2):
        texts = (problem.message(language), problem.found(language), problem.expected(language), problem.mend(language))
        values = (SEVERITY[language][problem.severity], problem.code, problem.place.sheet, problem.place.cell, *texts)
        for column, text in enumerate(values, start=1):
            if text:
                _put(sheet, row, column, text)
    for letter, width in zip("ABCDEFGH", (9, 22, 18, 9, 60, 24, 36, 48), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
