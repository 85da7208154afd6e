"""Payments and statements: a bank's rows find their customers or are told, and the account adds up to the fen."""

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.ledger.months import APRIL, JUNE, MAY, USD, House, codes, draft
from tests.workbooks import table
from xlbill.accounts import NO_SELLER
from xlbill.audit.verify import Verified, verify
from xlbill.invoice import load_template
from xlbill.invoice.pages.lay_out_account import lay_out_account
from xlbill.ledger.bank import BANK, Payer
from xlbill.ledger.documents import head_of
from xlbill.ledger.pay import Imported, import_payments
from xlbill.ledger.statement import BUCKETS, Statement, ageing, statements, unassigned, year_by_product
from xlbill.ledger.statement_pages import TEMPLATES, page_of_statement
from xlbill.ledger.statement_sheet import lay_out_ageing, lay_out_year
from xlbill.ledger.verify import verify_ledger
from xlbill.ledger.wallets import open_bills
from xlbill.workbook import write_layout
from xlbill.workspace import SHIPPED

PAYERS = (
    Payer("C001", ("甲公司", "Acme Ltd")),
    Payer("C002", ("乙公司", "Beta Ltd")),
    Payer("C003", ("乙公司",)),
)
DAY = date(2026, 5, 20)


@dataclass(frozen=True)
class Bank:
    """A bank whose sheets go into a house's ledger."""

    house: House

    def imports(self, text: str, name: str = "bank.csv", on: date = DAY) -> Imported:
        path = self.house.folder / name
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(table(text))
        with self.house.ledger() as ledger:
            return import_payments(ledger, path, PAYERS, on, datetime(2026, 5, 20, tzinfo=UTC), name)

    def open(self) -> list[tuple[str, Decimal]]:
        with self.house.ledger() as ledger:
            assert verify_ledger(ledger) == []
            return [(bill.number, bill.amount) for bill in open_bills(ledger)]

    def left(self, customer: str) -> Decimal:
        with self.house.ledger() as ledger:
            return unassigned(ledger, customer).get("CNY", Decimal(0))

    def statement(self, customer: str, since: date, until: date) -> Statement:
        with self.house.ledger() as ledger:
            (statement,), _ = statements(ledger, customer, since, until)
            return statement


@pytest.fixture
def bank(house: House) -> Bank:
    """Bills of April for three customers, of May for the first."""
    house.issue(draft("C001", due="1000"), draft("C002", due="500"), draft("C003", due="70.10"))
    house.issue(draft("C001", MAY, due="300"), on=date(2026, 6, 1))
    return Bank(house)


def test_every_heading_of_a_bank_is_known_once() -> None:
    words = [word.casefold() for column in BANK.columns for word in column.headings()]
    assert len(set(words)) == len(words) - sum(column.key == column.heading.en for column in BANK.columns)


