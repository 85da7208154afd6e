"""Help and complaints in the language of whoever asks: the commands as copies whose words are translated.

The words stand in English in the code and in Chinese in `xlbill/locale/zh_CN/LC_MESSAGES/xlbill.po`, those of click
itself among them: both are asked for through gettext.
"""

import gettext
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from inspect import cleandoc
from pathlib import Path

import click

from xlbill.commands.statuses import STATUSES, said_of
from xlbill.language import Label, Language

_DOMAIN = "xlbill"
_LOCALES: Label = Label("zh_CN", "en")
_CATALOGS = Path(__file__).parents[1] / "locale"
_OPTIONS = Label("[选项]...", "[OPTIONS]")
_COMMAND = Label("命令 [参数]...", "COMMAND [ARGS]...")
_TYPES = {
    "BOOLEAN": "是否",
    "DATETIME": "日期",
    "DIRECTORY": "目录",
    "FILE": "文件",
    "INTEGER": "整数",
    "INTEGER RANGE": "整数",
    "PATH": "路径",
    "TEXT": "文本",
}
"""What an option takes, where it does not say so itself."""


@contextmanager
def translated_words(language: Language) -> Iterator[None]:
    """Have gettext, and with it click, speak a language."""
    before = os.environ.get("LANGUAGE")
    gettext.bindtextdomain(_DOMAIN, str(_CATALOGS))
    gettext.textdomain(_DOMAIN)
    os.environ["LANGUAGE"] = _LOCALES.text(language)
    try:
        yield
    finally:
        os.environ.pop("LANGUAGE") if before is None else os.environ.update(LANGUAGE=before)


def in_words_of(command: click.Command, language: Language, group: str = "") -> click.Command:
    """A copy of a command, and of those of a group, with its help in a language; the command itself stays as it is.

    `group` is the name of the group that it is of.
    """
    said, name = copy(command), f"{group} {command.name}".strip()
    said.epilog = said_of(name, language) if name in STATUSES else None
    said.help = _said(command.help)
    said.short_help = re.split(r"(?<=。)|(?<=\.)\s|[:：]", said.help or "")[0].rstrip("。.") or None
    said.context_class = HelpContext
    said.options_metavar = _OPTIONS.text(language)
    said.params = [_option(parameter, language) for parameter in command.params]
    if isinstance(said, click.Group):
        said.subcommand_metavar = _COMMAND.text(language)
        said.commands = {own_name: in_words_of(own, language, name) for own_name, own in said.commands.items()}
    return said


def _said(text: str | None) -> str | None:
    return gettext.gettext(cleandoc(text)) if text else text


def _option(parameter: click.Parameter, language: Language) -> click.Parameter:
    if not isinstance(parameter, click.Option):
        return parameter
    said = copy(parameter)
    said.help = _said(parameter.help)
    if language == "zh" and said.metavar is None and not said.is_flag:
        said.metavar = _TYPES.get(said.type.name.upper())
    return said


def complaint(error: click.ClickException, language: Language) -> str:
    """What was wrong with how a command was used. click quotes what it names, and ends it, by signs of English.

    >>> complaint(click.ClickException("缺少选项 '--reason'."), "zh")
    '缺少选项“--reason”。'
    >>> complaint(click.ClickException("没有选项 '--bok'。 （您是否想写：'--book', '--out'）"), "zh")
    '没有选项“--bok”。（您是否想写：“--book”、“--out”）'
    """
    said = re.sub(r"'\[([^']+)\](?:\.{3})?'", r"'\1'", error.format_message())  # an argument that may be left out
    if language == "en":
        return said
    quoted = re.sub(r" ?'([^']*)' ?", r"“\1”", said)
    return re.sub(r"”\.$", "”。", quoted.replace("”,“", "”、“").replace("。 ", "。"))


class _Formatter(click.HelpFormatter):
    """Help whose lines are as wide as they look: a Chinese sign takes two columns, and a line may end behind it."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        said = gettext.gettext("Usage:")
        super().write_usage(prog, args, prefix or (said if said.endswith("：") else f"{said} "))

    def write_heading(self, heading: str) -> None:
        self.write(f"{' ' * self.current_indent}{heading}{':' if heading.isascii() else '：'}\n")

    def write_text(self, text: str) -> None:
        for number, paragraph in enumerate(re.split(r"\n\s*\n", text)):
            if number:
                self.write("\n")
            for line in wrapped(paragraph, self.width - self.current_indent):
                self.write(f"{' ' * self.current_indent}{line}\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        rows = list(rows)
        widest = max((wide for first, _ in rows if (wide := _columns(first)) <= col_max), default=col_max)
        column, indent = widest + col_spacing, " " * self.current_indent
        for first, second in rows:
            lines = wrapped(second, max(self.width - self.current_indent - column, 20))
            if _columns(first) > widest:
                self.write(f"{indent}{first}\n")
            else:
                lines = [first + " " * (column - _columns(first)) + (lines[0] if lines else ""), *lines[1:]]
                self.write(f"{indent}{lines.pop(0).rstrip()}\n")
            for line in lines:
                self.write(f"{indent}{' ' * column}{line}\n")


class HelpContext(click.Context):
    """What a command is run with, whose help is laid out in this way."""

    formatter_class = _Formatter


_PIECES = re.compile(r"\s+|[⺀-鿿！-￮][。，、；：？！）”》]*|[（“《]?[^\s⺀-鿿！-￮（“《]+[。，、；：？！）”》]*")


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines of at most so many columns, broken at blanks and behind Chinese signs.

    >>> wrapped("检查价目表、客户档案。 Then bill.", 13)
    ['检查价目表、', '客户档案。', 'Then bill.']
    """
    lines, line = [], ""
    for piece in _pieces(" ".join(text.split())):
        if line and _columns((line + piece).rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes; Chinese signs take two."""
    from rich.cells import cell_len  # only where help is asked for: every start would load it

    return cell_len(text)


def _pieces(text: str) -> Iterable[str]:
    return (match[0] for match in _PIECES.finditer(text))
