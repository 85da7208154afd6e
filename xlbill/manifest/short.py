"""The short form of cells and traces: ten thousand invoices say the same words, and their days stand in rows.

Cells of a column that follow each other are one list under the first of them; a text that several cells hold stands
once, in a table of the whole manifest, and is called by its number (`~12`). A trace is a line for each run of cells:

    C8:C37 usage 5 - 2026-04-01 3!C4

thirty days of a meter (the fifth of the manifest's labels, on no line of the bill), read from C4 and the cells below
it on the third of the manifest's sources.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Generic, TypeAlias, TypeVar

from xlbill.cells import NOWHERE, Address, Place, a1, corners, position
from xlbill.language import Label
from xlbill.manifest.record import CellsOf, FileRecord
from xlbill.workbook.layout import UNNAMED, Traced

T = TypeVar("T")
Runs: TypeAlias = dict[str, str | list[str]]
ShortCells: TypeAlias = dict[str, Runs]
Source: TypeAlias = tuple[str | None, str | None]
"""A file and a sheet of it."""

TraceRun: TypeAlias = tuple[str, Label | None, str, Source | None, str]
"""Cells and name, what they belong to, line and day, where they were read, and the first cell there."""

_SHORTEST = 6  # characters of a text that is worth a number
_DAY, _SMALLEST = timedelta(days=1), timedelta(microseconds=1)


@dataclass(slots=True)
class Numbered(Generic[T]):
    """Things that are said once and called by their number afterwards."""

    entries: list[T] = field(default_factory=list)
    numbers: dict[T, int] = field(default_factory=dict)

    def number(self, entry: T) -> int:
        """The number of a thing, a new one for what was not said before."""
        if entry not in self.numbers:
            self.numbers[entry] = len(self.entries)
            self.entries.append(entry)
        return self.numbers[entry]


@dataclass(frozen=True, slots=True)
class ShortRecord:
    """A file's record in the short form, as the process that made the file hands it on: nothing is numbered yet.

    `head` is the record without cells and trace; `texts` are those that may be worth a number, as often as they come.
    """

    head: FileRecord
    cells: ShortCells
    texts: Mapping[str, int]
    trace: Mapping[str, Sequence[TraceRun]]


def in_short(record: FileRecord) -> ShortRecord:
    """A record in the short form."""
    texts = Counter(text for sheet in record.cells.values() for text in sheet.values() if len(text) >= _SHORTEST)
    head = replace(record, cells={}, trace=())
    return ShortRecord(head, {s: _columns(c) for s, c in record.cells.items()}, dict(texts), _trace_runs(record.trace))


# --- cells ---------------------------------------------------------------------------------------------------------


def repeated(records: Iterable[ShortRecord]) -> dict[str, int]:
    """The texts and formulas that several cells hold, numbered in the order in which they come."""
    counts: Counter[str] = Counter()
    for record in records:
        counts.update(record.texts)
    return {text: number for number, text in enumerate(text for text, count in counts.items() if count > 1)}


def numbered_cells(cells: ShortCells, numbers: Mapping[str, int]) -> ShortCells:
    """The cells with the numbers of their texts."""
    return {
        sheet: {
            first: _numbered(run, numbers) if isinstance(run, str) else [_numbered(text, numbers) for text in run]
            for first, run in runs.items()
        }
        for sheet, runs in cells.items()
    }


def _numbered(text: str, numbers: Mapping[str, int]) -> str:
    return f"~{numbers[text]}" if text in numbers else text


def _columns(cells: Mapping[str, str]) -> Runs:
    texts = tuple(cells.values())
    return {
        first: [texts[number] for number in run] if len(run) > 1 else texts[run[0]]
        for first, run in _runs_down(tuple(cells))
    }


@lru_cache(1_024)
def _runs_down(addresses: tuple[str, ...]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Cells that follow each other in a column: the first of each run, and the numbers of all among those given.

    Bills of one shape fill the same cells.
    """
    places = sorted((at[1], at[0], n) for n, text in enumerate(addresses) if (at := position(text)) is not None)
    runs = []
    for _, members in groupby(enumerate(places), key=lambda item: (item[1][0], item[1][1] - item[0])):
        run = [place for _, place in members]
        runs.append((a1(run[0][1], run[0][0]), tuple(number for _, _, number in run)))
    return tuple(runs)


def long_cells(short: Mapping[str, Mapping[str, str | Sequence[str]]], texts: Sequence[str]) -> CellsOf:
    """The cells of the short form, in the order of their rows; raises ValueError, LookupError for what is none."""
    return {sheet: _cells(runs, texts) for sheet, runs in short.items()}


def _cells(runs: Mapping[str, str | Sequence[str]], texts: Sequence[str]) -> dict[str, str]:
    found: dict[tuple[int, int], str] = {}
    for address, run in runs.items():
        if (first := position(address)) is None:
            raise ValueError(f"not the address of a cell: {address}")
        for below, text in enumerate([run] if isinstance(run, str) else run):
            if not isinstance(text, str):
                raise ValueError(f"not a text: {text!r}")
            found[first[0] + below, first[1]] = texts[int(text[1:])] if text.startswith("~") else text
    return {a1(*at): text for at, text in sorted(found.items())}


# --- traces --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tables:
    """What the traces of a manifest call by number: labels, and sheets that figures were read from."""

    labels: Numbered[Label] = field(default_factory=Numbered)
    sources: Numbered[Source] = field(default_factory=Numbered)


def short_trace(trace: Mapping[str, Sequence[TraceRun]], tables: Tables) -> dict[str, list[str]]:
    """The trace of a workbook, sheet by sheet, a line for each run of cells."""
    return {sheet: [_line(run, tables) for run in runs] for sheet, runs in trace.items()}


