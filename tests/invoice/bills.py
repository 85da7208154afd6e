"""Bills made by hand from figures: ordinary, long, free and refunding ones, without a price book behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from xlbill.accounts import Customer, Seller
from xlbill.book.edition import Edition
from xlbill.cells import NOWHERE, Place
from xlbill.formula import Expr, names
from xlbill.language import Label, Language
from xlbill.money import Currency
from xlbill.periods import Month, Period
from xlbill.rating.bill import Bill, Line, MeterUsage, PackBalance, TaxLine, UsageColumn
from xlbill.rating.credit import Refunds, settled
from xlbill.rating.figures import Figure, Source, computed, given, our, total
from xlbill.rating.list_amounts import with_list_amounts

APRIL = Month(2026, 4)
CNY = Currency("CNY", 2)
BOOK = "price_tables/easemob-im-2026.xlsx"
EDITION = Edition(
    "easemob-im-2026",
    Label("环信即时通讯云价目表 2026", "Easemob IM price list 2026"),
    date(2026, 3, 20),
    Label("价格含 6% 增值税；包年包月自购买日起计算。", "Prices include 6 % VAT; terms run from the day of purchase."),
    BOOK,
    "4f9c2a7be1d03385aa10c7d2f6b94e5510b7c2d9e8f3a4b5c6d7e8f901234567",
)
SELLER = Seller(
    {
        "name": Label("北京易掌云峰科技有限公司", "Beijing Easemob Technology Co., Ltd."),
        "tax_id": Label("91110108061279345X", "91110108061279345X"),
        "address": Label("北京市海淀区中关村大街 18 号", "18 Zhongguancun Street, Haidian, Beijing"),
        "phone": Label("400-622-1776", "+86 400 622 1776"),
        "bank": Label("招商银行北京分行", "China Merchants Bank, Beijing"),
        "account": Label("1109 1234 5678 901", "1109 1234 5678 901"),
        "terms": Label("请于收到账单之日起 15 日内付款。", "Payable within 15 days of receipt."),
    }
)
IM, RTC, AUDIT = (
    Label("即时通讯", "Instant messaging"),
    Label("音视频", "Audio and video"),
    Label("内容审核", "Moderation"),
)
BLOCKS = {
    "billable": our("=MAX(quantity-included-drawn,0)"),
    "units": our("=ROUNDUP(billable/block,0)"),
    "amount": our("=ROUND(units*price,2)"),
}
FLAT = {"amount": our("=ROUND(quantity*price,2)")}
REFUND = {"amount": our("=-ROUND(price*days/of_days,2)")}


def customer(language: Language = "zh", **changes: object) -> Customer:
    """A customer with everything on record."""
    whole = Customer(
        "C001",
        Label("上海晨星网络科技有限公司", "Morningstar Network Technology (Shanghai) Ltd."),
        "91310115MA1K4ABC2X",
        "上海市浦东新区张江路 88 号 3 幢 501 室",
        "中国工商银行张江支行 1001 2345 6789",
        "李雷 lilei@example.com",
        language,
        None,
        NOWHERE,
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def price(name: str, value: str, row: int, column: int = 5) -> Figure:
    """A figure of the price book, with its cell."""
    return given(name, Decimal(value), Place(BOOK, "用量价 Charges", row, column))


def results(model: Mapping[str, Expr], inputs: Mapping[str, Source]) -> dict[str, Figure]:
    """A model's results over its inputs."""
    known: dict[str, Source] = dict(inputs)
    made = {}
    for name, formula in model.items():
        used = {key: known[key] for key in names(formula) if key in known}
        made[name] = known[name] = computed(name, formula, used)
    return made


