"""The quick way through a long sheet's rows and the careful one: of whatever rows, both take and tell the same."""

import random
from pathlib import Path

import pytest

from tests.cases import cases
from tests.usage.test_layouts import codes, read, write
from xlbill.sheets.stream import Batch
from xlbill.usage.long import LongReader

HEAD = ["app", "date", "meter", "quantity", "unit", "times", "request"]
COLUMNS: tuple[tuple[object, ...], ...] = (
    ("shop-1", "shop-1", "shop-1", "SHOP-1 ", "shop-2", "nobody", ""),
    ("2026-04-01", "2026-04-02", "2026-04-02 10:00", "2026/4/3", "2026-05-01", "", "合计"),
    ("translation", "translation", "translation", "dau", "none"),
    ("5", "5", "7", "1e2", "0.5", "-1", "", " ", "NaN", "1,200", "5 %", "\u200b6", "９"),
    ("", "", "", "人", "分钟"),
    ("", "", "1", "2", "0", "a"),
    ("", "", "r1", "r2", "R1", "ｒ1", " ", "\u200b", "\u3000", "　\u200b ", "0", "1001", "1001.0"),
)


def carefully(self: LongReader, batch: Batch) -> None:
    for number, values in batch:
        self.take_carefully(number, values)


@pytest.mark.parametrize("seed", range(cases(25, 3_000)))
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_both_take_and_tell_the_same(seed: int, ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(seed)
    first = ["shop-1", "2026-04-01", "translation", "5", "", "", "r0"]  # that the quick way knows a series, and a day
    rows = [HEAD, first, *([dice.choice(of) for of in COLUMNS] for _ in range(12))]
    both_ways(write(tmp_path, rows, f"usage.{ending}"), monkeypatch)


WHOLE = (5, 5, 7, 0, -1, 10**12 - 1, 10**12, 10**17, None)


@pytest.mark.parametrize("seed", range(cases(4, 1_000)))
def test_both_take_and_tell_the_same_of_whole_numbers(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parquet, pyarrow = pytest.importorskip("pyarrow.parquet"), pytest.importorskip("pyarrow")
    dice = random.Random(seed)
    of = dict(zip(HEAD[:3], COLUMNS, strict=False))
    columns = {key: ["shop-1", *(dice.choice(of[key]) for _ in range(20))] for key in of}
    columns |= {"date": ["2026-04-01", *columns["date"][1:]], "meter": ["translation", *columns["meter"][1:]]}
    quantities = pyarrow.array([5, *(dice.choice(WHOLE) for _ in range(20))], pyarrow.int64())
    parquet.write_table(pyarrow.table({**columns, "quantity": quantities}), tmp_path / "usage.parquet")
    both_ways(tmp_path / "usage.parquet", monkeypatch)


def both_ways(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read a file by the quick way, then by the careful one, and compare."""
    quick = read(file)
    monkeypatch.setattr(LongReader, "take", carefully)
    careful = read(file)
    assert quick[0] == careful[0]
    assert list(quick[1]) == list(careful[1])


@pytest.mark.parametrize("blank", ["", " ", "\u3000", "\u200b", "\u3000\u200b "])
def test_a_request_of_blanks_alone_is_none(blank: str, tmp_path: Path) -> None:
    rows = [HEAD, ["shop-1", "2026-04-01", "translation", "5", "", "", ""]]
    rows += [["shop-1", day, "translation", "7", "", "", blank] for day in ("2026-04-02", "2026-04-03", "2026-04-03")]
    usage, found = read(write(tmp_path, rows, "usage.csv"))
    assert [int(figure) for _, figure in usage.series[0].days] == [5, 7, 7]
    assert [code for code in codes(found) if code != "days-missing"] == ["usage-repeated"]
