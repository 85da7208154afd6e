"""The sheet of a price book that holds its worked bills."""

from xlbill.language import Label
from xlbill.sheets.columns import AMOUNT, COUNTED, Column, Kind, SheetKind

EXAMPLES = SheetKind(
    "examples",
    Label("示例", "Examples"),
    (
        Column("case", Label("示例", "case"), Kind.CODE, required=True),
        Column("month", Label("账期", "period"), Kind.MONTH),
        Column(
            "item", Label("订阅项", "item"), Kind.CODE, note=Label("订阅的套餐、扩展服务或加油包", "What is subscribed")
        ),
        Column("option", Label("选项", "option"), Kind.CODE),
        Column("count", Label("份数", "count"), Kind.NUMBER, range=COUNTED),
        Column("start", Label("开始", "start"), Kind.DATE),
        Column(
            "meter", Label("用量", "usage"), Kind.CODE, note=Label("计量项 或 计量项:维度", "meter or meter:dimension")
        ),
        Column(
            "day", Label("日期", "day"), Kind.DATE, note=Label("留空为全月一个数", "Blank: one figure for the month")
        ),
        Column("quantity", Label("数量", "quantity"), Kind.NUMBER, range=COUNTED),
        Column("tax_class", Label("客户税类", "tax class"), Kind.CODE),
        Column("total", Label("预期价税合计", "total"), Kind.NUMBER, range=AMOUNT, aliases=("预期总额",)),
        Column(
            "line",
            Label("核对项", "expected line"),
            Kind.CODE,
            note=Label("账单明细的一个数，如 dau.amount", "A figure of a line, as dau.amount"),
        ),
        Column("figure", Label("预期值", "expected figure"), Kind.NUMBER, range=AMOUNT),
        Column(
            "problem",
            Label("预期问题", "expected problem"),
            Kind.CODE,
            note=Label("应当提出的问题代码，如 needs-plan", "The code of a problem that must be told, as needs-plan"),
        ),
        Column("source", Label("依据", "source")),
    ),
    note=Label("整张账单的算例，每次载入都会重算核对", "Worked bills, rated again at every load"),
)
