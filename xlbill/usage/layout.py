"""How a usage sheet is laid out: where its headings stand, and whether it is long or wide."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from xlbill.cells import Place
from xlbill.sheets.headings import SEARCHED_ROWS, declared_key, normalised
from xlbill.sheets.strangers import is_note
from xlbill.sheets.stream import Values
from xlbill.sheets.tables import is_total
from xlbill.sheets.values import visible
from xlbill.sheets.workbook import Range
from xlbill.usage.columns import DAY_OR_HOUR, KEY_OF_HEADING, REMARKS
from xlbill.usage.words import MeterColumn, Meters, UnknownWord

Top = Mapping[int, Values]
"""The first rows of a sheet, by number."""
Headings = tuple[tuple[int, str], ...]
"""The texts of a row with their columns."""
_REMEMBERED_TEXT = 4_000  # characters of headings that are kept


@dataclass(frozen=True, slots=True)
class UsageLayout:
    """The columns of a usage sheet, 0-based: declared ones by key, meters' ones, and those that nobody knows."""

    place: Place
    heading_row: int
    last_heading_row: int
    texts: Mapping[int, str]
    columns: Mapping[str, int]
    meters: Mapping[int, MeterColumn] = field(default_factory=dict)
    strangers: Mapping[int, UnknownWord] = field(default_factory=dict)
    twice: Sequence[int] = ()
    unused: Sequence[int] = ()  # declared columns that a wide sheet has no use for

    @property
    def long(self) -> bool:
        """Whether each row names its meter and has one quantity."""
        return "meter" in self.columns and "quantity" in self.columns

    @property
    def complete(self) -> bool:
        """Whether it is a usage sheet at all."""
        figures = self.long or bool(self.meters) or any(s.kind != "meter" or s.near for s in self.strangers.values())
        return figures and ("date" in self.columns or "month" in self.columns)

    @property
    def known(self) -> int:
        """How many of its columns are known."""
        return len(self.columns) + len(self.meters)


def find_layout(top: Top, merged: Sequence[Range], meters: Meters, place: Place) -> UsageLayout | None:
    """The layout with the most known headings among the first rows; None where none is known."""
    layouts = ((_layout(tuple(texts.items()), meters), at, last) for at, texts, last in _candidates(top, merged))
    known = [(layout, at, last) for layout, at, last in layouts if layout.known]
    if not known:
        return None
    layout, at, last = max(known, key=lambda one: (one[0].complete, one[0].known, -one[1]))
    return replace(layout, place=place.at(at), heading_row=at, last_heading_row=last)


def knows_heading(meters: Meters, text: str) -> bool:
    """Whether a text is a heading of usage sheets; decides on the encoding of a text file."""
    return declared_key(text, KEY_OF_HEADING) is not None or isinstance(meters.heading(text), MeterColumn)


def titles_above(top: Top, layout: UsageLayout) -> list[str]:
    """The texts above the headings."""
    rows = (values for number, values in top.items() if number < layout.heading_row)
    return [visible(value) for values in rows for value in values if isinstance(value, str)]


def _candidates(top: Top, merged: Sequence[Range]) -> Iterable[tuple[int, dict[int, str], int]]:
    """Each of the first rows as headings, alone and with a group above it, and the last row that belongs to it.

    Of rows with the same texts the first is enough: it would be chosen.
    """
    seen: list[dict[int, str]] = []
    for number, values in top.items():
        if number > SEARCHED_ROWS:
            return
        texts = _texts(values)
        if not texts:
            continue
        if texts not in seen:
            seen.append(texts)
            below = (bottom for first, _, bottom, _ in merged if first == number and bottom - first < 5)
            yield number, texts, max(below, default=number)
        grouped = _grouped(number, texts, top, merged)
        if grouped not in seen:
            seen.append(grouped)
            yield number, grouped, number


def _texts(values: Values) -> dict[int, str]:
    seen = ((at, visible(value)) for at, value in enumerate(values) if isinstance(value, str))
    return {at: text for at, text in seen if text}


def _grouped(number: int, texts: dict[int, str], top: Top, merged: Sequence[Range]) -> dict[int, str]:
    """Headings of two storeys: `message` merged over `text` and `audio` is message:text and message:audio."""
    grouped = dict(texts)
    for first, left, bottom, right in merged:
        above = _texts(top.get(first, ())).get(left - 1)
        if above is None or number - first > 5:
            continue
        if first < number <= bottom:
            grouped.setdefault(left - 1, above)
        elif bottom == number - 1 and right > left:
            for column in range(left - 1, min(right, left + 50)):
                if column in texts:
                    grouped[column] = f"{above}:{texts[column]}"
    return grouped


def _layout(headings: Headings, meters: Meters) -> UsageLayout:
    """What a row of headings means, wherever it stands: many files have the same."""
    short = sum(len(text) for _, text in headings) <= _REMEMBERED_TEXT
    return _known_layout(headings, meters) if short else _layout_of(headings, meters)


@lru_cache(256)
def _known_layout(headings: Headings, meters: Meters) -> UsageLayout:
    return _layout_of(headings, meters)


def _layout_of(headings: Headings, meters: Meters) -> UsageLayout:
    texts = dict(headings)
    columns: dict[str, int] = {}
    rest: dict[int, str] = {}
    twice: list[int] = []
    days = sum(declared_key(text, KEY_OF_HEADING) == "date" for text in texts.values())
    for at, text in texts.items():
        key = declared_key(text, KEY_OF_HEADING)
        if key == "date" and normalised(text) in DAY_OR_HOUR and days > 1:
            key = "hour"
        if key is None:
            rest[at] = text
        elif key in columns:
            twice.append(at)
        else:
            columns[key] = at
    declared = UsageLayout(Place(""), 0, 0, texts, columns, twice=twice)
    return declared if declared.long else _wide(declared, texts, rest, meters)


def _wide(declared: UsageLayout, texts: Mapping[int, str], rest: Mapping[int, str], meters: Meters) -> UsageLayout:
    """A column a meter. A declared heading that is a meter's name, too, is the meter where it is not needed."""
    needed = {"app", "date", "hour", "month"}
    columns = {key: at for key, at in declared.columns.items() if key in needed}
    candidates = dict(rest) | {at: texts[at] for key, at in declared.columns.items() if key not in needed}
    found: dict[int, MeterColumn] = {}
    strangers: dict[int, UnknownWord] = {}
    twice = [at for at in declared.twice if at in texts]
    for at, text in sorted(candidates.items()):
        column = meters.heading(text)
        if isinstance(column, MeterColumn):
            if column in found.values():
                twice.append(at)
            found[at] = column
        elif at in rest and not (is_note(text) or is_total(text) or normalised(text) in REMARKS):
            strangers[at] = column
    unused = [at for key, at in declared.columns.items() if key not in needed and at not in found]
    return UsageLayout(
        declared.place,
        declared.heading_row,
        declared.last_heading_row,
        texts,
        columns,
        found,
        strangers,
        tuple(twice),
        tuple(unused),
    )
