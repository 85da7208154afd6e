"""Tables wherever they stand: headings, their words, rows that count and rows that do not."""

import time
from decimal import Decimal
from pathlib import Path

import pytest

from tests.problems.readers import METERS, PRICES
from tests.sheets import build
from xlbill.periods import Month
from xlbill.problems import Problem, Problems
from xlbill.sheets import Table, find_sheet, find_table, read_workbook
from xlbill.sheets.headings import normalised, undeclared_key
from xlbill.usage import read_usage


def read(tmp_path: Path, rows: build.Rows) -> tuple[Table | None, list[Problem]]:
    workbook, found = read_workbook(build.xlsx(tmp_path / "p.xlsx", rows, "价格 Prices"), "p.xlsx")
    assert workbook is not None
    sheet = find_sheet(workbook, PRICES)
    assert sheet is not None
    return find_table(sheet, PRICES, found), found


def prices(table: Table | None) -> list[Decimal | None]:
    assert table is not None
    return [row.number("price", Problems()) for row in table.rows]


HEADINGS = [
    "price",
    "单价",
    "单价 price",
    "单价price",
    "PRICE",
    "ｐｒｉｃｅ",
    " price（元/次） ",
    "单价\nPrice",
    "price*",
    "单价：",
]


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_heading_answers_in_both_languages(tmp_path: Path, heading: str) -> None:
    table, found = read(tmp_path, [["item", heading], ["dau", 5]])
    assert (prices(table), tuple(found)) == ([Decimal(5)], ())


def test_titles_and_blank_rows_may_stand_above(tmp_path: Path) -> None:
    table, found = read(tmp_path, [["Price list"], [], [None, "2026"], [None, "price", "item"], [None, 5, "dau"]])
    assert (prices(table), tuple(found)) == ([Decimal(5)], ())


def test_blank_rows_and_totals_are_left_out(tmp_path: Path) -> None:
    rows = [
        ["item", "price", "remark"],
        ["dau", 5],
        [],
        ["小计", None, "x"],
        ["mau", 7],
        ["Total", None, 12],
        ["total", 3],
    ]
    table, _ = read(tmp_path, rows)
    assert prices(table) == [Decimal(5), Decimal(7), Decimal(3)]  # the last one has all that a row needs


def test_unknown_columns_are_kept_under_keys_of_their_own(tmp_path: Path) -> None:
    table, _ = read(tmp_path, [["item", "price", "手续费 fee", "备注（内部）"], ["dau", 5, 2, "x"]])
    assert table is not None
    assert [(h.key, h.declared) for h in table.headings][2:] == [("fee", False), ("备注（内部）", False)]
    assert table.rows[0].number("fee", Problems()) == Decimal(2)


def test_a_problem_shows_the_cells_around_it(tmp_path: Path) -> None:
    table, found = read(tmp_path, [["item", "price"], ["dau", 5], ["mau", "ten"]])
    assert table is not None
    assert table.rows[1].number("price", found) is None
    (problem,) = found
    assert (problem.code, str(problem.place)) == ("not-a-number", "p.xlsx › 价格 Prices!B3")
    assert problem.excerpt is not None
    assert problem.excerpt.rows == ((2, ("dau", "5")), (3, ("mau", "ten")))


def test_a_blank_cell_knows_where_it_would_stand(tmp_path: Path) -> None:
    table, _ = read(tmp_path, [["item", "price", "since"], ["dau", 5]])
    assert table is not None
    assert table.rows[0].cell("since").place.cell == "C2"
    assert table.rows[0].cell("listed").place.cell == "2"


def test_choices_answer_to_all_their_words(tmp_path: Path) -> None:
    table, found = read(
        tmp_path, [["item", "price", "pay"], *[["x", 1, word] for word in ("预付费", "Prepaid", "pre", " 后付费 ")]]
    )
    assert table is not None
    assert [row.choice("pay", found) for row in table.rows] == ["pre", "pre", "pre", "post"]
    assert not found


def test_headings_are_compared_without_their_dress() -> None:
    assert normalised("单价 Price（元/次）\n") == "单价price"
    assert undeclared_key("手续费 Service fee（元）") == "service_fee"


@pytest.mark.parametrize("text", ["é " * 16_000, "é" * 32_000, "价 price " * 4_000, "（" * 30_000, "a" * 32_000])
def test_a_text_that_is_longer_than_any_heading_costs_nothing(tmp_path: Path, text: str) -> None:
    started = time.process_time()
    table, _ = read(tmp_path, [["item", "price", text], ["dau", 5, text]])
    usage, _ = read_usage([(tmp_path / "p.xlsx", "p.xlsx")], Month(2026, 4), ["shop-1"], METERS)
    assert table is not None and not usage.series
    assert time.process_time() - started < 2  # it took half a minute
