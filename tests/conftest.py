"""What holds for all tests: no case is timed, and price books and templates are read once in a process.

Both are values of their files. Hundreds of tests load the same shipped books, whose worked bills are rated with each
load, and the same templates. A file that a test changes has other content, and is read anew.
"""

import hashlib
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import TypeVar

from hypothesis import settings

import xlbill.invoice
from xlbill.book import load
from xlbill.book.objects import PriceBook
from xlbill.invoice.template import read
from xlbill.problems import Problems
from xlbill.rating import worked
from xlbill.sheets import Workbook

T = TypeVar("T")
MOST = 50  # values that are kept, the latest ones


def _kept(known: dict[Hashable, T], key: Hashable, make: Callable[[], T]) -> T:
    """What is known under a key, or made now; beyond MOST the oldest is forgotten."""
    if key not in known:
        known[key] = make()
        if len(known) > MOST:
            del known[next(iter(known))]
    return known[key]


def _once(read: Callable[[Path, str | None], tuple[T, Problems]]) -> Callable[..., tuple[T, Problems]]:
    """A loader that reads the same content under the same name once; its problems are handed out anew."""
    known: dict[Hashable, tuple[T, Problems]] = {}

    def remembered(path: Path, shown_as: str | None = None) -> tuple[T, Problems]:
        if not path.is_file():
            return read(path, shown_as)
        key = (hashlib.sha256(path.read_bytes()).hexdigest(), shown_as or str(path))
        loaded, found = _kept(known, key, lambda: read(path, shown_as))
        return loaded, Problems(found)

    return remembered


def _made_once(make: Callable[[Workbook, Path], tuple[T, Problems]]) -> Callable[[Workbook, Path], tuple[T, Problems]]:
    """The same of what is made of a workbook that has been read."""
    known: dict[Hashable, tuple[T, Problems]] = {}

    def remembered(workbook: Workbook, path: Path) -> tuple[T, Problems]:
        key = (hashlib.sha256(path.read_bytes()).hexdigest(), workbook.file)
        made, found = _kept(known, key, lambda: make(workbook, path))
        return made, Problems(found)

    return remembered


def _checked_once(check: Callable[[PriceBook, str | None], Problems]) -> Callable[..., Problems]:
    """The check of worked bills, done once for a book that is still the same object."""
    known: dict[Hashable, tuple[PriceBook, Problems]] = {}

    def remembered(book: PriceBook, only: str | None = None) -> Problems:
        _, found = _kept(known, (id(book), only), lambda: (book, check(book, only)))
        return Problems(found)

    return remembered


# How long a case takes says more of the machine than of the case.
settings.register_profile("xlbill", deadline=None)
settings.load_profile("xlbill")

# Here, before any test imports what names these functions.
load.load_book = _once(load.load_book)
load.book_of_workbook = _made_once(load.book_of_workbook)
read.load_template = xlbill.invoice.load_template = _once(read.load_template)
worked.check_cases = _checked_once(worked.check_cases)