def _trace_runs(trace: Sequence[Traced]) -> dict[str, list[TraceRun]]:
    """The runs of cells of a trace, sheet by sheet."""
    runs: dict[str, list[TraceRun]] = {}
    for first, last, step in _runs([trace[number] for number in _down_columns(tuple([t.cell for t in trace]))]):
        runs.setdefault(first.cell.sheet, []).append(_run(first, last, step))
    return runs


@lru_cache(1_024)
def _down_columns(cells: tuple[Address, ...]) -> tuple[int, ...]:
    """The numbers of some cells, in the order of sheets, their columns, and rows."""

    def place(number: int) -> tuple[str, int, int]:
        return cells[number].sheet, cells[number].column, cells[number].row

    return tuple(sorted(range(len(cells)), key=place))


def _runs(trace: Iterable[Traced]) -> Iterator[tuple[Traced, Traced, timedelta]]:
    """First and last of the entries that follow each other downwards, in days and in their source as well, and by how
    much they go on.
    """
    first = last = None
    step = _DAY
    for traced in trace:
        if first is not None and last is not None:
            step = _step(last.day, traced.day) if first is last else step
            if _goes_on(last, traced, step):
                last = traced
                continue
            yield first, last, step
        first = last = traced
    if first is not None and last is not None:
        yield first, last, step


def _step(day: date | None, following: date | None) -> timedelta:
    """How far a run goes each time: a day, or from one moment to the next."""
    return following - day if isinstance(day, datetime) and isinstance(following, datetime) else _DAY


def _next(traced: Traced, step: timedelta) -> Traced:
    """The entry that follows one within a run: a cell and a day (or a moment) further, and so in the source."""
    return replace(traced, cell=_under(traced.cell), day=_further(traced.day, step), source=_below(traced.source))


def _under(cell: Address) -> Address:
    return Address(cell.sheet, cell.row + 1, cell.column)


def _below(source: Place) -> Place:
    return source.at(source.row + 1, source.column) if source.row is not None else source


def _goes_on(last: Traced, traced: Traced, step: timedelta) -> bool:
    """Whether an entry is the next one within a run: what `_next` makes of the last, found out without making it."""
    return (
        traced.name == last.name
        and traced.cell == (last.cell.sheet, last.cell.row + 1, last.cell.column)
        and traced.line == last.line
        and (traced.about is last.about or traced.about == last.about)
        and traced.day == _further(last.day, step)
        and _is_below(traced.source, last.source)
    )


def _is_below(source: Place, last: Place) -> bool:
    return (
        source.row == (last.row + 1 if last.row is not None else None)
        and source.column == last.column
        and source.sheet == last.sheet
        and source.file == last.file
    )


def _further(day: date | None, step: timedelta) -> date | None:
    try:
        return None if day is None else day + step
    except OverflowError:  # the last day of all
        return day


def _day_text(day: date | None, step: timedelta) -> str | None:
    """A day, or a moment with the microseconds until the next one of its run."""
    return f"{day.isoformat()}+{step // _SMALLEST}" if isinstance(day, datetime) else str(day) if day else None


def _day_of(text: str) -> tuple[date | None, timedelta]:
    if text == "-":
        return None, _DAY
    day, timed, step = text.partition("+")
    return (datetime.fromisoformat(day), int(step) * _SMALLEST) if timed else (date.fromisoformat(day), _DAY)


def _run(first: Traced, last: Traced, step: timedelta) -> TraceRun:
    source = first.source
    return (
        f"{first.cell.to(last.cell, first.cell.sheet)} {first.name}",
        first.about if first.about != UNNAMED else None,
        f"{first.line if first.line is not None else '-'} {_day_text(first.day, step) or '-'}",
        (source.file, source.sheet) if source != NOWHERE else None,
        source.cell or "",
    )


def _line(run: TraceRun, tables: Tables) -> str:
    cells, about, line, source, cell = run
    read = "-" if source is None else f"{tables.sources.number(source)}!{cell}"
    label = "-" if about is None else tables.labels.number(about)
    return f"{cells} {label} {line} {read}"


def long_trace(
    short: Mapping[str, Sequence[str]], labels: Sequence[Label], sources: Sequence[Source]
) -> tuple[Traced, ...]:
    """The trace of the short form; raises ValueError, LookupError for what is none."""
    lines = ((sheet, line) for sheet, lines in short.items() for line in lines)
    return tuple(sorted((t for sheet, line in lines for t in _entries(sheet, line, labels, sources)), key=_by_cell))


def _entries(sheet: str, line: str, labels: Sequence[Label], sources: Sequence[Source]) -> Iterator[Traced]:
    cells, name, label, number, day, source = line.split(" ")
    if (area := corners(cells)) is None:
        raise ValueError(f"no cells: {cells}")
    top, left, bottom, _ = area
    first_day, step = _day_of(day)
    traced = Traced(
        Address(sheet, top, left),
        name,
        UNNAMED if label == "-" else labels[int(label)],
        None if number == "-" else int(number),
        first_day,
        NOWHERE if source == "-" else _place(source, sources),
    )
    for _ in range(top, min(bottom, top + 1_000_000) + 1):
        yield traced
        traced = _next(traced, step)


def _place(text: str, sources: Sequence[Source]) -> Place:
    number, _, cell = text.partition("!")
    where = position(cell)
    row, column = where if where is not None else (int(cell) if cell.isdecimal() else None, None)
    return Place(*sources[int(number)], row, column)


def _by_cell(traced: Traced) -> Address:
    return traced.cell
