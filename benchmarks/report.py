"""All that is measured, written to docs/performance.md and docs/performance.zh.md, with the machine on which it was.

    python benchmarks/report.py [customers ...]

Figures of one table come from one run and can be compared; seconds of two machines cannot. Other programs are measured
beside xlbill where they are installed (pip install xlbill[bench]).
"""

import csv
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import openpyxl
import press
import usage_million
import whole_month

from xlbill.formula import as_excel_does, compiled, evaluate, parse

ROOT = Path(__file__).parent.parent
FORMULA = "=ROUND(ROUNDUP(MAX(A1-B1-C1,0)/D1,0)*E1,2)"
VALUES = (35_000, 10_000, 0, 10_000, 7)
ROWS, CSV_ROWS = 100_000, 1_000_000
PROGRAMS = [
    "xlsxwriter",
    "openpyxl",
    "rustpy-xlsxwriter",
    "fastxlsx",
    "python-calamine",
    "fastexcel",
    "pandas",
    "duckdb",
    "polars",
    "formulas",
    "pycel",
    "ironcalc",
    "formualizer",
]


@dataclass(frozen=True)
class Words:
    """A text in both languages."""

    en: str
    zh: str


@dataclass(frozen=True)
class Table:
    """What was measured: a heading, what is compared, columns, rows."""

    title: Words
    said: Words
    columns: tuple[Words, ...]
    rows: tuple[tuple[Words | str, ...], ...]


WAY, RATIO = Words("way", "方式"), Words("ratio", "倍数")


def beside(found: dict[Words, float], unit: Words, factor: float) -> tuple[tuple[Words | str, ...], ...]:
    """Rows of seconds, in units of so many a second, and how often each has the unit's time."""
    return tuple((name, f"{s * factor:,.2f}", f"{s / found[unit]:.2f}") for name, s in found.items())


def each(work: Callable[[], object], times: int, rounds: int = 5) -> float:
    """Seconds of this process for one of so many calls, the median of some rounds."""
    took = []
    for _ in range(rounds):
        start = time.process_time()
        for _ in range(times):
            work()
        took.append((time.process_time() - start) / times)
    return median(took)


# --- what is measured ------------------------------------------------------------------------------------------------

INVOICE = {
    "bare XlsxWriter write": Words(
        "XlsxWriter: as many cells, no formats, no formulas", "XlsxWriter：同样多的单元格，无格式、无公式"
    ),
    "bare rustpy-xlsxwriter write": Words(
        "rustpy-xlsxwriter: as many cells, no formats, no formulas", "rustpy-xlsxwriter：同样多的单元格，无格式、无公式"
    ),
    "bare fastxlsx write": Words(
        "fastxlsx: as many cells, no formats, no formulas", "fastxlsx：同样多的单元格，无格式、无公式"
    ),
    "openpyxl fills the template": Words(
        "openpyxl: the template opened, filled, saved", "openpyxl：打开模板、填写、保存"
    ),
    "laid out, written, recorded": Words("xlbill, laid out and written", "xlbill：排版并写出"),
    "a shape new to the press": Words("xlbill, a new shape made a plate", "xlbill：新版式，制版"),
    "a shape that it knows": Words("xlbill, a known shape printed", "xlbill：已有版式，套印"),
}


def invoices() -> Table:
    """One invoice, written in each way."""
    found = {INVOICE[name]: seconds for name, seconds in press.medians(5).items()}
    return Table(
        Words("Writing an invoice", "写一份账单"),
        Words(
            "The example month's invoices, some 800 cells on four sheets; with what the manifest keeps of them.",
            "示例月份的账单，四张工作表约 800 个单元格；xlbill 的数字含校验清单的记录。",
        ),
        (WAY, Words("ms of CPU", "CPU 毫秒"), RATIO),
        beside(found, INVOICE["bare XlsxWriter write"], 1_000),
    )


def formula() -> Table:
    """One formula of a price, computed in each way."""
    tree = parse(FORMULA)
    exact, double = compiled(tree), as_excel_does(tree)
    values = list(map(Decimal, VALUES))
    known = dict(zip(exact.inputs, values, strict=True))
    walk = Words("xlbill, the walk over the tree (the specification)", "xlbill：逐节点求值（规范）")
    found = {
        walk: each(lambda: evaluate(tree, known.__getitem__), 300),
        Words("xlbill, compiled, exact decimals", "xlbill：编译，精确小数"): each(
            lambda: exact.compute(*values), 3_000
        ),
        Words("xlbill, compiled, as Excel's doubles", "xlbill：编译，按 Excel 双精度"): each(
            lambda: double.compute(*values), 3_000
        ),
    }
    if find_spec("formulas"):
        import formulas

        function = formulas.Parser().ast(FORMULA)[1].compile()
        found[Words("formulas, compiled", "formulas：编译")] = each(lambda: function(*VALUES), 30)
    if find_spec("pycel"):
        found[Words("pycel, an input set and the cell evaluated", "pycel：设一个输入后求值")] = _pycel()
    if find_spec("ironcalc"):
        found[Words("ironcalc, an input set and the workbook evaluated", "ironcalc：设一个输入后求值")] = _ironcalc()
    if find_spec("formualizer"):
        found[Words("formualizer, an input set and the cell evaluated", "formualizer：设一个输入后求值")] = (
            _formualizer()
        )
    return Table(
        Words("Computing a price", "计算一个价格"),
        Words(
            f"`{FORMULA}`, once. Only xlbill computes in exact decimals.",
            f"`{FORMULA}`，计算一次。只有 xlbill 用精确小数。",
        ),
        (WAY, Words("µs of CPU", "CPU 微秒"), RATIO),
        beside(found, walk, 1_000_000),
    )


