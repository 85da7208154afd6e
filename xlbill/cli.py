"""The command line: `xlbill COMMAND ...`. Exit status 0 all well, 1 problems in the data, 2 wrong use."""

import errno
import sys
from typing import Any

import click

from xlbill import __version__
from xlbill.commands import COMMANDS


class _Refused(click.ClickException):
    """The disk did not let a command do its work."""

    exit_code = 2


class _Commands(click.Group):
    """All commands; where the disk refuses, they end with a line and exit status 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except OSError as error:
            if error.errno == errno.EPIPE:  # `xlbill ... | head`
                raise
            raise _Refused(f"{error.filename or 'xlbill'}: {error.strerror} (无法读取或写入)") from None


@click.group(
    cls=_Commands,
    commands={command.name or "": command for command in COMMANDS},
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="xlbill")
def main() -> None:
    """Price workbooks and usage sheets in, invoice workbooks out. 价目表与用量表进，账单工作簿出。"""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
