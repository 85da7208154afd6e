"""A bounded piece of the fuzzer: some seeds each time, and all that ever found something (`make fuzz` tries on)."""

from pathlib import Path

import pytest

from tests.cases import cases
from tests.fuzz.any_value import KEPT, attempt


@pytest.mark.parametrize("seed", [*range(cases(30, 3_000)), *KEPT])
def test_no_content_of_any_workbook_ends_a_run(tmp_path: Path, seed: int) -> None:
    assert attempt(seed, tmp_path) is None
