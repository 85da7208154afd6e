"""The form of a shape: which cells of its layout are filled by each bill anew, and with what.

Three things fill cells: a figure of the bill (by its number in the shape), a text with marks (read again from the
same line, pack or app), and a formula of the template (computed again from the cells that it refers to). All other
cells are the same for every bill of the shape.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

from xlbill.cells import Address
from xlbill.formula import Num, Text, Value, as_decimal, compiled, is_number, spell
from xlbill.formula.tree import Reference
from xlbill.invoice.pages.contents import MarkContents
from xlbill.invoice.pages.figure_cells import FigureCells
from xlbill.invoice.pages.lay_out import LaidOut
from xlbill.invoice.pages.row_heights import wrapped
from xlbill.invoice.pages.rows import PlacedCell
from xlbill.invoice.pages.subjects import shown, subjects_of
from xlbill.invoice.presented import BillView, PriceRow, UsageCell
from xlbill.invoice.template.marked import Marked, MarkedFormula, is_drawing, slots_of
from xlbill.invoice.template.marks import Mark, Shows
from xlbill.invoice.template.scopes import SCOPES
from xlbill.press.shape import Shape
from xlbill.rating.figures import Figure
from xlbill.workbook.formats import decimals_of
from xlbill.workbook.layout import CellContent, Formula
from xlbill.workbook.measure import lines_of
from xlbill.workbook.style import Font

Path: TypeAlias = tuple[Any, ...]
"""The way from a bill to what a cell speaks of: ("line", 2)."""


class Unprintable(Exception):
    """A bill that cannot be printed: it is laid out and written in the ordinary way."""


@dataclass(frozen=True, slots=True)
class NumberCell:
    """A cell that shows a figure; `formula` is its text, None for an input; `kind` where decimals give the format."""

    at: tuple[int, int]  # the sheet, and which of its cells
    figure: int
    formula: str | None
    kind: Shows | None


@dataclass(frozen=True, slots=True)
class MarkedCell:
    """A cell whose text with marks is read anew; `paths` lead to what they speak of."""

    at: tuple[int, int]
    here: Address
    marked: Marked
    paths: tuple[tuple[str, Path], ...]


@dataclass(frozen=True, slots=True)
class FormulaCell:
    """A cell with a formula of the template: its text stays, its value is computed anew from other cells."""

    at: tuple[int, int]
    text: str
    formula: MarkedFormula
    found: Mapping[Reference, list[Address] | Text | Num]
    kind: Shows | None


FilledCell: TypeAlias = MarkedCell | FormulaCell


@dataclass(frozen=True, slots=True)
class Filled:
    """A bill on a form: its figures by their numbers, and what its other cells hold, in the order of the form."""

    figures: Sequence[Figure]
    contents: Sequence[CellContent]
    view: BillView


@dataclass(frozen=True, eq=False)
class BillForm:
    """What a shape's layout is filled with. No two are alike: each is a part of the keys of its plates."""

    numbers: tuple[NumberCell, ...]
    cells: tuple[FilledCell, ...]  # a formula after the cells that it needs
    places: tuple[tuple[int, Address], ...]  # where figures stand
    words: tuple[tuple[str, Any, Address], ...]  # where amounts in words stand
    occupied: frozenset[Address]
    sources: Mapping[Address, Callable[[Filled], Value]]  # the values of cells that formulas of the template need
    texts: tuple[tuple[int, float, Font], ...]  # wrapped: which of `cells`, the room in points, the typeface

    def fill(self, view: BillView, shape: Shape) -> Filled:
        """Everything that a bill's print is made of."""
        figures = figures_of(view, shape)
        cells = FigureCells((figures[number], address) for number, address in self.places)
        for name, language, address in self.words:
            cells.place(view.words(name, language), address)
        marks = MarkContents(cells, self.occupied.__contains__, view.bill.currency)
        contents: list[CellContent] = []
        filled = Filled(figures, contents, view)
        everywhere = subjects_of(view)
        for cell in self.cells:
            match cell:
                case MarkedCell(_, here, marked, paths):
                    subjects = {**everywhere, **{scope: _at(path, view) for scope, path in paths}}
                    contents.append(marks.of(marked, here, subjects))
                case FormulaCell(_, text, formula, found):
                    contents.append(Formula(text, self._value(formula, found, filled)))
        return filled

    @cached_property
    def _fitted(self) -> tuple[tuple[Callable[[Value, int], int | None], tuple[int, ...]], ...]:
        """The figures whose decimals give number formats, by how these are counted."""
        return tuple(
            (counted, tuple(number.figure for number in self.numbers if number.kind is kind))
            for kind, counted in _DECIMALS.items()
        )

    def _value(
        self, formula: MarkedFormula, found: Mapping[Reference, list[Address] | Text | Num], filled: Filled
    ) -> Value:
        def look_up(node: Reference) -> Value | tuple[tuple[Value, ...], ...]:
            cells = found[node]
            if not isinstance(cells, list):
                return cells.value
            values = tuple(self.sources[cell](filled) for cell in cells)
            return values[0] if len(values) == 1 else (values,)

        function = compiled(formula.expr)
        return function.compute(*map(look_up, function.inputs))

    def measure(self, filled: Filled) -> Hashable:
        """What of a bill's values decides its layout: decimals, the lines of wrapped texts, types of values."""
        currency = filled.view.bill.currency.decimals
        figures = filled.figures
        decimals = [
            decimals_for(figures[number].value, currency)
            for decimals_for, numbers in self._fitted
            for number in numbers
        ]
        formulas = [
            _DECIMALS[cell.kind](content.value, currency)
            for cell, content in zip(self.cells, filled.contents, strict=True)
            if isinstance(cell, FormulaCell) and cell.kind is not None and isinstance(content, Formula)
        ]
        lines = [_lines(filled.contents[n], width, font) for n, width, font in self.texts]
        kinds = [_kind(content) for content in filled.contents]
        return tuple(decimals), tuple(formulas), tuple(lines), tuple(kinds)


