"""Amounts in words, read back from an invoice: which cell they spell, and what they should say.

The writer guards the words with the figure that they spell (see `view.in_words`):

    IF(ROUND(I28,2)=4299,"人民币肆仟贰佰玖拾玖元整","金额已变更，请重新生成")
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher

from xlbill.audit.live import Live
from xlbill.cells import Address
from xlbill.formula import Binary, Call, Expr, Num, Ref, Text, as_decimal, is_number, walk
from xlbill.invoice.words import amount_in_words
from xlbill.language import Language
from xlbill.money import SYMBOLS, Currency, round_half_up
from xlbill.problems import Problem, problem

_CHINESE = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Spelled:
    """The words for the amount in another cell, rounded to some decimals."""

    amount: Ref
    decimals: int
    figure: Decimal
    words: str


def spelled_in(formula: Expr) -> Iterator[Spelled]:
    """The amounts in words of a formula."""
    for node in walk(formula):
        match node:
            case Call(
                "IF",
                (Binary("=", Call("ROUND", (Ref() as amount, Num(decimals))), Num(figure)), Text(words), Text()),
            ):
                yield Spelled(amount, int(decimals), figure, words)


def total_of(live: Live) -> Address | None:
    """The cell of the amount that a workbook spells in words first."""
    return next((live.key(s.amount, key[0]) for key, expr in live.formulas.items() for s in spelled_in(expr)), None)


def words_problems(live: Live) -> Iterator[Problem]:
    """The words that do not spell the amount which they belong to, be it the words or the amount that was changed."""
    for key, formula in live.formulas.items():
        for spelled in spelled_in(formula):
            amount = live.exact.get(live.key(spelled.amount, key[0]))
            if not is_number(amount):
                continue  # an error value, which is told at its own cell
            rounded = round_half_up(as_decimal(amount), spelled.decimals)
            right = _right_words(spelled, rounded)
            if (spelled.figure, spelled.words) != (rounded, right):
                yield problem("verify-words-differ", live.cells[key].place, found=str(live.exact[key]), words=right)


def _right_words(spelled: Spelled, amount: Decimal) -> str:
    """An amount in the words of the currency and the language in which it was spelled."""
    language: Language = "zh" if _CHINESE.search(spelled.words) else "en"
    currencies = [*SYMBOLS, *re.findall(r"[A-Z]{3}", spelled.words)]
    candidates = [amount_in_words(amount, Currency(code, spelled.decimals), language) for code in currencies]
    return max(candidates, key=lambda words: SequenceMatcher(None, words, spelled.words, autojunk=False).ratio())
