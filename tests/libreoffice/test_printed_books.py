"""What is printed of price books and accounts is whole: nothing runs into its neighbour, no note or model is cut."""

import shutil
from pathlib import Path

import pytest
from soffice import requires_soffice
from test_printed_whole import overlaps, words

from xlbill.book import columns as book_columns
from xlbill.starting import EMPTY, LIKE, start_like
from xlbill.workbook.pdf import to_pdf
from xlbill.workspace import SHIPPED

pytestmark = [pytest.mark.libreoffice, requires_soffice]
STARTERS = (EMPTY, *LIKE)
SHIPPED_BOOKS = sorted((SHIPPED / "price_tables").glob("*.xlsx"))
NAMES = [
    *(book.stem for book in SHIPPED_BOOKS),
    "accounts",
    *(f"{n}-{k}" for n in STARTERS for k in ("book", "accounts")),
]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The shipped books, those of all starters, and their accounts, printed with one start."""
    folder = tmp_path_factory.mktemp("books")
    files = [shutil.copy(path, folder) for path in (*SHIPPED_BOOKS, SHIPPED / "examples" / "accounts.xlsx")]
    for name in STARTERS:
        start_like(name, folder / name)
        (book,) = (folder / name / "price_tables").glob("*.xlsx")
        files.append(shutil.copy(book, folder / f"{name}-book.xlsx"))
        files.append(shutil.copy(folder / name / "accounts.xlsx", folder / f"{name}-accounts.xlsx"))
    assert not to_pdf([Path(file) for file in files], folder / "pdf")
    return {path.stem: path for path in (folder / "pdf").iterdir()}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_that_is_printed_of_a_book_or_of_accounts_is_cut(printed: dict[str, Path], name: str) -> None:
    pages = list(words(printed[name]))
    assert pages and any(pages)
    assert [word.text for page in pages for word in page if "##" in word.text] == []
    assert [(number, pair) for number, page in enumerate(pages, 1) for pair in overlaps(page)] == []


@pytest.mark.parametrize("book", [book.stem for book in SHIPPED_BOOKS])
def test_the_note_of_a_sheet_stands_whole_on_its_first_page_and_on_no_other(
    printed: dict[str, Path], book: str
) -> None:
    formulas = next(sheet for sheet in book_columns.SHEETS if sheet.key == "formulas")
    assert formulas.note is not None
    first, last = formulas.note.en.split()[0], formulas.note.en.split()[-1]
    pages = [[word.text for word in page] for page in words(printed[book])]
    pages = [page for page in pages if page[:2] == ["公式", "Formulas"]]
    assert [first in page and last in page for page in pages] == [True, *[False] * (len(pages) - 1)]
    assert [first in page for page in pages] == [True, *[False] * (len(pages) - 1)]


@pytest.mark.parametrize("book", [book.stem for book in SHIPPED_BOOKS])
def test_no_model_is_torn_by_the_end_of_a_page(printed: dict[str, Path], book: str) -> None:
    """Each page begins with a model's name, at the left, and not with one of its formulas."""
    pages = [page for page in words(printed[book]) if "models" in [word.text for word in page[-8:]]]
    assert len(pages) > 1
    for page in pages[1:]:
        top = min(word.top for word in page)
        left = min(word.left for word in page)
        assert any(word.left < left + 1 and word.top < top + 3 for word in page)