def _pycel() -> float:
    from pycel import ExcelCompiler

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "price.xlsx"
        workbook = openpyxl.Workbook()
        workbook.active.append([*VALUES, FORMULA])
        workbook.save(path)
        compiler = ExcelCompiler(str(path))
        compiler.evaluate("Sheet!F1")  # which lets it know the cells
    inputs = iter(range(10_000_000))

    def again() -> None:
        compiler.set_value("Sheet!A1", next(inputs))
        compiler.evaluate("Sheet!F1")

    return each(again, 100)


def _ironcalc() -> float:
    import ironcalc

    model = ironcalc.create("price", "en", "UTC", "en")
    for column, value in enumerate((*VALUES, FORMULA), start=1):
        model.set_user_input(0, 1, column, str(value))
    inputs = iter(range(10_000_000))

    def again() -> None:
        model.set_user_input(0, 1, 1, str(next(inputs)))
        model.evaluate()
        model.get_formatted_cell_value(0, 1, 6)

    return each(again, 100)


def _formualizer() -> float:
    import formualizer

    workbook = formualizer.Workbook()
    workbook.add_sheet("Sheet")
    for column, value in enumerate(VALUES, start=1):
        workbook.set_value("Sheet", 1, column, value)
    workbook.set_formula("Sheet", 1, 6, FORMULA)
    inputs = iter(range(10_000_000))

    def again() -> None:
        workbook.set_value("Sheet", 1, 1, next(inputs))
        workbook.evaluate_cell("Sheet", 1, 6)

    return each(again, 100)


def reading() -> Table:
    """A usage file read in each way."""
    with tempfile.TemporaryDirectory() as folder:
        rows: list[tuple[Words | str, ...]] = []
        for kind, count in (("csv", CSV_ROWS), ("xlsx", ROWS)):
            usage_million.make(Path(folder), count, (kind,))
            path = Path(folder) / f"daily.{kind}"
            bare, _ = usage_million.measured("bare", path)
            module = "csv" if kind == "csv" else "calamine"
            rows.append(
                (kind, Words(f"{module}, nothing kept", f"{module}，不保留任何内容"), f"{bare:.2f}", "1.00", "")
            )
            for name, read in _readers(kind):
                seconds = each(lambda p=path, r=read: r(str(p)), 1, 3)  # type: ignore[misc]
                rows.append((kind, name, f"{seconds:.2f}", f"{seconds / bare:.2f}", ""))
            for name, how, file in _own_readings(path):
                seconds, memory = usage_million.measured(how, file)
                rows.append((kind, name, f"{seconds:.2f}", f"{seconds / bare:.2f}", str(memory)))
    columns = (Words("file", "文件"), WAY, Words("s of CPU", "CPU 秒"), RATIO, Words("MiB", "MiB"))
    said = Words(
        f"Daily figures, csv: {CSV_ROWS:,} rows, xlsx: {ROWS:,}. Others only read; xlbill keeps a problem's cell.",
        f"每日用量，csv {CSV_ROWS:,} 行，xlsx {ROWS:,} 行。其他程序只读取；只有 xlbill 检查每个单元格。",
    )
    return Table(Words("Reading usage", "读取用量"), said, columns, tuple(rows))


def _own_readings(daily: Path) -> Iterator[tuple[Words, str, Path]]:
    """How xlbill reads a kind of file."""
    checked = Words("xlbill: read, checked, summed up by day", "xlbill：读取、检查、按日汇总")
    if daily.suffix != ".csv":
        yield checked, "xlbill", daily
        return
    requests = daily.with_name("requests.csv")
    yield Words(f"{checked.en}, row by row", f"{checked.zh}，逐行"), "by row", daily
    if find_spec("polars"):
        yield Words(f"{checked.en}, as columns", f"{checked.zh}，按列"), "xlbill", daily
        yield Words("the same, a request a row, as columns", "同上，每行一次请求，按列"), "xlbill", requests


