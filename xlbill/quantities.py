"""The vocabulary of quantities: everything that a line of a bill can have a figure of, one row each.

A price row's columns, the results of a pricing model, what contracts may set, the marks of a template, the price sheet
of an invoice and the manual all read this table. To add a quantity, `surcharge_rate`, is to add a row:

    Quantity("surcharge_rate", Label("附加费率", "surcharge rate"), Label("…", "…"), Giver.ROW, sheets=CHARGES)

It then has a column in the Formulas sheet and in Charges, models may take it, `{{ line.surcharge_rate }}` shows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Literal, TypeAlias

from xlbill.language import Label

Shape: TypeAlias = Literal["money", "price", "quantity", "rate", "date"]
"""With which number format a figure is shown."""


class Giver(Enum):
    """Who gives a quantity its figure."""

    ROW = Label("价格行", "the price row")  # its column in Charges, Plans ...; without such a column nothing does
    ENGINE = Label("计价程序", "the rating")  # a supplier of rating/price.py; a row may give a quota, a subtotal
    STEP = Label("计价步骤", "a step of the rating")  # one step's model alone takes it: a refund, a draw, the tax
    MODEL = Label("模型公式", "a model's formula")  # a result; no cell of a price row may hold it


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity.

    `sheets` are the price sheets and `contracts` that have a column of it. `may_be_blank`: a price row that leaves it
    blank is still whole. `referable`: the price cells of other lines may take it, as `dau.units`. `at_line`: its cell
    may stand in its line on the invoice; all others stand on the invoice's price sheet. `declared`: it has a column in
    the Formulas sheet, so that models may take or give it; the others are made on the way and only shown.
    `counted`: a number of things, of which 10% would be a slip of a cell's format.
    `nothing_is_zero`: taken from a line that is not there this month it is 0 (a quota, a sum); a price is not.
    """

    key: str
    heading: Label
    about: Label
    giver: Giver
    shape: Shape = "quantity"
    sheets: tuple[str, ...] = ()
    may_be_blank: bool = False
    referable: bool = False
    at_line: bool = False
    nothing_is_zero: bool = False
    declared: bool = True
    counted: bool = False
    aliases: tuple[str, ...] = ()


ROW, ENGINE, STEP, MODEL = Giver.ROW, Giver.ENGINE, Giver.STEP, Giver.MODEL
CHARGES, CONTRACTS = ("charges",), ("contracts",)
METERS = ("meters",)
EVERY_PRICE = ("plans", "charges", "packs", "contracts")


def _made(key: str, zh: str, en: str, about: Label, shape: Shape = "quantity") -> Quantity:
    """A figure that the rating makes on the way to others, shown where nothing else shows it."""
    return Quantity(key, Label(zh, en), about, STEP, shape, declared=False)


