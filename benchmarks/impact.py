"""What a price change does to many customers: seconds from the command to its answer, and against what.

    python benchmarks/impact.py [customers ...]

The customers are those of the example month over and over, their usage in one csv. The command runs as anybody runs it,
on all cores. Beside its seconds stand those of the month's reading alone, which one process does. The ratio is that of
the CPU seconds for a customer to a bare XlsxWriter write of an invoice's cells: it can be compared between machines.
"""

import csv
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

from whole_month import BARE_TIMES, MONTH, ROOT, accounts, bare_write, renamed, write

from xlbill.inputs import load_inputs
from xlbill.periods import Month
from xlbill.usage.tables import Value, read_usage_tables, to_long
from xlbill.workspace import Workspace

KNOWN = tuple(f"C{number:03}" for number in (1, 2, 3, 4, 5, 6, 7, 9))
COLUMNS = ("app", "date", "meter", "dimension", "quantity", "unit", "times", "request")
CHANGE = "im.pro.price=+8%"


def example_usage(code: str) -> list[dict[str, Value]]:
    """The usage of an example customer, a figure a row."""
    rows: list[dict[str, Value]] = []
    path = ROOT / "examples" / "usage" / MONTH / f"{code}.xlsx"
    for table in read_usage_tables(path, path.name)[0]:
        long, _ = to_long(table)
        rows += [{"app": f"{code.lower()}-app", **dict(zip(long.keys, row, strict=True))} for row in long.rows]
    return rows


def workspace(folder: Path, customers: int) -> int:
    """A workspace with so many customers; gives the number of their rows of usage."""
    (folder / "usage" / MONTH).mkdir(parents=True)
    write(folder / "accounts.xlsx", dict(accounts(customers)))
    of_known, figures, count = {code: example_usage(code) for code in KNOWN}, random.Random(12), 0
    with (folder / "usage" / MONTH / "all.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore")
        writer.writeheader()
        for number in range(customers):
            old, factor = KNOWN[number % len(KNOWN)], Decimal(figures.randint(80, 125)) / 100
            for row in of_known[old]:
                quantity, app = row["quantity"], renamed(row["app"], old, f"K{number:06}")
                scaled = int(quantity * factor) if isinstance(quantity, Decimal) else quantity
                writer.writerow({**row, "app": app, "quantity": scaled})
                count += 1
    return count


def bare_cpu(folder: Path) -> float:
    """Seconds of CPU for a bare XlsxWriter write of an invoice's cells."""
    start = time.process_time()
    bare_write(folder)
    return (time.process_time() - start) / BARE_TIMES


def reading(folder: Path) -> float:
    """Seconds of CPU for reading all that the month is rated from."""
    start = time.process_time()
    inputs, found = load_inputs(Workspace(folder), Month(2026, 4))
    assert inputs is not None, [problem.code for problem in found]
    return time.process_time() - start


def main(*counts: int) -> None:
    """Weigh the same change for so many customers, and print what it took."""
    print(f"{'customers':>9}{'rows':>11}{'seconds':>9}{'CPU s':>8}{'a second':>10}{'reading':>9}{'x bare write':>14}")
    for customers in counts or (900,):
        with tempfile.TemporaryDirectory() as folder:
            rows, bare, read = workspace(Path(folder), customers), bare_cpu(Path(folder)), reading(Path(folder))
            command = [sys.executable, "-m", "xlbill", "impact", "--what-if", CHANGE, "--period", MONTH, "-w", folder]
            before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            ran = subprocess.run([*command, "--quiet"], cwd=ROOT, capture_output=True, check=False)
            seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
            assert ran.returncode in (0, 1), ran.stderr.decode()
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        each = cpu / customers / bare
        print(f"{customers:9,}{rows:11,}{seconds:9.1f}{cpu:8.1f}{customers / seconds:10.0f}{read:9.1f}{each:14.2f}")
    print(f"{os.cpu_count()} cores")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
