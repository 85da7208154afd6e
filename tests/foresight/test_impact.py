"""Impact: a month's customers under both books; the sums add up, and what finance is told is what bills say."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

import xlbill
from tests.foresight.live import stale
from tests.small_book import ACCOUNTS, BOOK, complete
from tests.test_example_month import EXAMPLES
from tests.workbooks import write_workbook
from xlbill.cli import main
from xlbill.starting import start_like

RISE = ("--what-if", "im.pro.price=110")
CUSTOMERS = {
    **ACCOUNTS,
    "Customers": """
        | code | name |
        | C1 | One |
        | C2 | Two |
        | C3 | Three |
        | C4 | Four |
        """,
    "Apps": """
        | app | customer | region |
        | a1 | C1 | cn |
        | a2 | C2 | cn |
        | a3 | C3 | cn |
        | a4 | C4 | cn |
        """,
    "Subscriptions": """
        | app | item | option | quantity | start | end |
        | a1 | im.pro | | | 2026-03-20 | |
        | a2 | im.pro | | | 2026-03-01 | |
        | a3 | im.pro | | | 2026-03-01 | |
        | a3 | store | 90 | | 2026-03-01 | |
        | a4 | im.free | | | 2026-03-01 | |
        """,
}
"""C1 uses 31 users in April, 3 blocks of 7 over its quota, and 11 in May; C3 has an extension, C4 pays nothing."""


def run(workspace: Path, *words: str, months: tuple[str, ...] = ("2026-04",)) -> Result:
    periods = [word for month in months for word in ("--period", month)]
    return CliRunner().invoke(main, ["impact", "-w", str(workspace), *periods, *words, "--lang", "en"])


def weighed(workspace: Path, *words: str, months: tuple[str, ...] = ("2026-04",)) -> dict[str, dict[str, object]]:
    """Each customer's part of the answer."""
    ran = run(workspace, *words, "--json", months=months)
    assert ran.exit_code in (0, 1), ran.output
    return {customer["customer"]: customer for customer in json.loads(ran.stdout)["customers"]}


def changes(of: dict[str, dict[str, object]]) -> dict[str, Decimal]:
    return {code: Decimal(str(c["new"])) - Decimal(str(c["old"])) for code, c in of.items() if c["new"] and c["old"]}


def small(folder: Path) -> Path:
    complete(folder / "price_tables" / "small.xlsx", BOOK)
    write_workbook(folder / "accounts.xlsx", CUSTOMERS)
    for month, users in (("2026-04", 31), ("2026-05", 11)):
        (folder / "usage" / month).mkdir(parents=True)
        (folder / "usage" / month / "u.csv").write_text(f"app,month,meter,quantity\na1,{month},dau,{users}\n")
    return folder


def two_currencies(folder: Path) -> Path:
    """The small workspace with one customer more, in the United States, whose book is in dollars."""
    small(folder)
    book = BOOK["Book"].replace("| small |", "| small-us |").replace("| CNY |", "| USD |").replace("| cn |", "| us |")
    complete(folder / "price_tables" / "small-us.xlsx", {**BOOK, "Book": book})
    more = {
        "Customers": "| C5 | Five |",
        "Apps": "| a5 | C5 | us |",
        "Subscriptions": "| a5 | im.pro | | | 2026-03-20 | |",
    }
    write_workbook(
        folder / "accounts.xlsx", {**CUSTOMERS, **{k: f"{CUSTOMERS[k].rstrip()}\n{v}" for k, v in more.items()}}
    )
    return folder


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield small(tmp_path_factory.mktemp("impact"))


@pytest.fixture(scope="module")
def rise(workspace: Path) -> dict[str, dict[str, object]]:
    return weighed(workspace, *RISE)


@pytest.fixture(scope="module")
def of_example() -> dict[str, dict[str, object]]:
    return weighed(EXAMPLES, "--what-if", "im.pro.price=1399")


def test_a_rise_of_100_on_one_plan(of_example: dict[str, dict[str, object]]) -> None:
    """C001 has the plan a whole month. C004 left it ten days before its term of 31 ended: 10/31 of 100 more comes back.

    C006 keeps the edition of 2023, in which nothing changes.
    """
    moved = changes(of_example)
    assert moved["C001"] == 100 and moved["C004"] == Decimal("-32.26")
    kept = [code for code, customer in of_example.items() if customer["keeps_edition"]]
    assert len(kept) == 1 and moved[kept[0]] == 0
    assert all(customer["errors"] == [] for customer in of_example.values() if customer["new"])


