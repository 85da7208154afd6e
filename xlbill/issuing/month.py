"""A month is issued: what can be is, all of it as one step; what cannot is told, draft by draft."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from xlbill.accounts import Seller
from xlbill.billed import Billed
from xlbill.cells import Place
from xlbill.inputs import workspace_absent
from xlbill.issuing.approval import approvals
from xlbill.issuing.drafting import Drafted, Drafting, hashes_of, objection
from xlbill.issuing.filing import Batch, file_batch, kept_head, register_file, unfiled
from xlbill.issuing.notes import file_notes
from xlbill.issuing.paying import take_account_payments
from xlbill.issuing.press import Press, Pressing
from xlbill.ledger.documents import head_of
from xlbill.ledger.entries import standing
from xlbill.ledger.issue import IssueTerms, issue
from xlbill.ledger.numbers import CREDITS, INVOICES, Numbering, parse_numbering
from xlbill.ledger.records import InvoiceHead
from xlbill.ledger.session import writing
from xlbill.ledger.store import Ledger, behind
from xlbill.manifest import manifest_name, read_manifest, record_as_filed
from xlbill.periods import Month
from xlbill.problems import Problem, Problems, problem, sort_problems
from xlbill.processes import Lost, mapped
from xlbill.run import Job, Prepared, prepare
from xlbill.workspace import Workspace


@dataclass(frozen=True, slots=True)
class IssueOrder:
    """What is to be issued: on which day, at what time, by how many processes; of which customers (none: of all)."""

    on: date
    at: datetime
    customers: Collection[str] = ()
    approved: Path | None = None  # the register in which somebody approved
    processes: int = 1
    watch: Callable[[int, int], object] = lambda done, of: None
    password: str = field(default="", repr=False)  # that invoices need whose customer has none of its own


@dataclass(frozen=True, slots=True)
class IssueDone:
    """What became of a month: its invoices, who was left out, had one before or waits, and the registers written."""

    issued: tuple[tuple[InvoiceHead, Billed], ...]
    left_out: tuple[str, ...]
    before: tuple[str, ...]
    registers: tuple[Path, ...]
    waiting: tuple[str, ...] = ()  # not approved
    payments: int = 0  # of the accounts' sheet, taken into the ledger first


def issue_month(workspace: Workspace, month: Month, order: IssueOrder) -> tuple[IssueDone | None, tuple[Problem, ...]]:
    """Issue the drafts of a month; None where nothing could be looked at. Who has an invoice already keeps it."""
    found = Problems()
    if (absent := workspace_absent(workspace) or ledger_absent(workspace)) is not None:
        return None, (absent,)
    if (early := in_future(workspace, order)) is not None:
        return None, (early,)
    shown = workspace.shown(workspace.ledger)
    with writing(workspace.ledger, f"issue {month}", order.at, shown) as (ledger, told):
        found += told
        if ledger is None:
            return None, sort_problems(found)
        kept = kept_head(workspace)
        if kept is not None and (older := behind(ledger, kept)) is not None:
            return None, (older,)
        prepared, problems = prepare(workspace, month, order.customers, order.password, order.processes)
        found += problems
        if prepared is None:
            return None, sort_problems(found)
        numbering, wrong = numbering_of(prepared.bench.inputs.accounts.seller)
        found += wrong
        if numbering is None:
            return None, sort_problems(found)
        found += file_notes(ledger, workspace, prepared.bench.inputs.accounts, order.password)
        filed = _file_earlier(ledger, workspace, month, prepared, found)
        paid = take_account_payments(ledger, workspace, prepared.bench.inputs.accounts, order.on, order.at)
        found += paid.problems
        done = _issue(ledger, workspace, prepared, numbering, order, found, filed)
        return replace(done, payments=len(paid.taken)), sort_problems(found)


def ledger_absent(workspace: Workspace) -> Problem | None:
    """A ledger that is gone though something was issued: a new one in its place would count from 1 again."""
    if workspace.ledger.exists() or kept_head(workspace) is None:
        return None
    return problem("ledger-gone", Place(workspace.shown(workspace.ledger)))


def numbering_of(seller: Seller) -> tuple[Numbering | None, list[Problem]]:
    """How a seller numbers invoices and credit notes."""
    rules = seller.rules
    return parse_numbering(rules.invoice_numbers or INVOICES, rules.credit_numbers or CREDITS, rules.place)


def in_future(workspace: Workspace, order: IssueOrder) -> Problem | None:
    """A date that has not come yet: after it nothing could be issued until it has."""
    if order.on <= order.at.date():
        return None
    place = Place(workspace.shown(workspace.ledger))
    return problem("issue-in-future", place, None, found=order.on.isoformat(), today=order.at.date().isoformat())


def _issue(
    ledger: Ledger,
    workspace: Workspace,
    prepared: Prepared,
    numbering: Numbering,
    order: IssueOrder,
    found: Problems,
    filed: tuple[Path, ...],
) -> IssueDone:
    """Issue what is ready of the chosen customers, and file it; `filed` are the registers of a run that was killed."""
    month = prepared.bench.month
    issued = {customer.casefold() for customer in standing(ledger, month)}
    rest = [job for job in prepared.jobs if job.customer.code.casefold() not in issued]
    before = tuple(c.code for c in prepared.chosen if c.code.casefold() in issued)
    if order.customers or not (rest or filed):
        found += [_issued_already(ledger, code, month) for code in before]
    inputs = hashes_of(prepared.sources)
    drafted = _drafted(prepared, prepared.jobs if order.approved is not None else rest, inputs, order, found)
    chosen, waiting = _approved(workspace, month, drafted, rest, order, found)
    ready = _ready(workspace, month, chosen, inputs, found)
    jobs = {drafted.job.customer.code: drafted.job for drafted in ready}
    half = len(ready)  # each is made twice: held against its draft, then written under its number
    press = Press(prepared.bench, jobs, workspace.issued(month))
    pressing = Pressing(press, order.processes, lambda done: order.watch(half + done, 2 * half))
    days = prepared.bench.inputs.accounts.seller.rules.days_to_pay
    terms = IssueTerms(workspace.issued(month), order.on, order.at, numbering, days, inputs)
    drafts = [drafted.draft for drafted in ready if drafted.draft is not None]
    done = issue(ledger, drafts, pressing.press, terms, pressing)
    found += done.problems
    registers = _file_new(ledger, workspace, month, pressing.written, inputs, found) if done.heads else ()
    settled = {*done.heads, *before, *waiting}
    left = [c.code for c in prepared.chosen if c.code not in settled]
    pairs = tuple((head, pressing.written[code]) for code, head in done.heads.items())
    return IssueDone(pairs, tuple(left), before, (*filed, *registers), waiting)


def _drafted(
    prepared: Prepared, jobs: Sequence[Job], inputs: Mapping[str, str], order: IssueOrder, found: Problems
) -> list[Drafted]:
    """The drafts of customers as they are made now; who cannot be billed is told."""
    drafting = Drafting(prepared.bench, inputs, with_bills=order.approved is not None)
    made = []
    for number, drafted in enumerate(mapped(drafting, jobs, order.processes), start=1):
        order.watch(number, 2 * len(jobs))
        if isinstance(drafted, Lost):
            found.about(customer=drafted.job.customer.code).add("worker-lost", drafted.job.customer.place)
            continue
        found += drafted.problems
        made += [drafted] if drafted.draft is not None else []
    return made


def _approved(
    workspace: Workspace,
    month: Month,
    drafted: Sequence[Drafted],
    rest: Sequence[Job],
    order: IssueOrder,
    found: Problems,
) -> tuple[list[Drafted], tuple[str, ...]]:
    """Of the drafts not issued before, those that are approved, and who waits for that; all where nobody was asked."""
    open_codes = {job.customer.code for job in rest}
    waiting = [each for each in drafted if each.job.customer.code in open_codes]
    if order.approved is None:
        return waiting, ()
    approved, problems = approvals(workspace, month, order.approved, drafted)
    found += problems
    codes = tuple(each.job.customer.code for each in waiting)
    return [each for each in waiting if each.job.customer.code in approved], tuple(
        code for code in codes if code not in approved
    )


def _ready(
    workspace: Workspace, month: Month, drafted: Sequence[Drafted], inputs: Mapping[str, str], found: Problems
) -> list[Drafted]:
    """The drafts that may be issued: made as their inputs are now, and as they lie there."""
    path = workspace.invoices(month) / manifest_name(month)
    shown = workspace.shown(path)
    if not path.exists():
        found.add("no-drafts", Place(shown), month=str(month))
        return []
    manifest, damage = read_manifest(path, shown)
    found += damage
    ready = []
    for each in drafted if manifest is not None else ():
        why = objection(each, manifest, inputs, workspace) if manifest is not None else None
        if why is None:
            ready.append(each)
        else:
            found.about(customer=each.job.customer.code).tell(why)
    return ready


def _issued_already(ledger: Ledger, customer: str, month: Month) -> Problem:
    sql = "SELECT number FROM bills WHERE customer = ? AND month = ? AND standing = 1"
    row = ledger.row(sql, customer, str(month))
    number = row["number"] if row is not None else "—"
    return problem("issued-already", ledger.place, None, customer=customer, month=str(month), found=number)


# --- what a batch leaves beside its invoices -----------------------------------------------------------------------


def _file_new(
    ledger: Ledger,
    workspace: Workspace,
    month: Month,
    billed: Mapping[str, Billed],
    inputs: Mapping[str, str],
    found: Problems,
) -> tuple[Path, ...]:
    """File the batch that was issued just now."""
    (batch, *_) = reversed(unfiled(ledger, workspace, month))
    register, problems = file_batch(workspace, month, batch, billed, inputs, found)
    found += problems
    return (register,) if register is not None else ()


def _file_earlier(
    ledger: Ledger, workspace: Workspace, month: Month, prepared: Prepared, found: Problems
) -> tuple[Path, ...]:
    """File the batches that a killed run left: their bills are made again, where the inputs still give them."""
    filed = []
    for batch in unfiled(ledger, workspace, month):
        billed = _made_again(ledger, workspace, batch, prepared)
        lost = [number for number, customer in batch.customers.items() if customer not in billed]
        path = workspace.issued(month) / register_file(batch)
        if lost and not path.exists():
            found.add("register-without", Place(workspace.shown(path)), found=", ".join(lost))
        register, problems = file_batch(workspace, month, batch, billed, hashes_of(prepared.sources), found)
        found += problems
        filed += [register] if register is not None else []
    return tuple(filed)


def _made_again(ledger: Ledger, workspace: Workspace, batch: Batch, prepared: Prepared) -> dict[str, Billed]:
    """The bills of a batch made once more: those whose files come out as the ledger has them."""
    month = prepared.bench.month
    jobs = {job.customer.code: job for job in prepared.jobs}
    press = Press(prepared.bench, jobs, workspace.issued(month))
    drafting = Drafting(prepared.bench, {})
    billed = {}
    for number, customer in batch.customers.items():
        drafted = drafting(jobs[customer]) if customer in jobs else None
        if drafted is None or drafted.draft is None:
            continue
        row = ledger.row("SELECT sha256 FROM files WHERE number = ?", number)
        made = press.made(drafted.draft, head_of(ledger, number))
        password = prepared.bench.password_of(jobs[customer].customer)
        record = record_as_filed(made.file, row["sha256"], made.record, password) if row is not None else None
        if record is not None:
            billed[customer] = replace(made, record=record)
    return billed