def _readers(kind: str) -> Iterator[tuple[Words, Callable[[str], object]]]:
    """Other readers that are installed."""
    if kind == "csv" and find_spec("polars"):
        import polars

        yield Words("polars, into columns", "polars，读成列"), polars.read_csv
    if kind == "csv" and find_spec("duckdb"):
        import duckdb

        yield Words("DuckDB, into columns", "DuckDB，读成列"), lambda path: duckdb.read_csv(path).fetchnumpy()
    if kind == "csv" and find_spec("pandas"):
        import pandas

        yield Words("pandas, into columns", "pandas，读成列"), pandas.read_csv
    if kind == "xlsx" and find_spec("pandas"):
        import pandas

        yield (
            Words("pandas with calamine, into columns", "pandas（calamine），读成列"),
            lambda path: pandas.read_excel(path, engine="calamine"),
        )
    if kind == "xlsx" and find_spec("fastexcel") and find_spec("polars"):
        import fastexcel

        yield (
            Words("fastexcel, into columns", "fastexcel，读成列"),
            lambda p: fastexcel.read_excel(p).load_sheet(0).to_polars(),
        )


def months(counts: Sequence[int]) -> Table:
    """Whole runs, each customer with a usage workbook of its own."""
    rows = tuple(
        (
            f"{m.customers:,}",
            f"{m.seconds:.1f}",
            f"{m.customers / m.seconds:,.0f}",
            f"{m.cpu:.1f}",
            str(m.shared),
            f"{m.each:.2f}",
        )
        for m in whole_month.months(*counts)
    )
    columns = (
        Words("customers", "客户"),
        Words("s", "秒"),
        Words("customers a second", "每秒客户"),
        Words("s of CPU", "CPU 秒"),
        Words("MiB", "MiB"),
        Words("CPU a customer, in bare writes of XlsxWriter", "每客户 CPU，以 XlsxWriter 裸写为 1"),
    )
    said = Words(
        "`xlbill bill`, from reading a usage workbook of each customer to register and manifest, on all cores.",
        "`xlbill bill` 全过程：读取每个客户各自的用量表，直到写出汇总表和校验清单，使用全部核。",
    )
    return Table(Words("A whole month", "整月出账"), said, columns, rows)


STAGES = {
    "inputs read": Words("inputs read: books, accounts, usage", "读取输入：价目表、客户档案、用量"),
    "rated": Words("rated", "计价"),
    "laid out and printed": Words("laid out and printed", "排版与套印"),
    "recorded": Words("recorded for register and manifest", "为汇总表和校验清单留存"),
    "files written": Words("files written", "写出文件"),
    "register": Words("review and register", "复核与汇总表"),
    "manifest": Words("manifest", "校验清单"),
    "rest": Words("the rest", "其余"),
}


def stages(customers: int) -> Table:
    """On what a whole run spends its time."""
    took = whole_month.stages(customers)
    total = sum(took.values())
    columns = (Words("stage", "阶段"), Words("ms of CPU a customer", "每客户 CPU 毫秒"), Words("share", "占比"))
    rows = tuple((STAGES[name], f"{s / customers * 1_000:.2f}", f"{s / total:.0%}") for name, s in took.items())
    said = Words(
        f"A month of {customers:,} customers in one process; a shape's first bills are among those laid out.",
        f"{customers:,} 个客户的一个月，单进程；含各版式的首份账单。",
    )
    return Table(Words("Where the time goes", "时间花在哪里"), said, columns, rows)


# --- how it is written -----------------------------------------------------------------------------------------------


def page(tables: Sequence[Table], language: str) -> str:
    """The page in a language."""
    zh = language == "zh"

    def text(words: Words | str) -> str:
        return words if isinstance(words, str) else words.zh if zh else words.en

    parts = ["# 性能" if zh else "# Performance", "", _machine(zh), ""]
    for table in tables:
        parts += [f"## {text(table.title)}", "", text(table.said), "", _row(map(text, table.columns))]
        parts += ["|" + "---|" * len(table.columns), *(_row(map(text, row)) for row in table.rows), ""]
    return "\n".join(parts)


def _row(cells: Any) -> str:
    return "| " + " | ".join(cells) + " |"


def _machine(zh: bool) -> str:
    """On what was measured, and with which versions."""
    day, cores = datetime.now(UTC).date(), os.cpu_count()
    there = ", ".join(f"{name} {found}" for name in PROGRAMS if (found := _installed(name)))
    python = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    if zh:
        busy = "机器当时可能还有别的任务；同一张表的数字可以互相比较。"
        return f"`make bench` 写出本页：{day}，{cores} 核，{python}；{there}。{busy}"
    busy = "The machine may have been busy with other work; figures of one table can be compared with each other."
    return f"Written by `make bench` on {day}: {cores} cores, {python}; {there}. {busy}"


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def main(*counts: int) -> None:
    """Measure all, and write both pages."""
    tables = [invoices(), formula(), reading(), months(counts or (100, 1_000)), stages(1_000)]
    for language, name in (("en", "performance.md"), ("zh", "performance.zh.md")):
        (ROOT / "docs" / name).write_text(page(tables, language), encoding="utf-8")
    csv.writer(sys.stdout).writerows(
        [text.en if isinstance(text, Words) else text for text in row] for t in tables for row in t.rows
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