def figures_of(view: BillView, shape: Shape) -> list[Figure]:
    """The figures of a bill by their numbers: those of the shape, then those that its pages add."""
    return [*shape.figures, *view.subtotals, *(view.account.figures if view.account is not None else ())]


def form_of(laid: LaidOut, shape: Shape) -> BillForm:
    """The form that a bill's layout is made of; raises Unprintable for what cannot be filled anew."""
    refuse_torn(laid)
    return _FormMaker(laid, shape).form()


def refuse_torn(laid: LaidOut) -> None:
    """Raise Unprintable where a page ends within a group: a bill of the same shape may have its rows elsewhere."""
    if laid.torn:
        raise Unprintable("a group that goes over a page")


class _FormMaker:
    """Finds out cell by cell where the content of a layout came from."""

    def __init__(self, laid: LaidOut, shape: Shape) -> None:
        self._laid, self._view = laid, laid.view
        known = figures_of(laid.view, shape)
        self._known = {figure: number for number, figure in enumerate(known)}
        self._numbers: list[NumberCell] = []
        self._cells: list[FilledCell] = []
        self._formulas: dict[Address, FormulaCell] = {}
        self._sources: dict[Address, Callable[[Filled], Value]] = {}

    def form(self) -> BillForm:
        """The whole form."""
        for number, (placed, sheet) in enumerate(zip(self._laid.sheets, self._laid.layout.sheets, strict=True)):
            for index, (cell, laid) in enumerate(zip(placed.cells, sheet.cells, strict=True)):
                self._read((number, index), Address(placed.name, cell.row, cell.column), cell, laid.content)
        for address in list(self._formulas):
            self._add_formula(address)
        cells = self._laid.figure_cells
        return BillForm(
            tuple(self._numbers),
            tuple(self._cells),
            tuple((number, cells.of(figure)) for figure, number in self._known.items() if cells.has(figure)),
            tuple((*key, cells.of(figure)) for key, figure in self._view.spelled.items() if cells.has(figure)),
            frozenset(self._laid.contents.occupied),
            self._sources,
            tuple(self._wrapped()),
        )

    def _read(self, at: tuple[int, int], here: Address, cell: PlacedCell, content: CellContent) -> None:
        """A cell: whether it is filled anew, and how."""
        held = content.value if isinstance(content, Formula) else content
        self._sources[here] = lambda filled: held
        match cell.content:
            case MarkedFormula() as formula:
                assert isinstance(content, Formula)
                found = self._laid.contents.formulas.found_in(formula, here)
                fixed = [formula.slots[spell(node)] for node, cells in found.items() if not isinstance(cells, list)]
                if not all(_in_shape(slot.mark) for slot in fixed):
                    raise Unprintable(f"a formula of the template takes a text of the customer's: {here}")
                self._formulas[here] = FormulaCell(at, content.text, formula, found, _fitted(cell))
            case Marked() as marked if content is not None and not is_drawing(marked):
                self._read_marked(at, here, cell, marked, content)

    def _read_marked(
        self, at: tuple[int, int], here: Address, cell: PlacedCell, marked: Marked, content: CellContent
    ) -> None:
        figure = shown(marked.only, cell.subjects) if marked.only is not None else None
        if isinstance(figure, Figure) and figure in self._known:
            if not isinstance(figure.value, (Decimal, Fraction)):
                return  # it belongs to the shape
            number = self._known[figure]
            text = content.text if isinstance(content, Formula) else None
            self._numbers.append(NumberCell(at, number, text, _fitted(cell)))
            self._sources[here] = lambda filled: filled.figures[number].value
        elif not all(_in_shape(slot.mark) for slot in marked.marks):
            number = len(self._cells)
            spoken = (name for slot in marked.marks for name in (slot.mark.scope, *SCOPES[slot.mark.scope].of))
            scopes = dict.fromkeys(name for name in spoken if name in cell.subjects)
            paths = tuple((scope, _path(scope, cell.subjects[scope], self._view)) for scope in scopes)
            self._cells.append(MarkedCell(at, here, marked, paths))
            self._sources[here] = lambda filled: _held(filled.contents[number])

    def _add_formula(self, address: Address) -> None:
        """A formula of the template, after those that it needs."""
        cell = self._formulas.pop(address, None)
        if cell is None:
            return
        for cells in cell.found.values():
            for needed in cells if isinstance(cells, list) else ():
                self._add_formula(needed)
        number = len(self._cells)
        self._cells.append(cell)
        self._sources[address] = lambda filled: _held(filled.contents[number])

    def _wrapped(self) -> list[tuple[int, float, Font]]:
        """The cells filled anew whose text is wrapped."""
        numbers = {cell.at: number for number, cell in enumerate(self._cells)}
        found = []
        for index, (placed, sheet) in enumerate(zip(self._laid.sheets, self._laid.layout.sheets, strict=True)):
            which = {(cell.row, cell.column): (index, n) for n, cell in enumerate(sheet.cells)}
            for cell, _, width in wrapped(placed, sheet.cells, sheet.columns):
                if (number := numbers.get(which[cell.row, cell.column])) is not None:
                    found.append((number, width, cell.style.font))
        return found


