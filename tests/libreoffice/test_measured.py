"""LibreOffice arrives at every figure of the invoices of the priced examples, month after month."""

from pathlib import Path

import pytest
from soffice import recalculate, requires_soffice
from test_invoices import same, values

from tests.examples.run import FOLDER, bills_of, template
from xlbill.invoice import lay_out
from xlbill.workbook import write_layout

pytestmark = [pytest.mark.libreoffice, requires_soffice]
FILES = tuple(path.name for path in sorted(FOLDER.glob("*.md")))


def test_every_invoice_of_the_examples_recalculates_to_its_cached_values(tmp_path: Path) -> None:
    written = []
    for number, bill in enumerate(bills_of(FILES, tmp_path / "workspaces")):
        written.append(tmp_path / f"{number}-{bill.month}.xlsx")
        write_layout(lay_out(bill, template()), written[-1])
    assert len(written) > 5
    for original, fresh in zip(written, recalculate(written, tmp_path / "out"), strict=True):
        cached, recalculated = values(original), values(fresh)
        assert {key: (v, recalculated.get(key)) for key, v in cached.items() if not same(v, recalculated[key])} == {}
