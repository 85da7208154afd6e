"""Time that grows with a file and not with its square: eight times as much takes some eight times as long, never 64.

Where a bound on work is what keeps it so, the work is counted; else the shortest of several runs is taken, so that a
busy machine changes little.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.small_book import ACCOUNTS
from tests.workbooks import write_workbook
from xlbill.accounts import load_accounts
from xlbill.annotate import annotate
from xlbill.audit.explain import Explained, explain
from xlbill.audit.live import open_live
from xlbill.audit.verify import verify
from xlbill.book.data_files import read_document
from xlbill.cells import Place
from xlbill.formula import workbook
from xlbill.invoice import load_template
from xlbill.language import LANGUAGES, Language
from xlbill.problems import problem, render
from xlbill.sheets import headings, read_workbook
from xlbill.sheets.headings import HINTS

MORE = 8
SIZE = 40
WORSE = 32  # halfway, as powers of two go, between linear and square


def growth(work: Callable[[int], object], size: int) -> float:
    """How many times as long eight times the size takes."""

    def shortest(size: int) -> float:
        times = []
        for _ in range(2):
            began = time.process_time()
            work(size)
            times.append(time.process_time() - began)
        return min(times)

    return shortest(size * MORE) / max(shortest(size), 1e-4)


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The words for which the nearest known one is looked for, a costly thing."""
    asked: list[str] = []
    real = headings.get_close_matches

    def counted(word: str, *rest: object, **options: object) -> list[str]:
        asked.append(word)
        return real(word, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(headings, "get_close_matches", counted)
    return asked


def test_a_thousand_unknown_apps_are_told_and_some_dozens_answered(tmp_path: Path, searches: list[str]) -> None:
    orders = [["app", "item", "start"], *([f"b{n}", "im.pro", "2026-03-20"] for n in range(1_000))]
    path = write_workbook(tmp_path / "accounts.xlsx", {**ACCOUNTS, "Subscriptions": orders})
    found = [p for p in load_accounts(path)[1] if p.code == "unknown-app"]
    assert len(found) == 1_000
    assert len(searches) == HINTS


def test_a_thousand_unknown_marks_are_told_and_some_dozens_answered(tmp_path: Path, searches: list[str]) -> None:
    workbook = openpyxl.Workbook()
    for n in range(1_000):
        workbook.worksheets[0].cell(n // 20 + 1, n % 20 + 1).value = f"{{{{ bill.totl{n} }}}}"
    workbook.save(tmp_path / "t.xlsx")
    found = [p for p in load_template(tmp_path / "t.xlsx")[1] if p.code == "template-mark-unknown"]
    assert len(found) == 1_000
    assert len(searches) == HINTS


TEXTS = ("é ", "a", "账 ", "(", "（", "单价 Price（元）", "{{ ")


@pytest.mark.parametrize("text", TEXTS)
def test_headings_of_any_length(tmp_path: Path, text: str) -> None:
    def read(size: int) -> None:
        row = [(text * size)[:size] + str(n) for n in range(8)]
        read_accounts = {**ACCOUNTS, "Contracts": [["customer", "item", "start", *row], ["C1", "dau", "2026-01-01"]]}
        load_accounts(write_workbook(tmp_path / "accounts.xlsx", read_accounts))

    assert growth(read, 3_500) < WORSE


def hostile(path: Path, formulas: Callable[[int], str], size: int, title: str = "账单") -> Path:
    """A workbook of formulas one below the other, whose last one is called the total."""
    workbook = xlsxwriter.Workbook(path)
    sheet = workbook.add_worksheet(title)
    sheet.write_number(0, 0, 1)
    sheet.write_number(1, 0, 1)
    for row in range(2, size):
        sheet.write_formula(row, 0, formulas(row), None, 1)
    workbook.define_name("bill.total", f"='{title}'!$A${size}")
    workbook.close()
    return path


FORMULAS: dict[str, Callable[[int], str]] = {
    "one after the other": lambda row: f"=A{row}+1",
    "each of the two before": lambda row: f"=A{row}+A{row - 1}",
    "in a circle": lambda row: f"=A{row + 2}+A1",
    "texts that double": lambda row: f"=A{row}&A{row}",
    "powers": lambda row: f"=A{row}^9+2",
    "ranges of two": lambda row: f"=SUM(A{row - 1}:A{row})",
}

ENDLESS: dict[str, str] = {
    "running totals": "=SUM(A$1:A{row})",
    "each cell counted among all": "=SUMPRODUCT(1/COUNTIF(A$1:A${size},A$1:A${size}))",
    "products of whole columns": "=SUMPRODUCT((A$1:A${size}=A{row})*A$1:A${size})",
    "a condition for each cell": "=SUM(IF({{1;2;3;4;5;6;7;8;9}}+{{1,2,3,4,5,6,7,8,9}}>A{row},1,0))",
}


@pytest.mark.parametrize("formula", ENDLESS)
def test_formulas_that_never_end_are_told(tmp_path: Path, formula: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "SECONDS", 0.05)
    path = hostile(tmp_path / "t.xlsx", lambda row: ENDLESS[formula].format(row=row, size=600), 600)
    told = verify(path)
    assert isinstance(told, tuple)
    assert [p.code for p in told] == ["formulas-take-too-long"]


def test_a_running_total_of_a_thousand_rows_is_no_endless_work(tmp_path: Path) -> None:
    path = hostile(tmp_path / "t.xlsx", lambda row: f"=SUM(B$1:B{row})", 1_000)
    assert not isinstance(verify(path), tuple)


@pytest.mark.parametrize("formulas", FORMULAS)
@pytest.mark.parametrize("read", ["verify", "explain"])
def test_formulas_of_any_kind(tmp_path: Path, formulas: str, read: str) -> None:
    files = {size: hostile(tmp_path / f"{size}.xlsx", FORMULAS[formulas], size) for size in (SIZE, SIZE * MORE)}

    def work(size: int) -> None:
        if read == "verify":
            verify(files[size])
            return
        live, _ = open_live(files[size])
        assert live is not None
        assert isinstance(explain(live), Explained)

    assert growth(work, SIZE) < WORSE


ALIASES = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
)
"""Ten aliases of ten aliases of ten ...: a thousand million texts in half a page."""
TWICE = json.dumps({f"k{n}": 1 for n in range(50_000)})[:-1] + ', "k49999": 2}'


@pytest.mark.parametrize(("name", "text"), [("book.yaml", ALIASES), ("book.json", TWICE)])
def test_a_text_that_says_much_in_few_words_is_told(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    document, found = read_document(tmp_path / name, name)
    assert document is None and [problem.code for problem in found] == ["text-broken"]


def test_forty_figures_that_add_up_the_two_before_are_explained_at_once(tmp_path: Path) -> None:
    live, _ = open_live(hostile(tmp_path / "t.xlsx", FORMULAS["each of the two before"], 40))
    assert live is not None
    began = time.process_time()
    explain(live)
    assert time.process_time() - began < 5  # it was 2 to the power of 24 steps


def test_rows_of_texts_above_every_figure(tmp_path: Path) -> None:
    def work(size: int) -> None:
        workbook = xlsxwriter.Workbook(tmp_path / "t.xlsx")
        sheet = workbook.add_worksheet()
        for row in range(size):
            sheet.write_row(row, 0, ["项目", "金额"])
            sheet.write_formula(size + row, 1, f"=B{size + row}+1", None, 1)
        workbook.close()
        live, _ = open_live(tmp_path / "t.xlsx")
        assert live is not None
        explain(live)

    assert growth(work, 25) < WORSE


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cell_of_thirty_thousand_characters_fills_no_terminal(language: Language) -> None:
    said = render([problem("template-missing", Place("a.xlsx"), customer="C1", found="é " * 15_000)], language)
    assert "é é é" in said
    assert len(said) < 2_000


def test_a_copy_of_a_sheet_in_which_every_cell_is_bad(tmp_path: Path) -> None:
    def copy(size: int) -> None:
        path = tmp_path / "usage.csv"
        path.write_text("quantity\n" + "x\n" * size, encoding="utf-8")
        read, _ = read_workbook(path)
        assert read is not None
        found = [
            problem("not-a-number", cell.place, column="quantity", found="x") for cell in read.sheets[0].cells.values()
        ]
        annotate(path, found, tmp_path / "out", "en")

    assert growth(copy, 60) < WORSE