# --- what belongs to the shape, and what does not -------------------------------------------------------------------

_SCOPES_IN_SHAPE = {"seller", "edition", "meter", "month", "day", "chart"}
_WORDS_IN_SHAPE = {
    *("bill.balances", "bill.balances_since", "bill.balances_used", "bill.balances_lapsed"),
    *("bill.due_on", "bill.valid_until", "bill.status", "bill.currency_name"),
    *("bill.month", "bill.period", "bill.issued", "bill.currency", "group.title", "column.unit"),
    *("line.title", "line.item", "line.unit", "line.pay", "line.edition", "pack.title", "pack.unit"),
    *("tax.title", "rate.title", "rate.code", "rate.since"),
    *("price.title", "price.item", "price.model", "price.edition", "price.plan"),
}


def _in_shape(mark: Mark) -> bool:
    """Whether what a mark says is the same for all bills of a shape; what is not known to be so is read anew."""
    return mark.scope in _SCOPES_IN_SHAPE or mark.key in _WORDS_IN_SHAPE


def has_own_words(parts: Sequence[Marked]) -> bool:
    """Whether a header or footer says something that differs between bills of a shape."""
    return not all(_in_shape(slot.mark) for marked in parts for slot in marked.marks)


def _fitted(cell: PlacedCell) -> Shows | None:
    """The kind of a cell whose number format follows the decimals of its figure."""
    slots = slots_of(cell.content)
    kind = slots[0].mark.kind if slots else None
    return kind if kind in _DECIMALS else None


