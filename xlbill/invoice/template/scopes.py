"""What the marks of a template speak of, what repeats for each such thing, and what a row or a sheet can be tied to."""

from collections.abc import Mapping
from dataclasses import dataclass

from xlbill.language import Label


@dataclass(frozen=True, slots=True)
class MarkScope:
    """What marks speak of, and what repeats for each such thing."""

    name: str
    about: Label
    repeats: str | None = None  # "rows" or "columns"
    parent: str | None = None
    of: tuple[str, ...] = ()  # in whose rows it is the one of that row: the nearest first, the usual one last


SCOPES: Mapping[str, MarkScope] = {
    scope.name: scope
    for scope in (
        MarkScope("bill", Label("账单本身", "the bill")),
        MarkScope("seller", Label("销售方（客户档案的销售方工作表）", "who issues it (Seller sheet of the accounts)")),
        MarkScope(
            "customer", Label("购买方（客户档案的客户工作表）", "who is billed (Customers sheet of the accounts)")
        ),
        MarkScope(
            "app",
            Label("该行所属的应用（客户档案的应用工作表）", "the app of the row (Apps sheet of the accounts)"),
            of=("line", "pack", "usage", "group"),
        ),
        MarkScope(
            "subscription",
            Label(
                "该行所收的订阅（客户档案的订阅工作表）", "what the row charges (Subscriptions sheet of the accounts)"
            ),
            of=("pack", "line"),
        ),
        MarkScope("group", Label("一个应用的一个产品", "a product of an app"), "rows"),
        MarkScope("member", Label("合并账单中的一个客户", "a customer of a bill for several"), "rows"),
        MarkScope("line", Label("账单明细", "a line of the bill"), "rows", "group"),
        MarkScope("tax", Label("一种税率", "a tax rate"), "rows"),
        MarkScope("remark", Label("备注", "a remark"), "rows"),
        MarkScope("warning", Label("提示", "a warning"), "rows"),
        MarkScope("pack", Label("加油包余额", "the balance of a pack"), "rows"),
        MarkScope("rate", Label("所用参数的值", "a value by date that was used"), "rows"),
        MarkScope("edition", Label("所用价目表", "a price book that was used"), "rows"),
        MarkScope("price", Label("所用价目", "what lines are priced with"), "rows"),
        MarkScope("usage", Label("一个应用的用量", "the usage of an app"), "rows"),
        MarkScope("day", Label("一天", "a day"), "rows", "usage"),
        MarkScope("month", Label("月度汇总", "how the month is summed up"), "rows", "usage"),
        MarkScope("chart", Label("每日用量图", "a chart of daily usage"), "rows", "usage"),
        MarkScope("meter", Label("一个计量项", "a meter"), "columns", "usage"),
        MarkScope("column", Label("计量项的一列（一个维度）", "a column of a meter (a dimension)"), "columns", "meter"),
        MarkScope("total", Label("计量项的每日合计列", "a meter's column of day totals"), "columns", "meter"),
        MarkScope("statement", Label("对账单本身（仅对账单模板）", "the statement (statements of account only)")),
        MarkScope("entry", Label("对账单的一笔单据", "a document of the statement"), "rows"),
        MarkScope("open", Label("一份未结账单", "a bill that is not paid in full"), "rows"),
        MarkScope("age", Label("一段账龄", "what is overdue by so many days"), "rows"),
        MarkScope("quota", Label("计量项的额度列", "a meter's column with its quota"), "columns", "meter"),
    )
}

DIRECTIVES: Mapping[str, Label] = {
    "with …": Label(
        "仅当所列内容存在时保留该行：with draft、with pack、with customer.tax_id",
        "keeps its row only where there is such a thing: with draft, with pack, with customer.tax_id",
    ),
    "without …": Label(
        "仅当所列内容不存在时保留该行：without line（本期没有账单明细）",
        "keeps its row only where there is no such thing: without line, on a bill without lines",
    ),
    "with several apps": Label(
        "仅当账单含多个应用时保留该行（分应用汇总）", "keeps its row only on a bill for several apps: a summary of them"
    ),
    "with continued": Label(
        "产品分组跨页时，该行在新页开头重复（“……（续）”）",
        "stands at the top of each further page of its group: the group's heading once more",
    ),
    "sheet not printed": Label(
        "此工作表保留在账单文件中，但不进入 PDF", "its sheet stays in the workbook, but is left out of PDF files"
    ),
    "look peak": Label("峰值日采用此单元格的外观", "the look of this cell is that of the peak days"),
    "look quota": Label("图表中额度线采用此单元格的字体颜色", "the colour of these words is that of the quota's line"),
}
