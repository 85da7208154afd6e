"""What a month leaves beside its invoices: balances for the next one, the register in all its forms, the manifest."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from itertools import chain, count
from pathlib import Path

from xlbill.balances import Balance, balances_text, merged, read_balances
from xlbill.billed import AllBilled, RecordsByName
from xlbill.boundary import versions
from xlbill.cells import Place
from xlbill.earlier import is_stale, replaced
from xlbill.files import Source, content, written
from xlbill.manifest import (
    FileRecord,
    Manifest,
    manifest_name,
    read_heads,
    read_manifest,
    record_of,
)
from xlbill.manifest import write_manifest as write_manifest_file
from xlbill.periods import Month
from xlbill.problems import Problems
from xlbill.register import lay_out_register, register_of, write_csv, write_sqlite
from xlbill.review import review_of
from xlbill.workbook import write_layout
from xlbill.workspace import Workspace

REGISTER, REGISTER_CSV, LINES_CSV, RESULTS = "register.xlsx", "register.csv", "lines.csv", "results.sqlite"
_OF_WHOLE_RUNS = (REGISTER, REGISTER_CSV, LINES_CSV, RESULTS)


def write_balances(workspace: Workspace, month: Month, billed: AllBilled, payers: Mapping[str, str]) -> Problems:
    """Write the month's closing balances; those of customers who were not billed in this run stay as they were.

    `payers` say who is paid for by whom: theirs are among the payer's.
    """
    path = workspace.balances(month)
    old, found = read_balances(path, workspace.shown(path))
    carried = [balance for each in billed.heads for balance in each.carried]
    debtors = {each.customer for each in billed.heads}
    paid_for = {customer for customer, payer in payers.items() if payer in debtors}
    kept: tuple[Balance, ...] = merged(old.values(), carried, debtors | paid_for)
    if kept or path.exists():
        found += _save(workspace, path, content(balances_text(kept)))
    return found


def write_register(workspace: Workspace, month: Month, billed: AllBilled, found: Problems) -> Path | None:
    """Write the register of a whole run in all its forms; returns the workbook, None where one cannot be written."""
    told = tuple(found)
    review = review_of(workspace, month, billed.bills, found)
    register = register_of(month, billed.listed, told, review=review)
    folder = workspace.invoices(month)
    failure = [
        *_save(workspace, folder / REGISTER, partial(write_layout, lay_out_register(register))),
        *_save(workspace, folder / REGISTER_CSV, partial(write_csv, register.customers)),
        *_save(workspace, folder / LINES_CSV, partial(write_csv, register.lines)),
        *_save(workspace, folder / RESULTS, partial(write_sqlite, register)),
    ]
    found += failure
    return folder / REGISTER if not failure else None


def write_manifest(
    workspace: Workspace,
    month: Month,
    billed: AllBilled,
    sources: Iterable[Source],
    found: Problems,
    *,
    whole: bool,
) -> list[Path]:
    """Record what was written, and what it was made from as it was when it was read; tell which bills it replaces.

    Returns the files of earlier runs that still lie there, which are kept on record.
    """
    folder = workspace.invoices(month)
    path = folder / manifest_name(month)
    earlier, damage = read_heads(path, workspace.shown(path)) if path.exists() else (None, Problems())
    old = earlier or Manifest(str(month), {}, {})
    found += replaced(workspace, month, old.files, billed.heads)
    there = [name for name in _OF_WHOLE_RUNS if (folder / name).exists()]
    if not whole and there and is_stale(old, billed.heads):
        found.add("register-stale", Place(workspace.shown(folder / REGISTER)))
        there = []  # no run vouches for it: it says what the bills were before
    others = {name: record_of(folder / name) for name in there}
    dropped = {*(head.file.name for head in billed.heads), *others, *_OF_WHOLE_RUNS}
    names = [name for name in old.files if name not in dropped and (folder / name).exists()]
    kept: dict[str, FileRecord] = {}
    if names:  # as after a run for some customers; a whole run leaves hardly any
        whole_manifest, more = read_manifest(path, workspace.shown(path))
        kept = {name: whole_manifest.files[name] for name in names} if whole_manifest is not None else {}
        damage += more
    inputs: dict[str, str] = {}
    for source in sources:
        again = (f"{source.name} ({number})" for number in count(2))
        inputs[next(name for name in chain([source.name], again) if name not in inputs)] = source.sha256
    manifest = Manifest(str(month), {**(old.inputs if kept else {}), **inputs}, {**kept, **others})
    write = partial(write_manifest_file, manifest, short=RecordsByName(billed))
    found += [*damage, *_save(workspace, path, write)]
    return [folder / name for name in kept]


def write_faults(workspace: Workspace, month: Month, found: Problems) -> None:
    """Keep what a maintainer needs to mend errors of ours beside the register; no file where there were none."""
    path = workspace.invoices(month) / f"internal-errors-{month}.txt"
    whose = ((" ".join(filter(None, (p.about.customer, str(p.place)))), p.detail) for p in found if p.detail)
    reports = [f"{who}\n{detail}" for who, detail in whose]
    if reports:
        found += _save(workspace, path, content("\n\n".join([f"{versions()}\n{month}", *reports]) + "\n"))
    else:
        with suppress(OSError):  # a folder that cannot be used is told where something was to be written
            path.unlink(missing_ok=True)


def _save(workspace: Workspace, path: Path, write: Callable[[Path], object]) -> Problems:
    return written(path, workspace.shown(path), write)
