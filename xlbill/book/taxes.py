"""Taxes: which rate and which model hold for a customer and a product on a day.

The customer's class goes first (somebody exempt is exempt for everything), then the product's; what no row names has
the rate and the model of the book's settings. Of rows for the same two classes the last that began holds.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from xlbill.book.objects import PriceBook, TaxRule
from xlbill.book.parameters import read_parameter
from xlbill.book.rows import Known
from xlbill.language import Label
from xlbill.problems import Problem, Problems, problem
from xlbill.sheets import Row, nearest


def read_tax_rule(row: Row, known: Known, usual: TaxRule, found: Problems) -> TaxRule | None:
    """A row of the Taxes sheet; `usual` is what the book's settings say."""
    rate, model = read_parameter(row, "rate", known.exact, found), known.model(row, "model", found)
    since = row.date("from", found)
    if rate is None:
        if not row.cell("rate").filled:
            found.tell(row.problem("cell-blank", "rate"))
        return None
    if not isinstance(rate.value, Decimal) or not 0 <= rate.value < 1:
        found.tell(row.problem("tax-rate-out-of-range", "rate"))
        return None
    return TaxRule(
        row.code("customers", found),
        row.code("products", found),
        Label(row.text("name", found) or "", row.text("name_en", found) or ""),
        rate,
        model or usual.model,
        since,
        Label(row.text("note", found) or "", row.text("note_en", found) or ""),
        row.cell("rate").place,
        row.cell("customers").place,
        row.cell("products").place,
    )


def usual_rule(book: PriceBook) -> TaxRule:
    """What the settings say: the rule of everybody whom no row of the Taxes sheet names."""
    nothing = Label("", "")
    return TaxRule(None, None, nothing, book.tax_rate, book.tax_model, None, nothing, book.tax_rate.place)


def tax_rule(book: PriceBook, customer: str | None, product: str | None, day: date) -> TaxRule:
    """The rule for a customer's and a product's class on a day."""
    reaching = [
        rule
        for rule in book.taxes
        if (rule.customers is None or same(rule.customers, customer))
        and (rule.products is None or same(rule.products, product))
        and (rule.since is None or rule.since <= day)
    ]
    ranked = [usual_rule(book), *sorted(reaching, key=lambda rule: rule.since or date.min)]
    return max(reversed(ranked), key=lambda r: (r.customers is not None, r.products is not None))


def same(one: str | None, other: str | None) -> bool:
    """Whether two classes are the same, in whatever case they are written."""
    return one is not None and other is not None and one.casefold() == other.casefold()


def tax_classes_are_known(book: PriceBook) -> Iterator[Problem]:
    """Each class of a product has a row of its own, each class of products a product, each pair of them one rate."""
    named = tuple(dict.fromkeys(rule.products for rule in book.taxes if rule.products))
    held = tuple(dict.fromkeys(p.tax_class for p in book.products.values() if p.tax_class))
    for product in book.products.values():
        if product.tax_class and not any(same(product.tax_class, name) for name in named):
            near = nearest(product.tax_class, named) or ", ".join(named)
            yield problem("tax-class-unknown", product.tax_place, found=product.tax_class, nearest=near)
    seen: dict[tuple[str, str, date | None], TaxRule] = {}
    for rule in book.taxes:
        if rule.products and not any(same(rule.products, each) for each in held):
            near = nearest(rule.products, held) or ", ".join(held)
            yield problem("tax-of-no-product", rule.products_place, found=rule.products, nearest=near)
        key = (rule.customers or "").casefold(), (rule.products or "").casefold(), rule.since
        if (first := seen.setdefault(key, rule)) is not rule:
            yield problem("tax-twice", rule.place, None, first=str(first.place.row))


def customer_classes(books: Iterable[PriceBook]) -> tuple[str, ...]:
    """The classes of customers that some books know."""
    return tuple(dict.fromkeys(rule.customers for book in books for rule in book.taxes if rule.customers))
