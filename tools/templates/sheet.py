"""A sheet of a template row by row: what stands in it, how it looks, how it prints."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import xlsxwriter

from xlbill.language import Label

INK, GREY, PALE, BAND, RULE = "1B3A4B", "5F6B73", "8A949B", "F1F4F5", "C9D1D5"
TEXT = "1F272B"
FONT = "Microsoft YaHei"
RULER = {"font_name": "Arial", "font_size": 9}
"""The look of cells without one, by which programs measure columns: a digit of it is seven pixels everywhere."""

Look = Mapping[str, Any]
SMALL: Look = {"font_size": 8, "font_color": f"#{GREY}"}
BODY: Look = {"font_size": 9, "font_color": f"#{TEXT}"}
STRONG: Look = {**BODY, "bold": True}
HEAD: Look = {"font_size": 8, "font_color": f"#{GREY}", "valign": "bottom", "text_wrap": True}
RIGHT: Look = {"align": "right"}
FITS: Look = {"shrink": True}
WRAP: Look = {"text_wrap": True, "valign": "top"}
QUANTITY: Look = {"num_format": "#,##0"}
MONEY: Look = {"num_format": "#,##0.00"}
SIGNED: Look = {"num_format": '"¥"#,##0.00;"¥"-#,##0.00'}
DATE: Look = {"num_format": "yyyy-mm-dd"}
SPELLED: Look = {"num_format": 'yyyy"年"m"月"d"日"'}
FIGURE: Look = {**RIGHT, **FITS}


def look(*parts: Look, **more: Any) -> Look:
    """Some looks put together."""
    together: dict[str, Any] = {}
    for part in (*parts, more):
        together |= part
    return together


RULED: Look = {"bottom": 1, "bottom_color": f"#{INK}"}
HAIR: Look = {"top": 1, "top_color": f"#{RULE}"}
UNDER: Look = {"bottom": 1, "bottom_color": f"#{RULE}"}
SECTION: Look = look(SMALL, bold=True, font_color=f"#{INK}", valign="bottom")


@dataclass(frozen=True)
class Words:
    """How the words of a template are said: `zh`, `en`, or both."""

    mode: str

    def __call__(self, zh: str, en: str, between: str = " ") -> str:
        """Words in the template's language, or in both with something between them."""
        return {"zh": zh, "en": en}.get(self.mode) or f"{zh}{between}{en}"

    def before(self, zh: str, en: str) -> str:
        """Words right before a mark, with a blank; in Chinese with a colon, as no blank stands beside a mark."""
        return f"{zh}：" if self.mode == "zh" else f"{self(zh, en)} "

    def of(self, label: Label) -> str:
        """A label's words."""
        return self(label.zh, label.en)


TIED: Look = {"font_size": 7, "font_color": f"#{PALE}", "indent": 1}
_TIE = re.compile(r"{{ with(?:out)? [^}]*}}")

Cell = tuple[str, str, Look]
"""Where (`A`, or `A:C` merged), what, and how it looks."""


@dataclass
class SheetMaker:
    """Collects the rows of one sheet, and writes them."""

    name: str
    widths: Sequence[float]
    rows: list[tuple[float, tuple[Cell, ...], Look | None]] = field(default_factory=list)
    merged_down: list[tuple[str, int, int, str, Look]] = field(default_factory=list)
    titles: tuple[int, int] | None = None  # the rows that stand again on each page
    breaks: list[int] = field(default_factory=list)
    landscape: bool = False
    bars: list[tuple[str, str]] = field(default_factory=list)  # a cell that shows a share, and the colour of its bar

    def row(self, height: float, *cells: Cell, band: Look | None = None) -> int:
        """Add a row; `band` is the look of its other cells. Returns its number, from 1.

        What the row is tied to goes into a column of its own, right of the page, where it crowds nothing.
        """
        ties = "".join(dict.fromkeys(tie for _, text, _ in cells for tie in _TIE.findall(text)))
        bare = [(where, _TIE.sub("", text), style) for where, text, style in cells]
        if ties:
            bare.append((chr(ord("A") + len(self.widths)), ties, TIED))
        self.rows.append((height, tuple(bare), band))
        return len(self.rows)

    def down(self, columns: str, first: int, last: int, text: str, style: Look) -> None:
        """A cell merged over several rows."""
        self.merged_down.append((columns, first, last, text, style))

    def write(self, workbook: Any, formats: "Formats", footer: str) -> None:
        """Write the sheet."""
        sheet = workbook.add_worksheet(self.name)
        for number, width in enumerate(self.widths):
            sheet.set_column(number, number, width - 5 / 7)
        for number, (height, cells, band) in enumerate(self.rows):
            sheet.set_row(number, height)
            if band is not None:
                for column in range(len(self.widths)):
                    sheet.write_blank(number, column, None, formats.of(band))
            for where, text, style in cells:
                first, last = _columns(where)
                if last > first:
                    sheet.merge_range(number, first, number, last, "", formats.of(style))
                if text.startswith("=") and "{{" not in text:
                    sheet.write_formula(number, first, text, formats.of(style))
                else:
                    sheet.write_string(number, first, text, formats.of(style))
        for columns, top, bottom, text, style in self.merged_down:
            first, last = _columns(columns)
            sheet.merge_range(top - 1, first, bottom - 1, last, "", formats.of(style))
            sheet.write_string(top - 1, first, text, formats.of(style))
        for cell, colour in self.bars:
            ends = {"min_type": "num", "max_type": "num", "min_value": 0, "max_value": 1}
            sheet.conditional_format(cell, {"type": "data_bar", "bar_color": f"#{colour}", **ends})
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        if self.landscape:
            sheet.set_landscape()
        sheet.set_margins(0.5, 0.5, 0.45, 0.6)
        sheet.set_footer(footer, {"margin": 0.3})
        sheet.fit_to_pages(1, 0)
        if self.titles:
            sheet.repeat_rows(*(number - 1 for number in self.titles))
        if self.breaks:
            sheet.set_h_pagebreaks(self.breaks)


class Formats:
    """XlsxWriter's formats, one for each look."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def of(self, style: Look) -> Any:
        """The format of a look; what it does not say is the body's."""
        whole = {"font_name": FONT, "valign": "vcenter", **BODY, **style}
        key = tuple(sorted(whole.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(whole)
        return self._made[key]


def _columns(where: str) -> tuple[int, int]:
    first, _, last = where.partition(":")
    return ord(first) - 65, ord(last or first) - 65


def write_book(path: str, sheets: Sequence[SheetMaker], footer: str) -> None:
    """Write a template; the same design always gives the same bytes."""
    options = {"default_format_properties": RULER}
    with xlsxwriter.Workbook(path, options) as workbook:
        workbook.set_properties({"created": datetime.combine(date(2026, 1, 1), time())})
        formats = Formats(workbook)
        for sheet in sheets:
            sheet.write(workbook, formats, footer)
