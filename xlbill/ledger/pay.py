"""Payments taken into the ledger: into the wallet of the customer, and at once to the bills that are open.

A bill that the payment names is paid first, then the oldest one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from xlbill.cells import Place
from xlbill.ledger.bank import Payer, Payment, read_payments
from xlbill.ledger.publish import sha256_of
from xlbill.ledger.records import LedgerAccount, Movement
from xlbill.ledger.store import Ledger
from xlbill.ledger.wallets import balance_of, deduct
from xlbill.money import plain
from xlbill.problems import Problem, problem


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a bank's file: the payments taken now, how many were known before, and what was told."""

    taken: tuple[Payment, ...]
    known: int
    problems: tuple[Problem, ...]


def import_payments(
    ledger: Ledger, path: Path, payers: Sequence[Payer], on: date, at: datetime, shown_as: str | None = None
) -> Imported:
    """Take the payments of a file into the ledger, in one transaction; those taken before are left alone."""
    shown = shown_as or str(path)
    sha256 = sha256_of(path)
    payments, found = read_payments(path, shown, ledger, payers, on)
    new = [p for p in payments if ledger.row("SELECT 1 FROM payments WHERE identity = ?", p.identity) is None]
    known = len(payments) - len(new)
    if not new:
        return Imported((), known, tuple(found))
    taken = []
    with ledger.transaction():
        inputs = {path.name: sha256}
        run = ledger.append(
            "run", on, {"doing": "import", "at": at.isoformat(timespec="seconds"), "inputs": inputs}
        ).entry
        for payment in sorted(new, key=lambda p: (p.date, p.row)):
            wallet = LedgerAccount.wallet(payment.customer, payment.currency)
            rest = balance_of(ledger, wallet)
            if payment.amount < 0 and rest + payment.amount < 0:
                place = Place(shown, row=payment.row)
                facts = {"customer": payment.customer, "rest": plain(rest), "found": plain(payment.amount)}
                found.tell(problem("payment-over-credit", place, None, **facts))
                continue
            ledger.append("paid", payment.date, _content(payment, run, path.name, wallet))
            deduct(ledger, on, {payment.customer}, payment.bill)
            taken.append(payment)
    return Imported(tuple(taken), known, tuple(found))


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
