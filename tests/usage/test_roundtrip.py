"""Usage written in any layout, order, language, number style and encoding reads back as the same usage."""

import tempfile
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.problems.readers import METERS
from tests.sheets import build
from xlbill.periods import Month
from xlbill.usage import read_usage

APPS = ("shop-1", "shop-2", "应用三")
COLUMNS = (("dau", None), ("message", "audio"), ("rtc", None))
Figures = dict[tuple[str, str, str | None, date], Decimal]

WORDS = {
    "zh": {"app": "应用", "date": "日期", "meter": "计量项", "dimension": "维度", "quantity": "数量", "total": "合计",
           "dau": "日活跃用户", "message": "消息", "rtc": "音视频", "audio": "语音", None: ""},
    "en": {"app": "App ID", "date": "Date", "meter": "meter", "dimension": "dimension", "quantity": "QUANTITY",
           "total": "Total", "dau": "dau", "message": "message", "rtc": "rtc", "audio": "audio", None: ""},
}  # fmt: skip
DATES = (
    "{0:%Y-%m-%d}",
    "{0.year}/{0.month}/{0.day}",
    "{0:%Y%m%d}",
    "{0.year}年{0.month}月{0.day}日",
    "{0:%Y-%m-%d} 08:30",
)
NUMBERS = ("{0:f}", "{0:,f}", " {0:f} ", "¥{0:,f}", "\u200b{0:f}\xa0")
WIDE_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True)
class Style:
    """How somebody writes a usage sheet."""

    language: str
    dates: str
    numbers: str
    wide_digits: bool
    long: bool
    titles: int
    total: bool
    file: str
    encoding: str
    separator: str

    def number(self, figure: Decimal) -> str:
        text = self.numbers.format(figure)
        return text.translate(WIDE_DIGITS) if self.wide_digits else text


styles = st.builds(
    Style,
    st.sampled_from(["zh", "en"]),
    st.sampled_from(DATES),
    st.sampled_from(NUMBERS),
    st.booleans(),
    st.booleans(),
    st.integers(0, 5),
    st.booleans(),
    st.sampled_from(["csv", "xlsx"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
    st.sampled_from([",", ";", "\t"]),
)
figures = st.dictionaries(
    st.tuples(st.sampled_from(APPS), st.sampled_from(COLUMNS), st.dates(date(2026, 4, 1), date(2026, 4, 30))).map(
        lambda key: (key[0], *key[1], key[2])
    ),
    st.integers(0, 10**9).map(Decimal),
    min_size=1,
    max_size=12,
)


def long_rows(usage: Figures, style: Style) -> list[list[str]]:
    words = WORDS[style.language]
    rows = [[words[key] for key in ("app", "date", "meter", "dimension", "quantity")]]
    for (app, meter, dimension, day), figure in usage.items():
        rows.append([app, style.dates.format(day), words[meter], words[dimension], style.number(figure)])
    return [*rows, [words["total"], "", "", "", "99"]] if style.total else rows


def wide_rows(usage: Figures, style: Style) -> list[list[str]]:
    words = WORDS[style.language]
    headings = [words["app"], words["date"]]
    headings += [words[m] if d is None else f"{words[m]}:{words[d]}" for m, d in COLUMNS]
    rows = [headings]
    for app, day in dict.fromkeys((app, day) for app, _, _, day in usage):
        found = [usage.get((app, meter, dimension, day)) for meter, dimension in COLUMNS]
        cells = ["" if figure is None else style.number(figure) for figure in found]
        rows.append([app, style.dates.format(day), *cells])
    return [*rows, [words["total"], "", *["99"] * len(COLUMNS)]] if style.total else rows


@settings(max_examples=150, deadline=None)
@given(figures, styles, st.randoms(use_true_random=False))
def test_any_style_reads_back_as_the_same_usage(usage: Figures, style: Style, dice: object) -> None:
    rows = (long_rows if style.long else wide_rows)(usage, style)
    order = list(range(len(rows[0])))
    dice.shuffle(order)  # type: ignore[attr-defined]
    shuffled = [[row[at] for at in order] for row in rows]
    titled = [[f"title {n}" if n % 2 else ""] for n in range(style.titles)] + shuffled
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"usage.{style.file}"
        if style.file == "xlsx":
            build.xlsx(path, titled)
        else:
            path.write_bytes(build.csv_bytes(titled, style.encoding, style.separator))
        read, found = read_usage([(path, path.name)], Month(2026, 4), APPS, METERS)
    back = {(s.app, s.meter, s.dimension, day): figure for s in read.series for day, figure in s.days}
    assert back == usage
    assert {problem.code for problem in found} <= {"usage-jumps"}
