"""The marks of a template: everything that `{{ }}` may say, in one table that the loader checks and the manual prints.

A mark is a scope and a name: `{{ line.amount }}`. A row with marks of a scope repeats for each thing of that scope: a
row with `line.` marks for each line. `{{ line.title.en }}` is the English title, whatever the customer's language.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from xlbill.account_strangers import own_name
from xlbill.accounts import OwnFields, named_app
from xlbill.invoice.template.readings import (
    STATUS,
    WHOLE_MONTH,
    InWords,
    Shown,
    app_of,
    balances_drawn,
    balances_lapsed,
    balances_since,
    balances_title,
    balances_used,
    column_title,
    days_of,
    fact_of,
    first_of_app,
    floor_of,
    invoice_type_of,
    list_price_of,
    message_of,
    meter_title,
    of_account,
    of_line,
    of_line_priced,
    of_listed,
    of_price,
    of_refunded_bill,
    of_savings,
    pay_of,
    refund_month_of,
    saving_of,
    spelled_days,
    sum_of,
    usage_of,
    used_of,
    verdict_of,
)
from xlbill.invoice.words import currency_name
from xlbill.language import Label
from xlbill.quantities import DECLARED, QUANTITY, shape_of
from xlbill.sheets import nearest


class Shows(Enum):
    """What a mark shows, and with which number format; the value names it in the manual."""

    TEXT = Label("文字", "text")
    DATE = Label("日期", "date")
    MONEY = Label("金额", "money")
    PRICE = Label("单价", "price")
    QUANTITY = Label("数量", "quantity")
    RATE = Label("比率", "rate")
    CHART = Label("图表", "chart")


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark. `holds_figure`: the figure itself may stand in its cell, not only a reference to it."""

    scope: str
    name: str
    kind: Shows
    about: Label
    get: Callable[[Any], Shown] = field(compare=False)
    holds_figure: bool = False
    own: bool = False  # of a column of the house's own

    @property
    def key(self) -> str:
        """The mark as it is written between the braces."""
        return f"{self.scope}.{self.name}"

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        """A template goes into other processes with the names of its marks, not with their functions."""
        return mark_named, (self.key,)


FIGURE_NAMES: Mapping[str, Label] = {quantity.key: quantity.heading for quantity in DECLARED}
"""The quantities that the price book's models declare; finance's own go by `{{ line.figures.surcharge }}`."""

LINE_CELLS = tuple(quantity.key for quantity in DECLARED if quantity.at_line)


def kind_of_figure(name: str) -> Shows:
    """The number format of a figure that goes by its name alone."""
    kinds = {"date": Shows.DATE, "rate": Shows.RATE, "price": Shows.PRICE, "money": Shows.PRICE}
    return kinds.get(shape_of(name), Shows.QUANTITY)


def figure_label(name: str) -> Label:
    """The heading of a figure's column: that of the Formulas sheet, else the name itself."""
    label = QUANTITY[name].heading if name in QUANTITY else Label(name, name)
    return Label(label.zh, label.en[:1].upper() + label.en[1:])


# --- the table -----------------------------------------------------------------------------------------------------


def _text(scope: str, name: str, zh: str, en: str, get: Callable[[Any], Shown]) -> Mark:
    return Mark(scope, name, Shows.TEXT, Label(zh, en), get)


def _date(scope: str, name: str, zh: str, en: str, get: Callable[[Any], Shown]) -> Mark:
    return Mark(scope, name, Shows.DATE, Label(zh, en), get)


def _figure(scope: str, name: str, kind: Shows, zh: str, en: str, get: Callable[[Any], Shown]) -> Mark:
    """A mark in whose cell the figure itself may stand."""
    return Mark(scope, name, kind, Label(zh, en), get, holds_figure=True)


