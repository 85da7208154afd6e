"""Price books with the cells of their workbooks, and as data: each file is read once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from xlbill.book import data_files
from xlbill.book.data import Document
from xlbill.book.data_sheets import data_in
from xlbill.book.load import book_of_workbook
from xlbill.book.objects import PriceBook
from xlbill.problems import Problems
from xlbill.sheets import Workbook, read_workbook
from xlbill.workspace import WORKBOOKS, Workspace, tables_in


@dataclass(frozen=True, slots=True)
class BookFile:
    """A price book with the cells of its workbook."""

    path: Path
    shown: str
    book: PriceBook
    workbook: Workbook


@dataclass(frozen=True, slots=True)
class WeighedBook:
    """A sound price book of any kind of file, and what the file says; None where that cannot be had as data."""

    book: PriceBook
    document: Document | None


def book_file(path: Path, shown: str) -> tuple[BookFile | None, Problems]:
    """The price book of a workbook, with all problems in it; None where there is none."""
    workbook, found = read_workbook(path, shown)
    if workbook is None:
        return None, found
    book, problems = book_of_workbook(workbook, path)
    found += problems
    return (BookFile(path, shown, book, workbook) if book is not None else None), found


def book_files(paths: Sequence[Path], workspace: Workspace) -> tuple[tuple[BookFile, ...], Problems]:
    """The sound price books among some files, or of the workspace; what keeps one from being used is told."""
    found, files = Problems(), []
    for path in [file for each in paths for file in tables_in(each, WORKBOOKS)] or workspace.books():
        file, problems = book_file(path, workspace.shown(path))
        found += (p for p in problems if p.severity == "error")
        if file is not None and file.book.sound:
            files.append(file)
    return tuple(files), found


def weighed_book(path: Path, workspace: Workspace) -> tuple[WeighedBook | None, Problems]:
    """The sound price book of a file, which may be a workbook or one as text; what keeps it from being used is told."""
    shown = workspace.shown(path)
    if path.suffix.lower() not in (*data_files.YAML, *data_files.JSON):
        file, problems = book_file(path, shown)
        document = data_in(file.workbook)[0] if file is not None else None
    else:
        document, problems = data_files.read_document(path, shown)
        file = None
        if document is not None and not problems.errors:
            file, told = _made(document, path, shown)
            problems += told
    found = Problems(p for p in problems if p.severity == "error")
    return (WeighedBook(file.book, document) if file is not None and file.book.sound else None), found


def _made(document: Document, path: Path, shown: str) -> tuple[BookFile | None, Problems]:
    """The price book of a document, by way of the workbook that is made from it."""
    with TemporaryDirectory() as folder:
        workbook = Path(folder) / f"{path.stem}.xlsx"
        found = data_files.write_document(document, workbook, shown)
        if not workbook.is_file():
            return None, found
        file, problems = book_file(workbook, shown)
    found += problems
    return file, found
