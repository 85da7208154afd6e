"""Prices changed in a book: which cells, from what to what, and what the worked bills then come to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryDirectory

from xlbill.book import data
from xlbill.book.data_files import LOSSES
from xlbill.book.data_sheets import read_data
from xlbill.book.edit import CannotEdit, New, write_edited
from xlbill.book.load import load_book
from xlbill.book.objects import PriceBook
from xlbill.cells import Address, Place
from xlbill.foresight.change_list import PriceChange
from xlbill.language import Label
from xlbill.money import plain
from xlbill.problems import Problems, has_errors
from xlbill.rating.worked import check_cases
from xlbill.sheets import SheetKind, Workbook, find_sheet, find_table, nearest, read_workbook
from xlbill.sheets.headings import normalised

PRICED = ("plans", "charges", "extensions", "packs")
"""The sheets of a book that have prices."""


@dataclass(frozen=True, slots=True)
class Repriced:
    """One cell that changes: what it is the price of, from what to what."""

    sheet: str
    item: str
    heading: Label
    old: Decimal
    new: Decimal
    spot: Address


@dataclass(frozen=True, slots=True)
class Moved:
    """A worked bill whose total is another one now."""

    case: str
    expected: Decimal
    total: Decimal
    spot: Address


@dataclass(frozen=True, slots=True)
class Applied:
    """What a list of changes does to a book, and the edited workbook's bytes."""

    repriced: tuple[Repriced, ...]
    moved: tuple[Moved, ...]
    content: bytes


def apply_changes(
    path: Path, shown: str, changes: Sequence[PriceChange], *, accept: bool = False
) -> tuple[Applied | None, Problems]:
    """A book with some prices changed; with `accept` its worked totals are those that come out.

    None where a change selects nothing, a price cannot be changed, or `check` would refuse the book.
    """
    document, found = read_data(path, shown)
    workbook, _ = read_workbook(path, shown)
    found = Problems(p for p in found if p.code not in LOSSES and p.code != "reference-not-carried")
    if document is None or workbook is None or found.errors:
        return None, found
    if changes:
        found += _waiting(path, shown)
    repriced = _repriced(document, workbook, changes, found)
    if found.errors:
        return None, found
    edits: dict[Address, New] = {one.spot: one.new for one in repriced}
    content, book = _edited(path, shown, workbook, edits, found)
    if content is None or book is None:
        return None, found
    moved = tuple(_moved(book, found))
    if found.errors:
        return None, found
    if accept and moved:
        content, book = _edited(path, shown, workbook, edits | {one.spot: one.total for one in moved}, found)
        if content is None or book is None:
            return None, found
        assert not any(True for _ in _moved(book, Problems())), "accepted totals are those that come out"
    return Applied(repriced, moved, content), found


def _waiting(path: Path, shown: str) -> Problems:
    """The problem of a book whose worked totals differ already: its last change was never accepted.

    Applied once more, a list in percent would raise the prices twice.
    """
    found = Problems()
    book, _ = load_book(path, shown)
    differing = list(_moved(book, Problems())) if book is not None and book.sound else []
    if differing:
        first = differing[0]
        place = Place(shown, first.spot.sheet, first.spot.row, first.spot.column)
        facts = {"case": first.case, "found": plain(first.expected), "value": plain(first.total)}
        found.add("totals-waiting", place, None, **facts, count=str(len(differing)))
    return found


def _edited(
    path: Path, shown: str, workbook: Workbook, edits: Mapping[Address, New], found: Problems
) -> tuple[bytes | None, PriceBook | None]:
    """The workbook with its edits as bytes, and the book in it; None where it would not be sound."""
    with TemporaryDirectory() as folder:
        target = Path(folder) / path.name
        try:
            write_edited(path, workbook, edits, target)
        except CannotEdit as cell:
            found.add("cell-not-editable", Place(shown), found=str(cell))
            return None, None
        book, problems = load_book(target, shown)
        found += (p for p in problems if p.severity == "error")
        return (target.read_bytes(), book) if book is not None and not has_errors(problems) else (None, None)


def _moved(book: PriceBook, found: Problems) -> Iterator[Moved]:
    """The totals and lines of worked bills that come out otherwise; a bill that fails altogether is told."""
    for problem in check_cases(book):
        facts = {name: str(fact) for name, fact in problem.facts}
        figures = facts.get("value", "").split(", ")
        if problem.code not in ("case-differs", "case-line-differs") or len(figures) != 1 or figures == ["—"]:
            found.tell(problem)
            continue
        place = problem.place
        spot = Address(place.sheet or "", place.row or 0, place.column or 0)
        name = " ".join(part for part in (facts["case"], facts.get("line", "")) if part)
        yield Moved(name, Decimal(facts["found"]), Decimal(figures[0]), spot)


# --- selection -----------------------------------------------------------------------------------------------------


