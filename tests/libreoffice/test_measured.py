"""LibreOffice arrives at every figure of the invoices of the priced examples, month after month.

The invoices stand bare, without their looks and charts, and forty of them in one workbook: LibreOffice takes longer to
open and dress a file than to compute it. The files as customers get them are those of `test_invoices.py`.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from soffice import recalculated_texts, requires_soffice
from test_invoices import same

from tests.examples.run import FOLDER, bills_of, template
from xlbill.formula import Value, as_decimal, is_number
from xlbill.invoice import lay_out
from xlbill.workbook import write_layout
from xlbill.workbook.layout import Formula, LaidCell, Layout, Sheet

pytestmark = [pytest.mark.libreoffice, requires_soffice]
FILES = tuple(path.name for path in sorted(FOLDER.glob("*.md")))
TOGETHER = 40


def in_one(layouts: Sequence[Layout]) -> Layout:
    """The sheets of many workbooks as one workbook's, their names numbered, their formulas referring to these."""
    sheets: list[Sheet] = []
    for number, layout in enumerate(layouts):
        own = {sheet.name: f"{sheet.name}{number}" for sheet in layout.sheets}
        references = re.compile("|".join(rf"\b{re.escape(name)}!" for name in own))

        def bare(cell: LaidCell, own: dict[str, str] = own, references: re.Pattern[str] = references) -> LaidCell:
            content = cell.content
            if isinstance(content, Formula):
                content = replace(content, text=references.sub(lambda found: f"{own[found[0][:-1]]}!", content.text))
            return LaidCell(cell.row, cell.column, content)

        sheets += (Sheet(own[sheet.name], tuple(map(bare, sheet.cells))) for sheet in layout.sheets)
    return replace(layouts[0], sheets=tuple(sheets), names={}, trace=())


def agrees(cached: Value, text: str) -> bool:
    """Whether what LibreOffice computed, as text, is the value that stands in the file."""
    if isinstance(cached, bool):
        return text == str(cached).upper()
    if not is_number(cached):
        return text == str(cached if cached is not None else "")
    return same(float(as_decimal(cached)), float(text))


def test_every_invoice_of_the_examples_recalculates_to_its_cached_values(tmp_path: Path) -> None:
    layouts = [lay_out(bill, template()) for bill in bills_of(FILES, tmp_path / "workspaces")]
    compared = 0
    for first in range(0, len(layouts), TOGETHER):
        layout, path = in_one(layouts[first : first + TOGETHER]), tmp_path / f"{first}.xlsx"
        write_layout(layout, path)
        texts = recalculated_texts(path, tmp_path / "out")
        for sheet in layout.sheets:
            for cell in (cell for cell in sheet.cells if isinstance(cell.content, Formula)):
                text = texts[sheet.name][cell.row - 1][cell.column - 1]
                assert agrees(cell.content.value, text), (
                    f"{sheet.name} {cell.row} {cell.column}: {cell.content}, {text}"
                )
                compared += 1
    assert compared > 20 * len(layouts)
