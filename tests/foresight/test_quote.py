"""Quotes: the same fen as bills over random cases, offers beside each other, what is forbidden, the quotation."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases import cases
from tests.small_book import BOOK as BOOK_AS_TABLES
from tests.small_book import complete
from tests.test_example_month import EXAMPLES
from xlbill.accounts import NO_SELLER, UNNAMED_APP, Accounts, App, Customer, Subscription
from xlbill.book.load import load_book
from xlbill.cells import Place
from xlbill.cli import main
from xlbill.foresight.offers import QuotedOffer, Sweep, curve
from xlbill.foresight.quoting import QuotedOrder, nobody, order_of, quoted
from xlbill.formula import recalculate
from xlbill.invoice import load_template
from xlbill.language import Label
from xlbill.periods import Month
from xlbill.rating.rate import rate
from xlbill.usage import Series, Usage, by_app
from xlbill.workspace import SHIPPED

APRIL = Month(2026, 4)
BOOKS = [load_book(path)[0] for path in sorted((SHIPPED / "price_tables").glob("*.xlsx"))]
BOOK = next(book for book in BOOKS if book is not None and book.edition.code == "easemob-im-2026")
PLACE = Place("accounts.xlsx")


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["quote", *words, "--period", "2026-04", "--lang", "en"])


@st.composite
def asked(draw: st.DrawFn) -> tuple[int, tuple[QuotedOrder, ...], dict[str, Decimal]]:
    """A book, some of what it sells, and some usage of what it measures."""
    number = draw(st.integers(0, len(BOOKS) - 1))
    book = BOOKS[number]
    assert book is not None
    words = [item.code for item in book.items]
    plans = [plan.code for plan in book.plans if plan.product.code == "im"]
    items = [draw(st.sampled_from(plans)), *draw(st.lists(st.sampled_from(words), max_size=4, unique=True))]
    days = st.dates(date(2026, 1, 1), date(2026, 4, 30))
    orders = tuple(QuotedOrder(item, None, draw(st.integers(1, 3)), draw(days)) for item in items)
    meters = [(m.code, d) for m in book.meters.values() for d in list(m.dimensions) or [""]]
    used = draw(st.lists(st.sampled_from(meters), max_size=4, unique=True))
    figures = st.integers(0, 3_000_000).map(Decimal)
    return number, orders, {f"{meter}:{part}" if part else meter: draw(figures) for meter, part in used}


@settings(max_examples=cases(40, 3_000), deadline=None)
@given(asked())
def test_a_quote_is_the_bill_to_the_fen(case: tuple[int, tuple[QuotedOrder, ...], dict[str, Decimal]]) -> None:
    """The same orders and usage as rows of accounts and of usage, rated as a customer of a run is."""
    number, orders, usage = case
    book = BOOKS[number]
    assert book is not None
    customer = Customer("C1", Label("", ""), "", "", "", "", "zh", None, PLACE)
    app = App("a1", "C1", book.regions[0], None, book.edition.code, PLACE, PLACE, PLACE)
    rows = tuple(
        Subscription("a1", o.item, None, Decimal(o.quantity), o.start or APRIL.start, None, True, PLACE, PLACE)
        for o in orders
    )
    series = []
    for word, figure in usage.items():
        meter, _, dimension = word.partition(":")
        series.append(Series("a1", meter, dimension or None, None, 1, ((None, figure),), PLACE))
    accounts = Accounts(NO_SELLER, (customer,), (app,), rows, (), ())
    bill = rate(customer, accounts, [book], Usage(by_app(series)), {}, APRIL, "worked-bills").bill
    quote = quoted(nobody(book), orders, {word: {None: figure} for word, figure in usage.items()}, APRIL).bill
    assert (bill is None) == (quote is None)
    if bill is not None and quote is not None:
        assert [line.amount.number for line in quote.lines] == [line.amount.number for line in bill.lines]
        assert (quote.total.number, quote.due.number) == (bill.total.number, bill.due.number)


@pytest.mark.parametrize("case", BOOK.cases, ids=lambda case: case.code)
def test_worked_bills_are_quoted_at_the_totals_that_finance_expects(case) -> None:  # type: ignore[no-untyped-def]
    orders = [QuotedOrder(r.item, r.option, int(r.count or 1), r.start) for r in case.rows if r.item]
    usage: dict[str, dict[date | None, Decimal]] = {}
    for row in case.rows:
        if row.meter and row.quantity is not None:
            usage.setdefault(row.meter, {})[row.day] = row.quantity
    outcome = quoted(nobody(BOOK), orders, usage, case.month)
    assert (outcome.bill.total.number if outcome.bill else None) == case.total


@pytest.mark.parametrize(
    ("word", "order"),
    [
        ("im.pro", QuotedOrder("im.pro")),
        ("storage_180", QuotedOrder("storage", "180")),
        ("storage:180", QuotedOrder("storage", "180")),
        ("storage.180*2", QuotedOrder("storage.180", None, 2)),
        ("room_storage_30", QuotedOrder("room_storage", "30")),
        ("rtc_25k@2026-04-08", QuotedOrder("rtc_25k", None, 1, date(2026, 4, 8))),
        ("nothing", QuotedOrder("nothing")),
        ("im.pro*0", None),
        ("im.pro@soon", None),
        ("", None),
    ],
)
def test_orders_as_they_are_typed(word: str, order: QuotedOrder | None) -> None:
    assert order_of(word, BOOK) == order


def test_lines_and_total_are_printed() -> None:
    ran = run("im.pro", "storage_180", "--usage", "dau=15000", "--usage", "rtc:audio=120000")
    assert ran.exit_code == 0
    assert "2,799.00" in ran.output and "1,799.00" in ran.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("im.por",), ("unknown-item", "im.pro")),
        (("im.free", "storage_180"), ("needs-plan", "im.pro, im.ultimate")),
        (("im.pro", "group_members:8000"), ("not-offered",)),
        (("im.pro", "-u", "dua=3"), ("usage-unknown-meter", "dau")),
        (("im.pro*0",), ("order-unreadable",)),
        (("im.pro", "-u", "dau=-1"), ("usage-negative",)),
    ],
)
def test_what_is_unknown_or_forbidden_is_told(words: tuple[str, ...], told: tuple[str, ...]) -> None:
    ran = run(*words)
    assert ran.exit_code == 2
    assert all(word in ran.output for word in told)


@pytest.mark.parametrize(
    "words", [("-u", "dau"), ("-u", "dau=1", "-u", "dau=2"), ("--sweep", "dau=5:1"), ("--sweep", "dau=0:9:0")]
)
def test_usage_that_cannot_be_read_is_wrong_use(words: tuple[str, ...]) -> None:
    assert run("im.pro", *words).exit_code == 2


def test_offers_side_by_side_and_where_they_cross() -> None:
    """738 + (q - 120,000) x 7/1000 = 2388 at q = 355,714.3 minutes: 21,342,841 seconds are the first to round above."""
    ran = run("--compare", "im.pro+rtc.base", "im.pro+rtc.premium", "-u", "rtc:audio=6000000", "--json")
    said = json.loads(ran.stdout)
    assert [offer["total"] for offer in said["offers"]] == ["2037.00", "3687.00"]
    assert said["crossings"] == [
        {"usage": "rtc:audio", "from": "21342841", "cheaper": "im.pro+rtc.premium", "than": "im.pro+rtc.base"}
    ]


def test_a_crossing_is_the_first_usage_at_which_the_other_costs_less() -> None:
    offers = [QuotedOffer(name, (QuotedOrder("im.pro"), QuotedOrder(name))) for name in ("rtc.base", "rtc.premium")]
    over = Sweep("rtc:audio", Decimal(0), Decimal(30_000_000), Decimal(2_000_000))
    (crossing,) = curve(nobody(BOOK), offers, {}, APRIL, over).crossings
    for at, cheaper in ((crossing.at, "rtc.premium"), (crossing.at - 1, None)):
        totals = {}
        for offer in offers:
            bill = quoted(nobody(BOOK), offer.orders, {"rtc:audio": {None: at}}, APRIL).bill
            assert bill is not None
            totals[offer.name] = bill.total.number
        less = min(totals, key=lambda name: totals[name])
        assert (less if len(set(totals.values())) > 1 else None) == cheaper


def test_a_sweep_that_no_offer_can_have_is_refused_as_a_quote_is() -> None:
    """What refuses all of it ends the command; what refuses one offer, or some points, stands beside the others."""
    nowhere = run("im.pro", "--sweep", "dua=0:100:50")
    assert (nowhere.exit_code, nowhere.stdout) == (2, "") and "usage-unknown-meter" in nowhere.stderr
    some = run("im.pro", "im.ultimate", "group_members:8000", "--compare", "--sweep", "dau=0:100:50")
    assert some.exit_code == 1 and "needs-plan" in some.stderr and "1,299.00" in some.stdout


def test_a_sweep_is_a_table_and_a_workbook_with_its_chart(tmp_path: Path) -> None:
    ran = run("im.pro", "--sweep", "dau=0:30000:10000", "-o", str(tmp_path / "sweep.xlsx"))
    assert [line.split() for line in ran.output.splitlines() if line.strip()[:1].isdigit()] == [
        ["0", "1,299.00"],
        ["10,000", "1,299.00"],
        ["20,000", "2,299.00"],
        ["30,000", "3,299.00"],
    ]
    sheet = openpyxl.load_workbook(tmp_path / "sweep.xlsx").worksheets[0]
    assert [row[1].value for row in sheet.iter_rows(min_row=5, max_row=8)] == [1299, 1299, 2299, 3299]
    assert len(sheet._charts) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_templates_of_quotations_have_no_problems(language: str) -> None:
    name = {"zh": "quotation.xlsx", "en": "quotation.en.xlsx"}[language]
    template, found = load_template(SHIPPED / "templates" / name)
    assert template is not None and not found


def test_in_a_quotation_the_customer_changes_a_quantity_and_amounts_follow(tmp_path: Path) -> None:
    path = tmp_path / "quote.xlsx"
    ran = run("im.pro", "-u", "dau=15000", "-o", str(path), "--to", "Example Ltd.", "--valid", "10")
    assert ran.exit_code == 0, ran.output
    workbook = openpyxl.load_workbook(path)
    texts = [str(cell.value) for sheet in workbook for row in sheet.iter_rows() for cell in row]
    assert {"QUOTATION", "Example Ltd."} <= set(texts)
    usage = workbook["Usage"]
    (measured,) = [c for row in usage.iter_rows() for c in row if c.value == 15000]
    assert _total(path) == Decimal(2299)
    measured.value = 31000
    workbook.save(path)
    assert _total(path) == Decimal(4299)


def test_no_page_and_no_problem_names_the_app_of_a_quotation(tmp_path: Path) -> None:
    """Nobody has named it; `--from` shows the real one."""
    path = tmp_path / "quote.xlsx"
    for words, named in ((["im.pro", "rtc_25k"], False), (["--from", "C001", "-w", str(EXAMPLES)], True)):
        assert run(*words, "-u", "dau=15000", "-o", str(path)).exit_code == 0
        pages = [sheet for sheet in openpyxl.load_workbook(path) if sheet.sheet_state == "visible"]
        texts = [str(c.value) for sheet in pages for row in sheet.iter_rows() for c in row]
        assert any("c001-app" in text for text in texts) == named
        assert not any(UNNAMED_APP in text or text in ("App quote", "quote") for text in texts)
    ran = run("im.free", "-u", "dau=5000")
    assert "error[" not in ran.output and "app of this quote has more Peak daily active users" in ran.output
    assert "Peak daily active users 5,000 is above" in remark_of(("im.free",), "dau", Decimal(5000))


def test_a_refund_stands_apart_from_the_fee_of_its_item_beside_other_offers() -> None:
    """The rows of each offer add up to its total."""
    ran = run("--from", "C001", "-w", str(EXAMPLES), "--compare", "im.pro", "im.ultimate")
    rows = [line.split() for line in ran.output.splitlines() if line.strip()]
    assert [row[-2:] for row in rows if row[0] == "Refund:"] == [["-838.06", "-838.06"]]
    amounts = {row[-1] for row in rows if row[:2] == ["Professional", "(im.pro)"]}
    assert amounts == {"1,299.00"} and ["total", "3,460.94", "5,160.94"] in rows


def remark_of(items: tuple[str, ...], meter: str, used: Decimal) -> str:
    bill = quoted(nobody(BOOK), [QuotedOrder(item) for item in items], {meter: {None: used}}, APRIL).bill
    assert bill is not None
    return bill.remarks[0].text("en")


def _total(path: Path) -> Decimal:
    """What the workbook's own formulas come to, computed anew."""
    from xlbill.cells import Address, read_address
    from xlbill.formula import Fault, as_decimal, is_number, parse

    workbook = openpyxl.load_workbook(path)
    cells = {}
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                value = cell.value
                content = parse(value) if isinstance(value, str) and value.startswith("=") else value
                assert not isinstance(content, Fault), value
                if isinstance(content, int | float) and not isinstance(content, bool):
                    content = Decimal(repr(content))
                if content is not None and not isinstance(content, date):
                    cells[Address(sheet.title, cell.row, cell.column)] = content
    at = read_address(workbook.defined_names["bill.total"].attr_text, "")
    assert at is not None
    total = recalculate(cells)[at]
    assert is_number(total)
    return as_decimal(total)


