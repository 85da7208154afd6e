"""What usage prices say, column by column: those of the price list, and those that contracts bring of their own."""

from typing import Any

from xlbill.language import Label
from xlbill.quantities import QUANTITY, columns_of
from xlbill.sheets.columns import FEW, Column, Kind, SheetKind, limits_of

NAME = Column("name", Label("名称", "name"), note=Label("账单上的中文名称", "Name on Chinese invoices"))
NAME_EN = Column(
    "name_en",
    Label("英文名称", "English name"),
    aliases=("name en", "name_en"),
    note=Label("账单上的英文名称", "Name on English invoices"),
)
PAY = {"prepaid": ("预付费", "prepaid"), "postpaid": ("后付费", "postpaid")}


def quantity_column(key: str, **more: Any) -> Column:
    """A quantity's column: its own heading and words, or those that its sheet has for it."""
    quantity = QUANTITY[key]
    words: dict[str, Any] = {"heading": quantity.heading, "aliases": quantity.aliases, "range": limits_of(quantity)}
    return Column(key, kind=Kind.NUMBER, **words | more)


PRODUCT = Column(
    "product", Label("产品", "product"), Kind.CODE, required=True, note=Label("产品代码", "Code of the product")
)
MODEL = Column(
    "model",
    Label("计价模型", "model"),
    Kind.CODE,
    required=True,
    note=Label(
        "公式表中的模型名；换一个名字就换一种算法", "A model of the Formulas sheet: another name, another arithmetic"
    ),
)
PRICE = quantity_column("price", aliases=("价格",))
PAY_COLUMN = Column("pay", Label("付费方式", "pay"), Kind.CHOICE, required=True, choices=PAY)
CHARGED_BY = Column(
    "charged_by",
    Label("计费对象", "charged by"),
    Kind.CHOICE,
    choices={"app": ("应用", "app"), "customer": ("客户", "customer")},
    note=Label(
        "客户：在其所有应用之后计一次，用 customer.amount 引用各应用之和；留空为应用",
        "customer: one line after those of all its apps, whose sum is customer.amount; blank: app",
    ),
)
PRORATE = Column(
    "prorate",
    Label("额度分摊", "included by days"),
    Kind.CODE,
    aliases=("prorate", "含量分摊"),
    note=Label("套餐只覆盖部分月份时，额度按此模型折算", "The model that apportions the quota of a part of a month"),
)
ROLLOVER_MONTHS = Column(
    "rollover_months",
    Label("结转月数", "rolls over for months"),
    Kind.NUMBER,
    range=FEW,
    note=Label(
        "套餐额度未用完的部分还可再用几个月；留空则月末作废",
        "For how many months more what is left of the included quantity can be used; blank: it is gone at month's end",
    ),
)
ROLLOVER = Column(
    "rollover",
    Label("结转模型", "rollover model"),
    Kind.CODE,
    note=Label(
        "从结转余额与本月额度中抵扣的模型，与加油包的抵扣模型相同，先用哪一个由它决定",
        "The model by which it is drawn, as packs are; it says whether what is left goes before the month's own",
    ),
)
CHARGE_PRICE = quantity_column(
    "price",
    aliases=("价格",),
    note=Label(
        "— 表示不收超量费：超出额度只提醒；留空表示须有合同价",
        "— means not sold: over the quota is a warning, never a charge; blank: a contract must give it",
    ),
)
CHARGE_QUANTITIES = tuple(
    column
    for quantity in columns_of("charges")
    for column in {"included": (quantity_column("included"), PRORATE), "price": (CHARGE_PRICE,)}.get(
        quantity.key, (quantity_column(quantity.key),)
    )
)
"""What a usage price gives to its model, with the model that apportions its quota beside the quota."""

CHARGES = SheetKind(
    "charges",
    Label("用量价", "Charges"),
    (
        PRODUCT,
        Column(
            "plans",
            Label("套餐", "plans"),
            Kind.CODES,
            aliases=("plan",),
            note=Label("适用的套餐，多个用逗号；留空或 * 为全部", "The plans that it applies to; blank or * for all"),
        ),
        Column("item", Label("计费项", "item"), Kind.CODE),
        NAME,
        NAME_EN,
        Column("meter", Label("计量项", "meter"), Kind.CODE),
        Column(
            "dimension",
            Label("维度", "dimension"),
            Kind.CODES,
            note=Label(
                "每个维度各计一行；留空则为全部之和", "Each named dimension is a line of its own; blank: their sum"
            ),
        ),
        MODEL,
        *CHARGE_QUANTITIES,
        PAY_COLUMN,
        CHARGED_BY,
        ROLLOVER_MONTHS,
        ROLLOVER,
        Column(
            "year",
            Label("累计", "so far over"),
            Kind.CHOICE,
            choices={
                "calendar": ("自然年", "calendar year"),
                "subscription": ("订阅年", "subscription year"),
            },
            note=Label(
                "模型的 so_far 为本年此前各月之和；订阅年从首次订阅的月份起",
                "Its model's so_far is what earlier months of the year came to; a subscription year begins with the "
                "month of the first order",
            ),
        ),
        Column(
            "printed",
            Label("列出", "printed"),
            Kind.CHOICE,
            choices={
                "yes": ("是", "yes"),
                "no": ("否", "no"),
                "reached": ("有用量时", "when reached"),
            },
            note=Label(
                "否：不在账单上列出，只供其他行引用，金额须为 0；留空按“未达阶梯”设置",
                "no: only for figures that others take; its amount must be 0. Blank: as the book's setting",
            ),
        ),
    ),
)
