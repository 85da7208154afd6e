"""The sheets of a price book, column by column: what the loader reads, the shipped notes say and the manual lists."""

from dataclasses import replace

from xlbill.book.example_columns import EXAMPLES
from xlbill.book.meter_columns import BANDS, COEFFICIENTS, HOLIDAYS, METERS
from xlbill.book.rate_columns import RATES, TAXES
from xlbill.book.setting_columns import SETTING as SETTING
from xlbill.book.setting_columns import SETTINGS as SETTINGS
from xlbill.charge_columns import CHARGES, MODEL, NAME, NAME_EN, PAY_COLUMN, PRICE, PRODUCT, quantity_column
from xlbill.language import Label
from xlbill.quantities import DECLARED
from xlbill.sheets.columns import COUNTED, FEW, Column, Kind, SheetKind

TERM = {
    "anniversary": ("按订阅日", "anniversary"),
    "calendar": ("自然月", "calendar month", "calendar"),
    "billing day": ("按账单日", "billing day"),
    "weekly": ("按周", "weekly"),
    "quarterly": ("按季", "quarterly"),
    "yearly": ("按年", "yearly"),
    "once": ("一次性", "once"),
}


LIST_PRICE = quantity_column(
    "list_price", note=Label("划线价，仅供展示，从不参与计算", "Shown struck through; never computed with")
)
PLAN_PRICE = quantity_column("price", heading=Label("价格", "price"), required=True, aliases=("单价",))
REFUND = Column(
    "refund",
    Label("退款模型", "refund model"),
    Kind.CODE,
    aliases=("refund",),
    note=Label(
        "套餐变更、改订，或按“提前结束”当日止时，按此模型退款；留空则不退",
        "How unused days are refunded on a change of plan, a new order, or an early end; blank: never refunded",
    ),
)
PACK_REFUND = replace(
    REFUND,
    note=Label(
        "订阅表写有停订日的加油包自该日起作废，剩余数量按此模型退款；留空则不退",
        "A pack whose order has an end is void from that day on; how the rest is refunded. Blank: not at all",
    ),
)
EARLY_END = Column(
    "early_end",
    Label("提前结束", "early end"),
    Kind.CHOICE,
    choices={
        "run out": ("用完本期", "term runs out"),
        "refund": ("当日止并退款", "refund"),
        "days used": ("当日止按天计", "days used"),
    },
    note=Label(
        "停订日在周期之内时：用完本期（留空即此）；当日止，按退款模型退款；当日止，只计已用天数（后付费）",
        "An end within a term: it runs out (blank), or ends that day with a refund, or with the days used (postpaid)",
    ),
)
FIRST = Column(
    "first",
    Label("首月", "first month"),
    Kind.CHOICE,
    choices={"full": ("全额", "full"), "by days": ("按天", "by days")},
    note=Label("自然月周期在月中开始时：全额或按剩余天数", "A calendar term that starts in mid-month: full or by days"),
)
TERM_COLUMN = Column("term", Label("周期", "term"), Kind.CHOICE, required=True, choices=TERM)
TERM_MONTHS = Column(
    "term_months",
    Label("周期月数", "term months"),
    Kind.NUMBER,
    range=FEW,
    note=Label(
        "按订阅日、自然月或账单日的周期有几个月；留空为 1。自然月的须能整除 12",
        "Months of a term by subscription day, calendar month or billing day; blank: 1. Calendar months must divide 12",
    ),
)

FORMULAS = SheetKind(
    "formulas",
    Label("公式", "Formulas"),
    (
        Column("model", Label("模型", "model"), Kind.CODE, required=True),
        NAME,
        NAME_EN,
        Column("about", Label("说明", "about")),
        *({"price": PRICE, "list_price": LIST_PRICE}.get(q.key) or quantity_column(q.key) for q in DECLARED),
    ),
    required=True,
    note=Label(
        "一行一个计价模型，同时是一个算例：改动其中的数字即可看到结果",
        "One pricing model a row, which is its own worked example: change a sample figure and see",
    ),
)

PRODUCTS = SheetKind(
    "products",
    Label("产品", "Products"),
    (
        PRODUCT,
        NAME,
        NAME_EN,
        Column("group", Label("账单分组", "group")),
        Column("group_en", Label("英文分组", "English group")),
        Column(
            "needs",
            Label("所需套餐", "needs plans"),
            Kind.CODES,
            aliases=("needs",),
            note=Label(
                "付费使用本产品须先有其中之一，写作 产品.套餐；留空则不限",
                "One of these plans (product.plan) must be active to pay for this product; blank: no condition",
            ),
        ),
        Column(
            "on_change",
            Label("套餐变更时", "on plan change"),
            Kind.CHOICE,
            choices={"keep": ("保留", "keep"), "cancel": ("取消并退款", "cancel and refund", "cancel")},
            note=Label(
                "所需套餐换成另一个时，本产品的订阅保留还是取消",
                "What a change of the needed plan does to subscriptions of this product",
            ),
        ),
        Column(
            "tax_class",
            Label("税类", "tax class"),
            Kind.CODE,
            note=Label(
                "税率表中的产品税类；留空按价目的税率", "Products of the Taxes sheet; blank: the book's own rate"
            ),
        ),
    ),
    required=True,
)

