"""What each placed cell holds in the end: a figure in its own cell as an input or a formula, elsewhere a reference.

Text around a figure becomes a formula, too: `合计 {{ bill.total }} 元` is `="合计 "&TEXT(I40,"#,##0.00")&" 元"`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, reduce
from typing import Any

from xlbill.cells import Address
from xlbill.formula import FUNCTIONS, Binary, ExcelError, Text, Value, to_serial
from xlbill.formula.operators import OPERATORS
from xlbill.formula.values import Grid
from xlbill.formula.write import spell_literal
from xlbill.invoice.pages.figure_cells import FigureCells, Occupied
from xlbill.invoice.pages.number_formats import adapted, in_columns
from xlbill.invoice.pages.rows import PlacedCell, PlacedSheet, blank_cell
from xlbill.invoice.pages.subjects import Subjects, is_blank, shown
from xlbill.invoice.pages.template_formulas import TemplateFormulas
from xlbill.invoice.template.marked import Marked, MarkedFormula, Slot, is_drawing, slots_of
from xlbill.invoice.template.marks import Shows
from xlbill.money import Currency
from xlbill.rating.figures import Figure
from xlbill.workbook.formats import is_date_format, with_time
from xlbill.workbook.layout import CellContent, Formula, LaidCell
from xlbill.workbook.style import CellStyle

MOST_LITERAL = 255
"""Excel takes no longer text within a formula."""


class MarkContents:
    """What texts with marks become, once it is known where figures stand."""

    def __init__(self, figure_cells: FigureCells, occupied: Occupied, currency: Currency) -> None:
        self._figures, self._occupied, self._currency = figure_cells, occupied, currency

    def of(self, marked: Marked, here: Address, subjects: Subjects) -> CellContent:
        """The content of a cell with such a text."""
        values = [part if isinstance(part, str) else shown(part, subjects) for part in marked.parts]
        if marked.only is not None and not isinstance(values[0], str):
            return self._alone(values[0], here)
        kept = kept_parts(marked.parts, values)
        if any(isinstance(value, Figure) for _, value in kept):
            return self._joined(kept, here.sheet)
        return "".join(str(value) for _, value in kept) or None

    def _alone(self, value: date | Figure | None, here: Address) -> CellContent:
        """A mark that is all of its cell: a date, or a figure in its own cell or referred to."""
        if not isinstance(value, Figure):
            return to_serial(value) if value is not None else None
        if value.value is None:
            return None
        if self._figures.has(value) and self._figures.of(value) != here:
            return Formula(self._figures.of(value).on(here.sheet), value.value)
        if value.formula is not None:
            return self._computed(value, here.sheet)
        assert isinstance(value.value, (str, bool, Decimal)), value
        return value.value

    def _computed(self, figure: Figure, sheet: str) -> Formula:
        """A figure's own formula, on a sheet."""
        return Formula(self._figures.formula(figure, sheet, self._occupied), figure.value)

    def _joined(self, kept: list[tuple[str | Slot, Any]], sheet: str) -> Formula:
        """Text around figures, as a formula that joins them; a figure that stands nowhere brings its own formula."""
        terms: list[str] = []
        says: list[Value] = []  # what each part of the text comes to
        for part, value in kept:
            if isinstance(part, Slot) and isinstance(value, Figure):
                term = self._term(value, sheet, is_first=not terms)
                pattern, said = _in_text(part.mark.kind, value.value, self._currency)
                terms.append(f"TEXT({term},{pattern})" if pattern else term)
                says.append(said)
            else:
                text = str(value)
                literals = (text[n : n + MOST_LITERAL] for n in range(0, len(text), MOST_LITERAL))
                terms += (spell_literal(Text(literal)) for literal in literals)
                says.append(text)
        return Formula("&".join(terms), reduce(OPERATORS["&"], says))

    def _term(self, figure: Figure, sheet: str, *, is_first: bool) -> str:
        """A figure within a formula: its cell, or its own formula where it has none."""
        if self._figures.has(figure) or figure.formula is None:
            return self._figures.of(figure).on(sheet)
        text = self._figures.formula(figure, sheet, self._occupied)
        joins = isinstance(figure.value, str) and isinstance(figure.formula, Binary)
        return f"({text})" if joins and not is_first else text


_TEXT_FORMATS = {Shows.DATE: "yyyy-mm-dd", Shows.RATE: "0%", Shows.MONEY: "#,##0.00", Shows.PRICE: "#,##0.00"}


