"""Payments taken into the ledger: into the wallet of the customer, and at once to the bills that are open.

A bill that the payment names is paid first, then the oldest one. Rows come from a bank's file, or from the accounts'
own sheet of payments, which grows: what was taken from it stays as it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from xlbill.ledger.bank import Payer, Payment, read_account_payments, read_payments
from xlbill.ledger.publish import sha256_of
from xlbill.ledger.records import LedgerAccount, Movement
from xlbill.ledger.store import Ledger
from xlbill.ledger.wallets import balance_of, deduct
from xlbill.money import plain
from xlbill.problems import Problem, Problems, problem

IN_THE_ACCOUNTS = "payments of the accounts"
"""What the ledger calls the accounts' sheet of payments, whatever the file is called."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file's payments: those taken now, how many were known before, and what was told."""

    taken: tuple[Payment, ...]
    known: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class PaymentSource:
    """A file with payments: its name on record, its hash, and how problems call it."""

    name: str
    sha256: str
    shown: str


def import_payments(
    ledger: Ledger, path: Path, payers: Sequence[Payer], on: date, at: datetime, shown_as: str | None = None
) -> Imported:
    """Take the payments of a bank's file into the ledger, in one transaction; those taken before are left alone."""
    source = PaymentSource(path.name, sha256_of(path), shown_as or str(path))
    payments, found = read_payments(path, source.shown, ledger, payers, on)
    return _take(ledger, payments, source, on, at, found)


def import_account_payments(
    ledger: Ledger, path: Path, payers: Sequence[Payer], on: date, at: datetime, shown_as: str | None = None
) -> Imported:
    """Take the payments of the accounts' sheet up to a day; a row that was taken and says something else now is told.

    Such a row is not taken once more: it would be counted twice. A row of its own corrects it.
    """
    source = PaymentSource(IN_THE_ACCOUNTS, sha256_of(path), shown_as or str(path))
    payments, found = read_account_payments(path, source.shown, ledger, payers, at.date())
    edited = dict(_edited(ledger, payments, source))
    found += edited.values()
    kept = [p for p in payments if p.identity not in edited and p.date <= on]
    return _take(ledger, kept, source, on, at, found)


def _edited(ledger: Ledger, payments: Sequence[Payment], source: PaymentSource) -> Iterator[tuple[str, Problem]]:
    """The payments that are rows taken before, changed since: in the same row, of the same day or amount."""
    there = {payment.identity for payment in payments}
    gone = {
        row["row"]: row
        for row in ledger.rows("SELECT * FROM payments WHERE file = ? ORDER BY entry", IN_THE_ACCOUNTS)
        if row["identity"] not in there
    }
    for payment in payments:
        before = gone.get(payment.row)
        if before is None or ledger.row("SELECT 1 FROM payments WHERE identity = ?", payment.identity) is not None:
            continue
        if before["date"] == payment.date.isoformat() or Decimal(before["amount"]) == payment.amount:
            facts = {"customer": before["customer"], "date": before["date"], "wanted": plain(Decimal(before["amount"]))}
            yield payment.identity, problem("payment-edited", payment.place, None, found=plain(payment.amount), **facts)


def _take(
    ledger: Ledger, payments: Sequence[Payment], source: PaymentSource, on: date, at: datetime, found: Problems
) -> Imported:
    new = not_taken(ledger, payments)
    known = len(payments) - len(new)
    taken: list[Payment] = []
    if new:
        with ledger.transaction():
            content = {
                "doing": "import",
                "at": at.isoformat(timespec="seconds"),
                "inputs": {source.name: source.sha256},
            }
            run = ledger.append("run", on, content).entry
            for payment in sorted(new, key=lambda p: (p.date, p.row)):
                told = _taken(ledger, payment, run, source)
                taken += [payment] if told is None else []
                found += [told] if told is not None else []
    return Imported(tuple(taken), known, tuple(found))


def not_taken(ledger: Ledger, payments: Sequence[Payment]) -> list[Payment]:
    """Those that are not in the ledger yet."""
    return [p for p in payments if ledger.row("SELECT 1 FROM payments WHERE identity = ?", p.identity) is None]


def _taken(ledger: Ledger, payment: Payment, run: int, source: PaymentSource) -> Problem | None:
    """Enter a payment and pay bills with it on its day; the problem where more is paid back than the customer has."""
    wallet = LedgerAccount.wallet(payment.customer, payment.currency)
    rest = balance_of(ledger, wallet)
    if payment.amount < 0 and rest + payment.amount < 0:
        facts = {"customer": payment.customer, "rest": plain(rest), "found": plain(payment.amount)}
        return problem("payment-over-credit", payment.place, None, **facts)
    ledger.append("paid", payment.date, _content(payment, run, source.name, wallet))
    deduct(ledger, payment.date, {payment.customer}, payment.bill)
    return None


def _content(payment: Payment, run: int, file: str, wallet: LedgerAccount) -> dict[str, object]:
    """The entry of a payment."""
    word = "paid in" if payment.amount > 0 else "paid out"
    return {
        "run": run,
        "customer": payment.customer,
        "currency": payment.currency,
        "amount": payment.amount,
        "payer": payment.payer,
        "reference": payment.reference,
        "file": file,
        "row": payment.row,
        "identity": payment.identity,
        "movements": [Movement(wallet, word, payment.amount).json()],
    }
