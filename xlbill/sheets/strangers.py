"""What a workbook holds that nobody declared: somebody's own notes, or something that was meant to count.

A note is recognised as one: its heading or its sheet's name starts with a mark (`#`, 备注, 说明, note, remarks ...), or
it is listed once as one's own in the workbook's settings. Of the rest, whatever could change an amount is told: what
holds figures, dates or known words, what lies among the known columns, what resembles a known heading. Only text to
the right of the known columns that is none of these is passed over.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from xlbill.cells import column_letters
from xlbill.language import Label
from xlbill.problems import Fact, Problem, problem
from xlbill.sheets.cell import Cell
from xlbill.sheets.columns import Kind, SheetKind
from xlbill.sheets.headings import NOTE_MARKS, Heading, best_row, halves, nearest, normalised
from xlbill.sheets.tables import Table, find_sheet, titles_of
from xlbill.sheets.values import (
    NO_WORDS,
    YES_WORDS,
    Misfit,
    as_code,
    as_date,
    as_month,
    as_number,
    narrow,
    split_codes,
    visible,
)
from xlbill.sheets.workbook import SheetCells, Workbook

_MARK_WORDS = {"note", "notes", "remark", "remarks", "comment", "comments", "memo", "readme", "read"}
_WHOLE = {"来源", "依据", "序号", "行号", "source", "no", "no.", "index"}
OTHER_SHEETS = frozenset(normalised(title) for title in ("Changes", "调价", "调价 Changes"))
"""Sheets that other commands read and that may stand in the same workbook: a list of price changes."""
_SURELY_NEAR = 0.75
_MADE_OF = 3
"""So many known headings make a sheet one of a kind, where it has all that the kind requires."""


def is_note(text: str, own: Collection[str] = ()) -> bool:
    """Whether a heading or a sheet's name says that what stands there is a note; `own` are those that are listed.

    >>> is_note("备注 remarks"), is_note("# cost"), is_note("说明 Read me"), is_note("Notebook price")
    (True, True, True, False)
    """
    bare = narrow(visible(text)).casefold()
    whole = normalised(text)
    if bare.startswith(NOTE_MARKS) or whole in own:
        return True
    parts = {normalised(part) for part in halves(text) or (text,)}
    first = re.match(r"[a-z]+", bare)
    return parts <= _WHOLE or (first is not None and first[0] in _MARK_WORDS)


def own_names(listed: Iterable[str]) -> frozenset[str]:
    """Headings and sheets that are listed as one's own, as they are compared."""
    return frozenset(normalised(name) for text in listed for name in split_codes(text))


_DOUBTFUL = (Misfit.AMBIGUOUS_NUMBER, Misfit.AMBIGUOUS_DATE, Misfit.NO_YEAR)


@dataclass(frozen=True)
class Surroundings:
    """The tables of a workbook, all kinds of sheets that it may have, and what is listed as its owner's own."""

    kinds: Sequence[SheetKind]
    tables: Mapping[str, Table]
    own: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def words(self) -> frozenset[str]:
        """Everything that counts as a word in this workbook: choices, yes and no, and codes that stand in it."""
        words = {word for words in (YES_WORDS, NO_WORDS) for word in words}
        for kind in self.kinds:
            for column in kind.columns:
                words.update(normalised(word) for value, known in column.choices.items() for word in (value, *known))
        for table in self.tables.values():
            keys = [column.key for column in table.kind.columns if column.kind in (Kind.CODE, Kind.CODES)]
            codes = (as_code(row.cell(key).value) for row in table.rows for key in keys)
            words.update(normalised(word) for code in codes if isinstance(code, str) for word in split_codes(code))
        return frozenset(words - {""})

    def counts(self, cell: Cell) -> bool:
        """Whether what stands in a cell could be meant to count: a figure, a date, a word that is known."""
        value = cell.value
        if cell.formula is not None or not (value is None or isinstance(value, str)):
            return True
        if not value or not visible(value):
            return False
        read = (as_number(value), as_date(value), as_month(value))
        figure = any(not isinstance(r, Misfit) or r in _DOUBTFUL for r in read)
        return figure or any(normalised(word) in self.words for word in (value, *split_codes(value)))


@dataclass(frozen=True, slots=True)
class Stranger:
    """A column that is told, its number, and the problem."""

    column: int
    problem: Problem


