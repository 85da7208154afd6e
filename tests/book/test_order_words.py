"""By which words an order finds a thing of the price book."""

from pathlib import Path

import pytest

from tests.book.books import read
from xlbill.book.lookup import find_items

# item, option, what is meant
WORDS = (
    ("im.pro", None, ["im.pro"]),
    ("IM.PRO", None, ["im.pro"]),
    ("pro", None, ["im.pro"]),
    ("Pro", None, ["im.pro"]),
    ("im", "pro", ["im.pro"]),
    ("Chat", "Pro", ["im.pro"]),
    ("im", None, []),
    ("standard", None, ["check.standard"]),
    ("store", "30", ["store.30"]),
    ("Store", "30", ["store.30"]),
    ("store", "31", []),
    ("store", None, []),
    ("store.60", None, ["store.60"]),
    ("talk_30", None, ["talk_30"]),
    ("30 minutes", None, ["talk_30"]),
    ("talk_30", "30", []),
    ("nothing", None, []),
)


@pytest.mark.parametrize(("item", "option", "meant"), WORDS)
def test_words_name_one_thing_or_none(tmp_path: Path, item: str, option: str | None, meant: list[str]) -> None:
    book, _ = read(tmp_path, {})
    assert [found.code for found in find_items(book, item, option)] == meant


def test_two_things_of_one_name_are_both_found(tmp_path: Path) -> None:
    book, _ = read(tmp_path, {"Plans": ("| check | standard | Check minimum |", "| check | pro | Check minimum |")})
    assert [found.code for found in find_items(book, "pro", None)] == ["im.pro", "check.pro"]
    assert [found.code for found in find_items(book, "im.pro", None)] == ["im.pro"]
