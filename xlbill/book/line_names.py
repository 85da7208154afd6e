"""What price cells take from other lines by name: it must be there, give that figure, and be reached from the cell.

`dau.units` are the units of the lines of the item dau; `im.amount` what the product im came to so far; `all.amount`
what everything of the app did. Fees are charged before usage, what is pooled apart from what each app is charged for;
what is charged to the customer comes last, and `customer.amount` is what all apps came to.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from xlbill.book.dated_rates import is_rate, rate_names
from xlbill.book.objects import Charge, Extension, Item, Pack, Parameter, Plan, PriceBook
from xlbill.charge_columns import PAY
from xlbill.formula import names
from xlbill.language import Label
from xlbill.problems import Fact, Problem, problem
from xlbill.quantities import REFERABLE

EVERYTHING = "all"
CUSTOMER = "customer"
CUSTOMER_WORDS = (CUSTOMER, *(f"{CUSTOMER}.{pay}" for pay in PAY))
"""What the apps of a customer came to, all of it or what is paid before or afterwards; for what follows it alone."""

PriceRow = Item | Pack | Charge


@dataclass(frozen=True)
class Lines:
    """The rows of a book by the words that name their lines: an item, a product, everything."""

    book: PriceBook

    @cached_property
    def rows(self) -> tuple[PriceRow, ...]:
        """Everything that makes lines."""
        return (*self.book.items, *self.book.charges)

    @cached_property
    def by_item(self) -> Mapping[str, list[PriceRow]]:
        """Rows by their item, whatever the dimension."""
        found: dict[str, list[PriceRow]] = {}
        for row in self.rows:
            found.setdefault(_item_word(row).casefold(), []).append(row)
        return found

    @cached_property
    def by_product(self) -> Mapping[str, list[PriceRow]]:
        """Rows by their product."""
        found: dict[str, list[PriceRow]] = {code.casefold(): [] for code in self.book.products}
        for row in self.rows:
            found.setdefault(row.product.code.casefold(), []).append(row)
        return found

    @cached_property
    def words(self) -> str:
        """All words, for somebody who misspelt one."""
        of_customer = CUSTOMER_WORDS[:1] if any(map(_of_customer, self.rows)) else ()
        return ", ".join(sorted({*map(_item_word, self.rows), *self.book.products, EVERYTHING, *of_customer}))

    def named(self, word: str) -> list[list[PriceRow]]:
        """The rows that a word may mean, once for each of its meanings."""
        word = word.casefold()
        meanings = [of[word] for of in (self.by_item, self.by_product) if word in of]
        if word in CUSTOMER_WORDS and any(map(_of_customer, self.rows)):
            return [*meanings, [row for row in self.rows if not _of_customer(row)]]
        return [*meanings, list(self.rows)] if word == EVERYTHING else meanings


def _item_word(row: PriceRow) -> str:
    return row.item.partition(":")[0] if isinstance(row, Charge) else row.code


def figures_of(row: PriceRow) -> frozenset[str]:
    """The figures of a row's line that other price cells may take."""
    measured = {"quantity"} if not isinstance(row, Charge) or row.meter is not None else set()
    return frozenset({*row.model.inputs, *row.model.outputs, *measured}.intersection(REFERABLE))


def names_are_lines(book: PriceBook) -> Iterator[Problem]:
    """Each name in a price cell's formula is a figure that a line gives, and that is known when the cell is needed."""
    lines = Lines(book)
    told = set()
    for row in lines.rows:
        for parameter in (p for p in cells_of(row) if p.formula is not None and p.place not in told):
            told.add(parameter.place)
            assert parameter.formula is not None
            for name in (n for n in names(parameter.formula) if not is_rate(book.rates, n)):
                if (found := _name_problem(lines, row, parameter, name)) is not None:
                    yield found


def cells_of(row: PriceRow) -> Iterator[Parameter]:
    """The price cells of a row; an extension has one for each plan."""
    yield from row.parameters.values()
    if isinstance(row, Extension):
        yield from (price for price in row.prices.values() if isinstance(price, Parameter))


