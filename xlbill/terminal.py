"""The way of every word to the terminal: what stands in somebody's sheet is shown, and does nothing.

A file name, a heading or a customer's name may hold escape sequences that clear the screen or change its title, and
signs that turn the direction of writing: each is shown as a sign of its own.
"""

import re
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import click

from xlbill.inert import DIRECTION, json_text

_WIDEST = 1_000  # columns of a table: what goes to a file or a pipe is not wrapped
_ACTIVE = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{DIRECTION}\ud800-\udfff]")


def harmless(text: str) -> str:
    """A text in which nothing acts on a terminal; lines and tabs stay.

    >>> harmless("\\x1b[2Jshop")
    '␛[2Jshop'
    """
    return _ACTIVE.sub(_shown, text)


def _shown(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else "�"


def say(text: str = "", *, err: bool = False) -> None:
    """A line for the user."""
    click.echo(harmless(text), err=err)


def put_json(value: object) -> None:
    """JSON for another program."""
    click.echo(json_text(value, indent=2))


def in_utf_8() -> None:
    """Both streams in UTF-8, whatever the terminal says; a sign that cannot be written is replaced."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


class Styled(NamedTuple):
    """A text of a table in a colour or weight, as rich names them."""

    text: str
    style: str


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table for the terminal; `left` are the columns of words, the others are figures.

    The rows of `foot` stand below a line of their own: sums.
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[str | Styled]]
    left: Collection[int]
    title: str = ""
    foot: Sequence[Sequence[str | Styled]] = ()


def print_table(table: TextTable) -> None:
    """Print a table: as wide as the terminal, where words are wrapped first, and in full where another program reads.

    Nothing in it is markup or acts on a terminal.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(title=Text(harmless(table.title)) if table.title else None, title_justify="left", box=box.SIMPLE)
    for at, heading in enumerate(table.headings):
        words = at in table.left
        drawn.add_column(
            Text(harmless(heading)), justify="left" if words else "right", no_wrap=not words, overflow="fold"
        )
    for part in (table.rows, table.foot):
        drawn.add_section()
        for row in part:
            cells = (cell if isinstance(cell, Styled) else Styled(cell, "") for cell in row)
            drawn.add_row(*(Text(harmless(cell.text), style=cell.style) for cell in cells))
    Console(width=None if sys.stdout.isatty() else _WIDEST).print(drawn)
