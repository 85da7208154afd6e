"""A million rows of usage, read and summed up: seconds of CPU and peak memory, beside a bare read of the same file.

    python benchmarks/usage_million.py [rows]

The bare read goes over all cells and keeps nothing: calamine's row iterator for xlsx, the csv module for csv. Each
reading runs in a process of its own, so that the peaks are its own; that of xlbill counts its reading process in.
"""

import csv
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection
from pathlib import Path

import xlsxwriter

APPS, METERS, DAYS = 400, ("dau", "message", "storage"), 30
MONTH = "2026-04"


def write_rows(rows: int, write: Callable[[int, tuple[object, ...]], object]) -> None:
    """A month of single requests: many rows for each app, meter and day, none like another."""
    write(0, ("app", "date", "meter", "quantity", "request"))
    for n in range(rows):
        app, meter, day = n % APPS, METERS[n // APPS % len(METERS)], n // (APPS * len(METERS)) % DAYS + 1
        write(n + 1, (f"app-{app}", f"{MONTH}-{day:02d}", meter, n * 7919 % 100_003, f"r{n}"))


def write_daily(rows: int, write: Callable[[int, tuple[object, ...]], object]) -> None:
    """Daily figures of as many apps as it takes."""
    write(0, ("app", "date", "meter", "quantity"))
    for n in range(rows):
        day, meter, app = n % DAYS + 1, METERS[n // DAYS % len(METERS)], n // (DAYS * len(METERS))
        write(n + 1, (f"app-{app}", f"{MONTH}-{day:02d}", meter, n * 7919 % 100_003))


def make(folder: Path, rows: int, kinds: Collection[str] = ("csv", "xlsx")) -> None:
    """The files to read."""
    for name, fill in (("daily", write_daily), ("requests", write_rows)):
        path = folder / f"{name}.csv"
        if "csv" in kinds:
            with path.open("w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file)
                fill(rows, lambda _, row, w=writer: w.writerow(row))  # type: ignore[misc]
        if "xlsx" not in kinds:
            continue
        path = folder / f"{name}.xlsx"
        workbook = xlsxwriter.Workbook(path)
        sheet = workbook.add_worksheet("usage")
        fill(min(rows, 1_048_575), lambda number, row, s=sheet: s.write_row(number, 0, row))  # type: ignore[misc]
        workbook.close()


def read_bare(path: Path) -> int:
    """Only go over all cells."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return sum(1 for _ in csv.reader(file))
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_path(str(path)) as workbook:
        return sum(1 for _ in workbook.get_sheet_by_index(0).iter_rows())


def read_with_xlbill(path: Path) -> int:
    """Read, check and sum up."""
    from decimal import Decimal

    from xlbill.periods import Month
    from xlbill.usage import MeterKind, read_usage

    apps = [f"app-{n}" for n in range(12_000)]
    meters = {m: MeterKind(m, (m,), {}, True, False, frozenset(), Decimal(10**6)) for m in METERS}
    usage, found = read_usage([(path, path.name)], Month.parse(MONTH) or Month(2026, 4), apps, meters)
    assert not found, found[:3]
    return sum(len(series.days) for series in usage.series)


def read_by_row(path: Path) -> int:
    """The same, text row by row, as where polars is not installed."""
    from xlbill.sheets import stream

    stream.LARGE_TEXT = sys.maxsize
    return read_with_xlbill(path)


READINGS = {"bare": read_bare, "xlbill": read_with_xlbill, "by row": read_by_row}


def _used() -> tuple[float, int]:
    """Seconds of CPU and peak KiB of this process and those that it started."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    status = Path("/proc/self/status")  # where there is one: ru_maxrss of a new process begins with its parent's
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    peaks = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
    own = peaks[0] if peaks else both[0].ru_maxrss
    return sum(used.ru_utime + used.ru_stime for used in both), own + both[1].ru_maxrss


def measured(how: str, path: Path) -> tuple[float, int]:
    """Seconds of CPU and MiB of one reading in a process of its own."""
    out = subprocess.run([sys.executable, __file__, how, str(path)], check=True, capture_output=True, text=True).stdout
    seconds, kilobytes = out.split()
    return float(seconds), int(kilobytes) // 1024


def main() -> None:
    """Print a table."""
    if sys.argv[1:2] == ["make"]:
        make(Path(sys.argv[2]), int(sys.argv[3]))
        return
    if len(sys.argv) == 3:
        before = _used()[0]
        READINGS[sys.argv[1]](Path(sys.argv[2]))
        after, kilobytes = _used()
        print(after - before, kilobytes)
        return
    rows = int(sys.argv[1]) if len(sys.argv) == 2 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        print(f"{rows:,} rows       seconds   rows/s     MiB   bare s  bare MiB  ratio")
        subprocess.run([sys.executable, __file__, "make", folder, str(rows)], check=True)  # peaks are inherited
        for path in sorted(Path(folder).iterdir()):
            bare, bare_memory = measured("bare", path)
            for how in ("xlbill", "by row") if path.suffix == ".csv" else ("xlbill",):
                seconds, memory = measured(how, path)
                name = path.name if how == "xlbill" else how
                ours = f"{name:<16}{seconds:>9.2f}{rows / seconds:>9,.0f}{memory:>8}"
                print(f"{ours}{bare:>9.2f}{bare_memory:>10}{seconds / bare:>7.1f}")


if __name__ == "__main__":
    main()
