"""What is said must be so: problems that would send their reader to the wrong place are not told, or told otherwise."""

from pathlib import Path

import pytest

from tests.problems.pricing_readers import read_month
from tests.small_book import ACCOUNTS, BOOK
from tests.workbooks import write_workbook
from xlbill.cells import Place
from xlbill.check import Sort, sort_of
from xlbill.problems import problem, render

QUOTAS = {
    "the same quota for several orders": ("10", ["quotas-count-once"]),
    "a quota for each order": ("im.pro.quantity * 10", []),
    "a quota that has to do with something else": ("ext.quantity * 10", ["quotas-count-once"]),
    "no quota": ("0", []),
}


@pytest.mark.parametrize(("included", "codes"), QUOTAS.values(), ids=QUOTAS)
def test_quotas_that_count_once_are_told(tmp_path: Path, included: str, codes: list[str]) -> None:
    charges = BOOK["Charges"].replace("| blocks | 10 | | 10 | 7", f"| blocks | {included} | | 10 | 7")
    orders = ACCOUNTS["Subscriptions"].replace("im.pro | | |", "im.pro | | 2 |")
    files = [write_workbook(tmp_path / "culprit.xlsx", {"Charges": charges, "Subscriptions": orders})]
    assert [p.code for p in read_month(files)] == codes


FILES = {
    "a book without its plans": ("book.xlsx", {k: v for k, v in BOOK.items() if k != "Plans"}, Sort.BOOK),
    "a book whose price sheets are called otherwise": (
        "book.xlsx",
        {"Prices of plans": BOOK["Plans"], "Rates": BOOK["Charges"], "Products": BOOK["Products"], "Packs": "| pack |"},
        Sort.BOOK,
    ),
    "anything in the folder of price books": ("price_tables/x.xlsx", {"Sheet1": "| a |"}, Sort.BOOK),
    "accounts without customers": ("list.xlsx", {"Apps": ACCOUNTS["Apps"]}, Sort.ACCOUNTS),
    "what has none of these sheets": ("x.xlsx", {"Sheet1": "| app | date |"}, Sort.USAGE),
}


@pytest.mark.parametrize(("name", "sheets", "sort"), FILES.values(), ids=FILES)
def test_a_file_is_judged_as_what_it_is(tmp_path: Path, name: str, sheets: dict[str, str], sort: Sort) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    assert sort_of(write_workbook(tmp_path / name, sheets)) is sort


def test_what_only_follows_is_one_problem_after_its_cause() -> None:
    """40 apps of an unsound book, and one of another: two things to mend, and not 41."""
    unsound = [
        problem("book-unsound", Place("accounts.xlsx", "Apps", n + 2, 1), app=f"a{n}", found=book, file=f"{book}.xlsx")
        for n, book in enumerate(["one"] * 20 + ["two"] + ["one"] * 20)
    ]
    cause = problem("formula-circular", Place("one.xlsx", "Formulas", 2, 3), model="m")
    text = render([*unsound, cause], "en")
    assert [line for line in text.splitlines() if "[" in line or "more" in line] == [
        "error[formula-circular]: the formulas of model m refer to each other in a circle",
        "error[book-unsound]: app a0 is priced by a book that has errors",
        "     and 39 more: a1, a2, a3, a4, a5 ...",
        "error[book-unsound]: app a20 is priced by a book that has errors",
    ]


NEAREST = {"near": ("im.pro", True), "nothing near": ("—", False), "blank": ("", False)}


@pytest.mark.parametrize(("nearest", "shown"), NEAREST.values(), ids=NEAREST)
def test_nothing_is_expected_where_nothing_is_near(nearest: str, shown: bool) -> None:
    text = render([problem("unknown-app", Place("a.xlsx"), found="x", nearest=nearest)], "en")
    assert ("expected" in text) is shown
