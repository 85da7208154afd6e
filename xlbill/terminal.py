"""The way of every word to the terminal: what stands in somebody's sheet is shown, and does nothing.

A file name, a heading or a customer's name may hold escape sequences that clear the screen or change its title, and
signs that turn the direction of writing: each is shown as a sign of its own.
"""

import re
import sys

import click

_BIDI = "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"
_ACTIVE = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_BIDI}\ud800-\udfff]")


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


def put_json(text: str) -> None:
    """JSON for another program: nothing in it is lost, what would act on a terminal is escaped."""
    click.echo(_ACTIVE.sub(lambda match: match[0] if match[0] == "\n" else f"\\u{ord(match[0]):04x}", text))


def in_utf_8() -> None:
    """Both streams in UTF-8, whatever the terminal says; a sign that cannot be written is replaced."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