@pytest.mark.parametrize(
    ("headings", "row", "customer"),
    [
        ("日期 | 客户 | 金额", "2026/5/10 | C001 | 600", "C001"),
        ("交易日期 | 对方户名 | 贷方发生额 | 摘要", "20260510 | 甲 公司 | 600.00 | 货款", "C001"),
        ("Date | Payer | Amount | Currency", "2026-05-10 | ACME LTD | 600 | cny", "C001"),
        ("日期 | 付款人 | 金额", "2026-05-10 | c002 | 600", "C002"),  # a code is a name, too
        ("日期 | 付款人 | 金额 | 附言", "2026-05-10 | 某代付 | 600 | 付202605-00002账单", "C002"),
        ("日期 | 付款人 | 金额 | 附言", "2026-05-10 | 乙公司 | 600 | 202605-00003.", "C003"),  # two have the name
        ("日期 | 客户 | 付款人 | 金额", "2026-05-10 | c002 | 甲公司 | 600", "C002"),  # the code decides
    ],
)
def test_a_payment_is_whose_its_row_says(bank: Bank, headings: str, row: str, customer: str) -> None:
    done = bank.imports(f"| {headings} |\n|---|\n| {row} |")
    assert (codes(done.problems), [p.customer for p in done.taken]) == ([], [customer])
    assert done.taken[0].amount == 600


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("2026-05-10 |  | 丙公司 | 600 | ", "payment-unmatched"),
        ("2026-05-10 | C009 | 甲公司 | 600 | ", "payment-unmatched"),
        ("2026-05-10 |  | 乙公司 | 600 | ", "payment-ambiguous"),
        ("2026-05-10 |  | 甲公司 | 600 | 202605-00002", "payment-ambiguous"),
        ("2026-05-10 | C001 | 甲公司 | 600 | 202605-00002", "payment-ambiguous"),
        ("2026-05-10 | C001 |  | 600.0011 | ", "payment-not-rounded"),
        ("2026-05-21 | C001 |  | 600 | ", "payment-in-future"),
        ("2026-05-10 | C001 |  | -1 | ", "payment-over-credit"),
        ("2026-05-10 | C001 |  |  | ", "cell-blank"),
        ("01/02/2026 | C001 |  | 600 | ", "date-ambiguous"),
        ("2026-05-10 | C001 |  | 1,5 | ", "number-ambiguous"),
    ],
)
def test_what_is_not_clear_is_told_and_not_taken(bank: Bank, row: str, code: str) -> None:
    good = "2026-05-11 | C003 |  | 70.10 | "
    done = bank.imports(f"| 日期 | 客户 | 付款人 | 金额 | 附言 |\n|---|\n| {row} |\n| {good} |")
    assert (codes(done.problems), [p.customer for p in done.taken]) == ([code], ["C003"])


def test_a_currency_that_is_not_clear(bank: Bank) -> None:
    bank.house.issue(draft("C001", MAY.plus(1), due="9", currency=USD), on=date(2026, 7, 1))
    done = bank.imports("| 日期 | 客户 | 金额 |\n|---|\n| 2026-05-10 | C001 | 600 |")
    assert (codes(done.problems), done.taken) == (["payment-currency-unknown"], ())


def test_a_row_is_taken_once_in_one_file_and_in_two(bank: Bank) -> None:
    head, row = "| 日期 | 付款人 | 金额 | 附言 |\n|---|", "| 2026-05-10 | 甲公司 | 600 | A |"
    first = bank.imports(f"{head}\n{row}\n{row}\n| 2026-05-10 | 甲公司 | 600 | B |")
    assert (codes(first.problems), [p.reference for p in first.taken]) == (["payment-twice"], ["A", "B"])
    again = bank.imports(f"{head}\n| 2026-05-10 | 甲公司 | 600.00 | a |\n| 2026-05-12 | 甲公司 | 7 | C |", "later.csv")
    assert (codes(again.problems), again.known, [p.reference for p in again.taken]) == ([], 1, ["C"])


def test_wallets_pay_the_oldest_bill_first(bank: Bank) -> None:
    assert bank.open()[0] == ("202605-00001", Decimal(1000))
    bank.imports("| 日期 | 客户 | 金额 |\n|---|\n| 2026-05-10 | C001 | 1100.50 |", on=date(2026, 6, 2))
    assert bank.open() == [
        ("202605-00002", Decimal(500)),
        ("202605-00003", Decimal("70.10")),
        ("202606-00001", Decimal("199.50")),
    ]
    bank.imports("| 日期 | 客户 | 金额 |\n|---|\n| 2026-05-11 | C001 | 1000 |", "b.csv", date(2026, 6, 2))
    assert (bank.left("C001"), len(bank.open())) == (Decimal("800.50"), 2)
    bank.house.issue(draft("C001", MAY.plus(1), due="800"), on=date(2026, 7, 1))  # deducted on the 1st
    assert (bank.left("C001"), len(bank.open())) == (Decimal("0.50"), 2)


def test_the_bill_that_a_payment_names_is_paid_first(bank: Bank) -> None:
    row = "| 2026-05-30 | C001 | 300 | 202606-00001 |"
    bank.imports(f"| 日期 | 客户 | 金额 | 附言 |\n|---|\n{row}", on=date(2026, 6, 2))
    assert bank.open()[0] == ("202605-00001", Decimal(1000))
    assert "202606-00001" not in dict(bank.open())


