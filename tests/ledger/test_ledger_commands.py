"""The ledger through its commands, and the example month through the adapter: what a bill becomes when it is issued."""

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.ledger.checker import check
from tests.ledger.months import House, draft, numbering
from tests.test_example_month import APRIL as BILLED
from tests.test_example_month import rows
from xlbill.cli import main
from xlbill.inputs import load_inputs
from xlbill.invoice import lay_out, load_template
from xlbill.ledger.entries import balances_of, draft_of
from xlbill.ledger.issue import IssueTerms, issue
from xlbill.ledger.records import Draft, InvoiceHead
from xlbill.ledger.session import opened
from xlbill.ledger.store import NAME
from xlbill.ledger.verify import verify_ledger
from xlbill.lock import locked
from xlbill.periods import Month
from xlbill.rating.rate import Outcome, rate
from xlbill.workbook import write_layout
from xlbill.workspace import Workspace

EXAMPLES = Path(__file__).parents[2] / "examples"
NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture
def house(tmp_path: Path) -> House:
    own = House(tmp_path, numbering())
    own.issue(draft("C001"), draft("C002", due="500"))
    own.void("202605-00002")
    return own


def test_list_shows_what_was_issued_and_what_is_open(house: House) -> None:
    told = json.loads(run("ledger", "list", "-w", house.folder, "--json").stdout)
    assert [(b["number"], b["kind"], b["total"], b["open"]) for b in told["bills"]] == [
        ("202605-00001", "invoice", "1000.00", "1000.00"),
        ("202605-00002", "voided", "500.00", "0.00"),
        ("CN202605-00001", "credit", "-500.00", "0.00"),
    ]
    shown = run("ledger", "list", "-w", house.folder, "--lang", "zh", "--customer", "c002").stdout
    assert ("CN202605-00001" in shown, "已作废" in shown, "C001" in shown) == (True, True, False)


def test_a_ledger_that_somebody_wrote_into_is_told_as_json_where_it_is_asked_for(house: House) -> None:
    """Reading on ended in an error: what is wrong is a result like any other."""
    with closing(sqlite3.connect(house.folder / NAME)) as connection, connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("UPDATE bills SET total = 'much'")
    done = run("ledger", "list", "-w", house.folder, "--json")
    told = {problem["code"] for problem in json.loads(done.stdout)["problems"]}
    assert (done.exit_code, bool(told), "Traceback" in done.stderr) == (2, True, False)
    assert all(code in done.stderr for code in told), told


def test_verify_says_the_head_and_holds_it_against_a_kept_one(house: House) -> None:
    done = run("ledger", "verify", "-w", house.folder, "--lang", "en")
    head = done.stdout.split()[-1]
    assert (done.exit_code, done.stdout.startswith("✓ all ")) == (0, True)
    assert run("ledger", "verify", "-w", house.folder, "--head", head).exit_code == 0
    older = run("ledger", "verify", "-w", house.folder, "--head", f"99:{'0' * 64}")
    assert (older.exit_code, "ledger-older" in older.stderr) == (1, True)
    assert run("ledger", "verify", "-w", house.folder, "--head", "x").exit_code == 2


def test_a_lost_file_is_named_and_the_status_says_so(house: House) -> None:
    next((house.folder / "invoices").glob("C001*")).unlink()
    done = run("ledger", "verify", "-w", house.folder, "--json")
    assert (done.exit_code, [p["code"] for p in json.loads(done.stdout)["problems"]]) == (1, ["ledger-file-missing"])


