"""Names that every system accepts: of files and sheets that are called after somebody's code."""

import hashlib
import re
import unicodedata
from collections.abc import Collection

_FORBIDDEN_IN_FILES = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_TAKEN_AT_THE_START = "-~="  # an option of a command (-rf), Excel's lock files (~$), a formula where it is pasted
_MAX_FILE_BYTES = 200  # of 255: the caller adds a month, a number and an ending
_LONGEST_NAME = 255  # bytes, on every system in use
_FORBIDDEN_IN_SHEETS = re.compile(r"[\[\]:*?/\\]")
_MAX_SHEET_UNITS = 31


def safe_file_name(code: str) -> str:
    """A file name for a customer's code that stays inside its folder on every system; the code itself where it can.

    What had to be changed gets a short mark of the original, so that two codes do not become one name.

    >>> safe_file_name("客户-001"), safe_file_name("../etc/passwd")
    ('客户-001', '_etc_passwd~7fef78')
    """
    spaced = re.sub(r"\s", " ", unicodedata.normalize("NFC", code))
    name = "".join(char for char in spaced if _is_printable(char))
    name = _FORBIDDEN_IN_FILES.sub("_", name).strip(" .")
    if _RESERVED.fullmatch(name) or not name or name[0] in _TAKEN_AT_THE_START:
        name = f"_{name}"
    name = _cut_bytes(name, _MAX_FILE_BYTES)
    if name == code:
        return name
    return f"{name}~{hashlib.sha256(code.encode('utf-8', 'surrogatepass')).hexdigest()[:6]}"


def is_file_name(text: str) -> bool:
    """Whether a text can be the name of a file that somebody keeps in a folder: a name alone, on every system.

    >>> [is_file_name(text) for text in ("发票.xlsx", "../accounts.xlsx", "C:x", "a\\0b", "..", "é" * 200)]
    [True, False, False, False, False, False]
    """
    return (
        bool(text.strip(". "))
        and len(text.encode("utf-8", "surrogatepass")) <= _LONGEST_NAME
        and all(_is_printable(char) for char in text)
        and not _FORBIDDEN_IN_FILES.search(text)
    )


def same_file_name(first: str, second: str) -> bool:
    """Whether two names are one file where case and the way of composing accents do not count (Windows, macOS)."""
    return _folded(first) == _folded(second)


def safe_sheet_name(name: str, taken: Collection[str] = ()) -> str:
    """A sheet's name within Excel's rules, and none of those taken, ignoring case: `Usage`, `Usage (2)` ...

    >>> safe_sheet_name("a/b: [x]", {"A B   X"})
    'a b   x (2)'
    """
    text = "".join(c for c in _FORBIDDEN_IN_SHEETS.sub(" ", name) if _is_printable(c)).strip("' ")
    used = {_folded(other) for other in (*taken, "History")}
    base = candidate = _cut_units(text, _MAX_SHEET_UNITS) or "Sheet"
    number = 2
    while _folded(candidate) in used:
        ending = f" ({number})"
        candidate = _cut_units(base, _MAX_SHEET_UNITS - len(ending)) + ending
        number += 1
    return candidate


def _is_printable(char: str) -> bool:
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _cut_bytes(text: str, limit: int) -> str:
    return text.encode()[:limit].decode(errors="ignore").rstrip(" .")


def _cut_units(text: str, limit: int) -> str:
    """The first UTF-16 units of a text, which is how Excel counts."""
    return text.encode("utf-16-le")[: limit * 2].decode("utf-16-le", errors="ignore").rstrip("' ")
