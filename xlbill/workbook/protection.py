"""Workbooks that need a password to open: Excel's own encryption (agile, AES-256), by msoffcrypto-tool.

The salt and the key are new every time, so the same workbook sealed twice has other bytes; what is inside is the same.
"""

import hashlib
import io
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
LONGEST = 255  # letters of a password, in Excel


def can_seal() -> bool:
    """Whether what seals workbooks is installed: the extra `secure`."""
    return find_spec("msoffcrypto") is not None


def sealed(content: bytes, password: str) -> bytes:
    """A workbook that opens with the password alone."""
    from msoffcrypto.format.ooxml import OOXMLFile

    out = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, out)
    return out.getvalue()


def unsealed(content: bytes, password: str) -> bytes | None:
    """What is inside a sealed workbook; None where it is not sealed, is damaged, or has another password."""
    from msoffcrypto import OfficeFile
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

    out = io.BytesIO()
    try:
        file = OfficeFile(io.BytesIO(content))
        if not file.is_encrypted():
            return None
        file.load_key(password=password, verify_password=True)
        file.decrypt(out, verify_integrity=True)
    except (DecryptionError, FileFormatError, InvalidKeyError, ParseError, OSError, ValueError):
        return None
    return out.getvalue()


def inside_of(path: Path, password: str) -> str:
    """The hash of what is inside a sealed file; blank where it does not open."""
    content = unsealed(path.read_bytes(), password) if password and can_seal() else None
    return hashlib.sha256(content).hexdigest() if content is not None else ""


@contextmanager
def readable(path: Path, passwords: Sequence[str]) -> Iterator[Path]:
    """A file as it can be read: itself, or where it is sealed what is inside, for a while.

    Of several passwords each is tried; where none opens it, the file is handed on as it is.
    """
    given = path.read_bytes() if any(passwords) and can_seal() else b""
    opened = (unsealed(given, password) for password in passwords if password) if given[:8] == _OLE else ()
    content = next((inside for inside in opened if inside is not None), None)
    if content is None:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="xlbill-") as folder:  # of its owner alone
        copy = Path(folder) / path.name
        copy.write_bytes(content)
        yield copy
