"""Drafts become invoices: numbers, due dates, entries and files, all of a batch or none of it.

    done = issue(ledger, drafts, write, IssueTerms(folder, date(2026, 5, 1), now, numbering, days_to_pay=15))

What must not happen is refused before anything is written, draft by draft: a customer's month twice, months out of
order, a date before the last one, a draft that is older than its inputs or that was made from other balances. A draft
that is refused leaves the batch; the others go on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlbill.ledger.documents import head_before
from xlbill.ledger.numbers import Numbering, fields_of
from xlbill.ledger.publish import Publication, Spread, Write, publish
from xlbill.ledger.records import Draft, DraftBalance, InvoiceHead, LedgerAccount, Movement, Number
from xlbill.ledger.refusals import refusal
from xlbill.ledger.store import Ledger
from xlbill.ledger.wallets import balance_of, deduct
from xlbill.periods import Month
from xlbill.problems import Problem, problem
from xlbill.sheets import safe_file_name

NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class IssueTerms:
    """How a batch is issued: into which folder, on which day, numbered how, payable in how many days.

    `at` is the time that the run's entry records; `inputs_now` are the hashes of the inputs as they lie there now
    (a draft that was made from others is refused).
    """

    folder: Path
    on: date
    at: datetime
    numbering: Numbering
    days_to_pay: int = 15
    inputs_now: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Issued:
    """What became of a batch: the heads of the invoices by customer, whom it left out, and why."""

    heads: Mapping[str, InvoiceHead]
    files: tuple[Path, ...]
    refused: tuple[str, ...]
    problems: tuple[Problem, ...]


def issue(ledger: Ledger, drafts: Sequence[Draft], write: Write, terms: IssueTerms, spread: Spread = map) -> Issued:
    """Issue a batch as one step (see `publish`): `write(draft, head, path)` writes the file of each invoice."""
    found: list[Problem] = []
    accepted: list[Draft] = []
    before: dict[str, set[Month]] = {}
    for draft in drafts:
        refused = refusal(ledger, draft, terms.on, terms.inputs_now, before)
        if refused is None:
            accepted.append(draft)
            before.setdefault(draft.customer.casefold(), set()).add(draft.month)
        else:
            found.append(refused)
    numbers = _numbered(ledger, accepted, terms)
    documents = []
    for draft, number in zip(accepted, numbers, strict=True):
        final = terms.folder / invoice_name(draft, number)
        if (clash := _clash(ledger, number, final)) is not None:
            return Issued({}, (), tuple(d.customer for d in drafts), (*found, clash))
        head = head_before(ledger, number, (terms.on, due_on(terms)), draft.customer, draft.currency.code)
        documents.append(Publication(draft, head, final))
    if not documents:
        return Issued({}, (), tuple(d.customer for d in drafts), tuple(found))

    def enter(hashes: Mapping[str, str]) -> None:
        run = ledger.append("run", terms.on, _run("issue", terms, accepted))
        for document in documents:
            name = ledger.name_of(document.final)
            content = _content(ledger, document, run.entry, {name: hashes[name]})
            ledger.append("issued", terms.on, content)
        deduct(ledger, terms.on, {draft.customer for draft in accepted})

    failed = publish(ledger, documents, write, enter, spread)
    if any(p.code == "cannot-write" for p in failed):
        return Issued({}, (), tuple(d.customer for d in drafts), (*found, *failed))
    taken = {draft.customer for draft in accepted}
    return Issued(
        {document.subject.customer: document.head for document in documents},
        tuple(document.final for document in documents),
        tuple(draft.customer for draft in drafts if draft.customer not in taken),
        (*found, *failed),
    )


def due_on(terms: IssueTerms) -> date:
    """The last day on which an invoice may be paid."""
    return terms.on + timedelta(days=terms.days_to_pay)


def invoice_name(draft: Draft, number: Number) -> str:
    """The file name of an invoice: C001-2026-04 202605-00001.xlsx."""
    return f"{safe_file_name(f'{draft.customer}-{draft.month} {number}')}.xlsx"


def next_seq(ledger: Ledger, series: str) -> int:
    """The next place in a series."""
    row = ledger.row("SELECT max(seq) AS last FROM bills WHERE series = ?", series)
    return int((row["last"] if row else None) or 0) + 1


def _numbered(ledger: Ledger, drafts: Sequence[Draft], terms: IssueTerms) -> list[Number]:
    """The next numbers of each series, in the order of the drafts."""
    pattern = terms.numbering.invoices
    following: dict[str, int] = {}
    numbers = []
    for draft in drafts:
        fields = fields_of(terms.on, draft.month, draft.currency.code, draft.region)
        series = pattern.series(fields)
        seq = following.get(series) or next_seq(ledger, series)
        following[series] = seq + 1
        numbers.append(pattern.number(fields, seq))
    return numbers


def _clash(ledger: Ledger, number: Number, final: Path) -> Problem | None:
    """A number that another series has given already, or a file that lies where the invoice is to lie."""
    if ledger.row("SELECT 1 FROM bills WHERE number = ?", number.text) is not None:
        return problem("number-taken", ledger.place, found=number.text)
    if final.exists():
        return problem("target-exists", replace(ledger.place, file=ledger.name_of(final)), number=number.text)
    return None


def _run(doing: str, terms: IssueTerms, drafts: Sequence[Draft]) -> dict[str, Any]:
    """The entry of a run: when it was made, and from which inputs."""
    inputs = {name: sha256 for draft in drafts for name, sha256 in draft.inputs.items()}
    return {"doing": doing, "at": terms.at.isoformat(timespec="seconds"), "inputs": inputs}


def _content(ledger: Ledger, document: Publication, run: int, files: Mapping[str, str]) -> dict[str, Any]:
    """The entry of an invoice."""
    draft: Draft = document.subject
    head: InvoiceHead = document.head
    taken = _taken(ledger, draft)
    return {
        "run": run,
        "number": head.number.text,
        "series": head.number.series,
        "seq": head.number.seq,
        "customer": draft.customer,
        "name": draft.name,
        "month": draft.month,
        "region": draft.region,
        "due_on": head.due_on,
        "currency": draft.currency.code,
        "decimals": draft.currency.decimals,
        "prepaid": draft.prepaid,
        "received": max(draft.prepaid, NONE) - taken,
        "due": draft.due,
        "total": draft.total,
        "taxes": [{"rate": t.rate, "net": t.net, "tax": t.tax, "gross": t.gross} for t in draft.taxes],
        "lines": [line_content(line) for line in draft.lines],
        "adjustments": [{"reference": a.reference, "amount": a.amount} for a in draft.adjustments],
        "files": files,
        "movements": [m.json() for m in _movements(ledger, draft, head.number.text, taken)],
    }


def line_content(line: Any) -> dict[str, Any]:
    """A line of a bill in an entry."""
    keys = ("kind", "app", "product", "group", "item", "title", "pay", "amount", "figures", "first", "last")
    return {key: getattr(line, key) for key in (*keys, "edition", "contract")}


def _taken(ledger: Ledger, draft: Draft) -> Decimal:
    """What of the prepaid amount was kept when the month's last bill was voided."""
    kept = balance_of(ledger, LedgerAccount.prepaid(draft.customer, draft.currency.code, draft.month))
    return min(kept, max(draft.prepaid, NONE))


