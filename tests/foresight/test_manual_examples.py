"""The examples of docs/foresight.md, run as they stand; as a program, this file writes those of both languages anew.

With each change the quick ones of one language are run, and the other page has the same commands and figures;
`make many` runs all of both.
"""

import re
import shlex
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.manual_steps import commands_of, shortened
from xlbill.cli import main
from xlbill.language import Language
from xlbill.workspace import SHIPPED

DOCS = Path(__file__).parents[2] / "docs"
PAGES: dict[Language, Path] = {"en": DOCS / "foresight.md", "zh": DOCS / "foresight.zh.md"}
_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
_LIST = re.compile(r"```csv\n(.*?)```", re.DOTALL)


QUICK = {"quote", "try", "convert", "diff"}


def quick(block: str) -> bool:
    """Whether a block's commands take a second or two, and nothing of the blocks before it."""
    return {line.split()[2] for line in block.splitlines() if line.startswith("$ xlbill ")} <= QUICK


def current(language: Language, chosen: Callable[[str], bool] = lambda block: True) -> str:
    """The page with what its commands print now; blocks that are not chosen stay as they are."""
    text = PAGES[language].read_text(encoding="utf-8")
    changes = _LIST.search(text)
    assert changes is not None
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        for name in ("price_tables", "examples"):
            shutil.copytree(SHIPPED / name, name, ignore=shutil.ignore_patterns("invoices"))
        Path("changes.csv").write_text(changes[1], encoding="utf-8")

        def anew(match: re.Match[str]) -> str:
            return f"```console\n{''.join(_run(match[1], language))}```" if chosen(match[1]) else match[0]

        return _BLOCK.sub(anew, text)


def _run(block: str, language: Language) -> Iterator[str]:
    for command, written in commands_of(block):
        if command.startswith("$ xlbill "):
            ran = CliRunner().invoke(main, [*shlex.split(command)[2:], "--lang", language])
            assert ran.exit_code == 0, ran.output
            lines = [f"{printed.rstrip()}\n" for printed in ran.output.splitlines()]
            yield f"{command}\n" + shortened("".join(line for line in lines if line != "\n"), written)


def test_the_quick_examples_print_what_the_page_says() -> None:
    written = PAGES["en"].read_text(encoding="utf-8")
    assert sum(map(quick, _BLOCK.findall(written))) >= 3
    assert written == current("en", quick), "run `python -m tests.foresight.test_manual_examples`"


@pytest.mark.many
@pytest.mark.parametrize("language", PAGES)
def test_all_examples_print_what_the_page_says(language: Language) -> None:
    written = PAGES[language].read_text(encoding="utf-8")
    assert written == current(language), "run `python -m tests.foresight.test_manual_examples`"


def test_both_pages_have_the_same_commands_and_figures() -> None:
    blocks = {language: _BLOCK.findall(page.read_text(encoding="utf-8")) for language, page in PAGES.items()}
    english, chinese = ([_commands_and_figures(block) for block in blocks[language]] for language in PAGES)
    assert english == chinese and len(english) > 5


def _commands_and_figures(block: str) -> tuple[list[str], list[str]]:
    lines = block.splitlines()
    printed = "\n".join(line for line in lines if not line.startswith("$"))
    return [line for line in lines if line.startswith("$")], sorted(re.findall(r"\d(?:[\d,.]*\d)?", printed))


if __name__ == "__main__":
    for language, page in PAGES.items():
        page.write_text(current(language), encoding="utf-8")
