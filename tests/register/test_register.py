"""The register of a run: who was billed what, in figures that follow the lines and the filters."""

import csv
import io
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path

import openpyxl
import pytest

from tests.examples.run import bills_of
from tests.invoice.bills import APRIL, adjustment, bill_of, fee, free, long, ordinary, refunding
from xlbill.audit.live import Live, open_live
from xlbill.audit.verify import Verified, verify
from xlbill.cells import Place
from xlbill.files import written as written_to
from xlbill.language import Label
from xlbill.money import Currency
from xlbill.problems import Problem, Subject, problem
from xlbill.rating.bill import Bill
from xlbill.register.as_csv import lines_csv, register_csv
from xlbill.register.as_sqlite import write_sqlite
from xlbill.register.columns import CUSTOMER_COLUMNS, REVIEW_COLUMNS, Field, Registered
from xlbill.register.lay_out import column_width, lay_out_register, unmistakable
from xlbill.register.looks import FONT
from xlbill.register.print_setup import MAX_ACROSS, SCALE
from xlbill.register.tables import Register, listed
from xlbill.register.tables import register_of as register_of_listed
from xlbill.workbook import write_layout
from xlbill.workbook.layout import Formula, Layout, Sheet
from xlbill.workbook.measure import POINTS_PER_UNIT, points_wide, text_width


def of(code: str, bill: Bill, app: str | None = None, name: str = "") -> Registered:
    """A bill as another customer's, all of it for one app where that is named."""
    customer = replace(bill.customer, code=code, name=Label(name, "") if name else bill.customer.name)
    lines = bill.lines if app is None else tuple(replace(line, app=app) for line in bill.lines)
    return Registered(replace(bill, customer=customer, lines=lines), f"{code}-2026-04.xlsx")


def register_of(entries: Sequence[Registered], problems: tuple[Problem, ...] = ()) -> Register:
    return register_of_listed(APRIL, [listed(entry) for entry in entries], problems)


RUN = (of("C1", ordinary()), of("C2", long()), of("C3", free("en")), of("C4", refunding()))


def rows(sheet: Sheet, heading_row: int = 5) -> list[dict[str, object]]:
    """A sheet's rows by the Chinese half of their headings; of a formula its value."""
    cells = {(cell.row, cell.column): cell.content for cell in sheet.cells}
    headings = {c: str(text).split("\n")[0] for (r, c), text in cells.items() if r == heading_row}
    numbers = sorted({r for r, _ in cells if r > heading_row})
    return [{h: shown(cells.get((number, c))) for c, h in headings.items()} for number in numbers]


def shown(content: object) -> object:
    return content.value if isinstance(content, Formula) else content


def layout_of(*entries: Registered, problems: tuple[Problem, ...] = ()) -> Layout:
    return lay_out_register(register_of(entries, problems))


def sheet(layout: Layout, name: str) -> Sheet:
    return next(sheet for sheet in layout.sheets if sheet.name == name)


def written(path: Path, *entries: Registered) -> Live:
    """A register on the disk, read back and recomputed; its own formulas hold."""
    write_layout(layout_of(*entries), path)
    result = verify(path)
    assert isinstance(result, Verified)
    assert result.problems == ()
    live, _ = open_live(path)
    assert live is not None
    return live


def test_a_row_for_each_customer_with_what_its_bill_says() -> None:
    found = rows(sheet(layout_of(*RUN), "客户 Customers"))
    assert [row["客户"] for row in found] == ["C1", "C2", "C3", "C4"]
    for row, entry in zip(found, RUN, strict=True):
        bill = entry.bill
        assert (row["预付费费用"], row["本期应收"], row["价税合计"]) == (
            bill.prepaid.number,
            bill.due.number,
            bill.total.number,
        )
        credit = [row[key] for key in ("本期退款", "上期结余", "结余抵减", "期末结余")]
        names = ("refunded", "credit_opening", "credit_used", "credit")
        assert credit == [bill.sums[name].number if name in bill.sums else 0 for name in names]
        assert Decimal(str(row["不含税"])) + Decimal(str(row["税额"])) == bill.total.number
        assert (row["账单文件"], row["账单号"]) == (entry.file, "草稿 draft")


