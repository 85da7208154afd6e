"""The gallery of problems: for each code the smallest culprit, and what is said about it in both languages.

    # not-a-number

    reader: workbook

    sheet: prices

    | item | price |
    |---|---|
    | dau | ten |

    ```en
    error[not-a-number]: ...
    ```
    ```zh
    ...
    ```

`reader` names a function of `readers.py`. A culprit is one or more tables, each after `file: name.csv` or `sheet: name`
or `text: name` before an indented text
(sheets go together into workbook.xlsx; a formula has no result), or `builder: name`, a function of
tests/sheets/build.py. `set: module.NAME=3` lowers a limit, so that the culprit can be small.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from tests.invoice.culprits import BUILDERS as TEMPLATES
from tests.sheets.build import BUILDERS
from tests.workbooks import table, write_workbook

FOLDER = Path(__file__).parent
_ANSWER = re.compile(r"```(en|zh)\n(.*?)```", re.DOTALL)
_TEXT = re.compile(r"^text: (\S+)\n+((?:(?: {4}.*)?\n)+)", re.MULTILINE)
_CULPRIT = re.compile(r"^(file|sheet): (.+?)\n+((?:\|.*\n)+)", re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """One page of the gallery."""

    path: Path
    code: str
    reader: str
    builder: str | None
    limits: Mapping[str, int]
    files: Mapping[str, Sequence[Sequence[str]]]
    sheets: Mapping[str, str]
    texts: Mapping[str, str]
    answers: Mapping[str, str]

    def make(self, folder: Path) -> list[Path]:
        """The culprit's files."""
        if self.builder is not None:
            return [(BUILDERS | TEMPLATES)[self.builder](folder)]
        made = []
        for name, rows in self.files.items():
            with (folder / name).open("w", newline="", encoding="utf-8") as file:
                csv.writer(file, delimiter="\t" if name.endswith(".tsv") else ",").writerows(rows)
            made.append(folder / name)
        for name, text in self.texts.items():
            (folder / name).write_text(text, encoding="utf-8")
            made.append(folder / name)
        if self.sheets:
            made.append(write_workbook(folder / "workbook.xlsx", self.sheets))
        return made

    def accept(self, answers: Mapping[str, str]) -> None:
        """Write other answers into the page."""
        text = self.path.read_text(encoding="utf-8")
        head = text[: text.index("```")] if "```" in text else f"{text.rstrip()}\n\n"
        tail = "".join(f"```{language}\n{answer}\n```\n" for language, answer in answers.items())
        self.path.write_text(head + tail, encoding="utf-8")


def read_entry(path: Path) -> Entry:
    """The page of a code."""
    text = path.read_text(encoding="utf-8")
    facts = dict(re.findall(r"^(reader|builder): (\S+)$", text, re.MULTILINE))
    limits = re.findall(r"^set: (\S+)=(\d+)$", text, re.MULTILINE)
    culprits = _CULPRIT.findall(text)
    return Entry(
        path,
        text.splitlines()[0].removeprefix("# ").strip(),
        facts["reader"],
        facts.get("builder"),
        {name: int(value) for name, value in limits},
        {name: table(rows) for kind, name, rows in culprits if kind == "file"},
        {name: rows for kind, name, rows in culprits if kind == "sheet"},
        {name: dedent(lines).strip() + "\n" for name, lines in _TEXT.findall(text)},
        {language: answer.rstrip("\n") for language, answer in _ANSWER.findall(text)},
    )


ENTRIES = tuple(read_entry(path) for path in sorted(FOLDER.glob("*.md")))
