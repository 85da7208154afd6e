"""Values of every type under every heading: some with each change, all of them where many are asked for."""

import random
from itertools import islice
from pathlib import Path

import pytest

from tests.cases import cases
from tests.fuzz.every_column import CONSTANTS, KEPT, KINDS, spots, trial, trials

SHARES = 8
"""In so many pieces the trials are cut, for as many processes."""


@pytest.mark.parametrize("share", range(SHARES))
def test_no_value_in_any_column_ends_a_run(share: int, tmp_path: Path) -> None:
    tried = islice(trials(0), share, cases(5 * SHARES, len(spots()) * len(CONSTANTS)), SHARES)
    told = [trial(spot, new, dice, tmp_path / str(number)) for number, (spot, new, dice) in enumerate(tried)]
    assert [one for one in told if one] == []


@pytest.mark.parametrize(("heading", "value"), KEPT)
def test_what_once_ended_a_run_does_not(heading: str, value: object, tmp_path: Path) -> None:
    for number, spot in enumerate(spot for spot in spots() if spot.heading == heading):
        assert trial(spot, value, random.Random(0), tmp_path / str(number)) is None


def test_every_declared_column_is_tried() -> None:
    tried = {(spot.file, spot.title, spot.heading) for spot in spots()}
    for file, kinds in KINDS.items():
        for kind in kinds:
            for column in kind.columns:
                assert (file, kind.title.en, column.heading.en) in tried
