"""Names made of customers' codes: they stay in their folder, on every system."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbill.sheets import safe_file_name, safe_sheet_name, same_file_name
from xlbill.sheets.names import is_file_name
from xlbill.sheets.values import Misfit, as_file_name

HOSTILE = [
    "../../etc/passwd",
    "..",
    ".",
    "",
    "CON",
    "nul.txt",
    "com1",
    "a:b",
    "a\x00b",
    "a\nb",
    "x" * 500,
    "客" * 200,
    "a. ",
    "\u202egnp",
]


@pytest.mark.parametrize("code", ["C001", "客户-001", "shop 1", "A&B"])
def test_an_ordinary_code_is_its_own_name(code: str) -> None:
    assert safe_file_name(code) == code


@pytest.mark.parametrize("code", HOSTILE)
def test_a_hostile_code_becomes_a_plain_name(code: str) -> None:
    check(safe_file_name(code))


@given(st.text())
def test_any_text_becomes_a_name(code: str) -> None:
    check(safe_file_name(code))


def check(name: str) -> None:
    assert name and len(name.encode()) <= 255
    assert Path(name).name == name and name not in (".", "..")
    assert not set(name) & set('<>:"/\\|?*') and name.isprintable()
    assert not name.endswith((" ", "."))
    assert name.split(".")[0].upper() not in ("CON", "PRN", "AUX", "NUL", "COM1", "LPT1")


@pytest.mark.parametrize("text", ["invoice.en.xlsx", "发票 2026.xlsx", "a'b.xlsx", ".hidden", "é" * 127])
def test_a_file_name_in_a_cell_is_taken_as_it_is(text: str) -> None:
    assert as_file_name(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "../a",
        "a/b",
        "a\\b",
        "/etc/passwd",
        "C:a",
        "..",
        ".",
        "a\x00b",
        "a\nb",
        "a\x1bb",
        "é" * 128,
        "客" * 86,
        "\ud800",
        "a?",
    ],
)
def test_what_leads_elsewhere_or_no_system_takes_is_no_file_name(text: str) -> None:
    assert as_file_name(text) is Misfit.NOT_A_FILE_NAME


@given(st.text())
def test_whatever_is_taken_as_a_file_name_can_be_asked_for(text: str) -> None:
    if is_file_name(text):
        assert not (Path(__file__).parent / "no such folder" / text).exists()
        assert Path(text).name == text


def test_codes_that_are_changed_stay_apart() -> None:
    assert safe_file_name("a/b") != safe_file_name("a:b") != safe_file_name("a_b")
    assert same_file_name("Shop", "shOP") and not same_file_name("a", "b")


@given(st.text(), st.lists(st.text(), max_size=3))
def test_any_text_becomes_a_sheet_name(name: str, taken: list[str]) -> None:
    safe = safe_sheet_name(name, taken)
    assert 0 < len(safe.encode("utf-16-le")) // 2 <= 31
    assert not set(safe) & set("[]:*?/\\") and not safe.startswith("'") and not safe.endswith("'")
    assert safe.casefold() not in {other.casefold() for other in taken} | {"history"}
