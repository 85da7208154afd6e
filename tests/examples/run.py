"""Priced examples: sections of markdown that say what is sold, ordered and used, and what the bill must be.

    ### Graduated: each call pays the price of its own tier
    book: models

    sheet: Charges
    | product | meter | model | from | to | price | pay |
    ...
    cases: 2026-04
    | calls | bill |
    |---|---|
    | 1,000 | 50.00 |
    | 1,001 | 50.03 |

`book` is `small` (tests/small_book.py, sheets replaced by the section's), `models` (settings and models of the shipped
book, everything else from the section) or `shipped` (both shipped books as they are). Sheets of the accounts and a
sheet `Usage` are the section's own. `bill: MONTH` is followed by the lines that must come out, in their order, with
any of their figures; rows `total`, `prepaid`, `refunded`, `due`, `credit` ... give what it comes to. `taxes: MONTH` has
a row a tax rate, `packs: MONTH` a row a pack, `members: MONTH` a row a customer of a bill for several.
`cases: MONTH` has a row a bill: columns named like a meter (`meter:dimension`) are used, columns
named like an item are what it costs, `bill` is the total. `problems: MONTH` lists codes.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path

import openpyxl

from tests.small_book import ACCOUNTS, BOOK, complete, completed
from tests.workbooks import table, write_workbook
from xlbill.audit.live import open_live
from xlbill.audit.verify import Verified, verify
from xlbill.balances import balances_text
from xlbill.inputs import Inputs, load_inputs
from xlbill.invoice import Template, lay_out, load_template
from xlbill.invoice.presented import DRAFT, view_of
from xlbill.periods import Month
from xlbill.rating.bill import Bill, Line
from xlbill.rating.rate import Outcome, rate
from xlbill.workbook import write_layout
from xlbill.workspace import SHIPPED, Workspace

FOLDER = Path(__file__).parent
SHIPPED_BOOK = SHIPPED / "price_tables" / "easemob-im-2026.xlsx"
_BLOCK = re.compile(r"^(sheet|bill|taxes|packs|members|cases|problems): (.+?)\n+((?:\|.*\n?)+)", re.MULTILINE)


@dataclass(frozen=True)
class Expected:
    """A table of what must come out for a month."""

    kind: str
    month: Month
    headings: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Example:
    """One section."""

    file: str
    title: str
    book: str
    sheets: dict[str, str]
    expected: tuple[Expected, ...]


def examples() -> Iterator[Example]:
    """All sections of all files."""
    for path in sorted(FOLDER.glob("*.md")):
        for section in re.split(r"^### ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            title, _, text = section.partition("\n")
            book = re.search(r"^book: (\w+)$", text, re.MULTILINE)
            blocks = _BLOCK.findall(text)
            assert book and blocks, f"{path.name}: {title} has no book or no tables"
            sheets = {name: rows for kind, name, rows in blocks if kind == "sheet"}
            expected = tuple(_expected(kind, name, rows) for kind, name, rows in blocks if kind != "sheet")
            assert expected, f"{path.name}: {title} expects nothing"
            yield Example(path.name, title.strip(), book[1], sheets, expected)


def _expected(kind: str, month: str, rows: str) -> Expected:
    headings, *values = table(rows)
    parsed = Month.parse(month)
    assert parsed is not None, month
    return Expected(kind, parsed, headings, values)


SUMS = ("prepaid", "refunded", "postpaid", "credit_opening", "credit_used", "due", "credit", "total")
WORDS: dict[str, Callable[[Line], str]] = {
    "from": lambda line: str(line.period and line.period.start),
    "to": lambda line: str(line.period and line.period.last),
    "app": lambda line: line.app,
    "contract": lambda line: line.contract,
    "list_price": lambda line: f"{line.list_price.number:f}" if line.list_price else "",
    "owner": lambda line: line.owner,
    "reason": lambda line: line.reason.text("en") if line.reason else "",
}
OF_ACCOUNTS = (*ACCOUNTS, "Contract charges")
USAGE = ["app", "date", "meter", "dimension", "quantity", "unit", "times"]


def workspace(example: Example, root: Path, case: list[list[str]] | None = None) -> Workspace:
    """The example's sheets as a workspace; `case` are rows of usage besides the section's own."""
    accounts = root / "accounts.xlsx"
    own = {title: rows for title, rows in example.sheets.items() if title in OF_ACCOUNTS}
    nothing_ordered = {"Subscriptions": "| app | item | option | quantity | start | end |"}
    write_workbook(accounts, completed(own, ACCOUNTS if example.book == "small" else ACCOUNTS | nothing_ordered))
    given = table(example.sheets["Usage"]) if "Usage" in example.sheets else [USAGE]
    for month in {expected.month for expected in example.expected}:
        rows = [given[0], *(row for row in given[1:] if row[1].startswith(str(month))), *(case or [])]
        write_workbook(root / "usage" / str(month) / "usage.xlsx", {"Usage": rows})
    _write_book(example, root / "price_tables" / "book.xlsx")
    return Workspace(root)


def _write_book(example: Example, path: Path) -> None:
    own = {title: rows for title, rows in example.sheets.items() if title not in (*OF_ACCOUNTS, "Usage")}
    path.parent.mkdir(parents=True, exist_ok=True)
    if example.book == "small":
        write_workbook(path, completed(own, BOOK))
    elif example.book == "models" and {"Book", "Formulas"} <= own.keys():
        write_workbook(path, own)
    elif example.book == "models":
        path.write_bytes(_shipped(tuple(zh for zh, en in (("价目", "Book"), ("公式", "Formulas")) if en not in own)))
        complete(path, own)
    else:
        for file in SHIPPED_BOOK.parent.glob("*.xlsx"):
            path.with_name(file.name).write_bytes(file.read_bytes())


@cache
def _shipped(kept: tuple[str, ...]) -> bytes:
    """The shipped book with some of its sheets alone."""
    workbook = openpyxl.load_workbook(SHIPPED_BOOK)
    for sheet in workbook.worksheets:
        if not sheet.title.startswith(kept):
            workbook.remove(sheet)
    saved = BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def outcome(workspace: Workspace, month: Month) -> tuple[Outcome, list[str]]:
    """The first customer's month, and the codes of all problems but that nothing was ever calculated."""
    inputs, found = load_inputs(workspace, month)
    assert inputs is not None, [(p.code, str(p.place)) for p in found]
    result = rate(inputs.accounts.customers[0], *_rest(inputs), month, "worked-bills")
    codes = [p.code for p in (*found, *result.problems) if p.code not in ("example-not-calculated", "days-missing")]
    return result, codes


