"""The readers that the gallery's culprits go through: from files to problems.

A layer adds its own: `READERS["book"] = lambda files: load_book(files[0], files[0].name)[1]`.
"""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from tests.sheets.other_formats import xls
from xlbill.language import Label
from xlbill.periods import Month
from xlbill.problems import Problem
from xlbill.sheets import Column, Kind, SheetKind, find_sheet, find_table, read_settings, read_workbook
from xlbill.usage import MeterKind, read_usage

Reader = Callable[[list[Path]], list[Problem]]

APPS = ("shop-1", "shop-2", "00123")
METERS = {
    "dau": MeterKind("dau", ("dau", "日活跃用户"), {}, True, False, frozenset({"人"})),
    "logins": MeterKind("logins", ("logins", "登录"), {}, False, True, frozenset()),
    "message": MeterKind(
        "message", ("message", "消息"), {"audio": "audio", "语音": "audio"}, False, False, frozenset()
    ),
    "rtc": MeterKind(
        "rtc",
        ("rtc", "音视频"),
        {},
        False,
        False,
        frozenset({"分钟", "minutes", "秒", "seconds"}),
        source_units=frozenset({"秒", "seconds"}),
        per_unit=Decimal(60),
        default_unit="source",
    ),
    "call": MeterKind(
        "call",
        ("call", "通话"),
        {},
        False,
        False,
        frozenset({"分钟", "minutes", "秒", "seconds"}),
        source_units=frozenset({"秒", "seconds"}),
        per_unit=Decimal(60),
    ),
    "band": MeterKind("band", ("band",), {}, False, False, frozenset(), by_day="each", sample_minutes=360),
    "translation": MeterKind("translation", ("translation", "翻译"), {}, False, False, frozenset(), Decimal(50_000)),
}

PRICES = SheetKind(
    "prices",
    Label("价格", "Prices"),
    (
        Column("item", Label("项目", "item"), Kind.CODE, required=True),
        Column("price", Label("单价", "price"), Kind.NUMBER, required=True),
        Column("since", Label("自", "since"), Kind.DATE),
        Column("month", Label("月份", "month"), Kind.MONTH),
        Column("listed", Label("上架", "listed"), Kind.YES),
        Column(
            "pay",
            Label("付费方式", "pay"),
            Kind.CHOICE,
            choices={"pre": ("预付费", "prepaid"), "post": ("后付费", "postpaid")},
        ),
    ),
)
SETTINGS = SheetKind(
    "settings",
    Label("设置", "Settings"),
    (Column("setting", Label("设置", "setting")), Column("value", Label("值", "value"))),
)
SETTING = {"currency": Column("currency", Label("币种", "currency"))}


def read_prices(files: list[Path]) -> list[Problem]:
    """A workbook with a sheet of prices, every column of another kind, and one of settings."""
    workbook, found = read_workbook(files[0], files[0].name)
    prices = find_sheet(workbook, PRICES) if workbook else None
    if prices is not None and (table := find_table(prices, PRICES, found)) is not None:
        for row in table.rows:
            row.code("item", found), row.number("price", found), row.date("since", found)
            row.month("month", found), row.yes("listed", found), row.choice("pay", found)
    settings = find_sheet(workbook, SETTINGS) if workbook else None
    if settings is not None and (table := find_table(settings, SETTINGS, found)) is not None:
        read_settings(table, SETTING, found).text("currency", found)
    return found


def read_april(files: list[Path]) -> list[Problem]:
    """Usage sheets of April 2026."""
    return read_usage([(path, path.name) for path in files], Month(2026, 4), APPS, METERS)[1]


def read_without_xlrd(files: list[Path]) -> list[Problem]:
    """The same sheet in the format of before 2007, where the library that reads it is absent."""
    absent, old = files[0].parent / "absent", files[0].with_suffix(".xls")
    absent.mkdir()
    (absent / "xlrd.py").write_text("raise ImportError\n")
    xls(old, [["app", "quantity"]])
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(absent)
        return list(read_workbook(old, old.name)[1])


READERS: dict[str, Reader] = {
    "workbook": read_prices,
    "usage": read_april,
    "workbook_without_xlrd": read_without_xlrd,
}
