"""The heading row of a sheet: where it stands, and which column is which.

Titles and blank rows may stand above it, a heading may be merged over several rows, and it answers in Chinese, in
English, in both at once, in any case and width, with a unit in brackets behind it: `单价 Price（元）` is the price.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from itertools import chain, count

from xlbill.cells import Place
from xlbill.problems import Fact, Problems
from xlbill.sheets.columns import SheetKind
from xlbill.sheets.values import as_text, narrow, visible
from xlbill.sheets.workbook import SheetCells

SEARCHED_ROWS = 30
NOTE_MARKS = ("#", "//", "备注", "说明", "注释", "附注")
"""How a heading starts, or a sheet's name, that says of itself that it is a note."""
_LONGEST_WORD = 200
"""Characters of a text that can be a heading or a word: longer ones cost nothing to look at."""
HINTS = 50
"""So many strangers are answered with the nearest known word: looking for it costs time, and nobody reads more."""
_HALVES = re.compile(
    r"^([^A-Za-z]*[\u4e00-\u9fff][^A-Za-z]*?)[ \n/|]*([A-Za-z][A-Za-z0-9_ .%-]*)(?=[(\[【*:]|$)", re.DOTALL
)
_UNIT = re.compile(r"(?<=\S)\s*[(\[【].*[)\]】]$", re.DOTALL)
_ASCII_WORDS = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:[ \n_-]+[A-Za-z0-9_]+)*$")


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of a table: the key by which the code knows it, and the heading as it stands there."""

    key: str
    text: str
    column: int
    declared: bool


@dataclass(frozen=True, slots=True)
class HeadingRow:
    """The row of the headings, and the last row that belongs to it (merged headings reach over several)."""

    number: int
    last: int
    headings: tuple[Heading, ...]


def normalised(heading: str) -> str:
    """A heading as it is compared: without case, width, blanks, line breaks, a closing unit in brackets, `*` or `:`.

    >>> normalised("单价 Price（元/次）\\n")
    '单价price'
    """
    return _compared(heading[:_LONGEST_WORD])


@lru_cache(4_096)  # the same words stand above the columns of every sheet, and in every row
def _compared(heading: str) -> str:
    text = _UNIT.sub("", narrow(visible(heading))).rstrip("*: ")
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def halves(heading: str) -> tuple[str, str] | None:
    """The Chinese and the English half of a heading that says both: `目标语言数 times`."""
    match = _HALVES.match(narrow(visible(heading))) if len(heading) <= _LONGEST_WORD else None
    return (match[1].strip(), match[2].strip()) if match else None


def undeclared_key(heading: str) -> str:
    """The key of a column that is finance's own: its English words where it has some, else all of it.

    >>> undeclared_key("手续费 Service fee（元）"), undeclared_key("备注")
    ('service_fee', '备注')
    """
    text = _UNIT.sub("", narrow(visible(heading[:_LONGEST_WORD]))).rstrip("*: ")
    words = _ASCII_WORDS.search(text)
    return "_".join(re.split(r"[ \n-]+", words[0].lower())) if words else normalised(heading)


def nearest(word: str, candidates: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """The candidate that somebody may have meant, ignoring case; None where none is near."""
    if len(word) > _LONGEST_WORD:
        return None
    by_folded = {candidate.casefold(): candidate for candidate in candidates}
    close = get_close_matches(word.casefold(), by_folded, n=1, cutoff=cutoff)
    return by_folded[close[0]] if close else None


class Hints:
    """The nearest of some known words, for the first dozens of strangers: ten thousand of them, held against ten
    thousand customers, would take an hour.
    """

    def __init__(self, known: Collection[str]) -> None:
        self._known = known
        self._near: dict[str, str | None] = {}

    def __contains__(self, word: str) -> bool:
        return word in self._known

    def near(self, word: str) -> str | None:
        """The known word that may have been meant; None where none is near, or too many were asked for."""
        if word not in self._near:
            if len(self._near) >= HINTS:
                return None
            self._near[word] = nearest(word, self._known)
        return self._near[word]


def find_headings(sheet: SheetCells, kind: SheetKind, found: Problems) -> HeadingRow | None:
    """The heading row: among the first rows the one with most of the declared headings."""
    number, present, texts = best_row(sheet, kind)
    if not present:
        expected = ", ".join(str(column.heading) for column in kind.columns if column.required)
        found.add("headings-missing", sheet.place, sheet=kind.title, headings=expected)
        return None
    headings = _headings(texts, _keys(kind), sheet.place.at(number), found)
    if not _complete(headings, kind, sheet.place.at(number), found):
        return None
    last = max((bottom for top, _, bottom, _ in sheet.merged if top <= number <= bottom), default=number)
    return HeadingRow(number, min(last, number + SEARCHED_ROWS), headings)


def best_row(sheet: SheetCells, kind: SheetKind) -> tuple[int, frozenset[str], dict[int, str]]:
    """Of the first rows the one with most of a kind's headings: its number, the keys of those, its texts by column."""
    keys = _keys(kind)
    rows = _texts(sheet)
    merits = {
        number: frozenset(key for text in texts.values() if (key := declared_key(text, keys)) is not None)
        for number, texts in rows.items()
    }
    number = max(merits, key=lambda n: (len(merits[n]), -n))
    return number, merits[number], rows[number]


