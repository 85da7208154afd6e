"""Problems found in somebody's sheets: values that carry their place, in words that live beside the code.

A problem is a code, a place and the facts of the case. Its severity and its wording, in both languages, stand in
`messages/*.toml`, one table per code, which also feed `docs/problems/`:

    [tier-gap]
    severity = "error"
    stops = "book"
    en = { message = "{item} has no price from {start} to {end}", expected = "...", mend = "...", about = "..." }
    zh = { ... }

Every `{name}` is a fact. `found` is a fact that is shown on its own line. `stops` says what an error stops: the
`bill` of its customer, the `book` or the `file` in which it stands, the whole `run`, `nothing`; `subject` where the
same code may stand in any sheet: the bill of whom it is about, else the book, else the file. `silent` names where
nobody is told and nothing stopped (`check`: sheets may still come in; `worked-bills` need no usage; in an
`empty-month` nobody has any). `follows = true` marks what goes when its cause is mended. A `remark` is what the bill
tells its customer; all other words are for those who make the bill.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from itertools import groupby
from string import Formatter
from typing import Any, Literal

from xlbill.cells import NOWHERE, Place, column_letters, in_one_line
from xlbill.language import Counting, Label, Language

Severity = Literal["error", "warning"]
Stop = Literal["bill", "book", "file", "run", "nothing"]
Where = Literal["check", "worked-bills", "empty-month"]
Fact = str | int | Label
_CHINESE = re.compile(r"[⺀-鿿，。、；：？！（）“”《》]")
_TABLE = re.compile(r"^\[.*?(?=^\[|\Z)", re.MULTILINE | re.DOTALL)
_LONGEST = 1_000
NOTHING = "—"
"""A fact where there is none: no name is near, no option is on offer. A line that would show it is left out."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The neighbourhood of a cell as its owner sees it: headings by column, then rows of shown values."""

    columns: tuple[int, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a problem is about: a customer, one of its apps, a price book. What is blank is not known, or not meant."""

    customer: str = ""
    app: str = ""
    book: str = ""

    def within(self, outer: "Subject") -> "Subject":
        """The same subject, what it leaves blank taken from a wider one."""
        return Subject(self.customer or outer.customer, self.app or outer.app, self.book or outer.book)


NOBODY = Subject()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in somebody's sheet: where, what was found, what was expected, how to mend it."""

    code: str
    place: Place
    facts: tuple[tuple[str, Fact], ...] = ()
    excerpt: Excerpt | None = None
    about: Subject = field(default=NOBODY, compare=False)  # two customers may meet the same problem
    detail: str = field(default="", compare=False)  # of an error of ours: what its maintainer needs

    @property
    def severity(self) -> Severity:
        """error: something is left out until it is mended; warning: look at it."""
        severity: Severity = _entry(self.code)["severity"]
        return severity

    @property
    def stops(self) -> Stop:
        """What is left out until it is mended."""
        declared: Stop | Literal["subject"] = _entry(self.code)["stops"]
        if declared != "subject":
            return declared
        return "bill" if self.about.customer or self.about.app else "book" if self.about.book else "file"

    @property
    def follows(self) -> bool:
        """Whether it only follows from other problems, and goes with them."""
        return bool(_entry(self.code).get("follows", False))

    @property
    def remark(self) -> Label | None:
        """What the bill tells its customer of it; None where it is no business of theirs."""
        zh, en = self._phrase("remark", "zh"), self._phrase("remark", "en")
        return Label(zh, en) if zh and en else None

    def silent(self, where: Where) -> bool:
        """Whether nobody is told of it there."""
        return where in _entry(self.code).get("silent", ())

    def message(self, language: Language) -> str:
        """What is wrong, in one sentence."""
        return self._phrase("message", language) or self.code

    def expected(self, language: Language) -> str | None:
        """What would have been right, where the message alone does not say it; None where nothing is near."""
        phrase = _entry(self.code)[language].get("expected", "")
        named = {name for _, name, _, _ in Formatter().parse(phrase)}
        if any(name in named and fact in ("", NOTHING) for name, fact in self.facts):
            return None
        return self._phrase("expected", language)

    def mend(self, language: Language) -> str | None:
        """What its owner does to make it right."""
        return self._phrase("mend", language)

    def found(self, language: Language) -> str | None:
        """What stands there now."""
        found = dict(self.facts).get("found")
        return _text(found, language) if found is not None and found != NOTHING else None

    def _phrase(self, part: str, language: Language) -> str | None:
        phrase = _entry(self.code)[language].get(part)
        facts = {name: _text(fact, language) for name, fact in self.facts}
        return _filled(phrase, facts, language) if phrase else None


def _filled(phrase: str, facts: Mapping[str, str], language: Language) -> str:
    """A phrase with its facts. Chinese has no blanks between its own signs: those around a Chinese fact are left out.

    >>> [_filled("没有 {meter} 的用量", {"meter": meter}, "zh") for meter in ("峰值日活", "dau")]
    ['没有峰值日活的用量', '没有 dau 的用量']
    """
    if language == "en":
        return phrase.format(**{name: Counting(fact) for name, fact in facts.items()})
    text, after_fact = "", False
    for literal, name, _, _ in Formatter().parse(phrase):
        if after_fact and literal[:1] == " " and _CHINESE.match(text[-1:]) and _CHINESE.match(literal[1:2]):
            literal = literal[1:]
        text += literal
        fact = facts[name] if name else ""
        if text[-1:] == " " and _CHINESE.match(text[-2:-1]) and _CHINESE.match(fact):
            text = text[:-1]
        text, after_fact = text + fact, bool(name)
    return text


def problem(code: str, place: Place = NOWHERE, excerpt: Excerpt | None = None, **facts: Fact) -> Problem:
    """A problem with its facts by name: `problem("tier-gap", place, item="dau", start="1,000", end="1,200")`."""
    return Problem(code, place, tuple(facts.items()), excerpt)


class Problems:
    """Collects the problems of some work, and stamps each with whom the work is about.

    >>> found = Problems()
    >>> found.about(customer="C001").about(app="c001-app").add("unknown-item", found="im.por", nearest="im.pro")
    >>> [problem.about.app for problem in found]
    ['c001-app']
    """

    __slots__ = ("_found", "subject", "where")

    def __init__(self, problems: Iterable[Problem] = (), subject: Subject = NOBODY, where: Where | None = None) -> None:
        self._found: list[Problem] = []
        self.subject = subject
        self.where = where  # what is silent there is not collected
        if problems:
            self += problems

    def about(self, *, customer: str = "", app: str = "", book: str = "") -> "Problems":
        """A collector into the same heap, for work about somebody nearer."""
        nearer = Problems((), Subject(customer, app, book).within(self.subject), self.where)
        nearer._found = self._found
        return nearer

    def apart(self) -> "Problems":
        """An empty collector about the same: for work of which one wants to know whether it found anything."""
        return Problems((), self.subject, self.where)

    def add(self, code: str, place: Place = NOWHERE, excerpt: Excerpt | None = None, **facts: Fact) -> None:
        """One problem more, with its facts by name."""
        self.tell(Problem(code, place, tuple(facts.items()), excerpt, self.subject))

    def tell(self, *problems: Problem) -> None:
        """Problems that were made elsewhere; what they leave open of whom they are about is filled in."""
        self += problems

    def __iadd__(self, problems: Iterable[Problem]) -> "Problems":
        for each in problems:
            if self.where is None or not each.silent(self.where):
                about = each.about.within(self.subject)
                self._found.append(each if about == each.about else replace(each, about=about))
        return self

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    @property
    def errors(self) -> bool:
        """Whether anything that was found stops something."""
        return any(problem.stops != "nothing" for problem in self._found)

    def own(self, owners: Mapping[str, Iterable[str]]) -> None:
        """Say of each problem that is about an app whose it is, where that is one customer."""
        self._found[:] = [_owned(problem, owners) for problem in self._found]

    def stopped(self, owners: Mapping[str, Iterable[str]]) -> frozenset[str]:
        """The customers whose bill something stops: those it is about, and the owners of the apps that it is about.

        >>> found = Problems()
        >>> found.about(app="c001-app").add("usage-negative", subject="dau", found="-5")
        >>> sorted(found.stopped({"c001-app": ["C001"]}))
        ['C001']
        """
        about = [problem.about for problem in self._found if problem.stops == "bill"]
        named = {subject.customer for subject in about}
        return frozenset(named.union(*(owners.get(subject.app, ()) for subject in about)) - {""})


def _owned(problem: Problem, owners: Mapping[str, Iterable[str]]) -> Problem:
    whose = [] if problem.about.customer else list(owners.get(problem.about.app, ()))
    return replace(problem, about=replace(problem.about, customer=whose[0])) if len(whose) == 1 else problem


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether anything among the problems is an error: it stops something, or a worked bill fails."""
    return any(p.severity == "error" for p in problems)


def catalog() -> dict[str, dict[str, Any]]:
    """Every problem code with its severity and wording, from all the message files."""
    return {code: _entry(code) for code in _tables()}


@cache
def _entry(code: str) -> dict[str, Any]:
    entry: dict[str, Any] = tomllib.loads(_tables()[code])[code]
    return entry


@cache
def _tables() -> dict[str, str]:
    """The table of each code as it stands in its file: a run tells a few of hundreds, and parses these alone."""
    tables: dict[str, str] = {}
    for file in sorted(files("xlbill").joinpath("messages").iterdir(), key=lambda file: file.name):
        for table in _TABLE.findall(file.read_text(encoding="utf-8")):
            code = table[1 : table.index("]")]
            assert code not in tables, f"{code} stands in two message files"
            tables[code] = table
    return tables


def sort_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """By file, sheet and cell, the same problem told once; what only follows from others comes after all causes."""
    unique = dict.fromkeys(problems)
    return tuple(sorted(unique, key=lambda p: (p.follows, p.place.sort_key(), p.code, str(p.facts))))


def render(problems: Iterable[Problem], language: Language) -> str:
    """All problems as text for a terminal or a log, repeats in one column folded ("and 41 more in C9:C49").

    What only follows from one cause is one problem, however many it reaches ("and 39 more: app2, app3 ...").
    """
    ordered = sort_problems(problems)
    causes = [p for p in ordered if not p.follows]
    shown = [list(group) for _, group in groupby(causes, key=lambda p: _fold_key(p, language))]
    following: dict[object, list[Problem]] = {}
    for one in ordered:
        if one.follows:
            following.setdefault((one.code, one.place.file, one.found(language), one.mend(language)), []).append(one)
    return "\n\n".join(render_one(first, language, more) for first, *more in (*shown, *following.values()))


def render_one(problem: Problem, language: Language, more: Iterable[Problem] = ()) -> str:
    """One problem as rustc shows its own: headline, place, the sheet's neighbouring cells, found, expected, mend."""
    words = _WORDS[language]
    lines = [f"{words[problem.severity]}[{problem.code}]: {_bounded(problem.message(language))}"]
    if str(problem.place):
        lines.append(f" --> {problem.place}")
    if problem.excerpt:
        lines += _excerpt_lines(problem.excerpt)
    if rest := list(more):
        lines.append("     " + _more(rest, language))
    for part in ("found", "expected", "mend"):
        if text := getattr(problem, part)(language):
            lines.append(f"  {words[part]}{_bounded(text)}")
    return "\n".join(lines)


def _bounded(text: str) -> str:
    """What a person reads of a text; a cell may hold 32,767 characters, and a file name as many words."""
    return in_one_line(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")


_WORDS = {
    "en": {
        "error": "error",
        "warning": "warning",
        "more": "and {count} more in {cells}",
        "others": "and {count} more: {names}",
        "found": "found     ",
        "expected": "expected  ",
        "mend": "mend      ",
    },
    "zh": {
        "error": "错误",
        "warning": "警告",
        "more": "{cells} 中还有 {count} 处",
        "others": "另有 {count} 个：{names}",
        "found": "当前值  ",
        "expected": "要求    ",
        "mend": "处理    ",
    },
}


_NAMED = 5  # of those that only follow


def _more(rest: Sequence[Problem], language: Language) -> str:
    """How many more there are: the cells of the same slip, the names of those that wait for the same cause."""
    words = _WORDS[language]
    if not rest[0].follows:
        cells = f"{rest[0].place.cell}:{rest[-1].place.cell}" if len(rest) > 1 else rest[0].place.cell
        return words["more"].format(count=len(rest), cells=cells)
    facts = [dict(p.facts) for p in rest]
    names = [str(f.get("app") or f.get("customer") or p.place.cell) for f, p in zip(facts, rest, strict=True)]
    shown = ", ".join(names[:_NAMED]) + (" ..." if len(names) > _NAMED else "")
    return words["others"].format(count=len(rest), names=shown)


def _fold_key(problem: Problem, language: Language) -> tuple[object, ...]:
    place = problem.place
    told = (problem.code, problem.message(language), problem.mend(language))
    return (*told, place.file, place.sheet, place.column) if place.cell else (*told, place.sort_key())


def _excerpt_lines(excerpt: Excerpt) -> list[str]:
    headings = [f"{column_letters(c)}: {h}" for c, h in zip(excerpt.columns, excerpt.headings, strict=True)]
    widths = [max(_width(h), *(_width(v[i]) for _, v in excerpt.rows)) for i, h in enumerate(headings)]
    lines = ["     | " + " | ".join(_pad(h, w) for h, w in zip(headings, widths, strict=True)).rstrip()]
    for number, values in excerpt.rows:
        lines.append(f"{number:>4} | " + " | ".join(_pad(v, w) for v, w in zip(values, widths, strict=True)).rstrip())
    return lines


def _width(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _text(fact: Fact, language: Language) -> str:
    return fact.text(language) if isinstance(fact, Label) else str(fact)
