"""Three customers under the smallest price book, and what somebody types month after month."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from click.testing import CliRunner

from tests.small_book import BOOK
from tests.workbooks import write_workbook
from xlbill.cli import main
from xlbill.periods import Month

JANUARY = Month(2025, 1)
CUSTOMERS = ("C1", "C2", "C3")
SHEETS = {
    "Seller": """
        | item | Chinese |
        | name | House |
        | days to pay | 20 |
        | review totals above | 400 |
        """,
    "Customers": "| code | name |\n" + "".join(f"| {code} | Customer {code} |\n" for code in CUSTOMERS),
    "Apps": "| app | customer | region |\n" + "".join(f"| a-{code} | {code} | cn |\n" for code in CUSTOMERS),
    "Subscriptions": "| app | item | start |\n"
    + "".join(f"| a-{code} | im.pro | 2025-01-01 |\n" for code in CUSTOMERS),
    "Adjustments": "| customer | date | text | amount |\n",
}


@dataclass(frozen=True)
class Said:
    """What a command said: its exit status, its JSON, its problems by their codes."""

    status: int
    told: Any
    codes: list[str]


@dataclass(frozen=True)
class Office:
    """A workspace, and the commands in it."""

    folder: Path

    def run(self, *words: object) -> Said:
        """A command of xlbill with --json, in this process."""
        done = CliRunner().invoke(main, [str(word) for word in (*words, "-w", self.folder, "--json")])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        told = json.loads(done.stdout)
        return Said(done.exit_code, told, [p["code"] for p in told.get("problems", ()) if p["severity"] == "error"])

    def plain(self, *words: object) -> str:
        """A command without --json, which must end well: what it prints."""
        done = CliRunner().invoke(main, [*map(str, words), "-w", str(self.folder)], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    def verified(self, file: object) -> int:
        """The exit status of `xlbill verify`: 0 where every figure of a workbook is what its formulas give."""
        return CliRunner().invoke(main, ["verify", str(file)], catch_exceptions=False).exit_code

    def started(self, *words: object) -> "subprocess.Popen[bytes]":
        """A command in a process group of its own."""
        command = [
            sys.executable,
            "-m",
            "xlbill",
            *(str(word) for word in words),
            "-w",
            str(self.folder),
            "--lang",
            "en",
        ]
        own = {"start_new_session": True, "env": {**os.environ, "PYTHONUTF8": "1"}}
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **own)  # type: ignore[call-overload, no-any-return]

    def use(self, month: Month, users: Mapping[str, int]) -> None:
        """What each customer used in a month."""
        rows = "".join(f"a-{code},{month.start},dau,{count}\n" for code, count in users.items())
        file = self.folder / "usage" / str(month) / "usage.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"app,date,meter,quantity\n{rows}", encoding="utf-8")

    def bill(self, month: Month, *more: object) -> Said:
        return self.run("bill", month, "--jobs", 1, *more)

    def issue(self, month: Month, *more: object, on: date | None = None) -> Said:
        return self.run("issue", month, "--on", on or month.plus(1).start, "--jobs", 1, *more)

    def files(self, month: Month) -> dict[str, bytes]:
        """The invoices and credit notes of a month."""
        folder = self.folder / "issued" / str(month)
        return {f.name: f.read_bytes() for f in sorted(folder.glob("C*.xlsx"))}


def office_in(folder: Path) -> Office:
    """The workspace with January used."""
    book = {title: text.replace("2026-01-01", "2025-01-01") for title, text in BOOK.items()}
    write_workbook(folder / "price_tables" / "small.xlsx", book)
    write_workbook(folder / "accounts.xlsx", SHEETS)
    office = Office(folder)
    office.use(JANUARY, {"C1": 25, "C2": 12, "C3": 40})
    return office


def note_in(path: Path) -> None:
    """Write a note into a workbook, as somebody does who looks at it."""
    workbook = openpyxl.load_workbook(path)
    workbook.worksheets[0]["H40"] = "a note"
    workbook.save(path)
