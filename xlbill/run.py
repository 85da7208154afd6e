"""A month for many customers: load, rate, write. One customer's error never stops the others."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import TypeAlias, TypeVar

from xlbill import __version__
from xlbill.account_columns import APPS, CUSTOMERS, SUBSCRIPTIONS
from xlbill.account_strangers import own_name
from xlbill.accounts import Accounts, App, Customer, Subscription, by_customer
from xlbill.balances import Balance, BalanceKey
from xlbill.billed import AllBilled, Billed, Kept, kept
from xlbill.boundary import InternalFault, attempt
from xlbill.cells import Place
from xlbill.earlier import changed_books, stale_next_month
from xlbill.files import Source, written
from xlbill.inputs import Inputs, load_inputs
from xlbill.invoice import Template, load_template
from xlbill.invoice.template.marks import Mark
from xlbill.lock import locked
from xlbill.manifest import sealed_record
from xlbill.month_files import write_balances, write_faults, write_manifest, write_register
from xlbill.periods import Month
from xlbill.press import MANY, PrintingPress, printed_record
from xlbill.problems import NOTHING, Fact, Problem, Problems, Subject, problem, sort_problems
from xlbill.processes import Lost, mapped
from xlbill.rating.rate import Outcome, rate
from xlbill.sheets import nearest, safe_file_name
from xlbill.sheets.columns import SheetKind
from xlbill.unattributed import tell_unattributed
from xlbill.usage import Usage
from xlbill.workbook.protection import LONGEST, can_seal
from xlbill.workspace import Workspace

__all__ = ["Bench", "Job", "Prepared", "Result", "bill_month", "prepare", "template_name"]

T = TypeVar("T")
LOCK = ".drafts"  # whose lock is that of the folder


@dataclass(frozen=True, slots=True)
class Result:
    """A run: what was billed, who was left out, every problem on the way, and the register of a whole run."""

    month: Month
    billed: Sequence[Billed]  # read from disk one by one; their bills are those of registers, figures without formulas
    left_out: tuple[str, ...]
    problems: tuple[Problem, ...]
    register: Path | None = None


def bill_month(
    workspace: Workspace,
    month: Month,
    customers: Collection[str] = (),
    *,
    processes: int = 1,
    watch: Callable[[int, int], object] = lambda done, of: None,
    password: str = "",
    at: datetime | None = None,
    executor: str = "",
) -> tuple[Result | None, tuple[Problem, ...]]:
    """Rate and write a month for all customers, or for those named; None where nothing could be done.

    The register covers whole runs: one for some customers alone leaves it as it was. The result does not depend on
    the number of `processes`, nor on the cluster that bills in their place where `executor` is the address of one;
    `watch` is told how many customers of all are done. Invoices of customers without a password of their own need
    `password` to open, if it is not blank. One run at a time writes into a folder: another is told who does, since
    `at`.
    """
    folder = workspace.invoices(month)
    with locked(folder / LOCK, f"bill {month}", at, workspace.shown(folder), "drafts-locked") as other:
        if other is not None:
            return None, (other,)
        with _executing(executor, processes) as each:
            if isinstance(each, Problem):
                return None, (each,)
            prepared, found = prepare(workspace, month, customers, password, processes)
            if prepared is None:
                return None, sort_problems(found)
            return _billed(prepared, found, each, watch, whole=not customers)


Executing: TypeAlias = Callable[["Bench", Sequence["Job"]], Iterator["Done | Lost"]]


@contextmanager
def _executing(executor: str, processes: int) -> Iterator[Executing | Problem]:
    """How customers are billed: in processes of this machine, or on the cluster at an address."""
    if not executor:
        yield lambda bench, jobs: mapped(bench, jobs, processes)
        return
    from xlbill.cluster import connected  # with what a network needs

    cluster = connected(executor, __version__)
    if isinstance(cluster, Problem):
        yield cluster
        return
    with cluster:
        yield cluster.mapped


def _billed(
    prepared: "Prepared", found: Problems, each: Executing, watch: Callable[[int, int], object], *, whole: bool
) -> tuple[Result, tuple[Problem, ...]]:
    """Bill everybody whom nothing stops, and write what a month leaves beside its invoices."""
    month = prepared.bench.month
    folder = prepared.bench.workspace.invoices(month)
    billed = AllBilled(folder)
    for number, one in enumerate(each(prepared.bench, prepared.jobs), start=1):
        if isinstance(one, Lost):
            customer: Customer = one.job.customer
            found.about(customer=customer.code).add("worker-lost", customer.place)
            continue
        done = prepared.bench.written(one) if one.content else one
        if done.billed is not None:
            billed.add(done.billed)
        found += done.problems
        watch(number, len(prepared.jobs))
    register = _finish(prepared, billed, found, whole=whole)
    billed_codes = {head.customer for head in billed.heads}
    left_out = tuple(customer.code for customer in prepared.chosen if customer.code not in billed_codes)
    return Result(month, billed, left_out, sort_problems(found), register), sort_problems(found)


@dataclass(frozen=True, slots=True)
class Job:
    """A customer to bill, on which template and into which file."""

    customer: Customer
    template: str
    file: Path


@dataclass(frozen=True, slots=True)
class Prepared:
    """A month that is ready to be billed: who is chosen, who of them nothing stops, and what is needed for each."""

    bench: "Bench"
    chosen: tuple[Customer, ...]
    jobs: tuple[Job, ...]
    sources: tuple[Source, ...]

    @property
    def payers(self) -> Mapping[str, str]:
        """Who pays for whom."""
        return self.bench.inputs.accounts.payers


def prepare(
    workspace: Workspace, month: Month, customers: Collection[str] = (), password: str = "", processes: int = 1
) -> tuple[Prepared | None, Problems]:
    """Read everything that a month is billed from, and find out who can be billed; None where nobody can."""
    inputs, found = load_inputs(workspace, month, processes)
    chosen = _chosen(inputs.accounts, customers, found) if inputs is not None else ()
    if inputs is None or not chosen:
        return None, found
    found += _without_seal(chosen, password)
    templates = _Templates(workspace, inputs.accounts, found)
    found += tell_unattributed(inputs.accounts, inputs.usage, inputs.sheets, inputs.registers, found, chosen, month)
    owners = inputs.accounts.owners()
    found.own(owners)
    payers = inputs.accounts.payers
    stopped = {payers.get(code, code) for code in found.stopped(owners)}
    names = _file_names(inputs.accounts, month)
    jobs = tuple(
        Job(customer, template, workspace.invoices(month) / names[customer.code])
        for customer in chosen
        if customer.code not in stopped and (template := templates.of(customer)) is not None
    )
    sources = (*inputs.sources, *templates.sources)
    changed = [source for source in sources if source.changed]
    found += [problem("file-changed", Place(source.shown)) for source in changed]
    if changed:
        return None, found
    bench = Bench(workspace, inputs, by_customer(inputs.accounts), month, templates.ready(len(jobs) >= MANY), password)
    return Prepared(bench, chosen, jobs, sources), found


def _finish(prepared: Prepared, billed: AllBilled, found: Problems, *, whole: bool) -> Path | None:
    """Write what a month leaves beside its invoices; an error of ours in one of these does not keep the others back."""
    workspace, month = prepared.bench.workspace, prepared.bench.month

    def step(what: str, work: Callable[[], T]) -> T | None:
        done = attempt(work)
        if not isinstance(done, InternalFault):
            return done
        found.tell(done.problem(Place(what)))
        return None

    found += step("earlier runs", lambda: changed_books(workspace, month, prepared.sources)) or ()
    found += step("balances", lambda: write_balances(workspace, month, billed, prepared.payers)) or ()
    found += step("earlier runs", lambda: stale_next_month(workspace, month)) or ()
    register = step("register", lambda: write_register(workspace, month, billed, found)) if whole else None
    sources = prepared.sources
    earlier = step("manifest", lambda: write_manifest(workspace, month, billed, sources, found, whole=whole)) or []
    if whole:
        found += [problem("earlier-file", Place(workspace.shown(file))) for file in earlier]
    write_faults(workspace, month, found)
    return register


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a customer: a bill in a file, or none, and the problems."""

    billed: Kept | None
    problems: tuple[Problem, ...]
    content: bytes = b""  # of the file, where it is still to be written