def _movements(ledger: Ledger, draft: Draft, number: str, taken: Decimal) -> list[Movement]:
    """What an invoice moves: packs, trials and credit drawn, money that was kept for its month."""
    moved = [movement for balance in draft.balances for movement in _drawn(ledger, draft, balance, number)]
    wallet = LedgerAccount.wallet(draft.customer, draft.currency.code)
    kept = LedgerAccount.prepaid(draft.customer, draft.currency.code, draft.month)
    rest = balance_of(ledger, kept) - taken
    if taken:
        moved.append(Movement(kept, "taken", -taken, number))
    if rest:
        moved += [Movement(kept, "released", -rest, number), Movement(wallet, "released", rest, number)]
    return moved


def _drawn(ledger: Ledger, draft: Draft, balance: DraftBalance, number: str) -> list[Movement]:
    """A pack, a trial or credit through the month: bought or brought where it is new, drawn, lapsed or expired."""
    holding = holding_of(draft.customer, balance)
    moved = []
    if not held(ledger, holding):
        word = "bought" if balance.since in draft.month.period else "brought"
        moved.append(Movement(holding, word, balance.opening, number))
    moved.append(Movement(holding, "drawn", -balance.drawn, number))
    if balance.lapsed:
        moved.append(Movement(holding, "lapsed", -balance.lapsed, number))
    if balance.expires is not None and balance.expires in draft.month.period and balance.closing:  # a year's count
        moved.append(Movement(holding, "expired", -balance.closing, number))
    return moved


def holding_of(customer: str, balance: DraftBalance) -> LedgerAccount:
    """The holding that a draft's balance is of."""
    expires = balance.expires.isoformat() if balance.expires is not None else ""
    return LedgerAccount(customer, balance.kind, balance.app, balance.of, balance.since.isoformat(), expires)


def held(ledger: Ledger, holding: LedgerAccount) -> bool:
    """Whether the ledger has a holding already: whether the bill stands with which it began."""
    sql = """
        SELECT count(*) AS began FROM movements m JOIN holdings h USING (holding) JOIN bills b USING (number)
        WHERE h.customer = ? AND h.kind = ? AND h.app = ? AND h."of" = ? AND h.since = ?
          AND m.word IN ('bought', 'brought') AND b.standing = 1
    """
    row = ledger.row(sql, holding.customer, holding.kind, holding.app, holding.of, holding.since)
    return bool(row and row["began"])
