"""Totals: what all lines come to, what of it was prepaid, what came back, what is due, and the tax in it.

Tax is computed once per bill and rate, over the sum of the lines (docs/decisions.md, tax): the book's tax model turns
`lines` and `rate` into net, tax and gross. total = gross; due = total - prepaid, where nothing came back (credit.py).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xlbill.book.models import inlined
from xlbill.book.objects import PriceBook, RefundUse
from xlbill.formula import Binary, Call, Expr, Name, Unary, substitute
from xlbill.language import Label
from xlbill.problems import Problems
from xlbill.rating.bill import Line, TaxLine
from xlbill.rating.credit import Refunds, Settled, comes_back, settled
from xlbill.rating.figures import Figure, Source, computed, given, total
from xlbill.rating.results import parameter_figure, results


@dataclass(frozen=True, slots=True)
class Totals:
    """What the lines of a bill come to."""

    taxes: tuple[TaxLine, ...]
    prepaid: Figure
    settled: Settled
    total: Figure


def totals_of(
    lines: Sequence[Line], books: Sequence[PriceBook], opening: Figure | None, found: Problems
) -> Totals | None:
    """What lines come to, those without an edition taxed by the first book; None, and a problem, without a tax.

    `opening` is the credit that the bill opens with.
    """
    groups = _by_tax(lines, books)
    taxes = tuple(tax for book, of_book in groups if (tax := _tax_line(book, of_book, found)) is not None)
    if len(taxes) < len(groups):
        return None
    whole = total("total", tuple(tax.gross for tax in taxes))
    prepaid = _gross("prepaid", groups, taxes, lambda line: line.pay == "prepaid" and not comes_back(line))
    refunds = Refunds(*(_refunded(use, books, groups, taxes) for use in ("reduce", "carry")))
    paid = prepaid if prepaid is not None else given("prepaid", 0)
    return Totals(taxes, paid, settled(whole, paid, refunds, opening), whole)


def _by_tax(lines: Sequence[Line], books: Sequence[PriceBook]) -> list[tuple[PriceBook, list[Line]]]:
    """The lines of each rate and model of tax; one group, perhaps empty, where all books agree."""
    groups: dict[object, tuple[PriceBook, list[Line]]] = {}
    kinds = {}
    for book in books:
        kind = (book.tax_rate.value, book.tax_model.code)
        kinds[book.edition.code] = kind
        groups.setdefault(kind, (book, []))
    first = next(iter(groups))
    for line in lines:
        groups[kinds.get(line.edition, first)][1].append(line)
    return list(groups.values())


def _tax_line(book: PriceBook, lines: Sequence[Line], found: Problems) -> TaxLine | None:
    rate = parameter_figure("rate", book.tax_rate)
    amounts = total("lines", tuple(line.amount for line in lines))
    model = book.tax_model
    taxed = results(model, {"lines": amounts, "rate": rate}, model.place, Label("税额", "the tax"), found)
    return TaxLine(rate, amounts, taxed["net"], taxed["tax"], taxed["gross"]) if taxed is not None else None


def _refunded(
    use: RefundUse,
    books: Sequence[PriceBook],
    groups: Sequence[tuple[PriceBook, list[Line]]],
    taxes: Sequence[TaxLine],
) -> Figure | None:
    """What comes back of prepaid money under the books that use it in one way: above zero; None where nothing does."""
    editions = {book.edition.code for book in books if book.refunds == use}
    back = _gross("refunded", groups, taxes, lambda line: comes_back(line) and line.edition in editions)
    if back is None or back.formula is None:
        return None
    return computed("refunded", Unary("-", back.formula), back.inputs)


def _gross(
    name: str,
    groups: Sequence[tuple[PriceBook, list[Line]]],
    taxes: Sequence[TaxLine],
    counts: Callable[[Line], bool],
) -> Figure | None:
    """What some lines come to, taxed as the whole is, in one formula over their amounts; None where there are none."""
    formula: Expr | None = None
    inputs: dict[str, Source] = {}
    for number, ((book, lines), tax) in enumerate(zip(groups, taxes, strict=True)):
        amounts = tuple(line.amount for line in lines if counts(line))
        if not amounts:
            continue
        gross = _over(inlined(book.tax_model, "gross"), f"{name}_{number}", f"rate_{number}")
        inputs |= {f"{name}_{number}": amounts, f"rate_{number}": tax.rate}
        formula = gross if formula is None else Binary("+", formula, gross)
    return computed(name, formula, inputs) if formula is not None else None


def _over(gross: Expr, amounts: str, rate: str) -> Expr:
    """The gross of some lines: the tax model with the sum of their amounts in place of `lines`."""

    def replacement(node: Expr) -> Expr:
        match node:
            case Name("lines"):
                return Call("SUM", (Name(amounts),))
            case Name("rate"):
                return Name(rate)
        return node

    return substitute(gross, replacement)
