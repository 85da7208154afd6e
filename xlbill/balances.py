"""What is carried from month to month: what is left of packs, trial quotas and allowances, and credit of customers.

A month's closing balances stand beside its drafts, in `invoices/2026-04/balances-2026-04.csv`. Billing May reads
April's file and writes May's; billing April again reads March's again, so that a rerun gives the same result.
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast, get_args

from xlbill.cells import Place
from xlbill.inert import as_it_was, inert
from xlbill.money import plain
from xlbill.periods import Month
from xlbill.problems import Problems, problem
from xlbill.refusals import why

BalanceKind: TypeAlias = Literal["pack", "trial", "credit", "year", "rollover"]
BalanceKey: TypeAlias = tuple[str, str, BalanceKind, str, date]
"""Customer, app, kind, what it is of (a pack's code, a trial's or a price's item, a currency), the day from which it
runs."""

NOTHING = Decimal(0)

POOLED = ("year", "rollover")
"""The kinds that may be of all that a customer's apps pool."""


@dataclass(frozen=True, slots=True)
class Balance:
    """A prepaid or free quantity, or credit, through a month: opening - drawn - lapsed = closing.

    What a year came to so far grows as a rule: less than nothing is drawn of it. Lapsed is what a model does not keep,
    and what is left on the last day.
    """

    customer: str
    app: str  # "" for what belongs to the customer: credit, the year and the allowances of what is pooled
    kind: BalanceKind
    of: str
    since: date
    expires: date | None  # its last day; credit lasts until it is used
    opening: Decimal
    drawn: Decimal
    closing: Decimal
    lapsed: Decimal = NOTHING

    @property
    def key(self) -> BalanceKey:
        """What it is the balance of."""
        return (self.customer, self.app, self.kind, self.of, self.since)


_NAME = re.compile(r"(.*/)?(what-if-)?balances-\d{4}-\d{2}\.csv|balances/.*")


def balances_name(month: Month) -> str:
    """The file name of a month's balances: balances-2026-04.csv."""
    return f"balances-{month}.csv"


def is_balances(name: str) -> bool:
    """Whether a file on record is one of balances, by its name; those of earlier versions lay in `balances/`."""
    return _NAME.fullmatch(name) is not None


HEADINGS = ("customer", "app", "kind", "of", "since", "expires", "opening", "drawn", "lapsed", "closing")


def read_balances(path: Path, shown_as: str | None = None) -> tuple[dict[BalanceKey, Balance], Problems]:
    """The closing balances of a month's file; none where there is no file. Each bad row is a problem."""
    balances: dict[BalanceKey, Balance] = {}
    found = Problems()
    if not path.exists():
        return balances, found
    place = Place(shown_as or str(path))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        return balances, Problems([problem("balances-unreadable", place, found=why(error))])
    for number, record in enumerate(csv.DictReader(io.StringIO(text)), start=2):
        balance = _balance(record)
        if balance is None:
            found.add("balance-row-bad", place.at(number), found=", ".join(map(str, record.values())))
        elif balance.key in balances:
            found.add("balance-twice", place.at(number), found=f"{balance.app} {balance.of}")
        else:
            balances[balance.key] = balance
    return balances, found


def balances_text(balances: Iterable[Balance]) -> str:
    """A month's balances as the text of their file, in an order that a rerun repeats."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADINGS)
    for b in sorted(balances, key=lambda b: b.key):
        figures = (plain(n) for n in (b.opening, b.drawn, b.lapsed, b.closing))
        names = (inert(name) for name in (b.customer, b.app, b.kind, b.of))
        writer.writerow([*names, b.since, b.expires or "", *figures])
    return out.getvalue()


def waiting(held: Balance, month: Month) -> Balance:
    """A balance in a month that draws nothing of it; in its last one it lapses."""
    lapsed = held.closing if held.expires is not None and held.expires in month.period else NOTHING
    return replace(held, opening=held.closing, drawn=NOTHING, closing=held.closing - lapsed, lapsed=lapsed)


def merged(old: Iterable[Balance], new: Iterable[Balance], billed: Collection[str]) -> tuple[Balance, ...]:
    """A month's balances after some customers were billed again: theirs are replaced, all others stay."""
    return (*(balance for balance in old if balance.customer not in billed), *new)


def at_home(
    balances: Mapping[BalanceKey, Balance], owners: Mapping[str, str], payers: Mapping[str, str]
) -> dict[BalanceKey, Balance]:
    """Balances under the codes of those on whose bill they stand now: `owners` of apps, and who pays for whom.

    What an app has goes along with it when its customer begins, or ceases, to be paid for by another. So does a
    customer's credit; what it pooled over a year stands under its code in place of an app's.
    """
    home: dict[BalanceKey, Balance] = {}
    customers = frozenset(owners.values())
    for balance in balances.values():
        customer, app = _home(balance, owners, customers, payers)
        moved = replace(balance, customer=customer, app=app)
        other = home.get(moved.key)
        home[moved.key] = moved if other is None else _together(other, moved)
    return home


def _home(
    balance: Balance, owners: Mapping[str, str], customers: Collection[str], payers: Mapping[str, str]
) -> tuple[str, str]:
    """Where a balance belongs: its customer, and its app."""
    customer, app = balance.customer, balance.app
    if app in owners:
        return payers.get(owners[app], owners[app]), app
    if balance.kind == "credit":
        return payers.get(customer, customer), app
    pooling = app or customer  # whose pooled usage it is
    if balance.kind not in POOLED or (app and app not in customers):
        return customer, app
    return (payers[pooling], pooling) if pooling in payers else (pooling, "")


def _together(one: Balance, other: Balance) -> Balance:
    opening, drawn, closing = one.opening + other.opening, one.drawn + other.drawn, one.closing + other.closing
    return replace(one, opening=opening, drawn=drawn, closing=closing, lapsed=one.lapsed + other.lapsed)


def balances_by_customer(balances: Mapping[BalanceKey, Balance]) -> dict[str, dict[BalanceKey, Balance]]:
    """The balances of each customer alone, so that rating one does not look through those of all."""
    own: dict[str, dict[BalanceKey, Balance]] = {}
    for key, balance in balances.items():
        own.setdefault(balance.customer, {})[key] = balance
    return own


def _balance(record: dict[str, str]) -> Balance | None:
    """A row of the file; None where it lacks something or its figures do not add up."""
    try:
        opening, drawn, closing = (Decimal(record[key]) for key in ("opening", "drawn", "closing"))
        lapsed = Decimal(record.get("lapsed") or 0)  # earlier versions, and rows by hand, say nothing of it
        since = date.fromisoformat(record["since"])
        expires = date.fromisoformat(record["expires"]) if record["expires"] else None
        names = [as_it_was(record[key].strip()) for key in ("customer", "app", "kind", "of")]
    except (KeyError, ValueError, TypeError, AttributeError, InvalidOperation):
        return None
    customer, app, kind, of = names
    of_money = kind == "credit"  # belongs to no app, and does not expire
    if (
        kind not in get_args(BalanceKind)
        or not (customer and of)
        or (of_money and app)
        or of_money != (expires is None)
        or not (app or kind in ("credit", *POOLED))
        or opening - drawn - lapsed != closing
        or (kind != "year" and min(opening, drawn, lapsed, closing) < 0)  # a year of amounts may fall, by a refund
    ):
        return None
    return Balance(customer, app, cast(Any, kind), of, since, expires, opening, drawn, closing, lapsed)
