"""Totals: what all lines come to, what of it was prepaid, what came back, and what is due, so that they add up.

total = gross; due = total - prepaid, where nothing came back (credit.py). Taxes are those of taxing.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from xlbill.book.objects import PriceBook, RefundUse
from xlbill.formula import Unary
from xlbill.rating.credit import Refunds, Settled, comes_back, settled
from xlbill.rating.figures import Figure, computed, given, total
from xlbill.rating.taxing import TaxedLines


@dataclass(frozen=True, slots=True)
class Totals:
    """What the lines of a bill come to."""

    prepaid: Figure
    settled: Settled
    total: Figure


def totals_of(taxed: TaxedLines, books: Sequence[PriceBook], opening: Figure | None) -> Totals:
    """What lines come to; `opening` is the credit that the bill opens with."""
    whole = total("total", tuple(tax.gross for tax in taxed.taxes))
    prepaid = taxed.gross("prepaid", lambda line: line.pay == "prepaid" and not comes_back(line))
    refunds = Refunds(*(_refunded(use, books, taxed) for use in ("reduce", "carry")))
    paid = prepaid if prepaid is not None else given("prepaid", 0)
    return Totals(paid, settled(whole, paid, refunds, opening), whole)


def _refunded(use: RefundUse, books: Sequence[PriceBook], taxed: TaxedLines) -> Figure | None:
    """What comes back of prepaid money under the books that use it in one way: above zero; None where nothing does."""
    editions = {book.edition.code for book in books if book.refunds == use}
    back = taxed.gross("refunded", lambda line: comes_back(line) and line.edition in editions)
    if back is None or back.formula is None:
        return None
    return computed("refunded", Unary("-", back.formula), back.inputs)
