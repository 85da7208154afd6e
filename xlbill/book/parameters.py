"""What a price cell says: a figure, a formula over names, or a word in place of a price."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from xlbill.book.models import formula_problem
from xlbill.book.objects import Model, Offer, Parameter
from xlbill.cells import Address
from xlbill.formula import ExcelError, Expr, Fault, Name, Value, parse, references
from xlbill.problems import Fact, Problem, Problems
from xlbill.sheets import Cell, Misfit, Row, as_number

_OFFERS = {
    Offer.INCLUDED: {"已包含", "包含", "included"},
    Offer.NOT_SOLD: {"—", "–", "-", "──", "——", "不提供", "不收费", "not offered", "not sold", "n/a"},
}


@dataclass(frozen=True, slots=True)
class Recalculated:
    """The exact values of all the workbook's formula cells, by sheet, row and column, and the names of its rates."""

    values: Mapping[Address, Value]
    rates: frozenset[str] = frozenset()  # folded


def read_parameters(
    row: Row, model: Model | None, exact: Recalculated, found: Problems, *, without: frozenset[str] = frozenset()
) -> dict[str, Parameter]:
    """Every input of the row's model for which the sheet has a column with something in it.

    An input that is a word in the model's own example (a grade, for SWITCH) is one in the row, too.
    """
    read = {}
    for name in model.inputs if model is not None else ():
        worded = model is not None and isinstance(model.sample.get(name), str)
        parameter = None
        if name not in without:
            parameter = _word(row, name, found) if worded else read_parameter(row, name, exact, found)
        if parameter is not None:
            read[name] = parameter
    return read


def _word(row: Row, key: str, found: Problems) -> Parameter | None:
    """A word of a price row: gold, 一类."""
    cell = row.cell(key)
    if cell.blank and cell.formula is None:
        return None
    if not isinstance(cell.value, str) or cell.formula is not None:
        found.tell(row.problem("not-a-word", key))
        return None
    return Parameter(cell.value.strip(), None, cell.place)


def read_parameter(row: Row, key: str, exact: Recalculated, found: Problems) -> Parameter | None:
    """A figure, or a formula over names; None where the cell is blank or cannot be used."""
    cell = row.cell(key)
    if cell.formula is not None:
        return _from_formula(cell, row, key, exact, found)
    if cell.value is None:
        return None
    number = row.ranged(key, as_number(cell.value))
    if isinstance(number, Misfit) and number in _MISFITS_OF_THE_COLUMN:
        found.tell(_misfit(row, key, number))
        return None
    if not isinstance(number, Misfit) and number < 0:
        found.tell(row.problem("negative-figure", key))
        return None
    if not isinstance(number, Misfit):
        return Parameter(number, None, cell.place)
    if isinstance(cell.value, str):
        parsed = parse(cell.value)
        a_word = isinstance(parsed, Name) and "." not in parsed.name  # 一千三: no figure, and no result of a line
        a_word = a_word and cell.value.strip().removeprefix("=").casefold() not in exact.rates
        if not isinstance(parsed, Fault) and not a_word and not references(parsed):
            return Parameter(None, parsed, cell.place)
    found.tell(row.problem("not-a-figure", key))
    return None


_MISFITS_OF_THE_COLUMN = (Misfit.OUT_OF_RANGE, Misfit.PERCENT, Misfit.AMBIGUOUS_NUMBER)


def _misfit(row: Row, key: str, misfit: Misfit) -> Problem:
    """The problem of a figure that is one, and none that the column takes."""
    facts: dict[str, Fact] = {"range": str(row.range(key))} if misfit is Misfit.OUT_OF_RANGE else {}
    return row.problem(misfit.value, key, **facts)


def read_offer(row: Row, key: str, exact: Recalculated, found: Problems) -> Parameter | Offer | None:
    """A price, 已包含 included, or — (not sold)."""
    text = row.cell(key).value
    if isinstance(text, str):
        for offer, words in _OFFERS.items():
            if text.strip().casefold() in words:
                return offer
    return read_parameter(row, key, exact, found)


def _from_formula(cell: Cell, row: Row, key: str, exact: Recalculated, found: Problems) -> Parameter | None:
    """A live formula: over names it is kept, over cells it is finance's own arithmetic and counts as its figure."""
    parsed: Expr | Fault = parse(cell.formula or "")
    if isinstance(parsed, Fault):
        found.tell(formula_problem(parsed, row, key))
        return None
    if not references(parsed):
        return Parameter(None, parsed, cell.place)
    assert cell.place.sheet and cell.place.row and cell.place.column
    address = cell.place.address
    value = exact.values.get(address) if address is not None else None
    if isinstance(value, (str, ExcelError, bool)) or value is None:
        found.tell(row.problem("not-a-figure", key))
        return None
    if (misfit := row.misfit(key, value)) is not None:
        found.tell(_misfit(row, key, misfit))
        return None
    return Parameter(value, None, cell.place)


def parameter_number(parameter: Parameter | None) -> Decimal | None:
    """The figure of a parameter that must be known before anything is rated; None for a formula."""
    return parameter.value if parameter is not None and isinstance(parameter.value, Decimal) else None
