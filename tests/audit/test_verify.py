"""Every example invoice agrees with itself, and whoever changes a cell of it is found."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.invoice.bills import ordinary
from tests.invoice.laid_out import pinned
from tests.recorded import recorded
from tests.workbooks import edit_xml
from xlbill.audit.verify import Origin, Verified, verify
from xlbill.cli import main
from xlbill.invoice import lay_out
from xlbill.manifest import Manifest
from xlbill.workbook import write_layout

TEMPLATE = pinned()


@pytest.fixture
def invoice(tmp_path: Path) -> Path:
    assert TEMPLATE is not None
    write_layout(lay_out(ordinary(), TEMPLATE), tmp_path / "invoice.xlsx")
    return tmp_path / "invoice.xlsx"


def test_an_untouched_invoice_holds(invoice: Path) -> None:
    result = verify(invoice)
    assert isinstance(result, Verified)
    assert result.formulas > 10
    assert result.problems == ()
    assert CliRunner().invoke(main, ["verify", str(invoice)]).exit_code == 0


def test_a_changed_value_is_found_at_its_cell(invoice: Path) -> None:
    edit_xml(invoice, "xl/worksheets/sheet1.xml", r"(<f>ROUND\([^<]*</f><v>)[^<]*(</v>)", r"\g<1>123456\2")
    result = verify(invoice)
    assert isinstance(result, Verified)
    assert [p.code for p in result.problems] and {p.code for p in result.problems} == {"verify-differs"}
    assert "123456" in {p.found("en") for p in result.problems}
    assert CliRunner().invoke(main, ["verify", str(invoice)]).exit_code == 1


def test_a_changed_formula_is_found(invoice: Path) -> None:
    edit_xml(invoice, "xl/worksheets/sheet1.xml", r"<f>ROUND\(", "<f>1+ROUND(")
    result = verify(invoice)
    assert isinstance(result, Verified)
    assert "verify-differs" in {p.code for p in result.problems}


def test_what_is_no_workbook_is_told(tmp_path: Path) -> None:
    (tmp_path / "invoice.xlsx").write_bytes(b"PK\x03\x04 not really")
    assert isinstance(verify(tmp_path / "invoice.xlsx"), tuple)
    assert CliRunner().invoke(main, ["verify", str(tmp_path / "invoice.xlsx")]).exit_code == 2


# --- with the manifest ---------------------------------------------------------------------------------------------

BILL, USAGE = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet3.xml"
CHANGES = {
    "nothing": (BILL, "", "", Origin.SAVED_AGAIN, set()),
    "an input": (USAGE, r"(?<!</f>)<v>15000</v>", "<v>31000</v>", Origin.CHANGED, {"verify-input-changed"}),
    "a formula": (BILL, r"<f>ROUND\(", "<f>1+ROUND(", Origin.CHANGED, {"verify-formula-changed"}),
    "a value": (BILL, r"(<f>ROUND\([^<]*</f><v>)[^<]*", r"\g<1>123456", Origin.CHANGED, {"verify-value-changed"}),
    "a formula for its value": (BILL, r"<f>ROUND\([^<]*</f>", "", Origin.CHANGED, {"verify-formula-changed"}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_is_told_apart(invoice: Path, change: str) -> None:
    record = recorded(invoice, "C001", "CNY", "1.00")
    part, pattern, replacement, origin, codes = CHANGES[change]
    edit_xml(invoice, part, pattern, replacement)
    result = verify(invoice, None, [Manifest("2026-04", {}, {invoice.name: record})])
    assert isinstance(result, Verified)
    assert result.origin is origin
    assert codes <= {p.code for p in result.problems} <= codes | {"verify-differs", "verify-words-differ"}


def test_the_file_of_the_run_is_untouched_and_a_stranger_unknown(invoice: Path) -> None:
    manifest = Manifest("2026-04", {}, {invoice.name: recorded(invoice, "C001", "CNY", "1.00")})
    for manifests, origin in (([manifest], Origin.UNTOUCHED), ([], Origin.UNKNOWN)):
        result = verify(invoice, None, manifests)
        assert isinstance(result, Verified)
        assert (result.origin, result.holds) == (origin, True)
