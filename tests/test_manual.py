"""The manual says what the code does: generated parts are current, commands and message codes are complete."""

import ast
import re
import string
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from tests.test_example_month import APRIL, copied, rows
from tools import manual
from tools.manual.problems import FAMILIES
from xlbill.commands import WHERE
from xlbill.problems import catalog

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("page", list(manual.pages()))
def test_generated_parts_are_current(page: str) -> None:
    written = (manual.DOCS / page).read_text(encoding="utf-8")
    assert written == manual.current(page), "run `python -m tools.manual`"


def test_every_family_of_problems_has_its_page() -> None:
    assert {f"{family}.toml" for family in FAMILIES} == {
        file.name for file in files("xlbill").joinpath("messages").iterdir()
    }


ENGLISH = sorted(page for page in manual.DOCS.rglob("*.md") if not page.name.endswith(".zh.md"))
ENGLISH_ALONE = {"decisions.md"}
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("page", ENGLISH, ids=lambda page: str(page.relative_to(manual.DOCS)))
def test_every_page_exists_in_each_language_by_itself(page: Path) -> None:
    """An English page has Chinese only as what stands in a cell, a file or on a screen, beside English words."""
    chinese = page.with_suffix(".zh.md")
    assert chinese.is_file() is (page.name not in ENGLISH_ALONE)
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"[\u4e00-\u9fff]。", prose), "a Chinese sentence on an English page"
    if chinese.is_file():
        headings = re.findall("^(#+) ", chinese.read_text(encoding="utf-8"), re.MULTILINE)
        assert headings == re.findall("^(#+) ", page.read_text(encoding="utf-8"), re.MULTILINE), "other sections"


LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")


@pytest.mark.parametrize(
    "page",
    [ROOT / "README.md", ROOT / "README.zh-CN.md", ROOT / "CONTRIBUTING.md", *sorted(manual.DOCS.rglob("*.md"))],
    ids=str,
)
def test_links_lead_somewhere(page: Path) -> None:
    prose = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = [link for link in LINK.findall(prose) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []
    if page.is_relative_to(manual.DOCS):  # else it is dead in the site that `make docs` makes
        assert [link for link in links if not (page.parent / link).resolve().is_relative_to(manual.DOCS)] == []


READMES = ("README.md", "README.zh-CN.md")


@pytest.mark.parametrize("page", READMES)
def test_every_command_stands_in_the_readme(page: str) -> None:
    readme = (ROOT / page).read_text(encoding="utf-8")
    assert [name for name in WHERE if f"xlbill {name}" not in readme] == []


@pytest.mark.parametrize("page", READMES)
def test_the_readme_shows_what_the_example_month_comes_to(page: str) -> None:
    readme = (ROOT / page).read_text(encoding="utf-8")
    for code, total, prepaid, due in rows(APRIL):
        (line,) = [line for line in readme.splitlines() if line.startswith(f"  {code} ")]
        shown = [Decimal(word.replace(",", "")) for word in line.split() if re.fullmatch(r"[\d,]+\.\d\d", word)]
        assert shown[:3] == [Decimal(prepaid), Decimal(due), Decimal(total)]  # credit may stand behind them


def test_the_readme_s_python_does_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    copied(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    exec(block, {})
    assert "C001 4299" in capsys.readouterr().out


def codes_in_use() -> dict[str, str]:
    """The codes that the code tells problems by, with the file that does."""
    used = {}
    for path in (ROOT / "xlbill").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in catalog():
                used[node.value] = path.name
    return used


def test_every_message_is_used() -> None:
    computed = {code for code in catalog() if code.startswith("formula-")}  # the fault's kind is part of the code
    assert set(catalog()) - set(codes_in_use()) - computed == set()


@pytest.mark.parametrize("code", sorted(catalog()))
def test_messages_exist_in_both_languages_with_the_same_facts(code: str) -> None:
    entry = catalog()[code]
    assert entry["severity"] in ("error", "warning")
    assert {"severity", "stops", "zh", "en"} <= set(entry) <= {"severity", "stops", "silent", "follows", "zh", "en"}
    assert set(entry["zh"]) == set(entry["en"]) >= {"message", "about"}
    for part in entry["en"]:
        zh, en = (
            {name for _, name, _, _ in string.Formatter().parse(entry[language][part]) if name}
            for language in ("zh", "en")
        )
        assert zh == en, f"{code}.{part} names other facts in Chinese than in English"
        words = re.sub(r"{\w+}", "", entry["zh"][part])
        assert not re.search(r"\w", words) or re.search(r"[\u4e00-\u9fff]", words), f"{code}.{part} has no Chinese"
