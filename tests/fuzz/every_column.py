"""Every column of books, accounts and usage, with values of every type: a month is billed, whatever comes of it.

    python -m tests.fuzz.every_column [seconds] [seed]

A trial puts one value under one declared heading (which is added where the sheet lacks it), into one row or into all.
What must never come of it is an exception, or a fault of ours that the boundary around a customer caught.
"""

import io
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tests.fuzz.any_value import NUMBERS, TEXTS, fault, saved, sound, value
from tests.fuzz.bounded import Case, run
from xlbill import account_columns
from xlbill.book import columns as book_columns
from xlbill.sheets.columns import SheetKind
from xlbill.sheets.headings import normalised
from xlbill.usage.columns import USAGE as USAGE_SHEET

KINDS: Mapping[str, tuple[SheetKind, ...]] = {
    "price_tables/small.xlsx": book_columns.SHEETS,
    "accounts.xlsx": account_columns.SHEETS,
    "usage/2026-04/usage.xlsx": (USAGE_SHEET,),
}
CONSTANTS: tuple[object, ...] = (*NUMBERS, True, False, None, *("".join(c for c in t if c >= " ") for t in TEXTS))


@dataclass(frozen=True)
class Spot:
    """Where a value goes: a column of a sheet, or a setting's value."""

    file: str
    title: str
    heading: str
    setting: str | None = None

    def __str__(self) -> str:
        return f"{self.file} › {self.title}: {self.setting or self.heading}"


@cache
def spots() -> tuple[Spot, ...]:
    """Every declared column and every setting."""
    found = [
        Spot(file, kind.title.en, column.heading.en)
        for file, kinds in KINDS.items()
        for kind in kinds
        for column in kind.columns
    ]
    book, accounts, _ = KINDS
    settings = [Spot(book, "Book", "value", column.heading.en) for column in book_columns.SETTING.values()]
    sold = account_columns.SELLER_SETTING | account_columns.ACCOUNT_SETTING
    settings += [Spot(accounts, "Seller", "Chinese", column.heading.en) for column in sold.values()]
    return (*found, *settings, Spot("usage/2026-04/usage.xlsx", "Wide", "dau"))


def put(spot: Spot, new: object, dice: random.Random) -> bytes:
    """The file with a value under a heading, in one row or in all of them; the heading is added where it is missing."""
    workbook = openpyxl.load_workbook(io.BytesIO(sound()[spot.file]))
    sheet = workbook[spot.title] if spot.title in workbook.sheetnames else workbook.create_sheet(spot.title)
    if spot.setting is not None:
        _put_setting(sheet, spot, new)
    else:
        column = _column(sheet, spot.heading)
        rows = list(range(2, max(sheet.max_row, 2) + 1))
        for row in rows if dice.random() < 0.2 else [dice.choice(rows)]:
            sheet.cell(row, column).value = new  # type: ignore[assignment]
    return saved(workbook)


def _put_setting(sheet: Worksheet, spot: Spot, new: object) -> None:
    if sheet.max_row < 2:
        sheet.append(["item", "Chinese", "English"])
    row = next((r for r in range(2, sheet.max_row + 1) if sheet.cell(r, 1).value == spot.setting), sheet.max_row + 1)
    sheet.cell(row, 1).value = spot.setting
    sheet.cell(row, 2).value = new  # type: ignore[assignment]


def _column(sheet: Worksheet, heading: str) -> int:
    """Under which column a heading stands; one more where it does not."""
    for column in range(1, sheet.max_column + 1):
        if normalised(str(sheet.cell(1, column).value or "")) == normalised(heading):
            return column
    last = sheet.max_column + (1 if sheet.cell(1, 1).value else 0)
    sheet.cell(1, last).value = heading
    return last


def case_of(spot: Spot, new: object, dice: random.Random, name: str) -> Case:
    """A value somewhere."""
    return Case(name, {spot.file: put(spot, new, dice)}, f"{spot} = {new!r:.60}")


def cases(seed: int) -> Iterator[Case]:
    """Every constant under every heading in an order of the seed's, then values without end."""
    dice = random.Random(seed)
    pairs = [(spot, constant) for spot in spots() for constant in CONSTANTS]
    dice.shuffle(pairs)
    for number, (spot, constant) in enumerate(pairs):
        yield case_of(spot, constant, dice, f"{seed}-{number}")
    for number in count(len(pairs)):
        yield case_of(dice.choice(spots()), value(dice), dice, f"{seed}-{number}")


if __name__ == "__main__":
    run("every_column", cases, fault)
