"""Copies of people's sheets with what is wrong marked where it stands, so that it is mended in Excel.

A bad cell is coloured and carries a comment with its message; a problem of a whole sheet or file stands on an added
sheet that lists everything. The original is never touched.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.workbook import Workbook as OpenpyxlWorkbook

from xlbill.language import Language
from xlbill.problems import Problem
from xlbill.sheets import read_workbook

FILLS = {"error": PatternFill("solid", fgColor="FFC7CE"), "warning": PatternFill("solid", fgColor="FFEB9C")}
LIST = {"zh": "问题", "en": "Problems"}
HEADINGS = {
    "zh": ("级别", "代码", "工作表", "单元格", "问题", "当前值", "要求", "处理"),
    "en": ("severity", "code", "sheet", "cell", "problem", "found", "expected", "mend"),
}
SEVERITY = {"zh": {"error": "错误", "warning": "警告"}, "en": {"error": "error", "warning": "warning"}}


def annotate(path: Path, problems: Sequence[Problem], directory: Path, language: Language) -> Path | None:
    """Write a copy of a sheet with its problems marked, an .xlsx whatever the original was; None if it has no cells.

    The copy keeps the file's name; a second file of that name gets a number.
    """
    workbook = _copy(path)
    if not workbook.worksheets:
        return None
    for sheet in workbook.worksheets:
        here = [p for p in problems if p.place.sheet == sheet.title and p.place.row and p.place.column]
        for place in dict.fromkeys(p.place for p in here):
            told = [p for p in here if p.place == place]
            cell = sheet.cell(place.row or 1, place.column or 1)
            worst = "error" if any(p.severity == "error" for p in told) else "warning"
            cell.fill = FILLS[worst]
            if not isinstance(cell, MergedCell):
                cell.comment = _comment(told, language)
    _list(workbook, problems, language)
    target = _free_name(directory, path)
    directory.mkdir(parents=True, exist_ok=True)
    workbook.save(target)
    return target


def _free_name(directory: Path, path: Path) -> Path:
    """A name in the folder that is not the original itself nor taken."""
    names = (directory / f"{path.stem}{mark}.xlsx" for mark in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(name for name in names if not name.exists())


def _copy(path: Path) -> OpenpyxlWorkbook:
    """The workbook itself where openpyxl can keep all of it, else its values."""
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        read, _ = read_workbook(path)
        if read is not None:
            with path.open("rb") as file:
                return openpyxl.load_workbook(file)
    workbook = OpenpyxlWorkbook()
    workbook.remove(workbook.worksheets[0])
    read, _ = read_workbook(path)
    for sheet in read.sheets if read is not None else ():
        copy = workbook.create_sheet(sheet.name)
        for (row, column), cell in sheet.cells.items():
            copy.cell(row, column).value = cell.value if not hasattr(cell.value, "value") else cell.shown
            if isinstance(cell.value, str):
                copy.cell(row, column).data_type = "s"
    return workbook


def _comment(problems: Iterable[Problem], language: Language) -> Comment:
    words = []
    for problem in problems:
        lines = [f"[{problem.code}] {problem.message(language)}"]
        lines += [text for text in (problem.expected(language), problem.mend(language)) if text]
        words.append("\n".join(lines))
    comment = Comment("\n\n".join(words), "xlbill")
    comment.width, comment.height = 360, 60 + 40 * len(words)
    return comment


def _list(workbook: OpenpyxlWorkbook, problems: Sequence[Problem], language: Language) -> None:
    sheet = workbook.create_sheet(LIST[language], 0)
    sheet.append(HEADINGS[language])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for problem in problems:
        texts = (problem.message(language), problem.found(language), problem.expected(language), problem.mend(language))
        row = (SEVERITY[language][problem.severity], problem.code, problem.place.sheet, problem.place.cell, *texts)
        sheet.append([None] * len(row))
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(sheet.max_row, column)
            cell.value = text
            if text:
                cell.data_type = "s"  # a value that was found is shown, never run
    for letter, width in zip("ABCDEFGH", (9, 22, 18, 9, 60, 24, 36, 48), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
