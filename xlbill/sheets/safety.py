"""What a file really is, and whether it is safe to read: looked at before any parser sees it.

The content decides, not the name's ending. Archives are judged by their central directory, before anything in them is
unpacked: a zip bomb promises gigabytes there, and a promise that is too small is caught when the part is read (its
length and checksum are those of the directory).
"""

import stat
import zipfile
import zlib
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import BinaryIO

from xlbill.cells import Place
from xlbill.problems import Problem, Problems, problem
from xlbill.refusals import NOT_ORDINARY, refusal
from xlbill.sheets.parts import SMALL, read_part


class Format(Enum):
    """What can be read; the value of a member is the endings that belong to it."""

    XLSX = (".xlsx", ".xlsm", ".xltx", ".xltm")
    XLSB = (".xlsb",)
    XLS = (".xls", ".xlt")
    ODS = (".ods", ".ots", ".fods")
    PARQUET = (".parquet",)
    TEXT = (".csv", ".tsv", ".txt", ".tab")


MAX_FILE_BYTES = 256 * 2**20
MAX_ENTRIES = 1_000
MAX_UNPACKED_BYTES = 1_024 * 2**20
MAX_RATIO = 200  # honest sheets pack 5 to 50 times
RATIO_MATTERS_FROM = 16 * 2**20
BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,  # an unknown way of packing
    RuntimeError,  # an entry with a password
    OSError,
    ValueError,  # impossible offsets and dates, bytes that are no text
    LookupError,  # parts that are not there, encodings that nobody knows
)
"""What `zipfile` and the parsing of its parts raise for archives that are not what they claim."""

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")  # xls of before 1995, without a container
_PARQUET, _PARQUET_ENCRYPTED = b"PAR1", b"PARE"
_MARKUP = (b"<?xml", b"<html", b"<!doctype", b"<table", b"<meta", b"mime-version:")
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_SAMPLE = 64 * 1024


def inspect(path: Path, shown: str, most_text: int | None = None) -> tuple[Format | None, Problems]:
    """The format of a file by its content, or None and the reason why it is not read.

    `most_text` are the bytes that a text file may have for a reader that holds no more than a part of it.
    """
    place = Place(shown)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return None, Problems([problem("file-unreadable", place, reason=NOT_ORDINARY)])
        if status.st_size == 0:
            return None, Problems([problem("file-empty", place)])
        with path.open("rb") as file:
            most = most_text if most_text is not None and _may_be_text(file) else MAX_FILE_BYTES
            if status.st_size > most:
                return None, Problems([_too_large(place, status.st_size, most)])
            found = _look_inside(file, place)
    except OSError as error:
        return None, Problems([problem("file-unreadable", place, reason=refusal(error))])
    if isinstance(found, Problem):
        return None, Problems([found])
    if path.suffix.lower() in found.value:
        return found, Problems()
    return found, Problems([problem("wrong-extension", place, found=path.suffix, format=found.name.lower())])


def _may_be_text(file: BinaryIO) -> bool:
    """Whether a file does not begin as a workbook or a parquet file does."""
    start = file.read(8)
    file.seek(0)
    return not start.startswith((_ZIP, _OLE, *_BIFF, _PARQUET, _PARQUET_ENCRYPTED))


def _look_inside(file: BinaryIO, place: Place) -> Format | Problem:
    start = file.read(_SAMPLE)
    if start.startswith(_ZIP):
        return _archive_format(file, place)
    if start.startswith(_OLE):
        return _ole_format(start + file.read(), place)
    if start.startswith(_BIFF):
        return Format.XLS
    if start.startswith(_PARQUET_ENCRYPTED):
        return problem("file-encrypted", place)
    if start.startswith(_PARQUET):
        return Format.PARQUET
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        return problem("file-is-markup", place)
    if b"\0" in start and not start.startswith(_BYTE_ORDER_MARKS[1:]):
        return problem("file-unknown", place)
    return problem("file-unknown", place) if start.startswith(b"%PDF") else Format.TEXT


