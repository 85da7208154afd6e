"""Functions of texts; positions and lengths count characters, and one cell holds 32,767.

https://support.microsoft.com/office/text-functions-reference-cccd86ad-547d-4ea9-a065-7bb697c2a56e
"""

from __future__ import annotations

import re
from decimal import Decimal

from ..arithmetic import MAX_EXPONENT, divide, whole
from ..coercion import number_of, to_number, to_text
from ..values import MAX_TEXT, ONE, ZERO, ExcelError, Number, Operand, Value, is_number
from .series import flatten

_FIGURE = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)


def fitting(text: str) -> str | ExcelError:
    """A text that a cell can hold; a longer one is #VALUE!."""
    return text if len(text) <= MAX_TEXT else ExcelError.VALUE


def concatenate(*operands: Operand) -> str | ExcelError:
    """CONCAT("超出 ", n) joins values, and all cells of ranges."""
    return text_join("", False, *operands)


def text_join(delimiter: str, skip_empty: bool, *operands: Operand) -> str | ExcelError:
    """TEXTJOIN("、", TRUE, A1:A9)."""
    parts: list[str] = []
    length = -len(delimiter)
    for value in flatten(operands):
        part = to_text(value)
        if isinstance(part, ExcelError):
            return part
        if part or not skip_empty:
            parts.append(part)
            length += len(delimiter) + len(part)
        if length > MAX_TEXT:  # before a million cells are joined
            return ExcelError.VALUE
    return delimiter.join(parts)


def left(text: str, length: Number = ONE) -> str | ExcelError:
    """LEFT("invoice", 2) is "in"."""
    return text[: whole(length)] if length >= 0 else ExcelError.VALUE


def right(text: str, length: Number = ONE) -> str | ExcelError:
    """RIGHT("invoice", 3) is "ice"."""
    return text[max(len(text) - whole(length), 0) :] if length >= 0 else ExcelError.VALUE


def middle(text: str, start: Number, length: Number) -> str | ExcelError:
    """MID("2024-01-31", 6, 2) is "01"."""
    begin = whole(start) - 1
    return text[begin : begin + whole(length)] if begin >= 0 and length >= 0 else ExcelError.VALUE


def length(text: str) -> Number:
    """LEN("环信") is 2."""
    return Decimal(len(text))


def trim(text: str) -> str:
    """TRIM("  a   b ") is "a b": spaces only."""
    return re.sub(" +", " ", text).strip(" ")


def upper(text: str) -> str:
    """UPPER("im") is "IM"."""
    return text.upper()


def lower(text: str) -> str:
    """LOWER("IM") is "im"."""
    return text.lower()


def repeat(text: str, times: Number) -> str | ExcelError:
    """REPT("ab", 3) is "ababab"."""
    count = whole(times)
    if times < 0 or len(text) * count > MAX_TEXT:
        return ExcelError.VALUE
    return text * count if text else ""


def substitute(text: str, old: str, new: str, occurrence: Number | None = None) -> str | ExcelError:
    """SUBSTITUTE("a-b-c", "-", "/", 2) is "a-b/c"; without the number all are replaced."""
    if occurrence is None:
        if old and len(text) + text.count(old) * (len(new) - len(old)) > MAX_TEXT:
            return ExcelError.VALUE
        return text.replace(old, new) if old else text
    if occurrence < 1:
        return ExcelError.VALUE
    parts, which = text.split(old) if old else [text], whole(occurrence)
    if which >= len(parts):
        return text
    return fitting(old.join(parts[:which]) + new + old.join(parts[which:]))


def find(wanted: str, text: str, start: Number = ONE) -> Number | ExcelError:
    """FIND("o", "foo") is 2: where a text begins in another, capitals told apart; nowhere is #VALUE!."""
    begin = whole(start) - 1
    position = text.find(wanted, begin) if 0 <= begin <= len(text) else -1
    return ExcelError.VALUE if position < 0 else Decimal(position + 1)


def search(wanted: str, text: str, start: Number = ONE) -> Number | ExcelError:
    """SEARCH("b*d", "aBcd") is 2: capitals are the same, ? is one character and * any text, ~? a question mark.

    https://support.microsoft.com/office/search-searchb-functions-9ab04538-0e55-4719-a72e-b6f54513b495
    """
    begin = whole(start) - 1
    if not 0 <= begin <= len(text):
        return ExcelError.VALUE
    first, at = None, begin
    for part in _parts(wanted):  # between asterisks: the first place of each leaves most room to the next
        place = re.compile(part, re.IGNORECASE | re.DOTALL).search(text, at)
        if place is None:
            return ExcelError.VALUE
        first = place.start() if first is None else first
        at = place.end()
    return Decimal((begin if first is None else first) + 1)


def _parts(pattern: str) -> list[str]:
    """The expressions between the asterisks of a pattern."""
    parts = [""]
    for sign in re.findall(r"~[*?~]|.", pattern, re.DOTALL):
        if sign == "*":
            parts.append("")
        else:
            parts[-1] += "." if sign == "?" else re.escape(sign[-1])
    return parts


def replace(text: str, start: Number, length: Number, new: str) -> str | ExcelError:
    """REPLACE("2024-01", 1, 4, "2025") is "2025-01"."""
    begin = whole(start) - 1
    if begin < 0 or length < 0:
        return ExcelError.VALUE
    return fitting(text[:begin] + new + text[begin + whole(length) :])


def number_value(text: str, point: str = ".", separator: str = ",") -> Number | ExcelError:
    """NUMBERVALUE("1.234,5", ",", ".") is 1234.5; blanks do not count, nothing is 0, and 9%% is 0.0009.

    https://support.microsoft.com/office/numbervalue-function-1b05c8cf-2bfa-4437-af70-596c7ea7d879
    """
    if not point or not separator or point[0] == separator[0]:
        return ExcelError.VALUE
    bare = text.replace(" ", "")
    digits = bare.rstrip("%")
    percents = len(bare) - len(digits)
    units, mark, places = digits.partition(point[0])
    units = units.replace(separator[0], "")
    plain = units + ("." if mark else "") + places
    if not bare:
        return ZERO
    if not _FIGURE.fullmatch(plain) or (point[0] != "." and "." in units) or percents > MAX_EXPONENT:
        return ExcelError.VALUE
    number = number_of(plain)
    return number if isinstance(number, ExcelError) else divide(number, Decimal(10 ** (2 * percents)))


def exact(first: str, second: str) -> bool:
    """EXACT("IM", "im") is FALSE, where "IM"="im" is TRUE."""
    return first == second


def value(content: Value) -> Number | ExcelError:
    """VALUE("6%") is 0.06; a logical value has none."""
    if isinstance(content, bool):
        return ExcelError.VALUE
    return number_of(content) if isinstance(content, str) else to_number(content)


def number(content: Value) -> Value:
    """N("text") is 0, N(TRUE) is 1."""
    if is_number(content) or isinstance(content, ExcelError):
        return content
    return ONE if content is True else ZERO
