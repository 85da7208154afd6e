"""Issued once: numbers, refusals, credit notes, and what they do to balances and money."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.ledger.months import APRIL, JUNE, MAY, USD, House, codes, credit, draft, numbering, pack, write, year
from xlbill.ledger.entries import balances_of
from xlbill.ledger.issue import issue
from xlbill.ledger.numbers import Pattern, parse_numbering, parse_pattern
from xlbill.ledger.records import DraftAdjustment, DraftBalance, LedgerAccount
from xlbill.ledger.verify import verify_ledger
from xlbill.ledger.wallets import balance_of, open_bills

MAY_1, MAY_2, JUNE_1 = date(2026, 5, 1), date(2026, 5, 2), date(2026, 6, 1)


def numbers(house: House) -> list[str]:
    with house.ledger() as ledger:
        return [row["number"] for row in ledger.rows("SELECT number FROM bills ORDER BY entry")]


def rest(house: House, holding: LedgerAccount) -> Decimal:
    with house.ledger() as ledger:
        return balance_of(ledger, holding)


def sound(house: House) -> None:
    with house.ledger() as ledger:
        assert verify_ledger(ledger) == []


# --- numbers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "given"),
    [
        ("{year}{month}-{seq:05}", ["202605-00001", "202605-00002", "202605-00003"]),
        ("{period}{seq:03}", ["202604001", "202604002", "202604003"]),
        ("INV-{currency}-{seq}", ["INV-CNY-1", "INV-USD-1", "INV-CNY-2"]),
        ("{seq:04}/{region}", ["0001/cn", "0001/eu", "0002/cn"]),
    ],
)
def test_each_series_counts_by_itself_in_the_order_of_issue(house: House, pattern: str, given: list[str]) -> None:
    own = replace(house, numbering=numbering(pattern))
    drafts = [draft("C001"), draft("C002", currency=USD, region="eu"), draft("C003")]
    issued = own.issue(*drafts)
    assert [head.number.text for head in issued.heads.values()] == given
    assert all(file.read_text().startswith(number) for file, number in zip(issued.files, given, strict=True))
    sound(own)


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("{year}{month}", "it must have {seq} exactly once"),
        ("{seq}{seq}", "it must have {seq} exactly once"),
        ("{years}-{seq}", "only {year}, {month}, {period}, {currency}, {region}, {seq} may stand in braces"),
        ("{year-{seq}", "only {year}, {month}, {period}, {currency}, {region}, {seq} may stand in braces"),
        ("{region}{seq}", "{seq} needs a separator, or two numbers could be one"),
        ("{seq}{currency}", "{seq} needs a separator, or two numbers could be one"),
        ("={seq}", "only letters, digits and - _ . / # may stand in it"),
        ("-{seq}", "only letters, digits and - _ . / # may stand in it"),
        ("{year:04}-{seq}", "digits are for {seq} alone, written {seq:05}"),
        ("A" * 33 + "{seq}", "it may have 32 letters at most"),
    ],
)
def test_a_pattern_that_cannot_number_is_told(pattern: str, why: str) -> None:
    told = parse_pattern(pattern)
    assert not isinstance(told, Pattern)
    assert told.en == why


def test_invoices_and_credit_notes_do_not_share_their_numbers() -> None:
    assert codes(parse_numbering("A-{seq:05}", "A-{seq:03}")[1]) == ["number-pattern-bad"]


def test_patterns_that_meet_are_stopped_before_anything_is_written(house: House) -> None:
    own = replace(house, numbering=numbering("2026{seq:02}", "{year}0{seq}"))
    own.issue(draft())
    voided, found = own.void("202601")
    assert (voided, codes(found)) == (None, ["number-taken"])
    sound(own)


# --- what is refused -----------------------------------------------------------------------------------------------


def test_a_month_is_issued_once(house: House) -> None:
    first = house.issue(draft("C001"))
    again = house.issue(draft("c001"), draft("C002"))
    assert codes(again.problems) == ["issued-already"]
    assert (list(first.heads), list(again.heads), again.refused) == (["C001"], ["C002"], ("c001",))
    assert numbers(house) == ["202605-00001", "202605-00002"]


def test_the_same_month_twice_in_one_batch(house: House) -> None:
    issued = house.issue(draft("C001"), draft("C001"))
    assert (codes(issued.problems), numbers(house)) == (["issued-already"], ["202605-00001"])


@pytest.mark.parametrize(
    ("month", "on", "code"),
    [
        (JUNE, date(2026, 7, 1), "month-out-of-order"),  # May is missing
        (APRIL.plus(-1), JUNE_1, "month-out-of-order"),  # April stands
        (MAY, date(2026, 5, 31), "month-not-over"),
        (MAY, date(2026, 4, 30), "issue-back-dated"),
    ],
)
def test_months_go_in_their_order(house: House, month: object, on: date, code: str) -> None:
    house.issue(draft())
    assert codes(house.issue(draft(month=month), on=on).problems) == [code]  # type: ignore[arg-type]
    assert numbers(house) == ["202605-00001"]


def test_a_draft_that_is_older_than_its_inputs(house: House) -> None:
    old = draft(inputs={"accounts.xlsx": "aa", "usage/2026-04/u.csv": "bb"})
    assert codes(house.issue(old, inputs_now={"accounts.xlsx": "aa", "usage/2026-04/u.csv": "cc"}).problems) == [
        "draft-stale"
    ]
    assert codes(house.issue(old, inputs_now={"accounts.xlsx": "aa"}).problems) == ["draft-stale"]
    assert house.issue(old, inputs_now=dict(old.inputs)).problems == ()


def test_a_draft_made_from_other_balances(house: House) -> None:
    house.issue(draft(balances=(pack("100000", "30000"),)))
    wrong = draft(month=MAY, balances=(pack("100000", "10"),))
    right = draft(month=MAY, balances=(pack("70000", "10"),))
    assert codes(house.issue(wrong, on=JUNE_1).problems) == ["balance-moved"]
    assert house.issue(right, on=JUNE_1).problems == ()
    sound(house)


def test_an_adjustment_is_taken_once(house: House) -> None:
    given = (DraftAdjustment("2026-04 goodwill", Decimal(-5)),)
    house.issue(draft(adjustments=given))
    assert codes(house.issue(draft("C001", MAY, adjustments=given), on=JUNE_1).problems) == ["adjustment-taken"]
    house.void("202605-00001", on=JUNE_1)
    assert house.issue(draft(adjustments=given), on=JUNE_1).problems == ()


def test_a_file_of_somebody_is_never_overwritten(house: House) -> None:
    target = house.folder / "invoices" / "C001-2026-04 202605-00001.xlsx"
    target.parent.mkdir()
    target.write_text("mine")
    assert codes(house.issue(draft()).problems) == ["target-exists"]
    assert (target.read_text(), numbers(house)) == ("mine", [])


def test_a_disk_that_is_full_issues_nothing(house: House) -> None:
    def full(subject: object, head: object, path: Path) -> None:
        if "C002" in path.name:
            raise OSError(28, "No space left on device")
        write(subject, head, path)  # type: ignore[arg-type]

    with house.ledger() as ledger:
        issued = issue(ledger, [draft("C001"), draft("C002")], full, house.terms(MAY_1))
    assert (codes(issued.problems), issued.refused, numbers(house)) == (["cannot-write"], ("C001", "C002"), [])
    assert list((house.folder / "invoices").iterdir()) == []


def test_files_are_read_only(house: House) -> None:
    (file,) = house.issue(draft()).files
    assert file.stat().st_mode & 0o222 == 0


# --- void ----------------------------------------------------------------------------------------------------------


def test_a_credit_note_takes_an_invoice_back_and_the_month_is_billed_anew(house: House) -> None:
    house.issue(draft(prepaid="3299", balances=(pack("100000", "30000"),)))
    voided, found = house.void("202605-00001")
    assert (voided is not None, found) == (True, ())
    note = voided.note  # type: ignore[union-attr]
    assert (note.number.text, note.of, note.total, note.due) == ("CN202605-00001", "202605-00001", -4299, -1000)
    assert [line.amount for line in note.lines] == [-3299, -1000]
    assert note.lines[1].figures == {"quantity": 15000, "price": Decimal("0.07"), "amount": -1000}
    assert [tax.gross for tax in note.taxes] == [-4299]
    issued = house.issue(draft(prepaid="3199", balances=(pack("100000", "40000"),)), on=MAY_2)
    assert issued.heads["C001"].number.text == "202605-00002"
    held = LedgerAccount("C001", "pack", "shop-1", "pack.100k", "2026-04-03", "2027-04-30")
    assert rest(house, held) == 60000
    assert rest(house, LedgerAccount.prepaid("C001", "CNY", APRIL)) == 0
    assert rest(house, LedgerAccount.wallet("C001", "CNY")) == 0  # the 100 that were prepaid too much pay what is due
    with house.ledger() as ledger:
        assert [(bill.number, bill.amount) for bill in open_bills(ledger)] == [("202605-00002", 900)]
    sound(house)


def test_prepaid_money_counts_once_however_often_a_month_is_billed(house: House) -> None:
    for prepaid in ("300", "200", "300", "250"):
        issued = house.issue(draft(due="0", prepaid=prepaid))
        last = issued.heads["C001"].number.text
        if prepaid != "250":
            house.void(last, on=MAY_1)
    with house.ledger() as ledger:
        assert [row["received"] for row in ledger.rows("SELECT received FROM bills WHERE kind = 'invoice'")] == [
            "300",
            "0",
            "0",
            "0",
        ]
    assert rest(house, LedgerAccount.wallet("C001", "CNY")) == 50
    sound(house)


@pytest.mark.parametrize(
    ("number", "reason", "on", "code"),
    [
        ("202605-00009", "why", MAY_2, "no-such-number"),
        ("202605-00001", "  ", MAY_2, "void-without-reason"),
        ("202605-00001", "why", date(2026, 4, 30), "issue-back-dated"),
    ],
)
def test_what_is_not_voided(house: House, number: str, reason: str, on: date, code: str) -> None:
    house.issue(draft())
    assert codes(house.void(number, on, reason)[1]) == [code]


def test_an_invoice_is_voided_once_and_a_credit_note_never(house: House) -> None:
    house.issue(draft())
    house.void("202605-00001")
    assert codes(house.void("202605-00001", on=JUNE_1)[1]) == ["void-already"]
    assert codes(house.void("CN202605-00001")[1]) == ["void-of-credit"]


def test_a_bill_whose_balances_a_later_one_drew_on_stays(house: House) -> None:
    house.issue(draft(balances=(pack("100000", "30000"),)))
    house.issue(draft(month=MAY, balances=(pack("70000", "0"),)), on=JUNE_1)
    assert codes(house.void("202605-00001", on=JUNE_1)[1]) == ["void-drawn-later"]
    house.void("202606-00001", on=JUNE_1)
    assert house.void("202605-00001", on=JUNE_1)[0] is not None
    assert codes(house.issue(draft(month=MAY), on=JUNE_1).problems) == ["month-out-of-order"]  # April comes first
    sound(house)


def test_a_pack_expires_with_its_last_day(house: House) -> None:
    house.issue(draft(balances=(pack("100", "30", until=date(2026, 4, 30)),)))
    held = LedgerAccount("C001", "pack", "shop-1", "pack.100k", "2026-04-03", "2026-04-30")
    with house.ledger() as ledger:
        words = [(row["word"], row["quantity"]) for row in ledger.rows("SELECT * FROM movements ORDER BY position")]
    assert words == [("bought", "100"), ("drawn", "-30"), ("expired", "-70")]
    assert rest(house, held) == 0


def test_credit_is_carried_drawn_and_taken_back(house: House) -> None:
    held = LedgerAccount("C001", "credit", "", "CNY", "2026-04-01", "")
    house.issue(draft(due="0", prepaid="0", balances=(credit("799.73", "500"),)))
    assert rest(house, held) == Decimal("299.73")
    may = house.issue(draft(month=MAY, due="0", balances=(credit("299.73", "100"),)), on=JUNE_1)
    assert rest(house, held) == Decimal("199.73")
    assert rest(house, LedgerAccount.wallet("C001", "CNY")) == 0
    assert codes(house.void("202605-00001", on=JUNE_1)[1]) == ["void-drawn-later"]
    house.void(may.heads["C001"].number.text, on=JUNE_1)
    assert rest(house, held) == Decimal("299.73")
    sound(house)


def test_what_a_month_left_of_an_allowance_is_carried_and_comes_back_when_a_bill_is_void(house: House) -> None:
    held = LedgerAccount("C001", "rollover", "shop-1", "minutes", "2026-04-01", "2026-05-31")
    day = (date(2026, 4, 1), date(2026, 5, 31))
    april, may = (
        DraftBalance("shop-1", "rollover", "minutes", *day, *map(Decimal, figures))
        for figures in (("100", "30", "60", "10"), ("60", "20", "0", "40"))
    )
    house.issue(draft(balances=(april,)))
    assert rest(house, held) == 60
    with house.ledger() as ledger:
        (carried,) = balances_of(ledger, APRIL)
    assert (carried.opening, carried.drawn, carried.lapsed, carried.closing) == (100, 30, 10, 60)
    house.issue(draft(month=MAY, balances=(may,)), on=JUNE_1)
    assert rest(house, held) == 0  # its last day has passed
    assert codes(house.void("202605-00001", on=JUNE_1)[1]) == ["void-drawn-later"]
    house.void("202606-00001", on=JUNE_1)
    assert rest(house, held) == 60
    sound(house)


def test_what_a_year_came_to_grows_is_carried_and_ends_with_it(house: House) -> None:
    held = LedgerAccount("C001", "year", "shop-1", "kwh", "2026-01-01", "2026-05-31")
    house.issue(draft(balances=(year("120", "30", until=date(2026, 5, 31)),)))
    assert rest(house, held) == 150
    wrong = draft(month=MAY, balances=(year("120", "5", until=date(2026, 5, 31)),))
    assert codes(house.issue(wrong, on=JUNE_1).problems) == ["balance-moved"]
    house.issue(draft(month=MAY, balances=(year("150", "5", until=date(2026, 5, 31)),)), on=JUNE_1)
    assert rest(house, held) == 0
    assert codes(house.void("202605-00001", on=JUNE_1)[1]) == ["void-drawn-later"]
    house.void("202606-00001", on=JUNE_1)
    assert rest(house, held) == 150
    sound(house)
