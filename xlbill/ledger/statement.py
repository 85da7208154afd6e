"""Statements of account, what is overdue, and the year by month and product: computed from the ledger alone.

A statement counts documents: bills and credit notes by their totals, what was prepaid with a bill, credit that was
brought into the ledger, payments. So

    opening + bills + credit notes - prepaid - credit brought - payments = closing
    closing = what is open of bills - money in the wallet - credit - prepaid money kept for a month to be billed anew
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from xlbill.language import Label
from xlbill.ledger.store import Ledger
from xlbill.ledger.wallets import Open, open_bills
from xlbill.problems import Problem, problem
from xlbill.sheets import nearest

NONE = Decimal(0)
BUCKETS = (
    (None, 0, Label("未到期", "Not due")),
    (1, 30, Label("逾期 1–30 天", "1–30 days")),
    (31, 60, Label("逾期 31–60 天", "31–60 days")),
    (61, 90, Label("逾期 61–90 天", "61–90 days")),
    (91, None, Label("逾期 90 天以上", "Over 90 days")),
)
"""The buckets of ageing: from so many days overdue to so many."""


@dataclass(frozen=True, slots=True)
class Posting:
    """Something that changes what a customer owes: `charged` adds to it, `paid` takes from it."""

    date: date
    kind: Literal["bill", "credit", "prepaid", "brought", "payment"]
    reference: str  # the number of a bill or credit note, a payment's own words
    month: str
    charged: Decimal
    paid: Decimal


@dataclass(frozen=True, slots=True)
class Statement:
    """The account of a customer in one currency, from the first day to the last, both included."""

    customer: str
    name: Label
    currency: str
    decimals: int
    since: date
    until: date
    opening: Decimal
    documents: tuple[Posting, ...]
    open: tuple[Open, ...]
    unassigned: Decimal  # in the wallet, credit of bills, or kept for a month that is to be billed anew

    @property
    def closing(self) -> Decimal:
        """What the customer owes at the end; negative where it has money left."""
        return self.opening + sum((d.charged - d.paid for d in self.documents), NONE)


@dataclass(frozen=True, slots=True)
class Aged:
    """What a customer owes in one currency, by how long it is overdue."""

    customer: str
    name: Label
    currency: str
    decimals: int
    buckets: tuple[Decimal, ...]
    unassigned: Decimal

    @property
    def balance(self) -> Decimal:
        """What is open, less the money that is assigned to no bill."""
        return sum(self.buckets, NONE) - self.unassigned


@dataclass(frozen=True, slots=True)
class MonthSum:
    """What one product came to in one month of the year, credit notes taken off."""

    customer: str
    currency: str
    decimals: int
    month: str
    product: str
    name: Label
    amount: Decimal


def statements(
    ledger: Ledger, customer: str, since: date, until: date
) -> tuple[tuple[Statement, ...], tuple[Problem, ...]]:
    """A customer's statements, one for each currency in which something was billed or paid; or nobody's, told."""
    known = _known(ledger)
    own = {key: name for key, name in known.items() if key[0].casefold() == customer.casefold()}
    if not own:
        hint = nearest(customer, sorted({code for code, _ in known})) or "—"
        return (), (problem("statement-of-nobody", ledger.place, found=customer, nearest=hint),)
    return tuple(_statement(ledger, *key, name, since, until) for key, name in own.items()), ()


def _statement(ledger: Ledger, customer: str, currency: str, name: Label, since: date, until: date) -> Statement:
    documents = sorted(_documents(ledger, customer, currency), key=lambda d: d.date)
    before = sum((d.charged - d.paid for d in documents if d.date < since), NONE)
    within = tuple(d for d in documents if since <= d.date <= until)
    waiting = tuple(bill for bill in open_bills(ledger, customer, until) if bill.currency == currency)
    left = unassigned(ledger, customer, until).get(currency, NONE)
    return Statement(
        customer, name, currency, decimals_of(ledger, currency), since, until, before, within, waiting, left
    )


def _documents(ledger: Ledger, customer: str, currency: str) -> Iterator[Posting]:
    sql = "SELECT * FROM bills WHERE customer = ? AND currency = ? ORDER BY entry"
    for row in ledger.rows(sql, customer, currency):
        day, number, month = date.fromisoformat(row["issued"]), row["number"], row["month"]
        kind: Literal["bill", "credit"] = "bill" if row["kind"] == "invoice" else "credit"
        yield Posting(day, kind, number, month, Decimal(row["total"]), NONE)
        if received := Decimal(row["received"]):
            yield Posting(day, "prepaid", number, month, NONE, received)
    sql = """
        SELECT m.date, m.quantity, b.number, b.month FROM movements m JOIN holdings h USING (holding)
        JOIN bills b USING (number) WHERE h.customer = ? AND h."of" = ? AND h.kind = 'credit' AND m.word = 'brought'
          AND b.standing = 1 ORDER BY m.entry, m.position
    """
    for row in ledger.rows(sql, customer, currency):  # credit of bills that the ledger has not seen
        day = date.fromisoformat(row["date"])
        yield Posting(day, "brought", row["number"], row["month"], NONE, Decimal(row["quantity"]))
    sql = "SELECT * FROM payments WHERE customer = ? AND currency = ? ORDER BY entry"
    for row in ledger.rows(sql, customer, currency):
        words = row["reference"] or row["payer"]
        yield Posting(date.fromisoformat(row["date"]), "payment", words, "", NONE, Decimal(row["amount"]))


def unassigned(ledger: Ledger, customer: str, until: date = date.max) -> dict[str, Decimal]:
    """The money of a customer that is assigned to no bill, by currency."""
    sql = """
        SELECT h."of" AS currency, decimal_sum(m.quantity) AS rest FROM holdings h JOIN movements m USING (holding)
        WHERE h.kind IN ('wallet', 'prepaid', 'credit') AND h.customer = ? AND m.date <= ? GROUP BY h."of"
    """
    return {row["currency"]: Decimal(row["rest"]) for row in ledger.rows(sql, customer, until.isoformat())}


def ageing(ledger: Ledger, on: date) -> tuple[Aged, ...]:
    """Every customer who owes something or has money left on a day, by how long it is overdue."""
    waiting: dict[tuple[str, str], list[Open]] = {}
    for bill in open_bills(ledger, None, on):
        waiting.setdefault((bill.customer.casefold(), bill.currency), []).append(bill)
    lines = []
    for (customer, currency), name in _known(ledger).items():
        own = waiting.get((customer.casefold(), currency), [])
        left = unassigned(ledger, customer, on).get(currency, NONE)
        if own or left:
            lines.append(Aged(customer, name, currency, decimals_of(ledger, currency), aged(own, on), left))
    return tuple(lines)


def aged(bills: Iterable[Open], on: date) -> tuple[Decimal, ...]:
    """What is open of bills on a day, in each bucket of ageing."""
    sums = [NONE] * len(BUCKETS)
    for bill in bills:
        late = (on - bill.due_on).days
        sums[next(n for n, (_, most, _) in enumerate(BUCKETS) if most is None or late <= most)] += bill.amount
    return tuple(sums)


def year_by_product(ledger: Ledger, year: int, customer: str | None = None) -> tuple[MonthSum, ...]:
    """What each product came to in each month that was billed of a year: of one customer, or of each."""
    sql = """
        SELECT b.customer, b.currency, max(b.decimals) AS decimals, b.month, l.product, max(l.group_zh) AS zh,
               max(l.group_en) AS en, decimal_sum(l.amount) AS amount
        FROM bills b JOIN lines l USING (number) WHERE b.month BETWEEN ? AND ?
        GROUP BY b.customer, b.currency, b.month, l.product ORDER BY 1, 2, 4, 5
    """
    rows = ledger.rows(sql, f"{year:04d}-01", f"{year:04d}-12")
    return tuple(
        MonthSum(
            row["customer"],
            row["currency"],
            row["decimals"],
            row["month"],
            row["product"],
            Label(row["zh"], row["en"]),
            Decimal(row["amount"]),
        )
        for row in rows
        if customer is None or row["customer"].casefold() == customer.casefold()
    )


def decimals_of(ledger: Ledger, currency: str) -> int:
    """The decimals of a currency, by the bills in it; two where there are none."""
    row = ledger.row("SELECT max(decimals) AS most FROM bills WHERE currency = ?", currency)
    return int(row["most"]) if row is not None and row["most"] is not None else 2


def year_of(year: int) -> tuple[date, date]:
    """The first and the last day of a year."""
    return date(year, 1, 1), date(year + 1, 1, 1) - timedelta(days=1)


def _known(ledger: Ledger) -> dict[tuple[str, str], Label]:
    """Every customer and currency in which something was billed or paid, with the name on the last bill."""
    sql = """
        SELECT customer, currency, name_zh AS zh, name_en AS en FROM bills
        UNION ALL SELECT customer, currency, '', '' FROM payments
    """
    codes: dict[str, str] = {}
    names: dict[tuple[str, str], Label] = {}
    for row in ledger.rows(sql):
        code = codes.setdefault(row["customer"].casefold(), row["customer"])
        name = Label(row["zh"], row["en"])
        names[code, row["currency"]] = name if str(name) else names.get((code, row["currency"]), name)
    return dict(sorted(names.items()))


def balance(documents: Sequence[Posting], opening: Decimal) -> list[Decimal]:
    """What is owed after each document."""
    balances, owed = [], opening
    for document in documents:
        owed += document.charged - document.paid
        balances.append(owed)
    return balances