@dataclass(frozen=True, slots=True)
class CustomerRows:
    """What belongs to some customers alone of what a month is billed from."""

    own: Mapping[str, Accounts]
    usage: Usage
    balances: Mapping[BalanceKey, Balance]


@dataclass(frozen=True, slots=True)
class Bench:
    """Where customers are billed one by one, each from its own rows; it may be copied into other processes."""

    workspace: Workspace
    inputs: Inputs
    own: Mapping[str, Accounts]
    month: Month
    presses: Mapping[str, PrintingPress]
    password: str = field(default="", repr=False)  # of invoices whose customer has none of its own
    hands_over: bool = False  # invoices are not written here, but where the results go

    def __call__(self, job: Job) -> Done:
        """Bill a customer. Whatever goes wrong inside stops this customer, and nobody else."""
        done = attempt(lambda: self.bill(job))
        if not isinstance(done, InternalFault):
            return done
        return Done(None, (done.problem(job.customer.place, Subject(customer=job.customer.code)),))

    def bill(self, job: Job) -> Done:
        """Rate a customer, write its invoice, and record what was written."""
        outcome = self.rate(job.customer)
        bill = outcome.bill
        if bill is None:
            return Done(None, outcome.problems)
        invoice = self.presses[job.template].invoice(bill)
        record = printed_record(job.file.name, bill, invoice)
        content, record = sealed_record(invoice.content, record, self.password_of(job.customer))
        made = Done(kept(Billed(bill, job.file, record, outcome.carried)), outcome.problems, content)
        return made if self.hands_over else self.written(made)

    def written(self, made: Done) -> Done:
        """A bill that was made, in its file."""
        assert made.billed is not None
        file, content = made.billed.file, made.content
        if failure := written(file, self.workspace.shown(file), lambda path: path.write_bytes(content)):
            about = Problems(failure, Subject(customer=made.billed.customer))
            return Done(None, (*made.problems, *about))
        return replace(made, content=b"")

    def common(self) -> "Bench":
        """The bench as all workers of a cluster get it: books and templates, nobody's rows."""
        accounts = replace(self.inputs.accounts, customers=(), apps=(), subscriptions=(), contracts=(), adjustments=())
        silent = Usage(silent=self.inputs.usage.silent)
        inputs = replace(self.inputs, accounts=accounts, usage=silent, balances={}, sources=(), sheets=())
        return replace(self, inputs=inputs, own={}, hands_over=True)

    def part(self, jobs: Sequence[Job]) -> CustomerRows:
        """The rows of some customers."""
        own = {job.customer.code: self.own[job.customer.code] for job in jobs}
        apps = (app.code for accounts in own.values() for app in accounts.apps)
        usage = Usage({app: self.inputs.usage.of(app) for app in apps})
        balances = (self.inputs.balances_of.get(code, {}) for code in own)
        return CustomerRows(own, usage, {key: one for those in balances for key, one in those.items()})

    def joined(self, rows: CustomerRows) -> "Bench":
        """The bench for those customers whose rows are given."""
        usage = replace(rows.usage, silent=self.inputs.usage.silent)
        return replace(self, inputs=replace(self.inputs, usage=usage, balances=rows.balances), own=rows.own)

    def password_of(self, customer: Customer) -> str:
        """What opens a customer's invoice: its own password, else that of the run; blank where it needs none."""
        return customer.password or self.password

    def rate(self, customer: Customer) -> Outcome:
        """A customer's bill, or why there is none."""
        inputs, code = self.inputs, customer.code
        balances = inputs.balances_of.get(code, {})
        return rate(customer, self.own[code], inputs.books, inputs.usage, balances, self.month)


