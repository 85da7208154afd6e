"""Numbers, texts, names and cell references as they stand in a formula.

>>> operand("'用量 6'!$C$3:$C$33")
Range(first=Ref(sheet='用量 6', column=3, row=3, ...), last=Ref(sheet='用量 6', column=3, row=33, ...))
"""

from __future__ import annotations

import re
import unicodedata

from xlbill.cells import CELL, column_number

from .arithmetic import EXACT, bounded
from .tree import MAX_COLUMN, MAX_ROW, Bool, Err, Expr, Name, Num, Range, Ref, Text
from .values import ExcelError

_NUMBER = re.compile(r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)
_SHEET = r"(?:(?:(?P<sheet>[^\W\d][\w.]*)|'(?P<quoted>(?:[^']|'')+)')!)?"
_CELL = re.compile(_SHEET + CELL)
_COLUMN = re.compile(_SHEET + r"(?P<cabs>\$?)(?P<column>[A-Za-z]{1,3})")
_ROW = re.compile(_SHEET + r"(?P<rabs>\$?)(?P<row>[1-9][0-9]{0,6})")
_NAME = re.compile(r"[^\W\d]\w*(?:\.\w+)*")
# Punctuation of Chinese texts that Unicode does not fold into the ASCII sign.
_FOLDED = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "、": ",", "。": ".", "×": "*", "÷": "/", "－": "-",
                         "−": "-", "≥": ">=", "≤": "<=", "≠": "<>"})  # fmt: skip


def operand(text: str) -> Expr | None:
    """The node of one operand, or None if it is none."""
    if text.startswith('"'):
        return Text(text[1:-1].replace('""', '"'))
    if text.upper() in ("TRUE", "FALSE"):
        return Bool(text.upper() == "TRUE")
    if _NUMBER.fullmatch(text):
        number = EXACT.create_decimal(text)
        return None if isinstance(bounded(number), ExcelError) else Num(number)
    if text.startswith("#"):
        return next((Err(error) for error in ExcelError if error.value == text), None)
    return _reference(text) or (Name(text) if _NAME.fullmatch(text) else None)


def ascii_spelling(text: str) -> str | None:
    """A text with full-width signs as Excel writes them: `SUM（A1，B1）` is SUM(A1,B1); None if it has none."""
    folded = unicodedata.normalize("NFKC", text).translate(_FOLDED)
    return folded if folded != text else None


def _reference(text: str) -> Ref | Range | None:
    if ":" not in text:
        return _corner(_CELL, text)
    left, _, right = text.rpartition(":")
    for shape in (_CELL, _COLUMN, _ROW):
        first, last = _corner(shape, left), _corner(shape, right)
        if first and last and last.sheet in (None, first.sheet):
            return _ordered(first, last)
    return None


def _corner(shape: re.Pattern[str], text: str) -> Ref | None:
    """A cell, or the beginning of a whole column or row; 0 stands for the direction that is whole."""
    found = shape.fullmatch(text)
    if found is None:
        return None
    parts = found.groupdict(default="")
    sheet = parts["sheet"] or parts["quoted"].replace("''", "'") or None
    column, row = column_number(parts.get("column", "")), int(parts.get("row", 0))
    if column > MAX_COLUMN or row > MAX_ROW or re.search(r"[\[\]:*?/\\]", sheet or ""):
        return None
    return Ref(sheet, column, row, parts.get("cabs") == "$", parts.get("rabs") == "$")


def _ordered(first: Ref, last: Ref) -> Range:
    """A range from its upper left to its lower right: B9:A1 is A1:B9."""
    columns = sorted([(first.column or 1, first.column_absolute), (last.column or MAX_COLUMN, last.column_absolute)])
    rows = sorted([(first.row or 1, first.row_absolute), (last.row or MAX_ROW, last.row_absolute)])
    upper, lower = (
        Ref(first.sheet, column, row, column_absolute, row_absolute)
        for (column, column_absolute), (row, row_absolute) in zip(columns, rows, strict=True)
    )
    return Range(upper, lower)
