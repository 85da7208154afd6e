"""Records beyond what an invoice shows come to the same as those that it shows; what the manual says of it is so."""

from pathlib import Path

import pytest

from tests.examples.run import Example, examples, outcome, workspace
from xlbill.rating import records

(CALLS, VECTORS) = (example for example in examples() if example.file == "records.md")


@pytest.mark.parametrize("example", [CALLS, VECTORS], ids=lambda example: example.title)
def test_summed_by_day_they_come_to_the_same(example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (expected,) = example.expected
    place = workspace(example, tmp_path)
    shown, _ = outcome(place, expected.month)
    monkeypatch.setattr(records, "RECORDS_SHOWN", 2)
    summed, codes = outcome(place, expected.month)
    assert shown.bill is not None
    assert summed.bill is not None
    assert set(codes) == {"records-summed"}
    figures = [[line.number("quantity") for line in bill.lines] for bill in (shown.bill, summed.bill)]
    assert figures[0] == figures[1]
    assert len(summed.bill.remarks) == len(summed.bill.lines)
    assert not any(meter.timed for meter in summed.bill.usage)


def test_the_manual_says_how_many_are_shown() -> None:
    docs = Path(__file__).parents[2] / "docs"
    pages = [(docs / name).read_text(encoding="utf-8") for name in ("measuring.md", "measuring.zh.md")]
    assert all(f"{records.RECORDS_SHOWN:,}" in page for page in pages)
