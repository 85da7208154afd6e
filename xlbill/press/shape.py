"""The shape of a bill: everything of it on which the layout depends, but none of its numbers and customer's words.

Two bills of one shape have the same lines (kinds, models, titles), figures computed in the same way from each other,
the same days, and something or nothing in the same fields; only numbers, names, apps, periods, remarks and cells of
origin differ. Where a value decides all the same (the decimals of a quantity, the lines that a text takes in its
cell), it is measured while printing: see `form`.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import count

from xlbill.accounts import Subscription
from xlbill.formula import Expr
from xlbill.invoice.presented import Issuance
from xlbill.invoice.template.readings import saving_of
from xlbill.language import Label
from xlbill.rating.bill import Bill, Line, MeterUsage
from xlbill.rating.figures import Figure, Source

_MOST_FORMULAS = 4_096
NO_DEBT = Decimal(0)


@dataclass(frozen=True, slots=True)
class Shape:
    """The key by which bills of one shape are known, and a bill's figures in the order in which the key has them."""

    key: Hashable
    figures: tuple[Figure, ...]


class Formulas:
    """Numbers for formulas, equal ones the same; by identity where possible, as comparing trees takes its time."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Expr, int]] = {}  # the formula itself keeps its identity from being used again
        self._numbers: dict[Expr, int] = {}
        self._next = count()

    def number(self, formula: Expr) -> int:
        """The number of a formula."""
        known = self._known.get(id(formula))
        if known is None:
            if len(self._known) >= _MOST_FORMULAS:
                self._known.clear()
                self._numbers.clear()  # no number is given twice: what is forgotten gets a new one
            if formula not in self._numbers:
                self._numbers[formula] = next(self._next)
            known = formula, self._numbers[formula]
            self._known[id(formula)] = known
        return known[1]


def shape_of(bill: Bill, issuance: Issuance, formulas: Formulas) -> Shape:
    """The shape of a bill that is to be laid out as issued, or as a draft; the dates of an issue belong to it."""
    walk = _Walk(formulas)
    key = (
        _of_issuance(issuance),
        (bill.month, bill.currency, tuple(bill.seller.facts.items()), bill.editions),
        _of_customer(bill),
        tuple((_blanks(remark), bill.remarks.index(remark)) for remark in bill.remarks),
        tuple((walk.owner(each.code), _blanks(each.name)) for each in bill.paid_for),
        tuple(map(walk.line, bill.lines)),
        tuple(map(walk.line, bill.unprinted)),
        tuple(map(walk.usage, bill.usage)),
        tuple(
            (
                *(walk.app(pack.app), pack.kind, pack.title, pack.unit, _of_order(pack.order)),
                (pack.lapsed is None, *map(walk.figure, pack.figures)),
            )
            for pack in bill.packs
        ),
        tuple((rate.title, rate.code, rate.since, walk.figure(rate.figure)) for rate in bill.rates),
        tuple(tax.title for tax in bill.taxes),
        tuple(tuple(map(walk.figure, (tax.rate, tax.lines, tax.net, tax.tax, tax.gross))) for tax in bill.taxes),
        tuple((name, walk.figure(figure)) for name, figure in bill.sums.items()),
        frozenset((walk.app(app.code), app.opened is None, _filled(app.own)) for app in bill.apps),
        tuple(walk.told),
    )
    return Shape(key, tuple(walk.figures))


def _of_issuance(issuance: Issuance) -> Issuance:
    """Of an issue the dates, and whether the number and the account are known."""
    owed, received = NO_DEBT if issuance.owed is not None else None, NO_DEBT if issuance.received else None
    return replace(issuance, number="#" if issuance.number else None, owed=owed, received=received)


def _of_customer(bill: Bill) -> Hashable:
    """Of a customer only the language, and which fields are filled."""
    one = bill.customer
    facts = (one.code, one.tax_id, one.address, one.bank, one.contact, one.invoice_email, one.contract_no, one.order_no)
    filled = map(bool, facts)
    return one.language, one.invoice_type, _blanks(one.name), _filled(one.own), *filled


def _filled(own: Mapping[str, str]) -> Hashable:
    """Which of the house's own fields say something."""
    return frozenset(name for name, text in own.items() if text)


