"""Which lines an invoice prints: a price row can say that its line only gives figures to others, or stands there when
it was reached; the book can leave out all tiers that were not.

What is not printed costs nothing, so that the lines which are printed add up. Figures that others take from it stand on
the invoice's price sheet.
"""

from collections.abc import Sequence
from dataclasses import replace

from xlbill.book.objects import Charge, PriceBook
from xlbill.money import plain
from xlbill.problems import Problems
from xlbill.rating.bill import Line

_USED = ("billable", "units")


def with_print(lines: Sequence[Line], tiers: Sequence[Charge], book: PriceBook, found: Problems) -> list[Line]:
    """The lines of an item's tiers, each knowing whether it is printed; of tiers that were not reached the first is."""
    chosen = [_is_printed(line, tier, len(tiers) > 1, book) for line, tier in zip(lines, tiers, strict=True)]
    if not any(chosen) and lines and len(tiers) > 1 and tiers[0].printed is None:
        chosen[0] = True
    for line, tier, printed in zip(lines, tiers, chosen, strict=True):
        if not printed and line.amount.number:
            facts = {"app": line.app, "item": line.item, "found": plain(line.amount.number)}
            found.add("unprinted-amount", tier.place, None, **facts)
    return [line if printed else replace(line, printed=False) for line, printed in zip(lines, chosen, strict=True)]


def _is_printed(line: Line, tier: Charge, tiered: bool, book: PriceBook) -> bool:
    how = tier.printed or ("reached" if tiered and not book.prints_unreached else "yes")
    return how == "yes" or (how == "reached" and _is_reached(line))


def _is_reached(line: Line) -> bool:
    """Whether anything of a line's usage lies in it, or it costs something.

    A model that counts no units of its own (a flat fee for each stair) is of the one tier in which the usage ends.
    """
    counted = [line.number(name) for name in _USED if name in line.figures]
    return bool(line.amount.number) or (any(counted) if counted else _ends_in(line))


def _ends_in(line: Line) -> bool:
    quantity, low, high = (line.number(name) for name in ("quantity", "from", "to"))
    if not quantity or (low is not None and quantity <= low):
        return False
    return high is None or quantity <= high
