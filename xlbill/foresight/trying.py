"""A model stepped through: each of its columns as it is computed, in exact numbers and in Excel's doubles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from xlbill.book.objects import Model, PriceBook
from xlbill.cells import NOWHERE
from xlbill.files import written
from xlbill.foresight.pages import Entry, Pages, TableColumn
from xlbill.formula import Value, as_decimal, as_excel_does, differs, is_number, write
from xlbill.language import Label, Language
from xlbill.money import plain
from xlbill.problems import Problems
from xlbill.rating.figures import Figure, cells_of, computed, given
from xlbill.sheets import nearest


@dataclass(frozen=True, slots=True)
class Step:
    """A column of a model: what it is given or computes, exactly and as Excel shows it."""

    name: str
    formula: str | None  # None: given
    said: bool  # given by the user, not by the row's own sample
    exact: Value
    excel: Value

    @property
    def parts(self) -> bool:
        """Whether Excel shows another figure, among the digits that it shows."""
        return differs(self.exact, self.excel, None)


def model_named(book: PriceBook, code: str, found: Problems) -> Model | None:
    """The model of a code; an unknown one is answered with the nearest."""
    named = next((model for name, model in book.models.items() if name.casefold() == code.casefold()), None)
    if named is None:
        found.add("model-unknown", book.place, found=code, nearest=nearest(code, book.models) or ", ".join(book.models))
    return named


def inputs_given(model: Model, words: Mapping[str, Decimal | None], found: Problems) -> dict[str, Value]:
    """A model's inputs: what was said, else the row's own sample figures; a name that it does not take is a problem."""
    for name in words:
        if name not in model.inputs:
            known = nearest(name, model.inputs) or ", ".join(model.inputs)
            found.add("model-takes-no", model.place, found=name, model=model.code, nearest=known)
    return {name: words[name] if name in words else model.sample.get(name) for name in model.inputs}


def steps_of(model: Model, inputs: Mapping[str, Value], said: Sequence[str] = ()) -> tuple[Step, ...]:
    """The model's columns in the order in which they are computed."""
    figures: dict[str, Figure] = {name: given(name, value) for name, value in inputs.items()}
    shown: dict[int, Value] = {id(figure): figure.value for figure in figures.values()}
    steps = [Step(name, None, name in said, value, value) for name, value in inputs.items()]
    for name, formula in model.formulas:
        figure = computed(name, formula, dict(figures), NOWHERE)
        function = as_excel_does(formula)
        excel = function.compute(*cells_of(function, figure.inputs, lambda source: shown[id(source)]))
        figures[name] = figure
        shown[id(figure)] = excel
        steps.append(Step(name, f"={write(formula)}", False, figure.value, excel))
    return tuple(steps)


def result_of(model: Model) -> str:
    """The figure that a curve shows: the amount where there is one, else the last that is computed."""
    return "amount" if "amount" in model.outputs else model.outputs[-1]


def points(
    model: Model, inputs: Mapping[str, Value], name: str, at: Sequence[Decimal]
) -> tuple[tuple[Decimal, Decimal | None], ...]:
    """What a model comes to for each figure of one of its inputs; None where it is no number."""
    found = []
    for figure in at:
        last = {step.name: step.exact for step in steps_of(model, {**inputs, name: figure})}[result_of(model)]
        found.append((figure, as_decimal(last) if is_number(last) else None))
    return tuple(found)


def shown_value(value: Value) -> str:
    """A value as people read it."""
    if value is None:
        return "—"
    return plain(as_decimal(value)) if is_number(value) else str(value)


def write_points(
    model: Model, name: str, curve: Sequence[tuple[Decimal, Decimal | None]], path: Path, language: Language
) -> Problems:
    """Write a curve as a table with its chart."""
    sheet, result = Label("曲线", "Curve").text(language), result_of(model)

    def save(target: Path) -> None:
        with Pages(target) as pages:
            columns = [TableColumn(name, "number"), TableColumn(result, "number", 18)]
            page = pages.page(sheet, f"{model.code}: {result} ({name})", model.name.text(language), columns)
            rows: list[list[Entry]] = [[at, value] for at, value in curve]
            span = page.rows(rows)
            axis = {"num_format": "#,##0", "min": float(curve[0][0]), "max": float(curve[-1][0])}
            page.chart("scatter", span, 0, [1], "D5", x=name, y=result, x_axis=axis, width=820)

    return written(path, path.as_posix(), save)
