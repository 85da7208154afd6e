"""Customers who pay for others: a parent gets one bill for itself and its subsidiaries."""

from collections.abc import Mapping
from itertools import takewhile

from xlbill.problems import Problem
from xlbill.sheets import Row, Table, nearest


def payers_named(table: Table) -> dict[str, str]:
    """Who pays for whom, by codes, as the rows of the Customers sheet say it; whether that can be is not asked."""
    named = ((row.peek("customer"), row.peek("payer")) for row in table.rows)
    return {customer: payer for customer, payer in named if customer and payer}


def payer_problem(row: Row, customers: set[str], payers: Mapping[str, str]) -> Problem | None:
    """Why the payer of a row cannot be one: nobody's code, in a circle, or somebody who is paid for."""
    payer, own = row.peek("payer"), row.peek("customer") or ""
    if payer is None:
        return None
    if payer not in customers:
        return row.problem("unknown-payer", "payer", nearest=nearest(payer, customers) or "—")
    above = [payer]
    while (further := payers.get(above[-1])) is not None and further not in above and above[-1] != own:
        above.append(further)
    if own in above:
        circle = [own, *takewhile(lambda code: code != own, above), own]
        return row.problem("payer-circle", "payer", circle=" → ".join(circle))
    if len(above) > 1:
        return row.problem("payer-paid-for", "payer", other=above[1])
    return None
