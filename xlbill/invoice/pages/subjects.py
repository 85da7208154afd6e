"""What a row or cell of an invoice speaks of: the bill always, a line in the rows of lines, a day in those of days."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeAlias

from xlbill.invoice.account import AccountPage
from xlbill.invoice.presented import AppUsage, BillView, DayOf, Group, UsageCell
from xlbill.invoice.template.marked import Slot
from xlbill.invoice.template.marks import mark_named
from xlbill.invoice.template.scopes import SCOPES
from xlbill.language import Label
from xlbill.rating.figures import Figure

CONTINUED = "continued"

Subjects: TypeAlias = Mapping[str, Any]
"""The subject of each scope by the scope's name."""

Value: TypeAlias = str | date | Figure | None
"""What a mark shows in the bill's language: words, a date, a figure, or nothing."""


def page_in(subjects: Subjects) -> BillView | AccountPage:
    """The bill, or the statement of account, that everything is about."""
    page: BillView | AccountPage = subjects["bill"] if "bill" in subjects else subjects["statement"]
    return page


def subjects_of(view: BillView) -> Subjects:
    """What holds everywhere on a bill."""
    return {"bill": view, "seller": view, "customer": view}


def all_of(scope: str, subjects: Subjects) -> Sequence[Any]:
    """Everything that a scope repeats for, in its order on the bill."""
    view = page_in(subjects)
    if isinstance(view, AccountPage):
        return view.all_of(scope)
    bill = view.bill
    match scope:
        case "line":
            groups = [subjects["group"]] if "group" in subjects else view.groups
            return [line for group in groups for line in group.lines]
        case "day" | "month" | "chart":
            usage: AppUsage = subjects["usage"]
            return {"day": [DayOf(day) for day in usage.days], "month": usage.months, "chart": usage.charts}[scope]
    everything: Mapping[str, Sequence[Any]] = {
        "group": view.groups,
        "member": view.members,
        "tax": bill.taxes,
        "remark": bill.remarks,
        "warning": (),  # templates of before repeat for it; what concerns finance alone stands in the register
        "pack": bill.packs,
        "rate": bill.rates,
        "edition": bill.editions,
        "price": view.prices,
        "usage": view.usage,
    }
    return everything.get(scope, ())


def at_top(subject: object) -> object:
    """What a repetition speaks of where a page begins with it: a group names its app again."""
    return replace(subject, first=True) if isinstance(subject, Group) else subject


def each(scope: str, subjects: Subjects) -> list[Subjects]:
    """The subjects of a scope within another: that of the line itself in a line's row, all lines' elsewhere."""
    if scope in subjects or SCOPES[scope].of:
        return [subjects]
    parent = SCOPES[scope].parent
    outer = each(parent, subjects) if parent and parent not in subjects else [subjects]
    if SCOPES[scope].repeats == "columns":
        return []
    return [{**within, scope: subject} for within in outer for subject in all_of(scope, within)]


def shown(slot: Slot, subjects: Subjects) -> Value:
    """What a mark shows in its place; nothing where its scope is not at hand."""
    subject = _subject(slot.mark.scope, subjects)
    if subject is None:
        return None
    language = slot.language or page_in(subjects).language
    found = slot.mark.get(subject)
    if isinstance(found, Mapping):
        return found[language]
    if isinstance(found, Label):
        return found.text(language) or None
    return found or None if isinstance(found, str) else found


def _subject(scope: str, subjects: Subjects) -> Any:
    """What a mark of a scope speaks of in its place; None where that is not at hand.

    That of `app` and `subscription` is known from the line, the pack or the block in whose row they stand.
    """
    if scope in subjects or not SCOPES[scope].of:
        return subjects.get(scope)
    carrier = next((subjects[name] for name in SCOPES[scope].of if name in subjects), None)
    if carrier is None or scope == "subscription":
        return carrier.order if carrier is not None else None
    page = page_in(subjects)
    apps = page.bill.apps if isinstance(page, BillView) else ()
    return next((app for app in apps if app.code == carrier.app), None)


def is_blank(value: Value) -> bool:
    """Whether a mark shows nothing."""
    return value is None or (isinstance(value, Figure) and value.value is None)


def holds(condition: str, subjects: Subjects) -> bool:
    """Whether what a row is tied to is there, or is not there: `pack`, `without pack`."""
    word = condition.removeprefix("without ")
    return _is_there(word, subjects) == (word == condition)


def _is_there(word: str, subjects: Subjects) -> bool:
    """Whether there is such a thing: `draft`, a scope with something in it, a mark that shows something."""
    view = page_in(subjects)
    if word == "draft":
        return isinstance(view, BillView) and view.issuance.draft
    if word == "several apps":
        return isinstance(view, BillView) and len({group.app for group in view.groups if group.app}) > 1
    if word == CONTINUED:
        return True  # its rows stand only where a page begins within their group
    if word in SCOPES:
        return bool(each(word, subjects))
    mark = mark_named(word)
    return mark is not None and any(not is_blank(shown(Slot(mark), inner)) for inner in each(mark.scope, subjects))


def same_subjects(one: Subjects, other: Subjects) -> bool:
    """Whether two cells speak of the same things, as far as both speak of them."""
    return all(_same(one[scope], other[scope]) for scope in one.keys() & other.keys())


def _same(one: object, other: object) -> bool:
    """Whether two subjects are one; a column is the same in each of its rows, a group also at the top of a page."""
    if isinstance(one, UsageCell) and isinstance(other, UsageCell):
        return one.meter is other.meter and one.part is other.part
    if isinstance(one, Group) and isinstance(other, Group):
        return one.lines is other.lines
    return one is other
