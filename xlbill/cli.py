"""The command line: `xlbill COMMAND ...`. Exit status 0 all well, 1 problems in the data, 2 wrong use."""

import sys

import click

from xlbill import __version__
from xlbill.commands import COMMANDS


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="xlbill")
def main() -> None:
    """Price workbooks and usage sheets in, invoice workbooks out. 价目表与用量表进，账单工作簿出。"""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


for _command in COMMANDS:
    main.add_command(_command)
