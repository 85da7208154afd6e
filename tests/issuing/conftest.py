"""A small workspace whose months can be billed, issued and voided through the real command line."""

from pathlib import Path

import pytest

from tests.issuing.house import Office, office_in


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return office_in(tmp_path / "office")
