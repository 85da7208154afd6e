"""Rows by what they have in common: groups, and rows that say what an earlier one says."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


def grouped(rows: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """The rows of each key, in their order."""
    groups: dict[K, list[T]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def repeated(rows: Iterable[T], key: Callable[[T], Hashable]) -> Iterator[tuple[T, T]]:
    """Each row whose key an earlier one has, with the first that has it."""
    first: dict[Hashable, T] = {}
    for row in rows:
        if (same := first.setdefault(key(row), row)) is not row:
            yield row, same
