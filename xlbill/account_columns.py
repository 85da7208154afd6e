"""The sheets of the accounts workbook, column by column."""

from typing import Any

from xlbill.charge_columns import CHARGES
from xlbill.house_rules import HOUSE_RULE
from xlbill.language import Label
from xlbill.quantities import Quantity, columns_of
from xlbill.sheets.columns import AMOUNT, COUNTED, FEW, OWN_COLUMNS, Column, Kind, SheetKind, limits_of

APP = Column("app", Label("应用", "app"), Kind.CODE, required=True)
CUSTOMER = Column("customer", Label("客户", "customer"), Kind.CODE, required=True)
START = Column("start", Label("开始", "start"), Kind.DATE, required=True, aliases=("from",))

SELLER = SheetKind(
    "seller",
    Label("销售方", "Seller"),
    (
        Column("setting", Label("项目", "item"), required=True),
        Column("value", Label("中文", "Chinese"), aliases=("值", "value")),
        Column("value_en", Label("英文", "English")),
    ),
    note=Label("印在每张账单上的销售方信息", "Who issues the invoices"),
    aliases=("开票方",),
)

SELLER_FACT = {
    column.key: column
    for column in (
        Column("name", Label("名称", "name")),
        Column("tax_id", Label("税号", "tax id")),
        Column("address", Label("地址", "address")),
        Column("phone", Label("电话", "phone")),
        Column("bank", Label("开户行", "bank")),
        Column("account", Label("账号", "account")),
        Column("bank_code", Label("联行号", "bank code")),
        Column("invoice_item", Label("开票项目", "invoice item")),
        Column("contact", Label("对账联系", "contact")),
        Column("terms", Label("付款条款", "payment terms")),
        Column("objections", Label("异议期限", "objection period")),
    )
}

ACCOUNT_SETTING = {"own": OWN_COLUMNS}
"""What the sheet of the seller says of the workbook itself."""

SELLER_SETTING = SELLER_FACT | HOUSE_RULE
"""What it says of the seller: who it is, and how it issues."""

CUSTOMERS = SheetKind(
    "customers",
    Label("客户", "Customers"),
    (
        Column("customer", Label("客户代码", "code"), Kind.CODE, required=True, aliases=("customer", "客户")),
        Column("name", Label("名称", "name"), required=True),
        Column("name_en", Label("英文名称", "English name")),
        Column("tax_id", Label("税号", "tax id")),
        Column("address", Label("地址", "address")),
        Column("bank", Label("开户行及账号", "bank account"), aliases=("bank",)),
        Column("contact", Label("联系人", "contact")),
        Column(
            "language",
            Label("语言", "language"),
            Kind.CHOICE,
            choices={"zh": ("中文", "zh", "Chinese"), "en": ("英文", "en", "English")},
        ),
        Column(
            "billing_day",
            Label("账单日", "billing day"),
            Kind.NUMBER,
            range=FEW,
            note=Label(
                "按账单日的周期从每月的这一天开始（1–31）；留空为 1 日",
                "The day of the month on which terms by billing day begin (1 to 31); blank: the 1st",
            ),
        ),
        Column(
            "tax_class",
            Label("税类", "tax class"),
            Kind.CODE,
            note=Label(
                "价目表税率表中的客户税类，如免税；留空按产品的税率",
                "Customers of the price book's Taxes sheet, as exempt; blank: taxed by product",
            ),
        ),
        Column(
            "payer",
            Label("付款方", "payer"),
            Kind.CODE,
            near=("母公司", "parent", "paid by"),
            note=Label(
                "由另一客户付款时填其代码：其应用列在付款方的账单上，另有小计；留空为自己付款",
                "Another customer who pays: the apps stand on that one's bill, with a subtotal; blank: pays itself",
            ),
        ),
        Column("template", Label("账单模板", "invoice template"), aliases=("template",)),
        Column(
            "password",
            Label("文件密码", "file password"),
            note=Label("留空则账单不加密", "Blank: the invoice opens without one"),
        ),
        Column(
            "invoice_type",
            Label("发票类型", "tax invoice"),
            Kind.CHOICE,
            choices={
                "special": ("专用发票", "special", "增值税专用发票", "专票"),
                "ordinary": ("普通发票", "ordinary", "增值税普通发票", "普票"),
            },
        ),
        Column("invoice_email", Label("收票邮箱", "invoice e-mail")),
        Column("contract_no", Label("合同号", "contract no.")),
        Column("order_no", Label("订单号", "order no.")),
    ),
    required=True,
)

APPS = SheetKind(
    "apps",
    Label("应用", "Apps"),
    (
        APP,
        CUSTOMER,
        Column("region", Label("区域", "region"), Kind.CODE, required=True),
        Column("opened", Label("开通日", "opened on"), Kind.DATE, aliases=("opened",)),
        Column("book", Label("价目表", "price book"), Kind.CODE, note=Label("留空则按首次订阅日", "Blank: by rule")),
    ),
    required=True,
)

