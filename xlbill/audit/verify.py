"""Verification: an invoice recomputed from its own formulas, and held against the manifest of its run.

Every formula of a workbook is evaluated with the exact engine, from the inputs that stand in it, and compared with the
value that the file shows. Whoever changed an input, a formula or a value without recalculating is found at the cell;
the total in words is a formula, too, and says so when the total is no longer what it spells.

Whoever changed something and let Excel recalculate is found where a manifest is at hand, which knows what the run
wrote: an input, a formula, a typed-over value and a changed look (a format, a hidden row, another print area) are told
apart, and a file that was only saved again is none of them. So is a file under the name of another one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from xlbill.audit.changes import Changes
from xlbill.audit.live import Live, open_live, value_of
from xlbill.audit.look_problems import look_problems
from xlbill.audit.spelled import words_problems
from xlbill.book.models import agree, shown
from xlbill.cells import Address, Place
from xlbill.files import sha256_of
from xlbill.formula import Value
from xlbill.manifest import FileRecord, Manifest, record_in
from xlbill.manifest.record import CellsOf
from xlbill.manifest.typed import cells_of
from xlbill.problems import Problem, has_errors, problem
from xlbill.workbook.look import BOOK

MOSTLY = 0.9  # of the cells on record: a file with fewer may be another's, saved again


class Origin(Enum):
    """What a file is to the one that the run wrote."""

    UNKNOWN = "unknown"  # in no manifest
    UNTOUCHED = "untouched"  # the same bytes
    SAVED_AGAIN = "saved again"  # other bytes, the same inputs, formulas and looks
    LOOK_UNKNOWN = "saved again, look unknown"  # other bytes, the same inputs and formulas, its look not on record
    CHANGED = "changed"
    DIFFERENT = "different"  # other bytes, and no record of its cells: a register


@dataclass(frozen=True, slots=True)
class Verified:
    """What a file's formulas come to: how many there are, and every cell that is not as it should be."""

    formulas: int
    problems: tuple[Problem, ...]
    origin: Origin = Origin.UNKNOWN

    @property
    def holds(self) -> bool:
        """Whether the file agrees with itself, and with the manifest that knows it."""
        return not has_errors(self.problems)


def verify(
    path: Path, shown_as: str | None = None, manifests: Sequence[Manifest] = ()
) -> Verified | tuple[Problem, ...]:
    """Recompute a workbook and compare it with its record in a manifest; only problems where it cannot be read."""
    live, found = open_live(path, shown_as)
    if live is None:
        return tuple(found)
    record = _record(live, path, manifests)
    untouched = record is not None and record.is_of(sha256_of(path))
    changes = Changes(live, record) if record is not None and record.cells and not untouched else None
    found += _stranger(live, path, record, manifests)
    look = None
    if changes is not None and record is not None:
        found += changes.problems()
        same_sheets = {sheet.name for sheet in live.workbook.sheets} == record.cells.keys()
        told = {sheet: digests for sheet, digests in record.look.items() if same_sheets or sheet != BOOK}
        look = look_problems(path, live.workbook.file, told)
        found += look or ()
    found += [*_differences(live, changes), *words_problems(live)]
    if not live.formulas and not live.foreign and not untouched:
        found.add("verify-no-formulas", Place(live.workbook.file))
    origin = _origin(record, untouched, has_errors(found))
    if origin is Origin.SAVED_AGAIN and look is None:
        origin = Origin.LOOK_UNKNOWN
    return Verified(len(live.formulas), tuple(found), origin)


def _origin(record: FileRecord | None, untouched: bool, changed: bool) -> Origin:
    if record is None:
        return Origin.UNKNOWN
    if untouched:
        return Origin.UNTOUCHED
    if not record.cells:
        return Origin.DIFFERENT
    return Origin.CHANGED if changed else Origin.SAVED_AGAIN


def _record(live: Live, path: Path, manifests: Sequence[Manifest]) -> FileRecord | None:
    """The record of a file: by its bytes; else by its name, unless its cells are another's, saved again."""
    record = record_in(path.name, sha256_of(path), manifests)
    now = cells_of(live.workbook)
    if record is None or not record.cells or record.is_of(sha256_of(path)) or _share(now, record) > MOSTLY:
        return record
    others = (file for manifest in manifests for file in manifest.files.values() if file.cells)
    nearest = max(others, key=lambda other: _share(now, other), default=record)
    return nearest if _share(now, nearest) > MOSTLY else record


def _share(now: CellsOf, record: FileRecord) -> float:
    """How much of what is on record stands in a file."""
    then = [(sheet, address, text) for sheet, cells in record.cells.items() for address, text in cells.items()]
    return sum(now.get(sheet, {}).get(address) == text for sheet, address, text in then) / max(len(then), 1)


def _stranger(live: Live, path: Path, record: FileRecord | None, manifests: Sequence[Manifest]) -> Iterator[Problem]:
    """Whether a file lies under the name of another one: C002's invoice as C001-2026-04.xlsx."""
    named = [manifest.files[path.name] for manifest in manifests if path.name in manifest.files]
    if record is not None and named and record not in named:
        facts = {"found": record.name, "customer": record.customer or "—", "wanted": named[0].customer or path.name}
        yield problem("verify-other-file", Place(live.workbook.file), None, **facts)


def _differences(live: Live, changes: Changes | None) -> Iterator[Problem]:
    """Every formula that cannot be computed, or does not show what it computes."""
    for name in ("bill.total", "bill.due"):
        cell = live.cells.get(target) if (target := live.target(name)) is not None else None
        if cell is not None and cell.formula is None:
            yield problem("verify-typed-over", cell.place, found=cell.shown)
    for key, fault in live.foreign.items():
        cell = live.cells[key]
        yield problem("verify-formula-unknown", cell.place, None, found=cell.formula or "", fault=fault)
    for key in live.formulas:
        yield from _difference(live, key, live.exact[key], changes)


def _difference(live: Live, key: Address, exact: Value, changes: Changes | None) -> Iterator[Problem]:
    """What is wrong with the value that a formula's cell shows."""
    cell = live.cells[key]
    if cell.never_calculated:
        yield problem("verify-not-calculated", cell.place, None, found=cell.formula or "", value=shown(exact))
    elif not agree(exact, value_of(cell.value)):
        code = "verify-value-changed" if changes is not None and changes.was_edited(key, cell) else "verify-differs"
        yield problem(code, cell.place, None, found=shown(value_of(cell.value)), value=shown(exact))