@lru_cache(16_384, typed=True)  # blocks, rates and prices of a list, the same for all customers
def _in_text(kind: Shows, value: Value, currency: Currency) -> tuple[str, Value]:
    """A figure within a text: the format for the function TEXT, "" where it is a text itself; and how it reads."""
    if isinstance(value, str):
        return "", value
    pattern = adapted(_TEXT_FORMATS.get(kind, "#,##0"), kind, value, currency)
    reads = value if isinstance(value, ExcelError) else FUNCTIONS["TEXT"].compute(value, pattern)
    assert not isinstance(reads, Grid)
    return spell_literal(Text(pattern)), reads


class CellContents:
    """All placed sheets of a bill, and what stands in their cells."""

    def __init__(self, sheets: Iterable[PlacedSheet], figure_cells: FigureCells, currency: Currency) -> None:
        self._currency = currency
        self._fitted: dict[tuple[int, str], CellStyle] = {}  # by the identity of the template's look, and a format
        cells = {Address(sheet.name, cell.row, cell.column): cell for sheet in sheets for cell in sheet.cells}
        self.occupied = {address for address, cell in cells.items() if not blank_cell(cell)}
        self._marked = MarkContents(figure_cells, self.occupied.__contains__, currency)
        self.formulas = TemplateFormulas(cells, figure_cells, self.occupied.__contains__, self._value)

    def cells(self, sheet: PlacedSheet) -> tuple[LaidCell, ...]:
        """The finished cells of a sheet, in the order of the placed ones."""
        laid = [self._cell(Address(sheet.name, cell.row, cell.column), cell) for cell in sheet.cells]
        return in_columns(sheet.cells, laid)

    def _cell(self, here: Address, cell: PlacedCell) -> LaidCell:
        content = self._content(here, cell)
        return LaidCell(cell.row, cell.column, content, self._style(cell, content))

    def _content(self, here: Address, cell: PlacedCell) -> CellContent:
        match cell.content:
            case Marked() as marked if is_drawing(marked):
                return None
            case Marked() as marked:
                return self._marked.of(marked, here, cell.subjects)
            case MarkedFormula() as formula:
                return self.formulas.written(formula, here)
            case content:
                return content

    def _value(self, here: Address, cell: PlacedCell) -> Value:
        content = self._content(here, cell)
        return content.value if isinstance(content, Formula) else content

    def _style(self, cell: PlacedCell, content: CellContent) -> CellStyle:
        """The template's look, its number format fitted to the currency and to the figure."""
        slots = slots_of(cell.content)
        if not slots or isinstance(content, str) or content is None:
            return cell.template.style
        value = content.value if isinstance(content, Formula) else content
        kind = slots[0].mark.kind
        style = cell.template.style
        if isinstance(cell.content, MarkedFormula) and is_date_format(style.number_format):
            return style  # whatever its first mark shows, it comes to a day
        number_format = adapted(style.number_format, kind, value, self._currency)
        if kind is Shows.DATE and isinstance(shown(slots[0], cell.subjects), datetime):
            number_format = with_time(number_format)
        fitted = id(style), number_format
        if fitted not in self._fitted:
            self._fitted[fitted] = replace(style, number_format=fitted[1])
        return self._fitted[fitted]


_SEPARATOR = re.compile(r".*[\n·;；,，、|]\s*", re.DOTALL)


def kept_parts(parts: Sequence[str | Slot], values: Sequence[Any]) -> list[tuple[str | Slot, Any]]:
    """The text and marks that are shown: a blank mark takes the text before it along.

    The first that is not blank keeps its label, without what would part it from those before it.
    """
    entries = list(zip(parts, values, strict=True))
    filled = [isinstance(part, Slot) and not is_blank(value) for part, value in entries]
    if all(filled[number] or isinstance(part, str) for number, part in enumerate(parts)):
        return entries  # no mark is blank: a text stands before one, behind one, or alone
    if not any(filled):
        return []

    def stays(number: int) -> bool:
        before, after = filled[:number], filled[number + 1 :]
        if isinstance(parts[number], Slot):
            return filled[number]
        return not after or (after[0] and (any(before) or number == 0))

    kept = [entry for number, entry in enumerate(entries) if stays(number)]
    first = filled.index(True)
    label = parts[first - 1] if first > 1 else ""
    word = label[parted.end() :] if isinstance(label, str) and (parted := _SEPARATOR.match(label)) else ""
    return [(word, word), *kept] if word else kept
