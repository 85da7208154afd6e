"""A pricing model as a workbook: a row for each point of a curve, every column of the model live, and the chart.

quantity  included  block  price  billable                units                    amount
10,000    10,000    10,000 1,000  =MAX(A5-B5-0,0)         =ROUNDUP(E5/C5,0)        =ROUND(F5*D5,2)
"""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from xlbill.book.objects import Model
from xlbill.cells import a1
from xlbill.files import written
from xlbill.foresight.pages import Entry, LiveFormula, Pages, TableColumn
from xlbill.foresight.stepping import ModelStep
from xlbill.formula import Name, Range, Ref, Value, as_decimal, is_number, spell, write
from xlbill.language import Label, Language
from xlbill.problems import Problems
from xlbill.quantities import QUANTITY

_SHEET, _TITLE = Label("试算", "Steps"), Label("计价模型 {model}", "The pricing model {model}")


def write_steps(
    model: Model, rows: Sequence[Sequence[ModelStep]], over: str | None, path: Path, language: Language
) -> Problems:
    """Write the steps of a model, one row for each of its runs; with a chart of the result where an input goes `over`
    a range.
    """
    return written(path, path.as_posix(), lambda target: _write(model, rows, over, target, language))


def _write(model: Model, rows: Sequence[Sequence[ModelStep]], over: str | None, path: Path, language: Language) -> None:
    names = [step.name for step in rows[0]]
    columns = [TableColumn(_heading(name, language), "number", 15) for name in names]
    said = "  ·  ".join(f"{name} = {write(expr)}" for name, expr in model.formulas)
    title = _TITLE.text(language).format(model=model.code)
    with Pages(path) as pages:
        page = pages.page(_SHEET.text(language), title, said, columns)
        filled = page.rows(_row(model, names, steps, page.next + at) for at, steps in enumerate(rows))
        if over is not None:
            across, result = names.index(over), len(names) - 1
            values = [step.value for steps in rows for step in steps if step.name == over and is_number(step.value)]
            axis = {"num_format": "#,##0.##", "min": float(values[0]), "max": float(values[-1])}
            x, y = columns[across].heading, columns[result].heading
            at = a1(5, len(names) + 2)
            page.chart("scatter", filled, across, [result], at, x=x, y=y, x_axis=axis, width=820)


def _heading(name: str, language: Language) -> str:
    """What a column is called on 公式 Formulas, with the name by which formulas call it."""
    known = QUANTITY.get(name)
    said = known.heading.text(language) if known is not None else name
    return name if said == name else f"{said}\n{name}"


def _row(model: Model, names: Sequence[str], steps: Sequence[ModelStep], row: int) -> list[Entry]:
    formulas = dict(model.formulas)

    def place(node: Name | Ref | Range) -> str:
        known = isinstance(node, Name) and node.name in names
        return a1(row, names.index(node.name) + 1) if known and isinstance(node, Name) else spell(node)

    entries: list[Entry] = []
    for step in steps:
        value = _entry(step.value, step.exact)
        expr = formulas.get(step.name)
        entries.append(value if expr is None else LiveFormula(write(expr, place, file=True), value))
    return entries


def _entry(value: Value, words: str) -> Decimal | str | None:
    return as_decimal(value) if is_number(value) else words or None
