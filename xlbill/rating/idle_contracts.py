"""Contracts that change nothing in a month, told with what they were matched against."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from xlbill.account_contracts import Contract
from xlbill.book.objects import Charge, Plan
from xlbill.book.scope import Scope
from xlbill.language import Label
from xlbill.periods import Month
from xlbill.problems import Problem, Problems, problem
from xlbill.rating.app_month import AppMonth
from xlbill.rating.bill import Line
from xlbill.rating.contract_checks import priced_rows
from xlbill.rating.contracts import in_force, nearness


def idle_contracts(
    contracts: Iterable[Contract],
    app_months: Sequence[AppMonth],
    lines: Iterable[Line],
    customers: Collection[str],
    month: Month,
) -> Problems:
    """Contracts that hold on a day of a month and change none of its lines, with what they were matched against."""
    lines = [line for line in lines if line.kind not in ("adjustment", "refund")]
    chosen = {contract.place for line in lines for contract in line.contracts}
    idle = [c for c in contracts if (c.app or c.customer in customers) and c.place not in chosen and _within(c, month)]
    found = Problems()
    for contract in idle:
        own = [each for each in app_months if contract.app in (None, each.app.code)]
        if contract.book is not None and any(in_force(contract, each.app, month.period.last) for each in own):
            continue  # the whole bill is by it
        if any(_waits(contract, each) for each in own):
            continue
        apps = {each.app.code for each in own} | {""}
        facts = {"found": _shown(contract), "month": str(month)}
        reason = _why_idle(contract, own, [line for line in lines if line.app in apps], month)
        found.add("contract-idle", contract.place, None, **facts, reason=reason)
    return found


def _waits(contract: Contract, app_month: AppMonth) -> bool:
    """Whether it names a commitment that runs: that has a line in its last month, and none before."""
    month = app_month.month.period
    running = (term.item for term in app_month.terms if term.active is not None and term.active.overlap(month))
    committed = (item for item in running if isinstance(item, Plan) and item.role == "commitment")
    return any(nearness(contract, plan.scope) is not None for plan in committed)


def _within(contract: Contract, month: Month) -> bool:
    return contract.start < month.period.end and (contract.end is None or contract.end >= month.start)


def _shown(contract: Contract) -> str:
    of = " ".join(part for part in (contract.item or "*", contract.option) if part)
    who = contract.app or contract.customer or ""
    return f"{who}: {of}, {contract.start}–{contract.end or ''}"


def _why_idle(contract: Contract, app_months: Sequence[AppMonth], lines: Sequence[Line], month: Month) -> Label:
    """What was looked for on the bill, and why none of it is changed."""
    if contract.book is not None:
        return Label(f"价目表以当月最后一天（{month.period.last}）为准", f"a price book counts on {month.period.last}")
    scopes = _scopes(app_months)
    matched = [
        line for line in lines if any(nearness(contract, scope) is not None for scope in scopes.get(line.item, ()))
    ]
    if not matched:
        billed = ", ".join(dict.fromkeys(line.item for line in lines)) or "—"
        return Label(f"本月出账的项目中没有它：{billed}", f"nothing of it is billed: {billed}")
    items = ", ".join(dict.fromkeys(line.item for line in matched))
    days = dict.fromkeys(_day_of(line, month) for line in matched)
    if not any(contract.start <= day and (contract.end is None or day <= contract.end) for day in days):
        shown = ", ".join(map(str, days))
        return Label(f"{items} 以 {shown} 的合同为准", f"for {items} the contract of {shown} counts")
    return Label(
        f"对 {items} 有更贴近的合同，或其算法不取这些数字",
        f"for {items} a nearer contract holds, or nothing that this one sets is taken",
    )


def _scopes(app_months: Sequence[AppMonth]) -> Mapping[str, list[Scope]]:
    """What a contract may name to reach the lines of each item."""
    found: dict[str, list[Scope]] = {}
    for book in {each.book.edition.code: each.book for each in app_months}.values():
        for row in priced_rows(book):
            found.setdefault(row.item if isinstance(row, Charge) else row.code, []).append(row.scope)
    return found


def _day_of(line: Line, month: Month) -> date:
    """The day whose contracts hold for a line: a term's first, else the month's last."""
    return line.period.start if line.kind == "fee" and line.period is not None else month.period.last


def idle_prices(app_months: Sequence[AppMonth], lines: Sequence[Line], month: Month) -> Iterator[Problem]:
    """The rows of contracts that hold and have no line on a bill, each price told at its first row."""
    first: dict[tuple[str, str | None], Charge] = {}
    billed = set()
    for each in app_months:
        items = {line.item for line in lines if line.app in ("", each.app.code)}
        for charge in (charge for charge in each.book.charges if charge.agreed is not None):
            first.setdefault((charge.item, charge.agreed), charge)
            billed |= {(charge.item, charge.agreed)} if charge.item in items else set()
    for key, charge in first.items():
        if key not in billed:
            facts = {"found": " ".join(word for word in (charge.item, charge.agreed) if word), "month": str(month)}
            yield problem("contract-idle", charge.place, None, **facts, reason=_NOT_USED)


_NOT_USED = Label("本月没有这一项的用量", "nothing of it was used")
