"""Any value in any cell of accounts, books and usage: a month is billed, whatever comes of it.

    python -m tests.fuzz.any_value [seconds] [first seed]

Each seed changes some cells of the small sound workspace of the tests, and bills a month. What must never come of it is
an exception, or a fault of ours that the boundary around a customer caught.
"""

# ruff: noqa: E501 - values are as wide as they are

import io
import random
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache
from itertools import count
from pathlib import Path

import openpyxl

from tests.fuzz.bill import as_bytes, fault_of
from tests.fuzz.bounded import Case, run
from tests.small_book import ACCOUNTS, BOOK

USAGE = {
    "Usage": """
        | app | date | meter | dimension | quantity | unit | times | request |
        | a1 | 2026-04-01 | dau | | 12 | | 1 | |
        | a1 | 2026-04-02 | dau | | 31 | | 1 | |
        | a1 | 2026-04-02 | images | porn | 100 | | | |
        | a1 | 2026-04-03 | minutes | | 70 | | | r1 |
        """,
    "Wide": "| date | app | dau | words |\n| 2026-04-04 | a1 | 7 | 9 |",
}
RICH = {
    **ACCOUNTS,
    "Customers": """
        | code | name | payer | billing day | tax class |
        | C1 | One | | 5 | |
        | C2 | Two | C1 | | |
        """,
    "Apps": """
        | app | customer | region |
        | a1 | C1 | cn |
        | a2 | C2 | cn |
        """,
    "Subscriptions": """
        | app | item | option | quantity | start | end | auto-renew |
        | a1 | im.pro | | | 2026-03-20 | | |
        | a1 | store | 30 | 2 | 2026-04-02 | 2026-06-02 | yes |
        | a1 | talk_30 | | 1 | 2026-04-01 | | |
        | a1 | check.standard | | | 2026-04-01 | | |
        """,
    "Contracts": """
        | customer | app | item | price | included | discount % | minimum | price book | start | to |
        | C1 | | dau | 6 | 20 | | | | 2026-01-01 | 2026-12-31 |
        | C1 | | im.pro | | | 10% | | | 2026-01-01 | |
        | C1 | | words | 2 | | | | | 2026-01-01 | |
        """,
    "Contract charges": """
        | customer | app | valid from | valid to | product | plans | item | meter | dimension | charged by | model | included | block | price | subtotal | pay |
        | C1 | | 2026-04-01 | 2026-06-30 | talk | | | minutes | | | blocks | 30 | 10 | 1 | | postpaid |
        | | a1 | 2026-04-01 | | check | | | images | porn | | blocks | | 10 | 0.5 | | postpaid |
        | C1 | | 2026-04-01 | | im | | whole | | | customer | minimum | | | 500 | customer.amount | postpaid |
        """,
    "Adjustments": "| customer | date | text | amount |\n| C1 | 2026-04-02 | goodwill | -10 |",
}
NUMBERS = (0, 1, -1, 0.1, 0.5, 1e15, -1e15, 1e24, 1e-9, 1e308, -1e308, 5e-324, 2**53 + 1, 45_383, 46_113, 2_958_465, 0.29999999999999998)  # fmt: skip
TEXTS = (
    "", " ", "0", "1E999", "1e30", "NaN", "inf", "-inf", "1,5", "1.000", "6.000", "1500²", "½", "١٢", "5%", "-5%", "1" * 28, "0." + "1" * 28,
    "—", "是", "yes", "*", "#N/A", "=1/0", "=A1", "=1E308*10", "=IF(", "=dau.units*2", "=all.amount", "=NOW()", "=2^0.5",
    "0202-03-01", "1899-12-31", "9999-12-31", "2026-02-30", "2026-13", "01/02/2026", "2026-04-01 10:30", "2026-04-01T00:00Z",
    "im.pro", "im.free", "dau", "images:porn", "prepaid", "postpaid", "calendar month", "once", "fee", "blocks", "quota", "C1", "a1",
    "é " * 3000, "\u200b", "\ufeffdau", "ＤＡＵ", "{{ customer.name }}", "\x07", "a\nb", "💥", "名称", "price", "合计", "单位：万人",
)  # fmt: skip


def value(dice: random.Random) -> object:
    """A value of any type."""
    match dice.randrange(6):
        case 0:
            return dice.choice(NUMBERS)
        case 1:
            return dice.choice((True, False, None))
        case 2:
            return date.fromordinal(dice.randint(693_596, 3_652_059))
        case 3:
            return datetime.fromtimestamp(dice.randint(0, 4_000_000_000), UTC).replace(tzinfo=None)
        case 4:
            return dice.choice((dice.uniform(-1e6, 1e6), dice.randint(-(10**9), 10**9)))
        case _:
            text = dice.choice(TEXTS)
            return "".join(char for char in text if char == "\n" or char >= " ")


@cache
def sound() -> Mapping[str, bytes]:
    """The files of the sound workspace."""
    return as_bytes({"price_tables/small.xlsx": BOOK, "accounts.xlsx": RICH, "usage/2026-04/usage.xlsx": USAGE})


def saved(workbook: openpyxl.Workbook) -> bytes:
    """A workbook as a file."""
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _change(name: str, dice: random.Random) -> tuple[bytes, list[str]]:
    """Values put into some cells of a workbook: the file, and what was put where."""
    workbook = openpyxl.load_workbook(io.BytesIO(sound()[name]))
    changes = []
    for _ in range(dice.choice((1, 1, 1, 2, 5))):
        sheet = dice.choice(workbook.worksheets)
        row, column = dice.randint(1, sheet.max_row + 1), dice.randint(1, sheet.max_column + 1)
        if row == 1 and dice.random() < 0.8:
            row = 2
        new = value(dice)
        sheet.cell(row, column).value = new
        changes.append(f"{name} {sheet.title}!{sheet.cell(row, column).coordinate} = {new!r:.60}")
    return saved(workbook), changes


def case_of(seed: int) -> Case:
    """The workspace changed as a seed says."""
    dice = random.Random(seed)
    changed = {name: _change(name, dice) for name in dice.sample(sorted(sound()), dice.choice((1, 1, 2)))}
    about = "; ".join(told for _, changes in changed.values() for told in changes)
    return Case(str(seed), {name: content for name, (content, _) in changed.items()}, about)


def cases(first: int) -> Iterator[Case]:
    """Seed after seed."""
    return map(case_of, count(first))


def fault(case: Case, root: Path) -> str | None:
    """Bill a month of the sound workspace with the files of a case."""
    return fault_of(case, sound(), root)


if __name__ == "__main__":
    run("any_value", cases, fault)
