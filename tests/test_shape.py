"""The shape of the code: imports point down the list of the design, one module writes workbooks, one reads them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = (
    ("made_again",),
    ("language", "grouping", "apart", "inert"),
    ("cells", "quantities", "refusals"),
    ("problems", "money", "periods", "processes", "spool", "terminal"),
    ("cluster",),
    ("files", "boundary", "lock", "databases"),
    ("formula",),
    ("sheets",),
    ("house_rules", "methods", "charge_columns"),
    ("usage", "account_columns", "balances"),
    ("account_strangers",),
    ("account_contracts", "account_payers"),
    ("accounts",),
    ("adjustment_files",),
    ("workbook", "signing"),
    ("book",),
    ("manifest",),
    ("rating",),
    ("invoice",),
    ("press",),
    ("audit", "register"),
    ("workspace",),
    ("ledger", "convert"),
    ("annotate",),
    ("inputs", "unattributed", "billed", "starting"),
    ("earlier", "review"),
    ("month_files",),
    ("run",),
    ("issuing",),
    ("foresight",),
    ("check",),
    ("replay",),
    ("api",),
    ("commands",),
    ("cli",),
)
FLOOR = {name: number for number, names in enumerate(LAYERS) for name in names}
MODULES = sorted((ROOT / "xlbill").rglob("*.py"))


def floor_of(dotted: str) -> str:
    """The layer's name of a module: xlbill.book.load is of book."""
    return dotted.split(".")[1] if "." in dotted else ""


def imports_of(path: Path) -> Iterator[str]:
    package = ".".join(path.relative_to(ROOT).with_suffix("").parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield f"{package}.{node.module or ''}" if node.level else node.module or ""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path: Path) -> None:
    own = floor_of(".".join(path.relative_to(ROOT).with_suffix("").parts))
    if own in ("", "__init__", "__main__"):
        return
    for name in imports_of(path):
        other = floor_of(name)
        if name.startswith("xlbill.") and other != own:
            assert FLOOR[other] < FLOOR[own], f"{own} imports {other}, which stands above or beside it"


APART = (("register", "invoice"), ("workbook", "invoice"), ("invoice/template", "invoice.pages"))
"""What one room must not know of another that stands below or within the same one."""


@pytest.mark.parametrize(("room", "other"), APART)
def test_rooms_that_know_nothing_of_each_other(room: str, other: str) -> None:
    for path in (ROOT / "xlbill" / room).rglob("*.py"):
        assert not [name for name in imports_of(path) if f"{name}.".startswith(f"xlbill.{other}.")], path


FRONT_DOOR = "api.py"
"""Its types are called as their users think of them, and wrap those of the rooms below: Bill, Line, Workspace."""


def test_no_type_s_name_stands_twice() -> None:
    texts = [path.read_text(encoding="utf-8") for path in MODULES if path.name != FRONT_DOOR]
    names = [name for text in texts for name in re.findall(r"^class (\w+)", text, re.MULTILINE)]
    assert len(names) > 200
    assert {name for name in names if names.count(name) > 1 and not name.startswith("_")} == set()


def test_every_module_has_a_layer() -> None:
    names = {floor_of(".".join(path.relative_to(ROOT).with_suffix("").parts)) for path in MODULES}
    assert names - {"", "__init__", "__main__"} == set(FLOOR)


@pytest.mark.parametrize("page", ["architecture.md", "architecture.zh.md"])
def test_the_rooms_are_told_from_the_top_down(page: str) -> None:
    """docs/architecture.md and its Chinese page, in their table of rooms."""
    rooms = (ROOT / "docs" / page).read_text(encoding="utf-8").split("\n## ")[2]
    rows = re.findall(r"^\| (`[^|]+) \|.+\|.+\|$", rooms, re.MULTILINE)
    told = [name for row in rows for name in re.findall(r"`(\w+)/?`", row)]
    assert set(told) == set(FLOOR)
    floors = [FLOOR[name] for name in told if name != "apart"]
    assert floors == sorted(floors, reverse=True)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_readable(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    longest = 500 if path.name == "columns.py" else 400  # declarations are read column by column
    assert len(text.splitlines()) <= longest
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno <= 70, f"{path}:{node.lineno} {node.name}"
