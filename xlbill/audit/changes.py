"""What was done to a file since a run wrote it: its cells held against those of the manifest.

A cell is an input or a formula. Formulas are compared as trees, so that a workbook which Excel has saved again, with
its own spacing and quotes, is no other; figures are compared as floats may differ from exact ones.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from xlbill.audit.live import Live, value_of
from xlbill.book.models import agree
from xlbill.cells import NOWHERE, Address, Place, position
from xlbill.formula import Expr, Fault, TooMuchWork, Value, parse, recalculate
from xlbill.language import Label
from xlbill.manifest import FileRecord
from xlbill.manifest.typed import cells_of, untyped
from xlbill.problems import Problem, problem
from xlbill.sheets import Cell

NOTHING = Label("空", "nothing")


@dataclass(frozen=True)
class Changes:
    """A file beside its record in the manifest."""

    live: Live
    written: FileRecord

    @cached_property
    def values(self) -> Mapping[Address, Value]:
        """What every cell came to when the file was written; nothing where the record's formulas take too long."""
        contents: dict[Address, Value | Expr] = {}
        for sheet, cells in self.written.cells.items():
            for address, text in cells.items():
                tree = parse(text) if text.startswith("=") else None
                value = None if text.startswith("=") else value_of(untyped(text))
                contents[_key(sheet, address)] = value if tree is None or isinstance(tree, Fault) else tree
        try:
            return recalculate(contents)
        except TooMuchWork:
            return {}

    @cached_property
    def sources(self) -> Mapping[Address, Place]:
        """Where each figure was read."""
        return {traced.cell: traced.source for traced in self.written.trace if traced.source != NOWHERE}

    def problems(self) -> Iterator[Problem]:
        """Every input and formula that is no longer what was written; a sheet that was added or taken away once."""
        now = cells_of(self.live.workbook)
        if now.keys() != self.written.cells.keys():
            found, wanted = (", ".join(sheets) for sheets in (now, self.written.cells))
            yield problem("verify-sheets-changed", Place(self.live.workbook.file), found=found, sheets=wanted)
        for sheet in self.live.workbook.sheets:
            if sheet.name in self.written.cells:
                yield from self._changed_cells(now[sheet.name], self.written.cells[sheet.name], sheet.place)

    def _changed_cells(self, now: Mapping[str, str], then: Mapping[str, str], sheet: Place) -> Iterator[Problem]:
        for address in dict.fromkeys((*then, *now)):
            found, written = now.get(address, ""), then.get(address, "")
            if not same(found, written):
                key = _key(sheet.sheet or "", address)
                computed = written.startswith("=")
                source = self.sources.get(key) if not computed else None
                told = {"found": _shown(found), "written": _traced(_shown(written), source)}
                code = "verify-formula-changed" if computed else "verify-input-changed"
                yield problem(code, sheet.at(key.row, key.column), None, **told)

    def was_edited(self, key: Address, cell: Cell) -> bool:
        """Whether a formula shows what it never computed: neither now nor when the file was written."""
        return key in self.values and not agree(self.values[key], value_of(cell.value))


def same(one: str, other: str) -> bool:
    """Whether two cells hold the same, as far as a program that saves them anew keeps it."""
    if one == other:
        return True
    if one.startswith("=") and other.startswith("="):
        left, right = parse(one), parse(other)
        return left == right and not isinstance(left, Fault)
    if one.startswith("=") or other.startswith("="):
        return False
    return agree(value_of(untyped(one)), value_of(untyped(other))) if one and other else False


def _traced(shown: str | Label, source: Place | None) -> str | Label:
    """What was written, and the cell of the price book or the usage sheet that it was read from."""
    return f"{shown} ← {source}" if source is not None else shown


def _shown(typed: str) -> str | Label:
    return typed.removeprefix("'") if typed else NOTHING


def _key(sheet: str, address: str) -> Address:
    where = position(address)
    assert where is not None, f"not an address, which the manifest's reader lets in: {address}"
    return Address(sheet, *where)