def _own(scope: str, get: Callable[[str], Callable[[Any], Shown]], cells: tuple[str, ...]) -> tuple[Mark, ...]:
    """The marks of the declared quantities, in the order of the Formulas sheet."""
    order = [name for name in FIGURE_NAMES if scope == "line" or name != "amount"]
    return tuple(
        Mark(
            scope,
            name,
            Shows.MONEY if shape_of(name) == "money" else kind_of_figure(name),
            FIGURE_NAMES[name],
            get(name),
            holds_figure=name in cells,
        )
        for name in order
        if not (scope == "line" and name == "list_price")
    )


_STATEMENT: tuple[Mark, ...] = (
    _text("statement", "period", "起止日", "first and last day", lambda page: spelled_days(page.period)),
    _date("statement", "since", "起始日", "first day", lambda page: page.period.start),
    _figure("statement", "until", Shows.DATE, "截止日", "last day", lambda page: page.until),
    _date("statement", "made", "制表日", "day on which it was made", lambda page: page.made),
    _text("statement", "currency", "币种代码", "code of the currency", lambda page: page.currency.code),
    _text("statement", "currency_name", "币种", "currency", lambda page: currency_name(page.currency)),
    _figure("statement", "opening", Shows.MONEY, "期初余额", "opening balance", lambda page: page.opening),
    _figure("statement", "charged", Shows.MONEY, "应收合计", "charged in all", lambda page: page.charged),
    _figure("statement", "paid", Shows.MONEY, "收款合计", "paid in all", lambda page: page.paid),
    _figure("statement", "closing", Shows.MONEY, "期末余额", "closing balance", lambda page: page.closing),
    _text("statement", "verdict", "期末应付／应退／已结清", "to be paid, paid too much, or settled", verdict_of),
    _figure(
        "statement", "closing_words", Shows.TEXT, "期末余额大写", "closing in words", lambda p: InWords(p, "closing")
    ),
    _figure("statement", "unassigned", Shows.MONEY, "未分配款项", "money of no bill", lambda page: page.unassigned),
    _figure("statement", "aged", Shows.MONEY, "账龄合计", "open in all, less that money", lambda page: page.aged),
    _figure("statement", "agrees", Shows.TEXT, "与期末相符", "whether that is the closing", lambda page: page.agrees),
    _date("entry", "date", "日期", "date", lambda entry: entry.day),
    _text("entry", "kind", "类别", "bill, credit note, payment ...", lambda entry: entry.kind),
    _text("entry", "reference", "编号或附言", "number, or a payment's words", lambda entry: entry.reference),
    _text("entry", "month", "账期", "billed month", lambda entry: entry.month),
    _figure("entry", "charged", Shows.MONEY, "应收", "what it charges", lambda entry: entry.charged),
    _figure("entry", "paid", Shows.MONEY, "收款", "what it pays", lambda entry: entry.paid),
    _figure("entry", "balance", Shows.MONEY, "余额", "what is owed after it", lambda entry: entry.balance),
    _text("open", "number", "账单编号", "number", lambda bill: bill.number),
    _text("open", "month", "账期", "billed month", lambda bill: bill.month),
    _figure("open", "due_on", Shows.DATE, "最晚付款日", "due date", lambda bill: bill.due_on),
    _figure("open", "late", Shows.QUANTITY, "逾期天数", "days overdue", lambda bill: bill.late),
    _figure("open", "amount", Shows.MONEY, "未结金额", "what is open", lambda bill: bill.amount),
    _text("age", "title", "账龄", "how long overdue", lambda age: age.title),
    _figure("age", "amount", Shows.MONEY, "金额", "what is open", lambda age: age.amount),
)

