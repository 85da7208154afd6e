"""From draft to invoice to credit note, through the commands, as finance does it."""

import hashlib
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from tests.issuing.house import CUSTOMERS, JANUARY, SHEETS, Office, note_in, office_in
from tests.ledger.checker import check
from tests.workbooks import write_workbook
from xlbill.cli import main
from xlbill.manifest import read_manifest
from xlbill.periods import Month

FEBRUARY, MARCH = JANUARY.plus(1), JANUARY.plus(2)
REVIEW = "复核 Review"


def test_drafts_become_invoices(office: Office) -> None:
    office.bill(JANUARY)
    done = office.issue(JANUARY)
    assert (done.status, done.codes) == (0, [])
    assert [(i["number"], i["customer"], i["due_on"], i["total"]) for i in done.told["invoices"]] == [
        ("202502-00001", "C1", "2025-02-21", "114.00"),  # 100 + 2 blocks of 7
        ("202502-00002", "C2", "2025-02-21", "107.00"),
        ("202502-00003", "C3", "2025-02-21", "121.00"),
    ]
    file = Path(done.told["invoices"][0]["file"])
    assert file.stat().st_mode & 0o222 == 0
    texts = [str(c.value) for row in openpyxl.load_workbook(file).worksheets[0].iter_rows() for c in row if c.value]
    assert any("202502-00001" in text for text in texts)
    assert any("付款附言：202502-00001" in text for text in texts)
    assert not [text for text in texts if "草稿" in text]
    assert office.verified(file) == 0
    assert office.run("ledger", "verify").codes == []
    assert check(office.folder / "ledger.sqlite")[0] == []


def test_a_draft_says_that_it_is_one_and_has_no_dates(office: Office) -> None:
    file = office.bill(JANUARY).told["bills"][0]["file"]
    sheet = openpyxl.load_workbook(file).worksheets[0]
    texts = [str(c.value) for row in sheet.iter_rows() for c in row if c.value]
    assert [text for text in texts if "草稿" in text]
    assert not [text for text in texts if "付款附言" in text or "最晚付款日" in text]


# --- refusals ------------------------------------------------------------------------------------------------------


def refused(office: Office, code: str, *more: object, month: object = JANUARY, on: date | None = None) -> None:
    done = office.issue(month, *more, on=on)  # type: ignore[arg-type]
    assert (set(done.codes), done.status) == ({code}, 2)
    assert done.told["invoices"] == []


def test_without_drafts_nothing_is_issued(office: Office) -> None:
    refused(office, "no-drafts")


def test_a_month_twice(office: Office) -> None:
    office.bill(JANUARY)
    office.issue(JANUARY)
    refused(office, "issued-already")
    refused(office, "issued-already", "--customer", "C2")


def test_those_left_out_are_issued_later(office: Office) -> None:
    office.bill(JANUARY)
    assert len(office.issue(JANUARY, "--customer", "C2").told["invoices"]) == 1
    rest = office.issue(JANUARY)
    assert ([i["number"] for i in rest.told["invoices"]], rest.told["issued_before"], rest.status) == (
        ["202502-00002", "202502-00003"],
        ["C2"],
        0,
    )


@pytest.mark.parametrize("late", ["usage", "accounts", "book"])
def test_a_draft_older_than_its_inputs(office: Office, late: str) -> None:
    office.bill(JANUARY)
    if late == "usage":
        office.use(JANUARY, {"C1": 26, "C2": 12, "C3": 40})
    else:
        note_in(office.folder / ("accounts.xlsx" if late == "accounts" else "price_tables/small.xlsx"))
    refused(office, "draft-stale")


def test_each_on_a_template_of_their_own(office: Office) -> None:
    """What others' bills are made on makes nobody's draft older."""
    accounts, templates = office.folder / "accounts.xlsx", office.folder / "templates"
    rows = "".join(f"| {code} | {code} | {code}.xlsx |\n" for code in CUSTOMERS)
    write_workbook(accounts, {**SHEETS, "Customers": "| code | name | template |\n" + rows})
    templates.mkdir()
    for code in CUSTOMERS:
        shutil.copy("templates/invoice.xlsx", templates / f"{code}.xlsx")
    office.bill(JANUARY)
    assert len(office.issue(JANUARY, "--customer", "C2").told["invoices"]) == 1
    note_in(accounts)
    office.bill(JANUARY, "--customer", "C3")
    assert len(office.issue(JANUARY, "--customer", "C3").told["invoices"]) == 1
    office.bill(JANUARY, "--customer", "C1")
    note_in(templates / "C1.xlsx")
    refused(office, "draft-stale", "--customer", "C1")


