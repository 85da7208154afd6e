"""A page of the manual that is followed to the letter: its commands are run, its tables typed into the workbooks.

A `console` block is run as it stands: what it prints is what the page says. A line `...` there stands for any lines,
`...` within a line for any signs. In a page's comments stand:

    before: ...                      commands that are run without being shown
    edit: FILE › SHEET               the table below is typed into a sheet: rows are known by their first cell
    rows: FILE › SHEET               it takes the place of the sheet's rows
    write: FILE                      the block below is saved as a file
    excel: FILE › SHEET!CELL = 7     a figure is typed into an invoice, and all of it computed anew
    picture: FILE › SHEET            the picture below is that sheet, as it is at this step

`python -m tests.manual_steps [PAGE...]` writes what the commands print, and the pictures, where LibreOffice is there.
"""

import re
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import chdir
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
from click.testing import CliRunner
from openpyxl.worksheet.worksheet import Worksheet

from tests.workbooks import type_into
from xlbill.book import data_files
from xlbill.cli import main
from xlbill.language import LANGUAGES, Language

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
GUIDES = ("tutorial", "new-vendor", "contracts", "corrections", "year-end")
FOLLOWED = ("README", *GUIDES, "templates", "after-the-run", "ledger")
WIDTH = {"COLUMNS": "110"}  # of the terminal that the pages show
Painter = Callable[[Path, str, Path], object]
_PROGRESS = re.compile(r" \d+/\d+, [\d.]+/s")  # a line that only a slow machine prints
_STEP = re.compile(
    r"(?:```console\n(?P<commands>.*?)```|<!-- before:\n(?P<before>.*?)-->)"
    r"|<!-- (?P<how>edit|rows): (?P<file>.+?) › (?P<sheet>.+?) -->\n\n?(?P<table>(?:\|[^\n]*\n)+)"
    r"|<!-- picture: (?P<pictured>.+?) › (?P<shown>.+?) -->\n\n?!\[[^\]]*\]\((?P<image>[^)]+)\)"
    r"|<!-- excel: (?P<opened>.+?) › (?P<tab>.+?)!(?P<cell>[A-Z]+\d+) = (?P<figure>.+?) -->"
    r"|<!-- write: (?P<name>.+?) -->\n\n?```\w*\n(?P<text>.*?)```",
    re.DOTALL,
)


PICTURE = re.compile(r"<!-- picture: .+? -->\n\n?!\[[^\]]*\]\(([^)]+)\)")


def page_of(name: str, language: Language) -> Path:
    """The file of a page in a language."""
    if name == "README":
        return ROOT / ("README.zh-CN.md" if language == "zh" else "README.md")
    return DOCS / f"{name}{'.zh' if language == 'zh' else ''}.md"


def followed(name: str, language: Language, folder: Path, paint: Painter = lambda workbook, sheet, image: None) -> str:
    """The page with what its commands print now, all of its steps done in a folder; `paint` makes its pictures."""
    here, page = folder, page_of(name, language)

    def step(match: re.Match[str]) -> str:
        nonlocal here
        if match["table"] is not None:
            _typed(here / match["file"], match["sheet"], match["table"], anew=match["how"] == "rows")
        elif match["opened"] is not None:
            type_into(here / match["opened"], match["tab"], match["cell"], match["figure"])
        elif match["pictured"] is not None:
            (workbook,) = here.glob(match["pictured"])
            paint(workbook, match["shown"], page.parent / match["image"])
        elif match["name"] is not None:
            (here / match["name"]).parent.mkdir(parents=True, exist_ok=True)
            (here / match["name"]).write_text(match["text"], encoding="utf-8")
        else:
            shown = ""
            for command, written in commands_of(match["commands"] or match["before"]):
                if command.startswith("$ cd "):
                    here = here / command.removeprefix("$ cd ")
                ours = command.startswith("$ xlbill ")
                shown += f"{command}\n{shortened(_run(command, language, here), written) if ours else written}"
            return f"```console\n{shown}```" if match["before"] is None else match[0]
        return match[0]

    return _STEP.sub(step, page.read_text(encoding="utf-8"))


def commands_of(block: str) -> Iterator[tuple[str, str]]:
    """The commands of a block, each with what the page says it prints."""
    yield from re.findall(r"^(\$ .*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)


def _run(command: str, language: Language, here: Path) -> str:
    with chdir(here):
        ran = CliRunner(env=WIDTH).invoke(main, [*_words(command), "--lang", language])
    assert not isinstance(ran.exception, Exception), ran.output
    lines = (line.rstrip() for line in ran.output.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not _PROGRESS.search(line))


def _words(command: str) -> Iterator[str]:
    """The words of a command after its name, as a shell hands them on: without its remark, a pattern as its files."""
    for word in shlex.split(command, comments=True)[2:]:
        yield from sorted(str(path) for path in Path().glob(word)) if "*" in word else [word]


def shortened(printed: str, written: str) -> str:
    """What is printed, with `...` where the page has it: between as many first and last lines, or within a line.

    >>> shortened("a\\nb\\nc\\nd\\n", "a\\n...\\nx\\n")
    'a\\n...\\nd\\n'
    >>> shortened("the head is 3:ab12\\n", "the head is 3:...\\n")
    'the head is 3:...\\n'
    """
    if re.fullmatch("".join(_pattern(line) for line in written.splitlines()), printed):
        return written
    lines, shown = printed.splitlines(keepends=True), written.splitlines(keepends=True)
    if "...\n" not in shown:
        return printed
    first, last = shown.index("...\n"), len(shown) - 1 - shown.index("...\n")
    return "".join([*lines[:first], "...\n", *lines[max(first, len(lines) - last) :]])


def _pattern(line: str) -> str:
    return r"(?:.*\n)*" if line == "..." else ".*".join(re.escape(part) for part in line.split("...")) + "\n"


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
        known = [line[0].row for line in sheet.iter_rows() if any(_same(cell.value, row[0]) for cell in line)]
        at = number if anew else known[0] if known else sheet.max_row + 1
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
    from tests.pictures import SOFFICE, Pictures

    with TemporaryDirectory() as kept:
        pictures = Pictures(Path(kept))
        for each in sys.argv[1:] or FOLLOWED:
            for spoken in LANGUAGES:
                with TemporaryDirectory() as made:
                    page_of(each, spoken).write_text(followed(each, spoken, Path(made), pictures), encoding="utf-8")
        for picture, _ in pictures.paint() if SOFFICE else ():
            print(picture.relative_to(ROOT))
