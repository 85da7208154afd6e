"""What a batch leaves beside its invoices: its register and the month's manifest, both with the head of the ledger.

Both follow from the ledger and the inputs: a run that was killed after its batch was issued leaves them to the next
one. Each batch has a register of its own, called by the last entry of the batch: `register-812.xlsx`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from xlbill.billed import Billed
from xlbill.files import content, written
from xlbill.ledger.records import Head
from xlbill.ledger.store import Ledger
from xlbill.manifest import (
    FileRecord,
    Manifest,
    manifest_head,
    manifest_name,
    manifest_text,
    read_heads,
    read_manifest,
    record_of,
)
from xlbill.periods import Month
from xlbill.problems import Problem, Problems, sort_problems
from xlbill.register import Registered, lay_out_register, lines_csv, listed, register_csv, register_of
from xlbill.workbook import write_layout
from xlbill.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Batch:
    """What one run issued of a month: the run's entry, the head of the chain at its end, its invoices by number."""

    run: int
    head: Head
    files: Mapping[str, str]  # number -> the file's name
    customers: Mapping[str, str]  # number -> customer


def batches_of(ledger: Ledger, month: Month) -> tuple[Batch, ...]:
    """The batches of a month, in the order of issue."""
    sql = """
        SELECT b.run, b.number, b.customer, f.name,
               (SELECT coalesce(min(later.run) - 1, (SELECT max(entry) FROM entries)) FROM runs later
                WHERE later.run > b.run) AS last
        FROM bills b JOIN files f USING (number)
        WHERE b.month = ? AND b.kind = 'invoice' ORDER BY b.entry
    """
    runs: dict[int, list[Any]] = {}
    for row in ledger.rows(sql, str(month)):
        runs.setdefault(row["run"], []).append(row)
    return tuple(_batch(ledger, run, rows) for run, rows in runs.items())


def _batch(ledger: Ledger, run: int, rows: Sequence[Any]) -> Batch:
    last = rows[0]["last"]
    entry = ledger.row("SELECT sha256 FROM entries WHERE entry = ?", last)
    assert entry is not None, "the last entry of a batch is in the chain"
    files = {row["number"]: Path(row["name"]).name for row in rows}
    return Batch(run, Head(last, entry["sha256"]), files, {row["number"]: row["customer"] for row in rows})


def unfiled(ledger: Ledger, workspace: Workspace, month: Month) -> tuple[Batch, ...]:
    """The batches of a month whose register is missing or on no manifest: the run was killed, or had no room."""
    folder = workspace.issued(month)
    path = folder / manifest_name(month)
    manifest = read_heads(path, workspace.shown(path))[0] if path.exists() else None
    known = set(manifest.files) if manifest is not None else set()
    filed = {name for name in known if (folder / name).exists()}
    return tuple(batch for batch in batches_of(ledger, month) if register_file(batch) not in filed)


def register_file(batch: Batch, ending: str = ".xlsx") -> str:
    """The name of a batch's register, or of the csv files beside it."""
    return f"register-{batch.head.entry}{ending}"


def file_batch(
    workspace: Workspace,
    month: Month,
    batch: Batch,
    billed: Mapping[str, Billed],
    inputs: Mapping[str, str],
    told: Iterable[Problem],
) -> tuple[Path | None, Problems]:
    """Write a batch's register, its csv files, and the manifest at last, by which the batch is filed.

    A register that lies there already, of a run that was killed before its manifest, is kept where `billed` no longer
    has all of its bills.
    """
    by_name = {each.file.name: each for each in billed.values()}
    entries = [
        listed(Registered(by_name[name].bill, name, number)) for number, name in batch.files.items() if name in by_name
    ]
    head = f"{batch.head.entry}:{batch.head.sha256}"
    folder, found = workspace.issued(month), Problems()
    register = register_of(month, entries, sort_problems(told), head)
    files = [folder / register_file(batch, ending) for ending in (".xlsx", ".csv", "-lines.csv")]
    if len(entries) == len(batch.files) or not files[0].exists():
        writes = (
            partial(write_layout, lay_out_register(register)),
            content(register_csv(register)),
            content(lines_csv(register)),
        )
        for file, write in zip(files, writes, strict=True):
            found += _save(workspace, file, write)
    if not found.errors:
        records = [*(each.record for each in by_name.values()), *(record_of(file) for file in files if file.exists())]
        found += add_to_manifest(workspace, month, records, batch.head, inputs)
    return (files[0] if not found.errors else None), found


def add_to_manifest(
    workspace: Workspace, month: Month, records: Sequence[FileRecord], head: Head, inputs: Mapping[str, str]
) -> Problems:
    """Put the records of files on the month's manifest, with the head of the ledger; others stay as they are."""
    path = workspace.issued(month) / manifest_name(month)
    old, found = read_manifest(path, workspace.shown(path)) if path.exists() else (None, Problems())
    known = old or Manifest(str(month), {}, {})
    head = max(head, _head(known.ledger) or head, key=lambda head: head.entry)  # what is filed late is no newer
    files = {**known.files, **{record.name: record for record in records}}
    manifest = Manifest(str(month), {**known.inputs, **inputs}, files, f"{head.entry}:{head.sha256}")
    found += _save(workspace, path, content(manifest_text(manifest)))
    return found


def kept_head(workspace: Workspace) -> Head | None:
    """The last head of the ledger that a manifest of issued files knows; None where nothing was issued."""
    heads = []
    for path in workspace.root.glob(f"issued/*/{manifest_name('*')}"):
        if (head := _head(str(manifest_head(path).get("ledger", "")))) is not None:
            heads.append(head)
    return max(heads, key=lambda head: head.entry, default=None)


def _head(text: str) -> Head | None:
    """The head of a chain as a manifest keeps it, 812:3f6c...; None where there is none."""
    entry, _, sha256 = text.partition(":")
    return Head(int(entry), sha256) if entry.isdecimal() else None


def unfiled_notes(ledger: Ledger, workspace: Workspace) -> dict[Month, list[str]]:
    """The credit notes that their month's manifest does not know: of a void that was killed after it was entered.

    What a manifest knows follows from its head: whoever writes it files what was entered before.
    """
    waiting: dict[Month, list[str]] = {}
    for row in ledger.rows("SELECT number, month, entry FROM bills WHERE kind = 'credit' ORDER BY entry"):
        month = Month.parse(row["month"])
        assert month is not None, f"the ledger has a month {row['month']}"
        path = workspace.issued(month) / manifest_name(month)
        known = _head(str(manifest_head(path).get("ledger", "")))
        if known is None or known.entry < row["entry"]:
            waiting.setdefault(month, []).append(row["number"])
    return waiting


def _save(workspace: Workspace, path: Path, write: Any) -> Problems:
    return written(path, workspace.shown(path), write)
