"""What was issued for a month held against what would be billed for it now, line by line.

An issued month stays as it is. Usage that came late, a price or a contract that was corrected since show up here; what
later bills have made good already counts as issued. On request the differences become adjustments of each customer's
next bill, in a workbook that this bill is made from: `adjustments/2026-05-against-2026-04.xlsx`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from xlbill.account_columns import ADJUSTMENTS
from xlbill.boundary import InternalFault, attempt
from xlbill.cells import Place
from xlbill.files import written
from xlbill.formula import to_serial
from xlbill.language import Label
from xlbill.ledger.entries import draft_of
from xlbill.ledger.records import Draft
from xlbill.ledger.session import opened
from xlbill.ledger.store import Ledger
from xlbill.money import Currency
from xlbill.periods import Month
from xlbill.problems import Problem, Problems, problem, sort_problems
from xlbill.run import Job, Prepared, prepare
from xlbill.workbook import Layout, write_layout
from xlbill.workbook.formats import ISO_DATE
from xlbill.workbook.layout import ColumnWidth, LaidCell, Sheet
from xlbill.workbook.style import CellStyle, Font
from xlbill.workspace import Workspace

NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class LineKey:
    """By which a line of then and a line of now are the same: whose app, what for, of which days."""

    app: str
    title: Label
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class LineDifference:
    """A line that was issued with one amount (0: not at all) and would be billed with another."""

    customer: str
    number: str
    key: LineKey
    currency: Currency
    issued: Decimal
    now: Decimal

    @property
    def amount(self) -> Decimal:
        """What is still to be charged; negative for what was charged too much."""
        return self.now - self.issued


@dataclass(frozen=True, slots=True)
class Against:
    """The differences of a month, for how many customers it was looked at, and the workbooks of adjustments."""

    month: Month
    looked_at: int
    differences: tuple[LineDifference, ...]
    written: tuple[Path, ...] = ()


def against_issued(
    workspace: Workspace, month: Month, customers: Iterable[str] = (), *, adjust: bool = False
) -> tuple[Against | None, tuple[Problem, ...]]:
    """Hold the issued bills of a month against its inputs as they are now; None where nothing can be looked at."""
    prepared, found = prepare(workspace, month, tuple(customers))
    if prepared is None:
        return None, sort_problems(found)
    with opened(workspace.ledger, workspace.shown(workspace.ledger)) as (ledger, told):
        found += told
        if ledger is None:
            return None, sort_problems(found)
        issued = {row["customer"].casefold(): row for row in _bills(ledger, month)}
        if not issued:
            found += [problem("nothing-issued", Place(workspace.shown(workspace.ledger)), month=str(month))]
            return None, sort_problems(found)
        jobs = [job for job in prepared.jobs if job.customer.code.casefold() in issued]
        differences: list[LineDifference] = []
        for job in jobs:
            draft = _now(prepared, job, found)
            if draft is not None:
                differences += _differences(ledger, issued[job.customer.code.casefold()], draft)
        files = _adjustments(ledger, workspace, month, differences, found) if adjust else ()
        return Against(month, len(jobs), tuple(differences), tuple(files)), sort_problems(found)


def _bills(ledger: Ledger, month: Month) -> list[Any]:
    return ledger.rows("SELECT * FROM bills WHERE month = ? AND standing = 1 ORDER BY entry", str(month))


def _now(prepared: Prepared, job: Job, found: Problems) -> Draft | None:
    """A customer's bill as it would be now."""
    outcome = attempt(partial(prepared.bench.rate, job.customer))
    if isinstance(outcome, InternalFault):
        found.tell(outcome.problem(job.customer.place))
        return None
    found += outcome.problems
    return draft_of(outcome.bill, outcome.carried, {}) if outcome.bill is not None else None


def _differences(ledger: Ledger, bill: Any, draft: Draft) -> Iterator[LineDifference]:
    """The lines of a bill that would come to something else now, in the order of the bill."""
    then, made_good = _issued_lines(ledger, bill["number"]), _made_good(ledger, draft.customer, draft.month)
    now: dict[LineKey, Decimal] = defaultdict(Decimal)
    for line in draft.lines:
        now[LineKey(line.app, line.title, line.first, line.last)] += line.amount
    for key in dict.fromkeys([*now, *then, *made_good]):
        issued = then.get(key, NONE) + made_good.get(key, NONE)
        if issued != now.get(key, NONE):
            yield LineDifference(draft.customer, bill["number"], key, draft.currency, issued, now.get(key, NONE))