def test_today_s_amounts_are_those_of_the_month_s_bills(of_example: dict[str, dict[str, object]]) -> None:
    bills = {bill.customer: bill.total.number for bill in xlbill.open_workspace(EXAMPLES).month("2026-04").bills()}
    assert {code: Decimal(str(c["old"])) for code, c in of_example.items() if c["old"] is not None} == bills
    for customer in of_example.values():
        lines = customer["lines"]
        assert isinstance(lines, list)
        for side in ("old", "new"):
            if customer["old"] is not None and customer["new"] is not None:
                assert sum(Decimal(line[side]) for line in lines) == Decimal(str(customer[side]))


def test_what_each_customer_of_the_small_book_pays(rise: dict[str, dict[str, object]]) -> None:
    """A plan of 100, blocks of 21, an extension of 80."""
    assert {code: (c["old"], c["new"]) for code, c in rise.items()} == {
        "C1": ("121", "131"),
        "C2": ("100", "110"),
        "C3": ("180", "190"),
        "C4": ("0", "0"),
    }


def test_new_amounts_are_those_of_bills_under_the_changed_book(tmp_path: Path, rise: object) -> None:
    """The same change written into a copy of the workspace, and billed."""
    other = small(tmp_path / "other")
    (other / "changes.csv").write_text("item,new price\nim.pro,110\n", encoding="utf-8")
    applied = CliRunner().invoke(main, ["prices", "apply", str(other / "changes.csv"), "--accept", "-w", str(other)])
    assert applied.exit_code == 0, applied.output
    bills = {bill.customer: bill.total.number for bill in xlbill.open_workspace(other).month("2026-04").bills()}
    assert isinstance(rise, dict)
    assert {code: Decimal(c["new"]) for code, c in rise.items()} == bills
    assert weighed(small(tmp_path / "today"), str(other / "price_tables" / "small.xlsx")) == rise


def test_a_book_as_text_does_what_the_workbook_does(workspace: Path, tmp_path: Path) -> None:
    """What is reviewed in a pull request is weighed as it stands; an unreadable one is told."""
    plans = BOOK["Plans"].replace("| pro | Pro | 100 |", "| pro | Pro | 110 |")
    book = complete(tmp_path / "new.xlsx", {**BOOK, "Plans": plans})
    text = str(tmp_path / "new.yaml")
    assert CliRunner().invoke(main, ["convert", str(book), text]).exit_code == 0
    assert weighed(workspace, text) == weighed(workspace, str(book))
    (tmp_path / "new.yaml").write_text("xlbill: [", encoding="utf-8")
    refused = run(workspace, text)
    assert refused.exit_code == 2 and "error[text-broken]" in refused.output


def test_a_new_edition_leaves_subscribers_alone_unless_everyone_moves(tmp_path: Path) -> None:
    """They keep what they subscribed under, and are shown with what they would pay if they moved."""
    other, today = small(tmp_path / "other"), small(tmp_path / "today")
    made = ["prices", "new", "small-2027", "--from", "2027-01-01", "-w", str(other)]
    assert CliRunner().invoke(main, made).exit_code == 0
    (other / "c.csv").write_text("item,change\nim.pro,+10%\n", encoding="utf-8")
    assert CliRunner().invoke(main, ["prices", "apply", str(other / "c.csv"), "-w", str(other)]).exit_code == 0
    book = str(other / "price_tables" / "small-2027.xlsx")
    first, second = weighed(today, book), weighed(today, book, "--everyone")
    assert first["C1"]["keeps_edition"] and not second["C1"]["keeps_edition"]
    assert first["C1"]["new"] == second["C1"]["new"] == "131"
    assert run(today, book, "--max-rise", "1%").exit_code == 0
    assert run(today, book, "--everyone", "--max-rise", "1%").exit_code == 1


def test_a_book_in_its_own_place_reprices_those_of_older_editions_where_everyone_moves(tmp_path: Path) -> None:
    """C1 subscribed before the newer edition came and keeps its own, in which nothing changes; C4 never paid."""
    today = small(tmp_path)
    assert CliRunner().invoke(main, ["prices", "new", "newer", "--from", "2026-03-25", "-w", str(today)]).exit_code == 0
    first, second = weighed(today, *RISE), weighed(today, *RISE, "--everyone")
    assert {code: (c["new"], c["keeps_edition"]) for code, c in first.items()} == {
        "C1": ("121", True),
        "C2": ("100", True),
        "C3": ("180", True),
        "C4": ("0", False),
    }
    assert {code: (c["new"], c["keeps_edition"]) for code, c in second.items()} == {
        "C1": ("131", False),
        "C2": ("110", False),
        "C3": ("190", False),
        "C4": ("0", False),
    }
    assert "with --everyone" in run(today, *RISE).output
    assert "with --everyone" not in run(today, *RISE, "--everyone").output


