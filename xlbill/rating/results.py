"""What a model comes to: the one door through which every model of a price book runs.

A line, a refund, a discount, an apportioned quota, a trial, a draw on a pack, the tax: each is a model over figures.
`results` gives its figures, or tells what they come to instead of a figure; nothing else applies a model.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal

from xlbill.book.objects import Model, Parameter
from xlbill.cells import NOWHERE, Place
from xlbill.formula import ExcelError, compiled, is_number, names
from xlbill.formula.traverse import walk
from xlbill.formula.tree import Call
from xlbill.language import Label
from xlbill.problems import Problems
from xlbill.quantities import ZERO_OF_NOTHING
from xlbill.rating.figures import Figure, Source, computed, given

NameLookup = Callable[[str], Source | None]
"""What a name in a price cell's formula stands for: `dau.units` are the units of the lines of dau."""


def results(
    model: Model, inputs: Mapping[str, Figure], place: Place, what: Label, found: Problems
) -> dict[str, Figure] | None:
    """A model's results by name; None, and a problem at `place`, where one of them is no figure (#DIV/0!, a text).

    `what` is being computed, as the problem says it: the line `dau of app a1`, the tax.
    """
    figures = apply(model, inputs)
    for name, figure in figures.items():
        if figure.value is not None and not is_number(figure.value):
            shown = figure.value.value if isinstance(figure.value, ExcelError) else str(figure.value)
            found.add("line-not-computed", place, what=what, model=model.code, name=name, found=str(shown))
            return None
    return figures


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


def parameter_figure(name: str, parameter: Parameter, look_up: NameLookup = lambda name: None) -> Figure:
    """A price cell as a figure: what stands there, or its formula over other lines' figures.

    The figure of a line that is not there is 0 in a quota or a sum, and an empty cell elsewhere.
    """
    if parameter.formula is None:
        return given(name, parameter.value, parameter.place)
    nothing = Decimal(0) if name in ZERO_OF_NOTHING else None
    sources = {
        used: source if (source := look_up(used)) is not None else given(used.rpartition(".")[2], nothing)
        for used in names(parameter.formula)
    }
    return computed(name, parameter.formula, sources, parameter.place)


def named_in_vain(name: str, parameter: Parameter, look_up: NameLookup) -> tuple[str, ...]:
    """What a price cell takes from lines that are not there, without saying with ISBLANK what then.

    A price, a block or a rate that comes to nothing would charge nothing, or the wrong amount, without a word.
    """
    if parameter.formula is None or name in ZERO_OF_NOTHING:
        return ()
    calls = [node for node in walk(parameter.formula) if isinstance(node, Call) and node.function == "ISBLANK"]
    asked = {used.casefold() for call in calls for used in names(call)}
    return tuple(n for n in names(parameter.formula) if n.casefold() not in asked and look_up(n) is None)
