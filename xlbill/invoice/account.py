"""A statement of account as its pages show it: every figure with its formula, whose cells the template finds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from xlbill.accounts import Customer, Seller
from xlbill.invoice.presented import in_words
from xlbill.language import Label, Language
from xlbill.money import Currency
from xlbill.periods import Period
from xlbill.rating.figures import Figure, Source, computed, given, our, total


@dataclass(frozen=True, slots=True)
class StatementEntry:
    """A document of the account: what it charges or pays, and what is owed after it."""

    day: date
    kind: Label
    reference: str
    month: str
    charged: Figure
    paid: Figure
    balance: Figure


@dataclass(frozen=True, slots=True)
class OpenBill:
    """A bill that is not paid in full: until when it is to be paid, how many days late, what is open."""

    number: str
    month: str
    due_on: Figure
    late: Figure
    amount: Figure


@dataclass(frozen=True, slots=True)
class AgeBucket:
    """What is open and overdue by so many days."""

    title: Label
    amount: Figure


@dataclass(frozen=True, slots=True)
class AccountPage:
    """What a statement of account is laid out from; one currency has one. Its dates include both ends.

    opening + charged - paid = closing, and closing = what is open by age - money that is assigned to no bill.
    """

    seller: Seller
    customer: Customer
    currency: Currency
    period: Period
    made: date
    until: Figure
    opening: Figure
    entries: tuple[StatementEntry, ...]
    charged: Figure
    paid: Figure
    closing: Figure
    open: tuple[OpenBill, ...]
    ages: tuple[AgeBucket, ...]
    unassigned: Figure
    aged: Figure
    agrees: Figure
    spelled: dict[tuple[str, Language], Figure] = field(default_factory=dict, repr=False)  # those that were asked for

    @property
    def language(self) -> Language:
        """The language of its reader."""
        return self.customer.language

    def words(self, name: str, language: Language) -> Figure:
        """An amount in words; the same figure whenever it is asked for."""
        if (name, language) not in self.spelled:
            amount: Figure = getattr(self, name)
            self.spelled[name, language] = in_words(amount, self.currency, language, signed=False)
        return self.spelled[name, language]

    def subjects(self) -> Mapping[str, Any]:
        """What holds everywhere on it."""
        return {"statement": self, "seller": self, "customer": self}

    def all_of(self, scope: str) -> Sequence[Any]:
        """Everything that a scope repeats for."""
        return {"entry": self.entries, "open": self.open, "age": self.ages}.get(scope, ())


def entry(
    before: Figure, day: date, kind: Label, reference: str, month: str, money: tuple[Decimal, Decimal]
) -> StatementEntry:
    """The next document of an account: `money` is what it charges and what it pays."""
    charged, paid = given("charged", money[0] or None), given("paid", money[1] or None)
    balance = computed("balance", our("=before+charged-paid"), {"before": before, "charged": charged, "paid": paid})
    return StatementEntry(day, kind, reference, month, charged, paid, balance)


def open_bill(number: str, month: str, due_on: date, amount: Decimal, until: Figure) -> OpenBill:
    """A bill that is not paid in full at the end of the account's days."""
    due = given("due_on", due_on)
    late = computed("late", our("=MAX(until-due_on,0)"), {"until": until, "due_on": due})
    return OpenBill(number, month, due, late, given("amount", amount))


def bucket(title: Label, least: int | None, most: int | None, bills: Sequence[OpenBill]) -> AgeBucket:
    """What of some bills is overdue by `least` to `most` days."""
    limits = [f',late,">={least}"'] if least is not None else []
    limits += [f',late,"<={most}"'] if most is not None else []
    sources = {"amounts": tuple(bill.amount for bill in bills), "late": tuple(bill.late for bill in bills)}
    formula = our(f"=SUMIFS(amounts{''.join(limits)})")
    return AgeBucket(title, computed("aged", formula, sources) if bills else given("aged", 0))


def closing_of(opening: Figure, entries: Sequence[StatementEntry]) -> tuple[Figure, Figure, Figure]:
    """What was charged and paid in all, and what is owed at the end."""
    charged = total("charged_total", tuple(each.charged for each in entries))
    paid = total("paid_total", tuple(each.paid for each in entries))
    sources = {"opening": opening, "charged": charged, "paid": paid}
    return charged, paid, computed("closing", our("=opening+charged-paid"), sources)


def aged_of(ages: Sequence[AgeBucket], unassigned: Figure, closing: Figure) -> tuple[Figure, Figure]:
    """What is open less the money that is assigned to no bill, and whether that is the closing balance."""
    parts: dict[str, Source] = {"ages": tuple(age.amount for age in ages), "unassigned": unassigned}
    aged = computed("aged_total", our("=SUM(ages)-unassigned"), parts)
    check = computed("agrees", our('=IF(ROUND(aged-closing,2)=0,"✓","≠")'), {"aged": aged, "closing": closing})
    return aged, check