def test_a_draft_that_somebody_edited_or_lost(office: Office) -> None:
    files = [Path(bill["file"]) for bill in office.bill(JANUARY).told["bills"]]
    files[0].write_bytes(b"mine")
    files[1].unlink()
    done = office.issue(JANUARY)
    assert (sorted(done.codes), done.told["left_out"]) == (["draft-edited", "draft-missing"], ["C1", "C2"])
    assert [i["number"] for i in done.told["invoices"]] == ["202502-00001"]


def test_months_and_dates_go_forward(office: Office) -> None:
    office.bill(JANUARY)
    office.issue(JANUARY, on=date(2025, 2, 3))
    office.use(FEBRUARY, {"C1": 5})
    office.use(MARCH, {"C1": 5})
    office.bill(MARCH)
    refused(office, "month-out-of-order", month=MARCH)
    office.bill(FEBRUARY)
    refused(office, "month-not-over", month=FEBRUARY, on=date(2025, 2, 28))
    refused(office, "issue-back-dated", month=FEBRUARY, on=date(2025, 2, 2))
    refused(office, "issue-in-future", month=FEBRUARY, on=date(2999, 1, 1))


def test_a_ledger_that_is_gone_or_older_issues_nothing(office: Office) -> None:
    office.bill(JANUARY)
    office.issue(JANUARY, "--customer", "C1")
    ledger = office.folder / "ledger.sqlite"
    copy = ledger.read_bytes()
    office.issue(JANUARY, "--customer", "C2")
    ledger.write_bytes(copy)
    refused(office, "ledger-older")
    ledger.unlink()
    refused(office, "ledger-gone")
    assert not ledger.exists()


def test_numbers_by_the_seller_s_own_pattern(office: Office) -> None:
    path = office.folder / "accounts.xlsx"
    workbook = openpyxl.load_workbook(path)
    workbook["Seller"].append(["invoice numbers", "INV-{currency}-{seq:04}"])
    workbook["Seller"].append(["credit note numbers", "CR-{year}-{seq}"])
    workbook.save(path)
    office.bill(JANUARY)
    assert [i["number"] for i in office.issue(JANUARY).told["invoices"]] == [f"INV-CNY-000{n}" for n in (1, 2, 3)]
    assert office.run("void", "INV-CNY-0002", "--reason", "x", "--on", "2025-02-01").told["number"] == "CR-2025-1"
    workbook["Seller"].cell(workbook["Seller"].max_row, 2).value = "CR-{year}"
    workbook.save(path)
    assert office.run("void", "INV-CNY-0001", "--reason", "x", "--on", "2025-02-01").codes == ["number-pattern-bad"]


# --- void ----------------------------------------------------------------------------------------------------------


def test_a_credit_note_and_the_month_anew(office: Office) -> None:
    office.bill(JANUARY)
    office.issue(JANUARY)
    done = office.run("void", "202502-00002", "--reason", "=usage came late", "--on", "2025-02-03")
    assert (done.told["number"], done.told["total"], done.status) == ("CN202502-00001", "-107.00", 0)
    note = openpyxl.load_workbook(done.told["file"]).worksheets[0]
    cells = [c.value for row in note.iter_rows() for c in row if c.value is not None]
    assert {"202502-00002", "=usage came late"} <= {str(value) for value in cells}
    assert note["E14"].value == "=-D14"
    assert office.verified(done.told["file"]) == 0
    office.use(JANUARY, {"C1": 25, "C2": 32, "C3": 40})
    office.bill(JANUARY)
    again = office.issue(JANUARY, on=date(2025, 2, 3))
    assert [(i["number"], i["total"]) for i in again.told["invoices"]] == [("202502-00004", "121.00")]
    assert office.run("ledger", "verify").codes == []
    assert check(office.folder / "ledger.sqlite")[0] == []


