"""Commitments beside contracts and balances: what is told, and what is not."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from tests.examples.run import examples, outcome, workspace
from xlbill.balances import balances_text
from xlbill.inputs import load_inputs
from xlbill.periods import Month
from xlbill.rating.rate import rate

(YEARS,) = (example for example in examples() if example.file == "years.md")
CONTRACT = """
| customer | app | item | price | start | to |
|---|---|---|---|---|---|
| C1 | | power.promise | 2000 | 2025-01-01 | |
"""


def test_a_contract_on_a_commitment_waits_for_its_last_month(tmp_path: Path) -> None:
    agreed = replace(YEARS, sheets={**YEARS.sheets, "Contracts": CONTRACT})
    told = []
    for expected in YEARS.expected[:3]:
        place = workspace(agreed, tmp_path)
        result, codes = outcome(place, expected.month)
        assert result.bill is not None
        told += codes
        place.balances(expected.month).parent.mkdir(parents=True, exist_ok=True)
        place.balances(expected.month).write_text(balances_text(result.carried), encoding="utf-8")
    (line,) = (line for line in result.bill.lines if line.item == "power.promise")
    assert line.amount.number == Decimal(1420)
    assert told == []


def test_a_month_without_the_balances_of_the_one_before_has_no_bill(tmp_path: Path) -> None:
    december = Month(2025, 12)
    inputs, _ = load_inputs(workspace(YEARS, tmp_path), december)
    assert inputs is not None
    (customer,) = inputs.accounts.customers
    result = rate(customer, inputs.accounts, inputs.books, inputs.usage, {}, december)
    assert result.bill is None
    assert {(p.code, dict(p.facts)["of"]) for p in result.problems} == {
        ("balance-missing", "kwh"),
        ("balance-missing", "tickets"),
        ("balance-missing", "power.promise"),
    }