def test_products_and_apps_add_up_to_all_lines() -> None:
    layout = layout_of(*RUN)
    lines = rows(sheet(layout, "明细 Lines"), heading_row=1)
    everything = sum(line.amount.number for entry in RUN for line in entry.bill.lines)
    for name in ("产品 Products", "应用 Apps"):
        found = rows(sheet(layout, name))
        assert sum(Decimal(str(row["金额"])) for row in found) == everything, name
        assert all(row["金额"] == Decimal(str(row["预付费"])) + Decimal(str(row["后付费"])) for row in found)
        assert len(found) > 1
    assert len(lines) == sum(len(entry.bill.lines) for entry in RUN)


def test_balances_say_what_they_are_of_and_counts_grow(tmp_path: Path) -> None:
    bills = list(bills_of(("prepaid.md", "rollovers.md", "years.md"), tmp_path / "workspaces", most=1))
    entries = [of(f"C{number}", bill) for number, bill in enumerate(bills)]
    found = rows(sheet(layout_of(*entries), "余额 Balances"))
    assert {row["类别"] for row in found} == {"加油包 pack", "额度结转 rollover", "累计 so far"}
    for row in found:
        opening, lost, closing = (Decimal(str(row[key])) for key in ("期初", "抵扣（负数为计入）", "期末"))
        assert opening - lost - Decimal(str(row["失效"])) == closing
        assert (lost < 0) == (row["类别"] == "累计 so far" and closing > opening)
    written(tmp_path / "register.xlsx", *entries)


def test_totals_follow_the_filter_and_sums_the_lines() -> None:
    layout = layout_of(*RUN)
    customers, products = sheet(layout, "客户 Customers"), sheet(layout, "产品 Products")
    (total,) = (c for c in customers.cells if c.row == 3 and c.column == 14)
    assert total.content == Formula("SUBTOTAL(9,N6:N9)", sum(entry.bill.total.number for entry in RUN))
    assert str(customers.filtered) == "A5:O9"
    amounts = [c.content for c in products.cells if c.row > 5 and c.column == 6]
    assert all(isinstance(a, Formula) and a.text.startswith("SUMIFS('明细 Lines'!$Y$2:") for a in amounts)


def test_the_written_register_holds_by_its_own_formulas(tmp_path: Path) -> None:
    live = written(tmp_path / "register.xlsx", *RUN)
    assert live.exact["客户 Customers", 3, 14] == sum(entry.bill.total.number for entry in RUN)


NASTY = (
    "00123",
    "123",
    "77",
    ">5",
    "=A1",
    "a*",
    "ab?",
    "~x",
    "TRUE",
    "may5",
    "1E3",
    "123456789012345678",
    "晨-1",
    "a#1",
    "—",
)


def with_nasty_codes() -> list[Registered]:
    """A customer for each of the codes, whose app has it, each bill ten times the one before."""
    return [of(f"K{n}", bill_of([adjustment(str(10**n))]), app) for n, app in enumerate(NASTY)]


def test_every_code_is_summed_as_itself(tmp_path: Path) -> None:
    """A condition of SUMIFS would take a* for every app with an a, 123 for 00123, >5 for a comparison."""
    live = written(tmp_path / "register.xlsx", *with_nasty_codes())
    found = {live.exact["应用 Apps", row, 3]: live.exact["应用 Apps", row, 7] for row in range(6, 6 + len(NASTY))}
    assert found == {app: Decimal(10**n) for n, app in enumerate(NASTY)}


@pytest.mark.parametrize(
    ("code", "beside", "alone"),
    [
        ("shop-1", (), True),
        ("商店", (), True),
        ("1112#demo", (), True),
        ("123", (), True),
        ("123", ("0123",), False),
        ("1234567890123456", (), False),  # Excel knows 15 digits
        ("a*", (), False),
        (">5", (), False),
        ("true", (), False),
        ("Mar-26", (), False),
        ("2026-04-01", (), False),
        ("50%", (), False),
    ],
)
def test_which_codes_a_condition_finds_alone(code: str, beside: tuple[str, ...], alone: bool) -> None:
    assert (code in unmistakable((code, *beside))) is alone