def fee(app: str, title: Label, value: str, row: int, start: date = date(2026, 4, 8), **changes: object) -> Line:
    """A plan's fee, prepaid for a term that starts in April."""
    figures = {
        "price": price("price", value, row),
        "quantity": given("quantity", 1, Place("accounts.xlsx", "订阅", row, 4)),
    }
    period = Period(start, date(start.year, start.month + 1, start.day))
    line = Line(
        "fee",
        app,
        "im",
        IM,
        "im.pro",
        title,
        "flat",
        "prepaid",
        {**figures, **results(FLAT, figures)},
        unit=Label("月", "month"),
        period=period,
        edition=EDITION.code,
    )
    return replace(line, **changes)  # type: ignore[arg-type]


def refund(app: str) -> Line:
    """What was left of the old plan on the day of an upgrade."""
    start, end, changed = (
        given(n, d)
        for n, d in (("start", date(2026, 3, 20)), ("end", date(2026, 4, 20)), ("changed", date(2026, 4, 9)))
    )
    figures = {
        "price": given("price", Decimal("1299.00"), Place("accounts.xlsx", "订阅", 7, 2)),
        "days": computed("days", our("=end-changed"), {"end": end, "changed": changed}),
        "of_days": computed("of_days", our("=end-start"), {"end": end, "start": start}),
    }
    return Line(
        "refund",
        app,
        "im",
        IM,
        "im.pro",
        Label("退款：专业版", "Refund: Professional"),
        "refund_days",
        "prepaid",
        {**figures, **results(REFUND, figures)},
        period=Period(date(2026, 4, 9), date(2026, 4, 20)),
        edition=EDITION.code,
        remark=Label("剩余 11 天 / 共 31 天", "11 of 31 days left"),
    )