def strange_columns(table: Table, around: Surroundings, claimed: Callable[[Heading], bool]) -> Iterator[Stranger]:
    """The columns of a table that are no notes, declared ones or `claimed` ones, and could be meant to count."""
    filled = _filled(table)
    last = max((heading.column for heading in table.headings if heading.declared), default=0)
    for heading in table.headings:
        cells = filled.get(heading.column, ())
        if not cells or heading.declared or is_note(heading.text, around.own) or claimed(heading):
            continue
        place = table.place.at(table.place.row, heading.column)
        kind = table.kind
        known = [word for column in kind.columns for word in (*column.headings(), *column.near)]
        facts: dict[str, Fact] = {"found": heading.text, "sheet": kind.title}
        near, named = _column_near(heading.text, kind)
        other = None if named else _declared_elsewhere(heading, kind, around.kinds)
        surely = named or nearest(heading.text, [*known, *_halves_of(known)], cutoff=_SURELY_NEAR)
        if other is not None:
            facts |= {"other": other.title}
            yield Stranger(heading.column, problem("column-elsewhere", place, None, **facts))
        elif surely or heading.column < last or any(around.counts(cell) for cell in cells):
            code = "column-unknown-near" if near is not None else "column-unknown"
            facts |= {"nearest": near} if near is not None else {}
            yield Stranger(heading.column, problem(code, place, None, **facts))
    headed = {heading.column for heading in table.headings}
    for column, cells in sorted(filled.items()):
        counted = next((cell for cell in cells if around.counts(cell)), None) if column not in headed else None
        if counted is not None:
            shown = counted.shown or counted.formula or ""
            letters = column_letters(column)
            yield Stranger(column, problem("column-without-heading", counted.place, None, found=shown, column=letters))


def strange_sheets(workbook: Workbook, kinds: Sequence[SheetKind], own: Collection[str]) -> Iterator[Problem]:
    """The sheets that are none of the kinds, and no notes, but look as if they were meant as one; and those twice."""
    own = frozenset(own) | OTHER_SHEETS
    for sheet in workbook.sheets:
        kind = next((kind for kind in kinds if normalised(sheet.name) in titles_of(kind)), None)
        if kind is not None:
            first = find_sheet(workbook, kind)
            if first is not None and first is not sheet:
                yield problem("sheet-ambiguous", sheet.place, found=sheet.name, sheet=str(kind.title), first=first.name)
        elif not is_note(sheet.name, own) and (likely := _likely_kind(sheet, kinds)) is not None:
            code = "sheet-renamed" if find_sheet(workbook, likely) is None else "sheet-besides"
            yield problem(code, sheet.place, sheet=str(likely.title), found=sheet.name)


def _likely_kind(sheet: SheetCells, kinds: Sequence[SheetKind]) -> SheetKind | None:
    """What a sheet was meant as: by its name, or by its headings."""
    name = normalised(sheet.name)
    english = set(re.findall(r"[a-z]+", narrow(sheet.name).casefold()))
    for kind in kinds:
        titles = titles_of(kind)
        chinese = [title for title in titles if not title.isascii()]
        if any(title in name for title in chinese if len(title) > 1) or english & titles:
            return kind
        if nearest(sheet.name, titles | {str(kind.title)}) is not None:
            return kind
    present = {kind.key: best_row(sheet, kind)[1] for kind in kinds}
    whole = [k for k in kinds if all(column.key in present[k.key] for column in k.columns if column.required)]
    made = [kind for kind in whole if len(present[kind.key]) >= _MADE_OF]
    return max(made, key=lambda kind: len(present[kind.key]), default=None)


def _filled(table: Table) -> dict[int, list[Cell]]:
    """What stands in the rows of a table, by column, for the columns that are not declared."""
    positions = {row.position for row in table.rows}
    declared = {heading.column for heading in table.headings if heading.declared}
    cells: dict[int, list[Cell]] = {}
    for (row, column), cell in table.sheet.cells.items():
        if column not in declared and row in positions and cell.filled:
            cells.setdefault(column, []).append(cell)
    return cells


def _declared_elsewhere(heading: Heading, own: SheetKind, kinds: Sequence[SheetKind]) -> SheetKind | None:
    """Another kind of sheet that has such a column."""
    words = {normalised(heading.text), *(normalised(half) for half in halves(heading.text) or ())}
    for kind in kinds:
        if kind is not own and any(normalised(known) in words for c in kind.columns for known in c.headings()):
            return kind
    return None


def _column_near(text: str, kind: SheetKind) -> tuple[Label | None, bool]:
    """The column that may have been meant, and whether the heading says so by itself or in one of its halves.

    Else it is the column that the heading resembles, or whose name it contains.
    """
    words = [normalised(text), *(normalised(half) for half in halves(text) or ())]
    for column in kind.columns:
        if {normalised(known) for known in (*column.headings(), *column.near)} & set(words):
            return column.heading, True
    by_word = {
        normalised(known): column.heading for column in kind.columns for known in (*column.headings(), *column.near)
    }
    for word in words:
        if (near := nearest(word, by_word)) is not None:
            return by_word[near], False
    inside = [known for known in by_word if not known.isascii() and len(known) > 1 and known in words[0]]
    return by_word[max(inside, key=len)] if inside else None, False


def _halves_of(words: Iterable[str]) -> list[str]:
    return [half for word in words for half in halves(word) or ()]