def _rest(inputs: Inputs) -> tuple[object, ...]:
    return inputs.accounts, inputs.books, inputs.usage, inputs.balances


def bills_of(files: tuple[str, ...], root: Path, most: int = 99) -> Iterator[Bill]:
    """The bills of some files' examples (so many of each) that give a month's lines, month after month."""
    chosen = [example for file in files for example in [e for e in examples() if e.file == file][:most]]
    for number, example in enumerate(chosen):
        place = workspace(example, root / str(number))
        for expected in (e for e in example.expected if e.kind in ("bill", "taxes", "packs", "members")):
            result, codes = outcome(place, expected.month)
            assert result.bill is not None, codes
            place.balances(expected.month).parent.mkdir(parents=True, exist_ok=True)
            place.balances(expected.month).write_text(balances_text(result.carried), encoding="utf-8")
            yield result.bill


def check_bill(bill: Bill, expected: Expected) -> None:
    """Hold a bill against the lines that must come out."""
    lines = [row for row in expected.rows if row[0] not in SUMS]
    assert [line.item for line in bill.lines] == [row[0] for row in lines if row]
    for line, row in zip(bill.lines, lines, strict=True):
        for heading, text in zip(expected.headings[1:], row[1:], strict=True):
            if text and heading in WORDS:
                assert WORDS[heading](line) == text, f"{line.item} {heading}"
            elif text:
                assert line.number(heading) == figure(text), f"{line.item} {heading}"
    for row in (row for row in expected.rows if row[0] in SUMS):
        told = figure(row[expected.headings.index("amount")])
        assert (bill.sums[row[0]].number if row[0] in bill.sums else Decimal(0)) == told, row[0]


def check_taxes(bill: Bill, expected: Expected) -> None:
    """Hold a bill's taxes against the table of them, rate by rate; a row `total` is their sum, as that of lines is."""
    if of_lines := [line.figures["tax"].number for line in bill.lines if "tax" in line.figures]:
        assert sum(of_lines) == sum(tax.tax.number for tax in bill.taxes)
    names = expected.headings
    rows = [[getattr(tax, name).number for name in names] for tax in bill.taxes]
    rows.append([sum((row[n] for row in rows), Decimal(0)) for n in range(len(names))])
    for row, texts in zip(rows, expected.rows, strict=True):
        for name, number, text in zip(names, row, texts, strict=True):
            assert text == "total" or number == figure(text), f"{name}: {number}, not {text}"
    assert bill.total.number == rows[-1][names.index("gross")]


def check_packs(bill: Bill, expected: Expected) -> None:
    """Hold the balances of a bill's packs against the table of them, in the order in which they are drawn."""
    names = expected.headings[1:]
    held = [
        [pack.pack, *(pack.gone if name == "lapsed" else getattr(pack, name).number for name in names)]
        for pack in bill.packs
    ]
    assert held == [[row[0], *map(figure, row[1:])] for row in expected.rows]


def check_members(bill: Bill, expected: Expected) -> None:
    """Hold the subtotals of a bill for several customers against the table of them."""
    sums = [[member.customer.code, member.subtotal.number] for member in view_of(bill, DRAFT).members]
    assert sums == [[row[0], figure(row[1])] for row in expected.rows]


def check_case(bill: Bill, headings: list[str], row: list[str], meters: set[str]) -> None:
    """Hold a bill against one row of cases."""
    for heading, text in zip(headings, row, strict=True):
        if heading == "bill":
            assert bill.total.number == figure(text)
        elif heading.partition(":")[0] not in meters:
            items = [line for line in bill.lines if line.item == heading]
            assert sum((line.amount.number for line in items), Decimal(0)) == figure(text), heading


def check_invoice(bill: Bill, folder: Path) -> None:
    """The bill's invoice, recomputed from its own formulas, comes to what was rated."""
    path = folder / "invoice.xlsx"
    write_layout(lay_out(bill, template()), path)
    result = verify(path)
    assert isinstance(result, Verified)
    assert result.problems == ()
    live, _ = open_live(path)
    assert live is not None
    total = live.target("bill.total")
    assert total is not None
    assert live.exact[total] == bill.total.number


@cache
def template() -> Template:
    """The shipped template."""
    loaded, _ = load_template(SHIPPED / "templates" / "invoice.xlsx")
    assert loaded is not None
    return loaded


def figure(text: str) -> Decimal:
    """A figure as people write it in a table."""
    number = text.replace(",", "")
    return Decimal(number[:-1]) / 100 if number.endswith("%") else Decimal(number)
