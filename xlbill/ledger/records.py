"""What goes into the ledger and comes out of it, as neutral values that know nothing of rating or of workbooks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from xlbill.language import Label
from xlbill.money import Currency
from xlbill.periods import Month

HoldingKind: TypeAlias = Literal["pack", "trial", "commitment", "credit", "wallet", "prepaid", "year", "rollover"]
"""What a customer can have: a pack, a trial's quota, a commitment, credit that reduces bills, money in the wallet,
prepaid money of a month; what a year came to so far, which only grows; what a month left of an allowance."""

Pay: TypeAlias = Literal["prepaid", "postpaid"]


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One line of a draft, its figures by name; `first` and `last` are the days that it pays for, both included."""

    kind: str
    app: str
    product: str
    group: Label
    item: str
    title: Label
    pay: Pay
    amount: Decimal
    figures: Mapping[str, Decimal] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None
    edition: str = ""
    contract: str = ""


@dataclass(frozen=True, slots=True)
class DraftTax:
    """Net, tax and gross under one rate."""

    rate: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True)
class DraftBalance:
    """A pack, trial, commitment or credit through the month: opening - drawn - lapsed = closing."""

    app: str
    kind: HoldingKind
    of: str
    since: date
    expires: date | None  # its last day; credit has none
    opening: Decimal
    drawn: Decimal
    closing: Decimal
    lapsed: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class DraftAdjustment:
    """An adjustment that the draft takes; the reference tells it from every other one."""

    reference: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Draft:
    """A bill before it is issued: whose, of which month, what it comes to, and what it was made from.

    total = prepaid + due, and credit that is used less what comes back as credit. `inputs` are the hashes of what was
    read, by name.
    """

    customer: str
    name: Label
    month: Month
    currency: Currency
    region: str
    prepaid: Decimal
    due: Decimal
    total: Decimal
    lines: tuple[DraftLine, ...] = ()
    taxes: tuple[DraftTax, ...] = ()
    balances: tuple[DraftBalance, ...] = ()
    adjustments: tuple[DraftAdjustment, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Number:
    """The number of an invoice or a credit note: its text, the series that it belongs to, its place in that."""

    text: str
    series: str
    seq: int

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class InvoiceHead:
    """What an invoice says that its draft does not: its number (also the payment reference), its dates, the account."""

    number: Number
    issued: date
    due_on: date
    owed: Decimal = Decimal(0)  # open of earlier bills, less money that is assigned to none; negative: money is left
    received: Decimal = Decimal(0)  # what was paid since the bill before
    numbers: Mapping[str, str] = field(default_factory=dict, hash=False)  # of the bills that stand, by their months


@dataclass(frozen=True, slots=True)
class CreditNote:
    """A credit note: what it takes back, of which invoice, and why. All amounts are negative where those were not."""

    number: Number
    of: str
    issued: date
    reason: str
    of_issued: date
    customer: str
    name: Label
    month: Month
    currency: Currency
    prepaid: Decimal
    due: Decimal
    total: Decimal
    lines: tuple[DraftLine, ...]
    taxes: tuple[DraftTax, ...]


@dataclass(frozen=True, slots=True)
class LedgerAccount:
    """Something that a customer has, and that entries move."""

    customer: str
    kind: HoldingKind
    app: str
    of: str
    since: str
    expires: str

    @classmethod
    def wallet(cls, customer: str, currency: str) -> "LedgerAccount":
        """The money of a customer in a currency that is assigned to no bill."""
        return cls(customer, "wallet", "", currency, "", "")

    @classmethod
    def prepaid(cls, customer: str, currency: str, month: Month) -> "LedgerAccount":
        """The money that was prepaid for a month whose bill was voided."""
        return cls(customer, "prepaid", "", currency, str(month), "")

    def json(self) -> dict[str, str]:
        """The holding in an entry."""
        return {
            "customer": self.customer,
            "kind": self.kind,
            "app": self.app,
            "of": self.of,
            "since": self.since,
            "expires": self.expires,
        }


@dataclass(frozen=True, slots=True)
class Movement:
    """A holding grows or shrinks: the word says why, `number` is the bill by which or for which it does."""

    holding: LedgerAccount
    word: str
    quantity: Decimal
    number: str | None = None

    def json(self) -> dict[str, Any]:
        """The movement in an entry."""
        return {"holding": self.holding.json(), "word": self.word, "quantity": self.quantity, "number": self.number}


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a chain: how many entries there are, and the last one's hash. A register keeps it."""

    entry: int
    sha256: str
