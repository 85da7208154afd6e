"""The accounts' sheet of payments, taken into the ledger: by `pay import`, and before a month is issued."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from xlbill.accounts import Accounts, load_accounts
from xlbill.ledger.bank import known_payers, read_account_payments
from xlbill.ledger.pay import Imported, import_account_payments, not_taken
from xlbill.ledger.session import opened
from xlbill.ledger.store import Ledger, empty
from xlbill.money import plain
from xlbill.problems import Problems, problem
from xlbill.workspace import Workspace


def names_in(accounts: Accounts | None) -> Mapping[str, Collection[str]]:
    """The customers who get bills, with their names and those of whom they pay for; none without accounts."""
    names: dict[str, list[str]] = {}
    for customer in accounts.customers if accounts is not None else ():
        own = names.setdefault(customer.payer or customer.code, [])
        own += [customer.name.zh, customer.name.en, *([customer.code] if customer.payer is not None else [])]
    return names


def accounts_of(workspace: Workspace) -> Accounts | None:
    """The accounts of a workspace; None where there are none, or they cannot be read."""
    if not workspace.accounts.is_file():
        return None
    return load_accounts(workspace.accounts, workspace.shown(workspace.accounts))[0]


def payment_problems(path: Path, workspace: Workspace, accounts: Accounts) -> Problems:
    """What is wrong in the accounts' sheet of payments, held against the ledger as far as there is one."""
    with _ledger_to_read(workspace) as ledger:
        if ledger is None:
            return Problems()
        payers = known_payers(ledger, names_in(accounts))
        return read_account_payments(path, workspace.shown(path), ledger, payers, date.max)[1]


def payments_waiting(
    ledger: Ledger, workspace: Workspace, accounts: Accounts | None, until: date, customer: str | None = None
) -> Problems:
    """A warning for each payment of the accounts' sheet up to a day, all or of one customer, that is not taken yet."""
    found = Problems()
    if workspace.accounts.is_file():
        payers, shown = known_payers(ledger, names_in(accounts)), workspace.shown(workspace.accounts)
        payments, _ = read_account_payments(workspace.accounts, shown, ledger, payers, until)
        for one in not_taken(ledger, payments):
            if customer is None or one.customer.casefold() == customer.casefold():
                facts = {"customer": one.customer, "date": one.date.isoformat(), "found": plain(one.amount)}
                found.tell(problem("payment-waiting", one.place, None, **facts))
    return found


@contextmanager
def _ledger_to_read(workspace: Workspace) -> Iterator[Ledger | None]:
    if workspace.ledger.exists():
        with opened(workspace.ledger) as (ledger, _):
            yield ledger
    else:
        with empty() as ledger:
            yield ledger


def take_account_payments(
    ledger: Ledger, workspace: Workspace, accounts: Accounts | None, on: date, at: datetime
) -> Imported:
    """Take the payments of the accounts' sheet 收款 Payments up to a day, each once."""
    payers = known_payers(ledger, names_in(accounts))
    return import_account_payments(ledger, workspace.accounts, payers, on, at, workspace.shown(workspace.accounts))
