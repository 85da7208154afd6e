"""The words of usage sheets: apps, meters, dimensions and units as people write them."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

from xlbill.sheets import Misfit, as_code, nearest
from xlbill.sheets.cell import Raw, as_shown
from xlbill.sheets.headings import halves
from xlbill.sheets.values import narrow, visible
from xlbill.usage.objects import MeterKind

_UNKNOWN = {
    "meter": "usage-unknown-meter",
    "dimension": "usage-unknown-dimension",
    "unit": "usage-unknown-unit",
    "no unit": "usage-without-unit",
}
_HINTS = 50
_HEADINGS_REMEMBERED = 10_000
_SEPARATORS = re.compile(r"[:/|·._\-\s>]+")
_UNIT = re.compile(r"^(?P<text>.*?\S)\s*[(\[【](?P<unit>[^()\[\]【】]*)[)\]】]\s*$", re.DOTALL)
_MULTIPLE = re.compile(r"[百千万亿]|\b(?:k|thousands?|millions?|billions?)\b")
_LARGER = r"[十百千万亿]+(?:人次|人|次|分钟|秒|小时|条|张|个|字符|字|帧)?|毫秒|秒|分钟|小时"
_LARGER_ENGLISH = r"thousands?|millions?|billions?|milliseconds?|seconds?|minutes?|hours?"
_STATED_UNITS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:单位|\bunits?)\s*[:=]\s*(?P<unit>[^\s,;()]{1,8})(?![^\s,;()])",
        rf"单位[\s是为均皆]*(?P<unit>{_LARGER})(?![^\s,;()。])",
        rf"以\s*(?P<unit>{_LARGER})\s*(?:计|为单位)",
        rf"\b(?:in|units?|units? (?:of|is|are))\s+(?P<unit>{_LARGER_ENGLISH})\b",
        rf"[(\[【]\s*(?P<unit>{_LARGER}|{_LARGER_ENGLISH})\s*[)\]】]",
    )
)
"""Ways to say a unit in a sentence: after a colon any word; else those that would change an amount."""
_LONGEST_TITLE = 500
_TITLE_WORDS = re.compile(r"[\s:,;、，；()\[\]【】《》|/\\]+")
_LABELLED_APP = re.compile(r"^(?:应用|应用id|app|app ?id|app ?key)\s*[:=]\s*(?P<app>\S+)$", re.IGNORECASE)
_MONTH_AROUND = re.compile(r"^(?:\d{4}[-年]?\d{1,2}月?)[-_]+|[-_]+(?:\d{4}[-年]?\d{1,2}月?)$")
_EXACT_DIGITS = 15


def folded(word: str) -> str:
    """A word as it is compared: without case, width and blanks around."""
    return narrow(visible(word)).casefold()


@dataclass(frozen=True, slots=True)
class MeterColumn:
    """What a heading of a wide sheet says that its column holds; '' where it gives no unit."""

    meter: MeterKind
    dimension: str | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word that is not known: what it should have been, the nearest that is, or some that are."""

    kind: Literal["meter", "dimension", "unit", "no unit"]
    word: str
    known: tuple[str, ...]

    @property
    def code(self) -> str:
        """The code of its problem."""
        return _UNKNOWN[self.kind]

    @property
    def near(self) -> str | None:
        """The known word that may have been meant."""
        return nearest(self.word, self.known)

    @property
    def hint(self) -> str:
        """The nearest known word, or the known ones."""
        return self.near or ", ".join(self.known[:12]) or "—"


