"""Filling: what each placed cell holds in the end, every figure an input in its home, a formula there, or a reference.

Text around a figure becomes a formula, too: `合计 {{ bill.total }} 元` is `="合计 "&TEXT(I40,"#,##0.00")&" 元"`.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any

from xlbill.formula import Binary, Call, ExcelError, Expr, Name, Range, Ref, Text, Value, evaluate, rename, to_serial, write
from xlbill.formula.tree import Reference
from xlbill.invoice.content import Marked, MarkedFormula, Slot, is_drawing, slots_of
from xlbill.invoice.context import Context, each, is_blank, shown
from xlbill.invoice.formats import adapted
from xlbill.invoice.homes import Address, Homes, compressed, enclosing, joined
from xlbill.invoice.layout import Cell, Content, Formula
from xlbill.invoice.marks import Kind
from xlbill.invoice.placing import PlacedCell, PlacedSheet, blank_cell
from xlbill.invoice.style import Style
from xlbill.money import Currency
from xlbill.rating.figures import Figure, Source, computed


class Filling:
    """All placed sheets of a bill, and what stands in their cells."""

    def __init__(self, sheets: Iterable[PlacedSheet], homes: Homes, currency: Currency) -> None:
        self._homes, self._currency = homes, currency
        self._cells = {Address(sheet.name, cell.row, cell.column): cell for sheet in sheets for cell in sheet.cells}
        self._copies: dict[Address, list[Address]] = {}  # a cell of the template, and where it stands
        for address, cell in self._cells.items():
            source = Address(address.sheet, cell.template.row, cell.template.column)
            self._copies.setdefault(source, []).append(address)
        self._occupied = {address for address, cell in self._cells.items() if not blank_cell(cell)}
        self._values: dict[Address, Value] = {}

    def cells(self, sheet: PlacedSheet) -> tuple[Cell, ...]:
        """The finished cells of a sheet."""
        return tuple(self._cell(sheet.name, cell) for cell in sheet.cells)

    def _cell(self, sheet: str, cell: PlacedCell) -> Cell:
        content = self._content(sheet, cell)
        return Cell(cell.row, cell.column, content, self._style(cell, content))

    def _content(self, sheet: str, cell: PlacedCell) -> Content:
        match cell.content:
            case Marked() as marked if is_drawing(marked):
                return None
            case Marked() as marked:
                return self._marked(marked, sheet, cell)
            case MarkedFormula() as formula:
                return self._formula(formula, sheet, cell)
            case content:
                return content

    # --- marks -----------------------------------------------------------------------------------------------------

    def _marked(self, marked: Marked, sheet: str, cell: PlacedCell) -> Content:
        values = [part if isinstance(part, str) else shown(part, cell.context) for part in marked.parts]
        if marked.only is not None and not isinstance(values[0], str):
            return self._alone(values[0], Address(sheet, cell.row, cell.column))
        kept = list(_kept(marked.parts, values))
        if any(isinstance(value, Figure) for _, value in kept):
            return self._joined(kept, sheet)
        return "".join(str(value) for _, value in kept) or None

    def _alone(self, value: Any, here: Address) -> Content:
        """A mark that is all of its cell: a date, or a figure in its home or referred to."""
        if isinstance(value, date):
            return to_serial(value)
        if value is None or value.value is None:
            return None
        figure: Figure = value
        if not self._homes.has(figure):
            return Formula(self._homes.formula(figure, here.sheet, self._is_occupied), figure.value)
        home = self._homes.of(figure)
        if home != here:
            return Formula(home.on(here.sheet), figure.value)
        if figure.formula is not None:
            return Formula(self._homes.formula(figure, here.sheet, self._is_occupied), figure.value)
        return _input(figure.value)

    def _joined(self, kept: list[tuple[str | Slot, Any]], sheet: str) -> Formula:
        """Text around figures, as a formula that joins them; a figure that stands nowhere brings its own formula."""
        terms: list[Expr] = []
        inputs: dict[str, Source] = {}
        for number, (part, value) in enumerate(kept):
            if not isinstance(part, Slot) or not isinstance(value, Figure):
                terms.append(Text(str(value)))
                continue
            term = self._term(value, f"figure_{number}", inputs)
            pattern = Text(self._text_format(part.mark.kind, value.value))
            terms.append(term if isinstance(value.value, str) else Call("TEXT", (term, pattern)))
        figure = computed("text", reduce(lambda left, right: Binary("&", left, right), terms), inputs)
        return Formula(self._homes.formula(figure, sheet, self._is_occupied), figure.value)

    def _term(self, figure: Figure, name: str, inputs: dict[str, Source]) -> Expr:
        """A figure within a formula: its name, or its own formula where it has no cell."""
        if self._homes.has(figure) or figure.formula is None:
            inputs[name] = figure
            return Name(name)
        inputs |= {f"{name}_{own}": source for own, source in figure.inputs.items()}
        return rename(figure.formula, lambda own: f"{name}_{own}")

    def _text_format(self, kind: Kind, value: Value) -> str:
        usual = {Kind.DATE: "yyyy-mm-dd", Kind.RATE: "0%", Kind.MONEY: "#,##0.00", Kind.PRICE: "#,##0.00"}
        return adapted(usual.get(kind, "#,##0"), kind, value, self._currency)

    # --- formulas of the template ----------------------------------------------------------------------------------

    def _formula(self, formula: MarkedFormula, sheet: str, cell: PlacedCell) -> Formula:
        """A formula of the template, its marks and its references turned into the cells where they stand."""

        def place(node: Reference) -> str:
            cells = self._cells_of(node, formula, sheet, cell.context)
            if isinstance(cells, str):
                return cells
            areas = compressed(cells, sheet, self._is_occupied)
            return joined(areas, enclosing(formula.expr, node)) or "0"

        here = Address(sheet, cell.row, cell.column)
        return Formula(write(formula.expr, place, file=True), self._value(here))

    def _cells_of(
        self, node: Reference, formula: MarkedFormula, sheet: str, context: Context
    ) -> list[Address] | str:
        """Where what a formula names stands; a text where it is words or a date."""
        if isinstance(node, Name):
            slot = formula.slots[node.name]
            found = [shown(slot, inner) for inner in each(slot.mark.scope, context)]
            if any(isinstance(value, (str, date)) for value in found):
                return _literal(found[0])
            return [self._homes.of(figure) for figure in found if isinstance(figure, Figure) and self._homes.has(figure)]
        first, last = (node.first, node.last) if isinstance(node, Range) else (node, node)
        rows, columns = range(first.row, last.row + 1), range(first.column, last.column + 1)
        sources = [Address(first.sheet or sheet, row, column) for row in rows for column in columns]
        copies = [copy for source in sources for copy in self._copies.get(source, ())]
        return sorted(copy for copy in copies if _belong_together(self._cells[copy].context, context))

    def _value(self, address: Address) -> Value:
        """The value of a cell; that of a formula is computed, one that goes in a circle is an error."""
        cell = self._cells.get(address)
        if cell is None:
            return None
        if not isinstance(cell.content, MarkedFormula):
            content = self._content(address.sheet, cell)
            return content.value if isinstance(content, Formula) else content
        if address not in self._values:
            self._values[address] = ExcelError.REF
            formula, context = cell.content, cell.context

            def look_up(node: Reference) -> Value | tuple[tuple[Value, ...], ...]:
                cells = self._cells_of(node, formula, address.sheet, context)
                if isinstance(cells, str):
                    return cells.strip('"')
                return self._value(cells[0]) if len(cells) == 1 else (tuple(self._value(c) for c in cells),)

            self._values[address] = evaluate(formula.expr, look_up)
        return self._values[address]

    def _is_occupied(self, address: Address) -> bool:
        return address in self._occupied

    # --- looks -----------------------------------------------------------------------------------------------------

    def _style(self, cell: PlacedCell, content: Content) -> Style:
        """The template's look, its number format fitted to the currency and to the figure."""
        slots = slots_of(cell.content)
        if not slots or isinstance(content, str) or content is None:
            return cell.template.style
        value = content.value if isinstance(content, Formula) else content
        kind = slots[0].mark.kind
        style = cell.template.style
        return replace(style, number_format=adapted(style.number_format, kind, value, self._currency))


