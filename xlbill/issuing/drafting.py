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
        draft = draft_of(outcome.bill, outcome.carried, self.inputs, self.region(job.customer, outcome.bill))
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


def objection(drafted: Drafted, manifest: Manifest, inputs: Mapping[str, str], shown: str) -> Problem | None:
    """Why a draft must not become an invoice: none was made, it is older than its inputs, somebody edited its file."""
    customer, path = drafted.job.customer.code, drafted.job.file
    about = {"customer": customer}
    record = manifest.files.get(path.name)
    if record is None or not path.is_file():
        return problem("draft-missing", Place(shown), None, found=path.name, **about)
    changed = sorted(name for name in {*inputs, *recorded(manifest)} if inputs.get(name) != manifest.inputs.get(name))
    if changed or record.inside != drafted.sha256:
        return problem("draft-stale", Place(shown), None, found=", ".join(changed[:3]) or path.name, **about)
    if _sha256(path) != record.sha256:
        return problem("draft-edited", Place(shown), None, found=path.name, **about)
    return None


def recorded(manifest: Manifest) -> list[str]:
    """The inputs that a run of drafts has on record, but its balances."""
    return [name for name in manifest.inputs if not is_balances(name)]


def _sha256(path: Path) -> str:
    try:
        return sha256_of(path)
    except OSError:
        return ""
