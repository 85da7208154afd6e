"""Quotations in the terminal: lines and total, offers side by side, a curve."""

from collections.abc import Sequence
from decimal import Decimal

from xlbill.foresight.offers import Curve, Quoted
from xlbill.language import Label, Language, bracketed
from xlbill.money import Currency, plain
from xlbill.rating.bill import Bill, Line
from xlbill.terminal import TextTable

_TOTAL = Label("价税合计", "total")
_SUMS = {
    "total": _TOTAL,
    "prepaid": Label("其中预付费费用", "of it prepaid"),
    "refunded": Label("退款", "refunded"),
    "credit_used": Label("结余抵减", "credit used"),
    "due": Label("应付", "due"),
    "credit": Label("期末结余", "credit carried forward"),
}
_HEADINGS = (
    Label("项目", "item"),
    Label("数量", "quantity"),
    Label("单位", "unit"),
    Label("套餐额度", "included"),
    Label("单价", "price"),
    Label("金额", "amount"),
)


def bill_table(bill: Bill, language: Language) -> TextTable:
    """The lines of a bill and what they add up to."""
    rows, foot = [], []
    for line in bill.lines:
        unit = line.unit.text(language) if line.unit is not None else ""
        figures = [_text(line.number(name)) for name in ("quantity", "included", "price")]
        amount = _grouped(bill.currency.text(line.amount.number))
        rows.append([_name(line, language), figures[0], unit, *figures[1:], amount])
    for label, figure in ((label, bill.sums[name]) for name, label in _SUMS.items() if name in bill.sums):
        amount = _grouped(bill.currency.text(figure.number))
        foot.append([label.text(language) + bracketed(bill.currency.code, language), "", "", "", "", amount])
    return TextTable([heading.text(language) for heading in _HEADINGS], rows, left=(0, 2), foot=foot)


def offers_table(quotes: Sequence[Quoted], language: Language) -> TextTable:
    """A column for each offer, a row for each thing that is charged, the totals below."""
    bills = [quoted.bill for quoted in quotes]
    items = dict.fromkeys((line.item, line.title.text(language)) for bill in bills if bill for line in bill.lines)
    rows = []
    for item, title in items:
        sums = [(bill, _sum(bill, (item, title), language)) for bill in bills]
        cells = [_money(amount, bill) if amount is not None and bill else "" for bill, amount in sums]
        rows.append([title + bracketed(item, language), *cells])
    totals = [_money(bill.total.number, bill) if bill else "—" for bill in bills]
    headings = ["", *(quoted.offer.name for quoted in quotes)]
    return TextTable(headings, rows, left=(0,), foot=[[_TOTAL.text(language), *totals]])


def curve_table(curve: Curve, language: Language) -> TextTable:
    """A row for each point of the range, a column for each offer."""
    headings = [curve.range.word, *(offer.name or _TOTAL.text(language) for offer in curve.offers)]
    rows = [[_text(at), *("—" if total is None else f"{total:,f}" for total in totals)] for at, totals in curve.points]
    return TextTable(headings, rows, left=())


def _name(line: Line, language: Language) -> str:
    return line.title.text(language) + bracketed(line.item, language)


def _sum(bill: Bill | None, of: tuple[str, str], language: Language) -> Decimal | None:
    """What the lines of an item under one title come to: a refund stands apart from the fee of its item."""
    lines = [line for line in bill.lines if (line.item, line.title.text(language)) == of] if bill else []
    amounts = [line.amount.number for line in lines]
    return sum(amounts, Decimal(0)) if amounts else None


def _money(amount: Decimal, bill: Bill) -> str:
    currency: Currency = bill.currency
    return _grouped(currency.text(amount))


def _grouped(text: str) -> str:
    return f"{Decimal(text):,f}"


def _text(number: Decimal | None) -> str:
    return "" if number is None else f"{Decimal(plain(number)):,f}"