def test_money_is_paid_back_out_of_the_wallet(bank: Bank) -> None:
    head = "| 日期 | 客户 | 金额 | 附言 |\n|---|"
    bank.imports(f"{head}\n| 2026-05-10 | C003 | 100 | in |")
    done = bank.imports(f"{head}\n| 2026-05-11 | C003 | -29.90 | out |", "b.csv")
    assert (codes(done.problems), bank.left("C003")) == ([], 0)


def account(bank: Bank) -> None:
    """April's bill prepaid in part, paid, voided, billed anew; a payment too much."""
    bank.house.issue(draft("C009", APRIL, due="1000", prepaid="300"), on=date(2026, 6, 1))
    with bank.house.ledger() as ledger:
        path = bank.house.folder / "own.csv"
        path.write_text(
            "日期,客户,金额,附言\n2026-06-03,C009,1000,=HYPERLINK\n2026-06-20,C009,30,more\n", encoding="utf-8"
        )
        now = datetime(2026, 6, 20, tzinfo=UTC)
        import_payments(ledger, path, (Payer("C009", ()),), date(2026, 6, 20), now)
    number = "202606-00002"
    bank.house.void(number, on=date(2026, 7, 2))
    bank.house.issue(draft("C009", APRIL, due="900", prepaid="250"), on=date(2026, 7, 3))


def test_a_statement_adds_up(bank: Bank) -> None:
    account(bank)
    statement = bank.statement("C009", date(2026, 6, 2), date(2026, 7, 31))
    assert statement.opening == 1000
    assert [(d.kind, d.reference, d.charged, d.paid) for d in statement.documents] == [
        ("payment", "=HYPERLINK", 0, 1000),
        ("payment", "more", 0, 30),
        ("credit", "CN202607-00001", -1300, 0),
        ("bill", "202607-00001", 1150, 0),
    ]
    assert (statement.closing, statement.open, statement.unassigned) == (-180, (), 180)


@pytest.mark.parametrize(
    "until", [date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 3), date(2026, 7, 2), date(2026, 7, 3)]
)
def test_closing_is_what_is_open_less_what_is_left_on_every_day(bank: Bank, until: date) -> None:
    account(bank)
    for customer in ("C001", "C009"):
        statement = bank.statement(customer, date(2026, 1, 1), until)
        assert statement.closing == sum((b.amount for b in statement.open), Decimal(0)) - statement.unassigned
        following = bank.statement(customer, until, date(2026, 12, 31))
        earlier = bank.statement(customer, date(2026, 1, 1), date.fromordinal(until.toordinal() - 1))
        assert following.opening == earlier.closing


def test_a_bill_knows_what_was_paid_since_the_one_before(bank: Bank) -> None:
    account(bank)
    with bank.house.ledger() as ledger:
        first, voided, again = (head_of(ledger, number) for number in ("202605-00001", "202606-00002", "202607-00001"))
    assert (first.received, voided.received, again.received) == (0, 0, 1030)
    assert (again.owed, voided.numbers, again.numbers) == (-1030, {}, {})
    bank.house.issue(draft("C009", MAY, due="10"), on=date(2026, 7, 4))
    with bank.house.ledger() as ledger:
        assert head_of(ledger, "202607-00002").numbers == {"2026-04": "202607-00001"}


def test_nobody_s_statement_names_the_nearest(bank: Bank) -> None:
    with bank.house.ledger() as ledger:
        told, problems = statements(ledger, "C01", date(2026, 1, 1), date(2026, 12, 31))
    assert (told, codes(problems)) == ((), ["statement-of-nobody"])


@pytest.mark.parametrize(
    ("on", "bucket"),
    [
        ("2026-05-16", 0),
        ("2026-05-17", 1),
        ("2026-06-15", 1),
        ("2026-06-16", 2),
        ("2026-07-16", 3),
        ("2026-08-14", 3),
        ("2026-08-15", 4),
    ],
)
def test_a_bill_grows_older(bank: Bank, on: str, bucket: int) -> None:
    with bank.house.ledger() as ledger:
        (line,) = [line for line in ageing(ledger, date.fromisoformat(on)) if line.customer == "C002"]
    assert [n for n, amount in enumerate(line.buckets) if amount] == [bucket]
    assert (line.balance, len(BUCKETS)) == (500, 5)


