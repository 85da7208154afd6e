"""What an auditor needs to check the ledger without xlbill: the entries, the files' hashes, and how to use them.

* `entries.jsonl`: a line for each entry, `{"entry":<the canonical text>,"sha256":"..."}`: see docs/ledger.md;
* `files.sha256`: the files as `sha256sum --check` reads them, from the ledger's folder;
* `head.json`: the last entry's number and hash, to hold against the registers.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from xlbill.files import content, written
from xlbill.ledger.canonical import canonical
from xlbill.ledger.store import Ledger
from xlbill.problems import Problem

ENTRIES, FILES, HEAD = "entries.jsonl", "files.sha256", "head.json"


def export_ledger(ledger: Ledger, folder: Path) -> list[Problem]:
    """Write the export into a folder; what the disk did not let it."""
    head = ledger.head
    hashes = "".join(f"{row['sha256']}  {row['name']}\n" for row in ledger.rows("SELECT * FROM files ORDER BY name"))
    last = canonical({"entry": head.entry, "sha256": head.sha256}) + "\n"
    return [
        *written(folder / ENTRIES, str(folder / ENTRIES), partial(_write_lines, _lines(ledger))),
        *written(folder / FILES, str(folder / FILES), content(hashes)),
        *written(folder / HEAD, str(folder / HEAD), content(last)),
    ]


def _lines(ledger: Ledger) -> Iterator[str]:
    """The entries as JSON lines: each is the canonical text itself, with its hash beside it."""
    for row in ledger.connection.execute("SELECT text, sha256 FROM entries ORDER BY entry"):
        yield f'{{"entry":{row["text"]},"sha256":"{row["sha256"]}"}}\n'


def _write_lines(lines: Iterator[str], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(lines)
