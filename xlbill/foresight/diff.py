"""Two documents compared by what they mean: what is new, what is gone, and what changed, from what to what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from xlbill.book import data
from xlbill.book.data_grid import SheetGrid
from xlbill.foresight.meaning import Compared, Fact, Meaning, Said, meaning_of
from xlbill.language import Label
from xlbill.money import plain, round_half_up

Kind = Literal["added", "removed", "changed"]
_OF_THE_CASE = frozenset({"month", "total", "source"})
"""What a line of a worked bill says of the whole."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: what it is about, for which plans, under which column, and both sides.

    `words` are changes of names and remarks, from which nothing is computed.
    """

    kind: Kind
    sheet: str
    name: str
    of: tuple[str, ...]
    key: str
    heading: Label
    old: Fact
    new: Fact
    words: bool

    @property
    def percent(self) -> Decimal | None:
        """By how much a figure rose, in percent with two decimals; None where there is no such figure."""
        both = isinstance(self.old, Decimal) and isinstance(self.new, Decimal)
        return risen(self.old, self.new) if both else None  # type: ignore[arg-type]

    @property
    def about(self) -> str:
        """What the change is about, with the plans for which it holds."""
        plans = ", ".join(plan for plan in self.of if plan)
        return f"{self.name} [{plans}]" if plans else self.name


@dataclass(frozen=True, slots=True)
class Difference:
    """All changes from one document to another, in the order of the sheets."""

    old: str
    new: str
    form: data.Form
    changes: tuple[Change, ...]

    @property
    def computed(self) -> tuple[Change, ...]:
        """The changes from which bills may follow."""
        return tuple(change for change in self.changes if not change.words)

    @property
    def words(self) -> tuple[Change, ...]:
        """The changes of names and remarks."""
        return tuple(change for change in self.changes if change.words)


LaidOut: TypeAlias = tuple[data.Document, SheetGrid]
"""A document, and its cells."""


def difference(old: LaidOut, new: LaidOut) -> Difference:
    """What changed from one document to another of the same form."""
    before, after = meaning_of(*old), meaning_of(*new)
    changes = sorted(_changes(before, after), key=lambda change: _order(new[0], change))
    return Difference(old[0].file, new[0].file, new[0].form, tuple(_together(changes)))


def _changes(before: Meaning, after: Meaning) -> Iterator[Change]:
    """Every single difference: things that are on one side alone, with their prices, and what is said otherwise."""
    cases = {thing.name for thing in before if thing.sheet == "examples"} & {
        thing.name for thing in after if thing.sheet == "examples"
    }
    for thing in dict.fromkeys((*before, *after)):
        old, new = before.get(thing), after.get(thing)
        if old is not None and new is not None:
            yield from _differing(thing, old, new)
            continue
        one = new if old is None else old
        assert one is not None
        if thing.sheet != "examples" or thing.name in cases or "total" in one:  # of a whole case its total is enough
            yield from _alone("added" if old is None else "removed", thing, one)


def _alone(kind: Kind, thing: Compared, said: Mapping[str, Said]) -> Iterator[Change]:
    """A thing that is new or gone, with each of its prices; without any, once."""
    for one in [s for s in said.values() if not s.words and _telling(s)] or [Said("", Label("", ""), None, False)]:
        old, new = (None, one.content) if kind == "added" else (one.content, None)
        yield Change(kind, thing.sheet, thing.name, (thing.of,), one.key, one.heading, old, new, False)


def _telling(said: Said) -> bool:
    """Whether a figure tells what a thing is about at a glance."""
    return said.key in ("price", "coefficient", "value", "quota", "total", "amount", "discount") or "." in said.key


def _differing(thing: Compared, old: Mapping[str, Said], new: Mapping[str, Said]) -> Iterator[Change]:
    for key in dict.fromkeys((*old, *new)):
        left, right = old.get(key), new.get(key)
        one = right or left
        assert one is not None
        before, after = left.content if left else None, right.content if right else None
        if before != after:
            of = "" if thing.sheet == "examples" and key in _OF_THE_CASE else thing.of
            yield Change("changed", thing.sheet, thing.name, (of,), key, one.heading, before, after, one.words)


def _together(changes: list[Change]) -> Iterator[Change]:
    """Changes that are alike for several plans of a thing, as one."""
    waiting: dict[tuple[object, ...], Change] = {}
    for change in changes:
        alike = (change.kind, change.sheet, change.name, change.key, change.old, change.new, change.words)
        known = waiting.get(alike)
        of = (*known.of, *change.of) if known is not None else change.of
        waiting[alike] = Change(
            change.kind, change.sheet, change.name, of, change.key, change.heading, change.old, change.new, change.words
        )
    yield from waiting.values()


def _order(document: data.Document, change: Change) -> int:
    keys = [kind.key for kind in document.form.sheets]
    return keys.index(change.sheet)


def risen(old: Decimal, new: Decimal) -> Decimal | None:
    """By how much a figure rose, in percent with two decimals; None where it was nothing before.

    >>> risen(Decimal(1299), Decimal(1403))
    Decimal('8.01')
    """
    return round_half_up((new - old) / abs(old) * 100, 2) if old else None


def shown(fact: Fact) -> str:
    """One side of a change as people read it: figures with separators."""
    if isinstance(fact, Decimal):
        return f"{Decimal(plain(fact)):,f}"
    return data.spelled(fact)


def signed(percent: Decimal | None) -> str:
    """A rise in percent: +8 %, -2.5 %."""
    return "" if percent is None else f"{'+' if percent > 0 else ''}{plain(percent)} %"
