"""What marks give: the readings of bills and accounts that are more than a field of theirs."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TypeAlias

from xlbill.accounts import named_app
from xlbill.invoice.account import AccountPage
from xlbill.invoice.presented import AppUsage, BillView, Group, PriceRow, UsageCell
from xlbill.language import LANGUAGES, Label, Language
from xlbill.periods import Period
from xlbill.problems import Problem
from xlbill.rating.bill import BalanceOf, Line, MeterUsage, PackBalance
from xlbill.rating.figures import Figure, computed, our

Shown: TypeAlias = str | Label | date | Figure | Mapping[Language, Figure] | None
"""What a mark gives: words, a date, a figure, one for each language (an amount in words), or nothing."""


WHOLE_MONTH = Label("全月", "Whole month")
USAGE = Label("用量", "Usage")
ALL_APPS = Label("全部应用", "All apps")
STATUS = {True: Label("草稿", "Draft"), False: Label("已出账", "Issued")}
INVOICE_TYPE = {
    "special": Label("增值税专用发票", "special VAT invoice"),
    "ordinary": Label("增值税普通发票", "ordinary VAT invoice"),
}
PAY = {"prepaid": Label("预付费", "Prepaid"), "postpaid": Label("后付费", "Postpaid")}


def _of_balances(of_kind: Mapping[BalanceOf, Label], several: Label) -> Callable[[BillView], Label]:
    """A heading over balances: of packs, of allowances, of what is counted over months, or of several of these."""

    def heading(view: BillView) -> Label:
        kinds = {balance.kind for balance in view.bill.packs} or {"pack"}
        return several if len(kinds) > 1 else of_kind[kinds.pop()]

    return heading


SINCE, FROM_PACKS = Label("起始日", "Since"), Label("资源包抵扣", "From packs")
balances_title = _of_balances(
    {
        "pack": Label("加油包余额", "Balances of packs"),
        "allowance": Label("额度结转", "Allowances that roll over"),
        "count": Label("累计", "Counted so far"),
    },
    Label("余额与累计", "Balances and counts"),
)
balances_since = _of_balances({"pack": Label("购买日", "Bought"), "allowance": SINCE, "count": SINCE}, SINCE)
balances_used = _of_balances(
    {
        "pack": Label("本期抵扣", "Drawn"),
        "allowance": Label("本期使用", "Used"),
        "count": Label("本期计入", "Added"),
    },
    Label("本期变动", "This month"),
)
_drawn = _of_balances(
    {"pack": FROM_PACKS, "allowance": Label("结转抵扣", "Rolled over"), "count": FROM_PACKS}, Label("抵扣", "Drawn")
)


def balances_drawn(view: BillView) -> Shown:
    """A heading over what lines draw on balances; nothing on a bill none of whose lines does."""
    return _drawn(view) if any(line.number("drawn") is not None for line in view.bill.lines) else None


def balances_lapsed(view: BillView) -> Shown:
    """A heading over what lapsed of balances; nothing on a bill on which nothing did."""
    return Label("本期失效", "Lapsed") if any(balance.gone for balance in view.bill.packs) else None


def of_line(name: str) -> Callable[[Line], Shown]:
    return lambda line: line.figures.get(name)


def list_price_of(line: Line) -> Shown:
    return line.list_price


def of_listed(name: str) -> Callable[[Line], Shown]:
    return lambda line: getattr(line.at_list, name) if line.at_list is not None else None


def of_savings(name: str) -> Callable[[BillView], Shown]:
    return lambda view: getattr(view.savings, name) if view.savings is not None else None


def of_price(name: str) -> Callable[[PriceRow], Shown]:
    return lambda row: row.figures.get((name, 1))


def fact_of(name: str) -> Callable[[BillView], Shown]:
    return lambda view: view.seller.facts.get(name)


def sum_of(name: str) -> Callable[[BillView], Shown]:
    return lambda view: view.bill.sums.get(name)


def of_account(name: str) -> Callable[[BillView], Shown]:
    return lambda view: getattr(view.account, name) if view.account is not None else None


def invoice_type_of(view: BillView) -> Shown:
    kind = view.customer.invoice_type
    return INVOICE_TYPE[kind] if kind is not None else None


@dataclass(frozen=True, slots=True)
class InWords(Mapping[Language, Figure]):
    """An amount in words, in the language that is asked for."""

    view: BillView | AccountPage
    name: str

    def __getitem__(self, language: Language) -> Figure:
        return self.view.words(self.name, language)

    def __iter__(self) -> Iterator[Language]:
        return iter(LANGUAGES)

    def __len__(self) -> int:
        return len(LANGUAGES)


def of_line_priced(name: str) -> Callable[[PriceRow], Shown]:
    return lambda row: getattr(row.line, name) if row.line is not None else None


def pay_of(line: Line) -> Shown:
    """How a line is paid; an adjustment is neither in advance nor by usage."""
    return PAY[line.pay] if line.kind != "adjustment" else None


def refund_month_of(line: Line) -> Shown:
    """The month that billed what a line gives back."""
    return str(line.refund_of) if line.refund_of is not None else None


def of_refunded_bill(line: Line) -> Shown:
    return line.refund_bill


@lru_cache(4_096)
def days_of(period: Period | None) -> Label | None:
    """The days of a line, as tables have them."""
    return Label(f"{period.start} 至 {period.last}", str(period)) if period is not None else None


def spelled_days(period: Period) -> Label:
    """The days of a bill, as a letter has them."""
    zh = "至".join(f"{day.year}年{day.month}月{day.day}日" for day in (period.start, period.last))
    return Label(zh, str(period))


def used_of(line: Line) -> Shown:
    """What a line is about: of a tier what falls into it, not the whole month's usage."""
    is_tier = any(line.number(bound) is not None for bound in ("from", "to"))
    return line.figures.get("billable" if is_tier and "billable" in line.figures else "quantity")


