"""How a month is summed up: every method that a meter may name, one row each.

What the price book's drop-downs offer, how several times of a day become the day's figure, the formula that stands on
the invoice, and the manual all read this table. To add a method, the lowest day, is to add a row:

    Method("lowest", Label("最低值", "lowest"), Label("最低的一日", "the lowest day"), "MIN({parts})", times=_lowest)
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from xlbill.language import Label
from xlbill.sheets.cell import in_15_digits

OfTimes: TypeAlias = Callable[[Sequence[Decimal]], tuple[Decimal, int]]
"""From the figures of a day's times, in their order, the day's figure and which of them it stands for."""

Over: TypeAlias = Literal["totals", "first", "last", "levels"]
Plans: TypeAlias = Literal["each", "peak", "last"]


@dataclass(frozen=True, slots=True)
class Method:
    """One way of summing up.

    `formula` is the month's figure, None where it only sums up days: over `{parts}`, the totals of the days or times
    that are looked at. Over "first" or "last" it is each series' own figure, added up; over "levels" each time counts
    for as long as it holds. `{days}` and `{held}` are the days looked at and their time, `{nth}` and `{percentile}`
    columns of the meter (`settings`). `whole` is the same for a figure that is given for the whole month. `of_times`
    sums up the times of a day, `by_day` names the method that does it where the meter does not say; None: each time
    stays by itself. `plans` says which plan prices the month where it changed: each its own days, that of the peak's
    day, or the last. `one_range`: its function takes one range of cells and no more. `additive`: apps with days and
    apps with one figure for the month can be added up.
    """

    key: str
    word: Label
    about: Label
    formula: str | None = None
    of_times: OfTimes | None = None
    by_day: str | None = None
    over: Over = "totals"
    whole: str = "SUM({parts})"
    plans: Plans = "last"
    settings: tuple[str, ...] = ()
    one_range: bool = False
    additive: bool = False

    @property
    def caption(self) -> Label:
        """What the month's figure is called on an invoice."""
        return Label(self.word.zh, self.word.en[:1].upper() + self.word.en[1:])


def _together(figures: Sequence[Decimal]) -> tuple[Decimal, int]:
    return sum(figures, Decimal(0)), 0


def _highest(figures: Sequence[Decimal]) -> tuple[Decimal, int]:
    highest = max(range(len(figures)), key=lambda number: figures[number])
    return figures[highest], highest


def _latest(figures: Sequence[Decimal]) -> tuple[Decimal, int]:
    return figures[-1], len(figures) - 1


def _earliest(figures: Sequence[Decimal]) -> tuple[Decimal, int]:
    return figures[0], 0


def _on_average(figures: Sequence[Decimal]) -> tuple[Decimal, int]:
    return in_15_digits(sum(figures, Decimal(0)) / len(figures)), 0


_ROWS: tuple[Method, ...] = (
    Method(
        "peak",
        Label("峰值", "peak"),
        Label("各日合计中最高的一日", "the highest of the days' totals"),
        "MAX({parts})",
        _highest,
        "peak",
        whole="MAX({parts})",
        plans="peak",
    ),
    Method(
        "sum",
        Label("合计", "sum"),
        Label("各日相加", "all days together"),
        "SUM({parts})",
        _together,
        "sum",
        plans="each",
        additive=True,
    ),
    Method(
        "last",
        Label("期末值", "last"),
        Label(
            "每个序列最后一个数，再相加；提前停用的仍然计入",
            "the last figure of each series, added up: who stopped earlier still counts",
        ),
        "SUM({parts})",
        _latest,
        "last",
        over="last",
        additive=True,
    ),
    Method(
        "average",
        Label("日均", "average"),
        Label("各日之和除以当月天数；没有数的日子按 0", "all days by the days of the month; without a figure: 0"),
        "SUM({parts})/{days}",
        _on_average,
        "average",
        whole="AVERAGE({parts})",
    ),
    Method(
        "first",
        Label("期初值", "first"),
        Label("每个序列的第一个数，再相加", "the first figure of each series, added up"),
        "SUM({parts})",
        _earliest,
        "first",
        over="first",
        additive=True,
    ),
    Method(
        "nth",
        Label("第 N 高", "nth highest"),
        Label(
            "各日合计从高到低的第 N 个（列“名次”）；不足 N 日为 0",
            "the nth of the days' totals from the highest (column nth); 0 where there are fewer",
        ),
        "IF(COUNT({parts})<{nth},0,LARGE({parts},{nth}))",
        by_day="peak",
        settings=("nth",),
        one_range=True,
    ),
    Method(
        "percentile",
        Label("百分位", "percentile"),
        Label(
            "各采样点合计从低到高排在该百分位（列“百分位”）的一个，如 95 计费：去掉最高的 5%，取其余最高值",
            "the sample at that share (column percentile) from the lowest: at 95% the highest 5% are left out, and the "
            "highest of the rest counts",
        ),
        "SMALL({parts},ROUNDUP(COUNT({parts})*{percentile},0))",
        settings=("percentile",),
        one_range=True,
    ),
    Method(
        "time-weighted",
        Label("按时长平均", "time-weighted average"),
        Label(
            "每个数有效至下一个数，按时长加权；月初须有一个数",
            "each figure holds until the next one, and counts by how long; the month must begin with one",
        ),
        "SUM({parts})/{held}",
        over="levels",
    ),
    Method(
        "distinct days",
        Label("有用量的天数", "distinct days"),
        Label("合计大于 0 的天数", "the days whose total is above 0"),
        'COUNTIF({parts},">0")',
        by_day="sum",
        one_range=True,
    ),
)

METHODS: Mapping[str, Method] = {method.key: method for method in _ROWS}

EACH = "each"
"""In place of a method by day: every time of a day is a figure of its own."""

BY_DAY: Mapping[str, Label] = {
    EACH: Label("逐个", "each time"),
    **{method.key: method.word for method in _ROWS if method.of_times is not None},
}
"""How the times of a day may be summed up before the month is."""


def by_day(month: str) -> str:
    """How the times of a day are summed up under a month's method where the meter does not say."""
    return METHODS[month].by_day or EACH
