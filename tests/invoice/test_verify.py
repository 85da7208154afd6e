"""Every example invoice agrees with itself, and whoever changes a cell of it is found."""

import re
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.invoice.bills import ordinary
from xlbill.cli import main
from xlbill.invoice import lay_out, load_template, write_invoice
from xlbill.invoice.verify import Verified, verify

TEMPLATE, _ = load_template(Path(__file__).parent.parent.parent / "templates" / "invoice.xlsx")


@pytest.fixture
def invoice(tmp_path: Path) -> Path:
    assert TEMPLATE is not None
    write_invoice(lay_out(ordinary(), TEMPLATE), tmp_path / "invoice.xlsx")
    return tmp_path / "invoice.xlsx"


def changed(path: Path, part: str, pattern: str, replacement: str) -> None:
    """Change the text of a part of the file, once, as no program that recalculates would."""
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    text, count = re.subn(pattern, replacement, contents[part].decode(), count=1)
    assert count == 1
    contents[part] = text.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in contents.items():
            archive.writestr(name, data)


def test_an_untouched_invoice_holds(invoice: Path) -> None:
    result = verify(invoice)
    assert isinstance(result, Verified)
    assert result.formulas > 10
    assert result.problems == ()
    assert CliRunner().invoke(main, ["verify", str(invoice)]).exit_code == 0


def test_a_changed_value_is_found_at_its_cell(invoice: Path) -> None:
    changed(invoice, "xl/worksheets/sheet1.xml", r"(<f>ROUND\([^<]*</f><v>)[^<]*(</v>)", r"\g<1>123456\2")
    result = verify(invoice)
    assert isinstance(result, Verified)
    assert [p.code for p in result.problems] and {p.code for p in result.problems} == {"verify-differs"}
    assert "123456" in {p.found("en") for p in result.problems}
    assert CliRunner().invoke(main, ["verify", str(invoice)]).exit_code == 1


def test_a_changed_formula_is_found(invoice: Path) -> None:
    changed(invoice, "xl/worksheets/sheet1.xml", r"<f>ROUND\(", "<f>1+ROUND(")
    result = verify(invoice)
    assert isinstance(result, Verified)
    assert "verify-differs" in {p.code for p in result.problems}


def test_what_is_no_workbook_is_told(tmp_path: Path) -> None:
    (tmp_path / "invoice.xlsx").write_bytes(b"PK\x03\x04 not really")
    assert isinstance(verify(tmp_path / "invoice.xlsx"), tuple)
    assert CliRunner().invoke(main, ["verify", str(tmp_path / "invoice.xlsx")]).exit_code == 2
