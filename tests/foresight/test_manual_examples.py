"""The examples of docs/foresight.md, run as they stand; run as a program, this file writes them anew."""

import re
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

from click.testing import CliRunner

from xlbill.cli import main
from xlbill.workspace import SHIPPED

PAGE = Path(__file__).parents[2] / "docs" / "foresight.md"
_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
_LIST = re.compile(r"```csv\n(.*?)```", re.DOTALL)


def current() -> str:
    """The page with what its commands print now."""
    text = PAGE.read_text(encoding="utf-8")
    changes = _LIST.search(text)
    assert changes is not None
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        for name in ("price_tables", "examples"):
            shutil.copytree(SHIPPED / name, name, ignore=shutil.ignore_patterns("invoices", "balances"))
        Path("changes.csv").write_text(changes[1], encoding="utf-8")
        return _BLOCK.sub(lambda match: f"```console\n{''.join(_run(match[1]))}```", text)


def _run(block: str) -> Iterator[str]:
    for line in block.splitlines():
        if line.startswith("$ xlbill "):
            ran = CliRunner().invoke(main, [*shlex.split(line)[2:], "--lang", "en"])
            assert ran.exit_code == 0, ran.output
            lines = [f"{printed.rstrip()}\n" for printed in ran.output.splitlines()]
            yield f"{line}\n" + "".join(line for line in lines if line != "\n")


def test_the_examples_print_what_the_page_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == current(), "run `python -m tests.foresight.test_manual_examples`"


if __name__ == "__main__":
    PAGE.write_text(current(), encoding="utf-8")
