"""A boundary around a piece of work: an error of ours becomes a problem, with what a maintainer needs to mend it.

Nothing in one customer's data, and no fault of ours, ends a run for the others.
"""

import platform
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from xlbill.cells import Place
from xlbill.problems import NOBODY, Problem, Subject, problem

T = TypeVar("T")

FRAMES_AT_EACH_END = 25
MESSAGE_LENGTH = 300
_LIBRARIES = ("openpyxl", "xlsxwriter", "python-calamine", "defusedxml", "click", "rich")


@dataclass(frozen=True, slots=True)
class InternalFault:
    """What went wrong inside xlbill: the kind of error in a word, and where and how, for a maintainer."""

    kind: str
    report: str

    def problem(self, place: Place, about: Subject = NOBODY) -> Problem:
        """The problem that its user is told; the report goes with it."""
        told = problem("internal-error", place, found=self.kind)
        return replace(told, about=about, detail=self.report)


def attempt(work: Callable[[], T]) -> T | InternalFault:
    """What a piece of work gives, or what went wrong in it. An interrupt by the user passes through."""
    try:
        return work()
    except Exception as error:
        return fault_of(error)


def fault_of(error: BaseException) -> InternalFault:
    """An error as text: its kind, its message, and the lines of code on its way. Values of variables are not in it."""
    message = " ".join(str(error).split())[:MESSAGE_LENGTH]
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}: {frame.line or ''}" for frame in frames]
    if len(lines) > 2 * FRAMES_AT_EACH_END:
        left_out = f"  ... {len(lines) - 2 * FRAMES_AT_EACH_END} more ..."
        lines = [*lines[:FRAMES_AT_EACH_END], left_out, *lines[-FRAMES_AT_EACH_END:]]
    return InternalFault(type(error).__name__, "\n".join([f"{type(error).__name__}: {message}", *lines]))


def versions() -> str:
    """What ran: xlbill, Python, the system, and the libraries that matter, each with its version."""
    from xlbill import __version__

    system = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    libraries = ", ".join(f"{name} {_version(name)}" for name in _LIBRARIES)
    return f"xlbill {__version__}, {system}\n{libraries}"


def _version(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, version  # needed when something went wrong, and slow to import

    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed)"


def _short(file: str) -> str:
    """A source file from its package on: where it lies on somebody's machine is nobody's business."""
    for mark in ("/site-packages/", "/xlbill/"):
        _, found, rest = file.replace("\\", "/").rpartition(mark)
        if found:
            return rest if mark == "/site-packages/" else f"xlbill/{rest}"
    return file.replace("\\", "/").rpartition("/")[2]
