"""Any history of issues, voids and payments adds up: held against a small model, and against a checker of its own."""

import csv
import json
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger.months import APRIL, House, codes, credit, draft, numbering, pack
from xlbill.ledger.bank import Payer
from xlbill.ledger.pay import import_payments
from xlbill.ledger.records import Draft, DraftBalance, LedgerAccount
from xlbill.ledger.session import opened
from xlbill.ledger.statement import ageing, statements
from xlbill.ledger.store import backed_up, behind
from xlbill.ledger.verify import verify_ledger
from xlbill.ledger.wallets import balance_of
from xlbill.periods import Month

NONE = Decimal(0)
CHECKER = Path(__file__).with_name("checker.py")
CUSTOMERS = ("C001", "C002", "C003")
BOUGHT = 1000


@dataclass
class Account:
    """What the model knows of a customer: enough to say what it owes and has left, and nothing about how."""

    stands: dict[Month, tuple[str, Draft]] = field(default_factory=dict)
    charged: Decimal = NONE
    received: dict[Month, Decimal] = field(default_factory=dict)
    paid: Decimal = NONE

    @property
    def owes(self) -> Decimal:
        return self.charged - sum(self.received.values(), NONE) - self.paid

    @property
    def rest(self) -> Decimal:
        drawn = (balance.drawn for _, own in self.stands.values() for balance in own.balances if balance.app)
        return BOUGHT - sum(drawn, NONE)

    def credit(self, charged: int) -> tuple[list[DraftBalance], Decimal]:
        """How credit moves in the next month, the oldest first, and what of it is used."""
        rests = {b.since: b.closing for _, own in sorted(self.stands.items()) for b in own[1].balances if not b.app}
        used = rest = min(sum(rests.values(), NONE), Decimal(max(charged, 0)))
        moved = []
        for since, left in sorted(rests.items()):
            taken = min(rest, left)
            rest -= taken
            moved += [credit(str(left), str(taken), since)] if left else []
        return moved + ([credit(str(-charged), "0", self.next_month.start)] if charged < 0 else []), used

    @property
    def next_month(self) -> Month:
        month = APRIL
        while month in self.stands:
            month = month.plus(1)
        return month