def _kept(parts: Iterable[str | Slot], values: list[Any]) -> Iterable[tuple[str | Slot, Any]]:
    """The text and marks that are shown: a blank mark takes the text before it along."""
    parts = list(parts)
    filled = [isinstance(part, Slot) and not is_blank(value) for part, value in zip(parts, values, strict=True)]
    if not any(isinstance(part, Slot) for part in parts):
        return list(zip(parts, values, strict=True))
    if not any(filled):
        return []
    kept: list[tuple[str | Slot, Any]] = []
    for number, part in enumerate(parts):
        before, after = filled[:number], filled[number + 1 :]
        if isinstance(part, Slot):
            stays = filled[number]
        elif not after:
            stays = True
        else:
            stays = after[0] and (any(before) or number == 0)
        if stays:
            kept.append((part, values[number]))
    return kept


def _belong_together(one: Context, other: Context) -> bool:
    """Whether two cells speak of the same things, as far as both speak of them."""
    return all(one[scope] is other[scope] for scope in one.keys() & other.keys())


def _input(value: Value) -> Content:
    """The value of an input as it stands in its cell."""
    assert value is None or isinstance(value, (str, bool, Decimal)), value
    return value


def _literal(value: Any) -> str:
    return f'"{str(value).replace(chr(34), chr(34) * 2)}"'
