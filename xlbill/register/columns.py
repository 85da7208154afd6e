"""The columns of the register's sheets and csv files: declared once, each with what it shows of a row.

A row is of a bill, a line of one, a sum of lines, a balance or a problem; `shown` makes it, once. What a workbook can
compute itself carries its formula, so that the register's figures can be followed as an invoice's can.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum, auto
from typing import Any, Literal, NamedTuple, TypeAlias

from xlbill.language import Label
from xlbill.money import Currency
from xlbill.problems import Problem
from xlbill.rating.bill import BalanceOf, Bill, Line, Pay

FieldValue: TypeAlias = str | Decimal | date | None
DRAFT = Label("草稿", "draft")
NO_APP = "—"  # a condition cannot ask for an empty cell
PAYS = {"prepaid": Label("预付费", "prepaid"), "postpaid": Label("后付费", "postpaid")}
KINDS = {
    "fee": Label("费用", "fee"),
    "refund": Label("退款", "refund"),
    "pack": Label("加油包", "pack"),
    "usage": Label("用量", "usage"),
    "minimum": Label("最低消费", "minimum"),
    "customer": Label("客户费用", "customer"),
    "adjustment": Label("调账", "adjustment"),
}
BALANCES: dict[BalanceOf, Label] = {
    "pack": Label("加油包", "pack"),
    "allowance": Label("额度结转", "rollover"),
    "count": Label("累计", "so far"),
}
SEVERITIES = {"error": Label("错误", "error"), "warning": Label("警告", "warning")}


class Holds(Enum):
    """What a column holds, and so how it looks."""

    TEXT = auto()
    DATE = auto()
    MONEY = auto()
    PRICE = auto()  # money with all its decimals
    QUANTITY = auto()
    LINK = auto()  # a file beside the register
    NOTE = auto()  # a sentence, in as many lines as it takes


@dataclass(frozen=True, slots=True)
class Field:
    """One column: what it is called, what it shows of a thing, and the formula by which the workbook computes it.

    In a formula `{total}` is the row's cell in another column. A sum adds up the amounts of the lines that are the
    row's by the table's keys: all of them, or those of one way to pay.
    """

    key: str
    heading: Label
    kind: Holds
    get: Callable[[Any], FieldValue]
    formula: str | None = None
    width: float = 12
    sums: Pay | Literal["all"] | None = None

    def decimals(self, row: "RegisterRow") -> int:
        """To how many decimals its figures are shown at least: money has those of the row's currency."""
        return row.decimals if self.kind in (Holds.MONEY, Holds.PRICE) else 0


class RegisterRow(NamedTuple):
    """What a table shows of a thing, in the order of its columns, and to how many decimals money is rounded there."""

    values: tuple[FieldValue, ...]
    decimals: int = 0


def shown(columns: Sequence[Field], thing: Any, decimals: int = 0) -> RegisterRow:
    """A thing as the row of a table."""
    return RegisterRow(tuple([column.get(thing) for column in columns]), decimals)


@dataclass(frozen=True, slots=True)
class Registered:
    """A bill of the run, the file name of its invoice, and its number (None for a draft)."""

    bill: Bill
    file: str
    number: str | None = None


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line with the bill on which it stands."""

    entry: Registered
    line: Line

    @property
    def product(self) -> str:
        """The product's code; what belongs to none (an adjustment) stands under its item's."""
        return self.line.product or self.line.item

    @property
    def app(self) -> str:
        """The app's code, or a dash for what belongs to the customer as a whole."""
        return self.line.app or NO_APP

    @property
    def currency(self) -> str:
        """The code of the bill's currency."""
        return self.entry.bill.currency.code


