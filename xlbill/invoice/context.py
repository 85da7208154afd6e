"""What a row or cell of an invoice speaks of: the bill always, a line in the rows of lines, a day in those of days."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from xlbill.invoice.content import Slot
from xlbill.invoice.marks import BY_KEY, SCOPES
from xlbill.invoice.view import AppUsage, BillView, DayOf
from xlbill.language import Label
from xlbill.rating.figures import Figure

Context: TypeAlias = Mapping[str, Any]
"""The subject of each scope by the scope's name."""

Value: TypeAlias = str | date | Figure | None
"""What a mark shows in the bill's language: words, a date, a figure, or nothing."""


def context_of(view: BillView) -> Context:
    """What holds everywhere on a bill."""
    return {"bill": view, "seller": view, "customer": view}


def subjects(scope: str, context: Context) -> Sequence[Any]:
    """Everything that a scope repeats for, in its order on the bill."""
    view: BillView = context["bill"]
    bill = view.bill
    match scope:
        case "line":
            groups = [context["group"]] if "group" in context else view.groups
            return [line for group in groups for line in group.lines]
        case "day" | "month" | "chart":
            usage: AppUsage = context["usage"]
            return {"day": [DayOf(day) for day in usage.days], "month": usage.months, "chart": usage.charts}[scope]
    everything: Mapping[str, Sequence[Any]] = {
        "group": view.groups,
        "tax": bill.taxes,
        "remark": bill.remarks,
        "warning": (),  # templates of before repeat for it; what concerns finance alone stands in the register
        "pack": bill.packs,
        "edition": bill.editions,
        "price": view.prices,
        "usage": view.usage,
    }
    return everything[scope]


def each(scope: str, context: Context) -> list[Context]:
    """The contexts of a scope within another: that of the line itself in a line's row, all lines' elsewhere."""
    if scope in context:
        return [context]
    parent = SCOPES[scope].parent
    outer = each(parent, context) if parent and parent not in context else [context]
    if SCOPES[scope].repeats == "columns":
        return []
    return [{**within, scope: subject} for within in outer for subject in subjects(scope, within)]


def shown(slot: Slot, context: Context) -> Value:
    """What a mark shows in its place; nothing where its scope is not at hand."""
    if slot.mark.scope not in context:
        return None
    language = slot.language or context["bill"].language
    found = slot.mark.get(context[slot.mark.scope])
    if isinstance(found, Mapping):
        return found[language]
    if isinstance(found, Label):
        return found.text(language) or None
    return found or None if isinstance(found, str) else found


def is_blank(value: Value) -> bool:
    """Whether a mark shows nothing."""
    return value is None or (isinstance(value, Figure) and value.value is None)


def holds(condition: str, context: Context) -> bool:
    """Whether what a row is tied to is there, or is not there: `pack`, `without pack`."""
    word = condition.removeprefix("without ")
    return _is_there(word, context) == (word == condition)


def _is_there(word: str, context: Context) -> bool:
    """Whether there is such a thing: `draft`, a scope with something in it, a mark that shows something."""
    if word == "draft":
        return bool(context["bill"].draft)
    if word in SCOPES:
        return bool(each(word, context))
    return any(not is_blank(shown(Slot(BY_KEY[word]), inner)) for inner in each(BY_KEY[word].scope, context))
