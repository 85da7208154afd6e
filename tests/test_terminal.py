"""What stands in somebody's sheet is shown on the terminal, and does nothing there."""

import ast
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.small_book import ACCOUNTS, BOOK
from tests.workbooks import write_workbook
from xlbill.cells import Place
from xlbill.cli import main
from xlbill.problems import problem, render
from xlbill.terminal import TextTable, harmless, print_table
from xlbill.workspace import Workspace

ROOT = Path(__file__).parent.parent
ACTIVE = [chr(code) for code in (*range(0x00, 0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0x202E, 0x2066)]


@pytest.mark.parametrize("sign", ACTIVE, ids=lambda sign: f"U+{ord(sign):04X}")
def test_no_sign_that_acts_reaches_the_terminal(sign: str) -> None:
    assert sign not in harmless(f"a{sign}b")
    assert harmless("客户 ABC\n\t1,299.00") == "客户 ABC\n\t1,299.00"


def test_names_headings_and_file_names_are_shown_and_do_nothing(tmp_path: Path) -> None:
    write_workbook(tmp_path / "price_tables" / "small.xlsx", BOOK)
    accounts = {**ACCOUNTS, "Customers": "| customer | name |\n| C1 | [red]One\u202eOne |"}
    write_workbook(tmp_path / "accounts.xlsx", accounts)
    usage = tmp_path / "usage" / "2026-04"
    usage.mkdir(parents=True)
    (usage / "a\x1b]0;title\x07.csv").write_text("app,month,meter,quantity\n\x1b[2Jz,2026-04,dau,5\n", encoding="utf-8")
    for arguments in (["bill", "2026-04"], ["check"], ["bill", "2026-04", "--json"], ["check", "--json"]):
        result = CliRunner().invoke(main, [*arguments, "-w", str(tmp_path)])
        assert not set(result.output) & set(ACTIVE), arguments
        if "--json" in arguments:
            json.loads(result.stdout)
    assert "[red]One" in CliRunner().invoke(main, ["bill", "2026-04", "-w", str(tmp_path)]).stdout


def test_a_table_is_whole_whatever_stands_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is markup, nothing acts, and what another program reads is neither wrapped nor cut."""
    names = ["[/red] {x} [b]", "a\x1b[2Jb", "very long " * 30]
    print_table(TextTable(["name", "[i]sum"], [[name, "1,299.00"] for name in names], left=(0,), foot=[["", "9.00"]]))
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  1,299.00")[0].strip() for line in lines if "1,299.00" in line] == [
        names[0],
        "a␛[2Jb",
        names[2].strip(),
    ]
    assert "[i]sum" in lines[1] and lines[-2].rstrip().endswith("9.00")


def test_a_narrow_terminal_wraps_words_and_keeps_figures(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    print_table(TextTable(["code", "sum"], [["K" * 60, "123,456,789.00"]], left=(0,)))
    out = capsys.readouterr().out
    assert out.count("K") == 60 and "123,456,789.00" in out and "…" not in out


@pytest.mark.parametrize("path", sorted((ROOT / "xlbill").rglob("*.py")), ids=lambda path: path.name)
def test_there_is_one_way_to_the_terminal(path: Path) -> None:
    if path.name == "terminal.py":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.module not in ("rich.table", "rich.text"), f"{path}:{node.lineno}"
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            assert name not in ("echo", "secho"), f"{path}:{node.lineno}"
            assert not (isinstance(node.func, ast.Name) and name == "print" and path.parent.name == "commands")


@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize(("language", "word"), [("zh", "错误"), ("en", "Error")])
def test_complaints_are_in_the_language_that_is_asked_for_wherever_it_stands(
    place: str, language: str, word: str
) -> None:
    lang = ["--lang", language]
    result = CliRunner().invoke(main, [*lang, "bill", "April"] if place == "before" else ["bill", "April", *lang])
    assert result.exit_code == 2
    assert word in result.stderr


HOSTILE = "\x9b2J\x7f\u202eOne"
COMMANDS = (
    "bill 2026-04 --jobs 1",
    "issue 2026-04 --on 2026-05-01 --jobs 1",
    "bill 2026-05 --jobs 1",
    "statement C1",
)


def test_no_text_file_that_is_written_acts_on_the_terminal_that_shows_it(tmp_path: Path) -> None:
    """Manifests, registers, books as data, invoices as data, balances; the ledger's entries are hashed as they are."""
    book = {**BOOK, "Products": BOOK["Products"].replace("Chat", HOSTILE)}
    write_workbook(tmp_path / "price_tables" / "small.xlsx", book)
    write_workbook(tmp_path / "accounts.xlsx", {**ACCOUNTS, "Customers": f"| customer | name |\n| C1 | {HOSTILE} |"})
    for month in ("2026-04", "2026-05"):
        usage = tmp_path / "usage" / month
        usage.mkdir(parents=True)
        (usage / "u.csv").write_text(f"app,month,meter,quantity\na1,{month},dau,5\n", encoding="utf-8")
    small, invoice = tmp_path / "price_tables/small.xlsx", tmp_path / "invoices/2026-05/C1-2026-05.xlsx"
    write_workbook(tmp_path / "other.xlsx", {**book, "Products": book["Products"].replace(HOSTILE, HOSTILE * 2)})
    for command in COMMANDS:
        done = CliRunner().invoke(main, [*command.split(), "-w", str(tmp_path)])
        assert done.exit_code == 0, done.output
    for source, target in ((small, "b.json"), (small, "b.yaml"), (invoice, "i.json"), (invoice, "i.csv")):
        done = CliRunner().invoke(main, ["convert", str(source), str(tmp_path / target), "--lossy"])
        assert done.exit_code == 0, done.output
    diff = ["diff", str(small), str(tmp_path / "other.xlsx"), "--words", "--markdown"]
    (tmp_path / "diff.md").write_text(CliRunner().invoke(main, diff).output, encoding="utf-8")
    acting, held = set(ACTIVE), set()
    for path in tmp_path.rglob("*"):
        if path.suffix in (".json", ".jsonl", ".csv", ".yaml", ".md", ".txt"):
            text = path.read_text(encoding="utf-8")
            assert not set(text) & (acting - {"\u202e"} if path.suffix in (".csv", ".yaml") else acting), path
            held |= {path.suffix} if "One" in text else set()
    assert held == {".json", ".csv", ".yaml", ".md"}


def test_nobody_writes_lines_of_their_own_with_a_name_or_a_cell() -> None:
    """A file of the usage folder called `x`, a line break, `error: all is paid`; a cell with the same."""
    lie = "x\nerror: all is paid"
    told = render([problem("not-a-number", Place(f"{lie}.csv", lie, 2, 2), column=lie, found=lie)], "en")
    told += Workspace(Path("w")).shown(Path("w") / "usage" / lie)
    assert "\nerror: all is paid" not in told and told.count("␊error: all is paid") == 5


def test_a_name_in_another_encoding_stops_no_register(tmp_path: Path) -> None:
    """As a file of an archive from Windows is called where it is unpacked by another system."""
    write_workbook(tmp_path / "price_tables" / "small.xlsx", BOOK)
    write_workbook(tmp_path / "accounts.xlsx", ACCOUNTS)
    usage = tmp_path / "usage" / "2026-04"
    usage.mkdir(parents=True)
    try:
        (usage / "\udcd3\udcc3.csv").write_text("app,month,meter,quantity\na1,2026-04,dau,x\n", encoding="utf-8")
    except (OSError, UnicodeEncodeError):
        pytest.skip("this system has no such names")
    result = CliRunner().invoke(main, ["bill", "2026-04", "-w", str(tmp_path), "--json"])
    assert "internal-error" not in result.output
    assert "�.csv" in result.output
