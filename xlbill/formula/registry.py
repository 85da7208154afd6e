"""The functions that a formula may use: name, what computes it, what its arguments are, and what it is for.

>>> FUNCTIONS["ROUND"].usage
'ROUND(number, number)'

The parser checks names and numbers of arguments against this table, the evaluator prepares arguments by their kinds,
and the manual's list is tested to equal it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from . import arithmetic
from .functions import (
    calendar,
    clock,
    criteria,
    daycount,
    finance,
    formats,
    logarithm,
    logic,
    lookup,
    mathematics,
    series,
    statistics,
    text,
    workdays,
)
from .values import Operand

MAX_ARGUMENTS = 255


class ArgumentKind(Enum):
    """What a function takes an argument for; the value is how the manual writes it."""

    NUMBER = "number"  # one number, coerced: "3" is 3, TRUE is 1, nothing is 0
    TEXT = "text"  # one text, coerced
    LOGICAL = "condition"  # one logical value, coerced
    VALUE = "value"  # one value as it is; an error is the function's result
    ANY = "anything"  # one value as it is, errors too
    SERIES = "values"  # a value or the cells of a range, told apart
    RANGE = "range"  # cells, and nothing else
    TABLE = "table"  # cells, or one value in place of a cell
    ARRAY = "array"  # cells, computed cell by cell: SUMPRODUCT(A1:A9*B1:B9)
    LATER = "result"  # computed only if it is needed


@dataclass(frozen=True, slots=True)
class Function:
    """One row of the table; the last `repeat` kinds may follow each other again and again."""

    name: str
    compute: Callable[..., Operand]
    kinds: tuple[ArgumentKind, ...]
    least: int
    repeat: int
    english: str
    chinese: str

    @property
    def most(self) -> int:
        return MAX_ARGUMENTS if self.repeat else len(self.kinds)

    @property
    def is_lazy(self) -> bool:
        return ArgumentKind.LATER in self.kinds

    def accepts(self, count: int) -> bool:
        """Whether a number of arguments is right; pairs must be complete."""
        paired = self.repeat < 2 or (count - len(self.kinds)) % self.repeat == 0
        return self.least <= count <= self.most and paired

    def kinds_of(self, count: int) -> tuple[ArgumentKind, ...]:
        """The kind of each of so many arguments."""
        kinds = self.kinds
        while len(kinds) < count:
            kinds += self.kinds[-self.repeat :]
        return kinds[:count]

    @property
    def usage(self) -> str:
        """How it is called: `SUM(values, ...)`, `TRUNC(number[, number])`."""
        needed = ", ".join(kind.value for kind in self.kinds[: self.least])
        optional = "".join(f"[, {kind.value}]" for kind in self.kinds[self.least :])
        return f"{self.name}({needed}{optional}{', ...' if self.repeat else ''})"


NUMBER, TEXT, LOGICAL, VALUE, ANY = (
    ArgumentKind.NUMBER,
    ArgumentKind.TEXT,
    ArgumentKind.LOGICAL,
    ArgumentKind.VALUE,
    ArgumentKind.ANY,
)
SERIES, RANGE, TABLE, ARRAY, LATER = (
    ArgumentKind.SERIES,
    ArgumentKind.RANGE,
    ArgumentKind.TABLE,
    ArgumentKind.ARRAY,
    ArgumentKind.LATER,
)

# A row reads: name, function, kinds of arguments, fewest, how many repeat; English, Chinese
# fmt: off
_TABLE = (
    # Sums and counts
    Function("SUM", series.sum_, (SERIES,), 1, 1,
             "adds numbers", "求和"),
    Function("SUMPRODUCT", series.sum_product, (ARRAY,), 1, 1,
             "multiplies row by row, then adds", "逐项相乘后求和"),
    Function("SUMIF", criteria.sum_if, (RANGE, ANY, RANGE), 2, 0,
             "adds what meets a condition", "按条件求和"),
    Function("SUMIFS", criteria.sum_ifs, (RANGE, RANGE, ANY), 3, 2,
             "adds what meets all conditions", "按多个条件求和"),
    Function("COUNT", series.count, (SERIES,), 1, 1,
             "counts numbers", "数字的个数"),
    Function("COUNTA", series.count_all, (SERIES,), 1, 1,
             "counts what is not empty", "非空单元格的个数"),
    Function("COUNTIF", criteria.count_if, (RANGE, ANY), 2, 0,
             "counts what meets a condition", "按条件计数"),
    Function("COUNTIFS", criteria.count_ifs, (RANGE, ANY), 2, 2,
             "counts rows that meet all conditions", "按多个条件计数"),
    Function("AVERAGE", series.average, (SERIES,), 1, 1,
             "the mean", "平均值"),
    Function("AVERAGEIF", criteria.average_if, (RANGE, ANY, RANGE), 2, 0,
             "the mean of what meets a condition", "按条件求平均"),
    Function("AVERAGEIFS", criteria.average_ifs, (RANGE, RANGE, ANY), 3, 2,
             "the mean of what meets all conditions", "按多个条件求平均"),
    Function("MAX", series.maximum, (SERIES,), 1, 1,
             "the largest number", "最大值"),
    Function("MIN", series.minimum, (SERIES,), 1, 1,
             "the smallest number", "最小值"),
    Function("MAXIFS", criteria.max_ifs, (RANGE, RANGE, ANY), 3, 2,
             "the largest that meets all conditions", "按多个条件取最大值"),
    Function("MINIFS", criteria.min_ifs, (RANGE, RANGE, ANY), 3, 2,
             "the smallest that meets all conditions", "按多个条件取最小值"),
    Function("LARGE", statistics.large, (SERIES, NUMBER), 2, 0,
             "the nth largest", "第几大的数"),
    Function("SMALL", statistics.small, (SERIES, NUMBER), 2, 0,
             "the nth smallest", "第几小的数"),
    Function("MEDIAN", statistics.median, (SERIES,), 1, 1,
             "the middle one", "中位数"),
    Function("PERCENTILE", statistics.percentile_inclusive, (SERIES, NUMBER), 2, 0,
             "as PERCENTILE.INC", "同 PERCENTILE.INC"),
    Function("PERCENTILE.INC", statistics.percentile_inclusive, (SERIES, NUMBER), 2, 0,
             "the percentile, shares 0 to 1", "百分位数（含 0 和 1）"),
    Function("PERCENTILE.EXC", statistics.percentile_exclusive, (SERIES, NUMBER), 2, 0,
             "the percentile, 0 and 1 excluded", "百分位数（不含 0 和 1）"),
    Function("RANK", statistics.rank, (NUMBER, RANGE, NUMBER), 2, 0,
             "the rank among numbers, 1 the largest", "排名（从大到小）"),
    Function("RANK.EQ", statistics.rank, (NUMBER, RANGE, NUMBER), 2, 0,
             "as RANK", "同 RANK"),
    Function("PRODUCT", series.product, (SERIES,), 1, 1,
             "multiplies numbers", "求积"),
    Function("SUBTOTAL", series.subtotal, (NUMBER, RANGE), 2, 1,
             "9 sum, 4 max, 5 min, 1 mean, 2 and 3 count", "分类汇总"),
    # Rounding
    Function("ROUND", mathematics.round_, (NUMBER, NUMBER), 2, 0,
             "rounds half away from zero", "四舍五入"),
    Function("ROUNDUP", mathematics.round_up, (NUMBER, NUMBER), 2, 0,
             "rounds away from zero", "向上舍入（绝对值变大）"),
    Function("ROUNDDOWN", mathematics.round_down, (NUMBER, NUMBER), 2, 0,
             "rounds towards zero", "向下舍入（绝对值变小）"),
    Function("MROUND", mathematics.multiple_round, (NUMBER, NUMBER), 2, 0,
             "rounds to the nearest multiple", "舍入到最近的倍数"),
    Function("CEILING", mathematics.ceiling, (NUMBER, NUMBER), 2, 0,
             "up to a multiple", "向上舍入到倍数"),
    Function("FLOOR", mathematics.floor, (NUMBER, NUMBER), 2, 0,
             "down to a multiple", "向下舍入到倍数"),
    Function("CEILING.MATH", mathematics.ceiling_math, (NUMBER,) * 3, 1, 0,
             "up to a multiple, of 1 if none", "向上舍入到倍数（默认 1）"),
    Function("FLOOR.MATH", mathematics.floor_math, (NUMBER,) * 3, 1, 0,
             "down to a multiple, of 1 if none", "向下舍入到倍数（默认 1）"),
    Function("INT", mathematics.integer, (NUMBER,), 1, 0,
             "the whole number below", "向下取整"),
    Function("TRUNC", mathematics.truncate, (NUMBER, NUMBER), 1, 0,
             "cuts off decimals", "截去小数"),
    Function("EVEN", mathematics.even, (NUMBER,), 1, 0,
             "away from zero to an even number", "向上舍入到偶数"),
    Function("ODD", mathematics.odd, (NUMBER,), 1, 0,
             "away from zero to an odd number", "向上舍入到奇数"),
    # Arithmetic
    Function("ABS", arithmetic.absolute, (NUMBER,), 1, 0,
             "without its sign", "绝对值"),
    Function("SIGN", mathematics.sign, (NUMBER,), 1, 0,
             "-1, 0 or 1", "正负号"),
    Function("MOD", mathematics.modulo, (NUMBER, NUMBER), 2, 0,
             "the remainder, with the divisor's sign", "余数（符号同除数）"),
    Function("QUOTIENT", mathematics.quotient, (NUMBER, NUMBER), 2, 0,
             "the whole part of a division", "商的整数部分"),
    Function("POWER", arithmetic.power, (NUMBER, NUMBER), 2, 0,
             "a power, as ^", "乘幂"),
    Function("SQRT", mathematics.square_root, (NUMBER,), 1, 0,
             "the square root", "平方根"),
    Function("EXP", logarithm.exponential, (NUMBER,), 1, 0,
             "a power of e", "e 的乘幂"),
    Function("LN", logarithm.natural, (NUMBER,), 1, 0,
             "the natural logarithm", "自然对数"),
    Function("LOG", logarithm.logarithm, (NUMBER, NUMBER), 1, 0,
             "the logarithm, to the base 10 if none", "对数（默认底数 10）"),
    Function("LOG10", logarithm.decadic, (NUMBER,), 1, 0,
             "the logarithm to the base 10", "常用对数"),
    Function("GCD", mathematics.greatest_common_divisor, (SERIES,), 1, 1,
             "the greatest common divisor", "最大公约数"),
    Function("LCM", mathematics.least_common_multiple, (SERIES,), 1, 1,
             "the least common multiple", "最小公倍数"),
    # Conditions
    Function("IF", logic.if_, (LOGICAL, LATER, LATER), 2, 0,
             "one of two results", "条件判断"),
    Function("IFS", logic.ifs, (LATER, LATER), 2, 2,
             "the result of the first condition that holds", "多条件判断"),
    Function("SWITCH", logic.switch, (VALUE, LATER, LATER), 3, 1,
             "the result of the equal case", "按值匹配"),
    Function("CHOOSE", logic.choose, (NUMBER, LATER), 2, 1,
             "the nth of the results", "按序号选择"),
    Function("AND", logic.and_, (SERIES,), 1, 1,
             "all conditions hold", "全部成立"),
    Function("OR", logic.or_, (SERIES,), 1, 1,
             "any condition holds", "任一成立"),
    Function("NOT", logic.not_, (LOGICAL,), 1, 0,
             "the opposite", "取反"),
    Function("XOR", logic.xor, (SERIES,), 1, 1,
             "an odd number of conditions holds", "奇数个成立"),
    Function("TRUE", logic.true, (), 0, 0,
             "TRUE", "真"),
    Function("FALSE", logic.false, (), 0, 0,
             "FALSE", "假"),
    Function("IFERROR", logic.if_error, (LATER, LATER), 2, 0,
             "another result for an error", "出错时的替代值"),
    Function("IFNA", logic.if_na, (LATER, LATER), 2, 0,
             "another result for #N/A", "查不到时的替代值"),
    Function("ISBLANK", logic.is_blank, (ANY,), 1, 0,
             "is it an empty cell", "是否空单元格"),
    Function("ISNUMBER", logic.is_numeric, (ANY,), 1, 0,
             "is it a number", "是否数字"),
    Function("ISTEXT", logic.is_text, (ANY,), 1, 0,
             "is it a text", "是否文本"),
    Function("ISERROR", logic.is_error, (ANY,), 1, 0,
             "is it an error", "是否错误值"),
    Function("ISNA", logic.is_na, (ANY,), 1, 0,
             "is it #N/A", "是否 #N/A"),
    Function("NA", logic.na, (), 0, 0,
             "#N/A", "#N/A"),
    Function("N", text.number, (VALUE,), 1, 0,
             "a number, or 0 for a text", "转为数字（文本为 0）"),
    # Tables
    Function("LOOKUP", lookup.lookup, (VALUE, ARRAY, ARRAY), 2, 0,
             "beside the last value not above", "查找（升序，取不大于的最后一个）"),
    Function("VLOOKUP", lookup.vlookup, (VALUE, TABLE, NUMBER, LOGICAL), 3, 0,
             "in the row that begins with a value", "按首列查找"),
    Function("HLOOKUP", lookup.hlookup, (VALUE, TABLE, NUMBER, LOGICAL), 3, 0,
             "in the column that begins with a value", "按首行查找"),
    Function("XLOOKUP", lookup.xlookup, (VALUE, TABLE, TABLE, LATER, NUMBER, NUMBER), 3, 0,
             "where a value is found", "查找并返回对应项"),
    Function("INDEX", lookup.index, (TABLE, NUMBER, NUMBER), 2, 0,
             "a cell by row and column", "按行列取值"),
    Function("MATCH", lookup.match, (VALUE, TABLE, NUMBER), 2, 0,
             "the position of a value", "值所在的位置"),
    Function("XMATCH", lookup.xmatch, (VALUE, TABLE, NUMBER, NUMBER), 2, 0,
             "the position of a value, exactly", "值所在的位置（默认精确）"),
    Function("TRANSPOSE", lookup.transpose, (ARRAY,), 1, 0,
             "rows as columns", "行列互换"),
    Function("ROWS", lookup.rows, (TABLE,), 1, 0,
             "the number of rows", "行数"),
    Function("COLUMNS", lookup.columns, (TABLE,), 1, 0,
             "the number of columns", "列数"),
    # Dates
    Function("DATE", calendar.date_, (NUMBER,) * 3, 3, 0,
             "a date from year, month, day", "由年月日得到日期"),
    Function("DAY", calendar.day, (NUMBER,), 1, 0,
             "the day of the month", "日"),
    Function("MONTH", calendar.month, (NUMBER,), 1, 0,
             "the month", "月"),
    Function("YEAR", calendar.year, (NUMBER,), 1, 0,
             "the year", "年"),
    Function("DAYS", calendar.days, (NUMBER, NUMBER), 2, 0,
             "days from the second date to the first", "两日期相差天数"),
    Function("EDATE", calendar.edate, (NUMBER, NUMBER), 2, 0,
             "the same day some months later", "若干月后的同一日"),
    Function("EOMONTH", calendar.eomonth, (NUMBER, NUMBER), 2, 0,
             "the last day of a month", "某月最后一天"),
    Function("WEEKDAY", calendar.weekday, (NUMBER, NUMBER), 1, 0,
             "the day of the week", "星期几"),
    Function("DATEDIF", calendar.datedif, (NUMBER, NUMBER, TEXT), 3, 0,
             'whole "y", "m", "d", or "ym"', "相差整年、整月、天数"),
    Function("DAYS360", daycount.days_360, (NUMBER, NUMBER, LOGICAL), 2, 0,
             "days, by months of 30", "按每月 30 天计的天数"),
    Function("YEARFRAC", daycount.year_fraction, (NUMBER, NUMBER, NUMBER), 2, 0,
             "years, by a basis of 0 to 4", "相差年数（基准 0 至 4）"),
    Function("NETWORKDAYS", workdays.working_days, (NUMBER, NUMBER, SERIES), 2, 0,
             "working days, both dates counted", "工作日天数（含首尾）"),
    Function("WORKDAY", workdays.working_day, (NUMBER, NUMBER, SERIES), 2, 0,
             "the date some working days later", "若干工作日后的日期"),
    Function("WEEKNUM", workdays.week_number, (NUMBER, NUMBER), 1, 0,
             "the week of the year", "一年中的第几周"),
    Function("ISOWEEKNUM", workdays.iso_week_number, (NUMBER,), 1, 0,
             "the week of the year by ISO 8601", "ISO 周数"),
    Function("DATEVALUE", clock.date_value, (VALUE,), 1, 0,
             "the date that a text spells", "文本转为日期"),
    Function("TIME", clock.time, (NUMBER,) * 3, 3, 0,
             "a time from hour, minute, second", "由时分秒得到时间"),
    Function("HOUR", clock.hour, (NUMBER,), 1, 0,
             "the hour", "小时"),
    Function("MINUTE", clock.minute, (NUMBER,), 1, 0,
             "the minute", "分钟"),
    Function("SECOND", clock.second, (NUMBER,), 1, 0,
             "the second", "秒"),
    # Finance
    Function("PMT", finance.payment, (NUMBER,) * 5, 3, 0,
             "the payment of each period", "每期付款额"),
    Function("PV", finance.present_value, (NUMBER,) * 5, 3, 0,
             "the present value", "现值"),
    Function("FV", finance.future_value, (NUMBER,) * 5, 3, 0,
             "the future value", "终值"),
    Function("NPER", finance.periods, (NUMBER,) * 5, 3, 0,
             "the number of periods", "期数"),
    Function("RATE", finance.rate, (NUMBER,) * 6, 3, 0,
             "the interest of each period", "每期利率"),
    Function("NPV", finance.net_present_value, (NUMBER, SERIES), 2, 1,
             "the net present value", "净现值"),
    Function("SLN", finance.straight_line, (NUMBER,) * 3, 3, 0,
             "straight-line depreciation", "直线法折旧额"),
    # Texts
    Function("CONCATENATE", text.concatenate, (TEXT,), 1, 1,
             "joins texts, as &", "连接文本"),
    Function("CONCAT", text.concatenate, (SERIES,), 1, 1,
             "joins texts and ranges", "连接文本和区域"),
    Function("TEXTJOIN", text.text_join, (TEXT, LOGICAL, SERIES), 3, 1,
             "joins with a delimiter", "用分隔符连接"),
    Function("LEFT", text.left, (TEXT, NUMBER), 1, 0,
             "the first characters", "左边的字符"),
    Function("RIGHT", text.right, (TEXT, NUMBER), 1, 0,
             "the last characters", "右边的字符"),
    Function("MID", text.middle, (TEXT, NUMBER, NUMBER), 3, 0,
             "characters from the middle", "中间的字符"),
    Function("LEN", text.length, (TEXT,), 1, 0,
             "the number of characters", "字符个数"),
    Function("TRIM", text.trim, (TEXT,), 1, 0,
             "without needless spaces", "去掉多余空格"),
    Function("UPPER", text.upper, (TEXT,), 1, 0,
             "in capitals", "转为大写"),
    Function("LOWER", text.lower, (TEXT,), 1, 0,
             "in small letters", "转为小写"),
    Function("REPT", text.repeat, (TEXT, NUMBER), 2, 0,
             "repeats a text", "重复文本"),
    Function("SUBSTITUTE", text.substitute, (TEXT, TEXT, TEXT, NUMBER), 3, 0,
             "replaces a text in a text", "替换文本"),
    Function("REPLACE", text.replace, (TEXT, NUMBER, NUMBER, TEXT), 4, 0,
             "replaces characters by their place", "按位置替换"),
    Function("FIND", text.find, (TEXT, TEXT, NUMBER), 2, 0,
             "where a text stands, capitals told apart", "文本的位置（区分大小写）"),
    Function("SEARCH", text.search, (TEXT, TEXT, NUMBER), 2, 0,
             "where a text stands, with ? and *", "文本的位置（可用通配符）"),
    Function("EXACT", text.exact, (TEXT, TEXT), 2, 0,
             "equal, capitals included", "是否完全相同（区分大小写）"),
    Function("VALUE", text.value, (VALUE,), 1, 0,
             "the number that a text spells", "文本转为数字"),
    Function("NUMBERVALUE", text.number_value, (TEXT, TEXT, TEXT), 1, 0,
             "the number that a text spells, by its signs", "文本转为数字（指定小数点）"),
    Function("TEXT", formats.text, (VALUE, TEXT), 2, 0,
             "a number in a format", "按格式转为文本"),
)
# fmt: on

FUNCTIONS = {function.name: function for function in _TABLE}

# Their results change from one calculation to the next, or their references cannot be read off the formula.
VOLATILE = frozenset({"TODAY", "NOW", "RAND", "RANDBETWEEN", "RANDARRAY", "INDIRECT", "OFFSET", "CELL", "INFO"})

# Functions that came after the file format: Excel stores their names with this prefix.
# https://support.microsoft.com/office/issue-an-xlfn-prefix-is-displayed-in-front-of-a-formula-882f1ef7-68fb-4fcd-8d54-9fbb77fd5025
FILE_PREFIX = "_xlfn."
LOCAL_PREFIX = "_xlpm."  # and the names within a LET with this one
PREFIXED = frozenset({
    "IFS", "SWITCH", "CONCAT", "TEXTJOIN", "XLOOKUP", "IFNA", "CEILING.MATH", "FLOOR.MATH", "XOR", "DAYS",
    "MAXIFS", "MINIFS", "PERCENTILE.INC", "PERCENTILE.EXC", "RANK.EQ", "ISOWEEKNUM", "XMATCH", "NUMBERVALUE",
})  # fmt: skip