class Meters:
    """The meters of the price books by everything that they are called."""

    def __init__(self, meters: Mapping[str, MeterKind]) -> None:
        self._by_word = {folded(word): kind for kind in meters.values() for word in (*kind.names, kind.code)}
        self._headings: dict[str, MeterColumn | UnknownWord] = {}
        self._words = tuple(dict.fromkeys(word for kind in meters.values() for word in (kind.code, *kind.names)))

    @cached_property
    def values(self) -> frozenset[str]:
        """Every word that a cell may hold for a meter, a dimension or a unit, as it is compared."""
        kinds = self._by_word.values()
        words = {word for kind in kinds for word in (*kind.dimensions, *kind.dimensions.values(), *kind.units)}
        return frozenset(folded(word) for word in words) | frozenset(self._by_word)

    def heading(self, text: str) -> MeterColumn | UnknownWord:
        """The column of a heading: `dau`, `message:audio`, `消息 音频（条）`."""
        if len(text) > _LONGEST_TITLE:
            return UnknownWord("meter", text[:_LONGEST_TITLE], ())
        if text not in self._headings:
            if len(self._headings) >= _HEADINGS_REMEMBERED:
                self._headings.clear()
            self._headings[text] = self._heading(text)
        return self._headings[text]

    def _heading(self, text: str) -> MeterColumn | UnknownWord:
        bare, unit_word = split_unit(text)
        named = self._named(bare)
        if named is None and unit_word is not None:
            named, unit_word = self._named(f"{bare}:{unit_word}") or self._named(text), None
        if named is None:
            return self._unknown_heading(bare)
        meter, dimension = named
        if unit_word is None:
            return MeterColumn(meter, dimension, "")
        unit = unit_of(meter, unit_word)
        return unit if isinstance(unit, UnknownWord) else MeterColumn(meter, dimension, unit)

    def _named(self, text: str) -> tuple[MeterKind, str | None] | None:
        """A meter, or a meter and one of its dimensions with something between them."""
        if (meter := self._by_word.get(folded(text))) is not None:
            return meter, None
        for match in _SEPARATORS.finditer(folded(text)):
            meter = self._by_word.get(folded(text)[: match.start()])
            word = folded(text)[match.end() :]
            if meter is not None and (dimension := _dimensions(meter).get(word)) is not None:
                return meter, dimension
        return None

    def _unknown_heading(self, text: str) -> UnknownWord:
        head, _, tail = narrow(text).partition(":")
        meter = self._by_word.get(folded(head))
        if meter is not None and tail:
            return UnknownWord("dimension", tail, tuple(meter.dimensions))
        return UnknownWord("meter", text, self._words)


def dimension_of(meter: MeterKind, word: str) -> str | UnknownWord | None:
    """The dimension's code; None where the meter has none and none is written."""
    if not word and not meter.dimensions:
        return None
    code = _dimensions(meter).get(folded(word))
    return code if code is not None else UnknownWord("dimension", word, tuple(meter.dimensions))


def unit_of(meter: MeterKind, word: str) -> str | UnknownWord | None:
    """The unit of a figure, the same word however it is written; None where the meter counts in no unit.

    A figure without a unit is in the only one, or in the one that the price book says; else nobody can know.
    """
    if not meter.units:
        return UnknownWord("unit", word, ()) if _MULTIPLE.search(folded(word)) else None
    known = tuple(sorted(meter.units))
    if not word:
        if meter.source_units and meter.default_unit is None:
            return UnknownWord("no unit", word, known)
        return meter.canonical_unit(source=meter.default_unit == "source")
    units = {folded(unit).removesuffix("s"): unit in meter.source_units for unit in known}
    words = (word, *(halves(word) or ()))  # 分钟 minute: both are known
    named = [units.get(folded(part).removesuffix("s")) for part in words]
    halves_agree = len(named) == 3 and named[1] == named[2]
    source = named[1] if named[0] is None and halves_agree else named[0]
    return UnknownWord("unit", word, known) if source is None else meter.canonical_unit(source=source)


def stated_unit(texts: Iterable[str]) -> str:
    """The unit that titles or remarks give for a whole sheet: 单位：万人, DAU（万人）, in thousands; '' where none.

    单位 is an organisation, too: what is longer than a unit is none.
    """
    plain = [narrow(visible(text[:_LONGEST_TITLE])) for text in texts]
    matches = (pattern.search(text) for pattern in _STATED_UNITS for text in plain)
    return next((match["unit"] for match in matches if match is not None), "")


