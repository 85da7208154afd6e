"""What a price row computes with: its model, and what its cells give to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from xlbill.cells import NOWHERE, Place
from xlbill.formula import Expr, Value
from xlbill.language import Label


@dataclass(frozen=True, slots=True)
class Model:
    """A pricing model: formulas over named quantities, in the order in which they depend on each other.

    blocks_up: billable = MAX(quantity-included-drawn,0), units = ROUNDUP(billable/block,0), amount = ...
    """

    code: str
    name: Label
    inputs: tuple[str, ...]
    formulas: tuple[tuple[str, Expr], ...]
    sample: Mapping[str, Value]
    place: Place

    @property
    def outputs(self) -> tuple[str, ...]:
        """The names that it gives a figure to."""
        return tuple(name for name, _ in self.formulas)


NO_MODEL = Model("", Label("", ""), (), (), {}, NOWHERE)
"""In place of one that could not be read, in a book that prices nothing until it is mended."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a charge's cell gives to its model: a number or text, or a formula over names (`dau.units * 1000`)."""

    value: Value | None
    formula: Expr | None
    place: Place


class Offer(Enum):
    """What stands in place of a price."""

    INCLUDED = "included"  # 已包含: part of the plan
    NOT_SOLD = "not sold"  # —: the plan does not offer it
