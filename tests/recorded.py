"""Records of files that no layout of ours made: read back, where a run never does."""

from pathlib import Path

from xlbill.audit.look import look_of
from xlbill.files import sha256_of
from xlbill.manifest import FileRecord
from xlbill.manifest.typed import cells_of
from xlbill.sheets import read_workbook
from xlbill.workbook.look import BOOK, book_digests, digests


def recorded(path: Path, customer: str, currency: str, total: str) -> FileRecord:
    """A workbook as it lies there, as if a run had just written it."""
    workbook, found = read_workbook(path)
    assert workbook is not None, found
    looks = look_of(path)
    look = {BOOK: book_digests(looks.pop(BOOK)), **digests(looks)}
    return FileRecord(path.name, sha256_of(path), customer, currency, total, cells_of(workbook), (), look)
