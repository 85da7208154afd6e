"""The files of credit notes and their records, also of those that a killed void left off their month's manifest."""

from xlbill.accounts import Accounts, Seller
from xlbill.issuing.credit_sheet import lay_out_credit_note
from xlbill.issuing.filing import add_to_manifest, unfiled_notes
from xlbill.ledger.documents import note_of
from xlbill.ledger.records import CreditNote
from xlbill.ledger.store import Ledger
from xlbill.manifest import FileRecord, invoice_record, record_as_filed
from xlbill.problems import Problems
from xlbill.workbook import layout_bytes
from xlbill.workspace import Workspace


def credit_note_file(note: CreditNote, seller: Seller, name: str) -> tuple[bytes, FileRecord]:
    """The file of a credit note, and its record."""
    layout = lay_out_credit_note(note, seller)
    content, total = layout_bytes(layout), note.currency.text(note.total)
    return content, invoice_record(name, layout, content, note.customer, note.currency.code, total)


def password_for(customer: str, accounts: Accounts, password: str) -> str:
    """What opens a customer's documents: its own password, else the one given; blank where they need none."""
    own = (c.password for c in accounts.customers if c.code.casefold() == customer.casefold())
    return next(own, "") or password


def file_notes(ledger: Ledger, workspace: Workspace, accounts: Accounts, password: str) -> Problems:
    """Put the credit notes on their months' manifests that a killed void left out."""
    found = Problems()
    for month, numbers in unfiled_notes(ledger, workspace).items():
        records = []
        for number in numbers:
            row = ledger.row("SELECT name, sha256 FROM files WHERE number = ?", number)
            assert row is not None, f"the credit note {number} has a file"
            file = ledger.file_of(row["name"])
            note = note_of(ledger, number)
            _, record = credit_note_file(note, accounts.seller, file.name)
            filed = record_as_filed(file, row["sha256"], record, password_for(note.customer, accounts, password))
            # laid out otherwise since (another name of the seller): its hash is known all the same
            records.append(filed or FileRecord(file.name, row["sha256"]))
        found += add_to_manifest(workspace, month, records, ledger.head, {})
    return found