@pytest.mark.parametrize("after", [("void", "202502-00001", "--reason", "too"), ("issue", "2025-01")])
def test_a_credit_note_that_a_kill_kept_off_the_manifest_is_filed_by_the_next_command(
    office: Office, monkeypatch: pytest.MonkeyPatch, after: tuple[str, ...]
) -> None:
    office.bill(JANUARY)
    office.issue(JANUARY)
    path = office.folder / "issued" / str(JANUARY) / "manifest-2025-01.json"

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    void = ("void", "202502-00002", "--reason", "wrong price", "--on", "2025-02-03")
    with monkeypatch.context() as patched:
        patched.setattr("xlbill.issuing.voiding.add_to_manifest", killed)
        CliRunner().invoke(main, [*void, "-w", str(office.folder)])
    file = "C2-2025-01 CN202502-00001.xlsx"
    before, _ = read_manifest(path)
    assert before is not None and file not in before.files and file in office.files(JANUARY)
    office.run(*after, "--on", "2025-02-03")
    manifest, _ = read_manifest(path)
    assert manifest is not None and manifest.files[file].cells
    assert manifest.files[file].sha256 == hashlib.sha256(office.files(JANUARY)[file]).hexdigest()
    assert int(manifest.ledger.partition(":")[0]) > int(before.ledger.partition(":")[0])
    assert office.run(*void).codes == ["void-already"]


# --- payments of the accounts ---------------------------------------------------------------------------------------


def test_payments_of_the_accounts_are_taken_once_and_before_the_month_is_issued(office: Office) -> None:
    paid = "| date | customer | amount | currency |\n| 2025-01-20 | C1 | 100 | CNY |\n"
    later = paid + "| 2025-02-03 | C1 | 5 | CNY |\n"
    write_workbook(office.folder / "accounts.xlsx", {**SHEETS, "Payments": later})
    office.bill(JANUARY)
    assert office.issue(JANUARY).told["payments"] == 1  # the other came after the day of issue
    (first, *_) = office.run("ledger", "list").told["bills"]
    assert (first["customer"], first["total"], first["open"]) == ("C1", "114.00", "0.00")  # 100 of it was prepaid
    again = office.run("pay", "import")
    assert ([p["amount"] for p in again.told["taken"]], again.told["known"], again.codes) == (["5"], 1, [])
    write_workbook(office.folder / "accounts.xlsx", {**SHEETS, "Payments": later.replace("| 5 |", "| 50 |")})
    assert office.run("pay", "import").codes == ["payment-edited"]
    write_workbook(office.folder / "accounts.xlsx", {**SHEETS, "Payments": later + "| 2025-02-03 | C1 | -5 | CNY |\n"})
    assert [p["amount"] for p in office.run("pay", "import").told["taken"]] == ["-5"]
    assert office.run("ledger", "verify").codes == []


# --- review and approval -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def second_month(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """January issued, February billed with a customer gone, another grown."""
    office = office_in(tmp_path_factory.mktemp("second-month"))
    office.bill(JANUARY)
    office.issue(JANUARY)
    office.use(FEBRUARY, {"C1": 95, "C3": 40})
    office.bill(FEBRUARY)
    return office


@pytest.fixture
def reviewed(second_month: Office, tmp_path: Path) -> Office:
    """A copy of the second month, whose register waits for its review."""
    return Office(shutil.copytree(second_month.folder, tmp_path / "reviewed"))


def register_of(office: Office, month: Month) -> Path:
    return office.folder / "invoices" / str(month) / "register.xlsx"


def test_why_totals_moved_adds_up(reviewed: Office) -> None:
    book = openpyxl.load_workbook(register_of(reviewed, FEBRUARY), data_only=True)
    rows = list(book[REVIEW].iter_rows(min_row=6, values_only=True))
    assert [row[:1] + row[2:12] for row in rows] == [
        ("C1", 163, 114, 114, 49, 49, 0, 0, 0, 0, 0),
        ("C2", 100, 107, 107, -7, -7, 0, 0, 0, 0, 0),
        ("C3", 121, 121, 121, 0, 0, 0, 0, 0, 0, 0),
    ]
    notes = {row[0]: row[12] or "" for row in rows}
    assert "43%" in notes["C1"]
    assert "used last month, silent now: Users" in notes["C2"]
    assert notes["C3"] == ""


CONTRACTS = """
| customer | item | price | discount % | included | from |
| C1 | dau | 9 | | | 2025-02-01 |
| C2 | im.pro | | 0.2 | | 2025-01-01 |
| C2 | dau | 9 | | | 2025-02-01 |
| C3 | dau | | | 20 | 2025-02-01 |
"""