@dataclass(frozen=True, slots=True)
class Sum:
    """What the lines of one product, or of one app, come to by each way to pay."""

    keys: Mapping[str, str]
    name: str
    decimals: int  # to which its money is rounded
    amounts: dict[str, Decimal] = field(default_factory=dict)

    def amount(self, pay: str | None = None) -> Decimal:
        """What the lines come to, all or those of one way to pay."""
        return sum(self.amounts.values(), Decimal(0)) if pay is None else self.amounts.get(pay, Decimal(0))


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A problem of the run, and the customer whom it is about."""

    problem: Problem
    customer: str


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A customer before its bill is issued: the total against earlier ones, why it moved, and what to look at.

    change = total - last = usage + price + orders + once + others. A customer that is lost has a total of 0.
    """

    customer: str
    name: Label
    currency: Currency
    total: Decimal
    last: Decimal
    average: Decimal | None
    usage: Decimal
    price: Decimal
    orders: Decimal
    once: Decimal
    others: Decimal
    notes: tuple[Label, ...] = ()

    @property
    def change(self) -> Decimal:
        """By how much the total moved against the month before."""
        return self.total - self.last

    @property
    def rest(self) -> Decimal:
        """What of the change has no reason: always nothing."""
        return self.change - self.usage - self.price - self.orders - self.once - self.others


def _figure(name: str) -> Callable[[LineRow], Decimal | None]:
    return lambda row: row.line.number(name)


def _sum(entry: Registered, name: str) -> Decimal:
    """A sum of the bill; nothing where it has none of the name."""
    figure = entry.bill.sums.get(name)
    return figure.number if figure is not None else Decimal(0)


def _tax(entry: Registered) -> Decimal:
    return sum((tax.tax.number for tax in entry.bill.taxes), Decimal(0))


_TEXT, _DATE, _MONEY, _PRICE, _QUANTITY = Holds.TEXT, Holds.DATE, Holds.MONEY, Holds.PRICE, Holds.QUANTITY

_POSTPAID = "{total}-{prepaid}+{refunded}"
_CREDIT = f"{{opening}}+{{refunded}}+MAX(-({_POSTPAID}),0)-{{used}}"
_REST = "{change}-{usage}-{price}-{orders}-{once}-{others}"

CUSTOMER_COLUMNS = (
    Field("number", Label("账单号", "Number"), _TEXT, lambda e: e.number or str(DRAFT), width=15),
    Field("customer", Label("客户", "Customer"), _TEXT, lambda e: e.bill.customer.code),
    Field("name", Label("名称", "Name"), _TEXT, lambda e: str(e.bill.customer.name), width=27),
    Field("file", Label("账单文件", "Invoice"), Holds.LINK, lambda e: e.file, width=20),
    Field("currency", Label("币种", "Currency"), _TEXT, lambda e: e.bill.currency.code, width=9),
    Field("prepaid", Label("预付费费用", "Prepaid"), _MONEY, lambda e: e.bill.prepaid.number, width=14),
    Field("refunded", Label("本期退款", "Refunded"), _MONEY, lambda e: _sum(e, "refunded"), width=12),
    Field("opening", Label("上期结余", "Credit before"), _MONEY, lambda e: _sum(e, "credit_opening"), width=12),
    Field("used", Label("结余抵减", "Credit used"), _MONEY, lambda e: _sum(e, "credit_used"), width=12),
    Field("due", Label("本期应收", "Due"), _MONEY, lambda e: e.bill.due.number, f"MAX({_POSTPAID},0)-{{used}}", 14),
    Field("credit", Label("期末结余", "Credit after"), _MONEY, lambda e: _sum(e, "credit"), _CREDIT, 12),
    Field("net", Label("不含税", "Net"), _MONEY, lambda e: e.bill.total.number - _tax(e), "{total}-{tax}", 13),
    Field("tax", Label("税额", "Tax"), _MONEY, _tax, width=12),
    Field("total", Label("价税合计", "Total"), _MONEY, lambda e: e.bill.total.number, width=14),
    Field("warnings", Label("警告", "Warnings"), _QUANTITY, lambda e: None, width=10),  # counted with the run's
)