def _ole_format(content: bytes, place: Place) -> Format | Problem:
    """An OLE container: its streams' names stand in it as UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return problem("file-encrypted", place)
    names = ("Workbook", "WORKBOOK", "Book", "BOOK")
    return Format.XLS if any(name.encode("utf-16-le") in content for name in names) else problem("file-unknown", place)


def _archive_format(file: BinaryIO, place: Place) -> Format | Problem:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = {part_name(entry.filename): entry for entry in archive.infolist()}
            if trouble := _archive_trouble(archive.infolist(), place):
                return trouble
            if len(entries) < len(archive.infolist()):
                return _part_twice(archive.infolist(), place)
            if any(name.startswith("xl/") and name.endswith("workbook.bin") for name in entries):
                return Format.XLSB
            if "content.xml" in entries and "[content_types].xml" not in entries:
                return _ods_format(archive, entries, place)
            if any(_has_doctype(archive, entries[name]) for name in entries if _is_unread(name)):
                return problem("file-has-doctype", place)
    except BROKEN_ARCHIVE:
        return problem("file-damaged", place)
    if "[content_types].xml" in entries and not any(name.startswith(("word/", "ppt/")) for name in entries):
        return Format.XLSX
    return problem("file-unknown", place)


def _archive_trouble(entries: list[zipfile.ZipInfo], place: Place) -> Problem | None:
    unpacked, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
    if len(entries) > MAX_ENTRIES:
        return problem("archive-of-too-many-parts", place, found=f"{len(entries):,}", limit=f"{MAX_ENTRIES:,}")
    if unpacked > MAX_UNPACKED_BYTES:
        return _too_large(place, unpacked, MAX_UNPACKED_BYTES)
    if unpacked > RATIO_MATTERS_FROM and unpacked > MAX_RATIO * packed:
        return problem("archive-bomb", place, found=_mebibytes(unpacked), packed=_mebibytes(packed))
    return None


def _part_twice(entries: list[zipfile.ZipInfo], place: Place) -> Problem:
    """Two parts of one name: each program reads another one of them."""
    names = [part_name(entry.filename) for entry in entries]
    return problem("part-twice", place, found=next(name for name in names if names.count(name) > 1))


def _ods_format(archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], place: Place) -> Format | Problem:
    manifest = entries.get("meta-inf/manifest.xml")
    if manifest is not None and b"encryption-data" in archive.read(manifest):
        return problem("file-encrypted", place)
    for name in ("content.xml", "meta-inf/manifest.xml", "styles.xml"):
        if name in entries and _has_doctype(archive, entries[name]):
            return problem("file-has-doctype", place)
    return Format.ODS


def _is_unread(name: str) -> bool:
    """Whether a part of an xlsx file is XML that no reader of sheets goes through, and other programs do."""
    return name.endswith((".rels", ".xml", ".vml")) and not name.startswith(("xl/worksheets/sheet", "xl/sharedstrings"))


_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))


def _has_doctype(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    if entry.file_size <= SMALL:
        content = read_part(archive, entry)
        return any(mark in content for mark in _DOCTYPES)
    with archive.open(entry) as part:
        seen = b""
        while chunk := part.read(2**20):
            if any(mark in seen + chunk for mark in _DOCTYPES):
                return True
            seen = chunk[-32:]
    return False


def part_name(name: str) -> str:
    """The name of an archive's part as it is looked up: without a leading slash, ignoring case."""
    return name.replace("\\", "/").lstrip("/").lower()


def _too_large(place: Place, size: int, limit: int) -> Problem:
    return problem("file-too-large", place, found=_mebibytes(size), limit=_mebibytes(limit))


def _mebibytes(size: int) -> str:
    return f"{size / 2**20:,.0f} MiB" if size >= 10 * 2**20 else f"{size / 2**20:.1f} MiB"
