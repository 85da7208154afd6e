"""Prices changed in thought: a book of today with other figures in some cells, and no file."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatchcase

from xlbill.book.load import book_in
from xlbill.book.objects import PriceBook
from xlbill.cells import Place
from xlbill.foresight.book_files import BookFile
from xlbill.foresight.price_cells import PriceCell, price_cells, with_cells
from xlbill.problems import Problems
from xlbill.sheets import nearest


@dataclass(frozen=True, slots=True)
class Supposed:
    """A cell and the figure that is supposed to stand in it."""

    cell: PriceCell
    new: Decimal


def suppose(file: BookFile, words: Sequence[str]) -> tuple[PriceBook | None, tuple[Supposed, ...], Problems]:
    """A book with figures as some words say: `im.pro.price=1399`, `storage.*.price=+8%`.

    None, and problems, where a word names no cell, or the check would refuse the book. A price is named as in
    `xlbill check --coverage`; without its plan all plans are meant.
    """
    found, place = Problems(), Place(file.shown)
    cells = price_cells(file.book, file.workbook)
    supposed: dict[PriceCell, Supposed] = {}
    for word in words:
        name, _, text = word.partition("=")
        named = [cell for cell in cells if cell.value is not None and _named(cell, name.strip())]
        if not named:
            known = tuple(dict.fromkeys(cell.spoken for cell in cells))
            found.add(
                "price-unknown", place, found=name.strip(), nearest=nearest(name.strip(), known) or ", ".join(known[:8])
            )
        for cell in named:
            assert cell.value is not None
            new = _figure(text.strip(), cell.value)
            if new is None:
                found.add("figure-unreadable", place, found=word)
                break
            supposed[cell] = Supposed(cell, new)
    if found.errors:
        return None, (), found
    book, problems = book_in(with_cells(file.workbook, {s.cell.at: s.new for s in supposed.values()}), "")
    found += (p for p in problems if p.severity == "error")
    return (book if book is not None and book.sound else None), tuple(supposed.values()), found


def _named(cell: PriceCell, name: str) -> bool:
    spoken, wanted = cell.spoken.casefold(), name.casefold()
    return fnmatchcase(spoken, wanted) or fnmatchcase(spoken, f"{wanted}.*")


def _figure(text: str, old: Decimal) -> Decimal | None:
    """What is said to stand there: a figure, or a change in percent of the old one."""
    try:
        if text.endswith("%") and text[:1] in "+-":
            return old * (1 + Decimal(text[:-1]) / 100)
        figure = Decimal(text[:-1]) / 100 if text.endswith("%") else Decimal(text)
    except InvalidOperation:
        return None
    return figure if figure.is_finite() and figure >= 0 else None
