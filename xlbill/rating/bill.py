"""What a bill is: a customer's lines for one month, and the figures that they add up to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Literal

from xlbill.account_contracts import Contract
from xlbill.accounts import App, Customer, Seller, Subscription
from xlbill.book.edition import Edition
from xlbill.language import Label
from xlbill.made_again import MadeAgain
from xlbill.money import Currency
from xlbill.periods import Month, Period
from xlbill.problems import Problem
from xlbill.rating.figures import Figure

NAMELESS = Label("", "")
Pay = Literal["prepaid", "postpaid"]
LineKind = Literal["fee", "refund", "pack", "usage", "minimum", "customer", "adjustment"]


@dataclass(frozen=True, slots=True)
class AtListPrice:
    """What a line costs at list prices, and what of that a contract saves: amount = list_amount - saved."""

    list_amount: Figure
    saved: Figure | None = None  # None where nothing is


@dataclass(frozen=True, slots=True)
class Line(MadeAgain):
    """One line of a bill.

    `figures` holds everything of the line by name: the model's inputs (quantity, included, drawn, price, block ...)
    and its results (billable, units, amount). `amount` is always there and is rounded to the currency's decimals.
    Under a contract, `list_price` is what the price list says (None otherwise, or where the contract leaves the price).
    """

    kind: LineKind
    app: str  # "" for what belongs to the customer as a whole
    product: str  # code; "" for adjustments
    group: Label  # the product's heading on the invoice
    item: str  # code: im.pro, dau, ext.presence
    title: Label
    model: str
    pay: Pay
    figures: Mapping[str, Figure]
    unit: Label | None = None  # what `quantity` counts
    period: Period | None = None  # the days that it pays for
    edition: str = ""  # code of the price book
    list_price: Figure | None = None
    contract: str = ""  # the contract's reference, where one changed the line
    remark: Label | None = None
    reason: Label | None = None  # what ended its term early
    plan: Label | None = None  # under which its usage is priced
    contracts: tuple[Contract, ...] = ()  # those that changed it
    owner: str = ""  # the customer whose it is, where another one pays for it
    printed: bool = True  # False: it only gives figures to others, or was not reached
    order: Subscription | None = None  # what was subscribed to, and is charged by it
    at_list: AtListPrice | None = None  # None on bills on which no contract saves anything
    refund_of: Month | None = None  # the month on whose bill stands what it gives back
    refund_bill: str = ""  # the number of that bill, once the ledger knows it

    @property
    def amount(self) -> Figure:
        """What the line costs; negative for a refund."""
        return self.figures["amount"]

    def number(self, name: str) -> Decimal | None:
        """A figure of the line as a number, None where the line has no such figure."""
        figure = self.figures.get(name)
        return figure.number if figure is not None and figure.value is not None else None


@dataclass(frozen=True)
class UsageColumn:
    """The daily figures of one meter dimension of one app, in the order of their days; None is the whole month."""

    app: str
    dimension: Label | None
    unit: Label | None  # the unit in which the days are given
    coefficient: Figure | None  # what a unit of it counts, where that is not 1
    days: tuple[tuple[date | None, Figure], ...]

    @cached_property
    def by_day(self) -> Mapping[date | None, Figure]:
        """Its figures by their days."""
        return dict(self.days)


@dataclass(frozen=True)
class MeterUsage:
    """One meter's usage in the month, and the figures that lines take from it.

    `daily` are the day totals (coefficients applied) where a meter has several columns or coefficients; otherwise
    the days of its only column are the totals and `daily` is empty. `months` are the month's figures: a peak, a sum;
    several where plans changed, each with the days that it covers. `quota` is the included quantity, for the chart.
    """

    app: str
    meter: str
    title: Label
    unit: Label | None
    method: str  # a key of xlbill/methods.py
    columns: tuple[UsageColumn, ...]
    daily: tuple[tuple[date | None, Figure], ...]
    months: tuple[tuple[Label, Figure], ...]
    quota: Figure | None = None

    @cached_property
    def total_of(self) -> Mapping[date | None, Figure]:
        """The totals by their days."""
        return dict(self.daily)

    @property
    def timed(self) -> bool:
        """Whether its figures are of times, or records, and not of days."""
        return any(column.days and isinstance(column.days[-1][0], datetime) for column in self.columns)


BalanceOf = Literal["pack", "allowance", "count"]
"""What a balance is of: a pack, an included quantity that rolls over, what is counted over months."""


@dataclass(frozen=True, slots=True)
class PackBalance:
    """A balance through the month: a prepaid pack, a month's allowance, what is counted over months; each a figure.

    opening - drawn - lapsed = closing; what is counted grows: opening + drawn = closing. What was bought or granted in
    the month is its opening. Lapsed is what a model does not keep, and what is left on the last day.
    """

    app: str
    pack: str
    title: Label
    unit: Label | None
    bought: date
    expires: date  # the last day on which it may be drawn
    opening: Figure
    drawn: Figure
    closing: Figure
    order: Subscription | None = None  # in which it was bought
    kind: BalanceOf = "pack"
    lapsed: Figure | None = None  # None where nothing lapsed

    @property
    def figures(self) -> tuple[Figure, ...]:
        """What it says of the month, in the order in which it is read."""
        return tuple(each for each in (self.opening, self.drawn, self.lapsed, self.closing) if each is not None)

    @property
    def used(self) -> Decimal:
        """What was drawn of it; less than nothing where it is a count, which only grows."""
        return -self.drawn.number if self.kind == "count" else self.drawn.number

    @property
    def gone(self) -> Decimal:
        """What lapsed of it."""
        return self.lapsed.number if self.lapsed is not None else Decimal(0)


@dataclass(frozen=True, slots=True)
class DayValue:
    """A value of a rate that lines were priced with: which rate, from which day on, and the figure."""

    title: Label
    code: str
    since: date | None
    figure: Figure


@dataclass(frozen=True, slots=True)
class Credit:
    """Money of a customer that earlier bills and this one gave back, through the month.

    closing = opening + what comes back in this month - used; `used` is what reduces the amount due of this bill.
    """

    opening: Figure | None  # None where nothing was carried from the month before
    used: Figure
    closing: Figure


@dataclass(frozen=True, slots=True)
class TaxLine:
    """Net, tax and gross of all lines under one tax rate; `title` is what the book calls it."""

    rate: Figure
    lines: Figure
    net: Figure
    tax: Figure
    gross: Figure
    title: Label = NAMELESS


@dataclass(frozen=True, slots=True)
class Bill:
    """A customer's bill for a month, made on the first of the next one.

    total = prepaid + due where nothing comes back. Else total = prepaid - refunded + postpaid, and credit takes part:
    total + credit.closing = prepaid + due + credit.opening. With prices that include tax total is the sum of the
    lines' amounts. No figure of these is negative but `total` and `postpaid`.
    """

    seller: Seller
    customer: Customer
    month: Month
    currency: Currency
    editions: tuple[Edition, ...]
    lines: tuple[Line, ...]
    usage: tuple[MeterUsage, ...]
    packs: tuple[PackBalance, ...]
    taxes: tuple[TaxLine, ...]
    prepaid: Figure
    due: Figure
    total: Figure
    remarks: tuple[Label, ...] = ()
    warnings: tuple[Problem, ...] = ()
    rates: tuple[DayValue, ...] = ()
    refunded: Figure | None = None  # what comes back of prepaid money
    postpaid: Figure | None = None  # what is charged now, before credit; None where that is just what is due
    credit: Credit | None = None  # None where the customer has none, and had none
    paid_for: tuple[Customer, ...] = ()  # the customers whose apps stand on this one's bill
    unprinted: tuple[Line, ...] = ()  # lines of no amount that no page shows; others may take their figures
    apps: tuple[App, ...] = ()  # the customer's, as the accounts have them

    @property
    def sums(self) -> Mapping[str, Figure]:
        """What the bill comes to, by name: prepaid, due, total, and on a bill with credit how that moves."""
        credit = self.credit
        known = {
            "prepaid": self.prepaid,
            "refunded": self.refunded,
            "postpaid": self.postpaid,
            "credit_opening": credit.opening if credit is not None else None,
            "credit_used": credit.used if credit is not None else None,
            "due": self.due,
            "credit": credit.closing if credit is not None else None,
            "total": self.total,
        }
        return {name: figure for name, figure in known.items() if figure is not None}

    @property
    def issued(self) -> date:
        """The day on which the bill is made: the 1st of the next month."""
        return self.month.plus(1).start
