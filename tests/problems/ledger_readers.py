"""The ledger's culprits: short histories that end in each of its problems. Payments are read from a page's own file."""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from tests.ledger.months import MAY, USD, House, draft, numbering, pack
from tests.ledger.test_money import PAYERS
from tests.problems.readers import Reader
from tests.small_book import ACCOUNTS
from tests.workbooks import write_workbook
from xlbill.issuing.paying import accounts_of, payments_waiting
from xlbill.ledger.numbers import parse_numbering
from xlbill.ledger.pay import import_account_payments, import_payments
from xlbill.ledger.publish import recover
from xlbill.ledger.records import DraftAdjustment
from xlbill.ledger.session import opened
from xlbill.ledger.statement import statements
from xlbill.ledger.store import NAME, backed_up, behind
from xlbill.ledger.verify import verify_ledger
from xlbill.lock import locked
from xlbill.problems import Problem
from xlbill.workspace import Workspace

MAY_2, JUNE_1, JULY_1 = date(2026, 5, 2), date(2026, 6, 1), date(2026, 7, 1)
FIRST = "202605-00001"
ADJUSTED = (DraftAdjustment("C001 2026-04 goodwill -5.00", Decimal(-5)),)
Culprit = Callable[[House], list[Problem]]


def _told(found: object) -> list[Problem]:
    return [problem for problem in [found] if isinstance(problem, Problem)]


def _issue(*drafts: object, on: date = JUNE_1, **more: object) -> Culprit:
    """April of C001 is issued, then this."""

    def run(house: House) -> list[Problem]:
        house.issue(draft(balances=(pack("1000", "300"),), adjustments=ADJUSTED))
        return list(house.issue(*drafts, on=on, **more).problems)  # type: ignore[arg-type]

    return run


def _void(number: str, *before: str, on: date = MAY_2, reason: str = "wrong price") -> Culprit:
    def run(house: House) -> list[Problem]:
        house.issue(draft())
        for voided in before:
            house.void(voided)
        return list(house.void(number, on, reason)[1])

    return run


def _drawn_later(house: House) -> list[Problem]:
    house.issue(draft(balances=(pack("1000", "300"),)))
    house.issue(draft(month=MAY, balances=(pack("700", "0"),)), on=JUNE_1)
    return list(house.void(FIRST, JUNE_1)[1])


def _changed(*statements_: str) -> Culprit:
    """A ledger that somebody changed past xlbill."""

    def run(house: House) -> list[Problem]:
        house.issue(draft(balances=(pack("1000", "300"),)), draft("C002"))
        with closing(sqlite3.connect(house.folder / NAME)) as connection:
            for statement in statements_:
                connection.execute(statement)
            connection.commit()
        return _verified(house)

    return run


def _verified(house: House) -> list[Problem]:
    with opened(house.folder / NAME, NAME) as (ledger, found):
        return found if ledger is None else verify_ledger(ledger)


def _gap(house: House) -> list[Problem]:
    """What no command does: a number is passed over."""
    house.issue(draft())
    with house.ledger() as ledger, ledger.transaction():
        row = ledger.row("SELECT * FROM bills")
        assert row is not None
        names = ("customer", "month", "region", "currency", "decimals", "prepaid", "received", "due", "total", "series")
        own = {key: row[key] for key in names} | {"number": "202605-00003", "seq": 3, "customer": "C002", "run": 2}
        name = {"zh": row["name_zh"], "en": row["name_en"]}
        rest = {"name": name, "due_on": JUNE_1, "taxes": [], "lines": [], "adjustments": [], "files": {}}
        ledger.append("issued", date(2026, 5, 1), {**own, **rest})
    return _verified(house)


def _file(change: Callable[[Path], object]) -> Culprit:
    def run(house: House) -> list[Problem]:
        (file,) = house.issue(draft()).files
        file.chmod(0o644)
        change(file)
        return _verified(house)

    return run


def _unfinished(house: House) -> list[Problem]:
    (file,) = house.issue(draft()).files
    staged = file.with_name(".xlbill-issue-1-x.xlsx")
    shutil.copy(file, staged)
    with house.ledger() as ledger:
        names = (ledger.name_of(staged), ledger.name_of(file), "")
        ledger.connection.execute("INSERT INTO staged VALUES (?, ?, ?)", names)
        return recover(ledger)


def _target(house: House) -> list[Problem]:
    target = house.folder / "invoices" / f"C001-2026-04 {FIRST}.xlsx"
    target.parent.mkdir()
    target.write_text("mine")
    return list(house.issue(draft()).problems)


def _taken(house: House) -> list[Problem]:
    own = replace(house, numbering=numbering("2026{seq:02}", "{year}0{seq}"))
    own.issue(draft())
    return list(own.void("202601", MAY_2)[1])


def _older(house: House) -> list[Problem]:
    house.issue(draft())
    with house.ledger() as ledger:
        backed_up(ledger, house.folder / "copy.sqlite")
    house.issue(draft("C002"))
    with house.ledger() as ledger, opened(house.folder / "copy.sqlite", NAME) as (copy, _):
        assert copy is not None
        return _told(behind(copy, ledger.head))


def _other(house: House) -> list[Problem]:
    house.issue(draft())
    with house.ledger() as ledger:
        return _told(behind(ledger, replace(ledger.head, sha256="ab" * 32)))


