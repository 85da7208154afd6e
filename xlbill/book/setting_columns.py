"""The settings of a price book: one a row, each declared as a column is."""

from xlbill.language import Label
from xlbill.sheets.columns import FEW, OWN_COLUMNS, SHARE, Column, Kind, SheetKind

SETTINGS = SheetKind(
    "settings",
    Label("价目", "Book"),
    (
        Column("setting", Label("设置", "setting"), required=True),
        Column("value", Label("值", "value")),
    ),
    required=True,
    note=Label("价目表本身的设置，一行一项", "Settings of the price list, one a row"),
)

SETTING = {
    column.key: column
    for column in (
        Column("code", Label("代码", "code"), Kind.CODE, required=True),
        Column("name", Label("名称", "name"), required=True),
        Column("name_en", Label("英文名称", "English name")),
        Column("currency", Label("币种", "currency"), Kind.CODE, required=True),
        Column("decimals", Label("小数位", "decimals"), Kind.NUMBER, required=True, range=FEW),
        Column("tax_rate", Label("税率", "tax rate"), Kind.NUMBER, required=True, range=SHARE),
        Column(
            "tax_model",
            Label("税额模型", "tax model"),
            Kind.CODE,
            required=True,
            note=Label("由 lines、rate 得出 net、tax、gross", "From lines and rate to net, tax and gross"),
        ),
        Column(
            "tax_rounding",
            Label("税额计算", "tax rounding"),
            Kind.CHOICE,
            choices={"bill": ("按账单", "per bill", "bill"), "line": ("按明细", "per line", "line")},
            note=Label(
                "按账单：每种税率的合计算一次税（留空）；按明细：逐行算税再相加",
                "per bill (blank): once over the sum of each rate; per line: line by line, then added up",
            ),
        ),
        Column(
            "discount_model",
            Label("优惠模型", "discount model"),
            Kind.CODE,
            aliases=("折扣模型",),
            note=Label(
                "由 list_price、discount 得出 price，用于合同", "From list_price and discount to price, for contracts"
            ),
        ),
        Column("regions", Label("区域", "region"), Kind.CODES, required=True, aliases=("regions",)),
        Column("effective", Label("生效日", "effective from"), Kind.DATE, required=True),
        Column(
            "applies",
            Label("适用范围", "applies to"),
            Kind.CHOICE,
            required=True,
            choices={"new": ("新订阅", "new subscribers"), "all": ("全部", "all", "everyone")},
            note=Label(
                "新订阅：老应用沿用首次订阅时的版本；全部：自生效日起人人适用",
                "new subscribers: others keep the edition that they first subscribed under",
            ),
        ),
        Column(
            "refunds",
            Label("退款去向", "refunds"),
            Kind.CHOICE,
            choices={
                "reduce": ("抵减本期", "reduce this bill"),
                "carry": ("转入下期", "carry to the next bill"),
            },
            note=Label(
                "预付费的退款：先抵减本期应付，余额转入下期；或全部转入下期。留空为前者",
                "Refunds reduce the amount due, what is left is carried on; or all is carried. Blank: the first",
            ),
        ),
        Column(
            "equal_packs",
            Label("同序加油包", "equal packs"),
            Kind.CHOICE,
            choices={
                "oldest": ("先购先抵", "oldest first"),
                "expiry": ("先到期先抵", "first to expire first"),
            },
            note=Label(
                "抵扣顺序相同或未填的加油包，先抵先购买的，还是先抵先到期的；留空为前者",
                "Of packs with the same draw order, or none, which is drawn first; blank: the oldest",
            ),
        ),
        Column(
            "unreached",
            Label("未达阶梯", "unreached tiers"),
            Kind.CHOICE,
            choices={"printed": ("列出", "printed"), "hidden": ("不列出", "not printed", "hidden")},
            note=Label(
                "用量未达到的阶梯是否列在账单上；留空为列出",
                "Whether tiers that usage did not reach are lines of the bill; blank: printed",
            ),
        ),
        Column("conditions", Label("价格条件", "price conditions")),
        Column("conditions_en", Label("英文价格条件", "English price conditions")),
        OWN_COLUMNS,
    )
}
