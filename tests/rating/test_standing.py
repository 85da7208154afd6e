"""What is found out once for all apps with the same plans makes the bills that asking for each of them makes."""

import random
from dataclasses import replace

from tests.cases import cases
from tests.rating.test_truths import MONTHS, _usage, small, story  # noqa: F401
from xlbill.balances import Balance, BalanceKey
from xlbill.inputs import Inputs
from xlbill.rating.rate import Outcome, rate


def told(outcome: Outcome) -> object:
    """What a bill says, and every value behind it."""
    bill = outcome.bill
    if bill is None:
        return outcome.problems
    lines = [
        (line.kind, line.app, line.item, line.title, line.period, line.plan, line.printed, line.contract)
        for line in (*bill.lines, *bill.unprinted)
    ]
    figures = [{name: figure.value for name, figure in line.figures.items()} for line in bill.lines]
    usage = [(meter.meter, [(label, figure.value) for label, figure in meter.months]) for meter in bill.usage]
    sums = {name: figure.value for name, figure in bill.sums.items()}
    return lines, figures, usage, sums, bill.remarks, outcome.carried, outcome.problems


def test_bills_are_the_same_whether_prices_were_asked_for_before_or_not(small: Inputs) -> None:  # noqa: F811
    kept = small.books
    for seed in range(cases(5, 4_000)):
        made = story(small, random.Random(seed))
        balances: dict[BalanceKey, Balance] = {}
        for month in MONTHS:
            usage = _usage(made, month, small)
            customer = made.accounts.customers[0]
            own, again = (
                rate(customer, made.accounts, books, usage, balances, month)
                for books in (kept, tuple(replace(book) for book in kept))
            )
            assert told(own) == told(again), (seed, month)
            balances = {balance.key: balance for balance in own.carried}
    asked = {key[0] for book in kept for key in book.known if isinstance(key, tuple)}
    assert asked == {"prices", "nothing"}