def _without_seal(chosen: Collection[Customer], password: str) -> Iterator[Problem]:
    """The customers whose invoices need a password that cannot be set: nothing goes out without it."""
    for customer in chosen:
        wanted = customer.password or password
        if wanted and (len(wanted) > LONGEST or not can_seal()):
            code = "password-too-long" if len(wanted) > LONGEST else "password-unavailable"
            told = problem(code, customer.place, None, customer=customer.code, most=str(LONGEST))
            yield replace(told, about=Subject(customer=customer.code))


def _chosen(accounts: Accounts, codes: Collection[str], found: Problems) -> tuple[Customer, ...]:
    """The customers to bill; a code that is not there is a problem."""
    if not codes:
        return accounts.debtors
    known = {customer.code.casefold(): customer for customer in accounts.customers}
    for code in codes:
        if code.casefold() not in known:
            names = [customer.code for customer in accounts.customers]
            found.add("no-such-customer", found=code, nearest=nearest(code, names) or ", ".join(names[:12]))
    chosen = [known[code.casefold()] for code in dict.fromkeys(codes) if code.casefold() in known]
    for customer in (each for each in chosen if each.payer is not None):
        found.add("customer-paid-for", customer.payer_place, None, found=customer.code, payer=customer.payer or "")
    return tuple(customer for customer in chosen if customer.payer is None)


