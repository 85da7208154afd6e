"""A month before it is issued, held against what was issued before: totals, why they moved, and what to look at.

Why a total moved against the month before follows from the lines of both bills and adds up exactly:

* price: what a line comes to, less what it would come to at last month's price, quota, block, discount ..., its own
  formulas computed again with these;
* usage: the rest of what metered lines and minimums changed by;
* subscriptions: the rest of what fees changed by; one-offs: packs, refunds and adjustments;
* others: what the total has beside its lines, a tax that the prices leave out.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from xlbill.formula import as_decimal, is_number
from xlbill.house_rules import HouseRules
from xlbill.language import Label
from xlbill.money import Currency, plain, round_half_up
from xlbill.periods import Month
from xlbill.problems import Problems
from xlbill.quantities import AGREED, SUPPLIED
from xlbill.rating.bill import Bill, Line
from xlbill.rating.figures import revalued
from xlbill.register import ReviewRow
from xlbill.workspace import Workspace

if TYPE_CHECKING:
    from xlbill.ledger.records import DraftLine
    from xlbill.ledger.store import Ledger

NONE = Decimal(0)
REASONS = {
    "usage": "usage",
    "minimum": "usage",
    "customer": "usage",
    "fee": "orders",
    "pack": "once",
    "refund": "once",
    "adjustment": "once",
}
MONTHS = 3
NAMED = 3  # prices, meters and refunds that a note names; of more it says how many

LineKey = tuple[str, str, str, int]
"""Kind, app, item, and the how-manieth line of it: tiers stand in their order."""


def review_of(workspace: Workspace, month: Month, bills: Sequence[Bill], found: Problems) -> tuple[ReviewRow, ...]:
    """A row for each bill, then one for each customer who had a bill the month before and has none now."""
    if not workspace.ledger.exists():
        return tuple(_row(bill, {}, {}, None, ()) for bill in bills)
    from xlbill.ledger.session import opened

    with opened(workspace.ledger, workspace.shown(workspace.ledger)) as (ledger, problems):
        if ledger is None:
            found += problems
            return ()
        return tuple(_rows(ledger, month, bills))


def _rows(ledger: "Ledger", month: Month, bills: Sequence[Bill]) -> Iterator[ReviewRow]:
    totals = _totals(ledger, month)
    known = _prices(ledger, month) or None  # nothing was issued before: every price would be new
    now = {bill.customer.code.casefold() for bill in bills}
    for bill in bills:
        billed = totals.get(bill.customer.code.casefold(), {})
        own = {of: row for of, row in billed.items() if row["currency"] == bill.currency.code}
        yield _row(bill, own, _lines(ledger, own, month), known, {row["currency"] for row in billed.values()})
    before = str(month.plus(-1))
    for code, own in totals.items():
        if code not in now and before in own:
            yield _lost(own[before], _lines(ledger, own, month), _average(own))


def _totals(ledger: "Ledger", month: Month) -> dict[str, dict[str, Any]]:
    """The bills that stand of the last three months, by customer (folded) and month."""
    first, last = (str(month.plus(-number)) for number in (MONTHS, 1))
    sql = "SELECT * FROM bills WHERE standing = 1 AND month BETWEEN ? AND ? ORDER BY entry"
    totals: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in ledger.rows(sql, first, last):
        totals[row["customer"].casefold()][row["month"]] = row
    return totals


def _prices(ledger: "Ledger", month: Month) -> frozenset[tuple[str, Decimal]]:
    """Every price that a bill of an earlier month charged an item at."""
    sql = """
        SELECT DISTINCT l.item, f.value FROM lines l JOIN figures f USING (number, position) JOIN bills b USING (number)
        WHERE f.name = 'price' AND b.kind = 'invoice' AND b.month < ?
    """
    return frozenset((row["item"], Decimal(row["value"])) for row in ledger.rows(sql, str(month)))


def _lines(ledger: "Ledger", own: Mapping[str, Any], month: Month) -> dict[LineKey, "DraftLine"]:
    """The lines of a customer's bill of the month before."""
    from xlbill.ledger.documents import lines_of

    bill = own.get(str(month.plus(-1)))
    if bill is None:
        return {}
    lines = lines_of(ledger, bill["number"])
    return dict(zip(_keys((line.kind, line.app, line.item) for line in lines), lines, strict=True))


def _keys(lines: Iterable[tuple[str, str, str]]) -> list[LineKey]:
    seen: dict[tuple[str, str, str], int] = defaultdict(int)
    keys = []
    for line in lines:
        seen[line] += 1
        keys.append((*line, seen[line]))
    return keys


