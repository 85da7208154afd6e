"""The sheets of rates that hold from a day on: taxes, and values by date that price cells take by name."""

from xlbill.charge_columns import NAME, NAME_EN
from xlbill.language import Label
from xlbill.sheets.columns import SHARE, Column, Kind, SheetKind

TAXES = SheetKind(
    "taxes",
    Label("税率", "Taxes"),
    (
        Column(
            "customers",
            Label("客户税类", "customers"),
            Kind.CODE,
            note=Label("客户档案中的税类；留空为所有客户", "Tax class of the customer; blank: all"),
        ),
        Column(
            "products",
            Label("产品税类", "products"),
            Kind.CODE,
            note=Label("产品表中的税类；留空为所有产品", "Tax class of the product; blank: all"),
        ),
        NAME,
        NAME_EN,
        Column("rate", Label("税率", "rate"), Kind.NUMBER, required=True, range=SHARE),
        Column(
            "model",
            Label("税额模型", "tax model"),
            Kind.CODE,
            note=Label("由 lines、rate、list_rate 得出 net、tax、gross；留空按价目", "Blank: the book's own"),
        ),
        Column("from", Label("起始日", "from"), Kind.DATE, note=Label("留空为一直", "Blank: from ever")),
        Column("note", Label("账单说明", "note"), note=Label("印在账单备注中", "Printed among the remarks")),
        Column("note_en", Label("英文账单说明", "English note")),
    ),
    note=Label(
        "按客户和产品的税率；客户税类优先于产品税类，未列出的按价目的税率",
        "Rates by customer and product; the customer's class goes first, what no row names has the book's rate",
    ),
)

RATES = SheetKind(
    "rates",
    Label("参数", "Rates"),
    (
        Column(
            "rate",
            Label("参数", "name"),
            Kind.CODE,
            required=True,
            note=Label("价格单元格按此名取值，如 usd_cny * 0.02", "What price cells call it by, as in usd_cny * 0.02"),
        ),
        Column("title", Label("名称", "title"), note=NAME.note),
        Column("title_en", Label("英文名称", "English title"), note=NAME_EN.note),
        Column(
            "from",
            Label("起始日", "from"),
            Kind.DATE,
            note=Label("自此日起取此值；留空为一直", "Holds from this day on; blank: from ever"),
        ),
        Column("value", Label("值", "value"), Kind.NUMBER, required=True),
    ),
    note=Label(
        "随日期变化的数：汇率、指数、系数；价格单元格按名取用计费日的值",
        "Figures that change by date: exchange rates, indices, factors; price cells take that of their day by its name",
    ),
)
