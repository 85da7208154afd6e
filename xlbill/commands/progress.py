"""How far a long command is: a bar with rate and time left where somebody watches, lines in a log, nothing if quiet."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeAlias, TypeVar

from xlbill.language import Label, Language
from xlbill.terminal import say

T = TypeVar("T")
Watch: TypeAlias = Callable[[int, int], object]
"""Is told how many of all are done."""

EVERY = 10.0  # seconds between two lines of a log
BILLING, ISSUING = Label("出账", "billing"), Label("正式出账", "issuing")
WEIGHING, VERIFYING, MUTATING = Label("影响", "impact"), Label("核对", "verify"), Label("检查价格", "prices")
CHECKING = Label("检查", "check")
PRINTING, SIGNING = Label("打印 PDF", "printing"), Label("签名", "signing")


@contextmanager
def progress(what: Label, language: Language, quiet: bool) -> Iterator[Watch]:
    """While something is done to many: a bar on a terminal, a line from time to time elsewhere."""
    from rich.console import Console

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield (lambda done, of: None) if quiet else _Lines(what.text(language), language)
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TaskProgressColumn(show_speed=True))
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task(what.text(language), total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def tracked(things: Sequence[T], watch: Watch) -> Iterator[T]:
    """The things in their order; each is told as done when the next is asked for."""
    for number, thing in enumerate(things, start=1):
        yield thing
        watch(number, len(things))


class _Lines:
    """A line every ten seconds: how many are done, how many in a second, how long the rest takes."""

    def __init__(self, what: str, language: Language, clock: Callable[[], float] = time.monotonic) -> None:
        self._what, self._language, self._clock = what, language, clock
        self._begun = self._told = clock()

    def __call__(self, done: int, of: int) -> None:
        now = self._clock()
        if now - self._told < EVERY:
            return
        self._told = now
        rate = done / (now - self._begun)
        rest = round((of - done) / rate)
        left = Label(f"剩余约 {rest:,} 秒", f"some {rest:,} s left").text(self._language)
        say(f"{self._what} {done:,}/{of:,}, {rate:,.1f}/s, {left}", err=True)