def _row(
    bill: Bill,
    own: Mapping[str, Any],
    then: Mapping[LineKey, "DraftLine"],
    prices: frozenset[tuple[str, Decimal]] | None,
    currencies: Collection[str],
) -> ReviewRow:
    """A bill against its customer's earlier ones in its currency; `currencies` are those of all its earlier bills.

    `prices` are those charged before, None without a ledger.
    """
    before = str(bill.month.plus(-1))
    last = Decimal(own[before]["total"]) if before in own else NONE
    average = _average(own)
    now = dict(zip(_keys((line.kind, line.app, line.item) for line in bill.lines), bill.lines, strict=True))
    why = _why(now, then, bill.currency)
    others = sorted({*currencies} - {bill.currency.code})
    notes = (*_other_currencies(others), *_notes(bill, own or {*currencies}, average, now, then, prices))
    total = bill.total.number
    return ReviewRow(
        bill.customer.code,
        bill.customer.name,
        bill.currency,
        total,
        last,
        average,
        why["usage"],
        why["price"],
        why["orders"],
        why["once"],
        total - last - sum(why.values(), NONE),
        notes,
    )


def _lost(bill: Any, then: Mapping[LineKey, "DraftLine"], average: Decimal | None) -> ReviewRow:
    """A customer who had a bill the month before and has none now."""
    currency = Currency(bill["currency"], bill["decimals"])
    why = _why({}, then, currency)
    last, name = Decimal(bill["total"]), Label(bill["name_zh"], bill["name_en"])
    note = Label("流失：本期没有账单", "lost: no bill this month")
    figures = (why["usage"], why["price"], why["orders"], why["once"], -last - sum(why.values(), NONE))
    return ReviewRow(bill["customer"], name, currency, NONE, last, average, *figures, (note,))


def _average(own: Mapping[str, Any]) -> Decimal | None:
    """The average total of the bills of the last three months; None where there was none."""
    totals = [Decimal(row["total"]) for row in own.values()]
    decimals = next((row["decimals"] for row in own.values()), 2)
    return round_half_up(sum(totals, NONE) / len(totals), decimals) if totals else None


def _why(now: Mapping[LineKey, Line], then: Mapping[LineKey, "DraftLine"], currency: Currency) -> dict[str, Decimal]:
    """By how much the lines moved, by reason."""
    why = dict.fromkeys(("usage", "price", "orders", "once"), NONE)
    for key in dict.fromkeys([*now, *then]):
        line, old = now.get(key), then.get(key)
        moved = (line.amount.number if line is not None else NONE) - (old.amount if old is not None else NONE)
        by_price = _by_price(line, old, currency) if line is not None and old is not None else NONE
        why["price"] += by_price
        why[REASONS[key[0]]] += moved - by_price
    return why


def _by_price(line: Line, old: "DraftLine", currency: Currency) -> Decimal:
    """What a line costs otherwise only because of its price, quota, block ...: against itself at the earlier ones."""
    before = {
        figure: old.figures[name]
        for name, figure in line.figures.items()
        if name in AGREED and name in old.figures and (figure.formula is None or name not in SUPPLIED)
    }
    if all(figure.value == value for figure, value in before.items()):
        return NONE
    amount = revalued(line.amount, before)
    return line.amount.number - round_half_up(as_decimal(amount), currency.decimals) if is_number(amount) else NONE


# --- what to look at -----------------------------------------------------------------------------------------------


def _other_currencies(others: Sequence[str]) -> Iterator[Label]:
    if others:
        codes = ", ".join(others)
        yield Label(f"前三个月曾以 {codes} 出账，未与本期比较", f"billed in {codes} before, which is not compared")


def _notes(
    bill: Bill,
    own: Collection[str],
    average: Decimal | None,
    now: Mapping[LineKey, Line],
    then: Mapping[LineKey, "DraftLine"],
    prices: frozenset[tuple[str, Decimal]] | None,
) -> Iterator[Label]:
    """What somebody should look at before the bill is issued, the plainest first."""
    if not own:
        yield Label("新客户：前三个月没有账单", "new: no bill in the last three months")
    yield from _thresholds(bill, average, bill.seller.rules)
    if prices is not None:
        fresh = {
            f"{line.item} {plain(price)}"
            for line in bill.lines
            if (price := line.number("price")) is not None and (line.item, price) not in prices
        }
        yield from _named("首次使用的价格", "prices used for the first time", sorted(fresh))
    silent = [
        str(old.title)
        for key, old in then.items()
        if key[0] == "usage" and old.figures.get("quantity") and not (key in now and now[key].number("quantity"))
    ]
    yield from _named("上月有用量、本月没有", "used last month, silent now", silent)
    refunds = [f"{line.item} {bill.currency.text(line.amount.number)}" for line in bill.lines if line.kind == "refund"]
    yield from _named("退款", "refunds", refunds)


def _thresholds(bill: Bill, average: Decimal | None, rules: HouseRules) -> Iterator[Label]:
    total = bill.total.number
    if rules.review_total is not None and total > rules.review_total:
        limit = bill.currency.text(rules.review_total)
        yield Label(f"价税合计超过 {limit}", f"the total is above {limit}")
    if average and abs(total - average) > rules.review_change * abs(average):
        share = plain(round_half_up((total / average - 1) * 100, 0))
        yield Label(f"与前三期平均相差 {share}%", f"{share}% from the average of the last three months")


def _named(zh: str, en: str, names: Sequence[str]) -> Iterator[Label]:
    if names:
        more = f" … +{len(names) - NAMED}" if len(names) > NAMED else ""
        listed = f"{', '.join(names[:NAMED])}{more}"
        yield Label(f"{zh}：{listed}", f"{en}: {listed}")