def _issued_lines(ledger: Ledger, number: str) -> Mapping[LineKey, Decimal]:
    return _summed(ledger.rows("SELECT * FROM lines WHERE number = ? ORDER BY position", number))


def _made_good(ledger: Ledger, customer: str, month: Month) -> Mapping[LineKey, Decimal]:
    """The adjustments of later bills that this month's lines were the reason of, by the line that they are about."""
    sql = """
        SELECT l.* FROM lines l JOIN bills b USING (number)
        WHERE b.customer = ? AND b.month > ? AND b.standing = 1 AND l.kind = 'adjustment' ORDER BY b.entry, l.position
    """
    rows = [row for row in ledger.rows(sql, customer, str(month)) if row["title_zh"].startswith(_prefix(month))]
    return {
        LineKey(key.app, _without(key.title, month), key.first, key.last): amount
        for key, amount in _summed(rows).items()
    }


def _summed(rows: Iterable[Any]) -> Mapping[LineKey, Decimal]:
    sums: dict[LineKey, Decimal] = defaultdict(Decimal)
    for row in rows:
        first, last = (date.fromisoformat(row[key]) if row[key] else None for key in ("first", "last"))
        sums[LineKey(row["app"], Label(row["title_zh"], row["title_en"]), first, last)] += Decimal(row["amount"])
    return sums


# --- adjustments of the next bill ----------------------------------------------------------------------------------


def _prefix(month: Month) -> str:
    return f"{month} 补差："


def _title(title: Label, month: Month) -> Label:
    """What an adjustment is called: 2026-04 补差：日活 / 2026-04 difference: DAU."""
    return Label(f"{_prefix(month)}{title.zh}", f"{month} difference: {title.en}" if title.en else "")


def _without(title: Label, month: Month) -> Label:
    return Label(title.zh.removeprefix(_prefix(month)), title.en.removeprefix(f"{month} difference: "))


def _adjustments(
    ledger: Ledger, workspace: Workspace, month: Month, differences: Iterable[LineDifference], found: Problems
) -> list[Path]:
    """Write the differences as adjustments of each customer's next month."""
    by_month: dict[Month, list[LineDifference]] = defaultdict(list)
    for difference in differences:
        row = ledger.row(
            "SELECT max(month) AS last FROM bills WHERE customer = ? AND standing = 1", difference.customer
        )
        last = Month.parse(row["last"]) if row is not None else None
        by_month[(last or month).plus(1)].append(difference)
    files = []
    for target, own in sorted(by_month.items(), key=lambda item: str(item[0])):
        path = workspace.root / "adjustments" / f"{target}-against-{month}.xlsx"
        problems = written(path, workspace.shown(path), partial(write_layout, _lay_out(own, month, target)))
        found += problems
        files += [path] if not problems else []
    return files


def _lay_out(differences: Iterable[LineDifference], month: Month, target: Month) -> Layout:
    """The workbook: the Adjustments sheet as the accounts have it, a row for each difference."""
    keys = ("customer", "date", "text", "text_en", "amount", "app", "first", "last")
    columns = {column.key: column for column in ADJUSTMENTS.columns}
    font = Font("Microsoft YaHei", 9)
    bold, plain = CellStyle(Font("Microsoft YaHei", 9, bold=True)), CellStyle(font)
    dated = CellStyle(font, number_format=ISO_DATE)
    cells = [LaidCell(1, at, str(columns[key].heading), bold) for at, key in enumerate(keys, start=1)]
    for row, one in enumerate(differences, start=2):
        title, key = _title(one.key.title, month), one.key
        days = [Decimal(to_serial(day)) if day is not None else None for day in (key.first, key.last)]
        cells += [
            LaidCell(row, 1, one.customer, plain),
            LaidCell(row, 2, Decimal(to_serial(target.start)), dated),
            LaidCell(row, 3, title.zh, plain),
            LaidCell(row, 4, title.en, plain),
            LaidCell(row, 5, one.amount, plain),
            LaidCell(row, 6, key.app or None, plain),
            *(LaidCell(row, at, day, dated) for at, day in enumerate(days, start=7) if day is not None),
        ]
    widths = {at: ColumnWidth(width) for at, width in enumerate((12, 12, 40, 40, 14, 16, 12, 12), start=1)}
    sheet = Sheet(str(ADJUSTMENTS.title), tuple(cells), widths, frozen=(1, 0))
    return Layout((sheet,), f"{ADJUSTMENTS.title} {target}", "", target.start, font)