def daily(app: str, peak: int = 15_000) -> tuple[tuple[date | None, Figure], ...]:
    """Thirty days of users, the highest on the 17th."""
    place = Place(f"usage/{app}.xlsx", "用量", 2, 3)
    days = [APRIL.start + timedelta(days=n) for n in range(30)]
    values = [peak if n == 16 else peak * (62 + n * 7 % 19) // 100 for n in range(30)]
    return tuple((day, given("usage", value, place)) for day, value in zip(days, values, strict=True))


def dau(app: str, peak: int = 15_000, included: str = "10000", row: int = 12) -> tuple[MeterUsage, Line]:
    """Peak users over a quota, in blocks of ten thousand."""
    days = daily(app, peak)
    quantity = computed("quantity", our("=MAX(parts)"), {"parts": tuple(figure for _, figure in days)})
    quota = price("included", included, row, 6)
    inputs = {
        "quantity": quantity,
        "included": quota,
        "block": price("block", "10000", row, 7),
        "price": price("price", "1000", row, 8),
    }
    title, unit = Label("日活用户（DAU）", "Daily active users"), Label("人", "users")
    line = Line(
        "usage",
        app,
        "im",
        IM,
        "dau",
        Label("DAU 超量", "DAU above the quota"),
        "blocks_up",
        "postpaid",
        {**inputs, **results(BLOCKS, inputs)},
        unit=unit,
        period=APRIL.period,
        edition=EDITION.code,
    )
    usage = MeterUsage(
        app,
        "dau",
        title,
        unit,
        "peak",
        (UsageColumn(app, None, unit, None, days),),
        (),
        ((Label("峰值", "Peak"), quantity),),
        quota,
    )
    return usage, line


def minutes(app: str) -> MeterUsage:
    """Seconds of sound and pictures, weighted, added up and rounded up to minutes once."""
    place = Place(f"usage/{app}.xlsx", "用量", 2, 5)
    sound, pictures = (
        [given("usage", (3600 + n * 311 % 997) * factor, place) for n in range(30)] for factor in (31, 7)
    )
    weight = given("coefficient", 4, Place(BOOK, "系数 Coefficients", 3, 4))
    dates = [APRIL.start + timedelta(days=n) for n in range(30)]
    formula = our("=usage_1+usage_2*coefficient_2")
    sums = tuple(
        computed("total", formula, {"usage_1": a, "usage_2": b, "coefficient_2": weight})
        for a, b in zip(sound, pictures, strict=True)
    )
    per_unit = given("per_unit", 60, Place(BOOK, "计量 Meters", 4, 7))
    quantity = computed("quantity", our("=ROUNDUP(SUM(parts)/per_unit,0)"), {"parts": sums, "per_unit": per_unit})
    seconds, unit = Label("秒", "seconds"), Label("分钟", "minutes")
    columns = (
        UsageColumn(app, Label("语音", "Audio"), seconds, None, tuple(zip(dates, sound, strict=True))),
        UsageColumn(app, Label("高清视频", "HD video"), seconds, weight, tuple(zip(dates, pictures, strict=True))),
    )
    title, months = Label("音视频时长", "Call time"), ((Label("合计", "Sum"), quantity),)
    return MeterUsage(app, "rtc", title, unit, "sum", columns, tuple(zip(dates, sums, strict=True)), months)


def minutes_line(usage: MeterUsage, drawn: Figure | None = None) -> Line:
    """Minutes above the quota and what packs gave, in blocks of a thousand."""
    inputs: dict[str, Figure] = {
        "quantity": usage.months[0][1],
        "included": price("included", "10000", 20, 6),
        "block": price("block", "1000", 20, 7),
        "price": price("price", "7", 20, 8),
        **({"drawn": drawn} if drawn is not None else {}),
    }
    return Line(
        "usage",
        usage.app,
        "rtc",
        RTC,
        "rtc",
        Label("标准分钟", "Standard minutes"),
        "blocks_up",
        "postpaid",
        {**inputs, **results(BLOCKS, inputs)},
        unit=usage.unit,
        period=APRIL.period,
        edition=EDITION.code,
    )


def pack_of(usage: MeterUsage) -> PackBalance:
    """A pack of minutes, from which all that it holds is drawn."""
    opening = given("opening", 100_000, Place(BOOK, "加油包 Packs", 3, 4))
    needs: dict[str, Source] = {
        "opening": opening,
        "quantity": usage.months[0][1],
        "included": price("included", "10000", 20, 6),
    }
    drawn = computed("drawn", our("=MIN(opening,MAX(quantity-included,0))"), needs)
    closing = computed("closing", our("=opening-drawn"), {"opening": opening, "drawn": drawn})
    title, unit = Label("10 万分钟包", "Pack of 100,000 minutes"), Label("分钟", "minutes")
    return PackBalance(
        usage.app, "rtc.100k", title, unit, date(2026, 2, 11), date(2027, 2, 28), opening, drawn, closing
    )


def adjustment(amount: str, text: str = "服务补偿") -> Line:
    """An amount that somebody decided."""
    figure = given("amount", Decimal(amount), Place("accounts.xlsx", "调整", 2, 5))
    group = Label("调整", "Adjustments")
    return Line(
        "adjustment", "", "", group, "adjustment", Label(text, "Service credit"), "", "postpaid", {"amount": figure}
    )


def bill_of(
    lines: Sequence[Line],
    usage: Sequence[MeterUsage] = (),
    packs: Sequence[PackBalance] = (),
    *,
    to: Customer | None = None,
    currency: Currency = CNY,
    remarks: Sequence[Label] = (),
) -> Bill:
    """A bill of some lines, with tax in its prices, as the rating makes it."""
    rate = given("rate", Decimal("0.06"), Place(BOOK, "价目 Book", 6, 2))
    amounts = total("lines", tuple(line.amount for line in lines)) if lines else given("lines", 0)
    gross = computed("gross", our("=lines"), {"lines": amounts})
    tax = computed("tax", our(f"=ROUND(gross/(1+rate)*rate,{currency.decimals})"), {"gross": gross, "rate": rate})
    net = computed("net", our("=gross-tax"), {"gross": gross, "tax": tax})
    whole = total("total", (gross,))
    paid = tuple(line.amount for line in lines if line.pay == "prepaid" and line.amount.number >= 0)
    back = tuple(line.amount for line in lines if line.pay == "prepaid" and line.amount.number < 0)
    prepaid = computed("prepaid", our("=SUM(prepaid_0)"), {"prepaid_0": paid}) if paid else given("prepaid", 0)
    refunded = computed("refunded", our("=-SUM(refunded_0)"), {"refunded_0": back}) if back else None
    own = settled(whole, prepaid, Refunds(refunded), None)
    return Bill(
        SELLER,
        to or customer(),
        APRIL,
        currency,
        (EDITION,),
        tuple(lines),
        tuple(usage),
        tuple(packs),
        (TaxLine(rate, amounts, net, tax, gross),),
        prepaid,
        own.due,
        whole,
        tuple(remarks),
        refunded=own.refunded,
        postpaid=own.postpaid,
        credit=own.credit,
    )


def ordinary(language: Language = "zh") -> Bill:
    """The policy's example: 1299 + 2000 prepaid, 1000 due for users above the quota."""
    usage, over = dau("chat-prod")
    lines = [
        fee("chat-prod", Label("专业版", "Professional"), "1299", 5),
        fee(
            "chat-prod",
            Label("回调异常缓存", "Callback exception cache"),
            "2000",
            6,
            date(2026, 4, 1),
            item="ext.cache",
        ),
        over,
    ]
    return bill_of(lines, [usage], to=customer(language))


def long(language: Language = "zh", lines_per_app: int = 20) -> Bill:
    """Six apps with twenty lines each."""
    lines: list[Line] = []
    usage: list[MeterUsage] = []
    for number in range(1, 7):
        app = f"app-{number:02d}"
        users, over = dau(app, 9_000 + number * 4_321)
        called = minutes(app)
        lines += [
            fee(app, Label(f"扩展服务 {n}", f"Extension {n}"), str(50 + n), 30 + n, date(2026, 4, n), item=f"ext.{n}")
            for n in range(1, lines_per_app - 1)
        ]
        lines += [over, minutes_line(called)]
        usage += [users, called]
    return bill_of(lines, usage, to=customer(language))


def free(language: Language = "zh") -> Bill:
    """Nothing to pay: usage within the free plan, and a remark."""
    usage, _ = dau("demo", 1_204)
    remark = Label(
        "demo：DAU 1,204，超出免费额度 1,000，本期不收费，请升级套餐。",
        "demo: DAU of 1,204 is above the free limit of 1,000; not charged.",
    )
    return bill_of([], [usage], to=customer(language, tax_id="", bank="", contact=""), remarks=[remark])


def refunding(language: Language = "zh") -> Bill:
    """An upgrade in mid-term: the rest of the old plan is paid back; a pack is drawn; a contract changed a price."""
    called = minutes("chat-prod")
    pack = pack_of(called)
    users, over = dau("chat-prod", 182_400, "100000", 13)
    lines = [refund("chat-prod"), under_contract("chat-prod"), over, minutes_line(called, pack.drawn)]
    return bill_of([*lines, adjustment("-120.50")], [users, called], [pack], to=customer(language))


def saving(language: Language = "zh") -> Bill:
    """A contract's discount on one line, nothing off on the other; what that saves is told line by line."""
    users, over = dau("chat-prod", 182_400, "100000", 13)
    lines = with_list_amounts([under_contract("chat-prod"), over])
    return bill_of(lines, [users], to=customer(language))


def under_contract(app: str, share: str = "0.15", contract: str = "HT-2026-018") -> Line:
    """A plan's fee with 15 % off."""
    listed = price("list_price", "6599", 9)
    discount = given("discount", Decimal(share), Place("accounts.xlsx", "合同", 2, 5))
    agreed = computed("price", our("=list_price*(1-discount)"), {"list_price": listed, "discount": discount})
    figures = {"price": agreed, "quantity": given("quantity", 1, Place("accounts.xlsx", "订阅", 9, 4))}
    return fee(
        app,
        Label("旗舰版", "Ultimate"),
        "0",
        9,
        date(2026, 4, 9),
        figures={**figures, **results(FLAT, figures)},
        list_price=listed,
        contract=contract,
    )
