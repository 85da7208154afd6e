"""Formulas of data: cell references turned into names of rows and columns, and back.

`{plans|im.pro|price}` is the price in the row of im.pro, `{plans|im.pro|price:plans|im.ultimate|price}` everything from
there to the price of im.ultimate. In the sheet of models a bare name is the row's own column.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from xlbill.book import data
from xlbill.cells import Address
from xlbill.formula import Expr, Fault, Name, Range, Ref, names, parse, references, substitute, write

"""A cell: sheet, row, column, counted from 1."""
RowName = tuple[str, str, str]
"""The key of a sheet, what identifies a row of it, the key of a column."""

_BRACED = re.compile(r'"(?:[^"]|"")*"|\{([^{}]*)\}')
_PLACEHOLDER = "xlbill_reference_{}"


class NotCarried(Exception):
    """A reference that cannot be carried; its text is the reference. Raised and caught within this package."""


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Which cells have a name as data, and which sheets are carried as they stand."""

    rows: Mapping[Address, RowName]
    pages: frozenset[str]
    spots: Mapping[RowName, Address] = field(default_factory=dict)


def named(formula: str, sheet: str, row: int, own: Mapping[int, str], known: KnownNames) -> data.NamedFormula | Fault:
    """A cell's formula with names; `own` are the columns that bare names stand for. Raises `NotCarried`."""
    parsed = parse(formula)
    if isinstance(parsed, Fault):
        return parsed

    def place(node: Name | Ref | Range) -> str:
        if isinstance(node, Name):
            return node.name
        first = node.first if isinstance(node, Range) else node
        in_sheet = first.sheet or sheet
        name = own.get(node.column, "") if isinstance(node, Ref) and (in_sheet, node.row) == (sheet, row) else ""
        if name and parse(f"={name}") == Name(name):
            return name
        corners = (node.first, node.last) if isinstance(node, Range) else (node,)
        found = [known.rows.get(Address(in_sheet, corner.row, corner.column)) for corner in corners]
        if all(found):
            return "{" + ":".join("|".join(name) for name in found if name) + "}"
        if in_sheet in known.pages:
            return write(_in_sheet(node, in_sheet))
        raise NotCarried(write(node))

    return data.NamedFormula("=" + write(parsed, place))


def _in_sheet(node: Ref | Range, sheet: str) -> Ref | Range:
    def corner(ref: Ref) -> Ref:
        return Ref(sheet, ref.column, ref.row, ref.column_absolute, ref.row_absolute)

    return Range(corner(node.first), corner(node.last)) if isinstance(node, Range) else corner(node)


def placed(formula: data.NamedFormula, own: Mapping[str, Address], known: KnownNames, sheet: str) -> Expr | Fault | str:
    """A formula of data over cells; the reference that names no row, where there is one; a fault of its text."""
    targets: list[str] = []

    def hold(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0]
        targets.append(match[1])
        return _PLACEHOLDER.format(len(targets))

    parsed = parse(_BRACED.sub(hold, formula.text))
    if isinstance(parsed, Fault):
        return parsed
    held = {_PLACEHOLDER.format(number): text for number, text in enumerate(targets, start=1)}
    resolved = {name: _resolve(text, known.spots, sheet) for name, text in held.items()}
    lost = next((held[name] for name, node in resolved.items() if node is None), None)
    if lost is not None:
        return "{" + lost + "}"
    return substitute(parsed, lambda node: _place(node, resolved, own))


def _place(node: Name | Ref | Range, resolved: Mapping[str, Ref | Range | None], own: Mapping[str, Address]) -> Expr:
    if not isinstance(node, Name):
        return node
    target = resolved.get(node.name)
    if target is not None:
        return target
    spot = own.get(node.name.lower())
    return Ref(None, spot[2], spot[1]) if spot is not None else node


def _resolve(text: str, spots: Mapping[RowName, Address], sheet: str) -> Ref | Range | None:
    corners = []
    for part in re.split(r":(?=[a-z]+\|)", text):
        pieces = part.split("|")
        spot = spots.get((pieces[0], pieces[1], pieces[2])) if len(pieces) == 3 else None
        if spot is None:
            return None
        corners.append(Ref(None if spot[0] == sheet else spot[0], spot[2], spot[1]))
    return Range(corners[0], corners[1]) if len(corners) == 2 else corners[0] if len(corners) == 1 else None


def names_in(formula: data.NamedFormula) -> tuple[str, ...]:
    """The bare names of a formula: the quantities that a model takes."""
    parsed = parse(_BRACED.sub(lambda match: match[0] if match[1] is None else "0", formula.text))
    return () if isinstance(parsed, Fault) else tuple(dict.fromkeys(name.lower() for name in names(parsed)))


def over_cells(formula: data.NamedFormula) -> bool:
    """Whether a formula takes other cells: finance's own arithmetic, which counts as its figure."""
    if any(match[1] is not None for match in _BRACED.finditer(formula.text)):
        return True
    parsed = parse(formula.text)
    return not isinstance(parsed, Fault) and bool(references(parsed))


def model_inputs(document: data.Document) -> frozenset[str]:
    """Every name that some model's formula takes."""
    formulas = (content for row in data.rows_of(document, "formulas") for content in row.values.values())
    return frozenset(
        name for content in formulas if isinstance(content, data.NamedFormula) for name in names_in(content)
    )
