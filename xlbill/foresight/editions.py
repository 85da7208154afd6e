"""The editions of a workspace: which there are, which is the newest, and a new one made from another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from xlbill.book import columns
from xlbill.book.edit import CannotEdit, New, write_edited
from xlbill.book.load import load_book
from xlbill.book.objects import PriceBook
from xlbill.cells import Address, Place
from xlbill.files import written
from xlbill.foresight.book_files import BookFile, book_file
from xlbill.problems import Problem, Problems, has_errors
from xlbill.rating.editions import edition_problems
from xlbill.rating.worked import check_cases
from xlbill.sheets import Workbook, find_sheet, find_table, nearest
from xlbill.sheets.headings import normalised
from xlbill.workspace import Workspace


@dataclass(frozen=True, slots=True)
class EditionFile:
    """A price book with its file, and whether it and its worked bills hold."""

    file: BookFile
    problems: tuple[Problem, ...]
    cases: int  # worked bills that come to another total, or to none

    @property
    def errors(self) -> int:
        """How many errors are in the way of its use."""
        return sum(p.severity == "error" and p.stops != "nothing" for p in self.problems)

    @property
    def path(self) -> Path:
        """Where its workbook is."""
        return self.file.path

    @property
    def book(self) -> PriceBook:
        """The price book itself."""
        return self.file.book


def editions_of(workspace: Workspace) -> tuple[tuple[EditionFile, ...], Problems]:
    """The price books of a workspace, the newest first; files that are none are told."""
    found, editions = Problems(), []
    for path in workspace.books():
        file, problems = book_file(path, workspace.shown(path))
        if file is None:
            found += problems
            continue
        differing = len(check_cases(file.book)) if file.book.sound else 0
        editions.append(EditionFile(file, tuple(problems), differing))
    if not editions:
        found.add("no-price-books", Place(workspace.shown(workspace.prices)))
    return tuple(sorted(editions, key=lambda e: (e.book.edition.effective, e.book.edition.code), reverse=True)), found


def own_prices(workspace: Workspace, found: Problems) -> bool:
    """Whether the workspace has price tables of its own; those that ship with xlbill are never written to."""
    own = (workspace.root / "price_tables").is_dir()
    if not own:
        found.add("prices-not-own")
    return own


def edition_named(
    editions: tuple[EditionFile, ...], code: str | None, found: Problems, on: date | None = None
) -> EditionFile | None:
    """The edition of a code, without one the newest that is sound; an unknown code is answered with the nearest.

    Where a question is about a day, the newest is the newest of those that are in force `on` it, if any is.
    """
    if code is None:
        sound = [edition for edition in editions if edition.book.sound]
        in_force = (edition for edition in sound if on is None or edition.book.edition.effective <= on)
        return next(in_force, sound[0] if sound else None)
    known = [edition.book.edition.code for edition in editions]
    named = next((e for e in editions if e.book.edition.code.casefold() == code.casefold()), None)
    if named is None:
        found.add("edition-unknown", found=code, nearest=nearest(code, known) or ", ".join(known))
    return named


def new_edition(
    of: EditionFile, editions: tuple[EditionFile, ...], settings: Mapping[str, New], target: Path, shown: str
) -> Problems:
    """Write a copy of an edition with other settings (`code`, `effective`, `name` ...), where `check` has nothing
    against it; a code, a file or a day that is taken is a problem, too.
    """
    found = Problems()
    codes = {edition.book.edition.code.casefold() for edition in editions}
    if str(settings["code"]).casefold() in codes or target.exists():
        found.add("edition-taken", Place(shown), found=str(settings["code"]))
        return found
    workbook = of.file.workbook
    spots = _setting_spots(workbook)
    absent = [key for key in settings if key not in spots]
    if absent:
        found.add("setting-absent", Place(of.path.name), found=", ".join(absent))
        return found
    edits = {spots[key]: _as_there(workbook, spots[key], new) for key, new in settings.items()}

    def write(path: Path) -> None:
        write_edited(of.path, workbook, edits, path)
        book, problems = load_book(path, shown)
        found.tell(*(p for p in problems if p.severity == "error" and p.stops != "nothing"))
        found.tell(*(edition_problems([*(e.book for e in editions), book]) if book is not None else ()))
        if has_errors(found):
            raise _Refused

    try:
        found += written(target, shown, write)
    except _Refused:
        pass
    except CannotEdit as cell:
        found.add("cell-not-editable", Place(of.path.name), found=str(cell))
    return found


class _Refused(Exception):
    """A new edition that `check` would refuse: nothing is left of it."""


def _as_there(workbook: Workbook, spot: Address, new: New) -> New:
    """A day as text where the cell holds text."""
    sheet = next(sheet for sheet in workbook.sheets if sheet.name == spot[0])
    return new.isoformat() if isinstance(new, date) and isinstance(sheet.cell(*spot[1:]).value, str) else new


def _setting_spots(workbook: Workbook) -> dict[str, Address]:
    """The cells that hold the settings of a book."""
    sheet = find_sheet(workbook, columns.SETTINGS)
    table = find_table(sheet, columns.SETTINGS, Problems()) if sheet is not None else None
    keys = {normalised(h): key for key, column in columns.SETTING.items() for h in column.headings()}
    spots: dict[str, Address] = {}
    for row in table.rows if table is not None else ():
        key, cell = keys.get(normalised(row.peek("setting") or "")), row.cell("value")
        if key is not None and cell.filled:
            spots.setdefault(key, Address(cell.place.sheet or "", cell.place.row or 0, cell.place.column or 0))
    return spots
