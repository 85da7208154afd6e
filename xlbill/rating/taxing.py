"""Taxing: the lines of a bill by the rules of tax that hold for their customer, their products and their days.

Each line is taxed by the rule of its book (book/taxes.py): the rule's model turns `lines` and `rate` into net, tax and
gross. Where the book says so this is done line by line, else once per rate, over the sum of its lines
(docs/decisions.md, tax).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from xlbill.accounts import Customer
from xlbill.book.models import inlined
from xlbill.book.objects import PriceBook, TaxRule
from xlbill.book.taxes import customer_classes, same, tax_rule
from xlbill.formula import Binary, Call, Expr, Name, substitute
from xlbill.language import Label
from xlbill.periods import Month
from xlbill.problems import NOTHING, Problems
from xlbill.rating.bill import Line, TaxLine
from xlbill.rating.figures import Figure, Source, computed, our, total
from xlbill.rating.results import parameter_figure, results

LIST_RATE, TAX_RATE = "list_rate", "tax_rate"
_TAX = Label("税额", "the tax")
_PARTS = ("net", "tax", "gross")
REST, WHOLE = our("=whole-SUM(others)"), our("=whole")


@dataclass(slots=True)
class TaxGroup:
    """The lines of one rule of tax, by their number on the bill, and what its model takes besides them."""

    rule: TaxRule
    by_line: bool
    inputs: dict[str, Figure]
    lines: dict[int, Line] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaxedLines:
    """The lines of a bill with their taxes, the sums of each rate, and what the rules have to say of them."""

    groups: tuple[TaxGroup, ...]
    taxes: tuple[TaxLine, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines, in their order on the bill; where there are several rates each says its own, and its tax."""
        numbered = {number: line for group in self.groups for number, line in group.lines.items()}
        if sum(bool(group.lines) for group in self.groups) > 1:
            for group, tax in zip(self.groups, self.taxes, strict=True):
                for number, share in _shares(group, tax.tax).items():
                    figures = {**numbered[number].figures, TAX_RATE: group.inputs["rate"], "tax": share}
                    numbered[number] = replace(numbered[number], figures=figures)
        return tuple(numbered[number] for number in sorted(numbered))

    @property
    def notes(self) -> tuple[Label, ...]:
        """What the rules want printed: reverse charge, the article by which somebody is exempt."""
        return tuple(dict.fromkeys(g.rule.note for g in self.groups if g.lines and str(g.rule.note)))

    def gross(self, name: str, counts: Callable[[Line], bool]) -> Figure | None:
        """What some lines come to, taxed as the whole is, in one formula; None where there are none."""
        formula: Expr | None = None
        inputs: dict[str, Source] = {}
        for number, group in enumerate(self.groups):
            counted = [line for line in group.lines.values() if counts(line)]
            if not counted:
                continue
            own = f"{name}_{number}"
            if group.by_line:
                gross: Expr = Call("SUM", (Name(own),))
                inputs[own] = tuple(line.figures["gross"] for line in counted)
            else:
                gross = _over(inlined(group.rule.model, "gross"), own, number)
                inputs[own] = tuple(line.amount for line in counted)
                inputs |= {f"{key}_{number}": figure for key, figure in group.inputs.items()}
            formula = gross if formula is None else Binary("+", formula, gross)
        return computed(name, formula, inputs) if formula is not None else None


def tax_lines(
    lines: Sequence[Line], books: Sequence[PriceBook], customer: Customer, month: Month, found: Problems
) -> TaxedLines | None:
    """The lines by their rules, those without an edition by the first book's; None, and a problem, without a tax."""
    for book in books if customer.tax_class is not None else ():
        known = customer_classes([book])
        if not any(same(customer.tax_class, each) for each in known):
            facts = {"customer": customer.code, "found": customer.tax_class or "", "book": book.edition.code}
            found.add("tax-class-of-no-rule", customer.place, None, **facts, known=", ".join(known) or NOTHING)
            return None
    groups = _by_tax(lines, books, customer, month)
    taxes = tuple(tax for group in groups if (tax := _tax_line(group, found)) is not None)
    return TaxedLines(tuple(groups), taxes) if len(taxes) == len(groups) else None


