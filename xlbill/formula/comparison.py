"""Which of two values is larger, as Excel orders them: numbers, then texts, then FALSE and TRUE.

>>> compare(Decimal(10), "9")  # any text is larger than any number
-1

Texts compare ignoring case, by code point (Excel follows the locale's collation; `=` and `<>` do not depend on it).
https://support.microsoft.com/office/sort-data-in-a-range-or-table-62d0b95d-2a90-4610-a6ae-2e545c4a4654
"""

from __future__ import annotations

from .values import ZERO, Number, Value, is_number


def compare(left: Value, right: Value) -> int:
    """-1, 0 or 1; an empty cell equals 0, "" and FALSE. Errors have no order: sort them out before."""
    left, right = _filled(left, right), _filled(right, left)
    first, second = rank(left), rank(right)
    if first != second:
        return -1 if first < second else 1
    return _order(left, right)


def rank(value: Value) -> int:
    """The kind of a value in Excel's order: 0 number, 1 text, 2 logical value."""
    if isinstance(value, bool):
        return 2
    return 1 if isinstance(value, str) else 0


def _filled(value: Value, other: Value) -> Value:
    """What an empty cell stands for beside another value."""
    if value is not None:
        return value
    if isinstance(other, bool):
        return False
    return "" if isinstance(other, str) else ZERO


def _order(left: Value, right: Value) -> int:
    if isinstance(left, str) and isinstance(right, str):
        first, second = left.casefold(), right.casefold()
        return (first > second) - (first < second)
    one, other = _plain(left), _plain(right)
    return (one > other) - (one < other)


def _plain(value: Value) -> Number | int:
    return value if is_number(value) else int(value is True)
