"""What earlier runs left, held against this one: bills that it replaces, months that rest on what has changed."""

from collections.abc import Mapping, Sequence

from xlbill.balances import is_balances
from xlbill.billed import Kept
from xlbill.cells import Place
from xlbill.files import Source
from xlbill.manifest import FileRecord, Manifest, manifest_head, manifest_name
from xlbill.periods import Month
from xlbill.problems import Problems
from xlbill.workspace import Workspace

NAMED = 12  # so many customers are named, the others counted


def replaced(workspace: Workspace, month: Month, old: Mapping[str, FileRecord], billed: Sequence[Kept]) -> Problems:
    """The bills of an earlier run of the month that this one made otherwise: one of them may have been sent."""
    found = Problems()
    others = [
        (each.customer, old[each.file.name].total, each.total)
        for each in billed
        if each.file.name in old and old[each.file.name].inside != each.inside
    ]
    if others:
        shown = [f"{code} {before} → {after}" if before != after else code for code, before, after in others[:NAMED]]
        more = [f"… {len(others) - NAMED}"] if len(others) > NAMED else []
        place = Place(workspace.shown(workspace.invoices(month)))
        found.add("bills-replaced", place, count=str(len(others)), found=", ".join([*shown, *more]))
    return found


def changed_books(workspace: Workspace, month: Month, sources: Sequence[Source]) -> Problems:
    """The price books that are other ones now than when this month, or the one before, was billed by them."""
    found = Problems()
    for billed in (month.plus(-1), month):
        recorded = _recorded(workspace, billed)
        for source in sources:
            before = recorded.get(source.name)
            if before and before != source.sha256 and source.path in workspace.books():
                found.add("book-changed", Place(source.shown), found=source.path.name, month=str(billed))
    return found


def stale_next_month(workspace: Workspace, month: Month) -> Problems:
    """The month after, where it was billed from other balances than this month's are now."""
    found = Problems()
    balances = workspace.source(workspace.balances(month))
    after = month.plus(1)
    recorded = _recorded(workspace, after)
    opened_with = next((sha256 for name, sha256 in recorded.items() if is_balances(name)), "")
    if recorded and opened_with != balances.sha256:
        found.add("balances-changed", Place(balances.shown), month=str(after), of=str(month))
    return found


def is_stale(old: Manifest, billed: Sequence[Kept]) -> bool:
    """Whether bills were made otherwise than the register of an earlier run has them."""
    return any((known := old.files.get(each.file.name)) is None or known.inside != each.inside for each in billed)


def _recorded(workspace: Workspace, month: Month) -> dict[str, str]:
    """The hashes of what a month was made from; nothing where it was not billed, or its manifest is damaged."""
    inputs: dict[str, str] = manifest_head(workspace.invoices(month) / manifest_name(month)).get("inputs", {})
    return inputs
