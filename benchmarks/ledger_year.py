"""A ledger over twelve months: issued each month, some voided and issued anew, all paid; seconds for each step.

    python benchmarks/ledger_year.py [CUSTOMERS]

The invoices are small text files: what is measured is the ledger, its files and its checks, not the writing of
workbooks. At the end the checker of the tests, which knows nothing of xlbill, looks at the whole.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.ledger.months import APRIL, House, draft, numbering, pack  # noqa: E402
from xlbill.ledger.bank import Payer  # noqa: E402
from xlbill.ledger.pay import import_payments  # noqa: E402
from xlbill.ledger.statement import ageing, statements  # noqa: E402
from xlbill.ledger.verify import verify_ledger  # noqa: E402

MONTHS = 12


def main(customers: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), numbering())
        spent: dict[str, float] = {}
        for number in range(MONTHS):
            timed(spent, "issue", lambda n=number: issue(house, n, customers))
            timed(spent, "void and issue anew", lambda n=number: void(house, n, customers))
            timed(spent, "import payments", lambda n=number: pay(house, n, customers))
        with house.ledger() as ledger:
            timed(spent, "verify", lambda: told(verify_ledger(ledger)))
            timed(spent, "ageing", lambda: ageing(ledger, date(2027, 4, 1)))
            timed(spent, "one statement", lambda: statements(ledger, "C00000", date(2026, 1, 1), date(2027, 4, 1)))
            (bills,) = ledger.row("SELECT count(*) FROM bills") or (0,)
            (entries,) = ledger.row("SELECT count(*) FROM entries") or (0,)
        checker = [sys.executable, ROOT / "tests/ledger/checker.py", house.folder / "ledger.sqlite"]
        timed(spent, "checker", lambda: subprocess.run(checker, check=True, stdout=subprocess.DEVNULL))
        size = (house.folder / "ledger.sqlite").stat().st_size / 1e6
    print(f"{customers} customers, {MONTHS} months: {bills} bills, {entries} entries, {size:.0f} MB")
    for name, seconds in spent.items():
        print(f"{name:>20}: {seconds:7.2f} s")
    print(f"{'10,000 issues':>20}: {spent['issue'] / (customers * MONTHS) * 10_000:7.2f} s")


def timed(spent: dict[str, float], name: str, work: Callable[[], object]) -> None:
    before = time.perf_counter()
    work()
    spent[name] = spent.get(name, 0) + time.perf_counter() - before


def issue(house: House, number: int, customers: int) -> None:
    month = APRIL.plus(number)
    own = (pack(str(10_000 - number * 100), "100"),)
    drafts = [draft(f"C{n:05}", month, "100.5", "20", balances=own) for n in range(customers)]
    told(house.issue(*drafts, on=month.plus(1).start).problems)


def void(house: House, number: int, customers: int) -> None:
    """Every hundredth customer's bill of the month."""
    month = APRIL.plus(number)
    own = (pack(str(10_000 - number * 100), "100"),)
    with house.ledger() as ledger:
        rows = ledger.rows("SELECT number, customer FROM bills WHERE month = ? AND standing = 1", str(month))
    for row in rows[:: max(customers // 10, 100)]:
        told(house.void(row["number"], month.plus(1).start)[1])
        again = draft(row["customer"], month, "99.5", "20", balances=own)
        told(house.issue(again, on=month.plus(1).start).problems)


def pay(house: House, number: int, customers: int) -> None:
    day = APRIL.plus(number + 1).start
    path = house.folder / f"bank-{number}.csv"
    rows = "".join(f"{day},C{n:05},100.5,{number}\n" for n in range(customers))
    path.write_text(f"日期,客户,金额,附言\n{rows}", encoding="utf-8")
    payers = [Payer(f"C{n:05}", ()) for n in range(customers)]
    with house.ledger() as ledger:
        now = datetime(2026, 5, 1, tzinfo=UTC)
        told(import_payments(ledger, path, payers, day, now).problems)


def told(problems: object) -> None:
    assert not problems, problems


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
