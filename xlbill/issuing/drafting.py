"""Drafts made again, to be held against those that lie there: what is issued is what somebody has seen.

A draft's file is made by inputs alone and is the same, byte for byte, whenever it is made from the same ones. So a
draft is older than its inputs where an input has another hash now than its manifest says, or where the file would come
out otherwise (a balance that an invoice moved since); and it was edited where the file is no longer the one of the run.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xlbill.accounts import Customer
from xlbill.balances import is_balances
from xlbill.boundary import InternalFault, attempt
from xlbill.cells import Place
from xlbill.files import Source, sha256_of
from xlbill.ledger.entries import draft_of
from xlbill.ledger.records import Draft
from xlbill.manifest import Manifest
from xlbill.problems import Problem, Subject, problem
from xlbill.rating.bill import Bill
from xlbill.run import Bench, Job
from xlbill.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Drafted:
    """A customer's draft as it is made now, the hash of its file, and what was told; None where there is no bill."""

    job: Job
    draft: Draft | None
    sha256: str
    problems: tuple[Problem, ...]
    bill: Bill | None = None  # where it was asked for


@dataclass(frozen=True, slots=True)
class Drafting:
    """Makes drafts one by one; may be copied into other processes."""

    bench: Bench
    inputs: Mapping[str, str]
    with_bills: bool = False

    def __call__(self, job: Job) -> Drafted:
        """The draft of a customer; an error of ours in one stops nobody else."""
        done = attempt(lambda: self._drafted(job))
        if not isinstance(done, InternalFault):
            return done
        code = job.customer.code
        return Drafted(job, None, "", (done.problem(job.customer.place, Subject(customer=code)),))

    def _drafted(self, job: Job) -> Drafted:
        outcome = self.bench.rate(job.customer)
        if outcome.bill is None:
            return Drafted(job, None, "", outcome.problems)
        content = self.bench.presses[job.template].invoice(outcome.bill).content
        inputs = inputs_of(self.inputs, job, self.bench.workspace)
        draft = draft_of(outcome.bill, outcome.carried, inputs, self.region(job.customer, outcome.bill))
        bill = outcome.bill if self.with_bills else None
        return Drafted(job, draft, hashlib.sha256(content).hexdigest(), outcome.problems, bill)

    def region(self, customer: Customer, bill: Bill) -> str:
        """The region of a customer's apps, by which numbers may count; of several all, in their order."""
        billed = {line.app for line in bill.lines}
        apps = self.bench.own[customer.code].apps
        named = [app.region.casefold() for app in apps if app.code in billed] or [a.region.casefold() for a in apps]
        return "-".join(sorted(set(named)))


def hashes_of(sources: tuple[Source, ...]) -> dict[str, str]:
    """The inputs of a run by their names on record. Balances are not among them: what they come to is looked at itself.

    Once the month before was issued, the ledger states them and no file does.
    """
    return {source.name: source.sha256 for source in sources if not is_balances(source.name)}


def inputs_of(inputs: Mapping[str, str], job: Job, workspace: Workspace) -> dict[str, str]:
    """Of a month's inputs those that one customer's draft is made from: all but balances and others' templates.

    A run for some customers reads their templates alone, and a manifest keeps those of the runs before it.
    """
    templates = f"{workspace.recorded(workspace.templates)}/"
    own = f"{templates}{job.template}"
    named = (name for name in inputs if not is_balances(name))
    return {name: inputs[name] for name in named if name == own or not name.startswith(templates)}


def objection(drafted: Drafted, manifest: Manifest, inputs: Mapping[str, str], workspace: Workspace) -> Problem | None:
    """Why a draft must not become an invoice: none was made, it is older than its inputs, somebody edited its file."""
    job, path = drafted.job, drafted.job.file
    about, place = {"customer": job.customer.code}, Place(workspace.shown(path))
    record = manifest.files.get(path.name)
    if record is None or not path.is_file():
        return problem("draft-missing", place, None, found=path.name, **about)
    now, then = inputs_of(inputs, job, workspace), inputs_of(manifest.inputs, job, workspace)
    changed = sorted(name for name in {*now, *then} if now.get(name) != then.get(name))
    if changed or record.inside != drafted.sha256:
        return problem("draft-stale", place, None, found=", ".join(changed[:3]) or path.name, **about)
    if _sha256(path) != record.sha256:
        return problem("draft-edited", place, None, found=path.name, **about)
    return None


def _sha256(path: Path) -> str:
    try:
        return sha256_of(path)
    except OSError:
        return ""
