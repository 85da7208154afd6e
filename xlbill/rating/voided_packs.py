"""Packs that are void from a day on: what is left of them comes back by the pack's refund model, or is gone."""

from collections.abc import Iterable
from dataclasses import replace

from xlbill.book.objects import Parameter
from xlbill.language import Label
from xlbill.money import plain
from xlbill.periods import Month, Period
from xlbill.problems import Problems
from xlbill.rating.bill import Line
from xlbill.rating.fees import DAYS, Earlier, pack_line, pack_validity, refund_thing
from xlbill.rating.figures import computed, given
from xlbill.rating.packs import Holding, bought
from xlbill.rating.price import Supplies, price


def void_lines(holdings: Iterable[Holding], earlier: Earlier, found: Problems) -> tuple[list[Line], list[Label]]:
    """The refunds of the packs that became void in the month, when nothing draws on them any more, and remarks."""
    lines: list[Line] = []
    remarks: list[Label] = []
    for holding in holdings:
        if holding.void_from is None:
            continue
        if holding.purchase.pack.refund is None:
            remarks.append(_remark(holding))
        elif (line := _refund(holding, earlier, found)) is not None:
            lines.append(line)
    return lines, remarks


def _remark(holding: Holding) -> Label:
    pack, app, day = holding.purchase.pack, holding.app_month.app.code, holding.void_from
    rest, unit = plain(holding.rest.number), pack.unit or Label("", "")
    zh, en = f"{rest} {unit.text('zh')}".strip(), f"{rest} {unit.text('en')}".strip()
    return Label(
        f"{app}：{pack.name.text('zh')}自 {day} 起作废，余额 {zh} 不再可用",
        f"{app}: {pack.name.text('en')} is void from {day} on; its balance of {en} can no longer be used",
    )


def _refund(holding: Holding, earlier: Earlier, found: Problems) -> Line | None:
    """What was billed for a pack, of which its refund model gives back a part.

    Its `quantity` is what is left, `opening` what the pack held when it was bought, `days` those that were left.
    """
    purchase, app_month, void = holding.purchase, holding.app_month, holding.void_from
    pack, order = purchase.pack, purchase.subscription
    assert pack.refund is not None and void is not None
    then = app_month
    if order.start not in app_month.month.period:
        before = earlier(app_month.app, Month.of(order.start))
        same = [other for other in before.purchases if other.subscription == order] if before is not None else []
        if before is None or not same:
            facts = {"app": app_month.app.code, "item": pack.code, "since": str(order.start)}
            found.add("refund-without-prices", order.place, None, **facts)
            return None
        then, purchase = before, same[0]
    billed = pack_line(then, purchase, found)
    if billed is None or billed.amount.number <= 0:
        return None
    whole = pack_validity(purchase)
    start, end = given("start", void, order.end_place), given("end", whole.last, order.place)
    thing = refund_thing(app_month, pack, order, pack.refund, billed)
    held = {"opening": Parameter(bought(purchase).value, None, order.place)}
    known = {name: each for name, each in {**thing.parameters, **held}.items() if name in pack.refund.inputs}
    thing = replace(thing, parameters=known, unit=pack.unit, period=Period(void, whole.end))
    days = computed("days", DAYS, {"start": start, "end": end})
    of_days = computed("of_days", DAYS, {"start": given("start", whole.start, order.place), "end": end})
    return price(thing, app_month, void, Supplies(quantity=holding.rest, days=days, of_days=of_days), found)
