"""The zip that an xlsx file is, written by hand: the same parts always give the same bytes, whoever made them.

A part that stays the same for many workbooks is deflated once and put into each of them as it is.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from struct import Struct

_LOCAL = Struct("<4s5H3L2H")
_CENTRAL = Struct("<4s6H3L5H2L")
_END = Struct("<4s4H2LH")
_VERSION, _DEFLATED, _MIDNIGHT, _NEW_YEAR_1980 = 20, 8, 0, 33  # what Excel itself dates its parts by
_OFTEN_NEW = ("xl/worksheets/sheet", "xl/sharedStrings", "xl/charts/chart", "docProps/core")
_QUICK, _SMALL = 1, 6
_NEAR = 14  # rows are like those above them: a window of 16 KB finds them, and is set up in half the time


@dataclass(frozen=True, slots=True)
class PackedPart:
    """A part ready for the zip: its name within the file, checksum and size, and its deflated bytes."""

    name: str
    checksum: int
    size: int
    deflated: bytes


def entry_of(name: str, content: bytes) -> PackedPart:
    """A part deflated: those that are new in every workbook quickly, the others as small as is usual."""
    quick = name.startswith(_OFTEN_NEW)
    deflate = zlib.compressobj(_QUICK if quick else _SMALL, zlib.DEFLATED, -_NEAR if quick else -zlib.MAX_WBITS)
    return PackedPart(name, zlib.crc32(content), len(content), deflate.compress(content) + deflate.flush())


def package(entries: Iterable[PackedPart]) -> bytes:
    """The file of some parts, in their order."""
    parts: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for entry in entries:
        name = entry.name.encode("ascii")
        told = (
            *(_VERSION, 0, _DEFLATED, _MIDNIGHT, _NEW_YEAR_1980),
            *(entry.checksum, len(entry.deflated), entry.size, len(name), 0),
        )
        parts += [_LOCAL.pack(b"PK\3\4", *told), name, entry.deflated]
        directory += [_CENTRAL.pack(b"PK\1\2", _VERSION, *told, 0, 0, 0, 0, offset), name]
        offset += _LOCAL.size + len(name) + len(entry.deflated)
    size, count = sum(map(len, directory)), len(directory) // 2
    return b"".join([*parts, *directory, _END.pack(b"PK\5\6", 0, 0, count, count, size, offset, 0)])
