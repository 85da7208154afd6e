"""Usage sheets as people lay them out: long and wide, titled, merged, hidden, in files of any kind."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from tests.problems.readers import METERS
from tests.sheets import build
from xlbill.periods import Month
from xlbill.problems import Problem
from xlbill.usage import Series, Usage, read_usage

APRIL = Month(2026, 4)
APPS = ("shop-1", "shop-2", "00123", "1234567890123456")


def read(*paths: Path) -> tuple[Usage, list[Problem]]:
    usage, found = read_usage([(path, path.name) for path in paths], APRIL, APPS, METERS)
    return usage, list(found)


def write(tmp_path: Path, rows: build.Rows, name: str = "usage.csv") -> Path:
    path = tmp_path / name
    if path.suffix == ".xlsx":
        return build.xlsx(path, rows)
    path.write_bytes(build.csv_bytes(rows))
    return path


def figures(usage: Usage) -> dict[tuple[str, str, str | None], list[int]]:
    return {(s.app, s.meter, s.dimension): [int(figure) for _, figure in s.days] for s in usage.series}


def codes(found: list[Problem]) -> list[str]:
    return [problem.code for problem in found]


LONG: build.Rows = (
    ("应用", "日期", "计量项", "维度", "数量"),
    ("shop-1", "2026-04-01", "dau", "", "1,234"),
    ("shop-1", "2026/4/2", "日活跃用户", "", "１２３４"),
    ("SHOP-2", "2026年4月1日", "消息", "语音", "1.2万"),
    ("合计", "", "", "", "4,000"),
)
LONG_FIGURES = {("shop-1", "dau", None): [1234, 1234], ("shop-2", "message", "audio"): [12000]}


@pytest.mark.parametrize("name", ["usage.csv", "usage.xlsx"])
def test_long(tmp_path: Path, name: str) -> None:
    usage, found = read(write(tmp_path, LONG, name))
    assert (figures(usage), found) == (LONG_FIGURES, [])


def test_wide_with_the_app_in_a_title(tmp_path: Path) -> None:
    rows = [
        ["四月用量"],
        ["应用：shop-1"],
        [],
        ["日期", "DAU（人）", "message:audio", "音视频(秒)", "备注", "合计"],
        ["2026-04-01", 100, 3, 5, "x", 108],
        ["2026-04-02", 120, "—", 7, "", 127],
        ["合计", 220, 3, 12, "", 235],
    ]
    usage, found = read(write(tmp_path, rows))
    assert figures(usage) == {
        ("shop-1", "dau", None): [100, 120],
        ("shop-1", "message", "audio"): [3],
        ("shop-1", "rtc", None): [5, 7],
    }
    assert [series.unit for series in usage.series] == ["人", None, "seconds"]
    assert not found


@pytest.mark.parametrize("name", ["shop-1.csv", "shop-1_2026-04.csv", "2026-04-shop-1.csv", "用量 shop-1.csv"])
def test_the_app_in_the_file_s_name(tmp_path: Path, name: str) -> None:
    usage, found = read(write(tmp_path, [["date", "dau"], ["2026-04-01", 7]], name))
    assert (figures(usage), found) == ({("shop-1", "dau", None): [7]}, [])


def test_a_sheet_an_app(tmp_path: Path) -> None:
    path = tmp_path / "all.xlsx"
    workbook = xlsxwriter.Workbook(path)
    for app in ("shop-1", "shop-2"):
        sheet = workbook.add_worksheet(app)
        sheet.write_row(0, 0, ["date", "dau"])
        sheet.write_row(1, 0, ["2026-04-01", 5])
    workbook.add_worksheet("说明").write(0, 0, "nothing to bill here")
    workbook.close()
    usage, found = read(path)
    assert (figures(usage), found) == ({("shop-1", "dau", None): [5], ("shop-2", "dau", None): [5]}, [])


def test_headings_of_two_storeys(tmp_path: Path) -> None:
    path = tmp_path / "merged.xlsx"
    workbook = xlsxwriter.Workbook(path)
    sheet = workbook.add_worksheet("shop-1")
    sheet.merge_range("A1:D1", "四月用量")
    sheet.merge_range("A2:A3", "日期")
    sheet.merge_range("B2:B3", "dau")
    sheet.merge_range("C2:D2", "message")
    sheet.write_row(2, 2, ["audio", "语音 "])
    sheet.write_row(3, 0, ["2026-04-01", 5, 6])
    workbook.close()
    usage, _ = read(path)
    assert figures(usage) == {("shop-1", "dau", None): [5], ("shop-1", "message", "audio"): [6]}


def test_one_figure_for_the_month(tmp_path: Path) -> None:
    rows = [["app", "date", "meter", "quantity"], ["shop-1", "2026-04", "dau", 5], ["shop-2", "2026年4月", "dau", 6]]
    usage, found = read(write(tmp_path, rows))
    assert [series.days for series in usage.series] == [((None, Decimal(5)),), ((None, Decimal(6)),)]
    monthly, _ = read(write(tmp_path, [["应用", "月份", "dau"], ["shop-1", "2026-04-01", 5]], "m.csv"))
    assert monthly.series[0].days == ((None, Decimal(5)),)
    assert not found


def test_requests_of_a_day_add_up_and_times_make_series_of_their_own(tmp_path: Path) -> None:
    rows = [
        ["app", "date", "meter", "quantity", "目标语言数 times", "请求"],
        ["shop-1", "2026-04-01", "translation", 100, 1, "r1"],
        ["shop-1", "2026-04-01", "translation", 200, 1, "r2"],
        ["shop-1", "2026-04-01", "translation", 300, 3, "r3"],
    ]
    usage, found = read(write(tmp_path, rows))
    assert [(series.times, series.days) for series in usage.series] == [
        (1, ((date(2026, 4, 1), Decimal(300)),)),
        (3, ((date(2026, 4, 1), Decimal(300)),)),
    ]
    assert not found


def test_several_files_are_one_month(tmp_path: Path) -> None:
    head = ("app", "date", "meter", "quantity")
    one = write(tmp_path, [head, ("shop-1", "2026-04-02", "dau", 2)], "b.csv")
    two = write(tmp_path, [head, ("shop-1", "2026-04-01", "dau", 1)], "a.xlsx")
    usage, found = read(one, two)
    (series,) = usage.of("shop-1")
    assert isinstance(series, Series)
    assert (str(series.place), [day for day, _ in series.days]) == ("b.csv!D2", [date(2026, 4, 1), date(2026, 4, 2)])
    assert not found


def test_repeated_headings_and_remarks_below_are_no_figures(tmp_path: Path) -> None:
    rows = [*LONG[:2], LONG[0], *LONG[2:4], [], ["制表人：张三"]]
    usage, found = read(write(tmp_path, rows))
    assert (figures(usage), found) == (LONG_FIGURES, [])


@pytest.mark.parametrize("make", [build.strict_workbook, build.absurd_dimension, build.counted_from_1904])
def test_odd_workbooks(tmp_path: Path, make: object) -> None:
    usage, found = read(make(tmp_path))  # type: ignore[operator]
    assert figures(usage)["shop-1", "dau", None][0] == 100
    assert not found


def test_large_sheets_go_through_calamine_and_read_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, LONG, "usage.xlsx")
    here = read(path)
    monkeypatch.setattr("xlbill.sheets.stream.LARGE", 0)
    monkeypatch.setattr("xlbill.sheets.stream.open_package", calamine_only(monkeypatch))
    assert read(path) == here


def calamine_only(monkeypatch: pytest.MonkeyPatch) -> object:
    """Reading cells here is an error from now on."""
    from xlbill.sheets import xlsx

    def refuse(*_: object) -> None:
        raise AssertionError("read here")

    monkeypatch.setattr("xlbill.sheets.stream.SheetReader", refuse)
    return xlsx.open_package


def test_damaged_codes_are_told_with_the_likely_app(tmp_path: Path) -> None:
    head = ("app", "date", "meter", "quantity")
    rows = [head, (123, "2026-04-01", "dau", 1), (1234567890123456, "2026-04-01", "dau", 2)]
    usage, found = read(write(tmp_path, rows, "usage.xlsx"))
    assert usage.series == ()
    assert [(p.code, dict(p.facts)["likely"], dict(p.facts)["app"]) for p in found] == [
        ("app-code-damaged", "00123", "00123"),
        ("app-code-damaged", "1234567890123456", "1234567890123456"),
    ]


def test_an_error_leaves_out_its_figure_only_and_names_its_app(tmp_path: Path) -> None:
    head = ("app", "date", "meter", "quantity")
    rows = [
        head,
        ("shop-1", "2026-04-01", "dau", -1),
        ("shop-1", "2026-04-02", "dau", 2),
        ("shop-2", "2026-04-01", "dau", 3),
    ]
    usage, found = read(write(tmp_path, rows))
    assert figures(usage) == {("shop-1", "dau", None): [2], ("shop-2", "dau", None): [3]}
    assert [(p.code, dict(p.facts)["app"]) for p in found] == [("usage-negative", "shop-1")]


def test_a_file_that_breaks_off_spoils_the_apps_in_its_first_part(tmp_path: Path) -> None:
    usage, found = read(build.quote_without_end(tmp_path))
    assert figures(usage) == {("shop-1", "dau", None): [100, 120]}
    assert [(p.code, dict(p.facts).get("app")) for p in found] == [("file-damaged", None), ("usage-cut-off", "shop-1")]


def test_a_file_that_breaks_off_spoils_apps_that_it_only_adds_to(tmp_path: Path) -> None:
    """Requests of a day that an earlier file has, too, add up in that one's cell."""
    head = ("app", "date", "meter", "quantity", "request")
    first = write(tmp_path, [head, ("shop-1", "2026-04-01", "translation", 5, "r-1")], "a.csv")
    broken = tmp_path / "b.csv"
    rows = "\nshop-1,2026-04-01,translation,7,r-2\nshop-1,2026-04-02,translation,9,"
    broken.write_text(",".join(head) + rows + '"' + "x" * 200_000)
    usage, found = read(first, broken)
    assert figures(usage) == {("shop-1", "translation", None): [12]}
    assert [(p.code, dict(p.facts).get("app")) for p in found] == [("file-damaged", None), ("usage-cut-off", "shop-1")]