def test_a_backup_is_a_whole_ledger(house: House, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere" / NAME
    assert run("ledger", "backup", copy, "-w", house.folder).exit_code == 0
    shutil.copytree(house.folder / "invoices", copy.parent / "invoices")
    assert run("ledger", "verify", "-w", copy.parent).exit_code == 0
    assert not copy.with_name(f"{NAME}-wal").exists()


def test_payments_and_the_statement(house: House) -> None:
    bank = house.folder / "bank.csv"
    bank.write_text("日期,付款人,金额\n2026-05-20,客户C001,400\n2026-05-21,谁,1\n", encoding="utf-8")
    done = run("pay", "import", bank, "-w", house.folder, "--lang", "en")
    assert (done.exit_code, done.stdout) == (1, "took 1 payment; 0 were taken before\n")
    assert "payment-unmatched" in done.stderr
    assert "took 0 payments; 1 was" in run("pay", "import", bank, "-w", house.folder, "--lang", "en").stdout
    assert [p["amount"] for p in json.loads(run("pay", "list", "-w", house.folder, "--json").stdout)["payments"]] == [
        "400"
    ]
    for words in (["C001", "--from", "2026-01-01", "--to", "2026-12-31"], ["--year", "2026"], ["--ageing"]):
        done = run("statement", *words, "-w", house.folder)
        assert (done.exit_code, Path(done.stdout.strip()).is_file()) == (0, True)
        assert run("verify", done.stdout.strip()).exit_code == 0
    assert run("statement", "C1", "-w", house.folder).exit_code == 2
    assert run("statement", "-w", house.folder).exit_code == 2


def test_while_another_writes_nothing_is_imported(house: House) -> None:
    bank = house.folder / "bank.csv"
    bank.write_text("日期,客户,金额\n2026-05-20,C001,400\n", encoding="utf-8")
    with locked(house.folder / NAME, "issue 2026-04", NOW):
        done = run("pay", "import", bank, "-w", house.folder)
        assert (done.exit_code, "ledger-locked" in done.stderr) == (2, True)
        assert run("ledger", "list", "-w", house.folder).exit_code == 0  # reading waits for nobody


@pytest.mark.parametrize("words", [["ledger", "list"], ["ledger", "verify"], ["pay", "list"], ["statement", "C001"]])
def test_without_a_ledger_nothing_is_made(tmp_path: Path, words: list[str]) -> None:
    done = run(*words, "-w", tmp_path)
    assert (done.exit_code, "ledger-missing" in done.stderr, list(tmp_path.iterdir())) == (2, True, [])


def test_the_example_month_is_issued_as_it_was_billed(tmp_path: Path) -> None:
    """Every customer of the example: the ledger's figures are the bills', and the workbooks are what it hashed."""
    place, april = Workspace(EXAMPLES), Month(2026, 4)
    inputs, _ = load_inputs(place, april)
    assert inputs is not None
    accounts = inputs.accounts
    billed: dict[str, Outcome] = {}
    for customer in accounts.customers:
        billed[customer.code] = rate(customer, accounts, inputs.books, inputs.usage, inputs.balances, april)
    template, _ = load_template(place.templates / "invoice.xlsx", "invoice.xlsx")
    assert template is not None

    def write(own: Draft, head: InvoiceHead, path: Path) -> None:
        bill = billed[own.customer].bill
        assert bill is not None
        write_layout(lay_out(bill, template), path)

    drafts = [draft_of(o.bill, o.carried, {"accounts.xlsx": "aa"}) for o in billed.values() if o.bill is not None]
    terms = IssueTerms(tmp_path / "out", date(2026, 5, 1), NOW, numbering(), 15, {"accounts.xlsx": "aa"})
    with opened(tmp_path / NAME, create=NOW) as (ledger, found):
        assert ledger is not None, found
        issued = issue(ledger, drafts, write, terms)
        assert issued.problems == ()
        steps: list[tuple[int, int]] = []
        assert verify_ledger(ledger, lambda done, of: steps.append((done, of))) == []
        assert steps[-1] == (len(steps), len(steps))
        told = {row["customer"]: row for row in ledger.rows("SELECT * FROM bills")}
        left = {b.key: b for b in balances_of(ledger, april)}
    assert left == {
        b.key: b
        for outcome in billed.values()
        for b in outcome.carried
        if b.expires is None or b.expires not in april.period
    }
    assert left
    wanted = [(code, Decimal(total), Decimal(prepaid), Decimal(due)) for code, total, prepaid, due in rows(BILLED)]
    assert [(c, *(Decimal(told[c][key]) for key in ("total", "prepaid", "due"))) for c, *_ in wanted] == wanted
    assert check(tmp_path / NAME)[0] == []