_SUMS = (
    Field("currency", Label("币种", "Currency"), _TEXT, lambda s: s.keys["currency"], width=10),
    Field("prepaid", Label("预付费", "Prepaid"), _MONEY, lambda s: s.amount("prepaid"), width=14, sums="prepaid"),
    Field("postpaid", Label("后付费", "Postpaid"), _MONEY, lambda s: s.amount("postpaid"), width=14, sums="postpaid"),
    Field("amount", Label("金额", "Amount"), _MONEY, lambda s: s.amount(), width=14, sums="all"),
)
PRODUCT_COLUMNS = (
    Field("product", Label("产品", "Product"), _TEXT, lambda s: s.keys["product"]),
    Field("name", Label("名称", "Name"), _TEXT, lambda s: s.name, width=36),
    *_SUMS,
)
APP_COLUMNS = (
    Field("customer", Label("客户", "Customer"), _TEXT, lambda s: s.keys["customer"]),
    Field("name", Label("名称", "Name"), _TEXT, lambda s: s.name, width=34),
    Field("app", Label("应用", "App"), _TEXT, lambda s: s.keys["app"], width=20),
    *_SUMS,
)

LEFT = "{opening}-{drawn}-{lapsed}"
BALANCE_COLUMNS = (
    Field("customer", Label("客户", "Customer"), _TEXT, lambda r: r[0].bill.customer.code),
    Field("app", Label("应用", "App"), _TEXT, lambda r: r[1].app or NO_APP, width=20),
    Field("kind", Label("类别", "Kind"), _TEXT, lambda r: str(BALANCES[r[1].kind]), width=14),
    Field("pack", Label("项目", "Item"), _TEXT, lambda r: r[1].pack, width=16),
    Field("title", Label("名称", "Name"), _TEXT, lambda r: str(r[1].title), width=30),
    Field("unit", Label("单位", "Unit"), _TEXT, lambda r: str(r[1].unit or ""), width=12),
    Field("bought", Label("起始日", "Since"), _DATE, lambda r: r[1].bought),
    Field("expires", Label("有效期至", "Valid until"), _DATE, lambda r: r[1].expires),
    Field("opening", Label("期初", "Opening"), _QUANTITY, lambda r: r[1].opening.number, width=14),
    Field("drawn", Label("抵扣（负数为计入）", "Drawn (below 0: added)"), _QUANTITY, lambda r: r[1].used, width=22),
    Field("lapsed", Label("失效", "Lapsed"), _QUANTITY, lambda r: r[1].gone, width=14),
    Field("closing", Label("期末", "Closing"), _QUANTITY, lambda r: r[1].closing.number, LEFT, 14),
)