@pytest.mark.parametrize(("everyone", "kept"), [((), True), (("--everyone",), False)])
def test_an_edition_that_waits_in_the_workspace_is_weighed_like_one_elsewhere(
    tmp_path: Path, everyone: tuple[str, ...], kept: bool
) -> None:
    """S001 subscribed within the month: 12 seats for 16 of 30 days at 48 instead of 45. S002 keeps its edition."""
    start_like("seats", tmp_path)
    CliRunner().invoke(main, ["prices", "new", "later", "--from", "2026-06-01", "-w", str(tmp_path)])
    (tmp_path / "c.csv").write_text("item,new price\ndocs.team,48\n", encoding="utf-8")
    CliRunner().invoke(main, ["prices", "apply", str(tmp_path / "c.csv"), "--accept", "-w", str(tmp_path)])
    ran = run(tmp_path, str(tmp_path / "price_tables" / "later.xlsx"), "--json", *everyone)
    told = {c["customer"]: (c["old"], c["new"], c["keeps_edition"]) for c in json.loads(ran.stdout)["customers"]}
    assert told == {"S001": ("328", "347.2", False), "S002": ("258", "258", kept)}


def test_the_first_lines_say_what_changes_and_from_what_to_what(workspace: Path, tmp_path: Path) -> None:
    """Prices in thought each with its cell; of a book what differs from today's, also in JSON and in the workbook."""
    said = run(workspace, *RISE).output.splitlines()
    assert said[0] == "price change small, weighed on the usage of 2026-04"
    assert said[1].startswith("  im.pro.price (") and said[1].endswith("100 → 110 (+10 %)")
    plans = BOOK["Plans"].replace("| pro | Pro | 100 |", "| pro | Pro | 110 |")
    book, path = str(complete(tmp_path / "new.xlsx", {**BOOK, "Plans": plans})), tmp_path / "impact.xlsx"
    assert run(workspace, book, "-o", str(path)).output.splitlines()[1] == "  im.pro price: 100 → 110 (+10 %)"
    assert json.loads(run(workspace, book, "--json").stdout)["prices"] == [
        {"price": "im.pro price", "old": "100", "new": "110"}
    ]
    rows = [row[:4] for row in openpyxl.load_workbook(path)["Summary"].iter_rows(values_only=True)]
    assert ("im.pro price (+10 %)", None, 100, 110) in rows


def test_a_refund_moves_apart_from_the_fee_of_its_item(tmp_path: Path) -> None:
    """C2 leaves the plan on 16 April and takes it again on the 20th: 15 of 30 days come back, and a term begins."""
    other = small(tmp_path)
    orders = CUSTOMERS["Subscriptions"].replace(
        "| a2 | im.pro | | | 2026-03-01 | |", "| a2 | im.pro | | | 2026-04-01 | |"
    )
    orders = orders.rstrip() + "\n| a2 | im.free | | | 2026-04-16 | |\n| a2 | im.pro | | | 2026-04-20 | |"
    write_workbook(other / "accounts.xlsx", {**CUSTOMERS, "Subscriptions": orders})
    told = weighed(other, *RISE)["C2"]["lines"]
    assert isinstance(told, list)
    assert {(line["kind"], line["old"], line["new"]) for line in told if line["item"] == "im.pro"} == {
        ("fee", "200", "220"),
        ("refund", "-50", "-55"),
    }


def test_a_mover_is_told_with_what_moves_it_most(workspace: Path) -> None:
    (mover,) = [line for line in run(workspace, *RISE).output.splitlines() if line.split()[:1] == ["C3"]]
    assert mover.split()[-1] == "Pro"


