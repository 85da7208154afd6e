"""LibreOffice arrives at every figure of the invoices of the priced examples that measure in other ways."""

from pathlib import Path

import pytest
from soffice import recalculate, requires_soffice
from test_invoices import same, values

from tests.examples.run import examples, outcome, template, workspace
from xlbill.invoice import lay_out
from xlbill.workbook import write_layout

pytestmark = [pytest.mark.libreoffice, requires_soffice]
FILES = ("bands.md", "methods.md", "printed.md", "records.md", "years.md")


def test_every_invoice_of_the_examples_recalculates_to_its_cached_values(tmp_path: Path) -> None:
    written = []
    for number, example in enumerate(example for example in examples() if example.file in FILES):
        for expected in example.expected:
            result, codes = outcome(workspace(example, tmp_path / str(number)), expected.month)
            if expected.kind != "bill":
                continue
            assert result.bill is not None, codes
            written.append(tmp_path / f"{number}-{expected.month}.xlsx")
            write_layout(lay_out(result.bill, template()), written[-1])
    assert len(written) > 5
    for original, fresh in zip(written, recalculate(written, tmp_path / "out"), strict=True):
        cached, recalculated = values(original), values(fresh)
        assert {key: (v, recalculated.get(key)) for key, v in cached.items() if not same(v, recalculated[key])} == {}