def test_money_of_two_currencies_never_stands_in_one_column(tmp_path: Path) -> None:
    yen = replace(bill_of([fee("a2", Label("套餐", "Plan"), "1200", 5)]), currency=Currency("JPY", 0))
    live = written(tmp_path / "register.xlsx", of("C1", ordinary()), of("J1", yen, "j1"))
    names = [s.name for s in live.workbook.sheets]
    assert {"客户 Customers CNY", "客户 Customers JPY", "产品 Products JPY", "应用 Apps CNY"} < set(names)
    assert live.exact["客户 Customers JPY", 3, 14] == 1200
    assert live.exact["客户 Customers CNY", 3, 14] == ordinary().total.number


def test_one_currency_of_two_books_with_other_decimals_is_one(tmp_path: Path) -> None:
    finer = replace(ordinary(), currency=Currency("CNY", 3))
    live = written(tmp_path / "register.xlsx", of("C1", ordinary()), of("C2", finer, "a2"))
    assert "客户 Customers" in [sheet.name for sheet in live.workbook.sheets]
    assert live.exact["客户 Customers", 3, 14] == 2 * ordinary().total.number


def test_problems_of_the_run_stand_beside_their_customers() -> None:
    told = problem("no-such-customer", Place("accounts.xlsx"), found="C9", nearest="C1")
    about = problem("template-missing", Place("accounts.xlsx", "客户", 4, 2), customer="C2", found="x.xlsx")
    about = replace(about, about=Subject(customer="C2"))
    layout = layout_of(*RUN, problems=(told, about))
    found = rows(sheet(layout, "问题 Problems"))
    assert {(row["代码"], row["客户"]) for row in found} == {("no-such-customer", ""), ("template-missing", "C2")}
    warnings = {row["客户"]: row["警告"] for row in rows(sheet(layout, "客户 Customers"))}
    assert warnings["C2"] == 1


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_layout(layout_of(*RUN), tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_link_leads_to_the_invoice_and_every_sheet_prints_on_a4(tmp_path: Path) -> None:
    entry = replace(of("C1", ordinary()), file="客户 #1-2026-04.xlsx")
    write_layout(layout_of(entry), tmp_path / "register.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "register.xlsx")
    assert workbook["客户 Customers"]["D6"].hyperlink.target == "客户%20%231-2026-04.xlsx"
    for page in workbook:
        assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")
    for page in workbook.worksheets[1:]:
        assert page.auto_filter.ref is not None
        assert page.print_title_rows is not None


# --- csv -----------------------------------------------------------------------------------------------------------


def read(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_csv_has_every_bill_and_every_line_in_exact_figures() -> None:
    register = register_of(RUN)
    bills, lines = read(register_csv(register)), read(lines_csv(register))
    assert [row["价税合计 Total"] for row in bills] == [f"{entry.bill.total.number:.2f}" for entry in RUN]
    assert len(lines) == sum(len(entry.bill.lines) for entry in RUN)
    assert sum(Decimal(line["金额 Amount"]) for line in lines) == sum(Decimal(row["价税合计 Total"]) for row in bills)
    assert {line["账期 Period"] for line in lines} == {"2026-04"}


def test_the_database_has_what_the_csv_files_have(tmp_path: Path) -> None:
    register = register_of(RUN)
    write_sqlite(register, tmp_path / "results.sqlite")
    with closing(sqlite3.connect(tmp_path / "results.sqlite")) as database:
        for table, rows in (("bills", read(register_csv(register))), ("lines", read(lines_csv(register)))):
            stored = database.execute(f"SELECT * FROM {table}").fetchall()
            assert [[value or "" for value in row] for row in stored] == [list(row.values()) for row in rows]
        (sums,) = database.execute("SELECT COUNT(DISTINCT customer), SUM(amount) FROM lines").fetchall()
    assert sums[0] == len({entry.bill.customer.code for entry in RUN if entry.bill.lines})
    assert round(Decimal(sums[1]), 2) == sum(entry.bill.total.number for entry in RUN)


def test_the_same_rows_give_the_same_database(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_sqlite(register_of(RUN), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_disk_that_is_full_is_told_of_a_database_as_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr("xlbill.register.as_sqlite._fill", full)
    (told,) = written_to(tmp_path / "results.sqlite", "results.sqlite", partial(write_sqlite, register_of(RUN)))
    assert (told.code, told.found("en")) == ("cannot-write", "no space is left on the disk")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\tx"])
def test_no_text_of_a_csv_is_live(name: str) -> None:
    (row,) = read(register_csv(register_of([of("C1", ordinary(), name=name)])))
    assert row["名称 Name"] == f"'{name}"


def test_a_refund_stays_a_number_in_csv() -> None:
    amounts = [row["金额 Amount"] for row in read(lines_csv(register_of([of("C4", refunding())])))]
    assert any(amount.startswith("-") for amount in amounts)
    assert all(Decimal(amount) == Decimal(amount).quantize(Decimal("0.01")) for amount in amounts)


def test_a_run_without_bills_has_an_empty_register(tmp_path: Path) -> None:
    write_layout(layout_of(), tmp_path / "register.xlsx")
    assert read(register_csv(register_of(()))) == []


@pytest.mark.parametrize("most_lines", [1_000_000, 4])
def test_a_large_register_is_written_row_by_row_and_goes_on_in_further_sheets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most_lines: int
) -> None:
    usual = written(tmp_path / "usual.xlsx", *RUN[::3])
    for module in ("lay_out", "tables"):
        monkeypatch.setattr(f"xlbill.register.{module}.LARGE", 2)
    monkeypatch.setattr("xlbill.register.tables.MOST_LINES", most_lines)
    large = written(tmp_path / "large.xlsx", *RUN[::3])
    count = sum(len(entry.bill.lines) for entry in RUN[::3])
    parts = [name for name in openpyxl.load_workbook(tmp_path / "large.xlsx").sheetnames if name.startswith("明细")]
    assert parts == ["明细 Lines", *(f"明细 Lines {n}" for n in range(2, -(-count // most_lines) + 1))]
    sums = {at: value for at, value in usual.exact.items() if not at[0].startswith("明细")}
    assert sums == {at: value for at, value in large.exact.items() if not at[0].startswith("明细")}
    assert len(sums) > 100
    amounts = [
        large.exact[name, row, 25]
        for name in parts
        for row in range(2, most_lines + 2)
        if (name, row, 25) in large.exact
    ]
    assert amounts == [line.amount.number for entry in RUN[::3] for line in entry.bill.lines]


@pytest.mark.parametrize("columns", [CUSTOMER_COLUMNS, REVIEW_COLUMNS])
def test_headings_break_in_no_word_and_fit_a_page(columns: tuple[Field, ...]) -> None:
    wide = {field: points_wide(column_width(field)) for field in columns}
    for field, points in wide.items():
        for word in str(field.heading).split():
            assert text_width(word, FONT.size, bold=True) < points, field.key
    assert sum(wide.values()) <= MAX_ACROSS * POINTS_PER_UNIT


def test_all_sheets_are_of_one_scale_and_a_second_page_says_whose_its_rows_are() -> None:
    pages = {sheet.name: sheet.page for sheet in layout_of(*RUN).sheets}
    assert {page.scale for page in pages.values() if page.fit is None} == {SCALE}
    assert pages["概览 Overview"].fit is None
    assert pages["明细 Lines"].fit == (2, 0) and pages["明细 Lines"].named == 3


def test_the_front_page_says_no_codes_of_problems_and_nothing_of_a_file_name_is_cut() -> None:
    facts = {"app": "a-1", "item": "dau", "name": "日活", "limit": "100", "plan": "im.free", "found": "130"}
    told = problem("over-free-limit", **facts)
    layout = layout_of(*RUN, problems=(told,))
    front = " ".join(str(cell.content) for cell in layout.sheets[0].cells if isinstance(cell.content, str))
    assert told.message("zh") in front and told.code not in front
    name = f"C1-2026-04 {'202605-00017':>24}.xlsx"
    long = layout_of(Registered(replace(RUN[0].bill), name))
    column = next(cell.column for cell in sheet(long, "客户 Customers").cells if cell.file)
    assert text_width(name, FONT.size) < points_wide(sheet(long, "客户 Customers").columns[column])