class _Templates:
    """The invoice templates of a workspace, each read once when the first customer asks for it."""

    def __init__(self, workspace: Workspace, accounts: Accounts, found: Problems) -> None:
        self._workspace, self._accounts, self._found = workspace, accounts, found
        self._read: dict[str, Template | None] = {}
        self._fields: dict[str, Mapping[Mark, Place]] = {}
        self.sources: list[Source] = []

    def of(self, customer: Customer) -> str | None:
        """The name of a customer's template, its row's or its language's; None where that cannot be used."""
        name = template_name(customer)
        path = self._workspace.templates / name
        if not path.is_file():
            about, place = self._found.about(customer=customer.code), customer.template_place
            about.add("template-missing", place, customer=customer.code, found=name)
            return None
        if name not in self._read:
            source = self._workspace.source(path)
            self.sources.append(source)
            self._read[name], problems = load_template(path, source.shown)
            self._found += problems
        template = self._read[name]
        return name if template is not None and self._knows_fields(template, customer) else None

    def _knows_fields(self, template: Template, customer: Customer) -> bool:
        """Whether the accounts have every column of the house's own that a template names."""
        if template.file not in self._fields:
            self._fields[template.file] = template.own_fields
        sheets: dict[str, tuple[SheetKind, Sequence[Customer | App | Subscription]]] = {
            "customer": (CUSTOMERS, self._accounts.customers),
            "app": (APPS, self._accounts.apps),
            "subscription": (SUBSCRIPTIONS, self._accounts.subscriptions),
        }
        known = True
        for mark, place in self._fields[template.file].items():
            sheet, rows = sheets[mark.scope]
            columns = rows[0].own if rows else {own_name(mark.name): ""}  # the rows of a sheet have the same columns
            if own_name(mark.name) not in columns:
                facts: dict[str, Fact] = {"found": mark.key, "sheet": sheet.title, "customer": customer.code}
                facts |= {"fields": ", ".join(columns) or NOTHING}
                self._found.about(customer=customer.code).add("template-field-unknown", place, None, **facts)
                known = False
        return known

    def ready(self, many: bool) -> dict[str, PrintingPress]:
        """A press for each template that was asked for and can be used, for few bills or many."""
        return {name: PrintingPress(template, many) for name, template in self._read.items() if template is not None}


def template_name(customer: Customer) -> str:
    """The file name of a customer's template: its row's, or its language's."""
    return customer.template or {"zh": "invoice.xlsx", "en": "invoice.en.xlsx"}[customer.language]


def _file_names(accounts: Accounts, month: Month) -> dict[str, str]:
    """A file name for each customer with its code in it, safe on every system, no two alike."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for customer in accounts.customers:
        base = safe_file_name(f"{customer.code}-{month}")
        numbered = (f"{base}-{number}" for number in count(2))
        name = next(name for name in chain([base], numbered) if name.casefold() not in taken)
        taken.add(name.casefold())
        names[customer.code] = f"{name}.xlsx"
    return names
