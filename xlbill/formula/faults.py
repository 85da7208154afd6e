"""Why a text is not a formula that xlbill can use."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("syntax", "unknown-function", "volatile-function", "arity", "unsupported", "too-long")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a formula: `=ROUNDD(1,2)` is an unknown-function, found ROUNDD, with the hint ROUND.

    A hint is what to write instead, or what was expected, in no language; None where there is nothing to suggest.
    The position counts from 0 in the text.
    """

    kind: str
    text: str
    found: str
    hint: str | None = None
    position: int | None = None
