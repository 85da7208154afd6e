"""What a quotation starts from, read from a workspace: the price book in force, or what a customer has."""

from dataclasses import replace

from xlbill.accounts import Accounts, App, Customer, by_customer, load_accounts
from xlbill.balances import read_balances
from xlbill.book.objects import PriceBook
from xlbill.foresight.editions import edition_named, editions_of
from xlbill.foresight.quoting import Basis, nobody
from xlbill.inputs import load_books, meter_kinds
from xlbill.periods import Month
from xlbill.problems import Problems
from xlbill.rating.app_month import app_month_of
from xlbill.sheets import nearest
from xlbill.usage import Usage, read_usage
from xlbill.workspace import Workspace


def basis_of(
    workspace: Workspace, month: Month, book: str | None, customer: str | None, app: str | None
) -> tuple[Basis | None, Problems]:
    """What is asked about; None, and problems, where a book, a customer or an app is not there."""
    if customer is not None:
        return _of_customer(workspace, month, customer, app)
    editions, found = editions_of(workspace)
    edition = edition_named(editions, book, found, month.period.last)
    if edition is None:
        return None, found
    basis = nobody(edition.book)
    if workspace.accounts.is_file():  # whose quotation it is
        accounts, _ = load_accounts(workspace.accounts, workspace.shown(workspace.accounts))
        basis = replace(basis, accounts=replace(basis.accounts, seller=accounts.seller)) if accounts else basis
    return basis, found


def _of_customer(workspace: Workspace, month: Month, code: str, app: str | None) -> tuple[Basis | None, Problems]:
    books, _ = load_books(workspace)
    accounts, found = load_accounts(workspace.accounts, workspace.shown(workspace.accounts))
    if accounts is None or not books:
        return None, found
    found = Problems()
    customer = _named(code, {c.code: c for c in accounts.customers}, found, "no-such-customer")
    if customer is None:
        return None, found
    own = by_customer(accounts)[customer.code]
    chosen = _app(app, own, customer, found)
    usage = _usage(workspace, month, own, books)
    if chosen is None:
        return None, found
    gathered = app_month_of(chosen, own, books, usage, month, Problems())
    balances, _ = read_balances(workspace.balances_before(month))
    book = gathered.book if gathered is not None else books[-1]
    return Basis(customer, chosen, own, books, book, usage, balances), found


def _named(code: str, known: dict[str, Customer], found: Problems, problem: str) -> Customer | None:
    named = next((thing for name, thing in known.items() if name.casefold() == code.casefold()), None)
    if named is None:
        found.add(problem, found=code, nearest=nearest(code, known) or ", ".join(list(known)[:12]))
    return named


def _app(code: str | None, accounts: Accounts, customer: Customer, found: Problems) -> App | None:
    """The customer's app that is meant: its only one, or the one that is named."""
    apps = {app.code: app for app in accounts.apps}
    if code is None and len(apps) == 1:
        return next(iter(apps.values()))
    named = next((app for name, app in apps.items() if code and name.casefold() == code.casefold()), None)
    if named is None:
        found.add("quote-which-app", customer.place, customer=customer.code, found=code or "—", nearest=", ".join(apps))
    return named


def _usage(workspace: Workspace, month: Month, accounts: Accounts, books: tuple[PriceBook, ...]) -> Usage:
    """What was measured in the month so far; nothing where there are no sheets yet."""
    sheets = [(path, workspace.shown(path)) for path in workspace.usage(month) if path.is_file()]
    if not sheets:
        return Usage()
    apps = [app.code for app in accounts.apps]
    return read_usage(sheets, month, apps, meter_kinds(books))[0]