@cache
def _keys_of(headings: tuple[tuple[str, ...], ...], names: tuple[str, ...]) -> dict[str, str]:
    columns = reversed(tuple(zip(names, headings, strict=True)))
    return {normalised(heading): key for key, known in columns for heading in known}


def _keys(kind: SheetKind) -> dict[str, str]:
    """The declared columns of a kind by their headings as they are compared."""
    return _keys_of(tuple(c.headings() for c in kind.columns), tuple(c.key for c in kind.columns))


def _texts(sheet: SheetCells) -> dict[int, dict[int, str]]:
    """The texts of the first rows by column; a cell merged downwards stands in each of its rows."""
    texts: dict[int, dict[int, str]] = {number: {} for number in range(1, SEARCHED_ROWS + 1)}
    for (row, column), cell in sheet.cells.items():
        if row <= SEARCHED_ROWS and isinstance(cell.value, str):
            texts[row][column] = visible(cell.value)
    for top, left, bottom, _ in sheet.merged:
        text = as_text(sheet.cell(top, left).value) if bottom - top < SEARCHED_ROWS else None
        for number in range(top + 1, min(bottom, SEARCHED_ROWS) + 1) if isinstance(text, str) and text else ():
            texts[number].setdefault(left, str(text))
    return texts


def _headings(texts: Mapping[int, str], keys: Mapping[str, str], place: Place, found: Problems) -> tuple[Heading, ...]:
    headings: dict[str, Heading] = {}
    for column, text in sorted(texts.items()):
        declared = declared_key(text, keys)
        key = declared or own_key(text, keys.values(), headings)
        if key in headings:
            first = place.at(place.row, headings[key].column).cell or ""
            found.add("heading-twice", place.at(place.row, column), found=text, first=first)
        else:
            headings[key] = Heading(key, text, column, declared is not None)
    return tuple(headings.values())


def own_key(text: str, declared: Collection[str], taken: Collection[str]) -> str:
    """The key of a column that is not declared, which never is that of one that is: `旧价 price` is not the price.

    A note's key is its whole heading, so that no model takes it for an input; of two alike the second is numbered.
    """
    key = undeclared_key(text)
    if not is_note(text):
        return visible(text)[:_LONGEST_WORD] if key in declared else key
    whole = visible(text)[:_LONGEST_WORD]
    return next(name for name in chain([whole], (f"{whole} {n}" for n in count(2))) if name not in taken)


def is_note(text: str) -> bool:
    """Whether a heading says of itself that it is a note."""
    return narrow(visible(text)).startswith(NOTE_MARKS)


def declared_key(text: str, keys: Mapping[str, str]) -> str | None:
    """The declared column that a heading names, as a whole or with both of its halves alike.

    A text that is longer than any heading is none, and is not looked at.
    """
    if len(text) > _LONGEST_WORD:
        return None
    if (key := keys.get(normalised(text))) is not None:
        return key
    named = {keys.get(normalised(half)) for half in halves(text) or ()}
    return named.pop() if len(named) == 1 else None


def _complete(headings: Iterable[Heading], kind: SheetKind, place: Place, found: Problems) -> bool:
    """Whether all required columns are there; each that is not is a problem."""
    present = {heading.key for heading in headings}
    strangers = [heading.text for heading in headings if not heading.declared]
    missing = [column for column in kind.columns if column.required and column.key not in present]
    for column in missing:
        near = next((n for h in column.headings() if (n := nearest(h, strangers))), None)
        facts: dict[str, Fact] = {"found": near} if near else {}
        found.add("column-missing", place, None, column=column.heading, sheet=kind.title, **facts)
    return not missing
