"""Impact: a month's customers under both books; the sums add up, and what finance is told is what bills say."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

import xlbill
from tests.test_example_month import EXAMPLES, copied
from xlbill.cli import main
from xlbill.foresight.impact import percentile

RISE = ("--what-if", "im.pro.price=1399")


def run(workspace: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["impact", "-w", str(workspace), "--period", "2026-04", *words, "--lang", "en"])


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield copied(EXAMPLES, tmp_path_factory.mktemp("impact"))


@pytest.fixture(scope="module")
def rise(workspace: Path) -> dict[str, dict[str, object]]:
    said = json.loads(run(workspace, *RISE, "--json").stdout)
    return {customer["customer"]: customer for customer in said["customers"]}


def test_a_rise_of_100_on_one_plan(rise: dict[str, dict[str, object]]) -> None:
    """C001 has the plan a whole month. C004 left it ten days before its term of 31 ended: 10/31 of 100 more comes back.

    C006 keeps the edition of 2023, in which nothing changes.
    """
    changes = {code: Decimal(str(c["new"])) - Decimal(str(c["old"])) for code, c in rise.items() if c["new"]}
    assert changes["C001"] == 100 and changes["C004"] == Decimal("-32.26")
    kept = [code for code, customer in rise.items() if customer["keeps_edition"]]
    assert len(kept) == 1 and changes[kept[0]] == 0
    assert all(customer["errors"] == [] for customer in rise.values() if customer["new"])


def test_today_s_amounts_are_those_of_the_month_s_bills(workspace: Path, rise: dict[str, dict[str, object]]) -> None:
    bills = {bill.customer: bill.total.number for bill in xlbill.open_workspace(workspace).month("2026-04").bills()}
    assert {code: Decimal(str(c["old"])) for code, c in rise.items() if c["old"] is not None} == bills
    for customer in rise.values():
        lines = customer["lines"]
        assert isinstance(lines, list)
        for side in ("old", "new"):
            if customer["old"] is not None and customer["new"] is not None:
                assert sum(Decimal(line[side]) for line in lines) == Decimal(str(customer[side]))


def test_new_amounts_are_those_of_bills_under_the_changed_book(workspace: Path, tmp_path: Path, rise: object) -> None:
    """The same change written into a copy of the workspace, and billed."""
    other = copied(workspace, tmp_path / "other")
    copied(EXAMPLES.parent / "price_tables", other / "price_tables")
    (other / "changes.csv").write_text("item,new price\nim.pro,1399\n", encoding="utf-8")
    applied = CliRunner().invoke(main, ["prices", "apply", str(other / "changes.csv"), "--accept", "-w", str(other)])
    assert applied.exit_code in (0, 1), applied.output
    bills = {bill.customer: bill.total.number for bill in xlbill.open_workspace(other).month("2026-04").bills()}
    assert isinstance(rise, dict)
    assert {code: Decimal(c["new"]) for code, c in rise.items() if c["new"] is not None} == bills
    by_file = json.loads(run(workspace, str(other / "price_tables" / "easemob-im-2026.xlsx"), "--json").stdout)
    assert {c["customer"]: c for c in by_file["customers"]} == rise


def test_a_new_edition_leaves_subscribers_alone_unless_everyone_moves(workspace: Path, tmp_path: Path) -> None:
    other = tmp_path / "w"
    copied(EXAMPLES.parent / "price_tables", other / "price_tables")
    made = ["prices", "new", "easemob-im-2027", "--from", "2027-01-01", "-w", str(other)]
    assert CliRunner().invoke(main, made).exit_code == 0
    (other / "c.csv").write_text("item,change\nim.pro,+10%\n", encoding="utf-8")
    CliRunner().invoke(main, ["prices", "apply", str(other / "c.csv"), "--accept", "-w", str(other)])
    book = str(other / "price_tables" / "easemob-im-2027.xlsx")
    alone, all_move = (json.loads(run(workspace, book, *more, "--json").stdout) for more in ((), ("--everyone",)))
    first = {c["customer"]: c for c in alone["customers"]}
    second = {c["customer"]: c for c in all_move["customers"]}
    assert first["C001"]["keeps_edition"] and not second["C001"]["keeps_edition"]
    assert first["C001"]["new"] == second["C001"]["new"] == "4428.9"
    assert run(workspace, book, "--max-rise", "1%").exit_code == 0
    assert run(workspace, book, "--everyone", "--max-rise", "1%").exit_code == 1


def test_a_highest_rise_names_those_above_it(workspace: Path) -> None:
    ran = run(workspace, *RISE, "--max-rise", "5.5%")
    assert ran.exit_code == 1 and ran.output.count("error[rise-over-limit]") == 1 and "C009" in ran.output
    assert run(workspace, *RISE, "--max-rise", "20%").exit_code == 0


def test_the_workbook_sums_its_own_rows_and_draws_them(workspace: Path, tmp_path: Path) -> None:
    path = tmp_path / "impact.xlsx"
    assert run(workspace, *RISE, "-o", str(path)).exit_code == 0
    live, shown = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    customers = list(shown["Customers"].iter_rows(min_row=5, values_only=True))
    repriced = [row for row in customers if row[4] == "repriced"]
    summary = next(shown["Summary"].iter_rows(min_row=5, values_only=True))
    assert summary[1] == len(repriced)
    assert summary[2] == pytest.approx(sum(row[6] for row in repriced))
    assert str(live["Summary"]["C5"].value).startswith("=SUMIFS(")
    assert live["Customers"]["I5"].value == "=H5-G5"
    assert len(live["Summary"]._charts) == 2
    assert len(list(shown["Lines"].iter_rows(min_row=5))) > len(customers)


def test_a_notice_for_each_customer_whose_bill_changes_and_nothing_else_is_touched(
    workspace: Path, tmp_path: Path
) -> None:
    before = sorted((path, path.stat().st_mtime_ns) for path in workspace.rglob("*"))
    assert run(workspace, *RISE, "--notices", str(tmp_path / "notices")).exit_code == 0
    pages = {path.stem: path.read_text(encoding="utf-8") for path in (tmp_path / "notices").iterdir()}
    assert "C001" in pages and "4,299.00" in pages["C001"] and "4,399.00" in pages["C001"]
    assert len(pages) == 6
    assert sorted((path, path.stat().st_mtime_ns) for path in workspace.rglob("*")) == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--what-if", "im.por.price=3"), "price-unknown"),
        (("--what-if", "im.pro.price=x"), "figure-unreadable"),
        ((), "--what-if"),
        ((*RISE, "--max-rise", "20"), "20%"),
    ],
)
def test_what_cannot_be_weighed(workspace: Path, words: tuple[str, ...], told: str) -> None:
    ran = run(workspace, *words)
    assert ran.exit_code == 2 and told in ran.output


def test_months_add_up(workspace: Path) -> None:
    twice = run(workspace, *RISE, "--period", "2026-04", "--json")
    assert json.loads(twice.stdout)["months"] == ["2026-04"]


@pytest.mark.parametrize(("share", "value"), [("0.5", 3), ("0.95", 5), ("0.2", 1), ("0.21", 2), ("1", 5)])
def test_percentiles_by_nearest_rank(share: str, value: int) -> None:
    assert percentile([Decimal(number) for number in (5, 1, 4, 2, 3)], Decimal(share)) == value
