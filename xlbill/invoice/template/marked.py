"""What stands in a template's cell: text with marks, a formula with marks, or a plain value.

应用 {{ group.app }}                  text; where the app is blank, all of it is blank
{{ line.period }} · {{ line.remark }} a blank mark takes the text before it along
=SUM({{ line.amount }})               a formula over the cells of all lines in its place (typed as text: '=SUM(...)
{{ with pack }}Balances of packs      the row stands only where there are packs
{{ without line }}No charges          the row stands only where there are no lines
{{ sheet not printed }}               its sheet stays in the workbook, and out of PDF files
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TypeAlias

from xlbill.book.models import formula_code
from xlbill.cells import Place
from xlbill.formula import Expr, Fault, Name, parse, walk
from xlbill.invoice.template.marks import BY_KEY, Mark, Shows, mark_named
from xlbill.invoice.template.scopes import SCOPES
from xlbill.language import LANGUAGES, Language
from xlbill.problems import Problems
from xlbill.sheets import nearest
from xlbill.sheets.headings import HINTS

LONGEST_MARK = 200
_MARK = re.compile(rf"(?<!\{{)\{{\{{([^{{}}]{{0,{LONGEST_MARK}}})\}}\}}(?!\}})")  # no braces inside: no way back
LOOKS = ("peak", "quota")
WORDS = ("draft", "several apps", "continued")
"""What a row can be tied to besides marks and what repeats."""
NOT_PRINTED = "sheet not printed"
_BRACES = re.compile(r"\{\{|\}\}")


@dataclass(frozen=True, slots=True)
class Slot:
    """A mark in its place, perhaps bound to one language."""

    mark: Mark
    language: Language | None = None


@dataclass(frozen=True)
class Marked:
    """Text with marks in it, and what its row is tied to."""

    parts: tuple[str | Slot, ...]
    conditions: tuple[str, ...] = ()
    look: str | None = None
    not_printed: bool = False  # it keeps its sheet out of print

    @cached_property
    def marks(self) -> tuple[Slot, ...]:
        """The marks among its parts."""
        return tuple(part for part in self.parts if isinstance(part, Slot))

    @cached_property
    def only(self) -> Slot | None:
        """The mark, where it is all that the cell holds."""
        return self.parts[0] if len(self.parts) == 1 and isinstance(self.parts[0], Slot) else None


@dataclass(frozen=True, slots=True)
class MarkedFormula:
    """A formula of the template; its names are marks, its references are cells of the template."""

    expr: Expr
    slots: Mapping[str, Slot]


TemplateContent: TypeAlias = Marked | MarkedFormula | Decimal | bool | None


def slots_of(content: TemplateContent) -> tuple[Slot, ...]:
    """The marks of a cell."""
    if isinstance(content, Marked):
        return content.marks
    return tuple(content.slots.values()) if isinstance(content, MarkedFormula) else ()


def marks_tied(content: TemplateContent) -> tuple[Mark, ...]:
    """The marks to which a cell ties its row."""
    words = content.conditions if isinstance(content, Marked) else ()
    marks = (mark_named(word.removeprefix("without ")) for word in words)
    return tuple(mark for mark in marks if mark is not None)


def read_text(text: str, place: Place, found: Problems) -> Marked:
    """A cell's text with its marks; what is no mark is a problem, and stays out."""
    parts: list[str | Slot] = []
    conditions: list[str] = []
    look = None
    not_printed = False
    end = 0
    for match in _MARK.finditer(text):
        parts.append(text[end : match.start()])
        end = match.end()
        words = match[1].split()
        if words[:1] in (["with"], ["without"]):
            conditions += _condition(words[0], " ".join(words[1:]), place, found)
        elif " ".join(words) == NOT_PRINTED:
            not_printed = True
        elif words[:1] == ["look"] and words[1:2] and words[1] in LOOKS:
            look = words[1]
        elif (slot := _slot(match[1].strip(), place, found)) is not None:
            parts.append(slot)
    parts.append(text[end:])
    if any(_BRACES.search(part) for part in parts if isinstance(part, str)):
        found.add("template-mark-broken", place, found=_around_braces(text))
    return Marked(tuple(part for part in parts if part), tuple(conditions), look, not_printed)


def _around_braces(text: str) -> str:
    """A text, or where it is long the part in which its first braces stand that are no mark."""
    if len(text) <= LONGEST_MARK:
        return text
    at = next((match.start() for match in _BRACES.finditer(_MARK.sub(lambda m: " " * len(m[0]), text))), 0)
    return f"… {text[at : at + 40]} …"


def read_formula(text: str, place: Place, found: Problems) -> MarkedFormula | None:
    """A formula with marks; None, and a problem, where it is outside of the language that xlbill computes."""
    slots: dict[str, Slot] = {}

    def name(match: re.Match[str]) -> str:
        slot = _slot(match[1].strip(), place, found)
        if slot is None:
            return "0"
        key = f"{slot.mark.key}.{slot.language}" if slot.language else slot.mark.key
        if SCOPES[slot.mark.scope].repeats != "columns":
            slots[key] = slot
        return key

    expr = parse(_MARK.sub(name, text))
    if isinstance(expr, Fault):
        found.add(formula_code(expr), place, found=expr.found, hint=expr.hint or "")
        return None
    unknown = [node.name for node in walk(expr) if isinstance(node, Name) and node.name not in slots]
    if unknown:
        near = _near(unknown[0], BY_KEY, found) or "bill.total"
        found.add("template-formula-name", place, found=unknown[0], nearest="{{ " + near + " }}")
        return None
    return MarkedFormula(expr, slots)


def _slot(key: str, place: Place, found: Problems) -> Slot | None:
    bare, _, ending = key.rpartition(".")
    language = next((lang for lang in LANGUAGES if lang == ending and bare), None)
    mark = mark_named(bare if language else key)
    if mark is None:
        found.add("template-mark-unknown", place, found=key, nearest=_near(key, BY_KEY, found) or "—")
        return None
    return Slot(mark, language)


def _condition(tie: str, word: str, place: Place, found: Problems) -> tuple[str, ...]:
    """What a row is tied to (a word, a scope that repeats, or a mark) or to the lack of: `pack`, `without pack`."""
    known = [*WORDS, *(name for name, scope in SCOPES.items() if scope.repeats == "rows"), *BY_KEY]
    if word in known or mark_named(word) is not None:
        return (word if tie == "with" else f"without {word}",)
    near = _near(word, known, found) or "…"
    found.add("template-mark-unknown", place, found=f"{tie} {word}", nearest=f"{tie} {near}")
    return ()


def _near(word: str, known: Iterable[str], found: Problems) -> str | None:
    """The known mark or word that was meant, for the first dozens of slips: looking for it costs more than reading."""
    return nearest(word, known) if len(found) < HINTS else None


def is_drawing(content: TemplateContent) -> bool:
    """Whether a cell is filled by a chart."""
    return any(slot.mark.kind is Shows.CHART for slot in slots_of(content))
