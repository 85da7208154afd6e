"""How a seller issues: the settings of the accounts' Seller sheet by which invoices are numbered, due and reviewed."""

from dataclasses import dataclass
from decimal import Decimal

from xlbill.cells import NOWHERE, Place
from xlbill.language import Label
from xlbill.problems import Problems
from xlbill.sheets import Row
from xlbill.sheets.columns import AMOUNT, FEW, SHARE, Column, Kind

HOUSE_RULE = {
    column.key: column
    for column in (
        Column(
            "invoice_numbers",
            Label("账单编号规则", "invoice numbers"),
            note=Label("留空为 {year}{month}-{seq:05}", "Blank: {year}{month}-{seq:05}"),
        ),
        Column(
            "credit_numbers",
            Label("贷项编号规则", "credit note numbers"),
            note=Label("留空为 CN{year}{month}-{seq:05}", "Blank: CN{year}{month}-{seq:05}"),
        ),
        Column(
            "days_to_pay",
            Label("付款期限（天）", "days to pay"),
            Kind.NUMBER,
            range=FEW,
            note=Label("自出账日起；留空为 15", "From the day of issue; blank: 15"),
        ),
        Column(
            "review_total",
            Label("复核：价税合计超过", "review totals above"),
            Kind.NUMBER,
            range=AMOUNT,
            aliases=("复核：总额超过",),
            note=Label("留空则不按价税合计提示", "Blank: no total is marked"),
        ),
        Column(
            "review_change",
            Label("复核：变动超过", "review changes above"),
            Kind.NUMBER,
            range=SHARE,
            note=Label("与前三个月平均相比；留空为 30%", "Against the last three months; blank: 30%"),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class HouseRules:
    """The seller's rules: patterns of numbers (None: the usual ones), days to pay, what a review marks.

    `review_total` is an amount in a bill's currency, `review_change` a share of the average of the last three months.
    """

    invoice_numbers: str | None = None
    credit_numbers: str | None = None
    days_to_pay: int = 15
    review_total: Decimal | None = None
    review_change: Decimal = Decimal("0.3")
    place: Place = NOWHERE  # of the pattern of numbers


USUAL_RULES = HouseRules()


def house_rules(settings: Row, found: Problems) -> HouseRules:
    """The rules that a sheet of settings states; days to pay are whole, nothing is below zero."""
    days, total, change = (settings.number(key, found) for key in ("days_to_pay", "review_total", "review_change"))
    if days is not None and (days != int(days) or not 0 <= days <= 3650):
        found.tell(settings.problem("days-to-pay-bad", "days_to_pay"))
        days = None
    for key, number in (("review_total", total), ("review_change", change)):
        if number is not None and number < 0:
            found.tell(settings.problem("negative-figure", key))
    return HouseRules(
        settings.text("invoice_numbers", found),
        settings.text("credit_numbers", found),
        15 if days is None else int(days),
        total,
        Decimal("0.3") if change is None else change,
        settings.cell("invoice_numbers").place,
    )
