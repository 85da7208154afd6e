"""The front door: what docs/python.md says, and that it costs nothing until it is used."""

import doctest
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

import xlbill
from tests.test_example_month import APRIL, EXAMPLES, ROOT, copied, rows
from xlbill.api import Number

BOOK = ROOT / "price_tables" / "easemob-im-2026.xlsx"


@pytest.mark.parametrize("page", ["python.md", pytest.param("python.zh.md", marks=pytest.mark.many)])
def test_the_manual_s_examples_come_out(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied(EXAMPLES, tmp_path / "examples")
    copied(ROOT / "price_tables", tmp_path / "price_tables")
    monkeypatch.chdir(tmp_path)
    failed, tried = doctest.testfile(str(ROOT / "docs" / page), module_relative=False, encoding="utf-8")
    assert tried > 10
    assert not failed


def test_importing_xlbill_and_asking_for_help_load_no_workbook_library() -> None:
    heavy = "openpyxl", "xlsxwriter", "rich", "python_calamine"
    code = f"import sys, xlbill, xlbill.cli; dir(xlbill); print([m for m in {heavy} if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_every_name_of_the_front_door_is_there() -> None:
    assert set(dir(xlbill)) == set(xlbill.__all__)
    assert all(getattr(xlbill, name) is not None for name in xlbill.__all__)
    with pytest.raises(AttributeError, match="opn_book"):
        _ = xlbill.opn_book  # type: ignore[attr-defined]


def test_the_bills_of_a_month_are_those_that_the_command_writes(tmp_path: Path) -> None:
    month = xlbill.open_workspace(copied(EXAMPLES, tmp_path)).month("2026-04")
    billed = {bill.customer: bill for bill in month.bills()}
    assert {code: str(bill.total) for code, bill in billed.items()} == {row[0]: row[1] for row in rows(APRIL)}
    assert not (tmp_path / "invoices").exists()
    month.run()
    for bill in billed.values():
        saved = bill.save(tmp_path / "saved")
        assert saved.read_bytes() == (tmp_path / "invoices" / "2026-04" / saved.name).read_bytes()


@pytest.mark.parametrize(
    ("usage", "code"),
    [
        ({"dua": 3}, "usage-unknown-meter"),
        ({"moderation": 3}, "usage-without-dimension"),
        ({"moderation:nonsense": 3}, "usage-unknown-dimension"),
    ],
)
def test_a_quote_for_usage_that_the_book_does_not_know_is_refused(usage: dict[str, int], code: str) -> None:
    book = xlbill.open_book(BOOK)
    assert book.book is not None
    (meter,) = [m.code for m in book.book.meters.values() if m.dimensions][:1]
    known = {word.replace("moderation", meter): figure for word, figure in usage.items()}
    with pytest.raises(xlbill.Refused) as refused:
        book.quote("im.pro", usage=known, month="2026-04")
    assert [p.code for p in refused.value.problems] == [code]


def test_a_book_that_cannot_be_read_has_problems_and_quotes_nothing(tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    book = xlbill.open_book(tmp_path / "book.xlsx")
    assert not book.sound and [p.stops for p in book.problems] == ["file"]
    with pytest.raises(xlbill.Refused):
        book.quote("im.pro", month="2026-04")


def test_a_wrong_month_or_line_is_a_mistake_of_the_caller() -> None:
    book = xlbill.open_book(BOOK)
    with pytest.raises(ValueError, match="2026-04"):
        book.quote("im.pro", month="April")
    with pytest.raises(LookupError, match=r"im\.pro"):
        book.quote("im.pro", month="2026-04").line("dau")


@pytest.mark.parametrize(("given", "exact"), [(31_000, "31000"), (0.1, "0.1"), ("0.10", "0.10"), (Decimal(7), "7")])
def test_usage_is_taken_as_it_is_written(given: Number, exact: str) -> None:
    (meter,) = xlbill.open_book(BOOK).quote("im.pro", usage={"dau": given}, month="2026-04").rated.usage[:1]
    assert meter.columns[0].days[0][1].value == Decimal(exact)
