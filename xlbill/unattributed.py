"""Usage, and rows of the accounts, that nobody could attribute: whose they may be, for they get no bill until then.

A file that cannot be read, a sheet whose headings are not understood and a row with an unknown app may hold anybody's
usage. Who is named in it, by an app's or a customer's code, is who it is about; where nobody is named it is about all.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from xlbill import account_columns as columns
from xlbill.accounts import Accounts, Customer
from xlbill.files import Source
from xlbill.periods import Month
from xlbill.problems import Problem, Problems
from xlbill.sheets import find_sheet, read_workbook
from xlbill.sheets.values import date_of
from xlbill.usage import Series, Usage
from xlbill.usage.words import folded

LIKE = 0.5  # two codes that share so much may be one, misspelt
LOOKED_UP = 300
"""So many wrong codes are held against all codes that there are; of more nobody can say whose they are."""
NO_USAGE_SHEET = frozenset({"usage-headings-missing"})
"""Sheets that are no usage sheets: where they name nobody they are somebody's notes, told and in nobody's way."""

BILLED_FROM = (
    columns.APPS,
    columns.SUBSCRIPTIONS,
    columns.CONTRACTS,
    columns.CONTRACT_CHARGES,
    columns.ADJUSTMENTS,
)
"""The sheets of the accounts, and of workbooks with adjustments, whose rows make bills."""
OF_A_SHEET = frozenset({"column-missing", "headings-missing"})
"""Where these are told no row of the sheet is read."""

_WRONG_CODE = frozenset({"unknown-customer", "unknown-app"})
_WRONG_PAYER = "unknown-payer"  # of a row whose customer is known: what it uses may belong on another one's bill

_WORD = re.compile(r"[^\s,;:，；：、()\[\]【】/\\|]+")


@dataclass(frozen=True, slots=True)
class Named:
    """The codes of apps and customers as they may be written, with the customers that each stands for."""

    whose: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, accounts: Accounts) -> "Named":
        """All codes of the accounts."""
        whose = {folded(app): customers for app, customers in accounts.owners().items()}
        return cls({folded(c.code): frozenset({c.payer or c.code}) for c in accounts.customers} | whose)

    def in_texts(self, texts: Iterable[str]) -> frozenset[str]:
        """The customers whose codes stand in some texts, as a word of their own or between signs (dau-C005.xlsx)."""
        found: set[str] = set()
        for text in {folded(text) for text in texts}:
            for word in {text, *_WORD.findall(text), *re.split(r"[\W_]+", text), *_runs(text)}:
                found |= self.whose.get(word, frozenset())
        return frozenset(found)


def _runs(text: str) -> list[str]:
    """The runs of a file's name between signs, each of several parts: c001-app in usage-c001-app-2026-04."""
    parts = re.split(r"([\W_]+)", text)
    if len(parts) > 41:
        return []
    return ["".join(parts[a:b]) for a in range(0, len(parts), 2) for b in range(a + 1, len(parts) + 1, 2)]


def tell_unattributed(
    accounts: Accounts,
    usage: Usage,
    sheets: Sequence[Source],
    registers: Sequence[Source],
    problems: Problems,
    chosen: Sequence[Customer],
    month: Month,
) -> Problems:
    """A problem for each customer whose usage, or row of the accounts, may be among what could not be attributed.

    `sheets` are the files with usage, `registers` the accounts and the workbooks with adjustments.
    """
    found = Problems()
    named = Named.of(accounts)
    by_name = {sheet.shown: sheet for sheet in sheets}
    for file in dict.fromkeys(p.place.file for p in problems if p.stops == "file" and p.place.file in by_name):
        here = [p for p in problems if p.stops == "file" and p.place.file == file]
        customers = _whose_file(by_name[file or ""], here, named)
        for customer in chosen:
            if customers is None or customer.code in customers:
                about = found.about(customer=customer.code)
                about.add("usage-unread", customer.place, customer=customer.code, file=file or "")
    for register in registers:
        whose = _whose_rows(register, _of_nobody(accounts, problems), named)
        for customer in chosen:
            if whose is None or customer.code in whose:
                about = found.about(customer=customer.code)
                about.add("rows-unread", customer.place, customer=customer.code, file=register.shown)
    strangers = tuple(usage.strangers)
    for word in strangers[:LOOKED_UP]:
        customers = _whose_word(word, accounts, usage, month)
        for customer in chosen:
            if customer.code in customers:
                about = found.about(customer=customer.code)
                about.add("usage-perhaps-theirs", customer.place, customer=customer.code, found=word)
    if len(strangers) > LOOKED_UP:
        told = f"{strangers[LOOKED_UP]} … {strangers[-1]} ({len(strangers) - LOOKED_UP:,})"
        lacking = _who_lacks(accounts, usage, month)
        for customer in chosen:
            if customer.code in lacking:
                about = found.about(customer=customer.code)
                about.add("usage-perhaps-theirs", customer.place, customer=customer.code, found=told)
    for word, customers in _lost_rows(accounts, problems):
        for customer in chosen:
            if customer.code in customers:
                about = found.about(customer=customer.code)
                about.add("row-perhaps-theirs", customer.place, customer=customer.code, found=word)
    return found