def test_a_million_faults_are_told_in_twenty(tmp_path: Path) -> None:
    rows = [("app", "date", "meter", "quantity"), *[("shop-1", "2026-04-01", "dau", -n) for n in range(1, 3_000)]]
    _, found = read(write(tmp_path, rows))
    assert codes(found) == ["usage-negative"] * 20 + ["more-of-the-same"]
    assert dict(found[-1].facts)["count"] == "2,979"


CELLS: dict[str, tuple[str, list[list[object]], list[str]]] = {
    "long: the quantity of the day's row": (
        "usage.csv",
        [["说明"], ["app", "date", "meter", "quantity"], ["shop-1", "2026-04-02", "dau", 7],
         ["shop-2", "2026-04-01", "dau", 6], ["shop-1", "2026-04-01", "dau", 5]],
        ["usage.csv!D5", "usage.csv!D3", "usage.csv!D4"],
    ),
    "wide: a column of the sheet each": (
        "usage.xlsx",
        [["date", "app", "dau", "rtc"], ["2026-04-01", "shop-1", 7, ""], ["2026-04-02", "shop-1", 8, 9]],
        ["usage.xlsx › usage!C2", "usage.xlsx › usage!C3", "usage.xlsx › usage!D3"],
    ),
    "requests of a day: the first of those that add up": (
        "usage.csv",
        [["app", "date", "meter", "quantity", "request"], ["shop-1", "2026-04-01", "translation", 7, "a"],
         ["shop-1", "2026-04-02", "translation", 7, "b"], ["shop-1", "2026-04-01", "translation", 7, "c"]],
        ["usage.csv!D2", "usage.csv!D3"],
    ),
    "a figure for the month": ("usage.csv", [["app", "month", "meter", "quantity"], ["shop-1", "2026-04", "rtc", 7]],
                               ["usage.csv!D2"]),
}  # fmt: skip


