"""The columns of a usage sheet, long and wide, and the words by which they are known."""

from xlbill.language import Label
from xlbill.sheets.columns import COUNTED, FEW, Column, Kind, SheetKind
from xlbill.sheets.headings import normalised

USAGE = SheetKind(
    "usage",
    Label("用量", "Usage"),
    (
        Column(
            "app",
            Label("应用", "app"),
            Kind.CODE,
            aliases=("应用ID", "应用代码", "应用编号", "app id", "app_id", "appid", "appkey", "app key", "application"),
            note=Label("也可写在题名、工作表名或文件名中", "Or in a title, the sheet's or the file's name"),
        ),
        Column(
            "date",
            Label("日期", "date"),
            Kind.DATE,
            aliases=("day", "统计日期", "用量日期", "日", "天", "时间", "time"),
            note=Label("也可写月份，表示全月一个数", "A month in its place means one figure for the month"),
        ),
        Column(
            "hour",
            Label("小时", "hour"),
            aliases=("时刻", "钟点", "hour of day", "time of day"),
            note=Label(
                "时刻另成一列：13、13:05；写起始时刻", "A time in a column of its own: 13, 13:05; that of the beginning"
            ),
        ),
        Column(
            "month",
            Label("月份", "month"),
            Kind.MONTH,
            aliases=("账期", "月", "period", "billing month", "统计月份"),
        ),
        Column(
            "meter",
            Label("计量项", "meter"),
            Kind.CODE,
            aliases=("指标", "metric", "计费项", "用量项", "计量"),
            note=Label("长表一行一项；宽表以计量项为列名", "One a row; in wide sheets the headings"),
        ),
        Column(
            "dimension",
            Label("维度", "dimension"),
            Kind.CODE,
            aliases=("规格", "分类", "类型", "type", "档位", "tier"),
        ),
        Column(
            "quantity",
            Label("数量", "quantity"),
            Kind.NUMBER,
            range=COUNTED,
            aliases=("用量", "usage", "值", "value", "数值", "qty"),
        ),
        Column("unit", Label("单位", "unit"), aliases=("计量单位", "uom")),
        Column(
            "times",
            Label("倍数", "times"),
            Kind.NUMBER,
            range=FEW,
            aliases=("目标语言数", "语言数", "target languages", "languages", "multiplier"),
            note=Label("每个数字计几次，如翻译的目标语言数", "What each figure counts for: languages of a translation"),
        ),
        Column(
            "request",
            Label("请求", "request"),
            Kind.CODE,
            aliases=("请求ID", "请求编号", "request id", "request_id", "requestid"),
            note=Label("单次请求的编号；同日多次请求相加", "The id of a single request: the requests of a day add up"),
        ),
    ),
    note=Label("一行一个用量，或一行一天、一列一个计量项", "A figure a row, or a day a row and a meter a column"),
)

KEY_OF_HEADING = {
    normalised(heading): column.key for column in reversed(USAGE.columns) for heading in column.headings()
}
"""Every heading that a declared column answers to, as it is compared."""

DAY_OR_HOUR = frozenset(normalised(word) for word in ("时间", "time"))
"""What heads a day with its time, and beside a column of days the time alone."""

REMARKS = frozenset(
    normalised(word)
    for word in (
        *("备注", "说明", "注释", "remark", "remarks", "note", "notes", "comment", "comments"),
        *("序号", "编号", "no", "no.", "#", "index", "星期", "周", "weekday", "week"),
        *("客户", "客户名称", "customer", "customer name", "应用名称", "app name", "名称", "name"),
        *("状态", "status", "来源", "source"),
    )
)
"""Headings of columns that people add for themselves: never figures, whatever they hold."""
