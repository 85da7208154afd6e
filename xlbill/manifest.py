"""The manifest of a month: what each invoice held when it was written, and which inputs it was made from.

`manifest-2026-04.json` lies beside the invoices. It keeps every cell as somebody would type it (`=ROUND(G22*E6,2)`,
`15000`, `'Professional`), so that `xlbill verify` can say later which input or formula was changed, and from what.
Values need no place in it: they follow from inputs and formulas. It knows no clock: a rerun gives the same bytes.
It guards against mistakes, not against forgers: whoever can write the invoice can write the manifest as well.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, TypeAlias

from xlbill.cells import Place, a1
from xlbill.files import sha256_of
from xlbill.formula import ExcelError
from xlbill.periods import Month
from xlbill.problems import Problems, problem
from xlbill.sheets import Cell, Raw, Workbook, read_workbook

CellsOf: TypeAlias = Mapping[str, Mapping[str, str]]
"""The cells of a workbook: sheet -> address -> what was typed."""

_ADDRESS = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_WORDS: Mapping[str, Raw] = {"": None, "TRUE": True, "FALSE": False, **{error.value: error for error in ExcelError}}


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as a run wrote it: its hash, and of an invoice whose it is, what it comes to, and its cells."""

    name: str
    sha256: str
    customer: str = ""
    currency: str = ""
    total: str = ""
    cells: CellsOf = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """A month's files by name, and the hashes of what they were made from."""

    period: str
    inputs: Mapping[str, str]
    files: Mapping[str, FileRecord]


def manifest_name(month: Month | Literal["*"]) -> str:
    """The file name of a month's manifest, manifest-2026-04.json; of all months with a star."""
    return f"manifest-{month}.json"


def record_of(path: Path) -> FileRecord:
    """A file by its hash alone, as suits a register or a csv."""
    return FileRecord(path.name, sha256_of(path))


def invoice_record(path: Path, customer: str, currency: str, total: str) -> FileRecord:
    """An invoice as it was just written, with its cells."""
    workbook, found = read_workbook(path)
    assert workbook is not None, f"our own invoice cannot be read: {found}"
    return FileRecord(path.name, sha256_of(path), customer, currency, total, cells_of(workbook))


def cells_of(workbook: Workbook) -> CellsOf:
    """Every cell of a workbook as somebody would type it."""
    return {
        sheet.name: {a1(*at): typed(cell) for at, cell in sorted(sheet.cells.items()) if cell.filled}
        for sheet in workbook.sheets
    }


def typed(cell: Cell) -> str:
    """A cell as somebody would type it: `=A1*2`, `'text`, 1299, TRUE, 2026-04-01."""
    return cell.formula if cell.formula is not None else typed_value(cell.value)


def typed_value(value: Raw) -> str:
    """A value as it is typed; a text begins with an apostrophe, so that it is nothing else."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case Decimal():
            return f"{value:f}"
        case str():
            return f"'{value}"
        case ExcelError():
            return value.value
    return value.isoformat()


def untyped(text: str) -> Raw:
    """The value that was typed, the reverse of `typed_value`."""
    if text.startswith("'"):
        return text[1:]
    if text in _WORDS:
        return _WORDS[text]
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:  # nothing that `typed_value` gives: somebody edited the manifest
        return text


# --- the file ------------------------------------------------------------------------------------------------------


def manifest_text(manifest: Manifest) -> str:
    """The manifest as JSON, one line for each input and each file: easy to search, to compare and to cut."""
    inputs = _lines(dict(sorted(manifest.inputs.items())))
    files = _lines({name: _entry_json(file) for name, file in sorted(manifest.files.items())})
    return f'{{\n"period": {_json(manifest.period)},\n"inputs": {inputs},\n"files": {files}\n}}\n'


def _lines(entries: Mapping[str, Any]) -> str:
    return "{" + ",".join(f"\n{_json(name)}: {_json(entry)}" for name, entry in entries.items()) + "\n}"


def _entry_json(file: FileRecord) -> dict[str, Any]:
    entry = {
        "sha256": file.sha256,
        "customer": file.customer,
        "currency": file.currency,
        "total": file.total,
        "cells": file.cells,
    }
    return {name: value for name, value in entry.items() if value}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def read_manifest(path: Path, shown_as: str | None = None) -> tuple[Manifest | None, Problems]:
    """The manifest of a file, or None and the problem where somebody has damaged it."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        files = {name: _entry(name, entry) for name, entry in content["files"].items()}
        return Manifest(_text(content["period"]), _texts(content["inputs"]), files), Problems()
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None, Problems([problem("manifest-damaged", Place(shown_as or str(path)))])


def manifests_of(folder: Path) -> list[Path]:
    """The manifests that lie in a folder with invoices."""
    return sorted(folder.glob(manifest_name("*")))


def read_manifests(paths: Iterable[Path]) -> tuple[list[Manifest], Problems]:
    """Some manifests; a damaged one is a problem and is left out."""
    read = [read_manifest(path) for path in paths]
    found = Problems(problem for _, damage in read for problem in damage)
    return [manifest for manifest, _ in read if manifest is not None], found


def record_in(path: Path, manifests: Sequence[Manifest]) -> FileRecord | None:
    """What the manifests have on record of a file: by its bytes, whatever it is called now, else by its name."""
    sha256 = sha256_of(path)
    same = (file for manifest in manifests for file in manifest.files.values() if file.sha256 == sha256)
    named = (manifest.files[path.name] for manifest in manifests if path.name in manifest.files)
    return next(same, None) or next(named, None)


def _entry(name: str, entry: Mapping[str, Any]) -> FileRecord:
    cells = {_text(sheet): _texts(cells) for sheet, cells in entry.get("cells", {}).items()}
    if any(not _ADDRESS.fullmatch(address) for of_sheet in cells.values() for address in of_sheet):
        raise ValueError("not the address of a cell")
    customer, currency, total = (_text(entry.get(key, "")) for key in ("customer", "currency", "total"))
    return FileRecord(name, _text(entry["sha256"]), customer, currency, total, cells)


def _texts(entries: Mapping[str, Any]) -> dict[str, str]:
    return {_text(name): _text(value) for name, value in entries.items()}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"not a text: {value!r}")
    return value