def test_a_price_a_quota_and_a_discount_move_totals_by_what_they_come_to(office: Office) -> None:
    write_workbook(office.folder / "accounts.xlsx", {**SHEETS, "Contracts": CONTRACTS})
    office.bill(JANUARY)
    office.issue(JANUARY)
    office.use(FEBRUARY, {"C1": 25, "C2": 32, "C3": 40})
    office.bill(FEBRUARY)
    register = register_of(office, FEBRUARY)
    rows = list(openpyxl.load_workbook(register, data_only=True)[REVIEW].iter_rows(min_row=6, values_only=True))
    moved = {row[0]: row[5:12] for row in rows}
    assert moved["C1"] == (4, 0, 4, 0, 0, 0, 0)  # two blocks at 9 in place of 7
    assert moved["C2"] == (20, 14, 6, 0, 0, 0, 0)  # two blocks more at 7; three at 9 in place of 7
    assert moved["C3"] == (-7, 0, -7, 0, 0, 0, 0)  # ten users more in the quota: a block of 7 less


def test_the_review_s_limits_are_the_seller_s_and_it_prints_on_one_page_across(reviewed: Office) -> None:
    office, register = reviewed, register_of(reviewed, FEBRUARY)
    book = openpyxl.load_workbook(register)
    assert book[REVIEW].page_setup.fitToWidth in (None, 1)  # 1 goes without saying
    sheets = {**SHEETS, "Seller": SHEETS["Seller"].replace("400", "120") + "| review changes above | 50% |\n"}
    write_workbook(office.folder / "accounts.xlsx", sheets)
    office.bill(FEBRUARY)
    rows = list(openpyxl.load_workbook(register)[REVIEW].iter_rows(min_row=6, values_only=True))
    notes = {row[0]: row[12] or "" for row in rows}
    assert "43%" not in notes["C1"]
    assert [code for code, note in notes.items() if "above 120.00" in note] == ["C1", "C3"]


def approve(register: Path, rows: dict[int, str], spoil: tuple[str, str, object] | None = None) -> Path:
    workbook = openpyxl.load_workbook(register)
    for row, word in rows.items():
        workbook[REVIEW].cell(row, 14).value = word
    if spoil is not None:
        workbook[spoil[0]][spoil[1]].value = spoil[2]
    path = register.with_name("approved.xlsx")
    workbook.save(path)
    return path


def test_only_what_is_approved_is_issued(reviewed: Office) -> None:
    path = approve(register_of(reviewed, FEBRUARY), {6: "是", 8: "yes", 7: "否"})
    done = reviewed.issue(FEBRUARY, "--approved", path)
    assert ([i["customer"] for i in done.told["invoices"]], done.told["not_approved"]) == (["C1", "C3"], ["C2"])
    assert done.status == 0


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        ((REVIEW, "C6", 1), "register-changed"),
        (("客户 Customers", "J7", 1), "register-changed"),
        (("客户 Customers", "G7", "=1"), "register-changed"),
        (("明细 Lines", "Y3", 1), "register-changed"),
        ((REVIEW, "A6", "C9"), "register-changed"),
        ((REVIEW, "N7", "perhaps"), "approval-unclear"),
    ],
)
def test_a_register_that_was_changed_approves_nothing(
    reviewed: Office, spoil: tuple[str, str, object], code: str
) -> None:
    path = approve(register_of(reviewed, FEBRUARY), {6: "是"}, spoil)
    done = reviewed.issue(FEBRUARY, "--approved", path)
    assert (set(done.codes), done.told["invoices"]) == ({code}, [])


# --- against what was issued ---------------------------------------------------------------------------------------


def test_late_usage_becomes_an_adjustment_that_keeps_its_days(office: Office) -> None:
    office.bill(JANUARY)
    office.issue(JANUARY)
    assert office.bill(JANUARY, "--against-issued").told["differences"] == []
    office.use(JANUARY, {"C1": 45, "C2": 12, "C3": 40})
    told = office.bill(JANUARY, "--against-issued", "--adjust").told
    (one,) = told["differences"]
    assert [one[key] for key in ("customer", "issued", "now", "difference")] == ["C1", "14.00", "28.00", "14.00"]
    office.use(FEBRUARY, {"C1": 25, "C2": 12, "C3": 40})
    bill = office.bill(FEBRUARY).told["bills"][0]
    assert [line["amount"] for line in bill["lines"] if line["kind"] == "adjustment"] == ["14.00"]
    issued = office.issue(FEBRUARY)
    sheet = openpyxl.load_workbook(issued.told["invoices"][0]["file"]).worksheets[0]
    texts = [str(c.value) for row in sheet.iter_rows() for c in row if c.value]
    assert any(text.startswith("2025-01-01 至 2025-01-31") for text in texts)
    assert office.bill(JANUARY, "--against-issued").told["differences"] == []  # it was made good
    assert office.bill(FEBRUARY, "--against-issued").told["differences"] == []
    assert Decimal(bill["total"]) == Decimal("128")
