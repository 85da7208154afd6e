"""LibreOffice, from scratch, arrives at every figure of every example invoice and register."""

import shutil
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from soffice import computed, recalculate, requires_soffice

from tests.examples.run import bills_of, template
from tests.press.test_press import KINDS
from tests.register.test_register import layout_of, with_nasty_codes
from xlbill.audit.look_problems import LABELS
from xlbill.audit.verify import Verified, verify
from xlbill.cli import main
from xlbill.invoice import lay_out
from xlbill.manifest import manifests_of, read_manifests
from xlbill.workbook import write_layout

pytestmark = [pytest.mark.libreoffice, requires_soffice]
EXAMPLES = Path(__file__).parent.parent.parent / "examples"


@pytest.fixture(scope="module")
def invoices(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """April and May of the example workspace, billed."""
    root = tmp_path_factory.mktemp("month")
    shutil.copytree(EXAMPLES, root / "w", ignore=shutil.ignore_patterns("invoices", "broken"))
    for month in ("2026-04", "2026-05"):
        result = CliRunner().invoke(main, ["bill", month, "-w", str(root / "w"), "--json"], catch_exceptions=False)
        assert result.exit_code == (0 if month == "2026-04" else 1), result.output  # May lacks usage of some
    renamed = []
    for file in sorted((root / "w" / "invoices").rglob("*.xlsx")):
        renamed.append(Path(shutil.copy(file, root / f"{file.parent.name}-{file.name}")))
    return renamed


def values(path: Path) -> dict[tuple[int, str], float | str | bool]:
    sheets = range(1, len(openpyxl.load_workbook(path, read_only=True).sheetnames) + 1)
    return {(sheet, cell): value for sheet in sheets for cell, value in computed(path, sheet).items()}


def same(one: float | str | bool, other: float | str | bool) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return abs(one - other) <= 1e-9 * max(1.0, abs(one), abs(other))


def test_every_formula_recalculates_to_its_cached_value(invoices: list[Path], tmp_path: Path) -> None:
    compared = 0
    for original, fresh in zip(invoices, recalculate(invoices, tmp_path), strict=True):
        cached, recalculated = values(original), values(fresh)
        assert cached.keys() == recalculated.keys()
        wrong = {key: (v, recalculated[key]) for key, v in cached.items() if not same(v, recalculated[key])}
        assert not wrong, f"{original.name}: {wrong}"
        compared += len(cached)
    assert compared > 500


def test_bills_of_every_kind_of_price_list_recalculate(tmp_path: Path) -> None:
    """Values by date, taxes, charges of the customer, prepaid money: the invoices of those priced examples."""
    originals = []
    for number, bill in enumerate(bills_of(KINDS, tmp_path / "bills")):
        originals.append(tmp_path / f"{number:02}.xlsx")
        write_layout(lay_out(bill, template()), originals[-1])
    for original, fresh in zip(originals, recalculate(originals, tmp_path / "out"), strict=True):
        cached, recalculated = values(original), values(fresh)
        assert cached.keys() == recalculated.keys()
        wrong = {key: (v, recalculated[key]) for key, v in cached.items() if not same(v, recalculated[key])}
        assert not wrong, f"{original.name}: {wrong}"


def test_another_day_s_usage_reaches_the_total(invoices: list[Path], tmp_path: Path) -> None:
    """C001's peak of 15,000 becomes 31,000: three blocks of overage in place of one, 6299.00 in place of 4299.00."""
    path = tmp_path / "C001.xlsx"
    workbook = openpyxl.load_workbook(next(file for file in invoices if "2026-04-C001" in file.name))
    usage = next(sheet for sheet in workbook if "Usage" in sheet.title or "用量" in sheet.title)
    (peak,) = {cell.coordinate for row in usage.iter_rows() for cell in row if cell.value == 15000}
    usage[peak] = 31000
    workbook.save(path)
    (fresh,) = recalculate([path], tmp_path / "out")
    figures = [value for (sheet, _), value in values(fresh).items() if sheet == 1]
    assert any(same(v, 6299.0) for v in figures), "the total"
    assert any(same(v, 3000.0) for v in figures), "what is due"


MAY_CHANGE = {
    LABELS[aspect] for aspect in ("fonts", "usual", "headers", "view", "print", "drawings", "charts", "conditions")
}
"""What LibreOffice itself changes: fonts that it lacks, the usual one, frozen panes (without a screen), words and
formats of charts, data bars."""


def test_an_invoice_that_libreoffice_saved_again_has_its_figures_formats_and_sizes(
    invoices: list[Path], tmp_path: Path
) -> None:
    april = sorted((invoices[0].parent / "w" / "invoices" / "2026-04").glob("C*.xlsx"))
    manifests, _ = read_manifests(manifests_of(april[0].parent))
    for fresh in recalculate(april, tmp_path):
        result = verify(fresh, None, manifests)
        assert isinstance(result, Verified)
        assert {problem.code for problem in result.problems} <= {"verify-look-changed"}
        assert {dict(problem.facts)["aspect"] for problem in result.problems} <= MAY_CHANGE


def test_every_code_of_a_register_is_summed_as_itself(tmp_path: Path) -> None:
    """What a condition of SUMIFS would take for a pattern, a comparison or a number, LibreOffice sums as our engine."""
    path = tmp_path / "register.xlsx"
    write_layout(layout_of(*with_nasty_codes()), path)
    (fresh,) = recalculate([path], tmp_path / "out")
    cached, recalculated = values(path), values(fresh)
    assert {key: v for key, v in cached.items() if not same(v, recalculated[key])} == {}
