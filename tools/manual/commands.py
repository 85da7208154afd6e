"""The reference of commands: generated from the commands themselves."""

from collections.abc import Iterator
from inspect import cleandoc

import click

from tools.manual.tables import table
from xlbill.commands import all_commands
from xlbill.commands.help_text import in_words_of, translated_words
from xlbill.commands.statuses import STATUSES, said_of
from xlbill.language import Label, Language


def commands_text(language: Language) -> str:
    """All statuses in one table, then a section for each command: what it does, and its options."""
    with translated_words(language):
        said = [(name, in_words_of(command, language)) for name, command in _commands()]
        return "\n\n".join((_statuses(language), *(_section(name, command, language) for name, command in said)))


def _statuses(language: Language) -> str:
    """A row for each command, and a column for each status that a command ends with by itself."""
    headings = (Label("命令", "command"), Label("0", "0"), Label("1", "1"), Label("2", "2"))
    rows = (
        (f"`{name}`", *(told[number].text(language) if number in told else "" for number in (0, 1, 2)))
        for name, told in STATUSES.items()
    )
    title = Label("各命令的退出码", "Exit statuses by command").text(language)
    return f"## {title}\n\n{table(headings, rows, language)}"


def _section(name: str, command: click.Command, language: Language) -> str:
    wanted = (p.metavar or f"{p.name}".upper() for p in command.params if isinstance(p, click.Argument))
    usage = " ".join(["xlbill", name, *wanted])
    options = [option for option in command.params if isinstance(option, click.Option)]
    rows = ((", ".join(f"`{word}`" for word in option.opts), option.help or "") for option in options)
    headings = (Label("选项", "option"), Label("作用", "what it does"))
    parts = (f"## `{usage}`", cleandoc(command.help or ""), table(headings, rows, language), said_of(name, language))
    return "\n\n".join(parts)


def _commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with its whole name, those of a group one by one."""
    for command in all_commands():
        if isinstance(command, click.Group):
            yield from ((f"{command.name} {name}", own) for name, own in command.commands.items())
        else:
            yield f"{command.name}", command