PLANS = SheetKind(
    "plans",
    Label("套餐", "Plans"),
    (
        PRODUCT,
        Column("plan", Label("套餐", "plan"), Kind.CODE, required=True),
        NAME,
        NAME_EN,
        PLAN_PRICE,
        LIST_PRICE,
        MODEL,
        PAY_COLUMN,
        TERM_COLUMN,
        TERM_MONTHS,
        FIRST,
        EARLY_END,
        Column(
            "role",
            Label("性质", "role"),
            Kind.CHOICE,
            choices={
                "fee": ("费用", "fee"),
                "minimum": ("最低消费", "minimum"),
                "commitment": ("承诺消费", "commitment"),
            },
            note=Label(
                "最低消费：用量费不足时补足到价格；承诺消费：一年（或周期月数）末补足到价格",
                "minimum: a line that tops the product's usage up to the price; commitment: the same at the end of a "
                "year, or of the term's months",
            ),
        ),
        Column(
            "default",
            Label("默认", "default"),
            Kind.YES,
            note=Label("没有订阅时即处于此套餐", "The plan of every app that has not subscribed to another"),
        ),
        REFUND,
    ),
)

EXTENSIONS = SheetKind(
    "extensions",
    Label("扩展服务", "Extensions"),
    (
        PRODUCT,
        Column("extension", Label("扩展服务", "extension"), Kind.CODE, required=True),
        NAME,
        NAME_EN,
        Column("option", Label("选项", "option"), Kind.CODE),
        Column("option_name", Label("选项名称", "option name")),
        Column("option_name_en", Label("英文选项", "English option")),
        MODEL,
        PAY_COLUMN,
        TERM_COLUMN,
        TERM_MONTHS,
        FIRST,
        EARLY_END,
        Column(
            "stackable",
            Label("可叠加", "stackable"),
            Kind.YES,
            note=Label(
                "可重复购买；否则新订单结束旧订单", "May be bought again beside itself; else a new order closes the old"
            ),
        ),
        REFUND,
    ),
)

PACKS = SheetKind(
    "packs",
    Label("加油包", "Packs"),
    (
        PRODUCT,
        Column("pack", Label("加油包", "pack"), Kind.CODE, required=True),
        NAME,
        NAME_EN,
        Column(
            "meter",
            Label("计量项", "meter"),
            Kind.CODES,
            required=True,
            note=Label(
                "由它抵扣的计量项，多个用逗号：预付的金额或点数由各项按用量价表的“抵扣单价”抵扣",
                "What draws on it, several with commas: money or credits, drawn at each price's draw price (Charges)",
            ),
        ),
        Column("quantity", Label("数量", "quantity"), Kind.NUMBER, required=True, range=COUNTED),
        Column("unit", Label("单位", "unit"), note=Label("留空为计量项的单位", "Blank: the meter's unit")),
        Column("unit_en", Label("英文单位", "English unit")),
        PLAN_PRICE,
        LIST_PRICE,
        Column(
            "months",
            Label("有效月数", "months valid"),
            Kind.NUMBER,
            required=True,
            range=FEW,
            aliases=("months",),
            note=Label(
                "购买当月之后还可用几个月；0 为当月月末止",
                "For how many months after that of purchase; 0: until the end of that month",
            ),
        ),
        MODEL,
        Column("draw", Label("抵扣模型", "draw model"), Kind.CODE, required=True, aliases=("draw",)),
        PACK_REFUND,
        Column(
            "turn",
            Label("抵扣顺序", "draw order"),
            Kind.NUMBER,
            range=FEW,
            note=Label(
                "先抵扣数小的，同数时先买的先抵扣；留空排在最后",
                "Lower ones are drawn first, of equal ones the oldest; blank: after all others",
            ),
        ),
    ),
)

TRIALS = SheetKind(
    "trials",
    Label("试用", "Trials"),
    (
        PRODUCT,
        Column("days", Label("天数", "days"), Kind.NUMBER, required=True, range=FEW),
        Column("of", Label("计量项或内容类型", "meter or medium"), Kind.CODE, required=True, aliases=("计量项或媒体",)),
        Column("quota", Label("额度", "quota"), Kind.NUMBER, required=True, range=COUNTED),
        MODEL,
    ),
)

SHEETS = (
    SETTINGS,
    FORMULAS,
    PRODUCTS,
    PLANS,
    METERS,
    COEFFICIENTS,
    BANDS,
    HOLIDAYS,
    CHARGES,
    EXTENSIONS,
    PACKS,
    TRIALS,
    TAXES,
    RATES,
    EXAMPLES,
)
