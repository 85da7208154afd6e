"""Documents read back from the ledger: the lines and taxes of a bill, and a credit note as it was issued."""

from datetime import date
from decimal import Decimal

from xlbill.language import Label
from xlbill.ledger.records import CreditNote, DraftLine, DraftTax, InvoiceHead, Number
from xlbill.ledger.store import Ledger
from xlbill.ledger.wallets import numbers_before, owed_before, received_before
from xlbill.money import Currency
from xlbill.periods import Month


def lines_of(ledger: Ledger, number: str) -> tuple[DraftLine, ...]:
    """The lines of an invoice or a credit note, in their order, with their figures."""
    figures: dict[int, dict[str, Decimal]] = {}
    for row in ledger.rows("SELECT position, name, value FROM figures WHERE number = ?", number):
        figures.setdefault(row["position"], {})[row["name"]] = Decimal(row["value"])
    lines = []
    for row in ledger.rows("SELECT * FROM lines WHERE number = ? ORDER BY position", number):
        first, last = (date.fromisoformat(row[key]) if row[key] else None for key in ("first", "last"))
        line = DraftLine(
            row["kind"],
            row["app"],
            row["product"],
            Label(row["group_zh"], row["group_en"]),
            row["item"],
            Label(row["title_zh"], row["title_en"]),
            row["pay"],
            Decimal(row["amount"]),
            figures.get(row["position"], {}),
            first,
            last,
            row["edition"],
            row["contract"],
        )
        lines.append(line)
    return tuple(lines)


def taxes_of(ledger: Ledger, number: str) -> tuple[DraftTax, ...]:
    """Net, tax and gross of an invoice or a credit note under each rate, in their order."""
    rows = ledger.rows("SELECT * FROM taxes WHERE number = ? ORDER BY position", number)
    return tuple(DraftTax(*(Decimal(row[key]) for key in ("rate", "net", "tax", "gross"))) for row in rows)


def note_of(ledger: Ledger, number: str) -> CreditNote:
    """A credit note of the ledger as it was issued: what its file was made of."""
    sql = 'SELECT note.*, b.issued AS of_issued FROM bills note JOIN bills b ON b.number = note."of"'
    row = ledger.row(f"{sql} WHERE note.number = ? AND note.kind = 'credit'", number)
    assert row is not None, f"no credit note {number}"
    month = Month.parse(row["month"])
    assert month is not None, f"the ledger has a month {row['month']}"
    return CreditNote(
        Number(row["number"], row["series"], row["seq"]),
        row["of"],
        date.fromisoformat(row["issued"]),
        row["reason"],
        date.fromisoformat(row["of_issued"]),
        row["customer"],
        Label(row["name_zh"], row["name_en"]),
        month,
        Currency(row["currency"], row["decimals"]),
        Decimal(row["prepaid"]),
        Decimal(row["due"]),
        Decimal(row["total"]),
        lines_of(ledger, number),
        taxes_of(ledger, number),
    )


def head_of(ledger: Ledger, number: str) -> InvoiceHead:
    """The number, the dates and the account of an invoice of the ledger, as they were when it was issued."""
    row = ledger.row("SELECT * FROM bills WHERE number = ? AND kind = 'invoice'", number)
    assert row is not None, f"no invoice {number}"
    issued, due_on = (date.fromisoformat(row[key]) for key in ("issued", "due_on"))
    own = Number(number, row["series"], row["seq"])
    return head_before(ledger, own, (issued, due_on), row["customer"], row["currency"], row["entry"])


def head_before(
    ledger: Ledger, number: Number, dates: tuple[date, date], customer: str, currency: str, entry: int | None = None
) -> InvoiceHead:
    """The head of an invoice, issued and due on some dates: with what the ledger knows before its entry, or now."""
    owed = owed_before(ledger, customer, currency, entry)
    received = received_before(ledger, customer, currency, entry)
    return InvoiceHead(number, *dates, owed, received, numbers_before(ledger, customer, entry))