def test_a_notice_names_no_day_that_nobody_has_said(workspace: Path, tmp_path: Path) -> None:
    """Prices changed in thought have none; an edition says from when it holds."""
    run(workspace, *RISE, "--notices", str(tmp_path / "thought"))
    assert "价格将作调整" in (tmp_path / "thought" / "C1.html").read_text(encoding="utf-8")
    other = small(tmp_path / "other")
    CliRunner().invoke(main, ["prices", "new", "later", "--from", "2027-01-01", "-w", str(other)])
    (other / "c.csv").write_text("item,change\nim.pro,+10%\n", encoding="utf-8")
    CliRunner().invoke(main, ["prices", "apply", str(other / "c.csv"), "-w", str(other)])
    run(workspace, str(other / "price_tables" / "later.xlsx"), "--everyone", "--notices", str(tmp_path / "said"))
    assert "自2027年1月1日起" in (tmp_path / "said" / "C1.html").read_text(encoding="utf-8")


def test_a_highest_rise_names_those_above_it(workspace: Path) -> None:
    """C1 pays 8.26 % more, C2 10 %, C3 5.56 %."""
    ran = run(workspace, *RISE, "--max-rise", "9%")
    assert ran.exit_code == 1 and ran.output.count("error[rise-over-limit]") == 1 and "Customers!A3" in ran.output
    assert run(workspace, *RISE, "--max-rise", "20%").exit_code == 0


def without_option_90(folder: Path) -> Path:
    rows = [row for row in BOOK["Extensions"].splitlines() if "| 90 |" not in row]
    return complete(folder / "new.xlsx", {**BOOK, "Extensions": "\n".join(rows)})


def test_who_falls_into_an_error_is_named_and_counts_in_no_sum(workspace: Path, tmp_path: Path) -> None:
    book = str(without_option_90(tmp_path))
    ran = run(workspace, book, "-o", str(tmp_path / "impact.xlsx"))
    assert ran.exit_code == 1 and "customers who fall into an error: C3 (unknown-option)" in ran.output
    quiet = run(workspace, book, "--quiet")
    assert quiet.exit_code == 1 and quiet.output.startswith("error[unknown-option]")
    assert weighed(workspace, book)["C3"]["errors"] == ["unknown-option"]
    rows = openpyxl.load_workbook(tmp_path / "impact.xlsx", data_only=True)["Customers"].iter_rows(min_row=5)
    assert {row[0].value: row[4].value for row in rows}["C3"] == "falls into an error"
    assert stale(tmp_path / "impact.xlsx") == {}


def test_who_keeps_an_edition_and_could_not_move_is_named_and_counts_in_no_sum(workspace: Path, tmp_path: Path) -> None:
    """C3 pays as before: nothing fails. It has no new amount."""
    rows = [row for row in BOOK["Extensions"].splitlines() if "| 90 |" not in row]
    later = BOOK["Book"].replace("| small |", "| later |").replace("2026-01-01", "2027-01-01")
    book = str(complete(tmp_path / "later.xlsx", {**BOOK, "Book": later, "Extensions": "\n".join(rows)}))
    ran = run(workspace, book, "-o", str(tmp_path / "impact.xlsx"))
    assert ran.exit_code == 0, ran.output
    assert "keep their edition, and could not be billed by the new one: C3 (unknown-option)" in ran.output
    (kept,) = [line.split() for line in ran.output.splitlines() if "keep their edition (if they moved)" in line]
    assert kept[7:11] == ["2", "221.00", "221.00", "+0.00"]
    told = weighed(workspace, book)["C3"]
    assert (told["old"], told["new"], told["keeps_edition"]) == ("180", None, True)
    assert stale(tmp_path / "impact.xlsx") == {}


def test_amounts_in_two_currencies_are_not_compared(workspace: Path, tmp_path: Path) -> None:
    """1,000 yuan and 150 dollars have no difference; who keeps its edition has no new amount, and does not fail."""
    dollars = BOOK["Book"].replace("| CNY |", "| USD |")
    instead = str(complete(tmp_path / "usd.xlsx", {**BOOK, "Book": dollars}))
    told = weighed(workspace, instead)["C1"]
    assert (told["old"], told["new"], told["errors"]) == ("121", None, ["currency-changes"])
    assert run(workspace, instead).exit_code == 1
    later = dollars.replace("| small |", "| later |").replace("2026-01-01", "2027-01-01")
    kept = weighed(workspace, str(complete(tmp_path / "later.xlsx", {**BOOK, "Book": later})))["C1"]
    assert (kept["old"], kept["new"], kept["keeps_edition"]) == ("121", None, True)


