"""Records of files as they are written, and the record of a file that lies somewhere."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from xlbill.files import sha256_of
from xlbill.manifest.record import FileRecord, Manifest
from xlbill.manifest.typed import cells_written
from xlbill.workbook.layout import Layout
from xlbill.workbook.look import look_written


def invoice_record(name: str, layout: Layout, content: bytes, customer: str, currency: str, total: str) -> FileRecord:
    """An invoice's record, made of its layout and of the bytes that go to disk: the file is not read again."""
    sha256 = hashlib.sha256(content).hexdigest()
    look = look_written(layout, content)
    return FileRecord(name, sha256, customer, currency, total, cells_written(layout), layout.trace, look)


def record_of(path: Path) -> FileRecord:
    """A file by its hash alone, as suits a register or a csv."""
    return FileRecord(path.name, sha256_of(path))


def record_in(name: str, sha256: str, manifests: Sequence[Manifest]) -> FileRecord | None:
    """What the manifests have on record of a file: by its bytes, whatever it is called now, else by its name."""
    of_name = [manifest.files[name] for manifest in manifests if name in manifest.files]
    same = [file for manifest in manifests for file in manifest.files.values() if file.sha256 == sha256]
    return next((file for file in same if file.name == name), None) or next(iter([*same, *of_name]), None)
