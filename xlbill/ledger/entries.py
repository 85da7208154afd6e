"""From rating's bill to the ledger's draft, and back to what the next month opens with: the one adapter."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from xlbill.balances import Balance
from xlbill.ledger.records import Draft, DraftAdjustment, DraftBalance, DraftLine, DraftTax
from xlbill.ledger.store import Ledger
from xlbill.periods import Month
from xlbill.rating.bill import Bill, Line


def draft_of(bill: Bill, carried: Iterable[Balance], inputs: Mapping[str, str], region: str = "") -> Draft:
    """The draft of a bill, with the balances that go on from it and the hashes of what it was made from."""
    return Draft(
        bill.customer.code,
        bill.customer.name,
        bill.month,
        bill.currency,
        region,
        bill.prepaid.number,
        bill.due.number,
        bill.total.number,
        tuple(_line(line) for line in bill.lines),
        tuple(DraftTax(t.rate.number, t.net.number, t.tax.number, t.gross.number) for t in bill.taxes),
        tuple(
            DraftBalance(b.app, b.kind, b.of, b.since, b.expires, b.opening, b.drawn, b.closing, b.lapsed)
            for b in sorted(carried, key=lambda b: b.key)
        ),
        _adjustments(bill),
        dict(inputs),
    )


def balances_of(ledger: Ledger, month: Month) -> tuple[Balance, ...]:
    """What the bills of a month that stand leave of packs, trials and credit: what the next month is rated from.

    What has expired with the month is not among them.
    """
    sql = """
        SELECT h.*, m.quantity AS drawn,
               (SELECT decimal_sum(lost.quantity) FROM movements lost
                WHERE lost.holding = h.holding AND lost.number = b.number AND lost.word = 'lapsed') AS lapsed,
               (SELECT decimal_sum(own.quantity) FROM movements own
                WHERE own.holding = h.holding AND own.entry <= b.entry) AS closing
        FROM bills b JOIN movements m USING (number) JOIN holdings h USING (holding)
        WHERE b.month = ? AND b.standing = 1 AND m.word = 'drawn' ORDER BY h.customer, h.holding
    """
    balances = []
    for row in ledger.rows(sql, str(month)):
        since = date.fromisoformat(row["since"])
        expires = date.fromisoformat(row["expires"]) if row["expires"] else None
        drawn, closing, lapsed = -Decimal(row["drawn"]), Decimal(row["closing"]), -Decimal(row["lapsed"] or 0)
        if expires is None or expires not in month.period:
            own = (row["customer"], row["app"], row["kind"], row["of"])
            balances.append(Balance(*own, since, expires, closing + drawn + lapsed, drawn, closing, lapsed))
    return tuple(balances)


def standing(ledger: Ledger, month: Month) -> frozenset[str]:
    """The customers whose month was issued and was not voided since."""
    rows = ledger.rows("SELECT customer FROM bills WHERE month = ? AND standing = 1", str(month))
    return frozenset(row["customer"] for row in rows)


def _line(line: Line) -> DraftLine:
    figures = {name: number for name in line.figures if (number := _number(line, name)) is not None}
    return DraftLine(
        line.kind,
        line.app,
        line.product,
        line.group,
        line.item,
        line.title,
        line.pay,
        line.amount.number,
        figures,
        line.period.start if line.period is not None else None,
        line.period.last if line.period is not None else None,
        line.edition,
        line.contract,
    )


def _number(line: Line, name: str) -> Decimal | None:
    """A figure of a line that is a number; a text that a model takes is in the price book."""
    value = line.figures[name].value
    return Decimal(value) if isinstance(value, (Decimal, int)) and not isinstance(value, bool) else None


def _adjustments(bill: Bill) -> tuple[DraftAdjustment, ...]:
    """The adjustments of a bill; two that say the same in one month are told apart by their order."""
    seen: Counter[str] = Counter()
    taken = []
    for line in bill.lines:
        if line.kind == "adjustment":
            reference = f"{bill.customer.code} {bill.month} {line.title} {bill.currency.text(line.amount.number)}"
            seen[reference] += 1
            ending = f" ({seen[reference]})" if seen[reference] > 1 else ""
            taken.append(DraftAdjustment(f"{reference}{ending}", line.amount.number))
    return tuple(taken)
