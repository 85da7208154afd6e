"""A page of the manual that is followed to the letter: its commands are run, its tables typed into the workbooks.

A `console` block is run as it stands. A table below `<!-- edit: FILE › SHEET -->` is typed into a sheet: a row whose
first cell stands there already is changed; below `<!-- rows: FILE › SHEET -->` it takes the place of the sheet's rows.
A block below `<!-- write: FILE -->` is saved as a file. `python -m tests.manual_steps` writes what the commands print.
"""

import re
import shlex
from collections.abc import Iterator
from contextlib import chdir
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
from click.testing import CliRunner
from openpyxl.worksheet.worksheet import Worksheet

from xlbill.book import data_files
from xlbill.cli import main
from xlbill.language import LANGUAGES, Language

DOCS = Path(__file__).parents[1] / "docs"
FOLLOWED = ("new-vendor",)
_PROGRESS = re.compile(r" \d+/\d+, [\d.]+/s")  # a line that only a slow machine prints
_STEP = re.compile(
    r"```console\n(?P<commands>.*?)```"
    r"|<!-- (?P<how>edit|rows): (?P<file>.+?) › (?P<sheet>.+?) -->\n\n?(?P<table>(?:\|[^\n]*\n)+)"
    r"|<!-- write: (?P<name>.+?) -->\n\n?```\w*\n(?P<text>.*?)```",
    re.DOTALL,
)


def page_of(name: str, language: Language) -> Path:
    """The file of a page in a language."""
    return DOCS / f"{name}{'.zh' if language == 'zh' else ''}.md"


def followed(name: str, language: Language, folder: Path) -> str:
    """The page with what its commands print now, all of its steps done in a folder."""
    here = folder

    def step(match: re.Match[str]) -> str:
        nonlocal here
        if match["table"] is not None:
            _typed(here / match["file"], match["sheet"], match["table"], anew=match["how"] == "rows")
        elif match["name"] is not None:
            (here / match["name"]).write_text(match["text"], encoding="utf-8")
        else:
            printed = []
            for line in match["commands"].splitlines():
                if line.startswith("$ cd "):
                    here = here / line.removeprefix("$ cd ")
                    printed.append(line)
                elif line.startswith("$ xlbill "):
                    printed += [line, *_run(line, language, here)]
            return "```console\n" + "".join(f"{line}\n" for line in printed) + "```"
        return match[0]

    return _STEP.sub(step, page_of(name, language).read_text(encoding="utf-8"))


def _run(line: str, language: Language, here: Path) -> Iterator[str]:
    with chdir(here):
        ran = CliRunner().invoke(main, [*shlex.split(line)[2:], "--lang", language])
    assert not isinstance(ran.exception, Exception), ran.output
    lines = ran.output.splitlines()
    yield from (printed.rstrip() for printed in lines if printed.strip() and not _PROGRESS.search(printed))


def _typed(path: Path, name: str, table: str, *, anew: bool) -> None:
    """Type the rows of a table into a sheet, as its reader does."""
    headings, _, *rows = ([cell.strip() for cell in line.strip()[1:-1].split("|")] for line in table.splitlines())
    workbook = openpyxl.load_workbook(path)
    sheet = next(workbook[title] for title in workbook.sheetnames if name in title.split())
    top, columns = _columns(sheet, headings)
    if anew:
        for row in sheet.iter_rows(min_row=top + 1):
            for cell in row:
                cell.value = None
    for number, row in enumerate(rows, top + 1):
        at = number if anew else next(c.row for c in sheet.iter_rows() for c in c if _same(c.value, row[0]))
        for column, text in zip(columns, row, strict=True):
            sheet.cell(at, column).value = _value(text)
    workbook.save(path)
    _calculated(path)


def _calculated(path: Path) -> None:
    """What Excel does as it saves a book or accounts: every formula's result is stored beside it."""
    document, _ = data_files.read_document(path, path.name, lossy=True)
    if document is not None:
        assert not data_files.write_document(document, path, path.name).errors


def _same(value: object, typed: str) -> bool:
    """Whether a cell holds what is typed, in one of its languages or in both."""
    shown = str(value or "")
    chinese, _, english = shown.partition(" ")
    return typed in (shown, chinese, english) or (shown != "" and shown in typed.split(" ", 1))


def _columns(sheet: Worksheet, headings: list[str]) -> tuple[int, list[int]]:
    """The row of the headings, and the column of each; a heading stands there in one language or in both."""
    for row in sheet.iter_rows(max_row=10):
        known = {}
        for cell in row:
            chinese, _, english = str(cell.value or "").replace("\n", " ").partition(" ")
            known |= {chinese: cell.column, english: cell.column, str(cell.value or ""): cell.column}
        if all(heading in known for heading in headings):
            return row[0].row, [known[heading] for heading in headings]
    raise AssertionError(f"{sheet.title} has no headings {headings}")


def _value(text: str) -> object:
    if text == "":
        return None
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text)
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return text.strip("`")
    return int(number) if number == number.to_integral_value() else float(number)


if __name__ == "__main__":
    for each in FOLLOWED:
        for spoken in LANGUAGES:
            if page_of(each, spoken).is_file():
                with TemporaryDirectory() as made:
                    page_of(each, spoken).write_text(followed(each, spoken, Path(made)), encoding="utf-8")