def test_a_quote_from_what_a_customer_has_is_its_bill() -> None:
    ran = CliRunner().invoke(
        main, ["quote", "--from", "C001", "-w", str(SHIPPED / "examples"), "--period", "2026-04", "--json"]
    )
    assert json.loads(ran.stdout)["offers"][0]["total"] == "4299.00"


@pytest.mark.parametrize(("period", "total"), [("2026-04", "100.00"), ("2026-12", "100.00"), ("2027-01", "130.00")])
def test_a_quote_takes_the_edition_in_force_in_its_month_and_names_it(tmp_path: Path, period: str, total: str) -> None:
    """Next year's book lies in the folder already; the bill of this month would not use it."""
    complete(tmp_path / "price_tables" / "small.xlsx", BOOK_AS_TABLES)
    plans = BOOK_AS_TABLES["Plans"].replace("| pro | Pro | 100 |", "| pro | Pro | 130 |")
    settings_of_next = BOOK_AS_TABLES["Book"].replace("| small |", "| next |").replace("2026-01-01", "2027-01-01")
    complete(tmp_path / "price_tables" / "next.xlsx", {**BOOK_AS_TABLES, "Plans": plans, "Book": settings_of_next})
    words = ["quote", "im.pro", "--period", period, "-w", str(tmp_path), "--lang", "en"]
    printed = CliRunner().invoke(main, words).output
    assert total in printed and f"prices: {'next' if period == '2027-01' else 'small'}" in printed
