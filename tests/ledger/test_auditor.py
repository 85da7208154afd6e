"""The manual's script checks an export without xlbill, and finds what was changed."""

import hashlib
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tests.ledger.months import MAY, House, draft, pack
from xlbill.ledger.canonical import canonical
from xlbill.ledger.export import ENTRIES, FILES, HEAD, export_ledger

MANUAL = Path(__file__).parents[2] / "docs" / "ledger.md"


@pytest.fixture
def export(house: House) -> Path:
    house.issue(draft("客户-1", balances=(pack("100.50", "30"),)), draft("C002"))
    house.void("202605-00002")
    house.issue(draft("客户-1", MAY, balances=(pack("70.5", "0"),)), on=date(2026, 6, 1))
    with house.ledger() as ledger:
        assert export_ledger(ledger, house.folder / "audit") == []
    return house.folder / "audit"


def audited(export: Path) -> subprocess.CompletedProcess[str]:
    """What the manual's script says."""
    (script,) = re.findall(r"```python\n(.*?)```", MANUAL.read_text(encoding="utf-8"), re.DOTALL)
    command = [sys.executable, "-I", "-X", "utf8", "-c", script, export / ENTRIES]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def test_the_script_agrees_with_the_ledger(export: Path, house: House) -> None:
    done = audited(export)
    with house.ledger() as ledger:
        head = ledger.head
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, f"whole: {head.entry} {head.sha256}")
    assert done.stdout.startswith("70.5 ")
    assert (export / HEAD).read_text() == canonical({"entry": head.entry, "sha256": head.sha256}) + "\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"customer":"C002"', '"customer":"C003"', "the chain breaks at entry 4"),
        ('"seq":2', '"seq":3', "the chain breaks at entry 4"),
    ],
)
def test_the_script_finds_what_was_changed(export: Path, old: str, new: str, said: str) -> None:
    file = export / ENTRIES
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    done = audited(export)
    assert (done.returncode, done.stderr.strip()) == (1, said)


def test_the_script_finds_an_entry_that_is_gone(export: Path) -> None:
    file = export / ENTRIES
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:4] + lines[5:]), encoding="utf-8")
    assert audited(export).stderr.strip() == "the chain breaks at entry 6"


def test_the_list_of_files_is_one_that_sha256sum_reads(export: Path, house: House) -> None:
    lines = (export / FILES).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 4
    for line in lines:
        sha256, name = line.split("  ", 1)
        assert hashlib.sha256((house.folder / name).read_bytes()).hexdigest() == sha256
