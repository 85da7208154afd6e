"""Pricing models as worked examples: the rows of the Formulas sheet.

A row holds sample figures and live formulas over its own cells. Each formula's references become the names of their
columns (`=MAX(E5-F5,0)` is `MAX(quantity-included,0)`), and the row tests itself: what xlbill computes from the sample
figures must be what Excel has cached.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from xlbill.book.objects import Model
from xlbill.formula import (
    Call,
    ExcelError,
    Expr,
    Fault,
    Name,
    Range,
    Ref,
    Value,
    as_decimal,
    evaluate,
    names,
    parse,
    spread,
    substitute,
    to_serial,
    walk,
    write,
)
from xlbill.language import Label
from xlbill.money import plain
from xlbill.problems import Problem, Problems
from xlbill.quantities import RESULTS
from xlbill.sheets import Cell, Row, Table

_TEXTS = ("model", "name", "name_en", "about")
_CLOSE = Decimal("1e-9")  # Excel's floats against exact figures, relatively


def read_models(table: Table, found: Problems) -> dict[str, Model]:
    """The models of a Formulas sheet by code; rows that cannot be used are told and left out."""
    models: dict[str, Model] = {}
    untested = Problems()
    for row in table.rows:
        code = row.code("model", found)
        if code is None:
            continue
        if code in models:
            found.tell(row.problem("model-twice", "model", model=code, first=str(models[code].place.row)))
            continue
        if model := _read_model(code, row, table, found, untested):
            models[code] = model
    if len(untested):  # one word for the whole sheet: a program that does not calculate saved it
        found.tell(replace(next(iter(untested)), facts=(("count", len(untested)),)))
    return models


def formula_problem(fault: Fault, row: Row, key: str) -> Problem:
    """What is wrong with a formula, told at its cell."""
    return row.problem(formula_code(fault), key, found=fault.found, hint=fault.hint or "")


def formula_code(fault: Fault) -> str:
    """The code of the problem that a formula's fault is."""
    full_width = fault.kind == "syntax" and fault.hint and not (fault.found or "").isascii()
    return "formula-full-width" if full_width else f"formula-{fault.kind}"


def _read_model(code: str, row: Row, table: Table, found: Problems, untested: Problems) -> Model | None:
    keys = {heading.column: heading.key for heading in table.headings if heading.key not in _TEXTS}
    formulas: dict[str, Expr] = {}
    here = found.apart()
    for key in keys.values():
        if row.cell(key).formula is not None and (expr := _named(row, key, keys, here)) is not None:
            formulas[key] = expr
    ordered = _in_order(formulas)
    if ordered is None:
        here.tell(row.problem("formula-circular", next(iter(formulas)), model=code))
    for key in (key for key in keys.values() if key in RESULTS and key not in formulas):
        if not row.cell(key).blank and row.cell(key).formula is None:
            here.tell(row.problem("result-not-formula", key, model=code))
    if not formulas and not len(here):
        here.tell(row.problem("model-without-formula", "model", model=code))
    found += here
    if ordered is None or len(here):
        return None
    inputs = tuple(dict.fromkeys(n for _, e in ordered for n in names(e) if n not in formulas))
    sample = {name: _sample(row.cell(name)) for name in inputs}
    _check_example(row, ordered, sample, found, untested)
    name = Label(row.text("name", found) or code, row.text("name_en", found) or "")
    return Model(code, name, inputs, ordered, sample, row.cell("model").place)


def _named(row: Row, key: str, keys: Mapping[int, str], found: Problems) -> Expr | None:
    """The formula of a cell, its references to the row's other cells turned into the names of their columns."""
    parsed = parse(row.cell(key).formula or "")
    if isinstance(parsed, Fault):
        found.tell(formula_problem(parsed, row, key))
        return None
    strangers: list[str] = []

    def name_of(node: Name | Ref | Range) -> Expr:
        if isinstance(node, Ref) and node.sheet is None and node.row == row.position and node.column in keys:
            return Name(keys[node.column])
        if isinstance(node, Name) and node.name.lower() in keys.values():
            return Name(node.name.lower())
        strangers.append(write(node))
        return node

    def cells_of(node: Range) -> tuple[Expr, ...] | None:
        """The cells of a range in the model's own row."""
        if node.first.sheet is not None or (node.first.row, node.last.row) != (row.position, row.position):
            return None
        return tuple(Ref(None, column, row.position) for column in range(node.first.column, node.last.column + 1))

    expr = substitute(spread(parsed, cells_of), name_of)
    calls = (node for node in walk(expr) if isinstance(node, Call))
    if kept := next((c for c in calls if any(isinstance(a, Range) and cells_of(a) for a in c.arguments)), None):
        found.tell(row.problem("range-in-model", key, found=write(kept), function=kept.function))
        return None
    if strangers:
        found.tell(row.problem("formula-outside-row", key, found=", ".join(strangers), row=str(row.position)))
        return None
    return expr


def _in_order(formulas: Mapping[str, Expr]) -> tuple[tuple[str, Expr], ...] | None:
    """The formulas, each after those whose results it takes; None where they go in a circle."""
    ordered: dict[str, Expr] = {}
    waiting = dict(formulas)
    while waiting:
        ready = [key for key, expr in waiting.items() if not any(name in waiting for name in names(expr))]
        if not ready:
            return None
        ordered.update((key, waiting.pop(key)) for key in ready)
    return tuple(ordered.items())


def _sample(cell: Cell) -> Value:
    """A sample figure as formulas see it: a day is its serial number."""
    if isinstance(cell.value, date):
        return to_serial(cell.value.date() if isinstance(cell.value, datetime) else cell.value)
    return cell.value if isinstance(cell.value, (Decimal, str, bool, ExcelError)) else None


def _check_example(
    row: Row,
    formulas: tuple[tuple[str, Expr], ...],
    sample: Mapping[str, Value],
    found: Problems,
    untested: Problems,
) -> None:
    """Compare what each formula gives for the sample figures with what Excel has cached in its cell."""
    values = dict(sample)
    for key, expr in formulas:
        values[key] = evaluate(expr, lambda node: values.get(node.name) if isinstance(node, Name) else None)
        cached = row.cell(key).value
        if isinstance(values[key], ExcelError):
            found.tell(row.problem("example-error", key, found=shown(values[key])))
        elif cached is None:
            untested.tell(row.problem("example-not-calculated", key))
        elif not agree(values[key], _sample(row.cell(key))):
            found.tell(row.problem("example-differs", key, found=shown(cached), value=shown(values[key])))


def inlined(model: Model, output: str) -> Expr:
    """A result of a model as one formula over the model's inputs alone."""
    formulas = dict(model.formulas)

    def expand(node: Expr) -> Expr:
        if isinstance(node, Name) and node.name in formulas:
            return substitute(formulas[node.name], expand)
        return node

    return substitute(formulas[output], expand)


def agree(exact: Value, cached: Value) -> bool:
    """Whether a value that Excel computed in floats is the exact one."""
    if isinstance(exact, (str, bool, ExcelError)) or isinstance(cached, (str, bool, ExcelError)):
        return exact == cached
    left, right = as_decimal(exact or Decimal(0)), as_decimal(cached or Decimal(0))
    return abs(left - right) <= _CLOSE * max(abs(left), abs(right), Decimal(1))


def shown(value: object) -> str:
    """A cell's value as its owner sees it."""
    if isinstance(value, ExcelError):
        return str(value.value)
    if isinstance(value, bool):
        return str(value).upper()
    if value is None or isinstance(value, str):
        return value or ""
    return plain(as_decimal(value)) if isinstance(value, (Decimal, Fraction)) else str(value)
