"""A month for many customers: load, rate, write. One customer's error never stops the others.

Files are written beside their place and moved into it when they are whole, so that a run that is interrupted leaves
either the old file or the new one.
"""

import os
import tempfile
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from xlbill.accounts import Accounts, Customer, by_customer
from xlbill.balances import Balance, balances_text, merged, read_balances
from xlbill.cells import Place
from xlbill.inputs import Inputs, load_inputs
from xlbill.invoice import Template, lay_out, load_template, write_invoice
from xlbill.invoice.register import register_of
from xlbill.invoice.register_columns import Registered
from xlbill.invoice.register_csv import lines_csv, register_csv
from xlbill.invoice.register_layout import lay_out_register
from xlbill.manifest import (
    FileRecord,
    Manifest,
    invoice_record,
    manifest_name,
    manifest_text,
    read_manifest,
    record_of,
    sha256_of,
)
from xlbill.periods import Month
from xlbill.problems import Problem, problem, sort_problems
from xlbill.rating.bill import Bill
from xlbill.rating.rate import Outcome, rate
from xlbill.sheets import nearest, safe_file_name
from xlbill.workspace import Workspace

REGISTER, REGISTER_CSV, LINES_CSV = "register.xlsx", "register.csv", "lines.csv"


@dataclass(frozen=True, slots=True)
class Billed:
    """A customer's bill and the file that it was written to."""

    bill: Bill
    file: Path

    @property
    def total(self) -> str:
        """What the bill comes to, with exactly the currency's decimals."""
        return self.bill.currency.text(self.bill.total.number)


@dataclass(frozen=True, slots=True)
class Result:
    """A run: what was billed, who was left out, every problem on the way, and the register of a whole run."""

    month: Month
    billed: tuple[Billed, ...]
    left_out: tuple[str, ...]
    problems: tuple[Problem, ...]
    register: Path | None = None


def bill_month(
    workspace: Workspace, month: Month, customers: Collection[str] = ()
) -> tuple[Result | None, tuple[Problem, ...]]:
    """Rate and write a month for all customers, or for those named; None where nothing could be done.

    The register covers whole runs: one for some customers alone leaves it as it was.
    """
    inputs, found = load_inputs(workspace, month)
    if inputs is None:
        return None, sort_problems(found)
    chosen = _chosen(inputs.accounts, customers, found)
    templates = _Templates(workspace, found)
    left_out = _spoiled(inputs)
    own = by_customer(inputs.accounts)
    outcomes: list[Outcome] = []
    billed: list[Billed] = []
    taken: set[str] = set()
    for customer in chosen:
        template = templates.of(customer)
        if customer.code in left_out or template is None:
            left_out.add(customer.code)
            continue
        outcome = rate(customer, own[customer.code], inputs.books, inputs.usage, inputs.balances, month)
        found += outcome.problems
        if outcome.bill is None:
            left_out.add(customer.code)
            continue
        file = workspace.invoices(month) / f"{_file_name(customer.code, month, taken)}.xlsx"
        if failure := _write(workspace, file, partial(write_invoice, lay_out(outcome.bill, template))):
            found += failure
            left_out.add(customer.code)
            continue
        outcomes.append(outcome)
        billed.append(Billed(outcome.bill, file))
    if not chosen:
        return None, sort_problems(found)
    _carry_on(workspace, month, outcomes, found)
    register = _write_register(workspace, month, billed, found) if not customers else None
    kept = _write_manifest(workspace, month, billed, templates.files, found)
    if not customers:
        earlier = (Place(workspace.shown(workspace.invoices(month) / name)) for name in kept)
        found += [problem("earlier-file", place) for place in earlier]
    wanted = tuple(customer.code for customer in chosen if customer.code in left_out)
    return Result(month, tuple(billed), wanted, sort_problems(found), register), sort_problems(found)


def _chosen(accounts: Accounts, codes: Collection[str], found: list[Problem]) -> tuple[Customer, ...]:
    """The customers to bill; a code that is not there is a problem."""
    if not codes:
        return accounts.customers
    known = {customer.code.casefold(): customer for customer in accounts.customers}
    for code in codes:
        if code.casefold() not in known:
            names = [customer.code for customer in accounts.customers]
            found.append(problem("no-such-customer", found=code, nearest=nearest(code, names) or ", ".join(names[:12])))
    return tuple(known[code.casefold()] for code in dict.fromkeys(codes) if code.casefold() in known)


