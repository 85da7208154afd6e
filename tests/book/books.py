"""The small book with some of its cells changed, as the loader reads it."""

from collections.abc import Mapping
from pathlib import Path

from tests.small_book import BOOK
from tests.workbooks import write_workbook
from xlbill.book.load import load_book
from xlbill.book.objects import PriceBook
from xlbill.problems import Problems

Change = Mapping[str, tuple[str, str]]
"""By sheet: what stands there, and what stands there instead."""


def read(folder: Path, change: Change) -> tuple[PriceBook, Problems]:
    """The small book, changed; the text that is changed must stand there once."""
    sheets = dict(BOOK)
    for sheet, (old, new) in change.items():
        assert sheets[sheet].count(old) == 1, (sheet, old)
        sheets[sheet] = sheets[sheet].replace(old, new)
    book, found = load_book(write_workbook(folder / "small.xlsx", sheets), "small.xlsx")
    assert book is not None
    return book, found


def told(found: Problems) -> list[tuple[str, str]]:
    """What was found, as codes and cells; but not that nobody has calculated a workbook that openpyxl wrote."""
    return [
        (problem.code, f"{problem.place.sheet}!{problem.place.cell}")
        for problem in found
        if problem.code != "example-not-calculated"
    ]