def _by_tax(lines: Sequence[Line], books: Sequence[PriceBook], customer: Customer, month: Month) -> list[TaxGroup]:
    """The lines of each rule of tax; one group, perhaps empty, where all books agree."""
    groups: dict[object, TaxGroup] = {}
    by_edition = {book.edition.code: book for book in books}

    def group_of(book: PriceBook, product: str | None, day: date) -> TaxGroup:
        rule = tax_rule(book, customer.tax_class, product, day)
        inputs = {"rate": parameter_figure("rate", rule.rate)}
        if LIST_RATE in rule.model.inputs:
            inputs[LIST_RATE] = parameter_figure(LIST_RATE, tax_rule(book, None, product, day).rate)
        kind = (rule.model.code, book.tax_by_line, rule.name, rule.note, *((n, f.value) for n, f in inputs.items()))
        return groups.setdefault(kind, TaxGroup(rule, book.tax_by_line, inputs))

    for book in books:
        if not lines or not book.taxes:
            group_of(book, None, month.period.last)
    for number, line in enumerate(lines):
        book = by_edition.get(line.edition, books[0])
        product = book.products.get(line.product)
        day = line.period.start if line.kind in ("fee", "refund", "pack") and line.period else month.period.last
        group_of(book, product.tax_class if product else None, day).lines[number] = line
    return list(groups.values())


def _tax_line(group: TaxGroup, found: Problems) -> TaxLine | None:
    """Net, tax and gross of a group: over the sum of its lines, or the sums of what each line comes to."""
    rule, rate = group.rule, group.inputs["rate"]
    amounts = total("lines", tuple(line.amount for line in group.lines.values()))
    if not group.by_line or not group.lines:
        taxed = results(rule.model, {"lines": amounts, **group.inputs}, rule.model.place, _TAX, found)
    else:
        for number, line in group.lines.items():
            own = results(rule.model, {"lines": line.amount, **group.inputs}, rule.model.place, _TAX, found)
            if own is None:
                return None
            figures = {**line.figures, **{name: own[name] for name in _PARTS}}
            group.lines[number] = replace(line, figures=figures)
        taxed = {name: total(name, tuple(g.figures[name] for g in group.lines.values())) for name in _PARTS}
    return TaxLine(rate, amounts, taxed["net"], taxed["tax"], taxed["gross"], rule.name) if taxed is not None else None


def _shares(group: TaxGroup, whole: Figure) -> dict[int, Figure]:
    """The tax of each line, by its number; together they are just that of the group.

    Where the tax is on the sum, each line's is what the model makes of its amount alone, and the dearest line takes
    what rounding leaves.
    """
    if group.by_line:
        return {number: line.figures["tax"] for number, line in group.lines.items()}
    dearest = max(group.lines, key=lambda number: group.lines[number].amount.number, default=None)
    formula = inlined(group.rule.model, "tax")
    shares = {
        number: computed("tax", formula, {"lines": line.amount, **group.inputs})
        for number, line in group.lines.items()
        if number != dearest
    }
    if dearest is not None:
        others = {"others": tuple(shares.values())} if shares else {}
        shares[dearest] = computed("tax", REST if shares else WHOLE, {"whole": whole, **others})
    return shares


def _over(gross: Expr, amounts: str, number: int) -> Expr:
    """The gross of some lines: the tax model with the sum of their amounts in place of `lines`."""

    def replacement(node: Expr) -> Expr:
        match node:
            case Name("lines"):
                return Call("SUM", (Name(amounts),))
            case Name("rate" | "list_rate"):
                return Name(f"{node.name}_{number}")
        return node

    return substitute(gross, replacement)
