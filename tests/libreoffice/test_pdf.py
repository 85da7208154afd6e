"""Invoices print: one A4 page for an ordinary bill, with the words that stand on it."""

import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from soffice import requires_soffice

from xlbill.cli import main

pytestmark = [pytest.mark.libreoffice, requires_soffice]
EXAMPLES = Path(__file__).parent.parent.parent / "examples"


def test_a_month_is_printed_and_an_ordinary_bill_is_one_page(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES, tmp_path / "w", ignore=shutil.ignore_patterns("invoices", "broken"))
    arguments = ["bill", "2026-04", "-w", str(tmp_path / "w"), "--customer", "C001,C006", "--pdf"]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    printed = sorted((tmp_path / "w" / "invoices" / "2026-04").glob("*.pdf"))
    assert [file.name for file in printed] == ["C001-2026-04.pdf", "C006-2026-04.pdf"]
    pages = subprocess.run(["pdftotext", "-layout", printed[0], "-"], capture_output=True, text=True, check=True).stdout
    first, *rest = pages.split("\f")
    assert "本期应付" in first and "1,000.00" in first and "人民币壹仟元整" in first and "付款" in first
    assert not "".join(rest).strip(), "prices and daily usage stay in the workbook"


def test_one_invoice_is_converted(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES, tmp_path / "w", ignore=shutil.ignore_patterns("invoices", "broken"))
    CliRunner().invoke(main, ["bill", "2026-04", "-w", str(tmp_path / "w"), "--customer", "C007"])
    invoice = tmp_path / "w" / "invoices" / "2026-04" / "C007-2026-04.xlsx"
    result = CliRunner().invoke(main, ["convert", str(invoice), str(tmp_path / "out" / "bill.pdf")])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "out" / "bill.pdf").read_bytes().startswith(b"%PDF")
