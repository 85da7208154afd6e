"""A plate: an invoice typeset once, its XML cut where a bill's own figures and words stand.

Typesetting writes a layout through XlsxWriter with a mark in each place that is filled anew, and cuts the XML there.
Printing puts a bill's figures and words between the cuts; parts without a cut are there ready deflated. The texts of
cells lie in a part of their own, each once, in the order in which cells name them: it is made anew for each bill.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from operator import itemgetter
from typing import Any

from xlbill.cells import a1
from xlbill.formula import ExcelError, Value, as_decimal
from xlbill.formula.values import MAX_TEXT
from xlbill.invoice.pages.headers import header_text
from xlbill.invoice.pages.lay_out import LaidOut, title_of
from xlbill.invoice.pages.subjects import subjects_of
from xlbill.invoice.template.compiled import Template
from xlbill.invoice.template.marked import Marked
from xlbill.manifest.typed import cells_written, typed_content
from xlbill.press.form import BillForm, Filled, Unprintable, has_own_words, refuse_torn
from xlbill.press.shape import Shape
from xlbill.workbook.drawn import look_written
from xlbill.workbook.formats import is_date_format
from xlbill.workbook.layout import CellContent, Formula, LaidCell, Layout, Traced
from xlbill.workbook.look import with_headers
from xlbill.workbook.package import PackedPart, entry_of, package
from xlbill.workbook.write import in_element, in_formula, layout_parts, shared_strings

_STRINGS = "xl/sharedStrings.xml"
_FIRST = 713_529_046_000_000
"""Numbers from here on mark places: they have fifteen digits, which every way of writing them keeps."""

_CUT = re.compile(r'7135290460(\d{5})(?:\.0)?|QX(\d{5})Q|(?<= t="s"><v>)(\d+)(?=</v>)')
_FUNCTION = re.compile(r"[A-Z][A-Z0-9.]*\(")
_LITERAL = re.compile(r'"(?:[^"]|"")*"')
_ERRORS = {error.value for error in ExcelError}


@dataclass(frozen=True, slots=True)
class Print:
    """A printed invoice, and what the manifest keeps of it."""

    content: bytes
    cells: Mapping[str, Mapping[str, str]]
    trace: tuple[Traced, ...]
    look: Mapping[str, str]
    checked: bool = False  # whether it was made in both ways, and came out the same


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the file with cuts: the number of the ink that goes into each."""

    name: str
    pattern: str  # a %s at each cut
    inks: Callable[[Sequence[str]], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Header:
    """A header and footer that speak of the customer."""

    sheet: str
    header: tuple[Marked, ...]
    footer: tuple[Marked, ...]


@dataclass(frozen=True, slots=True)
class Plate:
    """What all invoices of a form with the same measures have in common."""

    form: BillForm
    parts: tuple[PackedPart | _Part | None, ...]  # None: the texts of cells
    texts: tuple[str | int, ...]  # the texts of cells, or which cell of the form has it
    headers: tuple[_Header, ...]
    chart_inks: tuple[int, ...]
    names: tuple[tuple[str, str], ...]  # sheet and address of each cell of the form: numbers first
    dated: tuple[bool, ...]
    functions: frozenset[str]
    cells: Mapping[str, Mapping[str, str]]
    trace: tuple[Traced, ...]
    traced: tuple[int | None, ...]  # the figure of each entry of the trace
    look: Mapping[str, str]

    def print(self, filled: Filled) -> Print:
        """The invoice of a bill; raises Unprintable for one that only the ordinary way can write."""
        around = subjects_of(filled.view)
        headers = [
            (one.sheet, header_text(one.header, around), header_text(one.footer, around)) for one in self.headers
        ]
        inks = self._inks(filled, headers)
        texts: list[str] = []
        for text in self.texts:
            held = filled.contents[text] if isinstance(text, int) else text
            assert isinstance(held, str)
            texts.append(held[:MAX_TEXT])
        numbers: dict[str, int] = {}
        inks += [str(numbers.setdefault(text, len(numbers))) for text in texts]
        entries = []
        for part in self.parts:
            if isinstance(part, _Part):
                entries.append(entry_of(part.name, (part.pattern % part.inks(inks)).encode()))
            else:
                entries.append(part or entry_of(_STRINGS, shared_strings(numbers, len(texts)).encode()))
        look = {**self.look, **{sheet: with_headers(self.look[sheet], *both) for sheet, *both in headers}}
        return Print(package(entries), self._cells(filled, inks), self._trace(filled), look)

    def _inks(self, filled: Filled, headers: Sequence[tuple[str, str, str]]) -> list[str]:
        """What goes into the cuts, as XML: figures, the values and texts of formulas, headers, title, charts."""
        inks = [_number(filled.figures[cell.figure].value, cell.formula is None) for cell in self.form.numbers]
        for content in filled.contents:
            if isinstance(content, Formula):
                inks += [_cached(content.value), in_formula(content.text)]
                if not self.functions.issuperset(_FUNCTION.findall(content.text)):
                    raise Unprintable("a text that reads like a function")
            else:
                inks += [_number(content, True) if isinstance(content, Decimal) else "", ""]
        for _, *both in headers:
            if any("&G" in text or "&[" in text or len(text.encode("utf-16-le")) > _LONGEST for text in both):
                raise Unprintable("a header that XlsxWriter takes for one with a picture, or for too long")
            inks += map(in_element, both)
        inks.append(in_element(title_of(filled.view)))
        inks += [inks[number].replace("E", "e") for number in self.chart_inks]
        return inks

    def _cells(self, filled: Filled, inks: Sequence[str]) -> dict[str, dict[str, str]]:
        cells = {sheet: dict(own) for sheet, own in self.cells.items()}
        where = zip(self.names, self.dated, strict=True)
        for number, ink, ((sheet, address), dated) in zip(self.form.numbers, inks, where, strict=False):
            if number.formula is None:
                value = filled.figures[number.figure].value
                assert isinstance(value, Decimal)
                plain = ink.isdecimal() and not dated  # as nearly always: what stands in the file is what is typed
                cells[sheet][address] = ink if plain else typed_content(value, dated=dated)
        first = len(self.form.numbers)
        where = zip(self.names[first:], self.dated[first:], strict=True)
        for content, ((sheet, address), dated) in zip(filled.contents, where, strict=True):
            if text := typed_content(content, dated=dated):
                cells[sheet][address] = text
            else:
                cells[sheet].pop(address, None)
        return cells

    def _trace(self, filled: Filled) -> tuple[Traced, ...]:
        """The trace with the cells that this bill's figures were read from."""
        figures = filled.figures
        return tuple(
            traced
            if number is None or (place := figures[number].place) is traced.source
            else Traced(traced.cell, traced.name, traced.about, traced.line, traced.day, place)
            for traced, number in zip(self.trace, self.traced, strict=True)
        )


_LONGEST = 2 * 255  # bytes in UTF-16


def _number(value: Value, is_input: bool) -> str:
    """A number as a cell holds it: an input with sixteen digits, a formula's value with all of them."""
    return _known(value, is_input) if value else _spelled(value, is_input)  # 0 equals -0, and is spelled otherwise


def _spelled(value: Value, is_input: bool) -> str:
    if is_input:
        assert isinstance(value, Decimal)
        number = float(value)
        text = f"{number:.16G}"
    else:
        number = float(as_decimal(value))  # type: ignore[arg-type]
        text = repr(number)
    if not isfinite(number):
        raise Unprintable(f"not a number that files can hold: {text}")
    return text


_known = lru_cache(32_768)(_spelled)  # days' usage, prices and amounts come again from bill to bill


def _cached(value: Value) -> str:
    """The value of a formula as XML."""
    match value:
        case None:
            return "0.0"
        case bool():
            return "1" if value else "0"
        case str():
            if value in _ERRORS:
                raise Unprintable("a text that reads like an error")
            return in_formula(value)
        case ExcelError():
            return in_formula(value.value)
    return _number(value, False)


# --- typesetting ----------------------------------------------------------------------------------------------------


def plate_of(laid: LaidOut, shape: Shape, form: BillForm, template: Template) -> Plate:
    """The plate of a bill's layout; raises Unprintable where a group goes over a page."""
    refuse_torn(laid)
    layout = laid.layout
    headers = tuple(
        _Header(sheet.name, sheet.header, sheet.footer)
        for sheet in template.sheets
        if has_own_words((*sheet.header, *sheet.footer))
    )
    marked, texts = _with_marks(layout, form, headers)
    parts = layout_parts(marked)
    first_text = len(form.numbers) + 2 * (len(form.cells) + len(headers)) + 1
    charts = sorted({n for name, part in parts.items() if _is_chart(name) for n in _numbers_in(part)})
    chart_inks = {number: first_text + index for index, number in enumerate(charts)}
    first_text += len(charts)
    cut = [_cut(name, part, first_text, chart_inks) for name, part in parts.items()]
    places = [layout.sheets[sheet].cells[index] for sheet, index in (c.at for c in (*form.numbers, *form.cells))]
    known = {figure: number for number, figure in enumerate(shape.figures)}
    return Plate(
        form,
        tuple(cut),
        tuple(texts),
        headers,
        tuple(charts),
        tuple(
            (layout.sheets[cell.at[0]].name, a1(place.row, place.column))
            for cell, place in zip((*form.numbers, *form.cells), places, strict=True)
        ),
        tuple(is_date_format(place.style.number_format) for place in places),
        frozenset(f for cell in places if isinstance(cell.content, Formula) for f in _called(cell.content)),
        cells_written(layout),
        layout.trace,
        tuple(known.get(figure) for figure in laid.traced),
        look_written(layout, package(entry_of(name, part) for name, part in parts.items())),
    )


def _called(content: Formula) -> list[str]:
    """The functions of a formula; what reads like one within a customer's text is none."""
    return _FUNCTION.findall(_LITERAL.sub("", content.text))


def _with_marks(layout: Layout, form: BillForm, headers: Sequence[_Header]) -> tuple[Layout, list[str | int]]:
    """A layout with marks where it is filled anew; and the texts of its cells, each marked by its own number."""
    inks = {place.at: n for n, place in enumerate(form.numbers)}
    inks |= {place.at: len(form.numbers) + 2 * n for n, place in enumerate(form.cells)}
    which = {place.at: number for number, place in enumerate(form.cells)}
    ink = len(form.numbers) + 2 * len(form.cells)
    texts: list[str | int] = []
    sheets = []
    for index, sheet in enumerate(layout.sheets):
        cells = []
        for position, cell in enumerate(sheet.cells):
            at = (index, position)
            if isinstance(cell.content, str) and cell.content:
                texts.append(which.get(at, cell.content))
                cells.append(replace(cell, content=_word(len(texts) - 1)))
            else:
                cells.append(cell if at not in inks else _marked(cell, inks[at], fixed=at not in which))
        page = sheet.page
        if any(header.sheet == sheet.name for header in headers):
            page = replace(page, header=_word(ink) if page.header else "", footer=_word(ink + 1) if page.footer else "")
            ink += 2
        sheets.append(replace(sheet, cells=tuple(cells), page=page))
    return replace(layout, sheets=tuple(sheets), title=_word(ink)), texts


def _marked(cell: LaidCell, ink: int, *, fixed: bool) -> LaidCell:
    """A cell with a mark for its value and, unless its formula is always the same, one for the formula."""
    mark = Decimal(_FIRST + ink)
    content: CellContent = mark
    if isinstance(cell.content, Formula):
        value = cell.content.value
        text = cell.content.text if fixed else _word(ink + 1)
        content = Formula(text, _word(ink) if isinstance(value, str) else value if _is_odd(value) else mark)
    return replace(cell, content=content)


def _is_odd(value: Value) -> bool:
    """A value that belongs to the measures of a bill: nothing, TRUE, FALSE, an error."""
    return value is None or isinstance(value, (bool, ExcelError))


def _word(ink: int) -> str:
    return f"QX{ink:05d}Q"


def _is_chart(name: str) -> bool:
    return name.startswith("xl/charts/")


def _numbers_in(part: bytes) -> list[int]:
    return [int(found[1]) for found in _CUT.finditer(part.decode()) if found[1]]


def _cut(name: str, content: bytes, first_text: int, chart_inks: Mapping[int, int]) -> PackedPart | _Part | None:
    """A part cut at its marks: ready deflated where there are none."""
    if name == _STRINGS:
        return None
    if not name.endswith((".xml", ".rels")):
        return entry_of(name, content)
    inks: list[int] = []

    def cut(found: re.Match[str]) -> str:
        number, word, text = found.groups()
        if text is not None:
            inks.append(first_text + int(text))
        elif word is not None:
            assert not _is_chart(name), "a chart that shows texts of cells"
            inks.append(int(word))
        else:
            inks.append(chart_inks[int(number)] if _is_chart(name) else int(number))
        return "%s"

    pattern = _CUT.sub(cut, content.decode().replace("%", "%%"))
    return _Part(name, pattern, _getter(inks)) if inks else entry_of(name, content)


def _getter(inks: Sequence[int]) -> Any:
    """Those inks as a tuple, even where it is one."""
    return itemgetter(*inks) if len(inks) > 1 else _Only(inks[0])


@dataclass(frozen=True, slots=True)
class _Only:
    number: int

    def __call__(self, inks: Sequence[str]) -> tuple[str, ...]:
        return (inks[self.number],)
