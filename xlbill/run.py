"""A month for many customers: load, rate, write. One customer's error never stops the others."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from xlbill.accounts import Accounts, Customer, by_customer
from xlbill.cells import Place
from xlbill.files import written
from xlbill.inputs import Inputs, load_inputs
from xlbill.invoice import Template, lay_out, load_template
from xlbill.manifest import invoice_record
from xlbill.month_files import Billed, write_balances, write_manifest, write_register
from xlbill.periods import Month
from xlbill.problems import Problem, Problems, problem, sort_problems
from xlbill.processes import mapped
from xlbill.rating.rate import rate
from xlbill.sheets import nearest, safe_file_name
from xlbill.workbook import layout_bytes
from xlbill.workspace import Workspace

__all__ = ["Billed", "Result", "bill_month"]


@dataclass(frozen=True, slots=True)
class Result:
    """A run: what was billed, who was left out, every problem on the way, and the register of a whole run."""

    month: Month
    billed: tuple[Billed, ...]
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
) -> tuple[Result | None, tuple[Problem, ...]]:
    """Rate and write a month for all customers, or for those named; None where nothing could be done.

    The register covers whole runs: one for some customers alone leaves it as it was. The result does not depend on
    the number of `processes`; `watch` is told how many customers of all are done.
    """
    inputs, found = load_inputs(workspace, month)
    chosen = _chosen(inputs.accounts, customers, found) if inputs is not None else ()
    if inputs is None or not chosen:
        return None, sort_problems(found)
    templates = _Templates(workspace, found)
    spoiled = _spoiled(inputs) | _without_usage(inputs, chosen, found)
    names = _file_names(inputs.accounts, month)
    jobs = [
        _Job(customer, template, workspace.invoices(month) / names[customer.code])
        for customer in chosen
        if customer.code not in spoiled and (template := templates.of(customer)) is not None
    ]
    bench = _Bench(workspace, inputs, by_customer(inputs.accounts), month, templates.ready())
    billed: list[Billed] = []
    for number, (done, problems) in enumerate(mapped(bench, jobs, processes), start=1):
        billed += [done] if done is not None else []
        found += problems
        watch(number, len(jobs))
    found += write_balances(workspace, month, billed)
    register = write_register(workspace, month, billed, found) if not customers else None
    earlier = write_manifest(workspace, month, billed, templates.files, found)
    if not customers:
        found += [problem("earlier-file", Place(workspace.shown(file))) for file in earlier]
    billed_codes = {each.bill.customer.code for each in billed}
    left_out = tuple(customer.code for customer in chosen if customer.code not in billed_codes)
    return Result(month, tuple(billed), left_out, sort_problems(found), register), sort_problems(found)


@dataclass(frozen=True, slots=True)
class _Job:
    """A customer to bill, on which template and into which file."""

    customer: Customer
    template: str
    file: Path


@dataclass(frozen=True, slots=True)
class _Bench:
    """Where customers are billed one by one, each from its own rows; it may be copied into other processes."""

    workspace: Workspace
    inputs: Inputs
    own: Mapping[str, Accounts]
    month: Month
    templates: Mapping[str, Template]

    def __call__(self, job: _Job) -> tuple[Billed | None, tuple[Problem, ...]]:
        """Rate a customer, write its invoice, and record what was written."""
        code, inputs = job.customer.code, self.inputs
        outcome = rate(job.customer, self.own[code], inputs.books, inputs.usage, inputs.balances, self.month)
        bill = outcome.bill
        if bill is None:
            return None, outcome.problems
        layout = lay_out(bill, self.templates[job.template])
        content = layout_bytes(layout)
        if failure := written(job.file, self.workspace.shown(job.file), lambda path: path.write_bytes(content)):
            return None, (*outcome.problems, *failure)
        total = bill.currency.text(bill.total.number)
        record = invoice_record(job.file.name, layout, content, code, bill.currency.code, total)
        return Billed(bill, job.file, record, outcome.carried), outcome.problems


def _chosen(accounts: Accounts, codes: Collection[str], found: Problems) -> tuple[Customer, ...]:
    """The customers to bill; a code that is not there is a problem."""
    if not codes:
        return accounts.customers
    known = {customer.code.casefold(): customer for customer in accounts.customers}
    for code in codes:
        if code.casefold() not in known:
            names = [customer.code for customer in accounts.customers]
            found.add("no-such-customer", found=code, nearest=nearest(code, names) or ", ".join(names[:12]))
    return tuple(known[code.casefold()] for code in dict.fromkeys(codes) if code.casefold() in known)


def _spoiled(inputs: Inputs) -> set[str]:
    """The customers whose accounts or usage have an error: a bill without it would be a guess."""
    owner = {app.code: app.customer for app in inputs.accounts.apps}
    apps = {p.about.app for p in inputs.problems if p.severity == "error"}
    return set(inputs.accounts.broken) | {owner[app] for app in apps if app in owner}


def _without_usage(inputs: Inputs, chosen: Sequence[Customer], found: Problems) -> set[str]:
    """The customers with no usage at all, where a usage file could not be read: it may be theirs."""
    if not inputs.unread:
        return set()
    used = {series.app for series in inputs.usage.series}
    owners = {app.customer for app in inputs.accounts.apps if app.code in used}
    without = [customer for customer in chosen if customer.code not in owners]
    found += [problem("usage-unread", customer.place, customer=customer.code) for customer in without]
    return {customer.code for customer in without}


class _Templates:
    """The invoice templates of a workspace, each read once when the first customer asks for it."""

    def __init__(self, workspace: Workspace, found: Problems) -> None:
        self._workspace, self._found = workspace, found
        self._read: dict[str, Template | None] = {}
        self.files: list[Path] = []

    def of(self, customer: Customer) -> str | None:
        """The name of a customer's template, its row's or its language's; None where that cannot be used."""
        name = customer.template or {"zh": "invoice.xlsx", "en": "invoice.en.xlsx"}[customer.language]
        path = self._workspace.templates / name
        if path.parent != self._workspace.templates or not path.is_file():
            self._found.add("template-missing", customer.place, customer=customer.code, found=name)
            return None
        if name not in self._read:
            self.files.append(path)
            self._read[name], problems = load_template(path, self._workspace.shown(path))
            self._found += problems
        return name if self._read[name] is not None else None

    def ready(self) -> dict[str, Template]:
        """The templates that were asked for and can be used."""
        return {name: template for name, template in self._read.items() if template is not None}


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
