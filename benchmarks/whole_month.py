"""A month for many customers, each with a usage workbook of its own: seconds, customers a second, and peak memory.

    python benchmarks/whole_month.py [customers ...]
    python benchmarks/whole_month.py stages [customers]

The second says which stage takes how much of it, in one process. The customers are those of the example month over and
over, each with codes, names and figures of its own. The command runs as anybody runs it, on all cores. A bare
XlsxWriter write of an invoice's cells is the yardstick beside it.
"""

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import openpyxl
import xlsxwriter

from xlbill import run
from xlbill.periods import Month as Billed
from xlbill.press import PrintingPress
from xlbill.workspace import Workspace

ROOT = Path(__file__).parent.parent
SHEETS = ("Customers", "Apps", "Subscriptions", "Contracts")
MONTH = "2026-04"
BARE_CELLS, BARE_TIMES = 800, 200


def tables(path: Path) -> dict[str, list[list[Any]]]:
    """All sheets of a workbook, as rows."""
    workbook = openpyxl.load_workbook(path)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in workbook}


def renamed(value: Any, old: str, new: str) -> Any:
    """A cell with a customer's code replaced by another's."""
    return value.replace(old, new).replace(old.lower(), new.lower()) if isinstance(value, str) else value


def write(path: Path, sheets: dict[str, list[list[Any]]]) -> None:
    """Rows as a workbook."""
    workbook = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = workbook.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, (date, datetime)):
                    sheet.write_datetime(number, column, value)
                elif value is not None:
                    sheet.write(number, column, value)
    workbook.close()


def accounts(customers: int) -> Iterator[tuple[str, list[list[Any]]]]:
    """The sheets of the accounts, the example's customers repeated under other codes."""
    known = [f"C{number:03}" for number in (1, 2, 3, 4, 5, 6, 7, 9)]
    for name, rows in tables(ROOT / "examples" / "accounts.xlsx").items():
        if not name.endswith(SHEETS):
            yield name, rows
            continue
        made = rows[:4]
        for number in range(customers):
            old = known[number % len(known)]
            own = [row for row in rows[4:] if {old, f"{old.lower()}-app"} & {str(row[0]), str(row[1])}]
            made += [[renamed(value, old, f"K{number:06}") for value in row] for row in own]
        yield name, made


def workspace(folder: Path, customers: int) -> None:
    """A workspace with so many customers."""
    (folder / "usage" / MONTH).mkdir(parents=True)
    write(folder / "accounts.xlsx", dict(accounts(customers)))
    files = [tables(path) for path in sorted((ROOT / "examples" / "usage" / MONTH).glob("*.xlsx"))]
    known = [f"C{number:03}" for number in (1, 2, 3, 4, 5, 6, 7, 9)]
    figures = random.Random(12)
    for number in range(customers):
        factor, old = figures.uniform(0.8, 1.25), known[number % len(known)]
        write(
            folder / "usage" / MONTH / f"K{number:06}.xlsx",
            {
                name: [
                    [int(v * factor) if isinstance(v, (int, float)) else renamed(v, old, f"K{number:06}") for v in row]
                    for row in rows
                ]
                for name, rows in files[number % len(known)].items()
            },
        )


def bare_write(folder: Path) -> float:
    """Seconds for a bare XlsxWriter write of as many cells as an invoice has."""
    start = time.perf_counter()
    for _ in range(BARE_TIMES):
        workbook = xlsxwriter.Workbook(folder / "bare.xlsx", {"in_memory": True})
        sheet = workbook.add_worksheet()
        for number in range(BARE_CELLS):
            sheet.write_number(number // 8, number % 8, number)
        workbook.close()
    return (time.perf_counter() - start) / BARE_TIMES


def peak_of(process: "subprocess.Popen[bytes]") -> tuple[int, int]:
    """The peak memory of a process and all that it starts, added up, in MiB: resident, and without what is shared."""
    peaks: dict[str, int] = {}
    most = 0
    while process.poll() is None:
        now = 0
        for pid in (str(process.pid), *children(process.pid)):
            try:
                status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
                rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
            except OSError:
                continue
            peaks[pid] = max(peaks.get(pid, 0), field(status, "VmHWM:"))
            now += field(rollup, "Pss:")
        most = max(most, now)
        time.sleep(0.25)
    return sum(peaks.values()) // 1024, most // 1024


def field(text: str, name: str) -> int:
    """A figure in KiB of /proc."""
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith(name)), 0)


