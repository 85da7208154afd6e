"""What contracts save: the same quantities at the list's prices, less what is charged, line by line."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.invoice.bills import dau, fee, under_contract
from xlbill.language import Label
from xlbill.rating.bill import Line
from xlbill.rating.figures import given
from xlbill.rating.list_amounts import with_list_amounts


def agreed(value: str, listed: str | None, contract: str = "HT-1", **figures: str) -> Line:
    """Thirty-five of something at an agreed price."""
    line = fee("a1", Label("席位", "Seats"), value, 7)
    given_here = {name: given(name, Decimal(text)) for name, text in figures.items()}
    price = given("list_price", Decimal(listed)) if listed is not None else None
    return replace(line, contract=contract, list_price=price, figures={**line.figures, **given_here})


def saved(lines: Sequence[Line]) -> list[tuple[Decimal, Decimal | None] | None]:
    return [
        None
        if line.at_list is None
        else (line.at_list.list_amount.number, None if line.at_list.saved is None else line.at_list.saved.number)
        for line in with_list_amounts(lines)
    ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (agreed("738", "840"), (Decimal(840), Decimal(102))),
        (agreed("738", "840", contract=""), None),  # a list price shown by the book itself
        (agreed("840", "840"), None),
        (agreed("900", "840"), None),  # dearer than the list
        (agreed("738", None), None),
        (replace(agreed("738", "840"), figures={**agreed("738", "840").figures, "to": given("to", 9)}), None),
        (under_contract("a1"), (Decimal(6599), Decimal("989.85"))),
        (under_contract("a1", share="0"), None),
    ],
)
def test_a_line_says_what_it_would_cost_at_list_prices(line: Line, told: tuple[Decimal, Decimal] | None) -> None:
    assert saved([line]) == [told]


def test_where_something_is_saved_every_line_ties() -> None:
    lines = [agreed("738", "840"), dau("a1", 25_000)[1], under_contract("a1")]
    told = with_list_amounts(lines)
    for line in told:
        assert line.at_list is not None
        off = line.at_list.saved.number if line.at_list.saved is not None else 0
        assert line.at_list.list_amount.number - off == line.amount.number
    assert saved(lines)[1] == (told[1].amount.number, None)