SUBSCRIPTIONS = SheetKind(
    "subscriptions",
    Label("订阅", "Subscriptions"),
    (
        APP,
        Column("item", Label("订阅项", "item"), Kind.CODE, required=True),
        Column("option", Label("选项", "option"), Kind.CODE),
        Column(
            "quantity",
            Label("数量", "quantity"),
            Kind.NUMBER,
            range=COUNTED,
            near=("份数", "个数", "count", "seats", "qty"),
        ),
        START,
        Column(
            "end",
            Label("停订日", "end"),
            Kind.DATE,
            aliases=("到期",),
            near=("结束", "结束日期", "截止", "截止日", "到期日", "终止", "until", "end date", "expires"),
            note=Label(
                "自此日起不再续订；本期是否当日结束，见价目表的“提前结束”",
                "No term begins on or after this day; whether it ends one is the price book's column early end",
            ),
        ),
        Column("renew", Label("自动续订", "auto-renew"), Kind.YES, note=Label("留空为是", "Blank: yes")),
    ),
    required=True,
)

OWN_WORDS: dict[str, dict[str, Any]] = {
    "price": {"heading": Label("合同单价", "price"), "aliases": ("单价", "价格")},
    "discount": {
        "heading": Label("优惠比例", "discount %"),
        "aliases": ("discount", "减免比例", "折扣", "折扣率"),
        "note": Label("减去的部分：10% 即九折", "What is taken off: 10 % off leaves 90 %"),
    },
    "minimum": {"heading": Label("最低消费", "minimum")},
}
"""What the Contracts sheet calls a quantity otherwise than the price book does."""


def _agreed(quantity: Quantity) -> Column:
    """The column in which a contract sets a quantity."""
    words: dict[str, Any] = {"heading": quantity.heading, "aliases": quantity.aliases}
    return Column(quantity.key, kind=Kind.NUMBER, range=limits_of(quantity), **words | OWN_WORDS.get(quantity.key, {}))


CONTRACTS = SheetKind(
    "contracts",
    Label("合同", "Contracts"),
    (
        Column("customer", Label("客户", "customer"), Kind.CODE),
        Column("app", Label("应用", "app"), Kind.CODE),
        Column("item", Label("合同项", "item"), Kind.CODE, note=Label("留空为全部", "Blank: everything")),
        Column("option", Label("选项", "option"), Kind.CODE),
        *(_agreed(quantity) for quantity in columns_of("contracts")),
        Column("book", Label("价目表", "price book"), Kind.CODE),
        START,
        Column(
            "end",
            Label("截止日", "to"),
            Kind.DATE,
            aliases=("end", "截止"),
            near=("到期", "结束", "结束日期", "到期日", "until"),
            note=Label("含当日", "Its last day"),
        ),
        Column("reference", Label("合同号", "contract no."), aliases=("reference",)),
    ),
)

CONTRACT_CHARGES = SheetKind(
    "contract_charges",
    Label("合同用量价", "Contract charges"),
    (
        Column("customer", Label("客户", "customer"), Kind.CODE),
        Column(
            "app", Label("应用", "app"), Kind.CODE, note=Label("留空为客户的全部应用", "Blank: the customer's apps")
        ),
        Column("start", Label("生效日", "valid from"), Kind.DATE, required=True, near=("开始", "start")),
        Column(
            "end",
            Label("截止日", "valid to"),
            Kind.DATE,
            near=("到期", "结束", "until", "end"),
            note=Label("含当日；留空为长期", "Its last day; blank: for good"),
        ),
        Column("reference", Label("合同号", "contract no."), aliases=("reference",)),
        *CHARGES.columns,
    ),
    note=Label(
        "客户自己的用量价：取代价目表中同一计费项的行，列与价目表的用量价相同",
        "Usage prices of a customer's own, in place of the price list's rows of the item; columns as in its Charges",
    ),
)

ADJUSTMENTS = SheetKind(
    "adjustments",
    Label("调账", "Adjustments"),
    (
        CUSTOMER,
        Column("date", Label("日期", "date"), Kind.DATE, required=True),
        Column("text", Label("说明", "text"), required=True),
        Column("text_en", Label("英文说明", "English text")),
        Column("amount", Label("金额", "amount"), Kind.NUMBER, required=True, range=AMOUNT),
        Column("app", Label("应用", "app"), Kind.CODE, note=Label("留空为整个客户", "Blank: the customer as a whole")),
        Column("first", Label("服务自", "service from"), Kind.DATE),
        Column("last", Label("服务至", "service to"), Kind.DATE, note=Label("含当日", "Its last day")),
    ),
    aliases=("调整",),
)

PAYMENTS = SheetKind(
    "payments",
    Label("收款", "Payments"),
    (
        Column("date", Label("日期", "date"), Kind.DATE, required=True),
        Column("customer", Label("客户", "customer"), Kind.CODE, aliases=("客户代码", "code")),
        Column("payer", Label("付款人", "payer")),
        Column(
            "amount",
            Label("金额", "amount"),
            Kind.NUMBER,
            range=AMOUNT,
            note=Label("负数为退还客户的款项", "Below zero: paid back to the customer"),
        ),
        Column("paid_out", Label("支出", "paid out"), Kind.NUMBER, range=AMOUNT),
        Column("currency", Label("币种", "currency"), Kind.CODE),
        Column(
            "reference",
            Label("附言", "reference"),
            note=Label("写有账单编号时先付该账单", "A bill's number: that bill first"),
        ),
        Column("serial", Label("流水号", "serial"), Kind.CODE),
    ),
    note=Label("每行一笔收款，只入台账一次", "A payment a row; the ledger takes each once"),
)

SHEETS = (SELLER, CUSTOMERS, APPS, SUBSCRIPTIONS, CONTRACTS, CONTRACT_CHARGES, ADJUSTMENTS, PAYMENTS)