@pytest.mark.parametrize(("name", "rows", "cells"), CELLS.values(), ids=CELLS)
def test_each_day_s_figure_knows_its_cell(tmp_path: Path, name: str, rows: build.Rows, cells: list[str]) -> None:
    usage, _ = read(write(tmp_path, rows, name))
    assert [str(cell) for series in usage.series for _, _, cell in series.figures()] == cells


def test_a_series_of_two_files_knows_both(tmp_path: Path) -> None:
    first = write(tmp_path, [["app", "date", "dau"], ["shop-1", "2026-04-01", 7]], "first.csv")
    second = write(tmp_path, [["date", "app", "note", "dau"], ["2026-04-02", "shop-1", "", 8]], "second.csv")
    usage, _ = read(first, second)
    assert [str(cell) for _, _, cell in usage.series[0].figures()] == ["first.csv!C2", "second.csv!D2"]


STRANGERS: dict[str, tuple[list[list[object]], list[str]]] = {
    "figures without a heading": ([["app", "date", "dau", ""], ["shop-1", "2026-04-01", 1, 5]],
                                  ["usage-column-nameless D2"]),
    "figures without a heading in between": (
        [["app", "", "date", "meter", "quantity"], ["shop-1", 5, "2026-04-01", "dau", 1]],
        ["usage-column-nameless B2"]),
    "text without a heading": ([["app", "date", "dau", ""], ["shop-1", "2026-04-01", 1, "ok"]], []),
    "figures under an unknown heading": (
        [["app", "date", "meter", "quantity", "factor"], ["shop-1", "2026-04-01", "dau", 1, 4]],
        ["usage-column-ignored E1"]),
    "a known word under an unknown heading": (
        [["app", "date", "meter", "quantity", "flavour"], ["shop-1", "2026-04-01", "dau", 1, "语音"]],
        ["usage-column-ignored E1"]),
    "anything under a heading that is nearly a known one": (
        [["app", "date", "meter", "quantity", "dimensoin"], ["shop-1", "2026-04-01", "dau", 1, "x"]],
        ["usage-column-ignored E1"]),
    "text under an unknown heading": (
        [["app", "date", "meter", "quantity", "owner"], ["shop-1", "2026-04-01", "dau", 1, "Ms Wu"]], []),
    "notes may hold anything": (
        [["app", "date", "meter", "quantity", "# cost", "备注2"], ["shop-1", "2026-04-01", "dau", 1, 4, 5]], []),
    "a wide sheet has no times": ([["app", "date", "dau", "times"], ["shop-1", "2026-04-01", 1, 3]],
                                  ["usage-column-unused D1"]),
    "the sum of the columns is no column of its own": (
        [["app", "date", "dau", "合计"], ["shop-1", "2026-04-01", 1, 1]], []),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "told"), STRANGERS.values(), ids=STRANGERS)
