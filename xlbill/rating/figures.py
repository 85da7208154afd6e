"""Figures: every number on a bill, with the formula and the other figures that it comes from.

A figure is either an input (a price of the list, a day's usage, a quantity that was ordered) that knows the cell it
was read from, or a formula over other figures. Its value is evaluated exactly when it is made, and the same formula
is what the invoice shows, its names turned into the cells in which those figures stand. So the graph of figures
behind a bill is the bill, its explanation and its check in one.

>>> price, count = given("price", Decimal("7")), given("quantity", Decimal(35))
>>> computed("amount", parse("=ROUND(quantity*price,2)"), {"quantity": count, "price": price}).value
Decimal('245.00')
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import TypeAlias

from xlbill.cells import NOWHERE, Place
from xlbill.formula import Compiled, Expr, Fault, Value, as_decimal, compiled, is_number, parse, to_serial
from xlbill.made_again import MadeAgain


@dataclass(frozen=True, slots=True, eq=False)
class Figure(MadeAgain):
    """One figure: its name in formulas, its value, the formula over its `inputs`, or the place it was read from.

    Figures are compared by identity: two days with the same usage are two figures, and stand in two cells.
    """

    name: str
    value: Value
    formula: Expr | None = None
    inputs: "Mapping[str, Source]" = field(default_factory=dict)
    place: Place = NOWHERE

    @property
    def number(self) -> Decimal:
        """The value as a number; nothing counts as 0."""
        if self.value is None:
            return Decimal(0)
        assert is_number(self.value), f"{self.name} is no number: {self.value}"
        return as_decimal(self.value)

    def sources(self) -> Iterator["Figure"]:
        """The figures that its formula takes, each input in order."""
        for source in self.inputs.values():
            yield from source if isinstance(source, tuple) else (source,)


Source: TypeAlias = Figure | tuple[Figure, ...]
"""What a name in a figure's formula stands for: one other figure, or several (a range of cells)."""


def given(name: str, value: Value | date | int, place: Place = NOWHERE) -> Figure:
    """An input: a number, a text, or a date (kept as Excel keeps it, a serial number)."""
    if isinstance(value, date):
        return Figure(name, to_serial(value), place=place)
    if isinstance(value, int) and not isinstance(value, bool):
        return Figure(name, Decimal(value), place=place)
    return Figure(name, value, place=place)


def computed(name: str, formula: Expr, inputs: Mapping[str, Source], place: Place = NOWHERE) -> Figure:
    """A figure evaluated from others; a name without an input is an empty cell. Errors are values (#DIV/0!)."""
    function = compiled(formula)
    return Figure(name, function.compute(*cells_of(function, inputs, _VALUE)), formula, inputs, place)


_VALUE: Callable[[Figure], Value] = attrgetter("value")


def cells_of(
    function: Compiled, inputs: Mapping[str, Source], value: Callable[[Figure], Value] = _VALUE
) -> list[Value | tuple[tuple[Value, ...], ...]]:
    """What stands behind each input of a formula: a figure's value, a row of values, or nothing."""
    found: list[Value | tuple[tuple[Value, ...], ...]] = []
    for used in function.spelled:
        source = inputs.get(used)
        if source is None:  # spelled otherwise, or absent
            source = next((source for key, source in inputs.items() if key.lower() == used.lower()), None)
        if isinstance(source, Figure):
            found.append(value(source))
        else:
            found.append(None if source is None else (tuple(map(value, source)),))
    return found


@lru_cache
def our(text: str) -> Expr:
    """A formula of xlbill's own (a sum of lines, days between two dates), which must parse."""
    formula = parse(text)
    assert not isinstance(formula, Fault), f"{text}: {formula}"
    return formula


def revalued(figure: Figure, others: Mapping[Figure, Value]) -> Value:
    """What a figure would come to if some of the figures behind it had other values.

    >>> price, count = given("price", Decimal("7")), given("quantity", Decimal(35))
    >>> amount = computed("amount", parse("=quantity*price"), {"quantity": count, "price": price})
    >>> revalued(amount, {price: Decimal(8)})
    Decimal('280')
    """
    known = dict(others)

    def value(of: Figure) -> Value:
        if of not in known:
            function = compiled(of.formula) if of.formula is not None and any(True for _ in of.sources()) else None
            known[of] = function.compute(*cells_of(function, of.inputs, value)) if function is not None else of.value
        return known[of]

    return value(figure)


SUM = our("=SUM(parts)")


def total(name: str, parts: tuple[Figure, ...]) -> Figure:
    """The sum of other figures; of none it is 0, as Excel knows no `SUM()`."""
    return computed(name, SUM, {"parts": parts}) if parts else given(name, 0)