MARKS: tuple[Mark, ...] = (
    _text("bill", "number", "账单号（草稿为空）", "number; blank on drafts", lambda view: view.issuance.number),
    _text("bill", "month", "账期月份", "month, as 2026-04", lambda view: str(view.bill.month)),
    _text("bill", "period", "账期起止日", "first and last day", lambda view: spelled_days(view.bill.month.period)),
    _date("bill", "issued", "出账日", "day of issue", lambda view: view.issuance.issued or view.bill.issued),
    _date("bill", "due_on", "最晚付款日（草稿为空）", "due date; blank on drafts", lambda view: view.issuance.due_on),
    _date("bill", "valid_until", "有效期至（报价单）", "last day of a quotation", lambda v: v.issuance.valid_until),
    _text(
        "bill", "reference", "付款附言（草稿为空）", "payment reference; blank on drafts", lambda v: v.issuance.number
    ),
    _text("bill", "status", "状态：草稿／已出账", "draft or issued", lambda view: STATUS[view.issuance.draft]),
    _text("bill", "currency", "币种代码", "code of the currency", lambda view: view.bill.currency.code),
    _text("bill", "currency_name", "币种名称", "name of the currency", lambda view: currency_name(view.bill.currency)),
    _figure("bill", "total", Shows.MONEY, "价税合计", "total", lambda view: view.bill.total),
    _figure("bill", "prepaid", Shows.MONEY, "预付费费用", "of it prepaid", lambda view: view.bill.prepaid),
    _figure("bill", "refunded", Shows.MONEY, "本期退款（预付费）", "refunds of what was prepaid", sum_of("refunded")),
    _figure("bill", "postpaid", Shows.MONEY, "抵减前的应付", "charged now, before credit", sum_of("postpaid")),
    _figure("bill", "credit_opening", Shows.MONEY, "上期结余", "credit brought forward", sum_of("credit_opening")),
    _figure("bill", "credit_used", Shows.MONEY, "结余抵减", "credit used by this bill", sum_of("credit_used")),
    _figure("bill", "due", Shows.MONEY, "本期应付", "amount due", lambda view: view.bill.due),
    _figure("bill", "credit", Shows.MONEY, "期末结余", "credit carried forward", sum_of("credit")),
    _figure("bill", "list_total", Shows.MONEY, "官网价合计", "all lines at list prices", of_savings("list_total")),
    _figure("bill", "saved", Shows.MONEY, "优惠合计", "what contracts save of that", of_savings("saved")),
    _figure("bill", "brought", Shows.MONEY, "收款前未结", "open before these payments", of_account("brought")),
    _figure(
        "bill",
        "received",
        Shows.MONEY,
        "本期已收（上一账单后）",
        "paid since the bill before",
        of_account("received"),
    ),
    _figure("bill", "owed", Shows.MONEY, "往期未结（已出账）", "owed from before, once issued", of_account("owed")),
    _figure("bill", "balance", Shows.MONEY, "累计应付，含本期", "owed with this bill", of_account("balance")),
    _figure("bill", "total_words", Shows.TEXT, "价税合计大写", "total in words", lambda view: InWords(view, "total")),
    _figure("bill", "due_words", Shows.TEXT, "应付大写，无负号", "due in words, no sign", lambda v: InWords(v, "due")),
    _text(
        "bill",
        "balances",
        "余额表的题名，随所列的内容而变",
        "heading of the balances, by what they are of",
        balances_title,
    ),
    _text("bill", "balances_since", "其购买日或起始日的列名", "heading of the days since when", balances_since),
    _text("bill", "balances_used", "其抵扣或计入的列名", "heading of what is drawn or added", balances_used),
    _text(
        *("bill", "balances_lapsed", "其失效的列名；没有失效时为空", "heading of what lapsed; blank where nothing did"),
        balances_lapsed,
    ),
    _text(
        *("bill", "balances_drawn", "各行从余额中抵扣的列名；没有抵扣时为空"),
        "heading of what lines draw on balances; blank where none does",
        balances_drawn,
    ),
    _text("seller", "name", "名称", "name", fact_of("name")),
    _text("seller", "tax_id", "税号", "tax id", fact_of("tax_id")),
    _text("seller", "address", "地址", "address", fact_of("address")),
    _text("seller", "phone", "电话", "phone", fact_of("phone")),
    _text("seller", "bank", "开户行", "bank", fact_of("bank")),
    _text("seller", "account", "账号", "account", fact_of("account")),
    _text("seller", "bank_code", "联行号", "bank code", fact_of("bank_code")),
    _text("seller", "invoice_item", "开票项目", "item on the tax invoice", fact_of("invoice_item")),
    _text("seller", "contact", "对账联系", "contact for questions", fact_of("contact")),
    _text("seller", "terms", "付款条款", "payment terms", fact_of("terms")),
    _text("seller", "objections", "异议期限", "until when a bill can be objected to", fact_of("objections")),
    _text("customer", "code", "客户代码", "code", lambda view: view.customer.code),
    _text("customer", "name", "名称", "name", lambda view: view.customer.name),
    _text("customer", "tax_id", "税号", "tax id", lambda view: view.customer.tax_id),
    _text("customer", "address", "地址", "address", lambda view: view.customer.address),
    _text("customer", "bank", "开户行及账号", "bank account", lambda view: view.customer.bank),
    _text("customer", "contact", "联系人", "contact", lambda view: view.customer.contact),
    _text("customer", "contract_no", "合同号", "number of the contract", lambda view: view.customer.contract_no),
    _text("customer", "order_no", "订单号", "number of its purchase order", lambda view: view.customer.order_no),
    _text("customer", "invoice_type", "发票类型", "kind of tax invoice", invoice_type_of),
    _text(
        "customer", "invoice_email", "收票邮箱", "where the tax invoice goes", lambda v: v.bill.customer.invoice_email
    ),
    _text("app", "code", "应用", "code", lambda app: named_app(app.code)),
    _text("app", "region", "区域", "region", lambda app: app.region),
    _date("app", "opened", "开通日", "day on which it was opened", lambda app: app.opened),
    _text("subscription", "item", "订阅项", "code of the item", lambda order: order.item),
    _text("subscription", "option", "选项", "option", lambda order: order.option),
    _date("subscription", "start", "开始", "day from which it runs", lambda order: order.start),
    _date("subscription", "end", "停订日", "day from which it is not renewed", lambda order: order.end),
    _text("group", "title", "产品分组", "the product's heading", lambda group: group.title),
    _text("group", "app", "应用", "app", app_of),
    _text("group", "first_of_app", "应用，仅在其第一个产品分组", "app, at its first group", first_of_app),
    _figure("group", "subtotal", Shows.MONEY, "小计", "subtotal", lambda group: group.subtotal),
    _text("group", "owner", "应用所属客户，仅合并账单", "whose app it is, on a bill for several", lambda g: g.owner),
    _text("member", "name", "名称", "name", lambda member: member.customer.name),
    _text("member", "code", "客户代码", "code", lambda member: member.customer.code),
    _figure("member", "subtotal", Shows.MONEY, "小计", "subtotal", lambda member: member.subtotal),
    _text("line", "title", "项目", "what it is for", lambda line: line.title),
    _text("line", "item", "项目代码", "code of the item", lambda line: line.item),
    _text("line", "app", "应用", "app", app_of),
    _text("line", "period", "服务期间", "service period", lambda line: days_of(line.period)),
    _text("line", "unit", "数量单位", "unit of the quantity", lambda line: line.unit),
    _text("line", "pay", "预付费／后付费", "prepaid or postpaid", lambda line: pay_of(line)),
    _text("line", "edition", "价目表", "code of the price book", lambda line: line.edition),
    _text("line", "contract", "合同号", "contract that changed it", lambda line: line.contract),
    _text("line", "remark", "说明", "remark", lambda line: line.remark),
    _text("line", "refund_month", "退款对应的原账期", "month that billed what is refunded", refund_month_of),
    _text("line", "refund_bill", "原账单编号（已出账）", "number of that bill, once issued", of_refunded_bill),
    _text("line", "reason", "周期提前结束的原因", "what ended the term early", lambda line: line.reason),
    _figure(
        "line", "used", Shows.QUANTITY, "用量；阶梯价为落在本档的数量", "quantity; of a tier its own part", used_of
    ),
    Mark("line", "saving", Shows.TEXT, Label("优惠，如“优惠 10%（9 折）”", "discount in words"), saving_of),
    Mark("line", "floor", Shows.PRICE, Label("最低消费额", "the least that is charged, of a minimum"), floor_of),
    Mark("line", "list_price", Shows.PRICE, Label("原价", "list price, where it differs"), list_price_of),
    _figure("line", "list_amount", Shows.MONEY, "官网价金额", "amount at list prices", of_listed("list_amount")),
    _figure("line", "saved", Shows.MONEY, "优惠金额", "what a contract saves of that", of_listed("saved")),
    Mark("line", "tax_rate", Shows.RATE, Label("税率", "tax rate, on bills with several"), of_line("tax_rate")),
    *_own("line", of_line, LINE_CELLS),
    _text("tax", "title", "税率名称", "what the rate is called", lambda tax: tax.title),
    _figure("tax", "rate", Shows.RATE, "税率", "tax rate", lambda tax: tax.rate),
    _figure("tax", "lines", Shows.MONEY, "含税小计", "sum of the lines", lambda tax: tax.lines),
    _figure("tax", "net", Shows.MONEY, "不含税", "net", lambda tax: tax.net),
    _figure("tax", "tax", Shows.MONEY, "税额", "tax", lambda tax: tax.tax),
    _figure("tax", "gross", Shows.MONEY, "价税合计", "gross", lambda tax: tax.gross),
    _text("remark", "text", "备注", "remark", lambda remark: remark),
    _text("warning", "text", "提示", "warning", lambda warning: message_of(warning)),
    _text("pack", "title", "加油包", "name of the pack", lambda pack: pack.title),
    _text("pack", "app", "应用", "app", app_of),
    _text("pack", "unit", "单位", "unit", lambda pack: pack.unit),
    _date("pack", "bought", "购买日", "day of purchase", lambda pack: pack.bought),
    _date("pack", "expires", "有效期至", "last day of use", lambda pack: pack.expires),
    _figure("pack", "opening", Shows.QUANTITY, "期初", "opening balance", lambda pack: pack.opening),
    _figure("pack", "drawn", Shows.QUANTITY, "本期抵扣", "drawn", lambda pack: pack.drawn),
    _figure("pack", "lapsed", Shows.QUANTITY, "本期失效", "lapsed", lambda pack: pack.lapsed),
    _figure("pack", "closing", Shows.QUANTITY, "期末", "closing balance", lambda pack: pack.closing),
    _text("rate", "title", "参数名称与起始日", "name of the rate, and from when", lambda rate: rate.title),
    _text("rate", "code", "参数代码", "name in price cells", lambda rate: rate.code),
    _date("rate", "since", "起始日", "in force from", lambda rate: rate.since),
    _figure("rate", "value", Shows.QUANTITY, "值", "value", lambda rate: rate.figure),
    _text("edition", "name", "价目表名称", "name of the price book", lambda edition: edition.name),
    _text("edition", "code", "代码", "code", lambda edition: edition.code),
    _date("edition", "effective", "生效日", "in force from", lambda edition: edition.effective),
    _text("edition", "conditions", "价格条件", "price conditions", lambda edition: edition.conditions),
    _text("edition", "hash", "文件摘要", "short SHA-256 of the file", lambda edition: edition.digest[:12]),
    _text("price", "title", "名称", "what is priced", lambda row: row.title),
    _text("price", "item", "代码", "code of the item", of_line_priced("item")),
    _text("price", "app", "应用", "apps", lambda row: row.apps),
    _text("price", "plan", "套餐", "plan", of_line_priced("plan")),
    _text("price", "model", "计价模型", "pricing model", of_line_priced("model")),
    _text("price", "edition", "价目表", "code of the price book", of_line_priced("edition")),
    _text("price", "contract", "合同号", "contract that changed it", of_line_priced("contract")),
    *_own("price", of_price, tuple(FIGURE_NAMES)),
    _text("usage", "app", "应用，或全部应用", "app, or all apps together", usage_of),
    _text("meter", "title", "计量项", "name of the meter", meter_title),
    _text("meter", "unit", "单位", "unit of its month", lambda meter: meter.unit),
    _text("column", "title", "维度", "dimension", lambda column: column_title(column)),
    _text("column", "unit", "单位", "unit", lambda column: column.part.unit),
    _figure("column", "coefficient", Shows.QUANTITY, "系数", "coefficient", lambda column: column.part.coefficient),
    _figure("column", "usage", Shows.QUANTITY, "当日用量", "usage of the day", lambda column: column.usage),
    _figure("column", "month", Shows.QUANTITY, "月度数值", "figure of the month", lambda column: column.month_figure),
    _figure("total", "usage", Shows.QUANTITY, "当日合计", "total of the day", lambda column: column.usage),
    _figure("total", "month", Shows.QUANTITY, "月度数值", "figure of the month", lambda column: column.month_figure),
    Mark("quota", "usage", Shows.QUANTITY, Label("额度", "quota"), lambda column: column.quota),
    Mark("quota", "month", Shows.QUANTITY, Label("月度额度", "quota of the month"), lambda c: c.quota_of_month),
    _date("day", "date", "日期", "date", lambda row: row.day or WHOLE_MONTH),
    _text("month", "title", "汇总方式", "peak, sum ...", lambda month: month),
    _text("chart", "title", "计量项", "name of the meter", meter_title),
    *_STATEMENT,
    Mark("chart", "drawing", Shows.CHART, Label("图表，填满此单元格", "the chart; it fills its cell"), meter_title),
)

