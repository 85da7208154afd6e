"""What the system and libraries say is told in Chinese, too: every way of breaking a text has words."""

import errno
import re
import sqlite3
from collections.abc import Callable

import pytest

from xlbill.book.data_tree import parse_text
from xlbill.language import Label
from xlbill.refusals import in_words, why

YAML_TEXTS = (
    *("a: b: c", "- a\nb: c", "a: [1, 2", "a: {b", "a: 'x", 'a: "\\q"', "a:\n\t- b", "a: *b", "a: &b 1\nc: &b 2"),
    *("--- a\n--- b", "a: @x", "%YAML 9.9\na", "a\nb: c", "a: !x!y z", "a: |9x\n", "a: %b", "!<tag a", "? a\n- b\nc"),
    *("a: \x00", "a: ]", "a: 'b\n---\nc'", "&: a", "*", '"\\x1"', "%A\n--- a", "a: >0\n b", "{a: b]", "[a: {b]"),
    *("%TAG ! tag:a\n%TAG ! tag:b\n--- a", "a: ! 1\n b", "%YAML 1.1\n%YAML 1.1\n--- a", "a: b\na: c", "[{a: [{"),
)
JSON_TEXTS = ('{"a" 1}', "{a: 1}", '{"a": }', "[1 2]", "[1, ]", "1 2", '["a\nb"]', r'["\q"]', '["a', r'["\u12"]', "{")


@pytest.mark.parametrize(("text", "is_json"), [(t, False) for t in YAML_TEXTS] + [(t, True) for t in JSON_TEXTS])
def test_a_broken_text_is_told_in_chinese(text: str, is_json: bool) -> None:
    _, found = parse_text(text, "book.yaml", is_json=is_json)
    for one in found:
        assert not re.search(r"[a-z]{2,} [a-z]{2,}|原文", one.message("zh")), one.message("zh")


def test_most_of_these_texts_are_broken() -> None:
    broken = [text for text in YAML_TEXTS if parse_text(text, "book.yaml", is_json=False)[1]]
    assert len(broken) > 25


def of_sqlite() -> None:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("SELECT 1 FROM entries")


REFUSALS: dict[str, Callable[[], object]] = {
    "缺少表 entries": of_sqlite,
    "不是 UTF-8 编码的文本": lambda: b"\xff\xfe".decode(),
}


@pytest.mark.parametrize("zh", REFUSALS)
def test_a_refusal_of_a_library(zh: str) -> None:
    with pytest.raises(Exception) as raised:
        REFUSALS[zh]()
    assert why(raised.value).zh == zh


def test_what_has_no_chinese_is_quoted() -> None:
    assert in_words("out of cheese") == Label("原文“out of cheese”", "out of cheese")
    assert why(OSError(errno.ENOSPC, "full")).zh == "磁盘已满"
    assert why(KeyError()).en == "KeyError"
