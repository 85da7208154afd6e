"""The command line: `xlbill COMMAND ...`. Exit status 0 all well, 1 problems in the data, 2 wrong use."""

import gc
import gettext
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click
from click.exceptions import NoArgsIsHelpError

from xlbill.commands import WHERE, load
from xlbill.commands.help_text import HelpContext, complaint, in_words_of, translated_words
from xlbill.commands.options import default_language, print_problems, print_result, spoken
from xlbill.language import LANGUAGES, Label, Language
from xlbill.refusals import refusal
from xlbill.terminal import in_utf_8, say

WRONG, INTERRUPTED, TERMINATED = 2, 130, 143

STOPPED = Label(
    "已停止。已写出的文件都是完整的；再次运行同一命令即可继续。",
    "stopped. Every file that was written is whole; run the same command again to go on.",
)
FAULT = Label(
    "xlbill 内部出错（{kind}），与您的表格无关。请把 {report} 发给维护 xlbill 的人。",
    "an error inside xlbill ({kind}), for which nothing in your sheets is to blame. "
    "Send {report} to those who look after xlbill.",
)
UNKNOWN = Label("没有命令“{name}”，{near}", "no command {name}; {near}")
NEAR = Label("您是否想写：{names}", "did you mean {names}?")
LISTED = Label("`xlbill --help` 列出全部命令", "`xlbill --help` lists them all")
BEHIND = Label(
    "选项“{option}”写在命令之后：{command} {option} …", "{option} stands behind a command: {command} {option} ..."
)
REFUSED = Label("{file}：无法读取或写入（{why}）", "{file}: cannot be read or written ({why})")


class Terminated(KeyboardInterrupt):
    """Somebody asked the process to end (SIGTERM)."""


