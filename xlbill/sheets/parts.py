"""Small parts of an archive, read at once: `zipfile` reads streams, which takes ten times as long for a few bytes."""

import zipfile
import zlib

SMALL = 2**16
"""Bytes of a part that is read at once."""

_HEADER, _SIGNATURE = 30, b"PK\x03\x04"
_NAME_AND_EXTRA = slice(26, 28), slice(28, 30)
_IN_UTF8, _PLAIN_FLAGS = 0x800, 0x800 | 0x08 | 0x06  # names, lengths behind the data, how hard it was packed


def read_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The bytes of a part, of the length and checksum that the directory says.

    Of what is large or in any way unusual or wrong `zipfile` itself reads, or tells, what it is.
    """
    content = _stored(archive, entry) if entry.file_size <= SMALL and not entry.flag_bits & ~_PLAIN_FLAGS else None
    if content is None or len(content) != entry.file_size or zlib.crc32(content) != entry.CRC:
        return archive.read(entry)
    return content


def _stored(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | None:
    """What stands at a part's place, as far as its own header agrees with the directory."""
    file = archive.fp
    if file is None or entry.compress_size > 2 * SMALL:
        return None
    file.seek(entry.header_offset)
    header = file.read(_HEADER)
    name, extra = (int.from_bytes(header[part], "little") for part in _NAME_AND_EXTRA)
    encoding = "utf-8" if entry.flag_bits & _IN_UTF8 else "cp437"
    if header[:4] != _SIGNATURE or file.read(name) != entry.orig_filename.encode(encoding, "replace"):
        return None
    file.seek(extra, 1)
    data = file.read(entry.compress_size)
    if entry.compress_type == zipfile.ZIP_STORED:
        return data
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        return None
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, entry.file_size + 1)
    except zlib.error:
        return None
