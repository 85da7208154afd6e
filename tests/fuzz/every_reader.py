"""Every other file that xlbill reads, damaged: templates, manifests, invoices, balances, payments, ledgers, data.

    python -m tests.fuzz.every_reader [seconds] [first seed]

A trial damages one file of a month that was billed and issued, and runs a command that reads it. It must end with an
exit status of its own within some seconds, without an exception, an error of ours, or a refusal of the disk.
"""

import os
import random
import signal
import tempfile
import traceback
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from unittest.mock import patch

import openpyxl
from click.testing import CliRunner

from tests.fuzz import damage
from tests.fuzz.any_value import RICH, USAGE
from tests.fuzz.bounded import Case, run
from tests.small_book import BOOK
from tests.workbooks import write_workbook
from xlbill.cli import main
from xlbill.workspace import SHIPPED

SECONDS = 30
"""What a trial may take on a busy machine: each takes some tenths of one."""

DRAFTS, ISSUED = "invoices/2026-04", "issued/2026-04"
INVOICE = f"{DRAFTS}/C1-2026-04.xlsx"
ISSUED_INVOICE = f"{ISSUED}/C1-2026-04 202605-00001.xlsx"
WORKBOOKS = {"price_tables/small.xlsx": BOOK, "accounts.xlsx": RICH, "usage/2026-04/usage.xlsx": USAGE}
TEXTS = {
    "bank.csv": """date,customer,payer,amount,reference,serial
2026-05-03,C1,One,100,202605-00001,S1
2026-05-04,,One,20.5,,S2
""",
    "changes.csv": "item,column,change,new price,round to\nim.dau,,+10%,,0.1\nim.pro,price,,120,\n",
    "usage/2026-04/more.csv": "app,date,meter,quantity\na1,2026-04-09,dau,14\na1,2026-04-10,dau,9\n",
}


@dataclass(frozen=True)
class Target:
    """A kind of file: where it lies, how it is damaged, which commands read it (`{at}`: their workspace)."""

    file: str
    damages: tuple[damage.Damage, ...]
    commands: tuple[str, ...]

    @staticmethod
    def words(command: str) -> list[str]:
        """The words of a command; the name of an issued invoice has a blank in it."""
        return [word.replace("~", " ") for word in command.split()]


_WORKBOOK = (damage.in_cells, damage.in_cells, damage.in_parts, damage.in_bytes)
_BILL = "bill 2026-04 -w {at} --jobs 1"
TARGETS: Mapping[str, Target] = {
    "template": Target("templates/invoice.xlsx", _WORKBOOK, (_BILL, _BILL, "check {at}/templates/invoice.xlsx")),
    "statement template": Target("templates/statement.xlsx", _WORKBOOK, ("statement C1 -w {at}",)),
    "manifest": Target(
        f"{DRAFTS}/manifest-2026-04.json",
        (damage.in_json, damage.in_json, damage.in_bytes),
        (
            f"verify {{at}}/{DRAFTS}",
            f"explain {{at}}/{INVOICE}",
            f"explain {{at}}/{INVOICE} 1",
            f"bill --replay {{at}}/{DRAFTS}/manifest-2026-04.json -w {{at}} --jobs 1",
            _BILL,
            "bill 2026-04 -w {at} --jobs 1 --customer C1",
            "bill 2026-05 -w {at} --jobs 1",
        ),
    ),
    "issued manifest": Target(
        f"{ISSUED}/manifest-2026-04.json",
        (damage.in_json, damage.in_json, damage.in_bytes),
        (
            f"verify {{at}}/{ISSUED}",
            "ledger verify -w {at}",
            "void 202605-00001 --reason why -w {at}",
            f"bill --replay {{at}}/{ISSUED}/manifest-2026-04.json -w {{at}} --jobs 1",
            "pay import {at}/bank.csv -w {at}",
        ),
    ),
    "invoice": Target(
        INVOICE,
        _WORKBOOK,
        (
            f"verify {{at}}/{INVOICE}",
            f"explain {{at}}/{INVOICE}",
            f"explain {{at}}/{INVOICE} 1",
            f"convert {{at}}/{INVOICE} {{at}}/i.json",
        ),
    ),
    "issued invoice": Target(
        ISSUED_INVOICE, _WORKBOOK, ("ledger verify -w {at}", "void 202605-00001 --reason why -w {at}")
    ),
    "balances": Target(
        f"{DRAFTS}/balances-2026-04.csv",
        (damage.in_rows, damage.in_rows, damage.in_bytes),
        ("bill 2026-05 -w {at} --jobs 1", _BILL),
    ),
    "bank": Target(
        "bank.csv", (damage.in_rows, damage.in_rows, damage.in_bytes), ("pay import {at}/bank.csv -w {at}",)
    ),
    "ledger": Target(
        "ledger.sqlite",
        (damage.in_tables, damage.in_tables, damage.in_bytes),
        (
            "ledger list -w {at}",
            "ledger verify -w {at}",
            "ledger export {at}/export -w {at}",
            "ledger backup {at}/backup.sqlite -w {at}",
            "pay list -w {at}",
            "pay import {at}/bank.csv -w {at}",
            "statement C1 -w {at}",
            "statement --year 2026 -w {at}",
            "statement --ageing -w {at}",
            "void 202605-00001 --reason why -w {at}",
            "bill 2026-05 -w {at} --jobs 1",
            "bill 2026-04 -w {at} --jobs 1 --against-issued",
            "issue 2026-05 -w {at} --jobs 1",
        ),
    ),
    "register": Target(
        "invoices/2026-05/register.xlsx",
        _WORKBOOK,
        ("issue 2026-05 --approved {at}/invoices/2026-05/register.xlsx -w {at} --jobs 1",),
    ),
    "book as YAML": Target("book.yaml", (damage.in_bytes,), ("convert {at}/book.yaml {at}/again.xlsx",)),
    "book as JSON": Target("book.json", (damage.in_json, damage.in_bytes), ("convert {at}/book.json {at}/again.xlsx",)),
    "changes": Target(
        "changes.csv", (damage.in_rows, damage.in_bytes), ("prices apply {at}/changes.csv -w {at} --dry-run",)
    ),
    "usage csv": Target(
        "usage/2026-04/more.csv",
        (damage.in_rows, damage.in_bytes),
        (_BILL, "convert {at}/usage/2026-04/more.csv {at}/out.xlsx"),
    ),
}


