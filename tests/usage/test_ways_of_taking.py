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
    file = write(tmp_path, rows, f"usage.{ending}")
    quick = read(file)
    monkeypatch.setattr(LongReader, "take", carefully)
    careful = read(file)
    assert quick[0] == careful[0], rows
    assert list(quick[1]) == list(careful[1]), rows


@pytest.mark.parametrize("blank", ["", " ", "\u3000", "\u200b", "\u3000\u200b "])
def test_a_request_of_blanks_alone_is_none(blank: str, tmp_path: Path) -> None:
    rows = [HEAD, ["shop-1", "2026-04-01", "translation", "5", "", "", ""]]
    rows += [["shop-1", day, "translation", "7", "", "", blank] for day in ("2026-04-02", "2026-04-03", "2026-04-03")]
    usage, found = read(write(tmp_path, rows, "usage.csv"))
    assert [int(figure) for _, figure in usage.series[0].days] == [5, 7, 7]
    assert [code for code in codes(found) if code != "days-missing"] == ["usage-repeated"]