def children(pid: int) -> list[str]:
    """The processes that a process started, and those that these did."""
    try:
        own = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    except OSError:
        return []
    return [*own, *(more for child in own for more in children(int(child)))]


@dataclass(frozen=True)
class Month:
    """What a month for so many customers took."""

    customers: int
    seconds: float
    cpu: float
    shared: int  # MiB, pages that processes share counted once
    added: int  # MiB, the peak of each process added up
    bare: float  # seconds of a bare write of an invoice's cells

    @property
    def each(self) -> float:
        """CPU time a customer, in bare writes."""
        return self.cpu / self.customers / self.bare


def months(*counts: int) -> Iterator[Month]:
    """Bill so many customers."""
    for customers in counts or (1_000,):
        with tempfile.TemporaryDirectory() as folder:
            workspace(Path(folder), customers)
            bare = bare_write(Path(folder))
            command = [sys.executable, "-m", "xlbill", "bill", MONTH, "-w", folder, "--quiet"]
            before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            added, shared = peak_of(process)
            seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
            made = len(list(Path(folder).rglob(f"K*-{MONTH}.xlsx")))
            assert made == customers, f"{made} invoices of {customers}, exit status {process.returncode}"
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        yield Month(customers, seconds, cpu, shared, added, bare)


STAGES: dict[str, tuple[tuple[Any, str], ...]] = {
    "inputs read": ((run, "load_inputs"),),
    "rated": ((run, "rate"),),
    "laid out and printed": ((PrintingPress, "invoice"),),
    "recorded": ((run, "printed_record"), (run, "kept")),
    "files written": ((run, "written"),),
    "register": ((run, "write_register"),),
    "manifest": ((run, "write_manifest"),),
}
"""What a run spends its time on, and the functions that do it."""


def stages(customers: int = 1_000) -> dict[str, float]:
    """Seconds of CPU for each stage of a month, and for the rest, in one process."""
    took = dict.fromkeys(STAGES, 0.0)

    def timed(stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def of_stage(*given: Any, **named: Any) -> Any:
            start = time.process_time()
            try:
                return work(*given, **named)
            finally:
                took[stage] += time.process_time() - start

        return of_stage

    with tempfile.TemporaryDirectory() as folder, ExitStack() as watched:
        workspace(Path(folder), customers)
        for stage, functions in STAGES.items():
            for where, name in functions:
                watched.enter_context(patch.object(where, name, timed(stage, getattr(where, name))))
        start = time.process_time()
        result, _ = run.bill_month(Workspace(Path(folder)), Billed(2026, 4))
        total = time.process_time() - start
        assert result is not None and len(result.billed) == customers
    return {**took, "rest": total - sum(took.values())}


def tell_stages(customers: int = 1_000) -> None:
    """Print each stage's share."""
    took = stages(customers)
    for stage, seconds in took.items():
        print(f"{stage:22}{seconds:8.2f} s{seconds / customers * 1_000:8.2f} ms{seconds / sum(took.values()):8.0%}")


def main(*counts: int) -> None:
    """Bill so many customers, and print what it took."""
    print(f"{'customers':>9}{'seconds':>9}{'a second':>10}{'CPU s':>8}{'MiB':>7}{'each peak':>11}{'x bare write':>14}")
    for m in months(*counts):
        rates = f"{m.customers:9,}{m.seconds:9.1f}{m.customers / m.seconds:10.0f}{m.cpu:8.1f}"
        print(f"{rates}{m.shared:7}{m.added:11}{m.each:14.2f}")
    print(f"{os.cpu_count()} cores; MiB: shared pages counted once; each peak: of every process by itself, added up")


if __name__ == "__main__":
    if sys.argv[1:2] == ["stages"]:
        tell_stages(*map(int, sys.argv[2:3]))
    else:
        main(*map(int, sys.argv[1:]))
