"""How a figure comes about: step by step from its formula down to days of usage and rows of the price list.

    账单!I22 金额 · 日活 = ROUND(份数 × 单价, 2) = ROUND(1 × 1,000, 2) = 1,000.00
      账单!G22 份数 · 日活 = ROUNDUP(计费用量 ÷ 计费单位, 0) = ROUNDUP(5,000 ÷ 10,000, 0) = 1

The steps follow the formulas of the file itself, computed afresh; cells are called what their sheet calls them, so that
any template's invoice can be explained, and a price book as well.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from xlbill.audit.captions import Caption, SheetCaptions
from xlbill.audit.live import Live
from xlbill.audit.spelled import total_of
from xlbill.audit.trace import Trace, name_of, trace_of
from xlbill.cells import NOWHERE, Address, Place, read_address
from xlbill.formula import (
    Binary,
    Call,
    Expr,
    Num,
    Range,
    Ref,
    Unary,
    Value,
    as_decimal,
    is_number,
    walk,
)
from xlbill.language import Language
from xlbill.manifest import FileRecord
from xlbill.problems import Problem, problem
from xlbill.sheets import nearest
from xlbill.workbook.layout import Traced

MAX_DEPTH = 24
ZERO = Decimal(0)
FEW = 4  # so many cells of a range are explained one by one
_TOTAL = re.compile(r"总额|总计|合计|\btotal\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Step:
    """One figure: its cell and what that is called, its formula (none for an input), and the steps that it takes.

    `decimals` is to how many its formula rounds. `told` says that its own steps stand further up already. `source` is
    the cell of the price book, the accounts or the usage sheet that an input was read from, where the trace knows it.
    """

    key: Address
    caption: Caption
    value: Value
    formula: Expr | None = None
    decimals: int = 0
    parts: tuple["Part", ...] = ()
    told: bool = False
    source: Place | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Many figures of a range at once; of those that are computed, the largest as an example."""

    node: Range
    steps: tuple[Step, ...]
    example: Step | None = None


Part: TypeAlias = Step | Block


@dataclass(frozen=True, slots=True)
class Explained:
    """What was asked for, and, where that was the whole invoice, its lines."""

    steps: tuple[Step, ...]
    lines: tuple[Step, ...] = ()


def explain(
    live: Live, wanted: str | None = None, record: FileRecord | None = None, language: Language = "zh"
) -> Explained | Problem:
    """The total with the lines that it adds up, or one cell, or the lines with a number or a part of a title.

    With the file's record in the manifest its trace says what the figures are and where they were read; without one
    the headings of the sheets do, as far as they go.
    """
    explainer = _Explainer(live, trace_of(live, record), language)
    total = _total(live, explainer)
    lines = explainer.lines(total) if total is not None else ()
    if wanted is None:
        if total is None:
            return problem("explain-no-figures", Place(live.workbook.file))
        return Explained((explainer.step(total, frozenset(lines)),), tuple(map(explainer.brief, lines)))
    keys = _named(live, explainer, wanted, total, lines)
    if keys:
        return Explained(tuple(explainer.step(key) for key in keys))
    if (meant := _address(live, wanted, total)) is not None:
        place = Place(live.workbook.file, *meant)
        sheets = ", ".join(sheet.name for sheet in live.workbook.sheets)
        known = any(sheet.name == meant.sheet for sheet in live.workbook.sheets)
        return problem("explain-empty", place) if known else problem("explain-no-sheet", place, sheets=sheets)
    titles = [explainer.caption(key).title for key in lines]
    known_titles = nearest(wanted, titles) or ", ".join(titles[:12])
    example = str(total or "B5")
    return problem("explain-nothing", Place(live.workbook.file), wanted=wanted, known=known_titles, example=example)


def _total(live: Live, explainer: "_Explainer") -> Address | None:
    """The total of an invoice: by its name, else what its words spell, else the last formula that is called so."""
    labelled = (key for key in sorted(live.formulas, reverse=True) if _TOTAL.search(explainer.caption(key).text("zh")))
    return live.target("bill.total") or explainer.trace.total() or total_of(live) or next(labelled, None)


def _named(
    live: Live, explainer: "_Explainer", wanted: str, total: Address | None, lines: Sequence[Address]
) -> list[Address]:
    """The cells that somebody means."""
    meant = _address(live, wanted, total)
    if meant is not None and meant in live.cells:
        return [meant]
    if wanted.strip().isdecimal():
        return [lines[int(wanted) - 1]] if 1 <= int(wanted) <= len(lines) else []
    word = wanted.strip().casefold()
    return [key for key in lines if any(word in text.casefold() for text in explainer.row_texts(key))]


def _address(live: Live, wanted: str, total: Address | None) -> Address | None:
    """The cell of an address: `I22` is on the sheet of the total; None where the words are none."""
    found = read_address(wanted, total.sheet if total else live.workbook.sheets[0].name)
    return live.key(Ref(found.sheet, found.column, found.row), found.sheet) if found is not None else None


