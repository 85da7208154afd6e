"""An invoice taken back: a credit note with its own number, negative lines, balances and money as they were before.

    voided, problems = void(ledger, "202605-00001", "wrong price", write, terms)

Afterwards the customer's month may be billed anew. What the invoice drew from packs and trials comes back, what was
deducted for it returns to the wallet, and money that was prepaid for the month is kept for the new bill.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlbill.language import Label
from xlbill.ledger.documents import lines_of, taxes_of
from xlbill.ledger.issue import IssueTerms, line_content, next_seq
from xlbill.ledger.numbers import fields_of
from xlbill.ledger.publish import Publication, Write, publish
from xlbill.ledger.records import CreditNote, DraftLine, LedgerAccount, Movement, Number
from xlbill.ledger.refusals import last_issue
from xlbill.ledger.store import Ledger
from xlbill.ledger.wallets import deduct
from xlbill.money import Currency
from xlbill.periods import Month
from xlbill.problems import Problem, problem
from xlbill.sheets import nearest, safe_file_name


@dataclass(frozen=True, slots=True)
class Voided:
    """A credit note as it was issued, and its file."""

    note: CreditNote
    file: Path


def void(
    ledger: Ledger, number: str, reason: str, write: Write, terms: IssueTerms
) -> tuple[Voided | None, tuple[Problem, ...]]:
    """Take an invoice back by a credit note, whose file `write(note, note, path)` writes; None where it is refused."""
    refused = _refusal(ledger, number, reason, terms.on)
    if refused is not None:
        return None, (refused,)
    note = _credit_note(ledger, number, reason, terms)
    final = terms.folder / f"{safe_file_name(f'{note.customer}-{note.month} {note.number}')}.xlsx"
    if ledger.row("SELECT 1 FROM bills WHERE number = ?", note.number.text) is not None:
        return None, (problem("number-taken", ledger.place, found=note.number.text),)
    if final.exists():
        return None, (problem("target-exists", ledger.place, found=ledger.name_of(final), number=note.number.text),)

    def enter(hashes: Mapping[str, str]) -> None:
        at = terms.at.isoformat(timespec="seconds")
        run = ledger.append("run", terms.on, {"doing": "void", "at": at, "inputs": {}})
        ledger.append("credited", terms.on, _content(ledger, note, run.entry, dict(hashes)))
        deduct(ledger, terms.on, {note.customer})

    failed = publish(ledger, [Publication(note, note, final)], write, enter)
    if any(p.code == "cannot-write" for p in failed):
        return None, tuple(failed)
    return Voided(note, final), tuple(failed)


def _refusal(ledger: Ledger, number: str, reason: str, on: date) -> Problem | None:
    """Why an invoice must not be voided on a day."""
    row = ledger.row("SELECT * FROM bills WHERE number = ?", number)
    if row is None:
        known = [found["number"] for found in ledger.rows("SELECT number FROM bills WHERE standing = 1")]
        return problem("no-such-number", ledger.place, found=number, nearest=nearest(number, known) or "—")
    if row["kind"] == "credit":
        return problem("void-of-credit", ledger.place, found=number, of=row["of"])
    if not row["standing"]:
        note = ledger.row('SELECT number FROM bills WHERE "of" = ?', number)
        return problem("void-already", ledger.place, found=number, note=note["number"] if note else "—")
    if not reason.strip():
        return problem("void-without-reason", ledger.place, found=number)
    last = last_issue(ledger)
    if last is not None and on < last:
        facts = {"found": on.isoformat(), "last": last.isoformat()}
        return problem("issue-back-dated", ledger.place, None, customer=row["customer"], **facts)
    return _drawn_later(ledger, number)


def _drawn_later(ledger: Ledger, number: str) -> Problem | None:
    """A later bill that states a pack, a trial or credit which this one moved: its opening would no longer be true."""
    sql = """
        SELECT later.number, h."of" FROM movements mine
        JOIN holdings h USING (holding) JOIN movements other USING (holding)
        JOIN bills later ON later.number = other.number
        WHERE mine.number = ?1 AND later.number <> ?1 AND later.standing = 1 AND other.entry > mine.entry
          AND h.kind IN ('pack', 'trial', 'commitment', 'credit', 'year', 'rollover')
        ORDER BY later.entry DESC LIMIT 1
    """
    row = ledger.row(sql, number)
    if row is None:
        return None
    return problem("void-drawn-later", ledger.place, found=number, later=row["number"], of=row["of"])


def _credit_note(ledger: Ledger, number: str, reason: str, terms: IssueTerms) -> CreditNote:
    row = ledger.row("SELECT * FROM bills WHERE number = ?", number)
    assert row is not None, "looked for before"
    month = Month.parse(row["month"])
    assert month is not None, f"the ledger has a month {row['month']}"
    fields = fields_of(terms.on, month, row["currency"], row["region"])
    pattern = terms.numbering.credits
    return CreditNote(
        pattern.number(fields, next_seq(ledger, pattern.series(fields))),
        number,
        terms.on,
        reason.strip(),
        date.fromisoformat(row["issued"]),
        row["customer"],
        Label(row["name_zh"], row["name_en"]),
        month,
        Currency(row["currency"], row["decimals"]),
        -Decimal(row["prepaid"]),
        -Decimal(row["due"]),
        -Decimal(row["total"]),
        tuple(_negative(line) for line in lines_of(ledger, number)),
        tuple(replace(tax, net=-tax.net, tax=-tax.tax, gross=-tax.gross) for tax in taxes_of(ledger, number)),
    )


def _negative(line: DraftLine) -> DraftLine:
    """A line that takes another one back: its figures as they were, its amount the other way round."""
    figures = {**line.figures, "amount": -line.amount} if "amount" in line.figures else line.figures
    return replace(line, amount=-line.amount, figures=figures)


def _content(ledger: Ledger, note: CreditNote, run: int, files: Mapping[str, str]) -> dict[str, Any]:
    """The entry of a credit note."""
    original = ledger.row("SELECT region FROM bills WHERE number = ?", note.of)
    assert original is not None, "looked for before"
    number: Number = note.number
    return {
        "run": run,
        "number": number.text,
        "series": number.series,
        "seq": number.seq,
        "of": note.of,
        "reason": note.reason,
        "customer": note.customer,
        "name": note.name,
        "month": note.month,
        "region": original["region"],
        "currency": note.currency.code,
        "decimals": note.currency.decimals,
        "prepaid": note.prepaid,
        "due": note.due,
        "total": note.total,
        "taxes": [{"rate": t.rate, "net": t.net, "tax": t.tax, "gross": t.gross} for t in note.taxes],
        "lines": [line_content(line) for line in note.lines],
        "files": files,
        "movements": [movement.json() for movement in _movements(ledger, note)],
    }


def _movements(ledger: Ledger, note: CreditNote) -> list[Movement]:
    """Everything that the invoice moved, moved back; what was prepaid is kept for the month's next bill."""
    sql = """
        SELECT h.customer, h.kind, h.app, h."of", h.since, h.expires, m.word, decimal_sum(m.quantity) AS moved
        FROM movements m JOIN holdings h USING (holding) WHERE m.number = ?
        GROUP BY h.holding, m.word ORDER BY h.holding, min(m.entry), m.word
    """
    moved = []
    for row in ledger.rows(sql, note.of):
        holding = LedgerAccount(*(row[key] for key in ("customer", "kind", "app", "of", "since", "expires")))
        word = "returned" if row["word"] == "deducted" else "reversed"
        if quantity := -Decimal(row["moved"]):
            moved.append(Movement(holding, word, quantity, note.number.text))
    original = ledger.row("SELECT received FROM bills WHERE number = ?", note.of)
    if original is not None and (kept := Decimal(original["received"])):
        holding = LedgerAccount.prepaid(note.customer, note.currency.code, note.month)
        moved.append(Movement(holding, "kept", kept, note.number.text))
    return moved
