"""An invoice is voided: its credit note as a workbook, in the ledger and on the month's manifest."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from xlbill.accounts import Seller, load_accounts
from xlbill.cells import Place
from xlbill.issuing.filing import add_to_manifest, kept_head
from xlbill.issuing.month import IssueOrder, in_future, ledger_absent, numbering_of
from xlbill.issuing.notes import credit_note_file, file_notes, password_for
from xlbill.ledger.issue import IssueTerms
from xlbill.ledger.records import CreditNote
from xlbill.ledger.session import writing
from xlbill.ledger.store import Ledger, behind
from xlbill.ledger.void import Voided, void
from xlbill.manifest import FileRecord, sealed_record
from xlbill.periods import Month
from xlbill.problems import Problem, Problems, problem, sort_problems
from xlbill.workspace import Workspace


@dataclass
class CreditPress:
    """Writes the file of a credit note, and keeps its record."""

    seller: Seller
    password: str = field(default="", repr=False)
    record: FileRecord | None = None

    def __call__(self, note: CreditNote, head: CreditNote, path: Path) -> None:
        """Write a credit note."""
        content, self.record = sealed_record(*credit_note_file(note, self.seller, path.name), self.password)
        path.write_bytes(content)


def void_invoice(
    workspace: Workspace, number: str, reason: str, on: date, at: datetime, password: str = ""
) -> tuple[Voided | None, tuple[Problem, ...]]:
    """Take an invoice back by a credit note, which lies beside it; None where it is refused."""
    order = IssueOrder(on, at)
    if (absent := ledger_absent(workspace)) is not None or (absent := in_future(workspace, order)) is not None:
        return None, (absent,)
    if not workspace.ledger.exists():
        return None, (problem("ledger-missing", Place(workspace.shown(workspace.ledger))),)
    accounts, found = load_accounts(workspace.accounts, workspace.shown(workspace.accounts))
    if accounts is None:
        return None, sort_problems(found)
    numbering, wrong = numbering_of(accounts.seller)
    if numbering is None:
        return None, tuple(wrong)
    with writing(workspace.ledger, f"void {number}", at, workspace.shown(workspace.ledger)) as (ledger, told):
        if ledger is None:
            return None, tuple(told)
        kept = kept_head(workspace)
        if kept is not None and (older := behind(ledger, kept)) is not None:
            return None, (older,)
        filed = file_notes(ledger, workspace, accounts, password)
        month = _month_of(ledger, number)
        press = CreditPress(accounts.seller, password_for(_customer_of(ledger, number), accounts, password))
        folder = workspace.issued(month) if month is not None else workspace.root
        voided, problems = void(ledger, number, reason, press, IssueTerms(folder, on, at, numbering))
        found = Problems((*told, *filed, *problems))
        if voided is not None and month is not None and press.record is not None:
            record = replace(press.record, name=voided.file.name)
            found += add_to_manifest(workspace, month, [record], ledger.head, {})
        return voided, sort_problems(found)


def _customer_of(ledger: Ledger, number: str) -> str:
    row = ledger.row("SELECT customer FROM bills WHERE number = ?", number)
    return str(row["customer"]) if row is not None else ""


def _month_of(ledger: Ledger, number: str) -> Month | None:
    row = ledger.row("SELECT month FROM bills WHERE number = ?", number)
    return Month.parse(row["month"]) if row is not None else None
