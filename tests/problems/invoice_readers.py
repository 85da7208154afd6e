"""Readers for the problems of finished invoices: verified, explained, printed."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.problems.readers import Reader
from tests.recorded import recorded
from tests.workbooks import edit_xml, store
from xlbill.audit.explain import explain
from xlbill.audit.live import open_live
from xlbill.audit.verify import verify
from xlbill.cells import Place
from xlbill.manifest import Manifest, read_manifest
from xlbill.problems import Problem
from xlbill.workbook.pdf import to_pdf


def read_invoice(files: list[Path]) -> list[Problem]:
    """An invoice, verified."""
    result = verify(files[0], "invoice.xlsx")
    return list(result if isinstance(result, tuple) else result.problems)


def read_stale_invoice(files: list[Path]) -> list[Problem]:
    """An invoice whose amount, in B2, shows 99 whatever its formula says."""
    store(files[0], "Invoice", "B2", "99")
    return read_invoice(files)


def explain_a_stranger(files: list[Path]) -> list[Problem]:
    """An invoice, asked about a line that it does not have."""
    return _explained(files, "Storage")


def explain_the_total(files: list[Path]) -> list[Problem]:
    """A workbook without a total, asked about it."""
    return _explained(files, None)


def explain_a_cell(cell: str) -> Reader:
    """An invoice, asked about a cell that it does not have."""
    return lambda files: _explained(files, cell)


def _explained(files: list[Path], wanted: str | None) -> list[Problem]:
    live, found = open_live(files[0], "invoice.xlsx")
    answer = explain(live, wanted) if live is not None else None
    return [*found, *([answer] if isinstance(answer, Problem) else [])]


def print_without_libreoffice(files: list[Path]) -> list[Problem]:
    """An invoice, printed where no LibreOffice is installed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "")
        return to_pdf(files, files[0].parent)


def print_with_a_silent_program(files: list[Path]) -> list[Problem]:
    """An invoice, printed by a program that does nothing."""
    program = files[0].parent / "soffice"
    program.write_text("#!/bin/sh\necho nothing was done\n", encoding="utf-8")
    program.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
        found = to_pdf(files, files[0].parent / "out")
    return [replace(p, place=Place(files[0].name)) for p in found]


def _edited(pattern: str, replacement: str, shown: str = "21", part: str = "xl/worksheets/sheet1.xml") -> Reader:
    """An invoice whose amount, in B2, is 21, changed after it was written; `shown` is what B2 shows afterwards."""

    def read(files: list[Path]) -> list[Problem]:
        (path,) = files
        store(path, "Invoice", "B2", "21")
        record = recorded(path, "C1", "CNY", "21.00")
        edit_xml(path, part, pattern, replacement)
        edit_xml(path, "xl/worksheets/sheet1.xml", "<v>21</v>", f"<v>{shown}</v>")
        result = verify(path, "invoice.xlsx", [Manifest("2026-04", {}, {path.name: record})])
        return list(result if isinstance(result, tuple) else result.problems)

    return read


def read_typed_total(files: list[Path]) -> list[Problem]:
    """An invoice whose total, B2 by its name, was typed over; no manifest is at hand."""
    (path,) = files
    names = '<definedNames><definedName name="bill.total">Invoice!$B$2</definedName></definedNames>'
    edit_xml(path, "xl/workbook.xml", "<definedNames ?/>|</sheets>", f"</sheets>{names}")
    edit_xml(path, "xl/worksheets/sheet1.xml", r"<f>A2\*3</f><v ?/?>(</v>)?", "<v>1</v>")
    return read_invoice(files)


def read_broken_manifest(files: list[Path]) -> list[Problem]:
    """A manifest that somebody has cut off."""
    path = files[0].parent / "manifest-2026-04.json"
    path.write_text('{"period": "2026-04", "inputs": {', encoding="utf-8")
    return read_manifest(path, path.name)[1]


def read_another_invoice(files: list[Path]) -> list[Problem]:
    """C2's invoice, saved as C1's."""
    (path,) = files
    store(path, "Invoice", "B2", "21")
    record = replace(recorded(path, "C2", "CNY", "21.00"), name="C2-2026-04.xlsx")
    own = replace(record, name=path.name, sha256="0", customer="C1", cells={"Invoice": {"A1": "'other"}})
    manifest = Manifest("2026-04", {}, {file.name: file for file in (own, record)})
    result = verify(path, "invoice.xlsx", [manifest])
    return list(result if isinstance(result, tuple) else result.problems)


INVOICE_READERS: dict[str, Reader] = {
    "invoice": read_invoice,
    "stale-invoice": read_stale_invoice,
    "invoice-with-8-for-7": _edited("<v>7</v>", "<v>8</v>", "24"),
    "invoice-with-a-formula-of-4": _edited(r"A2\*3", "A2*4", "28"),
    "invoice-with-99-typed-in": _edited("<v>7</v>", "<v>7</v>", "99"),
    "invoice-with-a-sheet-renamed": _edited('name="Invoice"', 'name="Bill"', part="xl/workbook.xml"),
    "invoice-with-row-2-hidden": _edited('<row r="2"', '<row r="2" hidden="1"'),
    "invoice-of-another": read_another_invoice,
    "invoice-with-a-total-typed-in": read_typed_total,
    "broken-manifest": read_broken_manifest,
    "explain-a-stranger": explain_a_stranger,
    "explain-an-empty-cell": explain_a_cell("D9"),
    "explain-another-sheet": explain_a_cell("Rates!A1"),
    "explain-the-total": explain_the_total,
    "print-without-libreoffice": print_without_libreoffice,
    "print-with-a-silent-program": print_with_a_silent_program,
}
