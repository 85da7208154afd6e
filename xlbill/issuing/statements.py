"""Statements of account as workbooks: the ledger's figures on the template of the customer's language."""

from datetime import date

from xlbill.accounts import NO_SELLER
from xlbill.invoice import load_template
from xlbill.invoice.pages.lay_out_account import lay_out_account
from xlbill.issuing.paying import accounts_of, payments_waiting
from xlbill.ledger.statement import statements
from xlbill.ledger.statement_pages import TEMPLATES, page_of_statement
from xlbill.ledger.store import Ledger
from xlbill.problems import Problems
from xlbill.workbook import Layout
from xlbill.workspace import SHIPPED, Workspace


def statement_layouts(
    ledger: Ledger, workspace: Workspace, customer: str, period: tuple[date, date], made: date
) -> tuple[dict[str, Layout], Problems]:
    """A customer's statements from the first day to the last, by currency; none, and why, where there can be none."""
    told, problems = statements(ledger, customer, *period)
    found = Problems(problems)
    accounts = accounts_of(workspace)
    found += payments_waiting(ledger, workspace, accounts, period[1], customer)
    known = {each.code.casefold(): each for each in (accounts.customers if accounts is not None else ())}
    layouts = {}
    for statement in told:
        seller = accounts.seller if accounts is not None else NO_SELLER
        page = page_of_statement(statement, seller, known.get(statement.customer.casefold()), made)
        name = TEMPLATES[page.language]
        own = workspace.templates / name
        path = own if own.is_file() else SHIPPED / "templates" / name  # a workspace of before has no such template
        template, wrong = load_template(path, workspace.shown(path))
        found += wrong
        if template is not None:
            layouts[statement.currency] = lay_out_account(page, template)
    return layouts, found
