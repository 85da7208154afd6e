"""The two languages that every sheet, invoice and message exists in."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from xlbill.made_again import MadeAgain

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Label(MadeAgain):
    """A name or phrase in both languages: `Label("套餐", "Plans")`.

    Where a workbook gives only one of the two, the other falls back to it.
    """

    zh: str
    en: str

    def text(self, language: Language) -> str:
        """The phrase in one language, falling back to the other where that one is blank."""
        return (self.zh or self.en) if language == "zh" else (self.en or self.zh)

    def __str__(self) -> str:
        return " ".join(part for part in dict.fromkeys((self.zh, self.en)) if part)


def colon(language: Language) -> str:
    """What stands between a name and what is said of it: full width in Chinese."""
    return "：" if language == "zh" else ": "


def bracketed(text: str, language: Language) -> str:
    """A remark behind a name: ` (CNY)`, in Chinese `（CNY）`."""
    return f"（{text}）" if language == "zh" else f" ({text})"


def counted(count: int | str, nouns: str) -> str:
    """How many there are, in English; Chinese has one form for all numbers.

    >>> counted(1, "bill|bills"), counted(1204, "bill|bills"), counted(0, "row differs|rows differ")
    ('1 bill', '1,204 bills', '0 rows differ')
    """
    one, _, several = nouns.partition("|")
    shown = f"{count:,}" if isinstance(count, int) else count
    return f"{shown} {one if shown == '1' else several}"


class Counting(str):
    """A figure in an English phrase that brings its noun along: `{count:day|days}` is "1 day" or "3 days"."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return counted(str(self), spec) if "|" in spec else super().__format__(spec)


@lru_cache(maxsize=65_536)
def folded(words: tuple[str, ...]) -> frozenset[str]:
    """Words as they are compared, whatever their case; the words of a price book are folded once for all customers."""
    return frozenset(word.casefold() for word in words if word)
