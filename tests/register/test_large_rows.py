"""A sheet too large to be held is the one that XlsxWriter writes, byte for byte."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from xlbill.workbook import write_layout
from xlbill.workbook.layout import CellContent, LaidCell, Layout, MoreRows, Sheet
from xlbill.workbook.style import PLAIN, CellStyle

CONTENTS = (
    *("a", " b ", "", '<x>&"', "=A1", "a\nb", "中文", "\x01x", "_x0041_", None),
    *map(Decimal, ("1.1", "0", "-12345678.912345678", "-0", "1E+20", "1E-7", "0.1")),
)
LOOKS = (PLAIN, replace(PLAIN, number_format="0.00"), replace(PLAIN, number_format="#,##0"))


def cells() -> Iterator[LaidCell]:
    for row, keys in rows():
        for column, key in enumerate(keys, start=1):
            yield LaidCell(row, column, *cell(key))


def rows() -> Iterator[tuple[int, list[int]]]:
    return ((row, [row * 7 + column for column in range(1, 30)]) for row in range(3, 40))


def cell(key: int) -> tuple[CellContent, CellStyle]:
    return CONTENTS[key % len(CONTENTS)], LOOKS[key % len(LOOKS)]


def test_rows_are_those_of_xlsxwriter(tmp_path: Path) -> None:
    head = (LaidCell(1, 1, "heading"),)
    held = Sheet("lines", (*head, *cells()), heights={1: 30.0})
    streamed = replace(held, cells=head, more=MoreRows(rows, cell))
    row_by_row = Sheet(
        "other", head, more=MoreRows(lambda: iter([(2, [0])]), cell)
    )  # else the first were written otherwise
    for name, sheet in (("held.xlsx", held), ("streamed.xlsx", streamed)):
        write_layout(Layout((sheet, row_by_row), "", "", date(2026, 5, 1)), tmp_path / name)
    assert (tmp_path / "streamed.xlsx").read_bytes() == (tmp_path / "held.xlsx").read_bytes()
