"""A bill laid out on the pinned templates, without a file: every figure an input, a reference or a formula."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.invoice import bills
from tests.invoice.laid_out import filled, pinned, row_with, rows_with, sheet_of, values
from xlbill.formula import ExcelError
from xlbill.invoice import Issuance, lay_out
from xlbill.language import Label, Language
from xlbill.money import Currency
from xlbill.rating.bill import Bill, UsageColumn
from xlbill.rating.figures import computed, given, our
from xlbill.workbook.layout import Formula, Sheet

EVERY_BILL = (bills.ordinary, bills.long, bills.free, bills.refunding)


def laid_out(bill: Bill, *names: str, draft: bool = False) -> tuple[Sheet, ...]:
    layout = lay_out(bill, pinned(bill.customer.language), Issuance("INV-1", draft=draft))
    return tuple(sheet_of(layout, name) for name in names)


def test_a_line_refers_to_the_usage_and_the_prices() -> None:
    (invoice,) = laid_out(bills.ordinary("en"), "Invoice")
    assert row_with(invoice, "DAU above the quota") == {
        "A": "DAU above the quota",
        "B": "=Usage!C38",
        "C": "users",
        "D": "=Prices!H7",
        "F": "=MAX(Usage!C38-Prices!H7-0,0)",
        "G": "=ROUNDUP(F22/Prices!I7,0)",
        "H": "=Prices!E7",
        "I": "=ROUND(G22*Prices!E7,2)",
    }


def test_an_ordered_quantity_is_an_input_of_its_line() -> None:
    (invoice,) = laid_out(bills.ordinary("en"), "Invoice")
    row = row_with(invoice, "Professional")
    assert (row["B"], row["H"], row["I"]) == (Decimal(1), "=Prices!E5", "=ROUND(B18*Prices!E5,2)")


def test_the_peak_is_a_formula_over_the_days_and_they_are_inputs() -> None:
    (usage,) = laid_out(bills.ordinary("en"), "Usage")
    assert row_with(usage, "Peak")["C"] == "=MAX(C8:C37)"
    assert [filled(usage)[f"C{row}"] for row in (8, 24)] == [Decimal(9300), Decimal(15000)]


def test_totals_tax_and_words_follow_from_the_lines() -> None:
    (invoice,) = laid_out(bills.ordinary("en"), "Invoice")
    cells, shown = filled(invoice), values(invoice)
    assert row_with(invoice, "Instant messaging")["I"] == "=SUM(I18:I22)"
    assert (cells["I25"], cells["I26"], cells["H27"]) == ("=SUM(H31)", "=SUM(I18:I20)", "=I25-I26")
    assert (shown["I25"], shown["I26"], shown["H27"]) == (Decimal(4299), Decimal(3299), Decimal(1000))
    assert [cells[a] for a in ("B31", "D31", "F31", "H31")] == [
        "=SUM(I18:I22)",
        "=H31-F31",
        "=ROUND(H31/(1+A31)*A31,2)",
        "=B31",
    ]
    assert shown["D31"] + shown["F31"] == shown["H31"]  # type: ignore[operator]
    words = '"Four Thousand Two Hundred Ninety-Nine Yuan Only","The amount has changed: please generate again"'
    assert cells["A28"] == f'="Total in words: "&IF(ROUND(I25,2)=4299,{words})'
    assert shown["A28"] == "Total in words: Four Thousand Two Hundred Ninety-Nine Yuan Only"


def test_the_amounts_at_the_top_refer_to_those_at_the_foot() -> None:
    (invoice,) = laid_out(bills.ordinary("en"), "Invoice")
    assert [filled(invoice)[a] for a in ("A14", "D14", "G14")] == ["=H27", "=I26", "=I25"]


def test_the_bill_s_figures_have_names() -> None:
    layout = lay_out(bills.ordinary(), pinned())
    assert layout.names == {"bill.total": "账单!$I$27", "bill.prepaid": "账单!$I$28", "bill.due": "账单!$H$29"}


def test_a_refund_shows_both_figures_and_where_they_come_from() -> None:
    invoice, prices = laid_out(bills.refunding("en"), "Invoice", "Prices")
    row = row_with(prices, "Refund: Professional")
    assert (row["E"], row["O"], row["P"]) == (Decimal("1299.00"), "=S5-T5", "=S5-U5")
    assert row_with(invoice, "Refund: Professional")["I"] == "=-ROUND(Prices!E5*Prices!O5/Prices!P5,2)"
    assert "11 of 31 days left" in str(filled(invoice)["A19"])


def test_a_contract_shows_the_list_s_price_beside_its_own() -> None:
    invoice, prices = laid_out(bills.refunding("en"), "Invoice", "Prices")
    row = row_with(prices, "Ultimate")
    assert (row["D"], row["E"], row["F"], row["G"]) == ("HT-2026-018", "=F6*(1-G6)", Decimal(6599), Decimal("0.15"))
    assert filled(invoice)["H21"] == "=Prices!F6"
    struck = next(cell for cell in invoice.cells if (cell.row, cell.column) == (21, 8))
    assert struck.style.font.strike


def test_what_a_pack_gives_stands_in_its_balance() -> None:
    invoice, notes = laid_out(bills.refunding("en"), "Invoice", "Notes")
    row = row_with(notes, "Pack of 100,000 minutes")
    assert (row["F"], row["G"], row["H"]) == (Decimal(100_000), "=MIN(F11,MAX(Usage!H40-Prices!H8,0))", "=F11-G11")
    assert row_with(invoice, "Standard minutes")["E"] == "=Notes!G11"


def test_weighted_days_refer_to_their_coefficient() -> None:
    (usage,) = laid_out(bills.refunding("en"), "Usage")
    cells = filled(usage)
    assert (cells["G8"], cells["H9"]) == (Decimal(4), "=F9+G9*G8")
    assert cells["H40"] == "=ROUNDUP(SUM(H9:H38)/Prices!V8,0)"


def test_equal_prices_of_several_apps_share_a_row() -> None:
    (prices,) = laid_out(bills.long("en"), "Prices")
    assert len(list(rows_with(prices, "Extension 7"))) == 1
    assert len(list(rows_with(prices, "DAU above the quota"))) == 1


def test_a_quantity_that_no_template_knows_gets_a_column_of_its_own() -> None:
    bill = bills.ordinary("en")
    line = bill.lines[0]
    surcharge = given("surcharge", Decimal("0.5"))
    inputs = {**line.figures, "surcharge": surcharge}
    amount = computed("amount", our("=ROUND(quantity*price*(1+surcharge),2)"), inputs)
    changed = replace(line, figures={**inputs, "amount": amount})
    invoice, prices = laid_out(bills.bill_of([changed], to=bill.customer), "Invoice", "Prices")
    assert filled(prices)["S4"] == "Surcharge"
    assert row_with(prices, "Professional")["S"] == Decimal("0.5")
    assert row_with(invoice, "Professional")["I"] == "=ROUND(B18*Prices!E5*(1+Prices!S5),2)"


def test_columns_that_nothing_fills_are_hidden() -> None:
    (prices,) = laid_out(bills.ordinary("en"), "Prices")
    letters = {letter: prices.columns[ord(letter) - 64].hidden for letter in "EFGHI"}
    assert letters == {"E": False, "F": True, "G": True, "H": False, "I": False}


@pytest.mark.parametrize("make", EVERY_BILL, ids=lambda make: make.__name__)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_figure_comes_to_an_error_and_none_is_a_float(make: object, language: Language) -> None:
    layout = lay_out(make(language), pinned(language))  # type: ignore[operator]
    for sheet in layout.sheets:
        for content in values(sheet).values():
            assert not isinstance(content, (float, ExcelError))


@pytest.mark.parametrize("make", EVERY_BILL, ids=lambda make: make.__name__)
def test_no_figure_stands_in_two_cells(make: object) -> None:
    """Each amount of money is an input or a formula once; every other cell that shows it is a plain reference."""
    (invoice,) = laid_out(make("en"), "Invoice")  # type: ignore[operator]
    numbers = [cell for cell in invoice.cells if isinstance(cell.content, Decimal)]
    allowed = {"0%", "#,##0", "#,##0.00", "yyyy-mm-dd", '"¥"#,##0.00'}
    assert all(cell.style.number_format in allowed for cell in numbers)
    inputs = [cell for cell in numbers if cell.style.number_format.endswith("0.00")]
    assert {cell.content for cell in inputs} <= {Decimal("-120.50"), Decimal(0)}


def test_long_bills_repeat_their_headings_and_keep_groups_together() -> None:
    (invoice,) = laid_out(bills.long("en"), "Invoice")
    heading = next(cell.row for cell in invoice.cells if cell.content == "Item")
    assert invoice.page.titles == (heading, heading)
    shown = {cell.row: cell.content for cell in invoice.cells if cell.column == 1 and isinstance(cell.content, str)}
    assert len(invoice.page.breaks) >= 4
    for row in invoice.page.breaks:
        assert shown[row] not in ("Instant messaging", "Audio and video")  # no heading at the foot of a page
        assert " – " in shown[row]  # the two rows of a line stay together


def test_each_app_of_the_usage_sheet_begins_a_page_and_has_a_chart() -> None:
    (usage,) = laid_out(bills.long("en"), "Usage")
    starts = [cell.row for cell in usage.cells if isinstance(cell.content, str) and cell.content.startswith("app-")]
    assert [row - 1 for row in starts[1:]] == list(usage.page.breaks)
    assert len(usage.charts) == 12, "of the users that are highest, and of the minutes that add up"
    assert [chart.summed for chart in usage.charts[:2]] == [False, True]
    assert [series.dashed for series in usage.charts[0].series] == [False, True]


def test_the_peak_day_is_highlighted() -> None:
    (usage,) = laid_out(bills.ordinary("en"), "Usage")
    (light,) = usage.highlights
    assert [str(area) for area in light.areas] == ["C8:C37"]
    assert light.formula == "AND(C8>0,C8=MAX($C$8:$C$37),COUNTIF(C8:$C$37,C8)=1)", "one day, the last of equal ones"
    assert light.style.font.bold and light.style.fill


def test_blank_facts_leave_no_labels_and_no_holes() -> None:
    (invoice,) = laid_out(bills.free("en"), "Invoice")
    texts = [content for content in filled(invoice).values() if isinstance(content, str)]
    assert not any(text.startswith(("Tax id 9131", "Bank", "Attn.")) or text == "Tax id " for text in texts)


def test_a_bill_of_nothing_still_adds_up() -> None:
    (invoice,) = laid_out(bills.free("en"), "Invoice")
    assert values(invoice)[next(a for a, c in filled(invoice).items() if c == "Total")] == "Total"
    assert row_with(invoice, "Prepaid")["I"] == Decimal(0)
    assert any("above the free limit" in str(content) for content in filled(invoice).values())


@pytest.mark.parametrize(("draft", "said"), [(True, True), (False, False)])
def test_drafts_say_so_on_every_page(draft: bool, said: bool) -> None:
    layout = lay_out(bills.ordinary("en"), pinned("en"), Issuance(draft=draft))
    assert ("D R A F T" in filled(layout.sheets[0]).values()) is said
    assert all(("DRAFT" in sheet.page.header) is said for sheet in layout.sheets)


def test_the_number_stands_on_the_bill_and_in_the_footer() -> None:
    layout = lay_out(bills.ordinary("en"), pinned("en"), Issuance("INV-2026-04-0001"))
    assert filled(layout.sheets[0])["G2"] == "No. INV-2026-04-0001"
    assert "INV-2026-04-0001" in layout.sheets[0].page.footer


@pytest.mark.parametrize(
    ("currency", "money", "price"),
    [
        (Currency("CNY", 2), '"¥"#,##0.00', "#,##0.00"),
        (Currency("USD", 2), '"$"#,##0.00', "#,##0.00"),
        (Currency("JPY", 0), '"¥"#,##0', "#,##0"),
    ],
)
def test_formats_follow_the_currency(currency: Currency, money: str, price: str) -> None:
    bill = replace(bills.ordinary("en"), currency=currency)
    (invoice,) = laid_out(bill, "Invoice")
    formats = {(cell.row, cell.column): cell.style.number_format for cell in invoice.cells}
    assert (formats[14, 1], formats[18, 8]) == (money, price)


def test_usage_of_all_apps_together_names_them() -> None:
    bill = bills.ordinary("en")
    (meter,) = bill.usage
    other = tuple((day, given("usage", 5)) for day, _ in meter.columns[0].days)
    columns = (replace(meter.columns[0], app="a"), UsageColumn("b", Label("语音", "Audio"), meter.unit, None, other))
    totals = tuple(
        (day, computed("total", our("=SUM(parts)"), {"parts": (one, two)}))
        for (day, one), (_, two) in zip(columns[0].days, other, strict=True)
    )
    peak = computed("quantity", our("=MAX(parts)"), {"parts": tuple(figure for _, figure in totals)})
    pooled = replace(meter, app="", columns=columns, daily=totals, months=((Label("峰值", "Peak"), peak),))
    (usage,) = laid_out(bills.bill_of([bill.lines[0]], [pooled], to=bill.customer), "Usage")
    cells = filled(usage)
    assert (cells["A4"], cells["C6"], cells["D6"], cells["E9"]) == ("All apps", "a", "b Audio", "=SUM(C9:D9)")


def test_formulas_of_other_sheets_carry_values_that_are_exact() -> None:
    (invoice,) = laid_out(bills.ordinary("en"), "Invoice")
    formulas = [cell.content for cell in invoice.cells if isinstance(cell.content, Formula)]
    assert all(not isinstance(formula.value, float) for formula in formulas)
