"""Text files: encodings, separators, and newlines inside quotes."""

from pathlib import Path

import pytest

from tests.sheets.build import csv_bytes
from xlbill.sheets import text

ROWS = [["应用", "日期", "用量"], ["shop-1", "2026-04-01", "1,5\n(两行)"]]


def knows(heading: str) -> bool:
    return heading in ("应用", "日期", "用量")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_every_encoding_and_separator(tmp_path: Path, encoding: str, separator: str) -> None:
    path = tmp_path / "usage.csv"
    path.write_bytes(csv_bytes(ROWS, encoding, separator))
    form = text.detect(path, knows)
    assert form is not None
    assert [row for _, row in text.rows(path, form)] == ROWS


def test_gb18030_only_where_known_headings_come_out(tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes("größe,menge\n".encode("latin-1"))
    assert text.detect(path, knows) is None


def test_a_quote_without_end_is_a_problem_not_a_hang(tmp_path: Path) -> None:
    from xlbill.sheets import read_workbook

    path = tmp_path / "open.csv"
    path.write_text('app,"' + "x" * 200_000, encoding="utf-8")
    assert [p.code for p in read_workbook(path, "open.csv")[1]] == ["file-damaged"]