class _Commands(click.Group):
    """All commands. Whatever ends one of them ends in a line of words and an exit status, never in a traceback."""

    context_class = HelpContext

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(WHERE)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return in_words_of(load(cmd_name), default_language()) if cmd_name in WHERE else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in WHERE and not args[0].startswith("-"):
            said = UNKNOWN.text(default_language()).format(name=args[0], near=_near(args[0]))
            raise click.UsageError(said, ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        language = default_language()
        with formatter.section(gettext.gettext("Commands")):
            formatter.write_dl([(name, does.text(language)) for name, (_, does) in WHERE.items()])

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        said = in_words_of(self, default_language())
        said.format_usage(ctx, formatter)
        said.format_help_text(ctx, formatter)
        said.format_options(ctx, formatter)

    def main(self, args: Sequence[str] | None = None, *rest: Any, **options: Any) -> Any:
        given = list(sys.argv[1:] if args is None else args)
        language, words = _language_in(given)
        options["standalone_mode"] = False
        with spoken(language), translated_words(language or default_language()), _terminable(), _quiet_ends():
            try:
                sys.exit(super().main(words, *rest, **options) or 0)
            except click.ClickException as error:
                _show(error, words)
                sys.exit(error.exit_code)
            except click.Abort as error:
                ended = isinstance(error.__context__, Terminated)
                say(STOPPED.text(default_language()), err=True)
                sys.exit(TERMINATED if ended else INTERRUPTED)
            except OSError as error:
                language = default_language()
                why = refusal(error).text(language)
                _end(REFUSED.text(language).format(file=error.filename2 or error.filename or "xlbill", why=why))
            except Exception as error:
                _tell_damage(error, as_json="--json" in words)
                if os.environ.get("XLBILL_DEBUG"):
                    raise
                _end(_fault(error))


def _near(name: str) -> str:
    """The commands whose names come near a word, or where all of them are told."""
    language = default_language()
    near = get_close_matches(name, WHERE)
    return NEAR.text(language).format(names=", ".join(near)) if near else LISTED.text(language)


def _end(words: str) -> NoReturn:
    say(f"{Label('错误：', 'Error: ').text(default_language())}{words}", err=True)
    sys.exit(WRONG)


def _tell_damage(error: Exception, *, as_json: bool) -> None:
    """End with what is wrong with a ledger, where that is what an error comes from; reading one has its module.

    As JSON it is a result without anything but problems, as of every command that came to nothing.
    """
    session = sys.modules.get("xlbill.ledger.session")
    if session is not None and isinstance(error, session.DamagedLedgerError):
        if as_json:
            print_result({}, error.problems, default_language())
        else:
            print_problems(error.problems, default_language())
        sys.exit(WRONG)


def _show(error: click.ClickException, words: Sequence[str]) -> None:
    """How the command is used, and what was wrong with how it was; all of its help where nothing follows a group."""
    if isinstance(error, NoArgsIsHelpError):
        say(error.format_message(), err=True)
        return
    if isinstance(error, click.UsageError) and error.ctx is not None:
        said = in_words_of(error.ctx.command, default_language())
        error.ctx.formatter_class = said.context_class.formatter_class
        say(said.get_usage(error.ctx), err=True)
    told = _misplaced(error, words) or complaint(error, default_language())
    say(f"{Label('错误：', 'Error: ').text(default_language())}{told}", err=True)


def _misplaced(error: click.ClickException, words: Sequence[str]) -> str | None:
    """Where an option belongs that stands before its command: behind the one meant, else the first that has it."""
    if not isinstance(error, click.NoSuchOption) or error.ctx is None:
        return None
    option, group = error.option_name, error.ctx.command
    taking = [
        path
        for path, command in _commands_in(group, error.ctx, error.ctx.command_path)
        if command is not group and any(option in (*own.opts, *own.secondary_opts) for own in command.params)
    ]
    if not taking:
        return None
    meant = max(taking, key=lambda path: sum(word in words for word in path.split()))
    return BEHIND.text(default_language()).format(option=option, command=meant)


def _commands_in(command: click.Command, ctx: click.Context, path: str) -> Iterator[tuple[str, click.Command]]:
    """A command, or all those of a group, each with the words by which it is called."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    for name in command.list_commands(ctx):
        if (own := command.get_command(ctx, name)) is not None:
            yield from _commands_in(own, ctx, f"{path} {name}")


def _fault(error: Exception) -> str:
    """What to say of an error of ours, with what its maintainer needs in a file."""
    from xlbill.boundary import fault_of, versions

    fault = fault_of(error)
    handle, name = tempfile.mkstemp(prefix="xlbill-error-", suffix=".txt")
    os.close(handle)
    Path(name).write_text(f"{versions()}\n\n{fault.report}\n", encoding="utf-8")
    return FAULT.text(default_language()).format(kind=fault.kind, report=name)


@contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM ends a command as Ctrl-C does."""

    def end(_: int, frame: FrameType | None) -> None:
        raise Terminated

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _quiet_ends() -> Iterator[None]:
    """What the disk refuses is told where it is written; a library that tries once more as it is freed adds nothing."""
    before = sys.unraisablehook

    def tell(unraisable: "sys.UnraisableHookArgs") -> None:
        if not isinstance(unraisable.exc_value, OSError):
            before(unraisable)

    sys.unraisablehook = tell
    try:
        yield
    finally:
        sys.unraisablehook = before


def _language_in(words: Sequence[str]) -> tuple[Language | None, list[str]]:
    """The language that is asked for, wherever --lang stands among the words, and the words without it.

    What is no language stays where it is: click complains of it.
    """
    asked: Language | None = None
    rest, at = [], 0
    while at < len(words) and words[at] != "--":
        option, mark, value = words[at].partition("=")
        said = value if mark else words[at + 1] if at + 1 < len(words) else ""
        language = next((language for language in LANGUAGES if option == "--lang" and said == language), None)
        if language is None:
            rest.append(words[at])
        asked = language or asked
        at += 1 if language is None or mark else 2
    return asked, [*rest, *words[at:]]


_VERSION = "Show the version, and those of what it works with."


def _tell_version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    """What runs here: the first words of a report of a fault, too."""
    if asked and not context.resilient_parsing:
        from xlbill.boundary import versions

        say(versions())
        context.exit()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--lang", type=click.Choice(LANGUAGES), default=None, help="Language of messages.")
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_tell_version, help=_VERSION)
def main(lang: Language | None) -> None:
    """Price workbooks and usage sheets in, invoice workbooks out."""
    in_utf_8()
    gc.set_threshold(10_000)  # a command makes many things in a short life, hardly any of which hold each other