def test_the_year_by_month_and_product(bank: Bank) -> None:
    account(bank)
    with bank.house.ledger() as ledger:
        sums = year_by_product(ledger, 2026)
    assert [(s.customer, s.month, s.product, s.amount) for s in sums if s.customer in ("C001", "C009")] == [
        ("C001", "2026-04", "im", 1000),
        ("C001", "2026-05", "im", 300),
        ("C009", "2026-04", "im", 1150),
    ]


TEMPLATE = [load_template(SHIPPED / "templates" / name)[0] for name in TEMPLATES.values()]


def test_the_workbooks_compute_what_they_show(bank: Bank, tmp_path: Path) -> None:
    account(bank)
    with bank.house.ledger() as ledger:
        own = [statements(ledger, code, date(2026, 6, 2), date(2026, 7, 31))[0] for code in ("C009", "C001", "C002")]
        pages = [page_of_statement(told, NO_SELLER, None, DAY) for (told,) in own]
        layouts = [lay_out_account(page, template) for page in pages for template in TEMPLATE]
        layouts += [lay_out_ageing(ageing(ledger, date(2026, 7, 31)), date(2026, 7, 31))]
        layouts += [lay_out_year(year_by_product(ledger, 2026), 2026, DAY), lay_out_year((), 2025, DAY)]
    for number, layout in enumerate(layouts):
        path = tmp_path / f"{number}.xlsx"
        write_layout(layout, path)
        checked = verify(path)
        assert isinstance(checked, Verified)
        assert (checked.holds, checked.formulas > 4) == (True, True), checked.problems
    sheet = openpyxl.load_workbook(tmp_path / "0.xlsx").active
    assert "=HYPERLINK" in [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "s"]


def test_a_payment_taken_in_after_the_date_of_issue_pays_a_bill_once(house: House) -> None:
    """April is paid in full on 4 May; May's bill is dated 1 May, and must not pay April's again from a new payment."""
    house.issue(draft("C001", due="100"))
    for day, amount in ((date(2026, 6, 4), "100"), (date(2026, 6, 5), "70")):
        bank = house.folder / f"bank-{day}.csv"
        bank.write_text(f"日期,客户,金额\n{day},C001,{amount}\n", encoding="utf-8")
        with house.ledger() as ledger:
            import_payments(ledger, bank, PAYERS, day, datetime(2026, 6, 5, tzinfo=UTC), bank.name)
    house.issue(draft("C001", MAY, due="100"), on=date(2026, 6, 1))
    with house.ledger() as ledger:
        assert [(bill.number, bill.amount) for bill in open_bills(ledger)] == [("202606-00001", 30)]


def test_an_invoice_says_what_was_open_before_it_then_and_ever_after(bank: Bank) -> None:
    """1,000 and 300 of C001 are open; it pays 400 too much, and has a bill voided: each head keeps what it said."""

    def heads() -> dict[str, Decimal]:
        with bank.house.ledger() as ledger:
            numbers = ledger.rows(
                "SELECT number FROM bills WHERE kind = 'invoice' AND customer = 'C001' ORDER BY entry"
            )
            return {row["number"]: head_of(ledger, row["number"]).owed for row in numbers}

    assert list(heads().values()) == [Decimal(0), Decimal(1000)]
    assert bank.imports("| 日期 | 客户 | 付款人 | 金额 | 附言 |\n|---|\n| 2026-05-19 | C001 | 甲公司 | 1700 | |").taken
    issued = bank.house.issue(draft("C001", JUNE, due="50"), on=date(2026, 7, 1))
    assert issued.heads["C001"].owed == Decimal(-400)
    before = heads()
    bank.house.void(issued.heads["C001"].number.text, on=date(2026, 7, 2))
    again = bank.house.issue(draft("C001", JUNE, due="20"), on=date(2026, 7, 3))
    assert again.heads["C001"].owed == Decimal(-400), "what was deducted for the voided bill is the customer's again"
    assert {number: heads()[number] for number in before} == before
