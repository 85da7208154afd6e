"""Records of files as they are written, and the record of a file that lies somewhere."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from xlbill.files import sha256_of
from xlbill.manifest.record import FileRecord, Manifest
from xlbill.manifest.typed import cells_written
from xlbill.workbook.drawn import look_written
from xlbill.workbook.layout import Layout
from xlbill.workbook.protection import inside_of, sealed


def invoice_record(name: str, layout: Layout, content: bytes, customer: str, currency: str, total: str) -> FileRecord:
    """An invoice's record, made of its layout and of the bytes that go to disk: the file is not read again."""
    sha256 = hashlib.sha256(content).hexdigest()
    look = look_written(layout, content)
    return FileRecord(name, sha256, customer, currency, total, cells_written(layout), layout.trace, look)


def sealed_record(content: bytes, record: FileRecord, password: str) -> tuple[bytes, FileRecord]:
    """A workbook's bytes as they go to disk, and their record: as they are, or in need of a password."""
    if not password:
        return content, record
    locked = sealed(content, password)
    return locked, replace(record, sha256=hashlib.sha256(locked).hexdigest(), content=record.sha256)


def record_as_filed(path: Path, sha256: str, record: FileRecord, password: str) -> FileRecord | None:
    """The record of a workbook made again, as its file of this hash lies there; None where that holds another one."""
    if record.sha256 == sha256:
        return record
    inside = inside_of(path, password) if path.is_file() else ""
    return replace(record, sha256=sha256, content=inside) if inside == record.sha256 else None


def record_of(path: Path) -> FileRecord:
    """A file by its hash alone, as suits a register or a csv."""
    return FileRecord(path.name, sha256_of(path))


def record_in(name: str, sha256: str, manifests: Sequence[Manifest]) -> FileRecord | None:
    """What the manifests have on record of a file: by its bytes, whatever it is called now, else by its name."""
    of_name = [manifest.files[name] for manifest in manifests if name in manifest.files]
    same = [file for manifest in manifests for file in manifest.files.values() if file.is_of(sha256)]
    return next((file for file in same if file.name == name), None) or next(iter([*same, *of_name]), None)