class Years:
    """A house over several months, and the model of it."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.today = date(2026, 5, 1)
        self.accounts = {code: Account() for code in CUSTOMERS}
        self.files = 0

    def issue(self, chosen: Sequence[tuple[str, int, int, int]]) -> None:
        """The next month of some customers, each with what is charged (below zero: given back), prepaid and drawn."""
        drafts = []
        for code, (charged, prepaid, drawn) in {code: own for code, *own in chosen}.items():
            account = self.accounts[code]
            opening = account.rest
            own = pack(str(opening), str(min(drawn, opening)))
            moved, used = account.credit(charged)
            due = str(max(charged, 0) - used)
            month, balances = account.next_month, (own, *moved)
            drafts.append(draft(code, month, due, str(prepaid), charged=str(charged), balances=balances))
        self.today = max([self.today, *(d.month.plus(1).start for d in drafts)])
        issued = self.house.issue(*drafts, on=self.today)
        assert (codes(issued.problems), set(issued.heads)) == ([], {d.customer for d in drafts})
        for own in drafts:
            account = self.accounts[own.customer]
            account.stands[own.month] = (issued.heads[own.customer].number.text, own)
            account.charged += own.total
            account.received[own.month] = max(account.received.get(own.month, NONE), own.prepaid)
        again = self.house.issue(*drafts, on=self.today)
        assert codes(again.problems) == ["issued-already"] * len(drafts)

    def void(self, code: str) -> None:
        """The last bill of a customer is taken back; an earlier one, on whose pack it drew, is not."""
        account = self.accounts[code]
        months = sorted(account.stands)
        if len(months) > 1:
            assert codes(self.house.void(account.stands[months[0]][0], on=self.today)[1]) == ["void-drawn-later"]
        if months:
            number, own = account.stands.pop(months[-1])
            done, found = self.house.void(number, on=self.today)
            assert (done is not None, found) == (True, ())
            account.charged -= own.total

    def pay(self, code: str, fen: int) -> None:
        """A payment, imported twice."""
        account = self.accounts[code]
        if not account.stands:
            return
        self.files += 1
        path = self.house.folder / f"{self.files}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            rows = [("日期", "客户", "金额", "附言"), (self.today, code, Decimal(fen) / 100, f"n{self.files}")]
            csv.writer(file).writerows(rows)
        with self.house.ledger() as ledger:
            for known in (0, 1):
                now = datetime(2026, 5, 1, tzinfo=UTC)
                done = import_payments(ledger, path, [Payer(code, ())], self.today, now)
                assert (codes(done.problems), done.known) == ([], known)
        account.paid += Decimal(fen) / 100

    def check(self) -> None:
        """The ledger has what the model has."""
        with self.house.ledger() as ledger:
            assert verify_ledger(ledger) == []
            aged = {line.customer: line for line in ageing(ledger, self.today)}
            for code, account in self.accounts.items():
                told, _ = statements(ledger, code, date(2026, 1, 1), self.today)
                assert sum((s.closing for s in told), NONE) == account.owes
                assert (aged[code].balance if code in aged else NONE) == account.owes
                held = LedgerAccount(code, "pack", "shop-1", "pack.100k", "2026-04-03", "2027-04-30")
                assert balance_of(ledger, held) == (account.rest if account.stands else NONE)
                left = balance_of(ledger, LedgerAccount.wallet(code, "CNY"))
                assert not (left > 0 and any(aged[code].buckets)), "money is left while a bill is open"
        wrong, owed = checked(self.house.folder / "ledger.sqlite")
        assert wrong == []
        assert {code: account.owes for code, account in self.accounts.items() if f"{code}|CNY" in owed} == {
            key.split("|")[0]: Decimal(amount) for key, amount in owed.items()
        }


def checked(path: Path) -> tuple[list[str], dict[str, str]]:
    """What the checker says, which knows nothing of xlbill."""
    done = subprocess.run([sys.executable, "-I", CHECKER, path], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return (done.stdout.splitlines(), {}) if done.returncode else ([], json.loads(done.stdout))


CODES = st.sampled_from(CUSTOMERS)
BILLS = st.lists(
    st.tuples(CODES, st.integers(-300, 900), st.integers(0, 500), st.integers(0, 400)), min_size=1, max_size=3
)
STEPS = st.one_of(
    st.tuples(st.just("issue"), BILLS),
    st.tuples(st.just("void"), CODES),
    st.tuples(st.just("pay"), CODES, st.integers(1, 90_000)),
)


@given(st.lists(STEPS, min_size=1, max_size=14))
@settings(max_examples=30, deadline=None)
def test_any_history_adds_up(steps: list[tuple[object, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        years = Years(House(Path(folder), numbering()))
        for name, *values in steps:
            getattr(years, str(name))(*values)
        years.check()


@pytest.fixture
def issued(house: House) -> Iterator[Path]:
    """A ledger with some history in it."""
    years = Years(house)
    years.issue([("C001", 100, 50, 10), ("C002", 70, 0, 0)])
    years.pay("C001", 5000)
    years.void("C002")
    years.issue([("C001", 30, 0, 5), ("C002", 60, 0, 0)])
    years.check()
    yield house.folder / "ledger.sqlite"


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE entries SET text = replace(text, '\"100\"', '\"101\"') WHERE entry = 3", "ledger-chain-broken"),
        ("DELETE FROM entries WHERE entry = 4", "ledger-chain-broken"),
        ("UPDATE entries SET date = '2026-05-02' WHERE entry = 3", "ledger-chain-broken"),
        ("DROP TRIGGER entries_stay", "ledger-differs"),
        ("UPDATE bills SET total = '1' WHERE entry = 3", "ledger-differs"),
        ("DELETE FROM payments", "ledger-differs"),
        ("UPDATE movements SET quantity = '0' WHERE word = 'deducted'", "ledger-differs"),
        ("INSERT INTO holdings VALUES (99, 'C001', 'pack', '', 'x', '', '')", "ledger-differs"),
    ],
)
def test_whoever_changes_the_file_is_found(issued: Path, house: House, sql: str, code: str) -> None:
    with closing(sqlite3.connect(issued)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        if " entries " in sql:
            connection.execute("DROP TRIGGER IF EXISTS entries_stay")
            connection.execute("DROP TRIGGER IF EXISTS entries_go_nowhere")
        connection.execute(sql)
        connection.commit()
    with opened(issued) as (ledger, found):
        told = codes(found if ledger is None else verify_ledger(ledger))
    assert set(told) == {code}


def test_any_damaged_byte_is_told_or_harmless(issued: Path, house: House) -> None:
    with opened(issued) as (ledger, _):
        assert ledger is not None
        backed_up(ledger, copy := issued.with_name("copy.sqlite"))
        wanted = [row["text"] for row in ledger.rows("SELECT text FROM entries ORDER BY entry")]
    whole, chance, told = copy.read_bytes(), random.Random(3), 0
    for _ in range(150):
        damaged = bytearray(whole)
        damaged[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        copy.write_bytes(damaged)
        with opened(copy) as (ledger, found):
            found = found if ledger is None else verify_ledger(ledger)
            told += bool(found)
            if ledger is not None and not found:
                assert [row["text"] for row in ledger.rows("SELECT text FROM entries ORDER BY entry")] == wanted
    assert told > 10


def test_entries_can_neither_be_changed_nor_deleted(issued: Path) -> None:
    with closing(sqlite3.connect(issued)) as connection:
        for sql in ("UPDATE entries SET kind = 'x'", "DELETE FROM entries"):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(sql)


def test_the_checker_finds_a_file_that_was_changed(issued: Path) -> None:
    file = next((issued.parent / "invoices").iterdir())
    file.chmod(0o644)
    file.write_text("another amount")
    wrong, _ = checked(issued)
    assert wrong == [f"invoices/{file.name}: is not as it was issued"]


def test_an_older_copy_is_told_by_the_head_on_the_register(issued: Path, house: House) -> None:
    copy = issued.with_name("yesterday.sqlite")
    with house.ledger() as ledger:
        backed_up(ledger, copy)
    house.issue(draft("C009"), on=date(2026, 6, 1))
    with house.ledger() as ledger:
        kept = ledger.head
        assert behind(ledger, kept) is None
    with opened(copy) as (ledger, _):
        assert ledger is not None
        told = behind(ledger, kept)
    assert (told.code if told else None) == "ledger-older"
    shutil.copy(copy, issued)
    for ending in ("-wal", "-shm"):
        issued.with_name(issued.name + ending).unlink(missing_ok=True)
    assert codes(house.issue(draft("C009"), on=date(2026, 6, 1)).problems) == ["target-exists"]
    target = next((issued.parent / "invoices").glob("C009*"))
    target.chmod(0o644)
    target.unlink()
    assert codes(house.issue(draft("C009", due="1"), on=date(2026, 6, 1)).problems) == []
    with house.ledger() as ledger:
        told = behind(ledger, kept)
    assert (told.code if told else None) == "ledger-other"
