"""A month for many customers: seconds for each stage of a bill, beside a bare XlsxWriter writing as many cells.

    python benchmarks/bill_month.py [customers]

The example month's customers are billed over and over. The ratios of one run can be compared between machines, the
seconds cannot.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import xlsxwriter

from xlbill.accounts import by_customer
from xlbill.inputs import load_inputs
from xlbill.invoice import lay_out, load_template
from xlbill.manifest import FileRecord, invoice_record
from xlbill.periods import Month
from xlbill.rating.bill import Bill
from xlbill.rating.rate import rate
from xlbill.workbook import Layout, layout_bytes
from xlbill.workspace import Workspace

ROOT = Path(__file__).parent.parent
T = TypeVar("T")


def timed(name: str, work: Callable[[], T], seconds: dict[str, float]) -> T:
    """Do a piece of work and add what it took to the seconds of its stage."""
    start = time.perf_counter()
    result = work()
    seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - start
    return result


def record(layout: Layout, content: bytes, bill: Bill) -> FileRecord:
    """What the manifest keeps of an invoice."""
    total = bill.currency.text(bill.total.number)
    return invoice_record("invoice.xlsx", layout, content, bill.customer.code, bill.currency.code, total)


def write_bare(layout: Layout, path: Path) -> None:
    """As many cells and sheets as an invoice has, written without formats, formulas or charts."""
    workbook = xlsxwriter.Workbook(path)
    for sheet in layout.sheets:
        worksheet = workbook.add_worksheet()
        for cell in sheet.cells:
            worksheet.write_number(cell.row - 1, cell.column - 1, 1)
    workbook.close()


def main(customers: int = 200) -> None:
    """Bill the example customers in turn until so many bills are made."""
    seconds: dict[str, float] = {}
    month = Month(2026, 4)
    inputs, _ = timed("load inputs", lambda: load_inputs(Workspace(ROOT / "examples"), month), seconds)
    template, _ = timed("load template", lambda: load_template(ROOT / "templates" / "invoice.xlsx"), seconds)
    assert inputs is not None and template is not None
    known, own = inputs.accounts.customers, by_customer(inputs.accounts)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "invoice.xlsx"
        for number in range(customers):
            customer = known[number % len(known)]
            rest = (own[customer.code], inputs.books, inputs.usage, inputs.balances, month)
            outcome = timed("rate", lambda c=customer, r=rest: rate(c, *r), seconds)  # type: ignore[misc]
            assert outcome.bill is not None
            layout = timed("lay out", lambda b=outcome.bill: lay_out(b, template), seconds)  # type: ignore[misc]
            content = timed("write", lambda x=layout: layout_bytes(x), seconds)  # type: ignore[misc]
            timed("record", lambda x=layout, c=content, b=outcome.bill: record(x, c, b), seconds)  # type: ignore[misc]
            timed("bare write", lambda x=layout: write_bare(x, path), seconds)  # type: ignore[misc]
    bare = seconds["bare write"]
    print(f"{customers} bills")
    for name, spent in seconds.items():
        each = f"{spent / customers * 1000:7.1f} ms a bill" if not name.startswith("load") else f"{spent:7.2f} s once"
        print(f"{name:14} {each}   {spent / bare:5.2f} x bare write")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
