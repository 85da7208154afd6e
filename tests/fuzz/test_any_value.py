"""A bounded piece of the fuzzer: some seeds each time, and all that ever found something (`make fuzz` tries on)."""

from pathlib import Path

import pytest

from tests.cases import cases
from tests.fuzz.any_value import case_of, fault
from tests.fuzz.bounded import Case, kept


@pytest.mark.parametrize("seed", range(cases(30, 3_000)))
def test_no_content_of_any_workbook_ends_a_run(tmp_path: Path, seed: int) -> None:
    assert fault(case_of(seed), tmp_path) is None


@pytest.mark.parametrize("case", kept("any_value"), ids=lambda case: case.name)
def test_what_once_ended_a_run_does_not(tmp_path: Path, case: Case) -> None:
    assert fault(case, tmp_path) is None
