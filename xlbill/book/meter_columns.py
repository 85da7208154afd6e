"""The sheets of a price book that say what is measured: meters and their dimensions."""

from xlbill.charge_columns import NAME, NAME_EN
from xlbill.language import Label
from xlbill.methods import BY_DAY, METHODS
from xlbill.quantities import columns_of
from xlbill.sheets.columns import COUNTED, FEW, SHARE, Column, Kind, SheetKind, limits_of

METERS = SheetKind(
    "meters",
    Label("计量", "Meters"),
    (
        Column("meter", Label("计量项", "meter"), Kind.CODE, required=True),
        NAME,
        NAME_EN,
        Column("unit", Label("单位", "unit")),
        Column("unit_en", Label("英文单位", "English unit")),
        Column(
            "month",
            Label("月度汇总", "month"),
            Kind.CHOICE,
            required=True,
            choices={m.key: (m.word.zh, m.word.en) for m in METHODS.values() if m.formula is not None},
            note=Label("一个月如何汇总为一个数", "How a month comes to one figure"),
        ),
        Column(
            "by_day",
            Label("单日汇总", "day"),
            Kind.CHOICE,
            choices={key: (word.zh, word.en) for key, word in BY_DAY.items()},
            note=Label(
                "同一天的多个时刻如何汇总为当日数；留空则按月度汇总的惯例",
                "How several times of a day come to its figure; blank: as the month's method usually does it",
            ),
        ),
        Column(
            "nth",
            Label("名次", "nth"),
            Kind.NUMBER,
            range=FEW,
            note=Label("月度汇总为“第 N 高”时的 N", "Which one the nth highest is"),
        ),
        Column(
            "percentile",
            Label("百分位", "percentile"),
            Kind.NUMBER,
            range=SHARE,
            note=Label("月度汇总为“百分位”时的比例，如 95%", "The share of a percentile, as 95%"),
        ),
        Column(
            "sample_minutes",
            Label("采样分钟", "sample minutes"),
            Kind.NUMBER,
            range=FEW,
            note=Label("应每隔几分钟有一个数；缺少时提示", "A figure is expected every so many minutes; gaps are told"),
        ),
        Column(
            "record",
            Label("记录模型", "record model"),
            Kind.CODE,
            aliases=("逐条模型",),
            note=Label(
                "逐条计算每一行用量的模型，之后再汇总",
                "The model that is applied to each row of usage, before they are summed up",
            ),
        ),
        *(Column(q.key, q.heading, Kind.NUMBER, range=limits_of(q), aliases=q.aliases) for q in columns_of("meters")),
        Column(
            "bands",
            Label("时段表", "time bands"),
            Kind.CODE,
            note=Label(
                "按此时段表由时刻决定维度（峰、平、谷）", "The schedule by which a row's time decides on its dimension"
            ),
        ),
        Column("source_unit", Label("原始单位", "source unit")),
        Column("source_unit_en", Label("英文原始单位", "English source unit")),
        Column(
            "per_unit",
            Label("换算", "per unit"),
            Kind.NUMBER,
            note=Label("一个单位等于多少原始单位：分钟对秒为 60", "Source units in one unit: 60 seconds in a minute"),
        ),
        Column(
            "default_unit",
            Label("默认单位", "default unit"),
            Kind.CHOICE,
            choices={"unit": ("单位", "unit"), "source": ("原始单位", "source unit", "source")},
            note=Label(
                "用量没有写明单位时按哪一种；留空则必须写明",
                "What figures without a unit are given in; blank: each must say it",
            ),
        ),
        Column(
            "rounding",
            Label("月度取整", "rounding"),
            Kind.CHOICE,
            choices={
                "none": ("不取整", "none"),
                "up": ("向上", "up"),
                "half up": ("四舍五入", "half up"),
                "down": ("向下", "down"),
            },
        ),
        Column(
            "pooled",
            Label("归集", "pooled by"),
            Kind.CHOICE,
            choices={"app": ("应用", "app"), "customer": ("客户", "customer")},
            aliases=("pooled",),
        ),
        Column(
            "daily",
            Label("逐日", "daily"),
            Kind.YES,
            note=Label("每天应有一个数", "A figure is expected for every day"),
        ),
        Column("whole", Label("整数", "whole"), Kind.YES, note=Label("数量必须是整数", "Quantities are whole numbers")),
        Column("request_limit", Label("单次上限", "request limit"), Kind.NUMBER, range=COUNTED),
        Column(
            "taken_from",
            Label("取自", "taken from"),
            Kind.CODE,
            note=Label(
                "另一计量项：其用量在本行按另一种方式再计量一次",
                "Another meter: its usage is measured once more, in the way of this row",
            ),
        ),
    ),
)

COEFFICIENTS = SheetKind(
    "coefficients",
    Label("系数", "Coefficients"),
    (
        Column("meter", Label("计量项", "meter"), Kind.CODE, required=True),
        Column("dimension", Label("维度", "dimension"), Kind.CODE, required=True),
        NAME,
        NAME_EN,
        Column("medium", Label("内容类型", "medium"), Kind.CODE, aliases=("媒体",)),
        Column("coefficient", Label("系数", "coefficient"), Kind.NUMBER, required=True, range=SHARE),
    ),
)

BANDS = SheetKind(
    "bands",
    Label("时段", "Time bands"),
    (
        Column("schedule", Label("时段表", "schedule"), Kind.CODE, required=True),
        Column(
            "dimension",
            Label("维度", "dimension"),
            Kind.CODE,
            required=True,
            note=Label("属于计量项的哪个维度：峰、平、谷", "Which of the meter's dimensions it is: peak, flat, valley"),
        ),
        Column("from", Label("起", "from"), note=Label("时刻，如 8:00；留空为 0:00", "A time, as 8:00; blank: 0:00")),
        Column(
            "to",
            Label("止", "to"),
            note=Label("不含；留空为 24:00；可跨零点", "Not included; blank: 24:00; may go over midnight"),
        ),
        Column(
            "days",
            Label("日期类型", "days"),
            Kind.CODES,
            note=Label(
                "工作日、周末、节假日、周六、周一至周五；留空为每天",
                "workdays, weekends, holidays, Sat, Mon-Fri; blank: every day",
            ),
        ),
        Column(
            "months",
            Label("月份", "months"),
            Kind.CODES,
            note=Label("如 7、8 或 6-9；留空为全年", "As 7, 8 or 6-9; blank: the whole year"),
        ),
    ),
    note=Label(
        "一行一个时段；每个时刻恰好属于一行", "One band of a schedule a row; every moment lies in exactly one of them"
    ),
)

HOLIDAYS = SheetKind(
    "holidays",
    Label("节假日", "Holidays"),
    (
        Column("date", Label("日期", "date"), Kind.DATE, required=True),
        Column(
            "kind",
            Label("类型", "kind"),
            Kind.CHOICE,
            choices={"holiday": ("放假", "holiday"), "workday": ("调休上班", "workday")},
            note=Label(
                "留空为放假；调休上班的周末按周一计",
                "Blank: a holiday; a weekend day that is worked counts as a Monday",
            ),
        ),
        NAME,
    ),
)
