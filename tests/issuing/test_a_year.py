"""Months of three customers (`make many`: a year) through the commands, one issued anew, audited by a script."""

from datetime import date
from pathlib import Path

from tests.cases import cases
from tests.issuing.house import CUSTOMERS, JANUARY, Office
from tests.ledger.checker import check

MONTHS = cases(4, 12)


def users(number: int) -> dict[str, int]:
    return {code: 5 * (number + 1) * (at + 1) % 90 for at, code in enumerate(CUSTOMERS)}


def test_a_year_adds_up_to_an_auditor_who_knows_nothing_of_xlbill(office: Office) -> None:
    numbers: list[str] = []
    for at in range(MONTHS):
        month = JANUARY.plus(at)
        office.use(month, users(at))
        first = month.plus(1).start
        office.bill(month)
        done = office.issue(month, on=first)
        assert (done.status, done.codes) == (0, [])
        numbers += [i["number"] for i in done.told["invoices"]]
        bank = office.folder / "bank.csv"
        rows = "".join(f"{first},{i['customer']},{i['due']},{i['number']}\n" for i in done.told["invoices"][:2])
        bank.write_text(f"日期,客户,金额,附言\n{rows}", encoding="utf-8")
        office.run("pay", "import", bank)
        if at % 5 == 2:
            wrong = done.told["invoices"][1]["number"]
            voided = office.run("void", wrong, "--reason", "wrong usage", "--on", first)
            assert (voided.status, voided.codes) == (0, [])
            office.use(month, users(at) | {"C2": 55})
            office.bill(month)
            again = office.issue(month, on=first)
            assert [i["customer"] for i in again.told["invoices"]] == ["C2"]
            numbers += [i["number"] for i in again.told["invoices"]]
    assert len(numbers) == len(set(numbers)) == MONTHS * 3 + sum(at % 5 == 2 for at in range(MONTHS))
    assert office.run("ledger", "verify").codes == []
    wrong, owed = check(office.folder / "ledger.sqlite")
    assert wrong == []
    assert set(owed) == {f"{code}|CNY" for code in CUSTOMERS}
    out = office.folder / "statement.xlsx"
    statement = ["statement", "C2", "--from", "2025-01-01", "--to", str(date(2026, 1, 31)), "--out", str(out)]
    office.plain(*statement)
    assert office.verified(out) == 0
    assert sorted(Path(office.folder / "issued").iterdir())[-1].name == str(JANUARY.plus(MONTHS - 1))