class TooLongError(Exception):
    """A trial that takes longer than anybody waits."""


@cache
def sound() -> Mapping[str, bytes]:
    """The files of a month that was billed, issued and billed anew; the bank's, a book as data, changes of prices."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, content in WORKBOOKS.items():
            write_workbook(root / name, content)
        for name, text in TEXTS.items():
            (root / name).write_text(text, encoding="utf-8")
        (root / "usage/2026-05").mkdir()
        for name in ("invoice", "statement"):
            (root / "templates").mkdir(exist_ok=True)
            (root / f"templates/{name}.xlsx").write_bytes((SHIPPED / f"templates/{name}.xlsx").read_bytes())
        book = f"{root}/price_tables/small.xlsx"
        for words in (
            ["bill", "2026-04", "-w", folder, "--jobs", "1"],
            ["issue", "2026-04", "-w", folder, "--on", "2026-05-01", "--jobs", "1"],
            ["bill", "2026-05", "-w", folder, "--jobs", "1"],
            ["convert", book, f"{root}/book.yaml", "--lossy"],
            ["convert", book, f"{root}/book.json", "--lossy"],
        ):
            done = CliRunner().invoke(main, words)
            assert done.exit_code == 0, done.output
        _approve(root / "invoices/2026-05/register.xlsx")
        files = [file for file in root.rglob("*") if file.is_file()]
        return {file.relative_to(root).as_posix(): file.read_bytes() for file in files}


def _approve(register: Path) -> None:
    """Approve the first customer of a register, as finance does in Excel."""
    workbook = openpyxl.load_workbook(register)
    sheet = next(sheet for sheet in workbook.worksheets if "Review" in sheet.title)
    heading = next(cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("批准"))
    sheet.cell(heading.row + 1, heading.column).value = "yes"
    workbook.save(register)


@contextmanager
def _at_most(seconds: int) -> Iterator[None]:
    """An exception in what takes longer."""

    def end(*_: object) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def laid_out(root: Path) -> None:
    """Put the sound month into a folder."""
    Case("sound", sound()).put(root)
    (root / "usage/2026-05").mkdir(exist_ok=True)


def case_of(name: str, seed: int) -> Case:
    """A file damaged as a seed says, and a command that reads it."""
    dice, target = random.Random(f"{name} {seed}"), TARGETS[name]
    harm = dice.choice(target.damages)
    files = {target.file: harm(sound()[target.file], dice)}
    return Case(f"{name}-{seed}".replace(" ", "-"), files, harm.__name__, dice.choice(target.commands))


def fault(case: Case, root: Path) -> str | None:
    """Run the command of a case over the sound month with its files."""
    laid_out(root)
    case.put(root)
    return _fault_of([word.replace("{at}", str(root)) for word in Target.words(case.command)])


def sound_ends(name: str, root: Path) -> list[str]:
    """The commands of a target that do not end well while its file is sound."""
    wrong = []
    for number, command in enumerate(dict.fromkeys(TARGETS[name].commands)):
        at = root / str(number)
        laid_out(at)
        done = CliRunner().invoke(main, [word.replace("{at}", str(at)) for word in TARGETS[name].words(command)])
        wrong += [f"{command}: {done.exit_code} {done.output}"] if done.exit_code else []
    return wrong


def _fault_of(words: list[str]) -> str | None:
    """Run a command: an exception of it, an error of ours that it told, or a refusal that it did not expect."""
    with (
        patch.dict(os.environ, {"XLBILL_DEBUG": "1"}),
        _at_most(SECONDS),
        warnings.catch_warnings(record=True) as warned,
    ):
        done = CliRunner().invoke(main, [*words, "--lang", "en"])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        frame = traceback.extract_tb(done.exception.__traceback__)[-1]
        return f"{type(done.exception).__name__}: {done.exception} ({frame.filename}:{frame.lineno})"
    if done.exit_code not in (0, 1, 2):
        return f"exit status {done.exit_code}"
    if warned:
        return f"a warning of Python's: {warned[0].message}"
    unwanted = ("internal-error", "cannot be read or written (")
    return next((line for line in done.output.splitlines() if any(words in line for words in unwanted)), None)


def cases(first: int) -> Iterator[Case]:
    """All files in turn, with seed after seed."""
    return (case_of(name, seed) for seed in count(first) for name in TARGETS)


if __name__ == "__main__":
    run("every_reader", cases, fault)
