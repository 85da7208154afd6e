"""Single cells of an xlsx workbook changed in its XML: every other byte of every part stays as it was.

A cell keeps its style and, where it is a formula, its formula; what changes is the value. Results of formulas that
follow from a changed cell are computed exactly and stored, so that a viewer that does not recalculate shows them.
Why not openpyxl: it drops shapes, form controls, custom XML and the stored results of all formulas.
"""

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias
from xml.sax.saxutils import escape, quoteattr

from xlbill.book.data_grid import value_of
from xlbill.cells import Address, a1
from xlbill.formula import (
    ExcelError,
    Fault,
    TooMuchWork,
    Value,
    as_decimal,
    is_number,
    parse,
    recalculate,
    references,
    to_serial,
)
from xlbill.money import plain
from xlbill.sheets import Raw, Workbook
from xlbill.sheets.xlsx import Attributes, Package, local, open_package, parser

"""A cell: sheet, row, column."""
New: TypeAlias = Decimal | str | date


class CannotEdit(Exception):
    """A cell that cannot be changed in place; its text is the cell. Raised and caught within this package."""


@dataclass(frozen=True, slots=True)
class _Found:
    """Where a cell stands in its sheet's XML, its name there and its attributes, and where its formula is."""

    start: int
    end: int
    tag: str
    attributes: Attributes
    formula: tuple[int, int] | None


def write_edited(source: Path, workbook: Workbook, changes: Mapping[Address, New], target: Path) -> None:
    """Write a copy of a workbook with some cells changed. Raises `CannotEdit` where one has no cell in the XML."""
    with open_package(source) as package:
        parts = _edited_parts(package, changes, followers(workbook, changes))
        with zipfile.ZipFile(target, "w") as archive:
            for entry in package.archive.infolist():
                content = parts.get(entry.filename)
                archive.writestr(entry, package.archive.read(entry) if content is None else content)


def followers(workbook: Workbook, changes: Mapping[Address, New]) -> dict[Address, Value]:
    """The formulas whose results change with the cells, and what they come to then."""
    before: dict[Address, object] = {}
    formulas = set()
    for sheet in workbook.sheets:
        for (row, column), cell in sheet.cells.items():
            spot = Address(sheet.name, row, column)
            parsed = parse(cell.formula) if cell.formula is not None else None
            live = parsed is not None and not isinstance(parsed, Fault) and bool(references(parsed))
            before[spot] = parsed if live else _plain(cell.value)
            if live:
                formulas.add(spot)
    after = before | {spot: _plain(new) for spot, new in changes.items()}
    try:
        old, new = recalculate(before), recalculate(after)  # type: ignore[arg-type]
    except TooMuchWork:
        return {}  # whoever reads the copy is told of it
    return {spot: new[spot] for spot in formulas if new[spot] != old[spot] and spot not in changes}


def _plain(raw: Raw) -> Value:
    return raw if isinstance(raw, ExcelError) else value_of(raw)


def _edited_parts(
    package: Package, changes: Mapping[Address, New], results: Mapping[Address, Value]
) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    for sheet in package.sheets:
        cells = {a1(row, column): new for (name, row, column), new in changes.items() if name == sheet.name}
        follow = {a1(row, column): value for (name, row, column), value in results.items() if name == sheet.name}
        if not cells and not follow:
            continue
        entry = package.parts[sheet.part]
        xml = package.archive.read(entry)
        found = _find(xml, frozenset(cells) | frozenset(follow))
        missing = next((cell for cell in cells if cell not in found), None)
        if missing is not None:
            raise CannotEdit(f"{sheet.name}!{missing}")
        for cell, where in sorted(found.items(), key=lambda item: -item[1].start):
            made = _changed(where, cells[cell]) if cell in cells else _followed(xml, where, follow[cell])
            xml = xml[: where.start] + made.encode() + xml[where.end :]
        parts[entry.filename] = xml
    return parts


def _find(xml: bytes, wanted: frozenset[str]) -> dict[str, _Found]:
    """The wanted cells of a sheet's XML, by the offsets of their bytes."""
    declared = re.match(rb"<\?xml[^>]*encoding=[\"']([\w-]+)", xml.lstrip(b"\xef\xbb\xbf"))
    if declared is not None and declared[1].lower() != b"utf-8":
        raise CannotEdit(declared[1].decode())
    found: dict[str, _Found] = {}
    state: dict[str, object] = {"cell": None, "formula": None}

    def start(name: str, attributes: Attributes) -> None:
        if local(name) == "c" and attributes.get("r", "") in wanted:
            state.update(cell=(made.CurrentByteIndex, name, dict(attributes)), formula=None)
        elif local(name) == "f" and state["cell"] is not None:
            state["formula"] = made.CurrentByteIndex

    def end(name: str) -> None:
        cell, at = state["cell"], made.CurrentByteIndex
        if not isinstance(cell, tuple):
            return
        close = xml.index(b">", at) + 1
        if local(name) == "f" and isinstance(state["formula"], int):
            state["formula"] = (state["formula"], close)
        elif local(name) == "c":
            formula = state["formula"]
            found[cell[2]["r"]] = _Found(
                cell[0], close, cell[1], cell[2], formula if isinstance(formula, tuple) else None
            )
            state["cell"] = None

    made = parser(start, end)
    made.Parse(xml, True)
    return found


def _changed(where: _Found, new: New) -> str:
    """A cell with a value in place of what it said; a formula is never typed over."""
    if where.formula is not None:
        raise CannotEdit(where.attributes["r"])
    prefix = where.tag.rpartition(":")[0]
    name = (lambda tag: f"{prefix}:{tag}") if prefix else (lambda tag: tag)
    if isinstance(new, str):
        inner = f"<{name('is')}><{name('t')}>{escape(new)}</{name('t')}></{name('is')}>"
        return _cell(where, "inlineStr", inner)
    value = to_serial(new) if isinstance(new, date) else new
    return _cell(where, "", f"<{name('v')}>{plain(value)}</{name('v')}>")


def _followed(xml: bytes, where: _Found, value: Value) -> str:
    """A formula's cell with another result."""
    prefix = where.tag.rpartition(":")[0]
    tag = f"{prefix}:v" if prefix else "v"
    formula = xml[where.formula[0] : where.formula[1]].decode() if where.formula is not None else ""
    if is_number(value):
        number = as_decimal(value)
        text = plain(number) if number == number.to_integral_value() else repr(float(number))
        return _cell(where, "", f"{formula}<{tag}>{text}</{tag}>")
    if isinstance(value, bool):
        return _cell(where, "b", f"{formula}<{tag}>{int(value)}</{tag}>")
    if isinstance(value, ExcelError):
        return _cell(where, "e", f"{formula}<{tag}>{escape(str(value.value))}</{tag}>")
    return _cell(where, "str", f"{formula}<{tag}>{escape(str(value or ''))}</{tag}>")


def _cell(where: _Found, kind: str, inner: str) -> str:
    attributes = {key: value for key, value in where.attributes.items() if key != "t"} | ({"t": kind} if kind else {})
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{where.tag}{written}>{inner}</{where.tag}>"
