"""The parts of the manual that follow from the code: column tables, commands and the list of problems.

`python -m tools.manual` writes them between their marks in docs/; the tests fail where they are out of date.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from inspect import cleandoc
from pathlib import Path

import click

from tools.marks_manual import marks_text
from xlbill import account_columns
from xlbill.book import columns as book_columns
from xlbill.commands import all_commands
from xlbill.foresight.change_list import CHANGES
from xlbill.problems import catalog
from xlbill.quantities import DECLARED
from xlbill.sheets import Column, Kind, SheetKind

DOCS = Path(__file__).parent.parent / "docs"
GALLERY = Path(__file__).parent.parent / "tests" / "problems"

KINDS = {
    Kind.TEXT: "text 文本",
    Kind.CODE: "code 代码",
    Kind.CODES: "codes 代码（逗号分隔）",
    Kind.NUMBER: "number 数字",
    Kind.DATE: "date 日期",
    Kind.MONTH: "month 月份",
    Kind.YES: "是/否 yes/no",
    Kind.CHOICE: "choice 选项",
}


def columns_text(sheets: Iterable[SheetKind], settings: dict[str, dict[str, Column]]) -> str:
    """A section for each sheet: its columns with what they hold; a settings sheet lists its settings."""
    parts = []
    for sheet in sheets:
        note = f"\n{sheet.note.zh}。 {sheet.note.en}.\n" if sheet.note else ""
        rows = settings[sheet.key].values() if sheet.key in settings else sheet.columns
        parts.append(f"### {sheet.title}\n{note}\n{_columns_table(rows)}")
    return "\n\n".join(parts)


def _columns_table(columns: Iterable[Column]) -> str:
    lines = ["| heading 列名 | holds 内容 | |", "|---|---|---|"]
    for column in columns:
        holds = KINDS[column.kind]
        if column.choices:
            holds = "; ".join(" / ".join(words[:2]) for words in column.choices.values())
        required = "**required 必填.** " if column.required else ""
        note = f"{column.note.zh}。{column.note.en}." if column.note else ""
        lines.append(f"| {column.heading} | {holds} | {required}{note} |")
    return "\n".join(lines)


def quantities_text() -> str:
    """A row for each quantity that models may take or give: its name, who gives it, what it is."""
    lines = ["| name 名称 | heading 列名 | given by 来源 | what it is 含义 |", "|---|---|---|---|"]
    for quantity in DECLARED:
        about = f"{quantity.about.zh}。{quantity.about.en}"
        named = f"`{quantity.key}`" + (" †" if quantity.referable else "")
        lines.append(f"| {named} | {quantity.heading} | {quantity.giver.value} | {about} |")
    return "\n".join(lines)


def commands_text() -> str:
    """A section for each command, and each command of a group: what it does, and its options."""
    parts = []
    for name, command in _commands():
        wanted = (p.metavar or f"{p.name}".upper() for p in command.params if isinstance(p, click.Argument))
        usage = " ".join(["xlbill", name, *wanted])
        options = [option for option in command.params if isinstance(option, click.Option)]
        rows = (f"| {', '.join(f'`{word}`' for word in option.opts)} | {option.help} |" for option in options)
        said = cleandoc(command.help or "")
        parts.append(f"## `{usage}`\n\n{said}\n\n| option 选项 | |\n|---|---|\n" + "\n".join(rows))
    return "\n\n".join(parts)


def _commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with its whole name, those of a group one by one."""
    for command in all_commands():
        if isinstance(command, click.Group):
            yield from ((f"{command.name} {name}", own) for name, own in command.commands.items())
        else:
            yield f"{command.name}", command


def problems_text() -> str:
    """A section for each problem: what it means, how to mend it, and the gallery's culprit with its message."""
    parts = []
    for code, entry in sorted(catalog().items()):
        zh, en = entry["zh"], entry["en"]
        mend = "\n".join(f"- {words['mend']}" for words in (zh, en) if words.get("mend"))
        parts.append(f"## {code}\n\n*{entry['severity']}* — {zh['about']} {en['about']}\n\n{mend}\n{_example(code)}")
    return "\n".join(parts).rstrip() + "\n"


def _example(code: str) -> str:
    """The messages of the problem's culprit, as the gallery has them."""
    path = GALLERY / f"{code}.md"
    blocks = re.findall(r"```(?:en|zh)\n.*?```", path.read_text(encoding="utf-8"), re.S) if path.exists() else []
    plain = (re.sub(r"^```(?:en|zh)", "```text", block) for block in blocks)
    return "".join(f"\n{block}\n" for block in plain)


GENERATED: dict[str, dict[str, Callable[[], str]]] = {
    "price-book.md": {
        "quantities": quantities_text,
        "columns": lambda: columns_text(book_columns.SHEETS, {"settings": book_columns.SETTING}),
    },
    "accounts.md": {
        "columns": lambda: columns_text(account_columns.SHEETS, {"seller": account_columns.SELLER_SETTING}),
    },
    "templates.md": {"marks": marks_text},
    "foresight.md": {"changes": lambda: _columns_table(CHANGES.columns)},
    "commands.md": {"commands": commands_text},
    "problems.md": {"problems": problems_text},
}


def current(name: str) -> str:
    """A manual page as it should be: its own words, the generated parts between their marks."""
    text = (DOCS / name).read_text(encoding="utf-8")
    for mark, generate in GENERATED[name].items():
        match = re.search(rf"(<!-- generated: {mark} -->\n).*?(<!-- end -->)", text, re.S)
        assert match, f"{name} has no mark for {mark}"
        text = f"{text[: match.end(1)]}\n{generate()}\n{text[match.start(2) :]}"
    return text


def write() -> None:
    """Bring the generated parts of the manual up to date."""
    for name in GENERATED:
        (DOCS / name).write_text(current(name), encoding="utf-8")


if __name__ == "__main__":
    write()
