"""The accounts' sheet of payments, taken into the ledger: by `pay import`, and before a month is issued."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from xlbill.accounts import Accounts, load_accounts
from xlbill.ledger.bank import known_payers
from xlbill.ledger.pay import Imported, import_account_payments
from xlbill.ledger.store import Ledger
from xlbill.workspace import Workspace


def names_in(accounts: Accounts | None) -> Mapping[str, Collection[str]]:
    """The customers of the accounts with their names; none where there are no accounts."""
    customers = accounts.customers if accounts is not None else ()
    return {customer.code: (customer.name.zh, customer.name.en) for customer in customers}


def accounts_of(workspace: Workspace) -> Accounts | None:
    """The accounts of a workspace; None where there are none, or they cannot be read."""
    if not workspace.accounts.is_file():
        return None
    return load_accounts(workspace.accounts, workspace.shown(workspace.accounts))[0]


def take_account_payments(
    ledger: Ledger, workspace: Workspace, accounts: Accounts | None, on: date, at: datetime
) -> Imported:
    """Take the payments of the accounts' sheet 收款 Payments up to a day, each once."""
    payers = known_payers(ledger, names_in(accounts))
    return import_account_payments(ledger, workspace.accounts, payers, on, at, workspace.shown(workspace.accounts))
