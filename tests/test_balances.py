"""Balances go out and come in as they were, add up, and carry nothing that a spreadsheet would run."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbill.balances import Balance, balances_text, merged, read_balances

LIVE = st.sampled_from(["=", "'=", "''=", "-1", "'@x", "+"])
NAMES = LIVE | st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
FIGURES = st.decimals(0, 10**9, places=3)
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@st.composite
def balances(draw: st.DrawFn) -> Balance:
    drawn, closing = draw(FIGURES), draw(FIGURES)
    kind = draw(st.sampled_from(["pack", "trial", "credit", "year", "rollover"]))
    of_money = kind == "credit"  # of no app, and for ever
    names = (draw(NAMES), "" if of_money else draw(NAMES), kind, draw(NAMES))
    expires = None if of_money else draw(DAYS)
    if kind == "year":  # which grows
        return Balance(*names, draw(DAYS), expires, closing, -drawn, closing + drawn)  # type: ignore[arg-type]
    lapsed = draw(FIGURES)
    return Balance(*names, draw(DAYS), expires, drawn + closing + lapsed, drawn, closing, lapsed)  # type: ignore[arg-type]


@given(st.lists(balances(), unique_by=lambda balance: balance.key, max_size=5))
def test_what_is_written_reads_back(tmp_path_factory: pytest.TempPathFactory, written: list[Balance]) -> None:
    path = tmp_path_factory.mktemp("balances") / "2026-04.csv"
    path.write_text(balances_text(written), encoding="utf-8")
    read, found = read_balances(path)
    assert not found
    assert read == {balance.key: balance for balance in written}


def test_names_that_look_like_formulas_are_inert() -> None:
    day = date(2026, 4, 1)
    balance = Balance("=cmd", "@app", "pack", "-p", day, day, Decimal(3), Decimal(1), Decimal(2))
    assert "'=cmd,'@app,pack,'-p" in balances_text([balance])


def test_a_month_without_a_file_has_no_balances(tmp_path: Path) -> None:
    balances, found = read_balances(tmp_path / "2026-04.csv")
    assert (balances, tuple(found)) == ({}, ())


def test_billing_one_customer_again_keeps_the_others() -> None:
    day, some = date(2026, 4, 1), Decimal(5)
    one, other = (Balance(code, code, "pack", "p", day, day, some, Decimal(0), some) for code in ("C1", "C2"))
    again = Balance("C1", "C1", "pack", "p", day, day, some, some, Decimal(0))
    assert set(merged([one, other], [again], {"C1"})) == {again, other}
