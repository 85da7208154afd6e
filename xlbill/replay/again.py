"""Every file of a run made anew from its inputs, and held against what the manifest says of it."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from xlbill.cells import Place
from xlbill.files import written
from xlbill.issuing.notes import credit_note_file
from xlbill.issuing.press import issuance_of
from xlbill.ledger.documents import head_of, note_of
from xlbill.ledger.session import opened
from xlbill.ledger.store import Ledger
from xlbill.manifest import Manifest, manifest_name, read_manifest
from xlbill.month_files import REGISTER
from xlbill.periods import Month
from xlbill.problems import Problem, Problems, problem, sort_problems
from xlbill.replay.inputs import ReplayPlace, find_inputs, lay_ready
from xlbill.run import Prepared, bill_month, prepare
from xlbill.workspace import Workspace

Watch = Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class Replayed:
    """A run made again: its month, the files that came out the same, and those that did not."""

    month: Month
    same: tuple[str, ...]
    different: tuple[str, ...]


def replay(
    workspace: Workspace,
    manifest_path: Path,
    out: Path | None = None,
    *,
    processes: int = 1,
    watch: Watch = lambda done, of: None,
) -> tuple[Replayed | None, tuple[Problem, ...]]:
    """Make the run of a manifest again, into `out` or nowhere that stays; None where it cannot be made.

    Drafts are billed again, with their register. Issued invoices and credit notes are made by the numbers and dates
    that the ledger has; the registers of their batches are not.
    """
    manifest, damage = read_manifest(manifest_path, workspace.shown(manifest_path))
    month = Month.parse(manifest.period) if manifest is not None else None
    if manifest is None or month is None:
        return None, tuple(damage or (problem("manifest-damaged", Place(workspace.shown(manifest_path))),))
    inputs, found = find_inputs(workspace, manifest.inputs)
    if found.errors:
        return None, sort_problems(found)
    with tempfile.TemporaryDirectory(prefix="xlbill-replay-") as name:
        folder = Path(name)
        target = out or folder / "out"
        place, told = lay_ready(workspace, month, inputs, folder / "workspace", target)
        found += told
        if manifest.ledger:
            made = _issued(place, month, manifest, found)
        else:
            made = _drafts(place, month, manifest, found, processes, watch)
        if made is None:
            return None, sort_problems(found)
        wanted = [name for name in made if name in manifest.files] if manifest.ledger else list(manifest.files)
        same = tuple(sorted(name for name in wanted if made.get(name) == manifest.files[name].inside))
        different = tuple(sorted(set(_expected(manifest)) - set(same)))
    found += [problem("replay-differs", Place(name)) for name in different]
    return Replayed(month, same, different), sort_problems(found)


def _expected(manifest: Manifest) -> Iterator[str]:
    """The files that are made again: of drafts all, of issued ones the invoices and credit notes."""
    for name, record in manifest.files.items():
        if record.customer or not manifest.ledger:
            yield name


def _drafts(
    place: ReplayPlace, month: Month, manifest: Manifest, found: Problems, processes: int, watch: Watch
) -> Mapping[str, str] | None:
    """Bill the customers of the manifest again, all where it has a register; None where nothing can be compared."""
    customers = () if REGISTER in manifest.files else tuple(r.customer for r in manifest.files.values() if r.customer)
    result, problems = bill_month(place, month, customers, processes=processes, watch=watch)
    refused = [p for p in problems if p.code == "cannot-write"]
    found += refused if result is not None else problems
    if result is None or refused:
        return None
    again, _ = read_manifest(place.out / manifest_name(month))
    known = again.files if again is not None else {}
    return {name: known[name].inside for name in manifest.files if name in known}


def _issued(place: ReplayPlace, month: Month, manifest: Manifest, found: Problems) -> Mapping[str, str] | None:
    """Make a month's invoices and credit notes again, as the ledger numbered them; None without what they need."""
    prepared, problems = prepare(place, month)
    if prepared is None:
        found += problems
        return None
    made: dict[str, str] = {}
    with opened(place.ledger, place.shown(place.ledger)) as (ledger, told):
        found += told
        if ledger is None:
            return None
        for name, content in _documents(ledger, month, prepared):
            if name in manifest.files:
                path = place.out / name
                found += written(path, path.as_posix(), lambda target, content=content: target.write_bytes(content))  # type: ignore[misc]
                made[name] = hashlib.sha256(content).hexdigest()
    return made


def _documents(ledger: Ledger, month: Month, prepared: Prepared) -> Iterator[tuple[str, bytes]]:
    bench, seller = prepared.bench, prepared.bench.inputs.accounts.seller
    jobs = {job.customer.code.casefold(): job for job in prepared.jobs}
    sql = "SELECT b.number, b.kind, b.customer, f.name FROM bills b JOIN files f USING (number) WHERE b.month = ?"
    for row in ledger.rows(f"{sql} ORDER BY b.entry", str(month)):
        name = Path(row["name"]).name
        if row["kind"] == "credit":
            yield name, credit_note_file(note_of(ledger, row["number"]), seller, name)[0]
            continue
        job = jobs.get(row["customer"].casefold())
        bill = bench.rate(job.customer).bill if job is not None else None
        if job is not None and bill is not None:
            issuance = issuance_of(head_of(ledger, row["number"]))
            yield name, bench.presses[job.template].invoice(bill, issuance).content