def _of_order(order: Subscription | None) -> Hashable:
    """Of what was subscribed to, which fields are filled."""
    return None if order is None else (bool(order.option), order.end is None, _filled(order.own))


def _blanks(label: Label | None) -> tuple[bool, bool] | None:
    return None if label is None else (bool(label.zh), bool(label.en))


class _Walk:
    """A walk over a bill, which numbers its apps and figures as it meets them."""

    def __init__(self, formulas: Formulas) -> None:
        self.figures: list[Figure] = []
        self.told: list[Hashable] = []
        self._formulas = formulas
        self._numbers: dict[Figure, int] = {}
        self._equal: dict[Hashable, int] = {}
        self._apps: dict[str, int] = {"": 0}
        self._owners: dict[str, int] = {"": 0}

    def app(self, code: str) -> int:
        """Which of the bill's apps it is: what is grouped by app, and not what it is called."""
        return self._apps.setdefault(code, len(self._apps))

    def owner(self, code: str) -> int:
        """Which of the bill's customers it is."""
        return self._owners.setdefault(code, len(self._owners))

    def line(self, line: Line) -> Hashable:
        """A line without its numbers, period, contract and remark."""
        return (
            *(
                line.kind,
                self.app(line.app),
                self.owner(line.owner),
                line.product,
                line.group,
                line.item,
                line.title,
                line.model,
                line.pay,
            ),
            *(
                line.unit,
                line.period is None,
                line.edition,
                line.plan,
                bool(line.contract),
                saving_of(line) is None,
                _blanks(line.remark),
                _blanks(line.reason),
                (line.refund_of is None, bool(line.refund_bill)),
                _of_order(line.order),
            ),
            self._named(line.figures),
            None if line.list_price is None else self.figure(line.list_price),
            None if line.at_list is None else self.figure(line.at_list.list_amount),
            None if line.at_list is None or line.at_list.saved is None else self.figure(line.at_list.saved),
        )

    def usage(self, meter: MeterUsage) -> Hashable:
        """A meter with its days."""
        columns = tuple(
            (
                *(self.app(column.app), column.dimension, column.unit),
                None if column.coefficient is None else self.figure(column.coefficient),
                tuple((day, self.figure(figure)) for day, figure in column.days),
            )
            for column in meter.columns
        )
        return (
            *(self.app(meter.app), meter.meter, meter.title, meter.unit, meter.method, columns),
            tuple((day, self.figure(figure)) for day, figure in meter.daily),
            tuple((label, self.figure(figure)) for label, figure in meter.months),
            None if meter.quota is None else self.figure(meter.quota),
        )

    def figure(self, figure: Figure) -> int:
        """The number of a figure; one that was not met before is told, after those that it is computed from."""
        known = self._numbers.get(figure)
        if known is not None:
            return known
        value, place, row = figure.value, figure.place, figure.place.row
        kind = type(value)
        how: Hashable = None
        if figure.formula is not None:
            how = self._formulas.number(figure.formula), self._named(figure.inputs)
        elif row is not None:  # read from one cell, two figures share one on the price sheet, too
            first = self._equal.setdefault(
                (figure.name, value, place.sheet, row, place.column, place.file), len(self.figures)
            )
            how = None if first == len(self.figures) else first
        number = self._numbers[figure] = len(self.figures)
        self.figures.append(figure)
        told = kind if kind is Decimal or kind is Fraction else (kind, value)
        self.told.append((figure.name, told, how, place.column is None))
        return number

    def _named(self, figures: Mapping[str, Source]) -> Hashable:
        return tuple(
            [
                (name, self.figure(found) if isinstance(found, Figure) else tuple(map(self.figure, found)))
                for name, found in figures.items()
            ]
        )
