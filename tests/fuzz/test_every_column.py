"""Values of every type under every heading: some with each change, all of them where many are asked for."""

from itertools import islice
from pathlib import Path

import pytest

from tests import cases
from tests.fuzz import every_column
from tests.fuzz.bounded import Case, kept
from tests.fuzz.every_column import CONSTANTS, KINDS, fault, spots

SHARES = 8
"""In so many pieces the trials are cut, for as many processes."""


@pytest.mark.parametrize("share", range(SHARES))
def test_no_value_in_any_column_ends_a_run(share: int, tmp_path: Path) -> None:
    many = cases.cases(5 * SHARES, len(spots()) * len(CONSTANTS))
    for case in islice(every_column.cases(0), share, many, SHARES):
        assert fault(case, tmp_path / case.name) is None, case.about


@pytest.mark.parametrize("case", kept("every_column"), ids=lambda case: case.name)
def test_what_once_ended_a_run_does_not(tmp_path: Path, case: Case) -> None:
    assert fault(case, tmp_path) is None


def test_every_declared_column_is_tried() -> None:
    tried = {(spot.file, spot.title, spot.heading) for spot in spots()}
    for file, kinds in KINDS.items():
        for kind in kinds:
            for column in kind.columns:
                assert (file, kind.title.en, column.heading.en) in tried
