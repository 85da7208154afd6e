"""Money: wallets, what is open, and how the one pays the other, oldest bill first.

A customer's wallet holds the money that is assigned to no bill, in each currency: what was paid in, what a
void gave back. It pays what is due, the oldest bill first. What bills give back is credit, which reduces later
bills (see rating/credit.py) and never goes through the wallet.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xlbill.ledger.records import LedgerAccount, Movement
from xlbill.ledger.store import Ledger

NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Open:
    """What of a bill is not paid yet."""

    number: str
    customer: str
    month: str
    currency: str
    decimals: int
    issued: date
    due_on: date
    amount: Decimal


def balance_of(ledger: Ledger, holding: LedgerAccount, until: date = date.max) -> Decimal:
    """What is left of a holding, at the end of a day."""
    sql = """
        SELECT decimal_sum(m.quantity) AS rest FROM movements m JOIN holdings h USING (holding)
        WHERE h.customer = ? AND h.kind = ? AND h.app = ? AND h."of" = ? AND h.since = ? AND m.date <= ?
    """
    own = (holding.customer, holding.kind, holding.app, holding.of, holding.since)
    row = ledger.row(sql, *own, until.isoformat())
    return Decimal((row["rest"] if row else None) or 0)


def open_bills(ledger: Ledger, customer: str | None = None, until: date = date.max) -> list[Open]:
    """The bills that are not fully paid at the end of a day, oldest first: of one customer, or of all."""
    of_one = "AND b.customer = ?2" if customer is not None else ""
    sql = f"""
        SELECT b.number, b.customer, b.month, b.currency, b.decimals, b.issued, b.due_on, b.due,
               (SELECT decimal_sum(m.quantity) FROM movements m JOIN holdings h USING (holding)
                WHERE m.number = b.number AND h.kind = 'wallet' AND m.word = 'deducted' AND m.date <= ?1) AS paid
        FROM bills b LEFT JOIN bills note ON note."of" = b.number AND note.issued <= ?1
        WHERE b.kind = 'invoice' AND b.issued <= ?1 AND note.number IS NULL {of_one}
        ORDER BY b.issued, b.entry
    """
    found = []
    for row in ledger.rows(sql, until.isoformat(), *([customer] if customer is not None else [])):
        amount = max(Decimal(row["due"]), NONE) + Decimal(row["paid"] or 0)
        if amount:
            issued, due_on = (date.fromisoformat(row[key]) for key in ("issued", "due_on"))
            whose = (row["number"], row["customer"], row["month"])
            found.append(Open(*whose, row["currency"], row["decimals"], issued, due_on, amount))
    return found


def owed_before(ledger: Ledger, customer: str, currency: str, entry: int | None = None) -> Decimal:
    """What a customer owes before a bill of its is entered: by the entries before that one, or by all.

    What earlier bills left open, less the money in the wallet; negative where more was paid in. Credit is not in it:
    bills say themselves how much of it they use.
    """
    until = entry if entry is not None else 1 << 62
    sql = """
        SELECT b.due FROM bills b LEFT JOIN bills note ON note."of" = b.number AND note.entry < ?1
        WHERE b.kind = 'invoice' AND b.entry < ?1 AND note.number IS NULL AND b.customer = ?2 AND b.currency = ?3
    """
    due = sum((max(Decimal(row["due"]), NONE) for row in ledger.rows(sql, until, customer, currency)), NONE)
    sql = """
        SELECT m.quantity FROM movements m JOIN holdings h USING (holding) LEFT JOIN bills b USING (number)
        LEFT JOIN bills note ON note."of" = b.number AND note.entry < ?1
        WHERE m.entry < ?1 AND h.customer = ?2 AND h."of" = ?3 AND h.kind = 'wallet'
          AND (m.word <> 'deducted' OR b.kind <> 'invoice' OR note.number IS NOT NULL)
    """
    moved = sum((Decimal(row["quantity"]) for row in ledger.rows(sql, until, customer, currency)), NONE)
    return due - moved


def received_before(ledger: Ledger, customer: str, currency: str, entry: int | None = None) -> Decimal:
    """What a customer paid between the bill before and one that is entered, or is to be entered next."""
    until = entry if entry is not None else 1 << 62
    sql = """
        SELECT decimal_sum(amount) AS paid FROM payments WHERE customer = ?1 AND currency = ?2 AND entry < ?3
          AND entry > (SELECT ifnull(max(entry), 0) FROM bills
                       WHERE kind = 'invoice' AND customer = ?1 AND currency = ?2 AND entry < ?3)
    """
    row = ledger.row(sql, customer, currency, until)
    return Decimal((row["paid"] if row else None) or 0)


def numbers_before(ledger: Ledger, customer: str, entry: int | None = None) -> dict[str, str]:
    """The numbers of a customer's bills by month, as they stand when another one is entered."""
    until = entry if entry is not None else 1 << 62
    sql = """
        SELECT b.month, b.number FROM bills b LEFT JOIN bills note ON note."of" = b.number AND note.entry < ?1
        WHERE b.kind = 'invoice' AND b.entry < ?1 AND note.number IS NULL AND b.customer = ?2
    """
    return {row["month"]: row["number"] for row in ledger.rows(sql, until, customer)}


def deduct(ledger: Ledger, on: date, customers: Collection[str], first: str | None = None) -> None:
    """Pay open bills of customers out of their wallets, oldest first (`first`: this one before); in a transaction.

    A bill is paid on that day, or where it was issued later on the day of issue.
    """
    for customer in sorted(customers, key=str.casefold):
        # what is open now, whatever its date: a payment that was taken in after the date of issue pays a bill once
        waiting = sorted(open_bills(ledger, customer), key=lambda bill: bill.number != first)
        for currency in dict.fromkeys(bill.currency for bill in waiting):
            wallet = LedgerAccount.wallet(customer, currency)
            rest, moved, day = balance_of(ledger, wallet), [], on
            for bill in (bill for bill in waiting if bill.currency == currency):
                if (amount := min(rest, bill.amount)) > 0:
                    rest, day = rest - amount, max(day, bill.issued)
                    moved.append(Movement(wallet, "deducted", -amount, bill.number).json())
            if moved:
                ledger.append("deducted", day, {"customer": customer, "currency": currency, "movements": moved})
