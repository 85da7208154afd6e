"""A pricing model stepped through: each of its columns as it is computed, in exact and in Excel's numbers.

quantity  15000      given
included  10000      the model's own sample
billable   5000      MAX(quantity-included-drawn,0)
units         1      ROUNDUP(billable/block,0)
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from xlbill.book.objects import Model, PriceBook
from xlbill.formula import ExcelError, Expr, Name, Value, as_decimal, evaluate, is_number, write
from xlbill.money import plain
from xlbill.problems import Problems
from xlbill.sheets import nearest


@dataclass(frozen=True, slots=True)
class ModelStep:
    """One column: what it holds, and its formula; `given` says that the asker gave it, not the model's sample."""

    name: str
    value: Value
    formula: str | None = None
    given: bool = False

    @property
    def exact(self) -> str:
        """The value with all its digits; one that does not end is cut off after 28."""
        return plain(as_decimal(self.value)) if is_number(self.value) else _words(self.value)

    @property
    def excel(self) -> str:
        """The value as a cell of Excel holds it: a binary number, of which 15 digits are shown."""
        return f"{float(self.value):.15g}" if is_number(self.value) else _words(self.value)


def _words(value: Value) -> str:
    if isinstance(value, ExcelError):
        return str(value.value)
    return "" if value is None else str(value)


def model_named(book: PriceBook, name: str, found: Problems) -> Model | None:
    """A model of the book; an unknown one is answered with the nearest."""
    model = next((model for code, model in book.models.items() if code.casefold() == name.casefold()), None)
    if model is None:
        found.add("model-unknown", found=name, nearest=nearest(name, book.models) or ", ".join(book.models))
    return model


def inputs_of(model: Model, given: Mapping[str, Decimal], found: Problems) -> dict[str, Value]:
    """What the model starts from: its sample with what was given; a name that it does not take is a problem."""
    for name in given:
        if name not in model.inputs:
            hint = nearest(name, model.inputs) or ", ".join(model.inputs)
            found.add("model-takes-no-such", found=name, model=model.code, nearest=hint)
    return {name: given.get(name, model.sample.get(name)) for name in model.inputs}


def steps_of(model: Model, given: Mapping[str, Decimal], found: Problems) -> tuple[ModelStep, ...]:
    """The inputs of a model and what its formulas give, each after those that it takes."""
    values = inputs_of(model, given, found)
    steps = [ModelStep(name, value, None, name in given) for name, value in values.items()]
    for name, expr in model.formulas:
        values[name] = _value(expr, values)
        steps.append(ModelStep(name, values[name], write(expr)))
    return tuple(steps)


def _value(expr: Expr, values: Mapping[str, Value]) -> Value:
    return evaluate(expr, lambda node: values.get(node.name) if isinstance(node, Name) else None)


def curve(
    model: Model, given: Mapping[str, Decimal], name: str, points: tuple[Decimal, ...], found: Problems
) -> Iterator[tuple[Decimal, Value]]:
    """The model's last result at each point of one input."""
    told = Problems()
    inputs_of(model, dict(given) | {name: Decimal(0)}, told)
    found += told
    for steps, point in zip(runs_over(model, given, name, () if told.errors else points), points, strict=False):
        value = steps[-1].value
        yield point, as_decimal(value) if is_number(value) else value


def runs_over(
    model: Model, given: Mapping[str, Decimal], name: str, points: tuple[Decimal, ...]
) -> list[tuple[ModelStep, ...]]:
    """The model's steps at each point of an input that it takes."""
    return [steps_of(model, dict(given) | {name: point}, Problems()) for point in points]