LINE_COLUMNS = (
    Field("period", Label("账期", "Period"), _TEXT, lambda r: str(r.entry.bill.month), width=9),
    Field("number", Label("账单号", "Number"), _TEXT, lambda r: r.entry.number or str(DRAFT), width=16),
    Field("customer", Label("客户", "Customer"), _TEXT, lambda r: r.entry.bill.customer.code),
    Field("name", Label("名称", "Name"), _TEXT, lambda r: str(r.entry.bill.customer.name), width=30),
    Field("app", Label("应用", "App"), _TEXT, lambda r: r.app, width=18),
    Field("product", Label("产品", "Product"), _TEXT, lambda r: r.product),
    Field("group", Label("产品名称", "Product name"), _TEXT, lambda r: str(r.line.group), width=22),
    Field("item", Label("项目代码", "Item code"), _TEXT, lambda r: r.line.item, width=18),
    Field("title", Label("项目", "Item"), _TEXT, lambda r: str(r.line.title), width=34),
    Field("kind", Label("类别", "Kind"), _TEXT, lambda r: str(KINDS[r.line.kind]), width=14),
    Field("pay", Label("付费方式", "Pay"), _TEXT, lambda r: str(PAYS[r.line.pay]), width=16),
    Field("model", Label("计价模型", "Model"), _TEXT, lambda r: r.line.model),
    Field("edition", Label("价目表", "Price book"), _TEXT, lambda r: r.line.edition, width=18),
    Field("contract", Label("合同", "Contract"), _TEXT, lambda r: r.line.contract, width=14),
    Field("first", Label("服务自", "From"), _DATE, lambda r: r.line.period.start if r.line.period else None),
    Field("last", Label("服务至", "To"), _DATE, lambda r: r.line.period.last if r.line.period else None),
    Field("quantity", Label("数量", "Quantity"), _QUANTITY, _figure("quantity")),
    Field("unit", Label("单位", "Unit"), _TEXT, lambda r: str(r.line.unit or "")),
    Field("included", Label("套餐额度", "Included"), _QUANTITY, _figure("included")),
    Field("drawn", Label("抵扣", "From packs"), _QUANTITY, _figure("drawn")),
    Field("billable", Label("计费用量", "Billable"), _QUANTITY, _figure("billable")),
    Field("units", Label("计费数量", "Units"), _QUANTITY, _figure("units")),
    Field("price", Label("单价", "Price"), _PRICE, _figure("price")),
    Field("list_price", Label("原价", "List price"), _PRICE, lambda r: _list_price(r.line)),
    Field("amount", Label("金额", "Amount"), _MONEY, _figure("amount"), width=14),
    Field("currency", Label("币种", "Currency"), _TEXT, lambda r: r.currency, width=10),
)

REVIEW_COLUMNS = (
    Field("customer", Label("客户", "Customer"), _TEXT, lambda r: r.customer),
    Field("name", Label("名称", "Name"), _TEXT, lambda r: str(r.name), width=21),
    Field("total", Label("本期价税合计", "Total"), _MONEY, lambda r: r.total, width=13),
    Field("last", Label("上期价税合计", "Last month"), _MONEY, lambda r: r.last, width=13),
    Field("average", Label("前三期平均", "Average of three"), _MONEY, lambda r: r.average, width=13),
    Field("change", Label("较上期变动", "Moved by"), _MONEY, lambda r: r.change, "{total}-{last}", 13),
    Field("usage", Label("其中：用量", "of it usage"), _MONEY, lambda r: r.usage, width=11),
    Field("price", Label("价格", "prices"), _MONEY, lambda r: r.price, width=11),
    Field("orders", Label("订阅", "subscriptions"), _MONEY, lambda r: r.orders, width=12),
    Field("once", Label("一次性", "one-offs"), _MONEY, lambda r: r.once, width=11),
    Field("others", Label("其他（价外税）", "others (tax on top)"), _MONEY, lambda r: r.others, width=11),
    Field("rest", Label("核对：应为零", "Check: zero"), _MONEY, lambda r: r.rest, _REST, 9),
    Field("notes", Label("请留意", "Look at"), Holds.NOTE, lambda r: "\n".join(map(str, r.notes)), width=34),
    Field("approved", Label("批准", "Approved"), _TEXT, lambda r: "", width=10),
)

PROBLEM_COLUMNS = (
    Field("severity", Label("级别", "Severity"), _TEXT, lambda r: str(SEVERITIES[r.problem.severity]), width=14),
    Field("code", Label("代码", "Code"), _TEXT, lambda r: r.problem.code, width=22),
    Field("customer", Label("客户", "Customer"), _TEXT, lambda r: r.customer),
    Field("place", Label("位置", "Place"), Holds.NOTE, lambda r: str(r.problem.place), width=30),
    Field("found", Label("当前值", "Found"), Holds.NOTE, lambda r: r.problem.found("zh"), width=20),
    Field("zh", Label("说明", "In Chinese"), Holds.NOTE, lambda r: r.problem.message("zh"), width=42),
    Field("en", Label("英文说明", "In English"), Holds.NOTE, lambda r: r.problem.message("en"), width=42),
)


def _list_price(line: Line) -> Decimal | None:
    return line.list_price.number if line.list_price is not None else None