def _lost_rows(accounts: Accounts, problems: Iterable[Problem]) -> Iterator[tuple[str, frozenset[str]]]:
    """The codes of nobody in rows of the accounts, payers too, each with the customers whose codes are most like it."""
    owners, customers = accounts.owners(), {c.code: frozenset({c.payer or c.code}) for c in accounts.customers}
    lost: dict[tuple[str, str], None] = {}
    for told in problems:
        word = str(dict(told.facts).get("found", ""))
        nobody = told.code in _WRONG_CODE and _is_of_nobody(told, customers, owners)
        if word and (nobody or told.code == _WRONG_PAYER):
            lost.setdefault((told.code, word))
    for number, (code, word) in enumerate(lost):
        if number == LOOKED_UP:
            yield f"{word} … ({len(lost) - number:,})", frozenset(customers)
            return
        whose = owners if code == "unknown-app" else customers
        yield word, frozenset().union(*(whose[likest] for likest in _likest(word, whose)))


def _whose_file(sheet: Source, problems: Sequence[Problem], named: Named) -> frozenset[str] | None:
    """The customers that a file names, in its name or its cells; None where it may be anybody's."""
    of_name = named.in_texts([sheet.path.stem, sheet.path.parent.name, *(p.place.sheet or "" for p in problems)])
    workbook, _ = read_workbook(sheet.path, sheet.shown)
    if workbook is None:
        return of_name or None
    sheets = {p.place.sheet for p in problems}
    cells = (
        str(cell.value) for s in workbook.sheets if not sheets - {None} or s.name in sheets for cell in s.cells.values()
    )
    customers = of_name | named.in_texts(cells)
    notes = all(p.code in NO_USAGE_SHEET for p in problems)
    return customers if customers or notes else None


def _of_nobody(accounts: Accounts, problems: Sequence[Problem] | Problems) -> list[Problem]:
    """What is wrong in rows whose customer nobody knows; a wrong code in them is told by itself (`_lost_rows`)."""
    customers, apps = {c.code for c in accounts.customers}, accounts.owners()
    lost = [p for p in problems if p.stops in ("file", "bill") and _is_of_nobody(p, customers, apps)]
    known = {(p.place.file, p.place.sheet, p.place.row) for p in lost if p.code in _WRONG_CODE}
    return [p for p in lost if (p.place.file, p.place.sheet, p.place.row) not in known]


def _is_of_nobody(told: Problem, customers: Collection[str], apps: Collection[str]) -> bool:
    return told.about.customer not in customers and told.about.app not in apps


def _whose_rows(register: Source, problems: Iterable[Problem], named: Named) -> frozenset[str] | None:
    """The customers whose rows of a workbook could not be read or name nobody; None where they may be anybody's."""
    here = [p for p in problems if p.place.file == register.shown]
    if not here:
        return frozenset()
    workbook, _ = read_workbook(register.path, register.shown)
    if workbook is None:
        return None
    sheets = {sheet.name: sheet for kind in BILLED_FROM if (sheet := find_sheet(workbook, kind)) is not None}
    lost = [p for p in here if p.place.sheet is None or p.place.sheet in sheets]
    whole = {p.place.sheet for p in lost if p.code in OF_A_SHEET}
    if any(p.place.sheet not in whole for p in lost):  # a row of nobody
        return None
    return named.in_texts(str(cell.value) for name in whole if name for cell in sheets[name].cells.values())


def _whose_word(word: str, accounts: Accounts, usage: Usage, month: Month) -> frozenset[str]:
    """The customers of the apps that a wrong code may stand for: those like it that lack usage, else the likest."""
    owners = accounts.owners()
    like = dict(_alike(word, owners))
    lacking = [app for app in like if _lacks(usage.of(app), month)]
    return frozenset().union(*(owners[app] for app in lacking or _best(like)))


def _who_lacks(accounts: Accounts, usage: Usage, month: Month) -> frozenset[str]:
    """The customers of all apps that lack usage."""
    owners = accounts.owners()
    return frozenset().union(*(customers for app, customers in owners.items() if _lacks(usage.of(app), month)))


def _likest(word: str, codes: Iterable[str]) -> list[str]:
    """The codes that are most like a word, if any is like it at all."""
    return _best(dict(_alike(word, codes)))


def _best(like: Mapping[str, float]) -> list[str]:
    most = max(like.values(), default=0.0)
    return [code for code, score in like.items() if score == most]


def _alike(word: str, codes: Iterable[str]) -> Iterator[tuple[str, float]]:
    """The codes that may be a word misspelt, each with how much they share; most are ruled out by a glance."""
    matcher = SequenceMatcher(None, "", folded(word), autojunk=False)
    for code in codes:
        matcher.set_seq1(folded(code))
        if matcher.real_quick_ratio() >= LIKE and matcher.quick_ratio() >= LIKE and (share := matcher.ratio()) >= LIKE:
            yield code, share


def _lacks(series: Collection[Series], month: Month) -> bool:
    """Whether an app has no usage, or days are missing from what it has by the day."""
    by_series = [[day for day, _ in one.days] for one in series]
    dated = [{date_of(day) for day in days if day is not None} for days in by_series if None not in days]
    return not series or any(len(days) < len(list(month.period)) for days in dated)