class _Explainer:
    """Makes the steps of one workbook's figures, each figure's own steps once."""

    def __init__(self, live: Live, trace: Trace, language: Language) -> None:
        self.live, self.trace, self.language = live, trace, language
        self.sheets = {sheet.name: SheetCaptions(sheet) for sheet in live.workbook.sheets}
        self.told: set[Address] = set()
        self._roundings: dict[Address, int] = {}

    def caption(self, key: Address) -> Caption:
        formula = self.live.formulas.get(key)
        shown = self.live.key(formula, key.sheet) if isinstance(formula, Ref) else key
        if (traced := self.trace.entries.get(key) or self.trace.entries.get(shown)) is not None:
            return _caption(traced, self.language)
        sheet, row, column = key
        return self.sheets[sheet].caption(row, column) if sheet in self.sheets else Caption("", "")

    def row_texts(self, key: Address) -> tuple[str, ...]:
        """The words by which a line may be called: those of its row, and its title in both languages."""
        if (traced := self.trace.entries.get(key)) is not None:
            return (traced.about.zh, traced.about.en, *self.sheets[key[0]].texts(key[1]))
        return self.sheets[key[0]].texts(key[1])

    def brief(self, key: Address) -> Step:
        """A figure without the steps that it takes."""
        formula = self.live.formulas.get(key)
        traced = self.trace.entries.get(key) if formula is None else None
        source = traced.source if traced is not None and traced.source != NOWHERE else None
        return Step(key, self.caption(key), self.live.exact.get(key), formula, self.decimals(key), source=source)

    def step(self, key: Address, ends: frozenset[Address] = frozenset(), depth: int = 0) -> Step:
        """A figure and the steps that it takes, down to inputs, and to some ends that are explained elsewhere."""
        brief = self.brief(key)
        if brief.formula is None or key in ends:
            return replace(brief, formula=None)
        if key in self.told or depth == MAX_DEPTH:
            return replace(brief, told=True)
        self.told.add(key)
        taken = self.live.taken(key)
        parts = tuple(part for node, keys in taken.items() for part in self.parts(node, keys, ends, depth + 1))
        return replace(brief, parts=parts)

    def parts(self, node: Ref | Range, keys: Sequence[Address], ends: frozenset[Address], depth: int) -> Iterator[Part]:
        """The steps behind a reference: each cell, or a block where there are many."""
        filled = [key for key in keys if key in self.live.cells]
        if isinstance(node, Ref) or len(filled) <= FEW:
            yield from (self.step(key, ends, depth) for key in filled)
            return
        steps = tuple(map(self.brief, filled))
        open_ends = [s for s in steps if s.formula is not None and s.key not in ends and is_number(s.value)]
        largest = max(open_ends, key=lambda s: as_decimal(s.value) if is_number(s.value) else ZERO, default=None)
        yield Block(node, steps, self.step(largest.key, ends, depth) if largest is not None else None)

    def decimals(self, key: Address) -> int:
        """To how many decimals a figure is rounded: by its own ROUND, else as the figures that it adds up."""
        return self._rounding(key, 0)

    def _rounding(self, key: Address, depth: int) -> int:
        if key not in self._roundings:  # once: what adds up two others of which each adds up two ...
            self._roundings[key] = 0
            self._roundings[key] = self._rounded_to(key, depth)
        return self._roundings[key]

    def _rounded_to(self, key: Address, depth: int) -> int:
        match self.live.formulas.get(key):
            case Call("ROUND", (_, Num(decimals))) | Unary("-", Call("ROUND", (_, Num(decimals)))):
                return max(int(decimals), 0)
            case formula if formula is not None and depth < MAX_DEPTH and adds_up(formula):
                firsts = (cells[0] for cells in self.live.taken(key).values() if cells)
                return max((self._rounding(cell, depth + 1) for cell in firsts), default=0)
        return 0

    def lines(self, total: Address) -> tuple[Address, ...]:
        """The lines of an invoice: those of its trace, else the amounts that the total adds up.

        Of these the ones in the column in which most of them stand: a tax may be added to them.
        """
        if known := self.trace.lines():
            return known
        found: dict[Address, None] = {}
        seen: set[Address] = set()
        waiting = [total]
        while waiting:
            key = waiting.pop()
            if key in seen or key not in self.live.cells:
                continue
            seen.add(key)
            formula = self.live.formulas.get(key)
            if formula is not None and adds_up(formula):
                waiting += [cell for cells in self.live.taken(key).values() for cell in cells]
            else:
                found.setdefault(key)
        rows: dict[tuple[str, int], list[int]] = {}
        for sheet, row, column in found:
            rows.setdefault((sheet, column), []).append(row)
        # not the column of a tax which is added to them: it has fewer cells, or of as many it stands below
        most = max(rows, key=lambda column: (len(rows[column]), -min(rows[column])), default=None)
        return tuple(sorted(key for key in found if (key[0], key[2]) == most and self.caption(key).title))


def _caption(traced: Traced, language: Language) -> Caption:
    """What a figure of the trace is called: a day of usage by its meter and its date, others by name and line."""
    name = name_of(traced)
    if traced.day is not None:
        return Caption(traced.about.text(language), _day_text(traced.day))
    return Caption(name.text(language), traced.about.text(language))


def _day_text(day: date) -> str:
    """A day, or a moment to the second: records of one second are told apart by less."""
    return day.isoformat(" ", "seconds") if isinstance(day, datetime) else day.isoformat()


def adds_up(formula: Expr) -> bool:
    """Whether a formula only takes over, adds and subtracts other cells."""
    return all(
        isinstance(node, (Ref, Range))
        or (isinstance(node, Binary) and node.operator in "+-")
        or (isinstance(node, Unary) and node.operator in "+-")
        or (isinstance(node, Call) and node.function in ("SUM", "SUBTOTAL"))
        or (isinstance(node, Num) and node.value in (0, 9, 109))
        for node in walk(formula)
    )
