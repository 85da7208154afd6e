"""The columns that several sheets of a price book have."""

from typing import Any

from xlbill.language import Label
from xlbill.quantities import QUANTITY
from xlbill.sheets.columns import Column, Kind

PAY = {"prepaid": ("预付费", "prepaid"), "postpaid": ("后付费", "postpaid")}


def quantity_column(key: str, **more: Any) -> Column:
    """A quantity's column: its own heading and words, or those that its sheet has for it."""
    quantity = QUANTITY[key]
    words: dict[str, Any] = {"heading": quantity.heading, "aliases": quantity.aliases}
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
