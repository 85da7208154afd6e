"""Series at rest: that they are packed from file to file changes no figure, no cell and no problem."""

import pickle
import random
from pathlib import Path

import pytest

from tests.cases import cases
from tests.usage.test_bulk import read, sheet
from xlbill.usage import ledger


@pytest.mark.parametrize("seed", range(cases(12, 2_000)))
def test_files_of_any_content_say_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    dice = random.Random(seed)
    paths = [tmp_path / f"{number}.csv" for number in range(dice.randrange(2, 6))]
    for path in paths:
        path.write_bytes(sheet(dice))
    at_rest = read(paths)
    monkeypatch.setattr(ledger, "FEW_SERIES", -1)
    assert read(paths) == at_rest


def test_a_series_at_rest_has_no_days_to_overlook(tmp_path: Path) -> None:
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    paths[0].write_text("app,date,meter,quantity\nshop-1,2026-04-01,dau,5\n")
    paths[1].write_text("app,date,meter,quantity\nshop-2,2026-04-01,dau,7\n")
    usage, _, _ = read(paths)
    assert isinstance(usage.by_app, ledger.SeriesByApp)
    resting = usage.by_app._of["shop-1"][0]
    with pytest.raises(AttributeError):
        assert not resting.days
    assert pickle.loads(pickle.dumps(usage)) == usage
    assert [figure for series in usage.series for _, figure in series.days] == [5, 7]