def _spoiled(inputs: Inputs) -> set[str]:
    """The customers whose accounts or usage have an error: a bill without it would be a guess."""
    owner = {app.code: app.customer for app in inputs.accounts.apps}
    apps = {str(dict(p.facts).get("app", "")) for p in inputs.problems if p.severity == "error"}
    return set(inputs.accounts.broken) | {owner[app] for app in apps if app in owner}


class _Templates:
    """The invoice templates of a workspace, each read once when the first customer asks for it."""

    def __init__(self, workspace: Workspace, found: list[Problem]) -> None:
        self._workspace, self._found = workspace, found
        self._read: dict[str, Template | None] = {}
        self.files: list[Path] = []

    def of(self, customer: Customer) -> Template | None:
        """A customer's template: the one that its row names, else its language's."""
        name = customer.template or {"zh": "invoice.xlsx", "en": "invoice.en.xlsx"}[customer.language]
        if name not in self._read:
            path = self._workspace.templates / name
            if path.parent != self._workspace.templates or not path.is_file():
                self._found.append(problem("template-missing", customer.place, customer=customer.code, found=name))
                self._read[name] = None
            else:
                self.files.append(path)
                self._read[name], problems = load_template(path, self._workspace.shown(path))
                self._found += problems
        return self._read[name]


def _carry_on(workspace: Workspace, month: Month, outcomes: Sequence[Outcome], found: list[Problem]) -> None:
    """Write the month's closing balances; those of customers who were not billed in this run stay as they were."""
    path = workspace.balances(month)
    old, problems = read_balances(path, workspace.shown(path))
    found += problems
    carried = [balance for outcome in outcomes for balance in outcome.carried]
    kept: tuple[Balance, ...] = merged(old.values(), carried, {outcome.customer for outcome in outcomes})
    if kept or path.exists():
        found += _write(workspace, path, _text(balances_text(kept)))


def _write_register(workspace: Workspace, month: Month, billed: Sequence[Billed], found: list[Problem]) -> Path | None:
    """Write the register of a whole run and its csv files; returns the workbook, None where one cannot be written."""
    register = register_of(month, [Registered(b.bill, b.file.name) for b in billed], found)
    folder = workspace.invoices(month)
    failure = _write(workspace, folder / REGISTER, partial(write_invoice, lay_out_register(register)))
    failure += _write(workspace, folder / REGISTER_CSV, _text(register_csv(register)))
    failure += _write(workspace, folder / LINES_CSV, _text(lines_csv(register)))
    found += failure
    return folder / REGISTER if not failure else None


def _write_manifest(
    workspace: Workspace, month: Month, billed: Sequence[Billed], templates: Iterable[Path], found: list[Problem]
) -> dict[str, FileRecord]:
    """Record what was written and from what; returns the files of earlier runs that still lie there, kept on record."""
    folder = workspace.invoices(month)
    path = folder / manifest_name(month)
    invoices = (invoice_record(b.file, b.bill.customer.code, b.bill.currency.code, b.total) for b in billed)
    others = (record_of(folder / name) for name in (REGISTER, REGISTER_CSV, LINES_CSV) if (folder / name).exists())
    files = {file.name: file for file in (*invoices, *others)}
    earlier, damage = read_manifest(path, workspace.shown(path)) if path.exists() else (None, [])
    old = earlier or Manifest(str(month), {}, {})
    kept = {name: file for name, file in old.files.items() if name not in files and (folder / name).exists()}
    sources = [*workspace.books(), workspace.accounts, *workspace.usage(month), *templates]
    sources += [balances] if (balances := workspace.balances(month.plus(-1))).exists() else []
    inputs = {workspace.shown(source): sha256_of(source) for source in sources}
    manifest = Manifest(str(month), {**(old.inputs if kept else {}), **inputs}, {**kept, **files})
    found += damage
    found += _write(workspace, path, _text(manifest_text(manifest)))
    return kept


def _text(text: str) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(text.encode())


def _write(workspace: Workspace, path: Path, write: Callable[[Path], object]) -> list[Problem]:
    """Write a file whole or not at all; the problem where the disk or another program does not let us."""
    try:
        write_atomically(path, write)
    except OSError as error:
        return [problem("cannot-write", Place(workspace.shown(path)), found=error.strerror or str(error))]
    return []


def _file_name(code: str, month: Month, taken: set[str]) -> str:
    """A file name with the customer's code in it, safe on every system, no two alike."""
    name = base = safe_file_name(f"{code}-{month}")
    number = 1
    while name.casefold() in taken:
        number += 1
        name = f"{base}-{number}"
    taken.add(name.casefold())
    return name


def write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Let a function write a file beside its place, then move it there: never half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".xlbill-", suffix=path.suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
