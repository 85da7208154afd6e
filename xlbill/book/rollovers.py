"""What must hold of usage prices whose included quantity rolls over: something is left, and something draws on it."""

from collections.abc import Iterator

from xlbill.book.lookup import charges_for, plan_by_code, plans_of
from xlbill.book.objects import Charge, Plan, PriceBook
from xlbill.cells import Place
from xlbill.language import Label
from xlbill.problems import Problem, problem

GIVEN = frozenset({"quantity", "included", "opening", "earlier"})
"""What a rollover model is given."""

_ADDED_UP = Label("月用量为合计的计量项", "a meter whose month is a sum")
_QUOTA = Label("套餐额度（只由合同给出时填 0）", "an included quantity (0 where contracts alone give it)")
_TAKEN = Label("用到 included 和 drawn 的计价模型", "a model that takes included and drawn")
_ITS_MODEL = Label(
    "用到 opening、且只用到 quantity、included、opening、earlier 的结转模型",
    "a rollover model that takes opening, and nothing but quantity, included, opening and earlier",
)
_SOLD = Label("有价格", "a price")
_BY_MONTH = Label("不按年累计", "no count over a year")
_ORDERED = Label(
    "只适用于要订购的套餐，或其产品需要这样的套餐", "plans that are ordered, its own or those that its product needs"
)
_ALIKE = Label("同一价格的各阶梯结转相同", "the same months and model at all tiers of one price")


def rollovers_can_be_used(book: PriceBook) -> Iterator[Problem]:
    """Each price that rolls over is of a kind of which something can be left, and takes what was left before."""
    told: set[Place] = set()
    for product in book.products:
        for plan in plans_of(book, product) or (None,):
            for tiers in charges_for(book, product, plan).values():
                for charge in tiers:
                    wanted = _lacking(book, charge, tiers[0], plan)
                    if wanted is not None and charge.place not in told:
                        told.add(charge.place)
                        yield problem("rollover-idle", charge.place, None, item=charge.item, wanted=wanted)


def _lacking(book: PriceBook, charge: Charge, first: Charge, plan: Plan | None) -> Label | None:
    """What a price that rolls over lacks, the first of it; None where it lacks nothing."""
    rule = charge.rollover
    if _rule(charge) != _rule(first):
        return _ALIKE
    if rule is None:
        return None
    asked = {name for name in rule.model.inputs if rule.model.sample.get(name) is not None}
    holds = (
        (charge.meter is not None and charge.meter.month == "sum", _ADDED_UP),
        ("included" in charge.parameters, _QUOTA),
        ({"included", "drawn"} <= set(charge.model.inputs), _TAKEN),
        ("opening" in asked and asked <= GIVEN, _ITS_MODEL),
        (charge.sold, _SOLD),
        (charge.year is None, _BY_MONTH),
        (_is_ordered(book, charge, plan), _ORDERED),
    )
    return next((wanted for well, wanted in holds if not well), None)


def _is_ordered(book: PriceBook, charge: Charge, plan: Plan | None) -> bool:
    """Whether somebody has the price only by an order: of its plan, or of one that its product needs."""
    needed = [plan_by_code(book, need) for need in charge.product.needs] if plan is None else [plan]
    return bool(needed) and not any(each is not None and each.default for each in needed)


def _rule(charge: Charge) -> tuple[int, str] | None:
    return (charge.rollover.months, charge.rollover.model.code) if charge.rollover is not None else None