_SURELY = 0.85  # so like a known mark, a name is that one, misspelt
BY_KEY: Mapping[str, Mark] = {mark.key: mark for mark in MARKS}
_OF_CUSTOMER = tuple(mark.key for mark in MARKS if mark.scope == "customer")

OWN_FIGURES: Mapping[str, Callable[[str], Callable[[Any], Shown]]] = {"line": of_line, "price": of_price}
"""The scopes whose figures finance's own models may add to."""

OWN_FIELDS: Mapping[str, Callable[[Any], OwnFields]] = {
    "customer": lambda page: page.customer.own,
    "app": lambda app: app.own,
    "subscription": lambda order: order.own,
}
"""The scopes to which further columns of the accounts' sheets add marks."""


def own_figure(scope: str, name: str) -> Mark | None:
    """The mark of a quantity that only finance's own models know: `{{ line.figures.surcharge }}`."""
    if scope not in OWN_FIGURES:
        return None
    get, label = OWN_FIGURES[scope](name), figure_label(name)
    return Mark(scope, f"figures.{name}", kind_of_figure(name), label, get, holds_figure=scope == "price")


def own_field(scope: str, name: str) -> Mark:
    """The mark of a column of the house's own: `{{ customer.PO number }}`, `{{ app.cost centre }}`."""
    get, key = OWN_FIELDS[scope], own_name(name)
    return Mark(scope, name, Shows.TEXT, Label(name, name), lambda subject: get(subject).get(key, ""), own=True)


def mark_named(key: str) -> Mark | None:
    """The mark of a key, `line.amount` or `line.figures.surcharge`; None where there is no such mark."""
    if key in BY_KEY:
        return BY_KEY[key]
    scope, _, name = key.partition(".figures.")
    if name:
        return own_figure(scope, name)
    scope, _, name = key.partition(".")
    return own_field(scope, name) if scope in OWN_FIELDS and name and not _misspelt(key) else None


def _misspelt(key: str) -> bool:
    return nearest(key, BY_KEY, cutoff=_SURELY) is not None
