"""What it takes to make an invoice, in each of the ways that there are, as ratios within one run.

    python benchmarks/press.py [rounds]

Medians of several rounds over the bills of the example month: a bare XlsxWriter write of as many cells, openpyxl
filling the template's file with as many, the ordinary way (lay out, write, record), a shape that is new to the press,
and a known one. Seconds differ between machines, ratios hardly.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import openpyxl
import xlsxwriter

from xlbill.accounts import by_customer
from xlbill.inputs import load_inputs
from xlbill.invoice import Template, lay_out, load_template
from xlbill.periods import Month
from xlbill.press import PrintingPress, printed_record
from xlbill.press.press import written
from xlbill.rating.bill import Bill
from xlbill.rating.rate import rate
from xlbill.workbook import Layout
from xlbill.workspace import Workspace

ROOT = Path(__file__).parent.parent
TEMPLATE = ROOT / "templates" / "invoice.xlsx"


def bills() -> list[Bill]:
    """The bills of the example month."""
    month = Month(2026, 4)
    inputs, _ = load_inputs(Workspace(ROOT / "examples"), month)
    assert inputs is not None
    own = by_customer(inputs.accounts)
    rest = (inputs.books, inputs.usage, inputs.balances, month)
    outcomes = [rate(customer, own[customer.code], *rest) for customer in inputs.accounts.customers]
    return [outcome.bill for outcome in outcomes if outcome.bill is not None]


def bare(layout: Layout, path: Path) -> None:
    """As many cells as an invoice has, without formats, formulas or charts."""
    workbook = xlsxwriter.Workbook(path, {"in_memory": True})
    for sheet in layout.sheets:
        worksheet = workbook.add_worksheet()
        for cell in sheet.cells:
            worksheet.write_number(cell.row - 1, cell.column - 1, 1)
    workbook.close()


def tables(layout: Layout) -> Iterator[tuple[str, list[list[float]]]]:
    """Each sheet's name and as many figures as it has cells, in rows of eight."""
    for sheet in layout.sheets:
        yield sheet.name, [[1.0] * 8 for _ in range(-(-len(sheet.cells) // 8))]


def of_rustpy(layout: Layout, path: Path) -> None:
    """As many cells, written by rustpy-xlsxwriter, which takes records."""
    import rustpy_xlsxwriter

    workbook = rustpy_xlsxwriter.FastExcel(str(path))
    for name, rows in tables(layout):
        workbook = workbook.sheet(name, [dict(zip("abcdefgh", row, strict=True)) for row in rows])
    workbook.save()


def of_fastxlsx(layout: Layout, path: Path) -> None:
    """As many cells, written by fastxlsx."""
    import fastxlsx

    workbook = fastxlsx.WriteOnlyWorkbook()
    for name, rows in tables(layout):
        sheet = workbook.create_sheet(name)
        for number, row in enumerate(rows):
            sheet.write_row((number, 0), row)
    workbook.save(str(path))


def filled(layout: Layout, path: Path) -> None:
    """The template's file opened by openpyxl, with as many cells filled."""
    workbook = openpyxl.load_workbook(TEMPLATE)
    for sheet in layout.sheets:
        for cell in sheet.cells:
            target = workbook[sheet.name].cell(cell.row + 100, cell.column)
            target.value = 1
    workbook.save(path)


def ordinary(bill: Bill, template: Template) -> None:
    """Lay out, write and record."""
    printed_record("invoice.xlsx", bill, written(bill, template))


def printed(bill: Bill, press: PrintingPress) -> None:
    """The same through the press."""
    printed_record("invoice.xlsx", bill, press.invoice(bill))


def medians(rounds: int) -> dict[str, float]:
    """Seconds an invoice in each way."""
    template, _ = load_template(TEMPLATE)
    assert template is not None
    own = bills()
    layouts = [lay_out(bill, template) for bill in own]
    known = PrintingPress(template)
    for bill in own * 2:
        known.invoice(bill)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "invoice.xlsx"
        ways: dict[str, Callable[[int], object]] = {
            "bare XlsxWriter write": lambda n: bare(layouts[n], path),
            **_others(layouts, path),
            "openpyxl fills the template": lambda n: filled(layouts[n], path),
            "laid out, written, recorded": lambda n: ordinary(own[n], template),
            "a shape new to the press": lambda n: printed(own[n], PrintingPress(template, many=True)),
            "a shape that it knows": lambda n: printed(own[n], known),
        }
        took: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, way in ways.items():
                start = time.process_time()  # of this process: others may be busy beside it
                for number in range(len(own)):
                    way(number)
                took[name].append((time.process_time() - start) / len(own))
    return {name: statistics.median(seconds) for name, seconds in took.items()}


def _others(layouts: list[Layout], path: Path) -> dict[str, Callable[[int], object]]:
    """Other writers that are installed (the extra bench)."""
    ways: dict[str, Callable[[int], object]] = {}
    if find_spec("rustpy_xlsxwriter"):
        ways["bare rustpy-xlsxwriter write"] = lambda n: of_rustpy(layouts[n], path)
    if find_spec("fastxlsx"):
        ways["bare fastxlsx write"] = lambda n: of_fastxlsx(layouts[n], path)
    return ways


def main(rounds: int = 9) -> None:
    """Print milliseconds an invoice, and ratios to the bare write."""
    found = medians(rounds)
    unit = found["bare XlsxWriter write"]
    for name, seconds in found.items():
        print(f"{name:28} {seconds * 1000:7.2f} ms   {seconds / unit:5.2f} x bare write")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
