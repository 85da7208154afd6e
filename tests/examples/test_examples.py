"""Every priced example comes out as it says: see run.py for how they are written."""

from pathlib import Path

import pytest

from tests.cases import MANY
from tests.examples.run import (
    Example,
    check_bill,
    check_case,
    check_invoice,
    check_members,
    check_packs,
    check_taxes,
    examples,
    figure,
    outcome,
    workspace,
)
from xlbill.balances import balances_text
from xlbill.inputs import load_books

CHECKS = {"bill": check_bill, "taxes": check_taxes, "packs": check_packs, "members": check_members}
EXAMPLES = list(examples())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.file}: {example.title}")
def test_example(example: Example, tmp_path: Path) -> None:
    place = workspace(example, tmp_path)
    for number, expected in enumerate(example.expected):
        if expected.kind == "problems":
            _, codes = outcome(place, expected.month)
            assert codes == [row[0] for row in expected.rows]
        elif expected.kind in CHECKS:
            result, codes = outcome(place, expected.month)
            assert result.bill is not None, codes
            CHECKS[expected.kind](result.bill, expected)
            if MANY or expected is example.expected[-1]:
                check_invoice(result.bill, tmp_path)
            place.balances(expected.month).parent.mkdir(parents=True, exist_ok=True)
            place.balances(expected.month).write_text(balances_text(result.carried), encoding="utf-8")
        else:
            meters = {meter for book in load_books(place)[0] for meter in book.meters}
            for at, row in enumerate(expected.rows):
                used = [
                    ["a1", str(expected.month), *heading.partition(":")[::2], figure(text)]
                    for heading, text in zip(expected.headings, row, strict=True)
                    if heading.partition(":")[0] in meters
                ]
                result, codes = outcome(workspace(example, tmp_path / f"{number}-{at}", used), expected.month)
                assert result.bill is not None, codes
                check_case(result.bill, expected.headings, row, meters)
                if MANY or at in (0, len(expected.rows) - 1):
                    check_invoice(result.bill, tmp_path / f"{number}-{at}")
