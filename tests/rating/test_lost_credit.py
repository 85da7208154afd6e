"""Money that the month before gave back, and of which no balance says what is left, is told: of void packs, too."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.examples.run import examples, workspace
from xlbill.balances import Balance
from xlbill.inputs import load_inputs
from xlbill.periods import Month
from xlbill.rating.rate import rate

(VOID,) = (e for e in examples() if e.file == "prepaid.md" and e.title.startswith("A pack that is void"))
APRIL, MAY = Month(2026, 4), Month(2026, 5)


def pack(since: int, closing: int) -> Balance:
    left = Decimal(closing)
    return Balance("C1", "a1", "pack", "wallet", date(2026, 4, since), date(2027, 4, 30), left, left * 0, left)


CREDIT = Balance("C1", "", "credit", "CNY", APRIL.start, None, Decimal(10), Decimal(10), Decimal(0))
CASES = {
    "20 of the pack were left as it became void on 16 April": ((pack(2, 20), pack(20, 90)), True),
    "nothing of it was left": ((pack(2, 0), pack(20, 90)), False),
    "nobody knows what was left": ((pack(20, 90),), True),
    "what came back is known": ((pack(2, 20), pack(20, 90), CREDIT), False),
}


@pytest.mark.parametrize(("balances", "told"), CASES.values(), ids=CASES)
def test_a_refund_of_a_void_pack_needs_its_balance(tmp_path: Path, balances: tuple[Balance, ...], told: bool) -> None:
    inputs, _ = load_inputs(workspace(VOID, tmp_path), MAY)
    assert inputs is not None
    held = {balance.key: balance for balance in balances}
    customer = inputs.accounts.customers[0]
    result = rate(customer, inputs.accounts, inputs.books, inputs.usage, held, MAY)
    assert [p.code for p in result.problems if p.code.startswith(("credit", "balance"))] == ["credit-missing"] * told