def _dimensions(meter: MeterKind) -> dict[str, str]:
    codes = {folded(code): code for code in meter.dimensions.values()}
    return codes | {folded(word): code for word, code in meter.dimensions.items()}


def split_unit(heading: str) -> tuple[str, str | None]:
    """A heading and the unit in brackets behind it."""
    match = _UNIT.match(narrow(visible(heading)))
    return (match["text"], match["unit"].strip()) if match else (visible(heading), None)


@dataclass(frozen=True, slots=True)
class UnknownApp:
    """An app that the accounts do not have; `likely` are those of which Excel may have damaged the code."""

    shown: str
    likely: tuple[str, ...] = ()
    nearest: str = ""


class Apps:
    """The apps of the accounts, as usage sheets name them."""

    def __init__(self, apps: Collection[str]) -> None:
        self._codes = tuple(apps)
        self._by_word = {folded(app): app for app in apps}
        self._by_digits: dict[str, list[str]] = {}
        for app in apps:
            self._by_digits.setdefault(app.lstrip("0"), []).append(app)
        self._hints_left = _HINTS

    def app(self, raw: Raw) -> str | UnknownApp:
        """The app of a cell. A code that Excel took for a number is never repaired, but told with the likely one."""
        code = as_code(raw)
        if isinstance(code, str) and (app := self._by_word.get(folded(code))) is not None:
            return app
        shown = code if isinstance(code, str) else as_shown(raw)
        likely = self._damaged(raw, code)
        return UnknownApp(shown, likely, "" if likely else self._nearest(shown))

    def _nearest(self, word: str) -> str:
        """The app that may have been meant. Looking costs time: it ends after some dozens of strangers."""
        self._hints_left -= 1
        near = nearest(word, self._codes) if self._hints_left >= 0 else None
        return near or ", ".join(self._codes[:5]) or "—"

    def named_in(self, texts: Iterable[str]) -> frozenset[str]:
        """The apps that titles, the sheet's or the file's name mention."""
        words = (word for text in texts for word in _words_of_title(text))
        return frozenset(app for word in words if (app := self._by_word.get(word)) is not None)

    def labelled_in(self, texts: Iterable[str]) -> str | None:
        """What a title calls an app, whether there is one or not: `应用：shop-1`."""
        return next(
            (m["app"] for text in texts if (m := _LABELLED_APP.match(narrow(visible(text[:_LONGEST_TITLE]))))), None
        )

    def _damaged(self, raw: Raw, code: str | Misfit) -> tuple[str, ...]:
        """Codes that a number may have been: with leading zeros again, or with the digits that 1.23457E+15 has left."""
        if code is Misfit.DAMAGED_CODE:
            return tuple(app for app in self._codes if app.isdecimal() and _shortened(app, raw))
        return tuple(self._by_digits.get(code, ())) if isinstance(code, str) and code.isdecimal() else ()


def _shortened(app: str, raw: Raw) -> bool:
    """Whether a number is what Excel made of a long code, in the cell or in a csv file."""
    if isinstance(raw, Decimal):
        return float(app) == float(raw) or (len(app) > _EXACT_DIGITS and Decimal(_first_digits(app)) == raw)
    if not isinstance(raw, str):
        return False
    mantissa = visible(raw).lower().partition("e")[0]
    decimals = len(mantissa.partition(".")[2])
    return f"{float(app):.{decimals}e}" == f"{float(visible(raw)):.{decimals}e}"


def _first_digits(app: str) -> str:
    return app[:_EXACT_DIGITS] + "0" * (len(app) - _EXACT_DIGITS)


def _words_of_title(text: str) -> Iterator[str]:
    whole = folded(text[:_LONGEST_TITLE])
    for word in (whole, *_TITLE_WORDS.split(whole)):
        bare = _MONTH_AROUND.sub("", word)
        yield from (word, bare, *bare.split("_"))
