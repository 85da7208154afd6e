"""One table says what a line can have a figure of; sheets, models, contracts and marks read it."""

import pytest

from xlbill import account_columns
from xlbill.book import columns
from xlbill.invoice.template.marks import BY_KEY, figure_label
from xlbill.quantities import AGREED, DECLARED, MAY_BE_BLANK, QUANTITIES, REFERABLE, RESULTS, SUPPLIED, Quantity
from xlbill.sheets import SheetKind

SHEETS: dict[str, SheetKind] = {kind.key: kind for kind in (*columns.SHEETS, *account_columns.SHEETS)}
each_declared = pytest.mark.parametrize("quantity", DECLARED, ids=lambda quantity: quantity.key)


@each_declared
def test_it_has_a_column_wherever_the_table_says(quantity: Quantity) -> None:
    for sheet in ("formulas", *quantity.sheets):
        assert quantity.key in [column.key for column in SHEETS[sheet].columns], sheet


@each_declared
def test_it_has_marks_for_templates(quantity: Quantity) -> None:
    assert f"line.{quantity.key}" in BY_KEY
    assert figure_label(quantity.key).zh == quantity.heading.zh


def test_a_result_is_never_typed_into_a_price_row() -> None:
    assert not [q.key for q in QUANTITIES if q.key in RESULTS and q.sheets]
    assert not RESULTS & (SUPPLIED | MAY_BE_BLANK | AGREED)


def test_every_quantity_is_told_once() -> None:
    keys = [quantity.key for quantity in QUANTITIES]
    assert len(keys) == len(set(keys))
    assert set(REFERABLE) <= {quantity.key for quantity in DECLARED}