def _repriced(
    document: data.Document, workbook: Workbook, changes: Sequence[PriceChange], found: Problems
) -> tuple[Repriced, ...]:
    """Every price that the changes select, each by one of them alone."""
    decimals = document.setting("decimals")
    smallest = Decimal(1).scaleb(-int(decimals)) if isinstance(decimals, Decimal) else Decimal("0.01")
    selected: dict[Address, Repriced] = {}
    for change in changes:
        told = len(found)
        here = tuple(_selected(document, workbook, change, found))
        if not here and len(found) == told:
            codes = dict.fromkeys(code for key in _sheets(document, change, found) for code in _codes(document, key))
            hint = nearest(change.item, codes) or ", ".join(codes)
            found.add("change-selects-nothing", change.place, found=change.item, nearest=hint)
        for one in here:
            if one.spot in selected:
                found.add("change-twice", change.place, found=f"{one.item} {one.heading.en}")
            selected[one.spot] = replace(one, new=change.applied(one.old, smallest))
    return tuple(one for one in selected.values() if one.new != one.old)


def _sheets(document: data.Document, change: PriceChange, found: Problems) -> tuple[str, ...]:
    """The sheets that a change is about."""
    here = tuple(key for key in PRICED if key in document.tables)
    if not change.sheet:
        return here
    titled = {normalised(t): k for k in here for t in _titles(document.tables[k].kind)}
    key = titled.get(normalised(change.sheet))
    if key is None:
        known = ", ".join(str(document.tables[k].kind.title) for k in here)
        found.add("change-of-no-sheet", change.place, found=change.sheet, nearest=known)
    return (key,) if key is not None else ()


def _titles(kind: SheetKind) -> tuple[str, ...]:
    return str(kind.title), kind.title.zh, kind.title.en, kind.key


def _codes(document: data.Document, key: str) -> list[str]:
    return [code_of(key, row) for row in data.rows_of(document, key)]


def code_of(key: str, row: data.DataRow) -> str:
    """What a change calls a row: im.pro, storage.180, rtc_25k, im.dau."""
    parts = {
        "plans": ("product", "plan"),
        "extensions": ("extension", "option"),
        "packs": ("pack",),
        "charges": ("product", "item" if row.values.get("item") else "meter"),
    }[key]
    return ".".join(text for part in parts if (text := data.spelled(row.values.get(part))))


def _selected(document: data.Document, workbook: Workbook, change: PriceChange, found: Problems) -> Iterator[Repriced]:
    for key in _sheets(document, change, found):
        table = document.tables[key]
        columns = positions_of(workbook, table.kind)
        for row in table.rows:
            code = code_of(key, row)
            if not fnmatchcase(code.casefold(), change.item.casefold()):
                continue
            for column in _columns(document, table, change, found):
                content = row.values.get(column)
                if isinstance(content, data.NamedFormula):
                    found.add("price-is-formula", row.place.at(row.place.row, columns[column]), found=content.text)
                elif isinstance(content, Decimal):
                    spot = Address(row.place.sheet or "", row.place.row or 0, columns[column])
                    yield Repriced(key, _named(key, code, row), _heading(table, column), content, content, spot)


def _named(key: str, code: str, row: data.DataRow) -> str:
    """A row's code with what tells it from others of the same: plans, dimensions, the start of its tier."""
    more = (data.spelled(row.values.get(part)) for part in ("plans", "dimension", "from"))
    said = [text for text in more if text] if key == "charges" else []
    return f"{code} [{'; '.join(said)}]" if said else code


def _columns(document: data.Document, table: data.DataTable, change: PriceChange, found: Problems) -> tuple[str, ...]:
    """The columns that a change is about: the price, of extensions those of the plans."""
    priced = _price_columns(document, table)
    if not change.column:
        return priced
    wanted = normalised(change.column)
    for key in (*priced, *(c.key for c in table.kind.columns if c.key in table.columns)):
        column = table.column(key)
        heading = table.own.get(key, "")
        words = (*column.headings(),) if column is not None else (key, heading, *heading.split())
        if wanted in {normalised(word) for word in words}:
            return (key,)
    found.add("change-of-no-column", change.place, found=change.column, nearest=", ".join(priced))
    return ()


def _price_columns(document: data.Document, table: data.DataTable) -> tuple[str, ...]:
    if table.kind.key != "extensions":
        return ("price",) if "price" in table.columns else ()
    notes = data.notes_of(document, table, frozenset())
    return tuple(key for key in table.columns if key in table.own and key not in notes)


def _heading(table: data.DataTable, key: str) -> Label:
    column = table.column(key)
    return column.heading if column is not None else Label(table.own[key], table.own[key])


def positions_of(workbook: Workbook, kind: SheetKind) -> dict[str, int]:
    """The number of each column of a sheet."""
    sheet = find_sheet(workbook, kind)
    table = find_table(sheet, kind, Problems()) if sheet is not None else None
    return {heading.key: heading.column for heading in table.headings} if table is not None else {}
