"""A house with an empty ledger."""

from pathlib import Path

import pytest

from tests.ledger.months import House, numbering


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path, numbering())
