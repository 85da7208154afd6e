"""The files of credit notes and their records, also of those that a killed void left off their month's manifest."""

from xlbill.accounts import Seller
from xlbill.issuing.credit_sheet import lay_out_credit_note
from xlbill.issuing.filing import add_to_manifest, unfiled_notes
from xlbill.ledger.documents import note_of
from xlbill.ledger.records import CreditNote
from xlbill.ledger.store import Ledger
from xlbill.manifest import FileRecord, invoice_record
from xlbill.problems import Problems
from xlbill.workbook import layout_bytes
from xlbill.workspace import Workspace


def credit_note_file(note: CreditNote, seller: Seller, name: str) -> tuple[bytes, FileRecord]:
    """The file of a credit note, and its record."""
    layout = lay_out_credit_note(note, seller)
    content, total = layout_bytes(layout), note.currency.text(note.total)
    return content, invoice_record(name, layout, content, note.customer, note.currency.code, total)


def file_notes(ledger: Ledger, workspace: Workspace, seller: Seller) -> Problems:
    """Put the credit notes on their months' manifests that a killed void left out."""
    found = Problems()
    for month, numbers in unfiled_notes(ledger, workspace).items():
        records = []
        for number in numbers:
            row = ledger.row("SELECT name, sha256 FROM files WHERE number = ?", number)
            assert row is not None, f"the credit note {number} has a file"
            file = ledger.file_of(row["name"])
            _, record = credit_note_file(note_of(ledger, number), seller, file.name)
            # laid out otherwise since (another name of the seller): its hash is known all the same
            records.append(record if record.sha256 == row["sha256"] else FileRecord(file.name, row["sha256"]))
        found += add_to_manifest(workspace, month, records, ledger.head, {})
    return found
