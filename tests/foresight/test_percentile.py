"""The percentiles of impact: by nearest rank, so that each is what some customer pays."""

from decimal import Decimal

import pytest

from xlbill.foresight.impact import percentile


@pytest.mark.parametrize(("share", "value"), [("0.5", 3), ("0.95", 5), ("0.2", 1), ("0.21", 2), ("1", 5)])
def test_percentiles_by_nearest_rank(share: str, value: int) -> None:
    assert percentile([Decimal(number) for number in (5, 1, 4, 2, 3)], Decimal(share)) == value
