"""The shipped example month, billed by the command as its user would: the figures of the price policy to the fen."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from xlbill.cli import main

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"

APRIL = """
| code |    total |  prepaid |      due |
| C001 |  4299.00 |  3299.00 |  1000.00 |
| C002 |  3924.00 |  1299.00 |  2625.00 |
| C003 |  2450.00 |  2205.00 |   245.00 |
| C004 |  2096.10 |  2999.00 |     0.00 |
| C005 |  2399.00 |  1299.00 |  1100.00 |
| C006 | 12916.38 |  2699.10 | 10217.28 |
| C007 |     0.00 |     0.00 |     0.00 |
| C009 |  1799.00 |  1299.00 |   500.00 |
| C010 |  2663.00 |  2087.00 |   576.00 |
"""


def rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("| ").split("|")] for line in text.strip().splitlines()[1:]]


def bill(*arguments: str) -> tuple[int, dict[str, object]]:
    result = CliRunner().invoke(main, ["bill", *arguments, "--json"], catch_exceptions=False)
    return result.exit_code, json.loads(result.stdout)


@pytest.fixture(scope="module")
def april(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    workspace = copied(EXAMPLES, tmp_path_factory.mktemp("april"))
    status, printed = bill("2026-04", "-w", str(workspace))
    assert status == 0, printed["problems"]
    return printed


def copied(source: Path, target: Path) -> Path:
    """A workspace with the example's accounts and usage, in which a run may write."""
    for file in sorted(source.rglob("*")):
        inside = file.relative_to(source)
        if file.is_file() and not {"invoices", "broken"} & set(inside.parts):
            (target / inside).parent.mkdir(parents=True, exist_ok=True)
            (target / inside).write_bytes(file.read_bytes())
    return target


@pytest.mark.parametrize(("code", "total", "prepaid", "due"), rows(APRIL))
def test_the_policy_s_figures(april: dict[str, object], code: str, total: str, prepaid: str, due: str) -> None:
    (found,) = [b for b in april["bills"] if b["customer"] == code]  # type: ignore[attr-defined]
    assert (found["total"], found["prepaid"], found["due"]) == (total, prepaid, due)
    assert sum(Decimal(line["amount"]) for line in found["lines"]) == Decimal(total)
    assert code in Path(found["file"]).name


def test_a_refund_is_credit_of_the_customer(april: dict[str, object]) -> None:
    """C004 upgrades: 902.90 of what it had paid comes back, and nothing is due from which it could be taken."""
    (found,) = [b for b in april["bills"] if b["customer"] == "C004"]  # type: ignore[attr-defined]
    assert [found[key] for key in ("refunded", "credit_used", "due", "credit")] == ["902.90", "0.00", "0.00", "902.90"]


def test_a_free_app_over_its_limit_is_a_warning_never_a_charge(april: dict[str, object]) -> None:
    codes = [(p["code"], p["severity"]) for p in april["problems"]]  # type: ignore[attr-defined]
    assert ("over-free-limit", "warning") in codes


def test_a_rerun_writes_the_same_bytes_and_may_follows_april(tmp_path: Path) -> None:
    workspace = copied(EXAMPLES, tmp_path)
    bill("2026-04", "-w", str(workspace))
    first = {file: file.read_bytes() for file in sorted(workspace.rglob("*")) if file.is_file()}
    bill("2026-04", "-w", str(workspace))
    assert {file: file.read_bytes() for file in sorted(workspace.rglob("*")) if file.is_file()} == first
    status, may = bill("2026-05", "-w", str(workspace), "--customer", "C003", "--customer", "C009")
    assert status == 0, may["problems"]


def test_several_processes_write_the_same_bytes_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlbill.processes.JOBS_EACH", 2)
    written = []
    for jobs in ("1", "3"):
        workspace = copied(EXAMPLES, tmp_path / jobs)
        status, printed = bill("2026-04", "-w", str(workspace), "--jobs", jobs)
        assert (status, len(printed["bills"])) == (0, 9)  # type: ignore[arg-type]
        files = (file for file in (workspace / "invoices").rglob("*") if file.is_file())
        written.append({file.relative_to(workspace): file.read_bytes() for file in files})
    assert written[0] == written[1]


def test_mistakes_leave_out_their_customers_and_nobody_else(tmp_path: Path) -> None:
    workspace = copied(EXAMPLES / "broken", tmp_path)
    status, printed = bill("2026-04", "-w", str(workspace))
    assert status == 1
    assert [b["customer"] for b in printed["bills"]] == ["C013"]  # type: ignore[attr-defined]
    assert printed["left_out"] == ["C008", "C011", "C012"]
    errors = {p["code"]: p for p in printed["problems"] if p["severity"] == "error"}  # type: ignore[attr-defined]
    assert set(errors) == {"needs-plan", "no-price", "no-book-for-region"}
    assert all(p["file"] and p["cell"] for p in errors.values())
