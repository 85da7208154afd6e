"""Texts in csv files: nothing in them acts, in a spreadsheet or on a terminal, and all of them come back."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases import cases
from xlbill.inert import as_it_was, inert

ACTIVE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
PIECES = st.sampled_from(
    ["\x1b[2J", "\x1b]0;a\x07", "\x9b", "\x7f", "\0", "_x001B_", "_x005F_", "_", "x", "=1", "'", "é"]
)


@pytest.mark.parametrize("text", ["\x1b[2Jshop", "a\x9b31m", "\x7f", "=\x1b", "_x001B_", "_x005F_x001B_", "__x0000_"])
def test_what_would_act_is_written(text: str) -> None:
    assert not ACTIVE.search(inert(text))
    assert as_it_was(inert(text)) == text


@pytest.mark.parametrize("text", ["a plan", "_x0041_", "first\nsecond", "a\tb", "汉字_x"])
def test_other_texts_stay(text: str) -> None:
    assert inert(text) == as_it_was(text) == text


@settings(max_examples=cases(60, 5_000))
@given(st.lists(PIECES | st.text(max_size=3), max_size=8).map("".join))
def test_all_texts_come_back(text: str) -> None:
    assert not ACTIVE.search(inert(text))
    assert as_it_was(inert(text)) == text