def _name_problem(lines: Lines, row: PriceRow, cell: Parameter, name: str) -> Problem | None:
    word, dot, figure = name.rpartition(".")
    meanings = lines.named(word)
    facts: dict[str, Fact] = {"found": name}
    if not dot or not meanings or figure.casefold() not in REFERABLE:
        facts |= {"lines": lines.words, "results": ", ".join(REFERABLE), "rates": rate_names(lines.book.rates)}
        return problem("unknown-name", cell.place, None, **facts)
    if len(meanings) > 1 and any(_keys(meaning) != _keys(meanings[0]) for meaning in meanings):
        return problem("name-of-two", cell.place, None, **facts, word=word)
    if _is_fee(row):
        return problem("name-out-of-reach", cell.place, None, **facts, reason=_BEFORE_USAGE)
    if (reason := _beyond(word, meanings[0], row)) is not None:
        return problem("name-out-of-reach", cell.place, None, **facts, reason=reason)
    given = {"amount"} if word.casefold() in CUSTOMER_WORDS else _given(meanings[0], row)
    if figure.casefold() not in given:
        shown = ", ".join(f"{word}.{each}" for each in REFERABLE if each in given)
        return problem("name-without-figure", cell.place, None, **facts, word=word, figure=figure, given=shown or "—")
    return None


def _beyond(word: str, meant: list[PriceRow], row: PriceRow) -> Label | None:
    """Why a row cannot take what a word means; None where it can."""
    of_customer = _of_customer(row)
    if of_customer and word.casefold() == EVERYTHING:
        return _OF_ONE_APP
    if not of_customer and (word.casefold() in CUSTOMER_WORDS or (meant and all(map(_of_customer, meant)))):
        return _AFTER_APPS
    return _OTHER_POOL if meant and not any(_reaches(row, other) for other in meant) else None


def _given(meant: list[PriceRow], row: PriceRow) -> set[str]:
    """The figures of the lines that a row can take."""
    return set().union(*(figures_of(other) for other in meant if _reaches(row, other)))


def _reaches(row: PriceRow, other: PriceRow) -> bool:
    """Whether a row can take another's figures: what is charged to the customer those of all lines before."""
    return _of_customer(row) or (not _of_customer(other) and _pooled(other) == _pooled(row))


_OF_ONE_APP = Label(
    "all 是一个应用的全部，客户各应用之和写作 customer.amount",
    "all is everything of one app; what all apps of the customer came to is customer.amount",
)
_AFTER_APPS = Label(
    "按客户计费的行在各应用、最低消费之后计价，应用的价格取不到",
    "what is charged to the customer comes after its apps and their minimums",
)
_BEFORE_USAGE = Label(
    "套餐、扩展服务和加油包先于一切用量计价，此时还没有其他行的数字",
    "plans, extensions and packs are charged before all usage, when no other line has figures",
)
_OTHER_POOL = Label(
    "按客户归集的用量与按应用计费的用量分开计价，互相取不到对方的数字",
    "what is pooled by customer is charged apart from what each app is charged for",
)


def _is_fee(row: PriceRow) -> bool:
    """Whether a row is charged before usage: all but usage prices and minimums."""
    return not isinstance(row, Charge) and not (isinstance(row, Plan) and row.role != "fee")


def _pooled(row: PriceRow) -> bool:
    return isinstance(row, Charge) and row.meter is not None and row.meter.pooled


def _of_customer(row: PriceRow) -> bool:
    return isinstance(row, Charge) and row.of_customer


def _keys(rows: list[PriceRow]) -> set[object]:
    return {row.place for row in rows}


def names_are_not_their_own(book: PriceBook) -> Iterator[Problem]:
    """A quota that grows with the units which it leaves to be charged has no value."""
    for charge in book.charges:
        own = {f"{charge.item}.{result}".casefold() for result in ("billable", "units", "amount", "included")}
        for parameter in charge.parameters.values():
            named = names(parameter.formula) if parameter.formula is not None else ()
            for name in (name for name in named if name.casefold() in own):
                yield problem("formula-of-itself", parameter.place, item=charge.item, found=name)


def figures_are_not_given_twice(book: PriceBook) -> Iterator[Problem]:
    """What the rating measures, orders or counts by days has no column in a price row: one of the two would be lost."""
    told = set()
    for row in (*book.items, *book.charges):
        for name in _supplied_to(row):
            parameter = row.parameters.get(name)
            if parameter is not None and parameter.place not in told:
                told.add(parameter.place)
                yield problem("figure-supplied", parameter.place, None, item=_item_word(row), name=name)


def _supplied_to(row: PriceRow) -> tuple[str, ...]:
    """The quantities that the rating gives to a row's line, whatever stands in the row."""
    match row:
        case Charge():
            return (*(("quantity", "drawn") if row.meter is not None else ()), "days", "of_days")
        case Plan(role="minimum" | "commitment"):
            return ("quantity", "days", "of_days", "drawn")
        case Pack():
            return ("quantity", "drawn")
    return ("quantity", "days", "of_days", "drawn")
