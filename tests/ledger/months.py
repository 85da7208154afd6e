"""Drafts of made-up customers, and a ledger to issue them in: what the ledger's tests begin with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from xlbill.language import Label
from xlbill.ledger.issue import Issued, IssueTerms, issue
from xlbill.ledger.numbers import Numbering, parse_numbering
from xlbill.ledger.records import (
    CreditNote,
    Draft,
    DraftAdjustment,
    DraftBalance,
    DraftLine,
    DraftTax,
    InvoiceHead,
)
from xlbill.ledger.session import opened
from xlbill.ledger.store import NAME, Ledger
from xlbill.ledger.void import Voided, void
from xlbill.money import Currency
from xlbill.periods import Month
from xlbill.problems import Problem

APRIL, MAY, JUNE = Month(2026, 4), Month(2026, 5), Month(2026, 6)
CNY, USD = Currency("CNY", 2), Currency("USD", 2)


def numbering(invoices: str = "{year}{month}-{seq:05}", notes: str = "CN{year}{month}-{seq:05}") -> Numbering:
    made, found = parse_numbering(invoices, notes)
    assert made is not None, found
    return made


def pack(opening: str, drawn: str, since: date = date(2026, 4, 3), until: date = date(2027, 4, 30)) -> DraftBalance:
    left = Decimal(opening) - Decimal(drawn)
    return DraftBalance("shop-1", "pack", "pack.100k", since, until, Decimal(opening), Decimal(drawn), left)


def year(opening: str, used: str, until: date = date(2026, 12, 31)) -> DraftBalance:
    """What an item came to in the year so far, before and in a month."""
    so_far = Decimal(opening) + Decimal(used)
    return DraftBalance("shop-1", "year", "kwh", date(2026, 1, 1), until, Decimal(opening), -Decimal(used), so_far)


def credit(opening: str, drawn: str, since: date = date(2026, 4, 1)) -> DraftBalance:
    left = Decimal(opening) - Decimal(drawn)
    return DraftBalance("", "credit", "CNY", since, None, Decimal(opening), Decimal(drawn), left)


def draft(
    customer: str = "C001",
    month: Month = APRIL,
    due: str = "1000",
    prepaid: str = "0",
    *,
    charged: str | None = None,
    currency: Currency = CNY,
    region: str = "cn",
    balances: tuple[DraftBalance, ...] = (),
    adjustments: tuple[DraftAdjustment, ...] = (),
    inputs: dict[str, str] | None = None,
) -> Draft:
    """A bill of two lines, one prepaid and one postpaid, with 6 % tax in it.

    `charged` is what is postpaid, where credit makes the amount due another one.
    """
    postpaid = due if charged is None else charged
    total = Decimal(prepaid) + Decimal(postpaid)
    lines = (
        DraftLine(
            "fee",
            "shop-1",
            "im",
            Label("即时通讯", "Chat"),
            "im.pro",
            Label("专业版", "Pro"),
            "prepaid",
            Decimal(prepaid),
        ),
        DraftLine(
            *(
                "usage",
                "shop-1",
                "im",
                Label("即时通讯", "Chat"),
                "dau",
                Label("日活", "DAU"),
                "postpaid",
                Decimal(postpaid),
            ),
            {"quantity": Decimal(15000), "price": Decimal("0.07"), "amount": Decimal(postpaid)},
            month.start,
            month.period.last,
        ),
    )
    tax = (total * 6 / 106).quantize(Decimal("0.01"))
    return Draft(
        customer,
        Label(f"客户{customer}", f"Customer {customer}"),
        month,
        currency,
        region,
        Decimal(prepaid),
        Decimal(due),
        total,
        lines,
        (DraftTax(Decimal("0.06"), total - tax, tax, total),),
        balances,
        adjustments,
        inputs or {},
    )


def write(subject: Draft | CreditNote, head: InvoiceHead | CreditNote, path: Path) -> None:
    """A file that says what it is; an invoice of the real run is a workbook."""
    path.write_text(f"{head.number} {subject.customer} {subject.month} {subject.total}\n" * 40)


@dataclass(frozen=True)
class House:
    """A workspace with a ledger, driven as the commands do it."""

    folder: Path
    numbering: Numbering

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        with opened(self.folder / NAME, NAME, create=datetime(2026, 5, 1, 9, tzinfo=UTC)) as (ledger, found):
            assert ledger is not None, found
            yield ledger

    def terms(self, on: date, inputs_now: dict[str, str] | None = None) -> IssueTerms:
        at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
        return IssueTerms(self.folder / "invoices", on, at, self.numbering, 15, inputs_now or {})

    def issue(self, *drafts: Draft, on: date = date(2026, 5, 1), inputs_now: dict[str, str] | None = None) -> Issued:
        with self.ledger() as ledger:
            return issue(ledger, drafts, write, self.terms(on, inputs_now))

    def void(
        self, number: str, on: date = date(2026, 5, 2), reason: str = "wrong price"
    ) -> tuple[Voided | None, tuple[Problem, ...]]:
        with self.ledger() as ledger:
            return void(ledger, number, reason, write, self.terms(on))


def codes(problems: tuple[Problem, ...] | list[Problem]) -> list[str]:
    return [problem.code for problem in problems]