QUANTITIES: tuple[Quantity, ...] = (
    Quantity(
        "quantity",
        Label("用量", "quantity"),
        Label("计量或订购的数量", "what was measured, or how many were ordered"),
        ENGINE,
        may_be_blank=True,
        referable=True,
        at_line=True,
    ),
    Quantity(
        "included",
        Label("套餐额度", "included"),
        Label("套餐、试用所含的数量", "what the plan and its trial give without a charge"),
        ENGINE,
        sheets=(*CHARGES, *METERS, *CONTRACTS),
        may_be_blank=True,
        referable=True,
        aliases=("含量",),
        nothing_is_zero=True,
        counted=True,
    ),
    Quantity(
        "drawn",
        Label("加油包抵扣", "drawn"),
        Label("由加油包和此前各月结转的额度抵扣的数量", "what packs, and allowances of earlier months, cover"),
        ENGINE,
        may_be_blank=True,
        referable=True,
    ),
    Quantity(
        "block",
        Label("每份用量", "block"),
        Label("几个单位一起计价", "how many are sold together"),
        ROW,
        sheets=(*CHARGES, *METERS),
        may_be_blank=True,  # it would divide by nothing, which is told where the row is tried
        aliases=("计费单位",),
        counted=True,
    ),
    Quantity(
        "from",
        Label("从", "from"),
        Label("阶梯下限，不含", "the lower bound of a tier, which belongs to the tier below"),
        ROW,
        sheets=CHARGES,
        may_be_blank=True,
    ),
    Quantity(
        "to",
        Label("至", "to"),
        Label("阶梯上限，含", "the upper bound of a tier, which belongs to it"),
        ROW,
        sheets=CHARGES,
        may_be_blank=True,
    ),
    Quantity(
        "price",
        Label("单价", "price"),
        Label("一份的价格", "what one costs"),
        ROW,
        "price",
        sheets=EVERY_PRICE,
        may_be_blank=True,  # it may be left to contracts; a line without one is told
        referable=True,
    ),
    Quantity(
        "list_price",
        Label("原价", "list price"),
        Label("优惠或合同之前的价格", "the price before an offer or a contract"),
        STEP,
        "price",
        sheets=("plans", "packs"),
        may_be_blank=True,
    ),
    Quantity(
        "discount",
        Label("优惠比例", "discount"),
        Label("合同减去的比例", "the part that a contract takes off"),
        STEP,
        "rate",
        sheets=CONTRACTS,
        may_be_blank=True,
        aliases=("折扣",),
    ),
    Quantity(
        "minimum",
        Label("最低", "minimum"),
        Label("至少收取的金额", "the least that is charged"),
        ROW,
        "price",
        sheets=(*METERS, *CONTRACTS),
        may_be_blank=True,
    ),
    Quantity(
        "maximum",
        Label("最高", "maximum"),
        Label("至多收取的金额", "the most that is charged"),
        ROW,
        "price",
        may_be_blank=True,
        sheets=METERS,
    ),
    Quantity(
        "draw_price",
        Label("抵扣单价", "draw price"),
        Label("一个单位从预付的金额或点数中抵扣多少", "what one unit takes of prepaid money or credits"),
        ROW,
        "price",
        sheets=CHARGES,
        may_be_blank=True,
    ),
    Quantity(
        "rate",
        Label("费率", "rate"),
        Label("按金额计的比例，或税率", "a part of an amount, or of tax"),
        ROW,
        "rate",
        sheets=METERS,
    ),
    Quantity(
        "subtotal",
        Label("小计", "subtotal"),
        Label("同一产品已计用量的金额", "what the product's usage before this line comes to"),
        ENGINE,
        "price",
        may_be_blank=True,
        referable=True,
        nothing_is_zero=True,
    ),
    Quantity(
        "days",
        Label("天数", "days"),
        Label("计费或剩余的天数", "the days that are charged or left"),
        ENGINE,
        may_be_blank=True,
    ),
    Quantity(
        "of_days",
        Label("总天数", "of days"),
        Label("整个周期的天数", "the days of the whole term"),
        ENGINE,
        may_be_blank=True,
        aliases=("of_days",),
    ),
    Quantity(
        "start",
        Label("开始", "start"),
        Label("所计周期的第一天", "the first day that the line is for"),
        ENGINE,
        "date",
        may_be_blank=True,
    ),
    Quantity(
        "end",
        Label("结束", "end"),
        Label("所计周期的最后一天", "the last day that the line is for"),
        ENGINE,
        "date",
        may_be_blank=True,
    ),
    Quantity(
        "quota",
        Label("额度", "quota"),
        Label("折算前或试用的额度", "what is apportioned or tried"),
        STEP,
        aliases=("配额",),
    ),
    Quantity("opening", Label("期初", "opening"), Label("加油包期初余额", "a pack's balance before"), STEP),
    Quantity("earlier", Label("已抵扣", "earlier"), Label("更早的加油包已抵扣", "what older packs have covered"), STEP),
    Quantity(
        "number",
        Label("序号", "record number"),
        Label("当月第几条记录，用于记录模型", "which record of the month it is, for record models"),
        STEP,
        may_be_blank=True,
    ),
    Quantity(
        "so_far",
        Label("此前累计", "so far"),
        Label("本年此前各月之和，或此前的记录之和", "what earlier months of the year, or earlier records, came to"),
        ENGINE,
        may_be_blank=True,
        aliases=("so_far",),
    ),
    Quantity(
        "so_far_today",
        Label("当日此前", "so far today"),
        Label("当日此前的记录之和，用于记录模型", "what earlier records of the same day came to, for record models"),
        STEP,
        may_be_blank=True,
        aliases=("so_far_today",),
    ),
    Quantity(
        "charged_today",
        Label("当日已计", "charged today"),
        Label("当日此前的记录计为多少，用于记录模型", "what earlier records of the day counted for, for record models"),
        STEP,
        may_be_blank=True,
        aliases=("charged_today",),
    ),
    Quantity("closing", Label("期末", "closing"), Label("加油包期末余额", "a pack's balance after"), MODEL),
    Quantity(
        "lines",
        Label("含税小计", "lines"),
        Label("账单明细之和", "the sum of the bill's lines"),
        STEP,
        aliases=("各项合计",),
    ),
    Quantity(
        "list_rate",
        Label("标价税率", "list rate"),
        Label("标价所含的税率，即无税类客户的税率", "the tax that prices include: that of customers without a class"),
        STEP,
        "rate",
    ),
    Quantity("net", Label("不含税", "net"), Label("不含税金额", "what is left without tax"), MODEL, "money"),
    Quantity("tax", Label("税额", "tax"), Label("税额", "the tax"), MODEL, "money"),
    Quantity("gross", Label("价税合计", "gross"), Label("含税金额", "net and tax"), MODEL, "money"),
    Quantity(
        "billable",
        Label("计费用量", "billable"),
        Label("扣除额度与抵扣后的数量", "what is left to be charged"),
        MODEL,
        referable=True,
        at_line=True,
    ),
    Quantity(
        "units",
        Label("计费数量", "units"),
        Label("计费用量折成的份数", "how many blocks that comes to"),
        MODEL,
        referable=True,
        at_line=True,
        aliases=("计费份数",),
    ),
    Quantity(
        "amount",
        Label("金额", "amount"),
        Label("本行金额", "what the line costs"),
        MODEL,
        "money",
        referable=True,
        at_line=True,
    ),
    _made("changed", "变更日", "changed on", Label("周期提前结束之日", "the day that cut a term short"), "date"),
    _made("per_unit", "换算", "per unit", Label("一个单位等于多少原始单位", "source units in one unit")),
    _made("counted", "计入", "counted", Label("一条记录计为多少", "what a record comes to")),
    _made("used", "本期", "used", Label("本月计入的数量", "what this month adds")),
    _made("held", "持续", "held for", Label("一个数持续的时间", "for how long a figure holds")),
    _made("nth", "名次", "nth", Label("从高到低第几个", "which one from the highest")),
    _made("percentile", "百分位", "percentile", Label("百分位计费的比例", "the share of a percentile"), "rate"),
    _made("size", "每包数量", "pack size", Label("一个加油包的数量", "what one pack holds")),
    _made("count", "购买数", "count", Label("买了几个加油包", "how many packs were bought")),
    _made("total", "合计", "total", Label("各部分之和", "the sum of some parts")),
    _made("tax_rate", "税率", "tax rate", Label("本行的税率", "the rate by which a line is taxed"), "rate"),
    _made("day_value", "参数值", "rate", Label("参数在计费日的值", "the value of a rate on its day")),
    _made("refunded", "本期退款", "refunded", Label("预付费的退款", "refunds of what was prepaid"), "price"),
    _made(
        "postpaid",
        "抵减前的应付",
        "charged now",
        Label("用结余抵减之前", "due before credit"),
        "price",
    ),
    _made("credit_opening", "上期结余", "credit before", Label("上月转入", "credit of earlier bills"), "price"),
    _made(
        "credit_used",
        "结余抵减",
        "credit used",
        Label("抵减本期应付", "it reduces the amount due"),
        "price",
    ),
    _made("credit", "期末结余", "credit after", Label("转入下期的结余", "credit of the next bill"), "price"),
    _made("coefficient", "系数", "coefficient", Label("一个单位计为几个", "what one of a dimension counts")),
)

QUANTITY: Mapping[str, Quantity] = {quantity.key: quantity for quantity in QUANTITIES}
DECLARED: tuple[Quantity, ...] = tuple(quantity for quantity in QUANTITIES if quantity.declared)
RESULTS = frozenset(q.key for q in QUANTITIES if q.giver is MODEL)
SUPPLIED = frozenset(q.key for q in QUANTITIES if q.giver is ENGINE)
REFERABLE = tuple(q.key for q in QUANTITIES if q.referable)
MAY_BE_BLANK = frozenset(q.key for q in QUANTITIES if q.may_be_blank)
ZERO_OF_NOTHING = frozenset(q.key for q in QUANTITIES if q.nothing_is_zero)
AGREED = frozenset(q.key for q in DECLARED if q.giver is ROW or CONTRACTS[0] in q.sheets)
"""What a contract may set in place of a price row."""


def columns_of(sheet: str) -> tuple[Quantity, ...]:
    """The quantities that a price sheet has a column of, in the order of the table."""
    return tuple(quantity for quantity in QUANTITIES if sheet in quantity.sheets)


def shape_of(name: str) -> Shape:
    """How a figure is shown; one that only finance's own models know is a quantity."""
    return QUANTITY[name].shape if name in QUANTITY else "quantity"