def _locked(house: House) -> list[Problem]:
    """The lock of another process, as its file says."""
    path, now = house.folder / NAME, datetime(2026, 5, 1, 9, tzinfo=UTC)
    said = '{"pid": 4711, "host": "billing-1", "since": "2026-05-01 09:00:00+08:00", "doing": "issue 2026-04"}'
    with locked(path, "issue 2026-04", now):
        path.with_name(f"{NAME}.lock").write_text(said)
        with locked(path, "void", now, NAME) as taken:
            return _told(taken)


def _opened(make: Callable[[Path], object]) -> Culprit:
    def run(house: House) -> list[Problem]:
        make(house.folder / NAME)
        with opened(house.folder / NAME, NAME) as (_, found):
            return found

    return run


def _newer(path: Path) -> None:
    with opened(path, create=datetime(2026, 5, 1, tzinfo=UTC)):
        pass
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


def _nobody(house: House) -> list[Problem]:
    house.issue(draft())
    with house.ledger() as ledger:
        return list(statements(ledger, "C01", date(2026, 1, 1), JULY_1)[1])


def _edited_payment(house: House) -> list[Problem]:
    """A payment of the accounts' sheet whose amount somebody corrected after it was taken."""
    house.issue(draft("C001"), draft("C002"))
    now = datetime(2026, 6, 1, tzinfo=UTC)
    found: list[Problem] = []
    for amount in (600, 660):
        rows = (("日期", "客户", "金额"), (date(2026, 5, 10), "C002", amount))
        path = write_workbook(house.folder / "accounts.xlsx", {"收款 Payments": rows})
        with house.ledger() as ledger:
            found += import_account_payments(ledger, path, PAYERS, JUNE_1, now, path.name).problems
    return found


def _waiting_payment(house: House) -> list[Problem]:
    """A payment of the accounts' sheet that nobody took into the ledger before the statement."""
    house.issue(draft("C001"), draft("C002"))
    rows = (("日期", "客户", "金额"), (date(2026, 5, 10), "C002", 600), (date(2026, 7, 10), "C002", 7))
    sheets = {**ACCOUNTS, "收款 Payments": rows}
    write_workbook(house.folder / "accounts.xlsx", sheets)
    workspace = Workspace(house.folder)
    with house.ledger() as ledger:
        return list(payments_waiting(ledger, workspace, accounts_of(workspace), JUNE_1))


CULPRITS: dict[str, Culprit] = {
    "issued-already": _issue(draft()),
    "month-out-of-order": _issue(draft(month=MAY.plus(1)), on=JULY_1),
    "month-not-over": _issue(draft(month=MAY), on=MAY_2),
    "issue-back-dated": _issue(draft("C002"), on=date(2026, 4, 30)),
    "draft-stale": _issue(draft("C002", inputs={"accounts.xlsx": "aa"}), inputs_now={"accounts.xlsx": "bb"}),
    "balance-moved": _issue(draft(month=MAY, balances=(pack("1000", "0"),))),
    "adjustment-taken": _issue(draft(month=MAY, adjustments=ADJUSTED)),
    "no-such-number": _void("202605-0001"),
    "void-already": _void(FIRST, FIRST),
    "void-of-credit": _void(f"CN{FIRST}", FIRST),
    "void-without-reason": _void(FIRST, reason=" "),
    "void-drawn-later": _drawn_later,
    "number-pattern-bad": lambda house: parse_numbering("{region}{seq}")[1],
    "number-taken": _taken,
    "target-exists": _target,
    "issue-unfinished": _unfinished,
    "ledger-missing": _opened(lambda path: None),
    "ledger-damaged": _opened(lambda path: path.write_text("not a database, but long enough to be taken for one" * 20)),
    "ledger-newer": _opened(_newer),
    "ledger-locked": _locked,
    "ledger-chain-broken": _changed(
        "DROP TRIGGER entries_stay", "UPDATE entries SET text = replace(text, 'C002', 'C003') WHERE entry = 4"
    ),
    "ledger-differs": _changed("UPDATE bills SET due = '1' WHERE customer = 'C002'"),
    "ledger-number-gap": _gap,
    "ledger-overdrawn": _issue(draft("C002", balances=(pack("1000", "1300"),))),
    "ledger-file-missing": _file(lambda file: file.unlink()),
    "ledger-file-changed": _file(lambda file: file.write_text("another amount")),
    "ledger-older": _older,
    "ledger-other": _other,
    "statement-of-nobody": _nobody,
    "payment-edited": _edited_payment,
    "payment-waiting": _waiting_payment,
}


@contextmanager
def _house() -> Iterator[House]:
    with tempfile.TemporaryDirectory() as folder:
        yield House(Path(folder), numbering())


def _reader(culprit: Culprit) -> Reader:
    def read(files: list[Path]) -> list[Problem]:
        with _house() as house:
            return culprit(house)

    return read


def read_bank(files: list[Path]) -> list[Problem]:
    """A bank's sheet, where C001 and C002 were billed for April, C001 in another currency for May."""
    with _house() as house:
        house.issue(draft("C001"), draft("C002"))
        house.issue(draft("C001", MAY, currency=USD), on=JUNE_1)
        with house.ledger() as ledger:
            now = datetime(2026, 6, 1, tzinfo=UTC)
            return list(import_payments(ledger, files[0], PAYERS, JUNE_1, now, files[0].name).problems)


LEDGER_READERS: dict[str, Reader] = {
    "bank": read_bank,
    **{f"ledger.{code}": _reader(culprit) for code, culprit in CULPRITS.items()},
}