def test_the_workbook_sums_its_own_rows_and_draws_them(workspace: Path, tmp_path: Path) -> None:
    path = tmp_path / "impact.xlsx"
    assert run(workspace, *RISE, "-o", str(path)).exit_code == 0
    live, shown = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    customers = list(shown["Customers"].iter_rows(min_row=5, values_only=True))
    repriced = [row for row in customers if row[4] == "repriced"]
    summary = next(shown["Summary"].iter_rows(min_row=5, values_only=True))
    assert summary[1] == len(repriced) == 4
    assert summary[2] == pytest.approx(sum(row[6] for row in repriced))
    assert str(live["Summary"]["C5"].value).startswith("=SUMIFS(")
    assert [live["Customers"][f"I{row}"].value for row in (5, 6, 7)] == ["=H5-G5", "=H6-G6", "=H7-G7"]
    assert len(live["Summary"]._charts) == 2 and stale(path) == {}
    assert len(list(shown["Lines"].iter_rows(min_row=5))) > len(customers)


def test_amounts_have_the_decimals_of_their_currency_and_a_notice_its_sender(tmp_path: Path) -> None:
    """Nothing is 0.00 beside 2,999.00, in sums and on pages; who sends a page stands on it."""
    said = run(EXAMPLES, *RISE, "--notices", str(tmp_path)).output.splitlines()
    free = next(line.split() for line in said if line.split()[:1] == ["im.free"])
    assert free[3:6] == ["0.00", "0.00", "+0.00"]
    page = (tmp_path / "C004.html").read_text(encoding="utf-8")
    assert "<td>0.00</td><td>0.00</td><td>0.00</td>" in page and "云桥通讯科技（示例）有限公司</p>" in page


def test_a_notice_for_each_customer_whose_bill_changes_and_nothing_else_is_touched(
    workspace: Path, tmp_path: Path
) -> None:
    before = sorted((path, path.stat().st_mtime_ns) for path in workspace.rglob("*"))
    assert run(workspace, *RISE, "--notices", str(tmp_path / "notices")).exit_code == 0
    pages = {path.stem: path.read_text(encoding="utf-8") for path in (tmp_path / "notices").iterdir()}
    assert sorted(pages) == ["C1", "C2", "C3"] and "121.00" in pages["C1"] and "131.00" in pages["C1"]
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


def test_the_sums_of_months_add_up(workspace: Path, tmp_path: Path, rise: dict[str, dict[str, object]]) -> None:
    """April and May together are April and May: each customer, each line, each sum of the workbook."""
    may, path = weighed(workspace, *RISE, months=("2026-05",)), tmp_path / "impact.xlsx"
    both = weighed(workspace, *RISE, months=("2026-04", "2026-05"))
    assert (rise["C1"]["old"], may["C1"]["old"], both["C1"]["old"]) == ("121", "107", "228")
    for code, together in both.items():
        for side in ("old", "new"):
            assert Decimal(str(together[side])) == Decimal(str(rise[code][side])) + Decimal(str(may[code][side]))
            assert _by_item(together, side) == _added(_by_item(rise[code], side), _by_item(may[code], side))
    run(workspace, *RISE, "-o", str(path), months=("2026-04", "2026-05"))
    summary = next(openpyxl.load_workbook(path, data_only=True)["Summary"].iter_rows(min_row=5, values_only=True))
    assert Decimal(str(summary[2])) == sum(Decimal(str(c["old"])) for of in (rise, may) for c in of.values())
    assert stale(path) == {}


Amounts = dict[tuple[str, str], Decimal]


def _by_item(of: dict[str, object], side: str) -> Amounts:
    lines = of["lines"]
    assert isinstance(lines, list)
    return {(line["app"], line["item"]): Decimal(line[side]) for line in lines}


def _added(one: Amounts, other: Amounts) -> Amounts:
    return {key: one.get(key, Decimal(0)) + other.get(key, Decimal(0)) for key in one | other}


def test_a_month_that_is_named_twice_counts_once(workspace: Path) -> None:
    said = json.loads(run(workspace, *RISE, "--json", months=("2026-04", "2026-04")).stdout)
    assert said["months"] == ["2026-04"]


def test_what_if_changes_the_prices_in_force_and_not_next_year_s(
    tmp_path: Path, rise: dict[str, dict[str, object]]
) -> None:
    other = small(tmp_path / "other")
    made = ["prices", "new", "small-2027", "--from", "2027-01-01", "-w", str(other)]
    assert CliRunner().invoke(main, made).exit_code == 0
    assert weighed(other, *RISE) == rise
