"""A line from a model: the price list's figures and the contract's, the model's formulas over them, the amount."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from xlbill.book.objects import Model, Parameter, PriceBook
from xlbill.cells import NOWHERE, Place
from xlbill.formula import ExcelError, Expr, Name, compiled, names, substitute
from xlbill.money import plain
from xlbill.problems import Problems
from xlbill.rating.bill import Line
from xlbill.rating.contracts import Agreement
from xlbill.rating.figures import Figure, Source, computed, given

NameLookup = Callable[[str], Source | None]
"""What a name in a price cell's formula stands for: `dau.units` are the units of the lines of dau."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a line is priced with: figures by name, the list's price where a contract changed it, the contract."""

    figures: Mapping[str, Figure] = field(default_factory=dict)
    list_price: Figure | None = None
    contract: str = ""


def priced(
    parameters: Mapping[str, Parameter],
    agreed: Agreement,
    book: PriceBook,
    look_up: NameLookup = lambda name: None,
) -> Terms:
    """The figures of a price row, each replaced by what was agreed; a discount keeps the list's price beside it."""
    figures = {name: parameter_figure(name, parameter, look_up) for name, parameter in parameters.items()}
    listed = figures.get("price")
    for name, (value, place) in agreed.parameters.items():
        figures[name] = given(name, value, place)
    if "price" in agreed.parameters:
        return Terms(figures, _renamed(listed), agreed.reference)
    if agreed.discount is None or listed is None or book.discount_model is None:
        return Terms(figures, None, agreed.reference)
    list_price, discount = _renamed(listed), given("discount", *agreed.discount)
    assert list_price is not None
    model = book.models[book.discount_model]
    figures["price"] = apply(model, {"list_price": list_price, "discount": discount})["price"]
    return Terms(figures, list_price, agreed.reference)


def parameter_figure(name: str, parameter: Parameter, look_up: NameLookup = lambda name: None) -> Figure:
    """A price cell as a figure: what stands there, or its formula over other lines' figures."""
    if parameter.formula is None:
        return given(name, parameter.value, parameter.place)
    sources = {used: source for used in names(parameter.formula) if (source := look_up(used)) is not None}
    return computed(name, parameter.formula, sources, parameter.place)


def apply(model: Model, inputs: Mapping[str, Figure]) -> dict[str, Figure]:
    """A model's results over its inputs; each formula takes the inputs and results that it names.

    An input that is not there is an empty cell, and stands in one where a formula does not take that for 0 (an open
    upper tier in MIN).
    """
    known = dict(inputs)
    results = {}
    for name, formula in model.formulas:
        function = compiled(formula)
        known |= {blank: _nothing(blank, inputs) for blank in function.strict_names if blank not in known}
        sources = {used: known[used] for used in function.names if used in known}
        results[name] = known[name] = computed(name, formula, sources, model.place)
    return results


def _nothing(name: str, inputs: Mapping[str, Figure]) -> Figure:
    """An empty cell, in the row of the other inputs."""
    row = next((figure.place.at(figure.place.row) for figure in inputs.values() if figure.place.row), NOWHERE)
    return given(name, None, row)


def finished(line: Line, model: Model, book: PriceBook, found: Problems, place: Place) -> Line | None:
    """A line with its model's results; None, and a problem, where they are no proper amount of money."""
    results = apply(model, line.figures)
    for name, figure in results.items():
        if isinstance(figure.value, (ExcelError, str)):
            shown = figure.value.value if isinstance(figure.value, ExcelError) else figure.value
            found.add(
                "line-not-computed",
                place,
                app=line.app,
                item=line.item,
                model=model.code,
                name=name,
                found=str(shown),
            )
            return None
    amount = results["amount"].number
    if amount != round(amount, book.currency.decimals):
        found.add(
            "amount-not-rounded",
            model.place,
            model=model.code,
            found=plain(amount),
            decimals=str(book.currency.decimals),
        )
        return None
    return replace(line, figures={**line.figures, **results})


def inlined(model: Model, output: str) -> Expr:
    """A result of a model as one formula over the model's inputs alone."""
    formulas = dict(model.formulas)

    def expand(node: Expr) -> Expr:
        if isinstance(node, Name) and node.name in formulas:
            return substitute(formulas[node.name], expand)
        return node

    return substitute(formulas[output], expand)


def _renamed(figure: Figure | None) -> Figure | None:
    """The list's price under its own name, beside the contract's."""
    return replace(figure, name="list_price") if figure is not None else None