# --- measures -------------------------------------------------------------------------------------------------------


def _held(content: CellContent) -> Value:
    return content.value if isinstance(content, Formula) else content


def _kind(content: CellContent) -> Hashable:
    """The type of a cell and of its value; errors by themselves. Numbers are written alike, exact decimals or not."""
    value = _held(content)
    kind = Decimal if isinstance(value, Fraction) else type(value)
    return type(content), kind if isinstance(value, (str, Decimal, Fraction)) else (kind, value)


def _counted(decimals: Callable[[Decimal, int], int]) -> Callable[[Value, int], int | None]:
    """The decimals that a number format must show; None for what is no number."""

    @lru_cache(16_384, typed=True)
    def counted(value: Value, currency: int) -> int | None:
        return decimals(as_decimal(value), currency) if is_number(value) else None

    return counted


_DECIMALS = {
    Shows.QUANTITY: _counted(lambda number, currency: decimals_of(number)),
    Shows.PRICE: _counted(lambda number, currency: max(decimals_of(number), currency, 0)),
    Shows.RATE: _counted(lambda number, currency: decimals_of(number * 100)),
}
"""How the decimals of a cell are counted, where they decide its number format."""


def _lines(content: CellContent, width: float, font: Font) -> int:
    value = _held(content)
    return lines_of(value, width, font.size, bold=font.bold) if isinstance(value, str) else 0


# --- paths ----------------------------------------------------------------------------------------------------------


def _path(scope: str, subject: Any, view: BillView) -> Path:
    """The way to a subject of one bill that leads to the same one of another."""
    bill = view.bill
    if scope in _THINGS:
        return scope, _index(subject, _THINGS[scope](view))
    match scope:
        case "bill" | "seller" | "customer":
            return ("bill",)
        case "price":
            lines = (*bill.lines, *bill.unprinted)
            line = None if subject.line is None else _index(subject.line, lines)
            return "price", line, subject.title, tuple(_index(other, lines) for other in subject.sharing)
        case "column" | "total" | "quota":
            part = None if subject.part is None else _index(subject.part, subject.meter.columns)
            return "column", _index(subject.meter, bill.usage), part, subject.row
    return "same", subject


def _at(path: Path, view: BillView) -> Any:
    """What a path leads to on a bill."""
    bill = view.bill
    match path:
        case ("bill",):
            return view
        case ("price", line, title, sharing):
            lines = (*bill.lines, *bill.unprinted)
            others = tuple(lines[number] for number in sharing)
            return PriceRow(title, None if line is None else lines[line], {}, others)
        case ("column", meter, part, row):
            usage = bill.usage[meter]
            return UsageCell(usage, None if part is None else usage.columns[part], row)
        case ("same", subject):
            return subject
        case kind, number:
            return _THINGS[kind](view)[number]


_THINGS: Mapping[str, Callable[[BillView], Sequence[Any]]] = {
    "line": lambda view: view.bill.lines,
    "group": lambda view: view.groups,
    "member": lambda view: view.members,
    "usage": lambda view: view.usage,
    "pack": lambda view: view.bill.packs,
    "remark": lambda view: view.bill.remarks,
    "rate": lambda view: view.bill.rates,
    "tax": lambda view: view.bill.taxes,
}


def _index(thing: object, things: Sequence[object]) -> int:
    return next(number for number, other in enumerate(things) if other is thing)
