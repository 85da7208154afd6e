"""Why a draft is not issued: each check is a function, the first that objects is told."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xlbill.ledger.records import Draft, DraftBalance
from xlbill.ledger.store import Ledger
from xlbill.money import plain
from xlbill.periods import Month
from xlbill.problems import Problem, problem


@dataclass(frozen=True, slots=True)
class Refusal:
    """A draft before the ledger, on the day of issue, with the inputs as they are now.

    `before` are the months that the batch issues before it, by customer (folded).
    """

    ledger: Ledger
    draft: Draft
    on: date
    inputs_now: Mapping[str, str]
    before: Mapping[str, Collection[Month]]

    @property
    def batched(self) -> Collection[Month]:
        """The months of the customer that stand before this one in the batch."""
        return self.before.get(self.draft.customer.casefold(), ())


def refusal(
    ledger: Ledger, draft: Draft, on: date, inputs_now: Mapping[str, str], before: Mapping[str, Collection[Month]]
) -> Problem | None:
    """Why a draft must not be issued on a day, None where it may be."""
    case = Refusal(ledger, draft, on, inputs_now, before)
    return next((found for check in CHECKS if (found := check(case)) is not None), None)


def last_issue(ledger: Ledger) -> date | None:
    """The date of the last invoice or credit note."""
    row = ledger.row("SELECT max(issued) AS last FROM bills")
    return date.fromisoformat(row["last"]) if row and row["last"] else None


def _back_dated(case: Refusal) -> Problem | None:
    last = last_issue(case.ledger)
    if last is not None and case.on < last:
        facts = {"found": case.on.isoformat(), "last": last.isoformat()}
        return problem("issue-back-dated", case.ledger.place, None, customer=case.draft.customer, **facts)
    return None


def _not_over(case: Refusal) -> Problem | None:
    """A month is issued when it is over."""
    if case.on < case.draft.month.plus(1).start:
        facts = {"found": case.on.isoformat(), "month": str(case.draft.month)}
        return problem("month-not-over", case.ledger.place, None, customer=case.draft.customer, **facts)
    return None


def _twice(case: Refusal) -> Problem | None:
    draft = case.draft
    sql = "SELECT number FROM bills WHERE customer = ? AND month = ? AND standing = 1"
    row = case.ledger.row(sql, draft.customer, str(draft.month))
    number = row["number"] if row is not None else None
    if draft.month in case.batched:
        number = "—"
    if number is None:
        return None
    return problem("issued-already", case.ledger.place, customer=draft.customer, month=str(draft.month), found=number)


def _out_of_order(case: Refusal) -> Problem | None:
    """The next month of a customer is the one after the last that was issued, or one that was voided since."""
    draft = case.draft
    sql = "SELECT month, max(standing) AS stands FROM bills WHERE customer = ? AND kind = 'invoice' GROUP BY month"
    stands = {str(row["month"]): bool(row["stands"]) for row in case.ledger.rows(sql, draft.customer)}
    stands |= {str(month): True for month in case.batched}
    wanted = _next_month(stands)
    if wanted is None or wanted == draft.month or stands.get(str(draft.month)) is False:
        return _voided_before(case, stands)
    facts = {"found": str(draft.month), "wanted": str(wanted)}
    return problem("month-out-of-order", case.ledger.place, None, customer=draft.customer, **facts)


def _next_month(stands: Mapping[str, bool]) -> Month | None:
    """The month after the last of a customer; None where it has none yet."""
    last = Month.parse(max(stands)) if stands else None
    return last.plus(1) if last is not None else None


def _voided_before(case: Refusal, stands: Mapping[str, bool]) -> Problem | None:
    """An earlier month that was voided is billed anew before a later one is issued."""
    earlier = [month for month, standing in sorted(stands.items()) if not standing and month < str(case.draft.month)]
    if not earlier:
        return None
    facts = {"found": str(case.draft.month), "wanted": earlier[0]}
    return problem("month-out-of-order", case.ledger.place, None, customer=case.draft.customer, **facts)


def _stale(case: Refusal) -> Problem | None:
    for name, sha256 in sorted(case.draft.inputs.items()):
        if case.inputs_now.get(name) != sha256:
            return problem("draft-stale", case.ledger.place, customer=case.draft.customer, found=name)
    return None


def _balances(case: Refusal) -> Problem | None:
    for balance in case.draft.balances:
        if balance.closing < 0 or balance.opening - balance.drawn - balance.lapsed != balance.closing:
            facts = {"customer": case.draft.customer, "of": balance.of, "found": plain(balance.closing)}
            return problem("ledger-overdrawn", case.ledger.place, None, **facts)
        there = _opening(case.ledger, case.draft, balance)
        if there is not None and there != balance.opening:
            facts = {"of": balance.of, "app": balance.app or "—", "wanted": plain(there)}
            return problem(
                "balance-moved",
                case.ledger.place,
                None,
                customer=case.draft.customer,
                found=plain(balance.opening),
                **facts,
            )
    return None


def _opening(ledger: Ledger, draft: Draft, balance: DraftBalance) -> Decimal | None:
    """What the ledger has left of a pack or trial; None where it knows nothing of it."""
    sql = """
        SELECT sum(m.word IN ('bought', 'brought') AND b.standing) AS began, decimal_sum(m.quantity) AS rest
        FROM movements m JOIN holdings h USING (holding) JOIN bills b USING (number)
        WHERE h.customer = ? AND h.kind = ? AND h.app = ? AND h."of" = ? AND h.since = ?
    """
    own = (draft.customer, balance.kind, balance.app, balance.of, balance.since.isoformat())
    row = ledger.row(sql, *own)
    return Decimal(row["rest"]) if row is not None and row["began"] else None


def _adjustments(case: Refusal) -> Problem | None:
    sql = "SELECT b.number FROM adjustments JOIN bills b USING (number) WHERE reference = ? AND b.standing = 1"
    for adjustment in case.draft.adjustments:
        row = case.ledger.row(sql, adjustment.reference)
        if row is not None:
            facts = {"found": adjustment.reference, "number": row["number"]}
            return problem("adjustment-taken", case.ledger.place, None, customer=case.draft.customer, **facts)
    return None


CHECKS: tuple[Callable[[Refusal], Problem | None], ...] = (
    _back_dated,  # first: a clock set back makes all that follows meaningless
    _not_over,
    _twice,  # before the order of months, of which it is the plainest case
    _out_of_order,
    _stale,
    _balances,
    _adjustments,
)
