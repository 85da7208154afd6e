"""Records beyond what an invoice shows come to the same as those that it shows; what the manual says of it is so."""

from pathlib import Path

import pytest

from tests.examples.run import Example, check_invoice, examples, outcome, workspace
from xlbill.rating import records

(CALLS, VECTORS) = (example for example in examples() if example.file == "records.md")
(DAYS,) = (example for example in examples() if example.file == "trades.md")
TWICE = next(example for example in examples() if example.file == "taken.md")


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


@pytest.mark.parametrize("example", [DAYS, TWICE], ids=lambda example: example.title)
def test_counts_of_a_day_and_usage_taken_twice_come_to_the_same(
    example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, month = workspace(example, tmp_path), example.expected[0].month
    shown, _ = outcome(place, month)
    monkeypatch.setattr(records, "RECORDS_SHOWN", 2)
    summed, codes = outcome(place, month)
    assert shown.bill is not None
    assert summed.bill is not None
    assert "records-summed" in codes
    figures = [[line.number("quantity") for line in bill.lines] for bill in (shown.bill, summed.bill)]
    assert figures[0] == figures[1]
    check_invoice(summed.bill, tmp_path)


def test_the_manual_says_how_many_are_shown() -> None:
    docs = Path(__file__).parents[2] / "docs"
    pages = [(docs / name).read_text(encoding="utf-8") for name in ("measuring.md", "measuring.zh.md")]
    assert all(f"{records.RECORDS_SHOWN:,}" in page for page in pages)
