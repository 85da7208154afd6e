"""Damaged files of every kind that xlbill reads: some with each change, and all that ever found something."""

from pathlib import Path

import pytest

from tests.cases import cases
from tests.fuzz.bounded import Case, kept
from tests.fuzz.every_reader import TARGETS, case_of, fault, sound_ends


@pytest.mark.parametrize(("name", "seed"), [(name, seed) for seed in range(cases(2, 300)) for name in TARGETS])
def test_no_damage_of_a_file_ends_in_an_error_of_ours(tmp_path: Path, name: str, seed: int) -> None:
    assert fault(case_of(name, seed), tmp_path) is None


@pytest.mark.parametrize("case", kept("every_reader"), ids=lambda case: case.name)
def test_what_once_ended_in_an_error_of_ours_does_not(tmp_path: Path, case: Case) -> None:
    assert fault(case, tmp_path) is None


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_damaged_was_sound_and_is_read(tmp_path: Path, name: str) -> None:
    """Where the file is not there, or is not read, no damage of it can be found."""
    assert sound_ends(name, tmp_path) == []
