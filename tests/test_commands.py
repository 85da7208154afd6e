"""The commands as programs: what they print, where, and how they end."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.test_example_month import EXAMPLES, copied
from xlbill import __version__
from xlbill.cli import main
from xlbill.commands import billing
from xlbill.starting import start_like


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return copied(EXAMPLES, tmp_path / "workspace")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file where a folder is wanted."""
    (tmp_path / "file").write_text("not a folder")
    return tmp_path / "file"


def test_it_runs_as_a_module() -> None:
    ran = subprocess.run([sys.executable, "-m", "xlbill", "--version"], capture_output=True, text=True, check=True)
    first, second = ran.stdout.splitlines()
    assert first.startswith(f"xlbill {__version__}, Python 3.") and "xlsxwriter" in second.lower()


@pytest.mark.parametrize(
    "arguments",
    [
        ("bill", "2026-13"),
        ("bill", "April"),
        ("bill",),
        ("explain", "nowhere.xlsx"),
        ("convert", "README.md", "invoice.docx"),
        ("frobnicate",),
    ],
)
def test_wrong_use_ends_with_2_and_says_what_is_right(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "error" in result.output.lower()


@pytest.mark.parametrize("command", ["init", "check"])
def test_what_the_disk_refuses_is_a_line_and_no_traceback(command: str, workspace: Path, file: Path) -> None:
    usage = workspace / "usage" / "2026-04" / "ten.csv"
    usage.write_text("app,date,meter,quantity\nc001-app,2026-04-01,dau,ten\n", encoding="utf-8")
    options = ("-w", workspace, "--annotate", file / "w")
    result = run("init", file / "w") if command == "init" else run("check", usage, *options)
    assert result.exit_code == 2
    assert "Error: " in result.output or "error[cannot-write]" in result.output
    assert str(file) in result.output


class Stubborn:
    """A file of a library that is written once more when nobody needs it."""

    def __del__(self) -> None:
        raise OSError(28, "No space left on device")


def test_a_library_that_writes_as_it_is_freed_prints_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def quote(*_: object, **__: object) -> int:
        Stubborn()
        raise OSError(28, "No space left on device", "q.xlsx")

    monkeypatch.setattr("click.Group.main", quote)
    with pytest.raises(SystemExit):
        main.main(["quote"])
    said = capsys.readouterr().err
    assert ("Traceback" in said, "q.xlsx" in said) == (False, True)


def test_a_month_that_cannot_be_written_names_every_file_and_bills_nobody(workspace: Path, file: Path) -> None:
    result = run("bill", "2026-04", "-w", workspace, "--out", file / "w", "--lang", "en")
    assert result.exit_code == 2
    assert result.stderr.count("error[cannot-write]") >= 9
    assert "left out: C001, C002" in result.stderr
    assert "register" not in result.stdout


def test_results_go_to_the_output_and_problems_to_the_error_stream(workspace: Path) -> None:
    result = run("bill", "2026-04", "-w", workspace, "--lang", "zh")
    assert result.exit_code == 0
    assert "出账汇总表" in result.stdout
    assert "over-free-limit" in result.stderr
    assert "over-free-limit" not in result.stdout
    assert "出账汇总表只随" in run("bill", "2026-04", "-w", workspace, "--customer", "C001", "--lang", "zh").stdout


def test_of_many_customers_the_table_has_their_sums_and_the_run_names_the_register(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_like("seats", tmp_path)
    monkeypatch.setattr(billing, "MOST_ROWS", 1)
    said = run("bill", "2026-04", "-w", tmp_path, "--lang", "en").stdout
    assert "S001" not in said and "Northbridge" not in said
    assert re.search(r"2 bills +531\.00 +55\.00 +586\.00 +CNY", said) and "register.xlsx" in said
