"""A ledger whose rows somebody changed with a SQL tool: whatever reads on names the change, and nothing is done."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.fuzz.every_reader import laid_out
from xlbill.cli import main

CHANGES = {
    "an amount that is none": "UPDATE figures SET value = 'x'",
    "a day that is none": "UPDATE bills SET issued = 'soon'",
    "a table that is gone": "DROP TABLE staged",
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("command", ["void 202605-00001 --reason why", "ledger list", "statement C1"])
def test_what_was_changed_past_xlbill_is_named(tmp_path: Path, change: str, command: str) -> None:
    laid_out(tmp_path)
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute(CHANGES[change])
        connection.commit()
    before = {file.name for file in (tmp_path / "issued/2026-04").iterdir()}
    done = CliRunner().invoke(main, [*command.split(), "-w", str(tmp_path), "--lang", "en"])
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert done.exit_code == 0 or "error[ledger-" in done.output
    assert done.exit_code in (0, 2)
    if command.startswith("void"):
        assert done.exit_code == 2
        assert {file.name for file in (tmp_path / "issued/2026-04").iterdir()} == before
