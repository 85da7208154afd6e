"""Figures that make no sense beside each other: missing days, days that stand out."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.problems.readers import METERS, read_april
from xlbill.cells import Place
from xlbill.periods import Month
from xlbill.usage.findings import Findings
from xlbill.usage.ledger import Tally
from xlbill.usage.sense import check_sense, spans


def told(meter: str, figures: list[int | None], opened: date = date(2026, 1, 1)) -> list[tuple[str, object]]:
    """The problems of a month's first days, with the days they name."""
    findings = Findings()
    ledger = Tally(findings)
    column = ledger.begin(Place("usage.csv", None, None, 4))
    draft = ledger.draft("shop-1", METERS[meter], None, None, 1, Place("usage.csv", None, 2, 4))
    for day, figure in enumerate(figures, start=1):
        if figure is not None:
            ledger.add(draft, date(2026, 4, day), (Decimal(figure), column, day + 1))
    check_sense(ledger, Month(2026, 4), {"shop-1": opened}, findings)
    return [(p.code, dict(p.facts).get("days") or dict(p.facts).get("day")) for p in findings.problems()]


JUMPS: dict[str, tuple[list[int | None], list[str]]] = {
    "twenty times is not yet a jump": ([100] * 11 + [2_000], []),
    "more is one": ([100] * 11 + [2_001], ["2026-04-12"]),
    "ten other days are needed": ([100] * 9 + [9_999], []),
    "two jumps do not hide each other": ([100] * 10 + [5_000, 6_000], ["2026-04-11", "2026-04-12"]),
    "what is mostly zero is not compared": ([0] * 20 + [500], []),
}


@pytest.mark.parametrize(("figures", "days"), JUMPS.values(), ids=JUMPS)
def test_jumps(figures: list[int | None], days: list[str]) -> None:
    assert told("dau", figures) == [("usage-jumps", day) for day in days]


def test_missing_days_of_a_daily_meter() -> None:
    assert told("logins", [5] * 30) == []
    assert told("logins", [5, 5, None, 5, *[None] * 3, *[5] * 23]) == [("days-missing", "3, 5–7")]
    assert told("dau", [5, None, 5]) == []


def test_what_stands_on_nine_days_of_ten_has_lost_the_others() -> None:
    assert told("dau", [5] * 30) == []
    assert told("dau", [*[5] * 26, None, 5, None, None]) == [("days-missing", "27, 29–30")]
    assert told("dau", [*[5] * 25, *[None] * 5]) == []
    opened_on_the_eleventh = [*[None] * 10, *[5] * 9, None, *[5] * 10]
    assert told("dau", opened_on_the_eleventh, date(2026, 4, 11)) == [("days-missing", "20")]


def test_no_day_is_missing_before_the_app_was_opened() -> None:
    opened_on_the_tenth = [*[None] * 9, *[5] * 21]
    assert told("logins", opened_on_the_tenth, date(2026, 4, 10)) == []
    assert told("logins", opened_on_the_tenth, date(2026, 4, 8)) == [("days-missing", "8–9")]


def test_days_are_written_as_people_write_them() -> None:
    assert spans(date(2026, 4, day) for day in (1, 3, 4, 5, 30)) == "1, 3–5, 30"


@pytest.mark.parametrize(("typed", "codes"), [("15000", []), ("15,000", []), ("15.000", ["number-ambiguous"])])
def test_a_point_in_a_whole_number_is_never_guessed(tmp_path: Path, typed: str, codes: list[str]) -> None:
    path = tmp_path / "dau.csv"
    path.write_text(f'app,date,meter,quantity\nshop-1,2026-04-01,dau,"{typed}"\n', encoding="utf-8")
    assert [p.code for p in read_april([path]) if p.severity == "error"] == codes
