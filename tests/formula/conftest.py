"""Every test runs under a decimal context that a careless calculation would not survive."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Context, DivisionByZero, Inexact, InvalidOperation, Overflow, Rounded, localcontext

import pytest

HOSTILE = Context(prec=3, traps=[Inexact, Rounded, Overflow, InvalidOperation, DivisionByZero])


@pytest.fixture(autouse=True)
def hostile_decimal_context() -> Iterator[None]:
    """The engine's results do not depend on the caller's context: here it has three digits and forbids rounding."""
    with localcontext(HOSTILE):
        yield
