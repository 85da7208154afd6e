"""What an auditor needs to check the ledger without xlbill: the entries, the files' hashes, and how to use them.

* `entries.jsonl`: a line for each entry, `{"entry":<the canonical text>,"sha256":"..."}`: see docs/ledger.md;
* `files.sha256`: the files as `sha256sum --check` reads them, from the ledger's folder;
* `head.json`: the last entry's number and hash, to hold against the registers;
* `balances/2026-04.csv`: what the issued bills of a month leave of packs and trials.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from xlbill.balances import balances_text
from xlbill.files import content, written
from xlbill.ledger.canonical import canonical
from xlbill.ledger.entries import balances_of
from xlbill.ledger.store import Ledger
from xlbill.periods import Month
from xlbill.problems import Problem

ENTRIES, FILES, HEAD, BALANCES = "entries.jsonl", "files.sha256", "head.json", "balances"


def export_ledger(ledger: Ledger, folder: Path) -> list[Problem]:
    """Write the export into a folder; what the disk did not let it."""
    head = ledger.head
    hashes = "".join(f"{row['sha256']}  {row['name']}\n" for row in ledger.rows("SELECT * FROM files ORDER BY name"))
    last = canonical({"entry": head.entry, "sha256": head.sha256}) + "\n"
    return [
        *written(folder / ENTRIES, str(folder / ENTRIES), partial(_write_lines, _lines(ledger))),
        *written(folder / FILES, str(folder / FILES), content(hashes)),
        *written(folder / HEAD, str(folder / HEAD), content(last)),
        *_balances(ledger, folder / BALANCES),
    ]


def _balances(ledger: Ledger, folder: Path) -> Iterator[Problem]:
    """The balances of each month that was issued, in the form in which drafts leave theirs."""
    for row in ledger.rows("SELECT DISTINCT month FROM bills WHERE standing = 1 ORDER BY month"):
        month = Month.parse(row["month"])
        assert month is not None, f"the ledger has a month {row['month']}"
        path = folder / f"{month}.csv"
        yield from written(path, str(path), content(balances_text(balances_of(ledger, month))))


def _lines(ledger: Ledger) -> Iterator[str]:
    """The entries as JSON lines: each is the canonical text itself, with its hash beside it."""
    for row in ledger.connection.execute("SELECT text, sha256 FROM entries ORDER BY entry"):
        yield f'{{"entry":{row["text"]},"sha256":"{row["sha256"]}"}}\n'


def _write_lines(lines: Iterator[str], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(lines)