def test_columns_that_nobody_knows(tmp_path: Path, rows: build.Rows, told: list[str]) -> None:
    _, found = read(write(tmp_path, rows))
    assert [f"{p.code} {p.place.cell}" for p in found] == told


HEAD = ["app", "date", "meter", "quantity"]
SAME_THING: dict[str, tuple[list[list[object]], list[int], list[str]]] = {
    "a unit in two languages": (
        [[*HEAD, "unit"], ["shop-1", "2026-04-01", "rtc", 60, "分钟"], ["shop-1", "2026-04-01", "rtc", 60, "Minutes"]],
        [60], ["usage-repeated"]),
    "a unit and the other one": (
        [[*HEAD, "unit"], ["shop-1", "2026-04-01", "rtc", 60, "分钟"], ["shop-1", "2026-04-01", "rtc", 3600, "秒"]],
        [60], ["usage-repeated"]),
    "a unit and another figure": (
        [[*HEAD, "unit"], ["shop-1", "2026-04-01", "rtc", 60, "分钟"], ["shop-1", "2026-04-01", "rtc", 60, "秒"]],
        [60], ["usage-contradicts"]),
    "the only unit and none": (
        [[*HEAD, "unit"], ["shop-1", "2026-04-01", "dau", 60, "人"], ["shop-1", "2026-04-01", "dau", 60, ""]],
        [60], ["usage-repeated"]),
    "times and multiplied out": (
        [[*HEAD, "times"], ["shop-1", "2026-04-01", "translation", 60, 2],
         ["shop-1", "2026-04-01", "translation", 120, ""]],
        [60], ["usage-repeated"]),
    "a request's id, spelled differently": (
        [[*HEAD, "request"], ["shop-1", "2026-04-01", "translation", 60, "R-1"],
         ["shop-1", "2026-04-01", "translation", 60, "Ｒ-1\u200b "]],
        [60], ["request-repeated"]),
    "a request's id with another hyphen": (
        [[*HEAD, "request"], ["shop-1", "2026-04-01", "translation", 60, "R-1"],
         ["shop-1", "2026-04-01", "translation", 60, "R\u20111"]],
        [60], ["request-repeated"]),
    "a request's id that a program made a float, or Excel a text": (
        [[*HEAD, "request"], ["shop-1", "2026-04-01", "translation", 60, "1001"],
         ["shop-1", "2026-04-01", "translation", 60, "1001.0"],
         ["shop-1", "2026-04-01", "translation", 60, "'1001"]],
        [60], ["request-repeated", "request-repeated"]),
    "two times of one day": (
        [HEAD, ["shop-1", "2026-04-01 09:00", "message:audio", 60],
         ["shop-1", "2026-04-01 10:00", "message:audio", 60]],
        [120], []),
    "the unit in the heading of the quantity": (
        [["app", "date", "meter", "数量（分钟）"], ["shop-1", "2026-04-01", "call", 60]], [60], []),
    "the unit in a title": (
        [["单位：分钟"], HEAD, ["shop-1", "2026-04-01", "call", 60]], [60], []),
    "a multiple in a title": (
        [["单位：万人"], HEAD, ["shop-1", "2026-04-01", "dau", 60]], [], ["usage-unknown-unit"]),
    "a multiple in a title, said otherwise": (
        [["日活（万人）"], HEAD, ["shop-1", "2026-04-01", "dau", 60]], [], ["usage-unknown-unit"]),
    "a multiple in words": (
        [["Users, in thousands"], HEAD, ["shop-1", "2026-04-01", "dau", 60]], [], ["usage-unknown-unit"]),
    "a multiple below the figures": (
        [HEAD, ["shop-1", "2026-04-01", "dau", 60], ["注：以万人为单位"]], [60], ["usage-unit-in-remark"]),
    "a multiple below the figures of a wide sheet": (
        [["app", "date", "dau"], ["shop-1", "2026-04-01", 60], ["单位 万人"]], [60], ["usage-unit-in-remark"]),
    "the meter's own unit below": ([HEAD, ["shop-1", "2026-04-01", "dau", 60], ["单位：人"]], [60], []),
    "another unit below figures that have theirs": (
        [[*HEAD, "unit"], ["shop-1", "2026-04-01", "call", 60, "分钟"], ["单位：秒"]], [60], []),
    "an organisation in a title": (
        [["单位：北京环信科技有限公司"], HEAD, ["shop-1", "2026-04-01", "dau", 60]], [60], []),
    "a multiple in a heading of a meter without a unit": (
        [["app", "date", "logins（万）"], ["shop-1", "2026-04-01", 60]], [], ["usage-unknown-unit"]),
    "no unit where there are two": ([HEAD, ["shop-1", "2026-04-01", "call", 60]], [], ["usage-without-unit"]),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "days", "told"), SAME_THING.values(), ids=SAME_THING)
def test_one_thing_is_one_figure_however_it_is_spelled(
    tmp_path: Path, rows: build.Rows, days: list[int], told: list[str]
) -> None:
    usage, found = read(write(tmp_path, rows))
    assert [figure for series in usage.series for _, figure in series.days] == days
    assert [code for code in codes(found) if code != "days-missing"] == told
