"""Figures that could mean two things are told at their cell, wherever they stand: percentages of things that are
counted, and one point before three digits.
"""

from pathlib import Path

import openpyxl
import pytest

from tests.problems.readers import APPS, METERS
from tests.small_book import ACCOUNTS, BOOK
from tests.workbooks import write_workbook
from xlbill.accounts import load_accounts
from xlbill.book.load import load_book
from xlbill.periods import Month
from xlbill.problems import Problems
from xlbill.usage import read_usage

TENTH = 0.1
SLIPS = {"10% as a format": (TENTH, "0%"), "10% as text": ("10%", "General"), "10.5% as a format": (0.105, "0.0%")}
POINTS = {"1.000": "1.000", "¥1.000": "¥1.000", "12.500": "12.500", "1.000 元": "1.000 元"}


def put(path: Path, sheet: str, cell: str, value: object, number_format: str = "General") -> None:
    workbook = openpyxl.load_workbook(path)
    workbook[sheet][cell].value = value  # type: ignore[union-attr]
    workbook[sheet][cell].number_format = number_format
    workbook.save(path)


def told(found: Problems | tuple[object, ...], code: str) -> set[str]:
    return {p.place.cell for p in found if p.code == code}  # type: ignore[union-attr]


def usage_of(path: Path, value: object, number_format: str) -> Problems:
    rows = "| app | date | meter | quantity |\n| shop-1 | 2026-04-01 | rtc | 5 |\n| shop-1 | 2026-04-02 | rtc | 5 |"
    write_workbook(path, {"Usage": rows})
    put(path, "Usage", "D3", value, number_format)
    return read_usage([(path, path.name)], Month(2026, 4), APPS, METERS)[1]


@pytest.mark.parametrize("large", [False, True], ids=["read here", "as a large file"])
@pytest.mark.parametrize("slip", SLIPS)
def test_a_percentage_of_usage_is_told(tmp_path: Path, slip: str, large: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if large:
        monkeypatch.setattr("xlbill.sheets.stream.LARGE", 0)
    assert told(usage_of(tmp_path / "usage.xlsx", *SLIPS[slip]), "number-is-percent") == {"D3"}


@pytest.mark.parametrize("text", POINTS)
def test_a_point_before_three_digits_of_usage_is_told(tmp_path: Path, text: str) -> None:
    assert told(usage_of(tmp_path / "usage.xlsx", text, "General"), "number-ambiguous") == {"D3"}


def test_a_number_that_only_shows_three_decimals_is_that_number(tmp_path: Path) -> None:
    assert not list(usage_of(tmp_path / "usage.xlsx", 1, "0.000"))


@pytest.mark.parametrize(
    ("sheet", "cell"), [("Subscriptions", "D2"), ("Contracts", "E2"), ("Adjustments", "D2")], ids=lambda v: str(v)
)
@pytest.mark.parametrize("slip", [*SLIPS, *POINTS])
def test_what_is_agreed_and_ordered(tmp_path: Path, sheet: str, cell: str, slip: str) -> None:
    path = write_workbook(
        tmp_path / "accounts.xlsx",
        {
            **ACCOUNTS,
            "Contracts": f"{ACCOUNTS['Contracts']}\n| C1 | | dau | 1 | 20 | | | | 2026-01-01 | |",
            "Adjustments": f"{ACCOUNTS['Adjustments']}\n| C1 | 2026-04-02 | goodwill | -10 |",
        },
    )
    put(path, sheet, cell, *SLIPS.get(slip, (slip, "General")))
    code = "number-is-percent" if slip in SLIPS else "number-ambiguous"
    assert told(load_accounts(path)[1], code) == {cell}


@pytest.mark.parametrize("cell", ["D2", "F2", "G2"], ids=["price", "discount", "minimum"])
@pytest.mark.parametrize("text", POINTS)
def test_money_of_a_contract_with_a_point_before_three_digits_is_told(tmp_path: Path, cell: str, text: str) -> None:
    contracts = f"{ACCOUNTS['Contracts']}\n| C1 | | dau | | 20 | | | | 2026-01-01 | |"
    path = write_workbook(tmp_path / "accounts.xlsx", {**ACCOUNTS, "Contracts": contracts})
    put(path, "Contracts", cell, text)
    assert told(load_accounts(path)[1], "number-ambiguous") == {cell}


@pytest.mark.parametrize(("cell", "what"), [("F3", "quota"), ("H3", "block")])
@pytest.mark.parametrize("slip", [*SLIPS, *POINTS, "a formula"])
def test_quotas_and_blocks_of_a_price_book(tmp_path: Path, cell: str, what: str, slip: str) -> None:
    path = write_workbook(tmp_path / "small.xlsx", BOOK)
    put(path, "Charges", cell, *{**SLIPS, "a formula": ("=A1+0.1", "0%")}.get(slip, (slip, "General")))
    code = "number-ambiguous" if slip in POINTS else "number-is-percent"
    found = load_book(path)[1]
    assert (told(found, code) or told(found, "not-a-figure")) == {cell}


@pytest.mark.parametrize("text", POINTS)
def test_a_price_with_a_point_before_three_digits_is_told(tmp_path: Path, text: str) -> None:
    path = write_workbook(tmp_path / "small.xlsx", BOOK)
    put(path, "Charges", "I3", text)
    assert told(load_book(path)[1], "number-ambiguous") == {"I3"}