_SAVINGS: Mapping[Language, str] = {
    "zh": '="优惠 "&ROUND(discount*100,2)&"%（"&ROUND(10-discount*10,2)&" 折）"',
    "en": '=ROUND(discount*100,2)&"% off"',
}


def saving_of(line: Line) -> Shown:
    """A discount in words, which follow its figure."""
    price = line.figures.get("price")
    discount = line.figures.get("discount") or (price.inputs.get("discount") if price is not None else None)
    if not isinstance(discount, Figure) or not discount.value:
        return None
    return {language: computed("saving", our(text), {"discount": discount}) for language, text in _SAVINGS.items()}


def floor_of(line: Line) -> Shown:
    """What a line charges at least: its own minimum, or that of the product for which it makes up."""
    return line.figures.get("price" if line.kind == "minimum" else "minimum")


def verdict_of(page: AccountPage) -> Label:
    """What a closing balance means to its reader."""
    owed = page.closing.number
    if not owed:
        return Label("已结清", "Settled")
    return Label("期末应付", "To be paid") if owed > 0 else Label("期末应退", "Paid too much")


def message_of(warning: Problem) -> Label:
    return Label(warning.message("zh"), warning.message("en"))


def meter_title(meter: MeterUsage) -> Label:
    return meter.title


def app_of(of: Group | Line | PackBalance | AppUsage) -> str:
    """The code of its app; blank where nobody has named the app."""
    return named_app(of.app)


def first_of_app(group: Group) -> Label | None:
    """Its app, where it is the first group of it, or stands first on a page."""
    return group.named if group.first else None


def usage_of(usage: AppUsage) -> Label | str:
    """Whose usage a block is: that of an app, or of all apps together."""
    return app_of(usage) if usage.app else ALL_APPS


def column_title(column: UsageCell) -> Label | str:
    """A column's dimension; with its app where several apps are charged together."""
    assert column.part is not None
    dimension, app = column.part.dimension, column.part.app
    if app == column.meter.app:
        return dimension or USAGE
    return Label(f"{app} {dimension.text('zh')}", f"{app} {dimension.text('en')}") if dimension else app
